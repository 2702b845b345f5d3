"""The Realtime protocol as a state machine without I/O: session, conversation, input buffer, turns, response.

One neutral vocabulary (`inputs.py`; `events.py` and `commands.py`, which are its outputs); the beta and GA dialects in
`dialects/` translate it from and to the wire. Nothing here awaits, reads a clock or touches a socket. It imports
`antiphon.vocabulary`, `antiphon.audio`, `antiphon.parameters` and `antiphon.hardening.json_structure` alone.
"""
