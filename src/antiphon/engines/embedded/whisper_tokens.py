"""Whisper's tokens as text and bytes. They are pieces of UTF-8, spelled in GPT-2's 256 printable letters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tokenizers import Tokenizer

from antiphon.vocabulary.logprobs import TokenLogprob

_LEAST = 1e-10
"""The least probability that is told apart from nothing."""


def token_logprobs(
    tokenizer: Tokenizer, tokens: Sequence[int], probabilities: Sequence[float]
) -> Sequence[TokenLogprob]:
    """The tokens with their probabilities, 0 to 1, as logarithms."""
    logprobs: list[TokenLogprob] = []
    for token, probability in zip(tokens, probabilities, strict=False):
        data = _bytes_of(tokenizer.id_to_token(token) or "")
        text = data.decode("utf-8", "replace")
        logprobs.append(TokenLogprob(token=text, bytes=tuple(data), logprob=math.log(max(probability, _LEAST))))
    return logprobs


def _bytes_of(spelled: str) -> bytes:
    return bytes(_ALPHABET[letter] for letter in spelled if letter in _ALPHABET)


def _alphabet() -> Iterator[tuple[str, int]]:
    """Bytes that are printable in Latin-1 stand for themselves; the others, in order, for the letters from 256 on."""
    printable = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(256, 512))
    for byte in range(256):
        yield chr(byte if byte in printable else next(others)), byte


_ALPHABET = dict(_alphabet())
