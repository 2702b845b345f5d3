"""What a server serves, free of HTTP: accounts, their deployments, the models behind them, the audio they made.

May import `store`, `identity` and `errors`. `api` imports it.
"""
