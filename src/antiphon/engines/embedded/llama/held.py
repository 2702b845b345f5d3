"""`HeldText`: the end of a streamed text that may not be sent yet, wherever pieces begin and end."""

from __future__ import annotations

from dataclasses import replace

from antiphon.engines.embedded.llama.server import Piece


class HeldText:
    """Pieces that are not certain yet, in order."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self._pieces)

    def add(self, piece: Piece) -> None:
        self._pieces.append(piece)

    def release(self, characters: int) -> list[Piece]:
        """Release the pieces that end within this many characters."""
        released: list[Piece] = []
        while self._pieces and len(self._pieces[0].text) <= characters:
            characters -= len(self._pieces[0].text)
            released.append(self._pieces.pop(0))
        return released

    def release_all(self) -> list[Piece]:
        released, self._pieces = self._pieces, []
        return released

    def cut(self, characters: int) -> list[Piece]:
        """Release exactly this many characters and drop the rest. A piece that crosses the limit is cut, with its
        token."""
        released = self.release(characters)
        rest = characters - sum(len(piece.text) for piece in released)
        if rest and self._pieces:
            released.append(_cut(self._pieces[0], rest))
        self._pieces = []
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
