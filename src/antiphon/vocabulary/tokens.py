"""How many tokens text and audio count as, where nobody has counted them yet."""

from __future__ import annotations

INPUT_TOKENS_A_SECOND = 10
OUTPUT_TOKENS_A_SECOND = 20
"""Of audio."""
TOKENS_A_TURN = 4
"""The marks at its beginning and end."""
_BYTES_A_TOKEN = 4


def estimate_text_tokens(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) // _BYTES_A_TOKEN
