"""The two wire dialects: client events to `inputs`, `events` to server events.

`Beta` and `Ga` are `Dialect`s. What a client may send is in `*_client.py`, what it receives in `beta.py` and `ga.py`;
what the dialects share is in `client_*.py` and `server_*.py`. This imports `antiphon.realtime` and
`antiphon.parameters`.
"""
