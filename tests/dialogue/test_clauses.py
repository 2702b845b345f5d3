"""Where a reply is cut into clauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.dialogue.clauses import LONGEST_CLAUSE, LONGEST_WORD, WORDS_OF_THE_OPENING, ClauseSplitter


def split(*pieces: str) -> list[str]:
    splitter = ClauseSplitter()
    clauses = [clause for piece in pieces for clause in splitter.feed(piece)]
    return clauses + splitter.finish()


WORDS = (
    "Hello|Dr.|the|and|3.|3.5|1,000|e.g.|J.|U.S.|z. B.|Oktober|am|I|«|»| | | |, |. |! |? |; |… | – |—|\n|\n\n|- |1. |# "
    "|etc.|**|`|```|[|](|)|https://example.com/a.b|\"|'|你好|。|，|」|$|$x|=|$5|\\(|\\)|\\[|\\frac{|}|{|==|<a b='"
)
PROSE = st.lists(st.sampled_from([*WORDS.split("|"), "word" * 80]), max_size=60).map("".join)


@given(st.one_of(PROSE, st.text()), st.data())
def test_clauses_rejoin_and_do_not_depend_on_how_the_text_arrives(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]

    assert "".join(split(*pieces)) == text
    assert split(*pieces) == split(text) == split(*text)


def test_a_number_is_judged_by_its_own_clause_however_the_text_arrives() -> None:
    assert split("Hello.", " 1. Then") == split("Hello. 1. Then") == ["Hello.", " 1. Then"]


@given(PROSE)
def test_no_clause_is_empty_or_overlong(text: str) -> None:
    assert all(0 < len(clause) <= LONGEST_WORD + LONGEST_CLAUSE for clause in split(text))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Sure! The capital is Paris.", ["Sure!", " The capital is Paris."]),
        ("Yes, of course, I can help.", ["Yes, of course,", " I can help."]),
        ("The answer is this: it works.", ["The answer is this:", " it works."]),
        ("In the end – that's it – we left.", ["In the end –", " that's it –", " we left."]),
        ("Well then—let us go on.", ["Well then—", "let us go on."]),
        ("I would be very happy to help you today.", ["I would be very happy", " to help you today."]),
        ("The museum opens at nine.", ["The museum opens", " at nine."]),
        ("The capital of France is Paris.", ["The capital of France", " is Paris."]),
        ("Die größte Stadt ist Berlin.", ["Die größte Stadt", " ist Berlin."]),
        ("My friend Anna and I were there.", ["My friend Anna and I were there."]),
        ("La tour Eiffel a été bâtie dans les années 1880.", ["La tour Eiffel a été bâtie", " dans les années 1880."]),
        ("We really like Simon and Garfunkel here.", ["We really like Simon and Garfunkel here."]),
        ("Paris is the capital of France and the seat of government.",
         ["Paris is the capital of France", " and the seat of government."]),
        ("Northanger Abbey describes a young woman.", ["Northanger Abbey describes", " a young woman."]),
        ("Nebuchadnezzar, who was a king, agrees.", ["Nebuchadnezzar,", " who was a king,", " agrees."]),
        ("On December 17, 2024, we met.", ["On December 17, 2024,", " we met."]),
        ("It costs about 1,000 euros, I think.", ["It costs about 1,000 euros,", " I think."]),
        ("See [the docs, please](https://example.com/a,b), now.",
         ["See [the docs, please](https://example.com/a,b),", " now."]),
        ("Use `print(a, b)` here, please.", ["Use `print(a, b)` here,", " please."]),
    ],
)  # fmt: skip
def test_the_first_clause_is_short(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Hello, world. How are you?", ["Hello, world.", " How are you?"]),
        ("One. Dr. Smith is in. Two.", ["One.", " Dr. Smith is in.", " Two."]),
        ("One. He went to St. Louis.", ["One.", " He went to St. Louis."]),
        ("One. Use e.g. this. Two.", ["One.", " Use e.g. this.", " Two."]),
        ("One. It is 3.5 km. Two.", ["One.", " It is 3.5 km.", " Two."]),
        ("One. J. K. Rowling wrote it.", ["One.", " J. K. Rowling wrote it."]),
        ("One. The U.S. Army left.", ["One.", " The U.S. Army left."]),
        ("One. So do I. Two.", ["One.", " So do I.", " Two."]),
        ("One. At 5 p.m. Then we left at 6 p.m. again.", ["One.", " At 5 p.m.", " Then we left at 6 p.m. again."]),
        ("One. At 5 p.m. EST it ends.", ["One.", " At 5 p.m. EST it ends."]),
        ("Eins. Wilhelm II. dankte ab. Zwei.", ["Eins.", " Wilhelm II. dankte ab.", " Zwei."]),
        ("Eins. Es sind 84 Mio. Einwohner.", ["Eins.", " Es sind 84 Mio. Einwohner."]),
        ("One. No. 5 is here. No. It is not.", ["One.", " No. 5 is here.", " No.", " It is not."]),
        ("One. Das ist z. B. so. Zwei.", ["One.", " Das ist z. B. so.", " Zwei."]),
        ("One. Am 3. Oktober war es. Zwei.", ["One.", " Am 3. Oktober war es.", " Zwei."]),
        ("One. It costs 3. Two.", ["One.", " It costs 3.", " Two."]),
        ("One. Il Sig. Rossi, p. es., è qui. Due.", ["One.", " Il Sig. Rossi, p. es., è qui.", " Due."]),
        ("One. M. Dupont, p. ex., est là. Deux.", ["One.", " M. Dupont, p. ex., est là.", " Deux."]),
        ("« Bonjour ! » dit-il. Puis il partit.", ["« Bonjour ! »", " dit-il.", " Puis il partit."]),
        ('One. "Stop." He stopped.', ["One.", ' "Stop."', " He stopped."]),
        ("One. (Really.) Well... yes. What?! No.", ["One.", " (Really.)", " Well...", " yes.", " What?!", " No."]),
        ("One. **Bold. Still bold.** Two.", ["One.", " **Bold.", " Still bold.**", " Two."]),
        ("One. See https://example.com/a.b?c=d. Two.", ["One.", " See https://example.com/a.b?c=d.", " Two."]),
        ("# Title\n- one\n- two\n", ["# Title\n", "- one\n", "- two\n"]),
        ("1. First. 2. Second.", ["1. First.", " 2. Second."]),
        ("Code:\n```py\na. b\n```\nDone.", ["Code:\n", "```py\n", "a. b\n", "```\n", "Done."]),
        ("今天天气很好。「是的。」他说。", ["今天天气很好。", "「是的。」", "他说。"]),
        ("你好，世界很大。", ["你好，世界很大。"]),
    ],
)
def test_later_clauses_are_sentences(text: str, clauses: list[str]) -> None:
    assert split("Well.\n" * WORDS_OF_THE_OPENING + text)[WORDS_OF_THE_OPENING:] == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "Yes. Golden retrievers are gentle, patient dogs, and they are very good with children of every age.",
            ["Yes.", " Golden retrievers are gentle,", " patient dogs, and they are very good",
             " with children of every age."],
        ),
        (
            "Golden retrievers are gentle, and, for what it is worth, they love children, water and long walks.",
            ["Golden retrievers", " are gentle, and,", " for what it is worth, they love",
             " children, water and long walks."],
        ),
    ],
)  # fmt: skip
def test_an_opening_clause_is_as_long_as_those_before_it_or_longer(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Their new app already has 2m downloads, they say.", " has 2m downloads, they say."),
        ("The whole company now has 5 bn people using it.", " has 5 bn people"),
        ("Please pay to GB29 NWBK 6016 1331 9268 19 today.", "Please pay to GB29 NWBK 6016 1331 9268 19 today."),
        ("Der Preis liegt bei 12\u00a0000 Euro.", " bei 12\u00a0000 Euro."),
        ("It takes us about 2½ hrs to get there.", " about 2½ hrs to get"),
    ],
)
def test_an_opening_clause_does_not_end_within_figures(text: str, whole: str) -> None:
    assert whole in split(text)


def test_a_clause_too_long_is_not_cut_between_figures() -> None:
    text = "One. " + "word " * 46 + "4111 1111 1111 1111 and so on."

    clauses = split(text)

    assert "".join(clauses) == text
    assert any("4111 1111 1111 1111" in clause for clause in clauses)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The solution is $x = 5, y = 6$, as we saw.", ["The solution is $x = 5, y = 6$,", " as we saw."]),
        ("Let $f(x) = x. Then$ it. More text.", ["Let $f(x) = x. Then$ it.", " More text."]),
        ("In $a, b, c$ we trust, he said.", ["In $a, b, c$ we trust,", " he said."]),
        (r"We know \(a, b\) are even, so it works.", [r"We know \(a, b\) are even,", " so it works."]),
        (r"\[ x = 5, y = 6. \] Done, really.", [r"\[ x = 5, y = 6. \] Done,", " really."]),
        (r"Take \frac{a, b}{c. d} and go, please.", [r"Take \frac{a, b}{c. d} and go,", " please."]),
        ('See <a href="x, y. z">this, please</a>, now.', ['See <a href="x, y. z">this,', " please</a>, now."]),
        ("It is 2024-06-02T14:30:05.123Z, and over.", ["It is 2024-06-02T14:30:05.123Z,", " and over."]),
        ("It began on 2024-06-02 14:30:00, then ended.", ["It began on 2024-06-02 14:30:00,", " then ended."]),
        ("Well. ==Done.== Next.", ["Well.", " ==Done.==", " Next."]),
    ],
)
def test_no_cut_falls_into_a_formula_a_moment_or_markup(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("It costs $5, and ships today.", ["It costs $5,", " and ships today."]),
        ("They cost $5, $10, and $20 each.", ["They cost $5,", " $10, and $20 each."]),
        ("Set $HOME, then go on with it.", ["Set $HOME,", " then go on with it."]),
        ("Well. Pay $5. Then leave.", ["Well.", " Pay $5.", " Then leave."]),
    ],
)
def test_money_and_variables_delay_no_cut(text: str, clauses: list[str]) -> None:
    assert split(text) == clauses


def test_a_long_sentence_is_cut_at_its_last_comma() -> None:
    sentence = "It goes on " + "and on " * 25 + "and then, " + "on and on " * 12 + "until it ends."

    clauses = split("One. " + sentence)

    assert clauses[1].endswith("and then,")
    assert all(len(clause) <= LONGEST_CLAUSE for clause in clauses)


@pytest.mark.parametrize(
    ("fed", "clauses"),
    [
        ("Hello there", []),
        ("Hello there,", []),
        ("Hello there, ", ["Hello there,"]),
        ("Hello there. ", ["Hello there."]),
        ("A title\n", ["A title\n"]),
        ("It is 3", []),
        ("It costs 3.", []),
        ("It costs 3. T", []),
        ("It costs 3. Then ", ["It costs 3."]),
        ("We met Dr. ", []),
        ("你好。", []),
        ("你好。你", ["你好。"]),
    ],
)
def test_a_clause_comes_as_soon_as_it_is_known_to_be_complete(fed: str, clauses: list[str]) -> None:
    assert ClauseSplitter().feed(fed) == clauses


@pytest.mark.parametrize(
    "hostile", ["(", "1", "[`", "a. ", "« ! ", "3. ", "`", "a", "$", "$x, ", "\\(", "\\frac{a, ", "<a b='", "== "]
)
def test_hostile_text_is_cut_into_bounded_clauses(hostile: str) -> None:
    text = hostile * 10_000

    clauses = split(text)

    assert "".join(clauses) == text
    assert max(map(len, clauses)) <= LONGEST_WORD + LONGEST_CLAUSE
