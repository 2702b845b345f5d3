"""Engines behind a URL beside the same engines in this process: what the way to them costs."""
