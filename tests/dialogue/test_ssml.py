"""What an SSML document says, and what is refused."""

from __future__ import annotations

import pytest

from antiphon.dialogue.errors import InvalidSsml
from antiphon.dialogue.script import Script, Silence, Words
from antiphon.dialogue.ssml import is_ssml, read_ssml

LANGUAGES = frozenset({"en", "fr"})


def read(inside: str, attributes: str = "") -> Script:
    return read_ssml(f"<speak{attributes}>{inside}</speak>", voices={"alloy", "echo"}, languages=LANGUAGES)


def said(script: Script) -> str:
    return " ".join("".join(part.text for part in script if isinstance(part, Words)).split())


def pauses(script: Script) -> list[float]:
    return [part.seconds for part in script if isinstance(part, Silence)]


def words(script: Script) -> list[Words]:
    return [part for part in script if isinstance(part, Words) and part.text.strip()]


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("<speak>Hello.</speak>", True),
        (' <?xml version="1.0"?>\n<speak xml:lang="en">', True),
        ("<!DOCTYPE speak [", True),
        ("Say <speak> aloud.", False),
        ("<speaker>", False),
        ("Hello.", False),
    ],
)
def test_a_text_that_begins_with_speak_is_ssml(text: str, is_it: bool):
    assert is_ssml(text) is is_it


def test_plain_words_are_said_as_they_stand_and_lines_are_only_spaces():
    assert said(read("Good\n   morning &amp; <![CDATA[good <night>]]>.")) == "Good morning & good <night>."


@pytest.mark.parametrize(
    ("element", "seconds"),
    [
        ("<break/>", 0.75),
        ('<break strength="none"/>', 0.0),
        ('<break strength="x-strong"/>', 1.25),
        ('<break time="500ms"/>', 0.5),
        ('<break strength="weak" time="1.5s"/>', 1.5),
    ],
)
def test_a_break_is_as_long_as_it_says(element: str, seconds: float):
    script = read(f"One{element}two")
    assert script == [Words(text="One"), Silence(seconds=seconds), Words(text="two")]


def test_paragraphs_are_further_apart_than_sentences():
    assert pauses(read("<p><s>One.</s><s>Two.</s></p><p>Three.</p>")) == [0, 0, 0, 0, 0, 0.4, 0, 0.4]


def test_what_is_substituted_is_said_instead():
    assert said(read('The <sub alias="World Wide Web Consortium">W3C</sub> says so.')) == (
        "The World Wide Web Consortium says so."
    )


@pytest.mark.parametrize(
    ("attributes", "written", "expected"),
    [
        ('interpret-as="characters"', "ab-12", "A B, 1 2"),
        ('interpret-as="digits"', "2024", "2 0 2 4"),
        ('interpret-as="telephone"', "020 79", "0 2 0, 7 9"),
        ('interpret-as="date" format="dmy"', "3/4/2024", "2024-04-03"),
        ('interpret-as="date" format="mdy"', "3/4/24", "2024-03-04"),
        ('interpret-as="date"', "3 April", "3 April"),
        ('interpret-as="cardinal"', "2024", "2024"),
    ],
)
def test_words_are_said_as_what_they_are(attributes: str, written: str, expected: str):
    assert said(read(f"<say-as {attributes}>{written}</say-as>")) == expected


def test_figures_may_be_a_place_in_an_order():
    assert words(read('<say-as interpret-as="ordinal">3</say-as>'))[0].is_ordinal


def test_sounds_and_the_word_that_has_them_go_together():
    (word,) = words(read('<phoneme alphabet="ipa" ph="təˈmɑːtəʊ">tomato</phoneme>'))
    assert (word.text, word.phonemes) == ("tomato", "təˈmɑːtəʊ")


