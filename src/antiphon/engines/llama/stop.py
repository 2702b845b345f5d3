"""`StopScanner`: cut a streamed text at its first stop sequence, wherever the pieces' borders fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from antiphon.engines.llama.server import Piece


class StopScanner:
    """Holds back only what may yet turn out to begin a stop sequence."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held: list[Piece] = []
        self.found = False
        """True once a stop sequence was met: nothing after it is wanted."""

    def push(self, piece: Piece) -> list[Piece]:
        """Take the next piece and return those that are certain now."""
        self._held.append(piece)
        text = "".join(held.text for held in self._held)
        begins = [begin for stop in self._stops if (begin := text.find(stop)) >= 0]
        if begins:
            self.found = True
            return self._release_text(min(begins))
        return self._release_pieces(len(text) - self._doubtful(text))

    def flush(self) -> list[Piece]:
        """The text has ended: return what was held back."""
        held, self._held = self._held, []
        return held

    def _doubtful(self, text: str) -> int:
        """How many of the last characters may begin a stop sequence."""
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        for length in range(min(longest, len(text)), 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stops):
                return length
        return 0

    def _release_pieces(self, characters: int) -> list[Piece]:
        released: list[Piece] = []
        while self._held and len(self._held[0].text) <= characters:
            characters -= len(self._held[0].text)
            released.append(self._held.pop(0))
        return released

    def _release_text(self, characters: int) -> list[Piece]:
        """Release just so many characters; the piece on the border is cut, its last token with it."""
        released = self._release_pieces(characters)
        rest = characters - sum(len(piece.text) for piece in released)
        if rest and self._held:
            released.append(_cut(self._held[0], rest))
        self._held = []
        return released


def _cut(piece: Piece, characters: int) -> Piece:
    tokens: list[str] = []
    kept = 0
    for token in piece.logprobs:
        tokens.append(token.token[: characters - kept])
        kept += len(tokens[-1])
    logprobs = [
        replace(token, token=text, bytes=list(text.encode()))
        for token, text in zip(piece.logprobs, tokens, strict=True)
        if text
    ]
    return Piece(text=piece.text[:characters], logprobs=logprobs)
