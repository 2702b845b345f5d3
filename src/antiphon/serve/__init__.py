"""The process: its ports and connections, uvicorn as we need it, logs, starting and stopping.

May import `compose` and everything below it.
"""
