"""Conversations whose audio travels by itself: over WebRTC for now.

One media layer for all kinds of call: `jitter.py` puts in order what arrives and keeps its time, `playout.py` plays and
knows what was heard, and `floor.py` decides from a session's events what is played and what is cut. None of the three
reads a clock or touches a socket. Only `webrtc/` knows aiortc. The package imports `antiphon.realtime`,
`antiphon.audio` and `antiphon.parameters`.
"""
