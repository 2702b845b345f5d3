"""What is wrong with the parameters that a client sends, in OpenAI's words.

`complaints` words them, `shapes` finds them in JSON of the wrong shape, and `supported` lists the values that a
parameter may have. Chat and Realtime complain alike, so this stands below both. It knows no HTTP, and may import
nothing but `errors`.
"""
