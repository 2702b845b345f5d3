"""What a server serves, free of HTTP: accounts, their deployments, the models behind them, the audio they made.

May import `store`, `identity` and `errors`; its commands, `settings` as well. `api` imports it.
"""
