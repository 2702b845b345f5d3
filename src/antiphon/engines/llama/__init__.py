"""A language model by llama.cpp in this process: streaming, tool calls, JSON that fits a schema."""
