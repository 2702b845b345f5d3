"""The process: its ports and connections, uvicorn as we need it, logs, starting and stopping.

It serves any application, so it knows nothing of `compose`. May import `api` and everything below it.
"""
