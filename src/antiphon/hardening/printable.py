"""`printable`: text that a client chose, fit for the operator's terminal."""

from __future__ import annotations

import json


def printable(text: str, *, keep: str = "") -> str:
    """The text with all that does not show escaped as in JSON, but for the characters of `keep`.

    That is what moves the cursor, changes colors, ends lines or turns the direction of writing, and so could pass for
    something that the server says: controls, separators of lines, marks of direction, what is not Unicode.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else json.dumps(one)[1:-1] for one in text)
