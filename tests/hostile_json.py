"""JSON documents with one value in them replaced by what no client means to send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_MARK = "@hostile@"

HOSTILE = {
    "null": "null",
    "true": "true",
    "a whole number as a decimal": "40.0",
    "a negative number": "-1",
    "2 to the 63rd": str(2**63),
    "a number of 300 digits": "9" * 300,
    "a number of 5,000 digits": "9" * 5_000,
    "the largest float": "1.7976931348623157e308",
    "a number that is infinite": "1e400",
    "a number that is almost none": "5e-324",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "an empty string": '""',
    "a NUL": r'"\u0000"',
    "a lone high surrogate": r'"a\ud800b"',
    "a lone low surrogate": r'"\udfff"',
    "an escaped emoji": r'"\ud83d\ude00"',
    "a terminal's escape sequence": r'"\u001b[2J\r\n\u202e"',
    "a bare control character": '"\n"',
    "digits of another script": '"٣"',
    "5,000 digits in a string": f'"{"9" * 5_000}"',
    "a long string": f'"{"a" * 70_000}"',
    "an empty object": "{}",
    "an object": '{"": [], "a": {"b": null}}',
    "a key of 5,000 digits": f'{{"{"7" * 5_000}": 1}}',
    "a key with a surrogate": r'{"\ud800": 1}',
    "one key twice": '{"type": "text", "type": 5}',
    "an empty list": "[]",
    "a list of everything": '[null, true, 0, 1.5, "", [], {}]',
    "a list of objects": '[{}, {"type": "message"}, {"type": "text", "text": 5}, {"role": "user"}]',
    "300 lists in each other": "[" * 300 + "]" * 300,
    "900 objects in each other": '{"a":' * 900 + "1" + "}" * 900,
    "50,000 lists in each other": "[" * 50_000 + "]" * 50_000,
    "nothing": "",
    "a value that never ends": '{"a": [',
}
"""JSON text, or what pretends to be."""


def hostile_variants(document: Any) -> Iterator[tuple[str, str]]:
    """The document as text, with each value of it replaced by each of `HOSTILE` in turn; what was replaced, and how."""
    for path in _paths(document):
        text = json.dumps(_replaced(document, path, _MARK))
        for name, value in HOSTILE.items():
            yield f"{'.'.join(map(str, path))}: {name}", text.replace(f'"{_MARK}"', value)


def _paths(document: Any) -> Iterator[tuple[str | int, ...]]:
    yield ()
    children: Any = document.items() if isinstance(document, dict) else ()
    children = enumerate(document) if isinstance(document, list) else children
    for key, child in children:
        for path in _paths(child):
            yield (key, *path)


def _replaced(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = _replaced(document[path[0]], path[1:], value)
    return copy
