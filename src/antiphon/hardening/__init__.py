"""Protection against hostile input: fair turns, limits on JSON, printable text, sandboxed processes.

May import only `errors`.
"""
