"""Makes one reply: a conversation in; a stream of text, audio and tool calls out. Chat and realtime both use it.

May import `engines`, `audio`, `vocabulary` and `errors`.
"""
