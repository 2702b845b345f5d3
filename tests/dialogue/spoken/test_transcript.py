"""What is said of what the model wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.dialogue.spoken.transcript import TranscriptCleaner, transcript

PIECES = (
    "word|Hello| |, |. |\n|\n\n|**|*|_|~~|`|```|```py\n|# |- |1. |> |, a, b |\n|---\n|[|](|)|<b>|</b>|<br>|"
    "&amp;|$|$x = 5$|\\frac{|}|{1}{2}|\\[|==|:smile:|^2^|<sup>|😀|👨‍👩‍👧|https://example.com/a?b|\\(x\\)|2*3|snake_case"
)
MARKUP = st.lists(st.sampled_from(PIECES.split("|")), max_size=50).map("".join)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("# A title\n\nText.", "A title.\n\nText."),
        ("## What now? ##\n", "What now?"),
        (
            "This is **bold**, *italic*, ***both***, __strong__ and _soft_.",
            "This is bold, italic, both, strong and soft.",
        ),
        ("~~Gone~~ here", "Gone here"),
        ("**Bold that opens. And closes** later.", "Bold that opens. And closes later."),
        ("2 * 3 is 2*3 and snake_case stays", "2 * 3 is 2*3 and snake_case stays"),
        ("- one\n- two\n", "one.\ntwo."),
        ("* one,\n* two!\n+ three\n", "one,\ntwo!\nthree."),
        ("- [x] done\n- [ ] open\n", "done.\nopen."),
        ("1. Wash\n2. Dry\n", "1. Wash.\n2. Dry."),
        ("> a quotation", "a quotation"),
        ("One\n\n---\n\nTwo", "One\n\nTwo"),
        ("| Name | Age |\n|------|:---:|\n| Ann | 5 |\n", "Name, Age.\nAnn, 5."),
        ("See [the docs](https://example.com/a_(b)?c=d).", "See the docs."),
        ("![A cat](cat.png) sat.", "A cat sat."),
        ("[![badge](a.png)](https://example.com) here", "badge here"),
        ("As said[^1] in [the book][ref].", "As said in the book."),
        ("Visit https://www.example.com/docs/?page=2#top now.", "Visit example.com/docs now."),
        ("Visit https://user@example.com:8080/x7f.", "Visit example.com."),
        ("(see https://example.com)", "(see example.com)"),
        ("<https://example.com> works", "example.com works"),
        ("Write to info@example.com.", "Write to info@example.com."),
        ("Call `print(x)` and `__init__`.", "Call print(x) and __init__."),
        ("Here:\n```python\nprint('x. y')\n```\nDone.", "Here:\nCode.\nDone."),
        ("```\nplain words\n```\n", "plain words"),
        ("```text\nA *poem*\n```\n", "A *poem*"),
        ("<b>Bold</b> and<br>broken<!-- hidden -->", "Bold and broken"),
        ("a &amp; b, a < b, x <y", "a & b, a < b, x <y"),
        ("Hi 😀! Family 👨‍👩‍👧 here 👍🏽.", "Hi! Family here."),
        ("✅ Done 🎉", "Done"),
        ("Step 1️⃣ now", "Step 1 now"),
        ("© 2024 Acme™", "2024 Acme"),
        (r"\(x^2\) is \frac{1}{2} \times 4", "x^2 is 1/2 × 4"),
        (r"5 \* 3 \# no", "5 * 3 # no"),
        ("Bonjour ! Ça va ?", "Bonjour ! Ça va ?"),
        ("“Quoted”—yes… it's 'fine'.", "“Quoted”—yes… it's 'fine'."),
        ("Plain text, nothing else.", "Plain text, nothing else."),
        ("", ""),
        ("😀", ""),
    ],
)
def test_only_what_is_said_stays(written: str, said: str) -> None:
    assert transcript(written) == said


@pytest.mark.parametrize(
    ("language", "code"), [("en", "Code."), ("it", "Codice."), ("es", "Código."), ("pt", "Código.")]
)
def test_a_block_of_code_is_named_in_the_language(language: str, code: str) -> None:
    assert transcript("```js\nf()\n```\n", language) == code


def test_emphasis_and_code_are_followed_across_clauses() -> None:
    cleaner = TranscriptCleaner()
    clauses = ["It is **very,", " very** good.\n", "```py\n", "x = 1\n", "```\n", "Bye."]

    assert [cleaner.feed(clause) for clause in clauses] == ["It is very,", " very good.\n", "Code.\n", "", "", "Bye."]


def test_a_clause_of_which_nothing_is_said_is_empty() -> None:
    assert TranscriptCleaner().feed(" 🎉") == ""


@given(MARKUP)
def test_no_markup_or_emoji_is_left(written: str) -> None:
    outside_code = re.sub("`|~{3,}", "", written)

    assert not re.search("\\*\\*|```|</?b>|😀|👨|https://|~~", transcript(outside_code))


@given(st.text())
def test_any_text_is_taken_and_does_not_grow(written: str) -> None:
    assert len(transcript(written)) <= 2 * len(written) + 10


@given(st.lists(st.from_regex(r"[a-zà-ü]{1,10}", fullmatch=True), min_size=1))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    assert transcript(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "hostile",
    [
        "[",
        "*",
        "`",
        "<a",
        "_ ",
        "http://",
        "|",
        "\\frac{",
        "[a](",
        "> ",
        "<!--",
        " ",
        "\n- ",
        "$",
        "$x ",
        "==",
        ":a:",
        "^{",
        "<3 ",
    ],
)
def test_hostile_text_is_cleaned_in_bounded_size(hostile: str) -> None:
    assert len(transcript(hostile * 10_000)) <= 2 * len(hostile) * 10_000