def test_a_language_holds_for_what_is_in_it():
    script = words(read('Say <lang xml:lang="fr-FR">bonjour</lang> now.', ' xml:lang="en-US"'))
    assert [part.language for part in script] == ["en", "fr", "en"]
    assert words(read("Bonjour."))[0].language is None


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("slow", 0.7), ("80%", 0.8), ("+20%", 1.2), ("-20%", 0.8), ("1.5", 1.5), ("1%", 0.25), ("9", 4.0)],
)
def test_a_rate_holds_for_what_is_in_it(rate: str, expected: float):
    script = words(read(f'<prosody rate="{rate}" pitch="high">Quick</prosody> normal'))
    assert [part.rate for part in script] == [pytest.approx(expected), 1.0]


def test_rates_within_rates_multiply():
    assert words(read('<prosody rate="50%"><prosody rate="50%">a</prosody></prosody>'))[0].rate == 0.25


def test_a_voice_holds_for_what_is_in_it():
    assert [part.voice for part in words(read('<voice name="echo">a</voice> b'))] == ["echo", None]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("<speak>Hello", "line 1, column 13.*no element found"),
        ("<speak>\n  <p>Hello</s></speak>", "line 2, column 13.*mismatched tag"),
        ("<speak>A & B</speak>", "line 1, column 11.*not well-formed"),
        ("<speak>&nbsp;</speak>", "undefined entity"),
        ("<speak>\n<audio src='http://a/b'/></speak>", "line 2, column 1.*<audio> is not supported"),
        ("<speak><speak/></speak>", "outermost"),
        ("<speak><break time='soon'/></speak>", "500ms"),
        ("<speak><break time='21s'/></speak>", "at most 20 s"),
        ("<speak>" + "<break time='20s'/>" * 7 + "</speak>", "all together at most 120 s"),
        ("<speak><break strength='mighty'/></speak>", "x-weak, weak"),
        ("<speak><break>Hello</break></speak>", "no words"),
        ("<speak><sub>W3C</sub></speak>", "<sub> needs alias"),
        ("<speak><phoneme>a</phoneme></speak>", "<phoneme> needs ph"),
        ("<speak><phoneme alphabet='x-sampa' ph='a'>a</phoneme></speak>", "only be ipa"),
        ("<speak><say-as>1</say-as></speak>", "<say-as> needs interpret-as"),
        ("<speak><say-as interpret-as='song'>1</say-as></speak>", "it can be: address, cardinal, characters"),
        ("<speak><say-as interpret-as='date' format='xyz'>1</say-as></speak>", "format of a date"),
        ("<speak><lang>Salut</lang></speak>", "<lang> needs xml:lang"),
        ("<speak><lang xml:lang='nl-NL'>Hoi</lang></speak>", "'nl-NL'; there are: en, fr"),
        ("<speak><prosody rate='brisk'>a</prosody></speak>", "x-slow, slow"),
        ("<speak><voice name='nobody'>a</voice></speak>", "there are: alloy, echo"),
        ("<speak><sub alias='a'><p>b</p></sub></speak>", "no elements"),
        ("<speak>" + "<p>" * 40 + "</p>" * 40 + "</speak>", "nested more than 32 deep"),
        ("<speak>\ud800</speak>", "a character that is none"),
    ],
)
def test_what_is_malformed_or_cannot_be_heard_is_refused_with_its_place(document: str, told: str):
    with pytest.raises(InvalidSsml, match=told):
        read_ssml(document, voices={"alloy", "echo"}, languages=LANGUAGES)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE speak [<!ENTITY l0 "ha">{LAUGHS}]><speak>&l9;</speak>',
        '<!DOCTYPE speak [<!ENTITY file SYSTEM "file:///etc/passwd">]><speak>&file;</speak>',
        '<!DOCTYPE speak SYSTEM "http://example.org/a.dtd"><speak>a</speak>',
    ],
)
def test_documents_that_bring_entities_are_refused_before_these_are_looked_at(document: str):
    assert is_ssml(document)
    with pytest.raises(InvalidSsml, match="DOCTYPE are not accepted"):
        read_ssml(document, voices={"alloy"}, languages=LANGUAGES)
