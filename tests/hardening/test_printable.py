"""Text that somebody else chose, on the operator's terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.hardening.printable import printable

ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)


@pytest.mark.parametrize("text", ["", "plain", "Grüße", "你好", "🙂", 'a "quoted" \\ path'])
def test_what_shows_is_left_alone(text: str):
    assert printable(text) == text


@given(ANY)
def test_everything_shows(text: str):
    assert printable(text).isprintable()


@given(ANY)
def test_json_stays_what_it_is(text: str):
    document = json.dumps({text: [text]}, indent=2, ensure_ascii=False)
    assert json.loads(printable(document, keep="\n")) == {text: [text]}
