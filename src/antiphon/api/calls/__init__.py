"""Calls over WebRTC: `POST …/realtime/calls`, hanging up, and the sockets of those who listen in."""
