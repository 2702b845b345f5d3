"""How figures are said that are more than plain numbers; the sentences are in `spoken/figures`.

There is a file for each kind and language. A line has what is written and, behind "=>", what a native speaker says;
a character that could not be told by sight is written as its code point.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.dialogue.clauses import ClauseSplitter
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.dialogue.spoken.transcript import transcript

PRONOUNCER = Pronouncer()
LANGUAGES = st.sampled_from(sorted(PRONOUNCER.languages))


def read_sentences() -> list[tuple[str, str, str, str]]:
    """The file, the language, what is written, what is said."""
    sentences: list[tuple[str, str, str, str]] = []
    for file in sorted((Path(__file__).parent / "figures").glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                plain = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line)
                written, said = plain.split(" => ")
                sentences.append((file.stem, file.stem.rpartition(".")[2], written, said))
    return sentences


SENTENCES = read_sentences()
GROUPS = (
    "0042|12 000|12\u00a0000|1'000|2½ hrs|1 1/2 cups|4111 1111 1111 1111|4111-1111-1111-1111|123-45-6789|₹2,50,000|"
    "DE89 3704 0044 0532 0130 00|GB29 NWBK 6016 1331 9268 19|+49 30 123456|01 23 45 67 89|(555) 123-4567|1e-5|"
    "3×10^8 m/s|90210-1234|1-800-FLOWERS|2m downloads|5 bn people|1 234 567,89|50 %|5 km|4F7K 9Q2M|123.456.789-09"
)
LEADS = "PIN |code |call |PLZ |ligue para |n° |IBAN |no. |€|₹|k |M |m |½|e-5|%| Mio. |, |. | "


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [pytest.param(*sentence, id=f"{file}: {sentence[1]}") for file, *sentence in SENTENCES],
)
def test_figures_are_said_as_a_person_would(language: str, written: str, said: str) -> None:
    assert PRONOUNCER.pronounce(transcript(written, language), language) == said


@pytest.mark.parametrize(("language", "said"), [(language, said) for _, language, _, said in SENTENCES])
def test_what_has_no_figures_left_stays_as_it_is(language: str, said: str) -> None:
    assert PRONOUNCER.pronounce(said, language) == said


PARTS = st.one_of(
    st.sampled_from(GROUPS.split("|")),
    st.from_regex(r"[0-9A-Z]{1,12}", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}([ .,'/:-][0-9]{1,4}){1,4}", fullmatch=True),
    st.sampled_from(LEADS.split("|")),
)


@given(st.lists(PARTS, max_size=12).map("".join), LANGUAGES)
def test_no_digit_and_no_sign_is_left(written: str, language: str) -> None:
    said = PRONOUNCER.pronounce(written, language)

    assert not any(character.isnumeric() for character in said)
    assert not any(unicodedata.category(character) in ("Sc", "Sk", "So", "Sm", "Cc", "Pc") for character in said)


@given(
    st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), max_size=60),
    st.sampled_from(GROUPS.split("|")),
    st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), max_size=60),
)
def test_a_clause_does_not_end_within_figures(before: list[str], group: str, after: list[str]) -> None:
    text = " ".join([*before, group, *after])
    splitter = ClauseSplitter()

    clauses = [clause for character in text for clause in splitter.feed(character)] + splitter.finish()

    assert "".join(clauses) == text
    assert any(group in clause for clause in clauses)
