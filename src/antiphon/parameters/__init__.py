"""What is wrong with the parameters that a client sends, in OpenAI's words.

`complaints` has the words, `shapes` finds them for JSON that has not the shape it should have, and `supported` lists the values
that would do. Chat and Realtime complain alike, so this stands below both. It knows no HTTP and may import nothing but
`errors`.
"""
