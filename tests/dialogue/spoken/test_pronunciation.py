"""What holds for the spoken form of any text in any language."""

from __future__ import annotations

import unicodedata

import pytest
from hibari.g2p import G2P
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.dialogue.spoken.pronunciation import Pronouncer

PRONOUNCER = Pronouncer()
LANGUAGES = st.sampled_from(sorted(PRONOUNCER.languages))
PIECES = (
    "1|12|2024|007|1.5|1,234|1.234,5|½|²|٣|①|Ⅷ|10:30|17.12.|12/17/2024|3rd|1er| | |-|–|/|.|,|%|°C|$|€|km/h|M|h|x|v|#|@"
    "|^|+|(|≥|>=|!=|<3|->|~|$x"
    "|\\frac{1}{2}|\\sqrt{|}|\\(|==|√|∑_|∕|n!|14:30:05|1:02:03|2024-06-02T14:30:00Z|π|x_1"
    "|GPT-4o|Dr.|St.|z. B.|XIV|Louis |siglo |FBI|am |No. |a@b.com|p.m.|Dec. |mai|x²"
)
FIGURES = st.lists(st.sampled_from(PIECES.split("|")), max_size=30).map("".join)


@given(st.one_of(FIGURES, st.text()), LANGUAGES)
@example("²1a@b.com", "de")
def test_no_digit_and_no_sign_is_left(written: str, language: str) -> None:
    said = PRONOUNCER.pronounce(written, language)

    assert not any(character.isdigit() for character in said)
    assert not any(unicodedata.category(character) in ("Sc", "Sk", "So", "Sm", "Cc", "Pc") for character in said)
    assert not set(said) & set("\\{}[]#@%&*")


@given(st.one_of(FIGURES, st.text()), LANGUAGES)
def test_what_is_said_is_bounded_by_what_is_written(written: str, language: str) -> None:
    assert len(PRONOUNCER.pronounce(written, language)) <= 60 * len(written) + 60


@given(st.lists(st.from_regex(r"[a-zà-öø-ü]{3,10}", fullmatch=True), min_size=1), LANGUAGES)
def test_plain_words_stay_as_they_are(words: list[str], language: str) -> None:
    text = " ".join(words)

    assert PRONOUNCER.pronounce(text, language) == text


@given(FIGURES, LANGUAGES)
def test_what_is_said_is_said_alike_again(written: str, language: str) -> None:
    once = PRONOUNCER.pronounce(written, language)
    twice = PRONOUNCER.pronounce(once, language)

    assert PRONOUNCER.pronounce(twice, language) == twice


@pytest.mark.parametrize("language", sorted(PRONOUNCER.languages))
@pytest.mark.parametrize(
    "text",
    ["Yes, no; well: so! Really? Yes… ", "“Oh” — “ah”", "«Oui», dit-il (bas).", "It's a well-known café, isn't it?"],
)
def test_punctuation_that_shapes_the_voice_stays(text: str, language: str) -> None:
    assert PRONOUNCER.pronounce(text, language) == text.strip()


@pytest.mark.parametrize("language", sorted(PRONOUNCER.languages))
@pytest.mark.parametrize(
    "hostile",
    [
        *[
            "(",
            "1",
            "1,234",
            "1,",
            "1.1.",
            "a@",
            "a.",
            "-1",
            "$1",
            "1/",
            "IV ",
            "aA1-",
            "²",
            "½",
            " ",
            "\u0301",
            "e.g.",
            "#",
            "$x",
            "\\frac{",
            "√(",
            "x^(",
            "x_1",
            "f(",
            "|x",
            "12:30:05 ",
            "2024-06-02T",
            "<3 ",
            "x >= ",
            "∕",
        ],
        *[
            "@a",
            "12:30",
            "Dec. 17 ",
            "am 1. ",
            "555-",
            "0 00 ",
            "v1.1",
            "www.",
            "a_",
            "1 234 ",
            "~",
            "^1",
            "<",
            "5 km/",
        ],
    ],
)
def test_hostile_text_is_said_in_bounded_size(hostile: str, language: str) -> None:
    assert len(PRONOUNCER.pronounce(hostile * 1000, language)) <= 60 * len(hostile) * 1000


@pytest.mark.parametrize("text", ["3.5 km für 20 €", "今天 10:30"])
def test_a_language_that_is_not_known_is_left_alone(text: str) -> None:
    assert PRONOUNCER.pronounce(text, "ja") == text


@pytest.fixture(scope="module")
def phonemize() -> G2P:
    return G2P(british=False)


@pytest.mark.parametrize(
    ("written", "phonemes"),
    [
        ("St. Louis", "sˈAnt lˈui"),
        ("3 St. James's St.", "θɹˈi sˈAnt ʤˈAmzᵻz stɹˈit."),
        ("GPT-4o", "ʤˌipˌitˈi fˈɔɹ ˈO"),
        ("the API", "ði ˌApˌiˈI"),
        ("NASA", "nˈæsə"),
        ("an A4 sheet", "ɐn ˈA fˈɔɹ ʃˈit"),
        ("CO2", "sˌiˈO tˈu"),
        ("at 10:30 p.m.", "æt tˈɛn θˈɜɹTi pˌiˈɛm"),
    ],
)
def test_english_reaches_the_phonemes_it_should(phonemize: G2P, written: str, phonemes: str) -> None:
    assert phonemize(PRONOUNCER.pronounce(written, "en")) == phonemes
