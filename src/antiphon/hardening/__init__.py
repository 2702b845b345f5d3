"""Protection against hostile input: fair turns, paces, limits on JSON, printable text, sandboxed processes.

May import only `errors` and `telemetry`.
"""
