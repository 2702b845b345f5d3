"""The `antiphon` command: `main`, and one file for each group of commands.

May import everything; nothing imports it.
"""
