"""Antiphon: a self-hosted server for talking with a model, speaking Azure OpenAI's audio interfaces."""

__version__ = "0.1.0"
