"""Chat completions: the request, its conversation, the choices of its reply, and what is stored of them."""
