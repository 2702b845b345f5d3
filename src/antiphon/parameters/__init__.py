"""What is wrong with the parameters that a client sends, in OpenAI's words.

`complaints` words the errors, `shapes` derives them from JSON of the wrong shape, and `supported` lists the values that
a parameter may have. Chat and Realtime complain alike, so this is below both. It knows no HTTP, and may import only
`errors`.
"""
