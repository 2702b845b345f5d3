"""What is said, in which voice, and how it is pronounced."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.books.book import Paragraph
from antiphon.books.cast import NOBODY, Cast, cast_file, read_cast
from antiphon.books.errors import BookRefused
from antiphon.books.lexicon import Pronunciations, read_pronunciations
from antiphon.books.quotations import Quotations
from antiphon.books.reading.files import chosen
from antiphon.books.script import script_of

from .tales import TALE


def stretches(*paragraph: str) -> list[list[tuple[str, int | None]]]:
    marks = Quotations()
    marks.begin_paragraph()
    return [[(each.text, each.quotation) for each in marks.stretches(sentence)] for sentence in paragraph]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It rained.", [("It rained.", None)]),
        ("“Come,” he said.", [("“Come,”", 1), (" he said.", None)]),
        ("He said, “Come.”", [("He said, ", None), ("“Come.”", 1)]),
        ('"Come," he said, "now."', [('"Come,"', 1), (" he said, ", None), ('"now."', 2)]),
        ("« Viens », dit-il.", [("« Viens »", 1), (", dit-il.", None)]),
        ("„Komm“, sagte er.", [("„Komm“", 1), (", sagte er.", None)]),
        ("»Komm«, sagte er.", [("»Komm«", 1), (", sagte er.", None)]),
        ("‘Don’t,’ said Ann’s aunt.", [("‘Don’t,’", 1), (" said Ann’s aunt.", None)]),
        ("The boys’ house was Ann’s.", [("The boys’ house was Ann’s.", None)]),
        ("“Come.” — “Why?”", [("“Come.” — ", 1), ("“Why?”", 2)]),
    ],
)
def test_quotations_are_told_apart(sentence: str, expected: list[tuple[str, int | None]]):
    (found,) = stretches(sentence)
    assert [(text.strip(), quotation) for text, quotation in found] == [
        (text.strip(), quotation) for text, quotation in expected
    ]
    assert "".join(text for text, _ in found) == sentence


def test_a_quotation_goes_on_in_the_next_sentence_but_not_in_the_next_paragraph():
    assert stretches("“Come.", "Now!” He ran.") == [[("“Come.", 1)], [("Now!”", 1), (" He ran.", None)]]
    marks = Quotations()
    assert marks.stretches("“An open one.")[0].quotation == 1
    marks.begin_paragraph()
    assert marks.stretches("It rained.")[0].quotation is None


CAST = Cast(voices={"narrator": "alloy", "Ann": "onyx", "Bob": "echo"}, quotations={"2.1": "Ann", "2.2": "Bob"})


def test_without_a_cast_one_voice_says_whole_sentences():
    script = script_of(TALE, voice="alloy")
    assert [len(line.parts) for lines in script.chapters for line in lines] == [1] * 7
    assert script.voices == {"alloy"}


def test_those_of_the_cast_say_their_own_words():
    script = script_of(TALE, voice="fable", cast=CAST)
    ann, bob = script.chapters[1][1:]
    assert [(part.voice, part.text) for part in ann.parts] == [("onyx", "“Look!”"), ("alloy", "said Ann.")]
    assert [(part.voice, part.text) for part in bob.parts] == [("echo", "“The sun,”"), ("alloy", "said Bob.")]


def test_chapters_that_are_chosen_keep_their_part_of_the_cast():
    script = script_of(chosen(TALE, "2"), voice="alloy", cast=CAST)
    assert [part.voice for part in script.chapters[0][1].parts] == ["onyx", "alloy"]


def test_paragraphs_headings_and_scenes_are_followed_by_pauses():
    pauses = [line.pause_seconds for line in script_of(TALE, voice="alloy").chapters[0]]
    assert pauses == [0.8, 0.0, 1.2, 0.0]


def test_the_fingerprint_tells_narrations_apart():
    script = script_of(TALE, voice="alloy")
    assert script.fingerprint("a") == script_of(TALE, voice="alloy").fingerprint("a")
    others = [
        script_of(TALE, voice="onyx"),
        script_of(TALE, voice="alloy", speed=1.1),
        script_of(TALE, voice="alloy", cast=CAST),
        script_of(TALE, voice="alloy", pronunciations=Pronunciations({"rain": "rayn", "rained": "raynd"})),
    ]
    assert len({each.fingerprint("a") for each in (script, *others)} | {script.fingerprint("b")}) == 6


def test_a_cast_is_written_read_and_corrected(tmp_path: Path):
    path, name = tmp_path / "cast.toml", 'Ann "A" O\'Neil'
    written = cast_file({"narrator": "alloy", name: "onyx"}, [(2, 1, "“Look!”", name)])
    path.write_text(written, encoding="utf-8")
    cast = read_cast(path)
    assert cast.voice(2, 1, narrator="x") == "onyx"
    assert cast.voice(2, 2, narrator="x") == "alloy"
    assert cast.voice(2, None, narrator="x") == "alloy"
    assert NOBODY.voice(1, 1, narrator="x") == "x"
    assert "# “Look!”" in written


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[voices]\nAnn = "onyx"\n[quotations]\n"1.1" = "Bob"\n', "no voice for that name"),
        ("[voices]\nAnn = 3\n", "cannot be read"),
        ("voices", "cannot be read"),
    ],
)
def test_a_cast_that_is_wrong_is_refused(tmp_path: Path, text: str, complaint: str):
    path = tmp_path / "cast.toml"
    path.write_text(text)
    with pytest.raises(BookRefused, match=complaint):
        read_cast(path)


def test_words_are_said_as_the_lexicon_has_them(tmp_path: Path):
    path = tmp_path / "words.toml"
    path.write_text('Siobhan = "shivawn"\nlead = "led"\n"St. John" = "sinjin"\nPolish = "poe-lish"\n', encoding="utf-8")
    respelled = read_pronunciations(path).respelled
    assert respelled("Siobhan’s lead, and Lead.") == "shivawn’s led, and led."
    assert respelled("St. John leads; polish it, Polish man.") == "sinjin leads; polish it, poe-lish man."
    path.write_text("Siobhan = 3")
    with pytest.raises(BookRefused, match="not a list of pronunciations"):
        read_pronunciations(path)


def test_the_text_that_is_shown_is_not_respelled():
    script = script_of(TALE, voice="alloy", pronunciations=Pronunciations({"rained": "raynd"}))
    assert script.chapters[0][1].parts[0].text == "It raynd."
    assert script.book.chapters[0].paragraphs[1] == Paragraph(sentences=("It rained.", "It rained all day."))
