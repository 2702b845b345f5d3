"""The wire's two dialects: client events to `inputs`, `events` to server events.

`Beta` and `Ga` are `Dialect`s. What a client may send is in `*_client.py`, what it is told in `beta.py` and `ga.py`;
what both dialects say alike is in `client_*.py` and `server_*.py`. This imports `antiphon.realtime` and
`antiphon.parameters`.
"""
