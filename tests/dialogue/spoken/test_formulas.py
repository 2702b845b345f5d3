"""How LaTeX is written in one line, and what is taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.dialogue.spoken.formula_spans import is_inside_formula, plain_formulas
from antiphon.dialogue.spoken.latex import plain
from antiphon.dialogue.spoken.pronunciation import Pronouncer

PRONOUNCER = Pronouncer()
PIECES = r"\frac|\sqrt|\text|\sum|\left|\begin|\\|{|}|[|]|^|_|x|12|-|/| |\pi|\alpha|&|~|'|(|)|$"
LATEX = st.lists(st.sampled_from(PIECES.split("|")), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        (r"x = 5", "x = 5"),
        (r"\pi r^2", "π r^2"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac12", "1/2"),
        (r"\frac{a+b}{\sqrt{c}}", "(a+b)∕√c"),
        (r"\frac{\frac{a}{b}}{c}", "(a∕b)∕c"),
        (r"x^{n+1} - y_{max}", "x^(n+1) − y_(max)"),
        (r"\sqrt[3]{x+1}", "∛(x+1)"),
        (r"mc^2", "m c^2"),
        (r"\sin x + \cos(x)", "sin x + cos(x)"),
        (r"90^\circ", "90°"),
        (r"\left( \frac{a}{b} \right)", "( a∕b )"),
        (r"5 \text{ km/h}", "5 km/h"),
        (r"\{1, 2\} \cup \mathbb{N}", "{1, 2} ∪ N"),
        (r"a &= b \\ c &= d", "a = b , c = d"),
        (r"10^{-3}", "10^-3"),
    ],
)
def test_a_formula_is_written_in_one_line(formula: str, line: str) -> None:
    assert plain(formula) == line


@given(LATEX)
def test_no_command_is_left(formula: str) -> None:
    assert "\\" not in plain(formula)


@pytest.mark.parametrize("hostile", ["^", "{", r"\frac", r"\frac{", r"\sqrt", "_{", r"\left", "x^"])
def test_a_hostile_formula_is_read_in_bounded_depth(hostile: str) -> None:
    assert len(plain(hostile * 2000)) <= 4 * len(hostile) * 2000


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 or $10.",
        "It costs $5, or 5$ there.",
        "between $20,000 and $30,000",
        "5$ here and 10$ there",
        "US$5 and A$6",
        "$HOME and $PATH",
        "$HOME/$USER",
        "${HOME}:${PATH}",
        "a $5 tea and a 3$ tea",
        r"C:\times\pi",
    ],
)
def test_money_variables_and_paths_are_no_formulas(text: str) -> None:
    assert plain_formulas(text) == text


@pytest.mark.parametrize("language", sorted(PRONOUNCER.languages))
@pytest.mark.parametrize(
    "text",
    [
        "It cost a lot of cash since the tank and the logs sink.",
        "Das sind Kosten, sinnlose Tanks und Logos.",
        "Explain the minute details of the limits, the maxim and the logic.",
        "sin duda, sin embargo, sin más, con o sin ellos",
        "exposé détaillé, limonade, cosmos, tangible, logique",
    ],
)
def test_words_that_begin_like_functions_stay(text: str, language: str) -> None:
    assert PRONOUNCER.pronounce(text, language) == text


@pytest.mark.parametrize(
    ("text", "is_inside"),
    [
        ("Let $x = 5,", True),
        ("Let $x = 5$,", False),
        ("It costs $5,", False),
        ("Set $HOME,", False),
        (r"Let \(a,", True),
        (r"Let \(a\),", False),
        (r"Take \frac{a, b}{c.", True),
        (r"Take \frac{a}{b}.", False),
    ],
)
def test_an_open_formula_is_known_before_it_closes(text: str, is_inside: bool) -> None:
    assert is_inside_formula(text) is is_inside
