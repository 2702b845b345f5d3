"""Engines that run in the server's process, each behind worker threads of its own.

May import `engines.interfaces`, `audio` and `models`; `engines/kinds.py` imports its kinds by name.
"""
