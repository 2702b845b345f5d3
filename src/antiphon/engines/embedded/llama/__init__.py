"""A language model run by llama.cpp in this process: streaming, tool calls, JSON that fits a schema."""
