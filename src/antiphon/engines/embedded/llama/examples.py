"""Example messages that need no tool, and `CopyScanner`, which finds what a model copies from them before it is sent.

The examples help a small model distinguish what needs a tool. But it also copies them into arguments and answers,
especially if the user has said little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from antiphon.engines.embedded.llama.chat import ChatMessage
from antiphon.engines.embedded.llama.held import HeldText
from antiphon.engines.embedded.llama.server import Piece

EXAMPLES = (
    ("Why is the sky blue?", "Because air scatters blue light the most."),
    ("Hello, how are you?", "Fine, thank you!"),
)
"""Messages that need no tool, and their answers.

Without the first kind, small models call a tool for anything; without the second, they answer "none".
"""
WORDS_IN_RUN = 3
"""This many consecutive words of an example are a copy."""
_TELLING = frozenset({"sky", "blue", "air", "scatters", "light"})
"""Single words of the examples that count as a copy when they occur in arguments."""

Run: TypeAlias = tuple[str, ...]

_WORD = re.compile(r"\\[bfnrt]|([^\W_]+)")
"""A word, or JSON's escapes for whitespace."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What counts as a copy if the model may only quote `conversation`."""

    in_words: frozenset[Run]
    in_arguments: frozenset[Run]
    """Arguments cost little to write again, so shorter matches count as a copy."""


def copies_in(conversation: Iterable[ChatMessage]) -> Copies:
    """What counts as a copy in a reply to `conversation`, which contains no examples. What the conversation itself says
    may be quoted, as may all of an example whose message it contains."""
    texts = [message["content"] for message in conversation]
    said = {run for text in texts for run in _runs(text)}
    examples = [example for example in EXAMPLES if not said.issuperset(_runs(example[0]))]
    runs = {run for example in examples for text in example for run in _runs(text)} - said
    words = {(word,) for example in examples for text in example for word in _words(text) if word in _TELLING}
    said_words = {(word,) for text in texts for word in _words(text)}
    return Copies(in_words=frozenset(runs), in_arguments=frozenset(runs | (words - said_words)))


class CopyScanner:
    """Holds back only text that may still turn out to be one of `runs`."""

    def __init__(self, runs: frozenset[Run]) -> None:
        self._runs = runs
        self._held = HeldText()
        self._before = ""
        """The last two characters released."""
        self.has_released = False
        """Whether anything but whitespace was released."""
        self.found = False
        """True once a copy was found: nothing from there on may be released."""

    def push(self, piece: Piece) -> list[Piece]:
        """Take the next piece; return the pieces that are certain by now."""
        self._held.add(piece)
        text = self._held.text
        words = [*self._held_words(text)]
        # The last word may continue.
        begun = words.pop() if words and text[-1].isalnum() else None
        for start, ahead in _tails(words, begun):
            if any(ahead[: len(run)] == run for run in self._runs):
                self.found = True
                return []
            rest = begun[1] if begun else ""
            if any(run[: len(ahead)] == ahead and run[len(ahead)].startswith(rest) for run in self._runs):
                return self._note(self._held.release(start))
        return self._note(self._held.release_all())

    def flush(self) -> list[Piece]:
        """The text has ended: return what was held back, unless it is a copy."""
        tails = _tails([*self._held_words(self._held.text)], None)
        self.found = self.found or any(ahead[: len(run)] == run for _, ahead in tails for run in self._runs)
        return [] if self.found else self._note(self._held.release_all())

    def _held_words(self, text: str) -> Iterator[tuple[int, str]]:
        """Each word and where it begins, except the end of a word whose beginning was released."""
        for word in _WORD.finditer(self._before + text):
            if word[1] and (start := word.start() - len(self._before)) >= 0:
                yield start, word[1].casefold()

    def _note(self, pieces: list[Piece]) -> list[Piece]:
        text = "".join(piece.text for piece in pieces)
        self._before = (self._before + text)[-2:]
        self.has_released = self.has_released or bool(text.strip())
        return pieces


def _words(text: str) -> list[str]:
    return [word[1].casefold() for word in _WORD.finditer(text) if word[1]]


def _runs(text: str) -> Iterator[Run]:
    words = _words(text)
    for index in range(len(words) - WORDS_IN_RUN + 1):
        yield tuple(words[index : index + WORDS_IN_RUN])


def _tails(words: Sequence[tuple[int, str]], begun: tuple[int, str] | None) -> Iterator[tuple[int, Run]]:
    """For each word, where it begins and the whole words from there on."""
    for index, (start, _) in enumerate(words):
        yield start, tuple(word for _, word in words[index:])
    if begun is not None:
        yield begun[0], ()
