"""Forms (multipart/form-data, RFC 7578): read from a body that is in memory, without copying the file in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from antiphon.parameters.complaints import invalid_type
from antiphon.parameters.errors import InvalidRequest

MOST_PARTS = 64
_LONGEST_HEADERS = 4096
_BOUNDARY = re.compile(r"[ -~]{1,200}")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field, or an uploaded file."""

    name: str
    file_name: str | None
    """None for a field."""
    data: memoryview
    """A part of the body."""


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a form, in the order they were sent."""

    parts: Sequence[Part]

    @property
    def names(self) -> Sequence[str]:
        """The names of all parts, each once."""
        return list(dict.fromkeys(part.name for part in self.parts))

    def file(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    def texts(self, name: str) -> list[str]:
        """Every value of a field. Raises `InvalidRequest` for one that is not text."""
        return [_text(part) for part in self.parts if part.name == name]

    def text(self, name: str) -> str | None:
        """The last value of a field; None if it is absent. Raises `InvalidRequest`."""
        values = self.texts(name)
        return values[-1] if values else None

    def number(self, name: str) -> float | None:
        """Raises `InvalidRequest` for anything but a decimal number."""
        text = self.text(name)
        if text is None or not text.strip():
            return None
        if not _NUMBER.fullmatch(text.strip()):
            raise invalid_type(name, "expected a decimal number, but got a string instead")
        return float(text)

    def flag(self, name: str) -> bool | None:
        """Raises `InvalidRequest` for anything but true and false."""
        text = self.text(name)
        if text is None or not text.strip():
            return None
        lowered = text.strip().lower()
        if lowered not in {"true", "false", "1", "0"}:
            raise invalid_type(name, "expected a boolean, but got a string instead")
        return lowered in {"true", "1"}


def is_form(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


def read_form(body: bytearray, content_type: str) -> Form:
    """The form in `body`. Raises `InvalidRequest` if it is not one."""
    boundary = _boundary(content_type)
    if boundary is None:
        raise InvalidRequest(
            "The request's body is not a form: its Content-Type must be multipart/form-data, with the boundary that "
            "separates the parts."
        )
    return Form(list(_parts(body, boundary.encode("ascii"))))


def _boundary(content_type: str) -> str | None:
    if not is_form(content_type):
        return None
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    return boundary if isinstance(boundary, str) and _BOUNDARY.fullmatch(boundary) else None


def _parts(body: bytearray, boundary: bytes) -> Iterator[Part]:
    view = memoryview(body)
    delimiter = b"\r\n--" + boundary
    at = 0 if body.startswith(delimiter[2:]) else body.find(delimiter) + 2
    if at == 1:
        raise _broken("the boundary of its Content-Type does not occur")
    at += len(delimiter) - 2
    count = 0
    while not body.startswith(b"--", at):
        line_end = body.find(b"\r\n", at, at + _LONGEST_HEADERS)
        if line_end < 0 or body[at:line_end].strip(b" \t"):
            raise _broken("a boundary is not followed by a line's end")
        headers_end = body.find(b"\r\n\r\n", line_end, line_end + _LONGEST_HEADERS)
        end = body.find(delimiter, headers_end)
        if headers_end < 0 or end < 0:
            raise _broken("it ends in the middle of a part")
        count += 1
        if count > MOST_PARTS:
            raise _broken(f"it has more than {MOST_PARTS} parts")
        name, file_name = _disposition(bytes(body[line_end + 2 : headers_end]))
        yield Part(name=name, file_name=file_name, data=view[min(headers_end + 4, end) : end])
        at = end + len(delimiter)


def _disposition(headers: bytes) -> tuple[str, str | None]:
    """The part's name, and its file's."""
    message = HeaderParser().parsestr(headers.decode("utf-8", "replace"))
    name = message.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise _broken("a part has no name")
    return name, message.get_filename()


def _text(part: Part) -> str:
    try:
        return str(part.data, "utf-8")
    except UnicodeDecodeError:
        raise invalid_type(part.name[:64], "expected a string in UTF-8, but got other bytes instead") from None


def _broken(why: str) -> InvalidRequest:
    return InvalidRequest(f"The request's form (multipart/form-data) cannot be read: {why}.")
