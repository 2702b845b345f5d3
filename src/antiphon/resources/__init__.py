"""What a server serves, free of HTTP: accounts, their deployments and limits, the models behind them, the
audio they made, what was asked and answered.

May import `store`, `identity` and `errors`; its commands, `settings` as well. `api` imports it.
"""
