"""What is wrong with the parameters that a client sends, in OpenAI's words.

Chat and Realtime complain about parameters alike, so this stands below both. It knows no HTTP and imports nothing but
`antiphon.errors`.
"""
