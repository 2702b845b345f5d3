"""`StopScanner`: cuts a streamed text at its first stop sequence, wherever pieces begin and end."""

from __future__ import annotations

from collections.abc import Sequence

from antiphon.engines.embedded.llama.held import HeldText
from antiphon.engines.embedded.llama.server import Piece


class StopScanner:
    """Holds back only text that may be the start of a stop sequence."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = HeldText()
        self.found = False
        """True once a stop sequence was found: nothing after it is wanted."""

    def push(self, piece: Piece) -> list[Piece]:
        """Take the next piece; return the pieces that are certain by now."""
        self._held.add(piece)
        text = self._held.text
        begins = [begin for stop in self._stops if (begin := text.find(stop)) >= 0]
        if begins:
            self.found = True
            return self._held.cut(min(begins))
        return self._held.release(len(text) - self._doubtful(text))

    def flush(self) -> list[Piece]:
        """The text has ended: return what was held back."""
        return self._held.release_all()

    def _doubtful(self, text: str) -> int:
        """How many of the last characters may begin a stop sequence."""
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        for length in range(min(longest, len(text)), 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stops):
                return length
        return 0
