"""The Realtime protocol as a state machine without I/O: session, conversation, input buffer, turns, response.

Its vocabulary is neutral (`inputs.py` for inputs; `events.py` and `commands.py` for outputs); the beta and GA dialects
in `dialects/` translate it to and from the wire. Nothing here awaits, reads a clock or touches a socket. It imports
only `antiphon.vocabulary`, `antiphon.audio`, `antiphon.parameters` and `antiphon.hardening.json_structure`.
"""
