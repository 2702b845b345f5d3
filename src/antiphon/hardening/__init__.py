"""What keeps input from strangers from doing harm: fair turns, limits on JSON, printable text, sandboxed processes.

May import nothing but `errors`.
"""
