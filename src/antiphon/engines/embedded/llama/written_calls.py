"""`WrittenCallScanner`: finds a tool call that a model writes into its reply, before any of it is sent.

Small models write calls in every syntax that they were trained on: JSON, bare, fenced, in an array or in tags, or the
syntax of a programming language. All of them contain the name of a tool in an object or a tag, or before a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from antiphon.engines.embedded.llama.held import HeldText
from antiphon.engines.embedded.llama.server import Piece

LONGEST_DOUBT = 400
"""In characters. An object that has not named a tool by then is not a call."""

_TAGS = ("tool_call", "tool_response", "function")
_NAMESPACES = ("", "functions.", "function.", "tools.", "tool.", "default_api.")
_LABELS = ("action", "call", "calling", "function", "function call", "tool", "tool call", "tool_call", "tool_calls")
"""What may precede a call at the start of a reply."""
_NAME_KEYS = "name|function|function_name|tool|tool_name|action|recipient_name|method|call"
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "params", "input", "action input", "with arguments")
_FENCE = re.compile(r"`{3}[a-z_]*\s*|`{1,2}$|`(?!`)")
_LABEL = re.compile(rf"(?:{'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*:?[\s*`]*", re.IGNORECASE)
_WORD = re.compile(r"[\w.-]*\w")


@dataclass(frozen=True, slots=True)
class _Call:
    name: str | None
    """None if unknown."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Undecided until more text arrives."""


_Verdict = _Call | _Doubt | None


class WrittenCallScanner:
    """Holds back only text that may still turn out to be a call of one of `names`."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._words = [namespace + name for namespace in _NAMESPACES for name in self._names]
        quoted = f"[\"'](?:[a-z_]+\\.)?(?P<name>{'|'.join(map(re.escape, self._names))})[\"']"
        self._objects = (
            re.compile(rf"[\"'](?:{_NAME_KEYS})[\"']\s*:\s*{quoted}"),
            re.compile(rf"[{{,]\s*{quoted}\s*:\s*[{{\[]"),
        )
        self._cut_object = re.compile(rf"[\"'](?:{_NAME_KEYS})[\"']\s*:\s*[\"'](?P<begun>[\w.-]+)$")
        self._held = HeldText()
        self._before = ""
        """The last character released."""
        self.has_released = False
        """Whether anything but whitespace was released."""
        self.found = False
        """True once a call was found: nothing from there on may be released."""
        self.name: str | None = None
        """The tool that it calls, if known."""

    def push(self, piece: Piece) -> list[Piece]:
        """Take the next piece; return the pieces that are certain by now."""
        self._held.add(piece)
        text = self._held.text
        for start in self._starts(text):
            match self._judge(text[start:], opens=not self.has_released and not text[:start].strip()):
                case _Call(name=name):
                    return self._find(name, start)
                case _Doubt():
                    return self._note(self._held.release(start))
                case None:
                    continue
        return self._note(self._held.release_all())

    def flush(self) -> list[Piece]:
        """The text has ended: return what was held back, unless it is an incomplete call or a tool's name."""
        text = self._held.text
        if not self.has_released and (name := text.strip(" \n`*\"'.!()[]")) in self._names:
            return self._find(name, 0)
        if (cut := self._cut_object.search(text)) and self._begins_name(cut["begun"]):
            return self._find(None, 0)
        return self._note(self._held.release_all())

    def _find(self, name: str | None, start: int) -> list[Piece]:
        self.found, self.name = True, name
        return self._note(self._held.cut(start))

    def _note(self, pieces: list[Piece]) -> list[Piece]:
        text = "".join(piece.text for piece in pieces)
        self._before = text[-1:] or self._before
        self.has_released = self.has_released or bool(text.strip())
        return pieces

    def _starts(self, text: str) -> Iterator[int]:
        """Where a call may begin: at a bracket, a fence, or the first letter of a word."""
        before = self._before
        for index, character in enumerate(text):
            begins_word = character.isalnum() and not (before.isalnum() or before in ("_", ".", "-"))
            if character in "`<[{" or begins_word:
                yield index
            before = character

    # --- what a text that starts here is -----------------------------------------------------------------------------

    def _judge(self, text: str, *, opens: bool = False) -> _Verdict:
        match text[0]:
            case "`":
                return self._after(_FENCE.match(text), text)
            case "<":
                return self._tag(text)
            case "[":
                return self._after(re.match(r"\[\s*", text), text)
            case "{":
                return self._object(text)
            case _:
                return self._word(text) or (self._label(text) if opens else None)

    def _after(self, opening: re.Match[str] | None, text: str) -> _Verdict:
        """What follows an opening."""
        if opening is None:
            return None
        rest = text[opening.end() :]
        return self._judge(rest) if rest else _Doubt()

    def _tag(self, text: str) -> _Verdict:
        inner = re.sub(r"^</?[\s|]*", "", text)
        tags = (*_TAGS, *self._names)
        if tag := next((tag for tag in tags if inner.startswith(tag)), None):
            return _Call(tag if tag in self._names else None)
        return _Doubt() if any(tag.startswith(inner) for tag in tags) else None

    def _object(self, text: str) -> _Verdict:
        end = _end_of_object(text)
        inside = text[:end]
        for pattern in self._objects:
            if found := pattern.search(inside):
                return _Call(found["name"])
        return _Doubt() if end is None and len(text) < LONGEST_DOUBT else None

    def _word(self, text: str) -> _Verdict:
        """A tool's name and what it is called with."""
        found = _WORD.match(text)
        if found is None:
            return None
        word, after = found.group(), text[found.end() :]
        if not after.strip("."):
            return _Doubt() if self._begins_name(word + after) or word in self._words else None
        if word not in self._words:
            return None
        name = word if word in self._names else word.partition(".")[2]
        if after[0] == "(":
            return _Call(name)
        arguments = after.lstrip(" \n`*\"':").lower()
        if arguments.startswith("{") or re.match(rf"(?:{'|'.join(_ARGUMENT_KEYS)})\s*[:=]", arguments):
            return _Call(name)
        may_go_on = any(key.startswith(arguments.rstrip(" :=")) for key in _ARGUMENT_KEYS)
        return _Doubt() if may_go_on or not arguments.strip(" \n`*\"'.!)]") else None

    def _label(self, text: str) -> _Verdict:
        if any(label.startswith(text.lower()) for label in _LABELS):
            return _Doubt()
        label = _LABEL.match(text)
        if label is None:
            return None
        rest = text[label.end() :]
        if not rest:
            return _Doubt()
        if rest[0] in "`<[{":
            return self._judge(rest)
        word = found.group() if (found := _WORD.match(rest)) else ""
        if word == rest:
            return _Doubt() if self._begins_name(word) else None
        return _Call(word) if word in self._names else None

    def _begins_name(self, text: str) -> bool:
        return any(word.startswith(text) for word in self._words)


def _end_of_object(text: str) -> int | None:
    """Where the object at the start of `text` ends; None if it does not end."""
    depth = 0
    quote = ""
    escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif quote:
            escaped = character == "\\"
            quote = "" if character == quote else quote
        elif character == '"':
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return index + 1
    return None
