"""The Realtime API over a WebSocket: who may open one, and the asyncio shell around `antiphon.realtime`'s session.

`endpoint` lets a client in; `connection` moves inputs and outputs; `engine_tasks` runs what the session commands.
"""
