"""One reply: a conversation in; a stream of text, audio and tool calls out. Chat and realtime use it alike.

May import `engines`, `audio`, `vocabulary` and `errors`.
"""
