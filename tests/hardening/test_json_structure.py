"""How much work JSON is, told before it is parsed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.hardening import json_structure
from antiphon.hardening.json_structure import MAX_STRUCTURE_BYTES, JsonStructure, has_too_much_structure

MEGABYTE = 1024 * 1024
TEXT = st.text(alphabet=st.sampled_from('ab"\\/\n\t{}[],: é\u2028🙂'), max_size=12)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)


def structure_of(text: bytes, *, piece: int) -> int:
    counting = JsonStructure()
    for start in range(0, len(text), piece):
        counting.add(text[start : start + piece])
    return counting._bytes


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.booleans(), st.sampled_from([None, 2]), st.integers(1, 20))
def test_all_but_strings_and_white_space_is_counted_wherever_the_text_is_cut(
    value: Any, ascii_only: bool, indent: int | None, piece: int
):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    beside_strings = re.sub(r'"(?:[^"\\]|\\.)*"|\s', "", text, flags=re.DOTALL)
    assert structure_of(text.encode(), piece=piece) == len(beside_strings.encode())


LONG = {
    "base64": b'"%b"' % (b"QUJD" * (7 * MEGABYTE)),
    "prose with commas and quotes": b'"%b"'
    % (rb"He said, \"no, [sic] {never}\", and left. " * MEGABYTE)[: 16 * MEGABYTE],
    "some escaped letters": b'"%b"' % (rb"\u00e9" * 1_000_000),
    "JSON inside of a string": json.dumps(json.dumps([{"a": [1, 2, {}]}] * 100_000)).encode(),
    "white space": b"[" + b" \n" * (14 * MEGABYTE) + b"]",
    "a vocabulary": json.dumps({"logit_bias": {str(token): -100 for token in range(40_000)}}, indent=2).encode(),
}
WIDE = {
    "empty objects": b"[" + b"{}," * (9 * MEGABYTE),
    "empty lists": b"[" + b"[]," * (9 * MEGABYTE),
    "figures": b"[" + b"0," * (14 * MEGABYTE),
    "floats": b"[" + b"1.2345678901234567e-300," * MEGABYTE,
    "empty strings": b"[" + b'"",' * (9 * MEGABYTE),
    "keys": b"{" + b",".join(b'"%d":0' % number for number in range(2_000_000)),
    "objects with a key": b"[" + b'{"a":{}},' * (3 * MEGABYTE),
    "literals": b"[" + b"null," * (5 * MEGABYTE),
    "levels": b"[" * (28 * MEGABYTE),
    "behind a long string": b'["%b",' % (b"x" * 20 * MEGABYTE) + b"{}," * MEGABYTE,
    "escaped letters": b'"%b"' % (rb"\u00e9" * (4 * MEGABYTE)),
    "backslashes": b'"%b"' % (rb"\\" * (14 * MEGABYTE)),
    "behind escaped quotes": rb'["\\\"\\",' + b"{}," * MEGABYTE,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long_strings_are_not_too_much(text: bytes):
    assert not has_too_much_structure(text)


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE.keys())
def test_many_values_or_escaped_letters_are_too_much(text: bytes):
    assert has_too_much_structure(text)


def test_what_is_small_is_not_even_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(json_structure, "JsonStructure")
    assert not has_too_much_structure(b"," * MAX_STRUCTURE_BYTES)
