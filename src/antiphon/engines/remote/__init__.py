"""Engines behind a URL: servers that speak OpenAI's wire format, reached over HTTP.

May import `engines.interfaces` and `audio`; `engines/kinds.py` imports its contents by name.
"""
