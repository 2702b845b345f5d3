"""The process: its ports and connections, adapted uvicorn classes, logs, starting and stopping.

It serves any application, so it does not know `compose`. May import `api` and everything below it.
"""
