"""`printable`: makes a client's text safe for the operator's terminal."""

from __future__ import annotations

import json


def printable(text: str, *, keep: str = "") -> str:
    """The text with everything invisible escaped as in JSON, except for the characters in `keep`.

    Invisible characters can move the cursor, change colours, end lines or reverse the writing direction, and so imitate
    the server's own output: control characters, line separators, direction marks, invalid Unicode.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else json.dumps(one)[1:-1] for one in text)
