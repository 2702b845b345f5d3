"""The domain, free of HTTP: accounts, their deployments and limits, the models behind them, the audio they made,
and records of requests and replies.

May import `store`, `identity`, `settings` and `errors`. `api` imports it.
"""
