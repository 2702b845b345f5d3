"""What a person who reads aloud makes of a page."""

from __future__ import annotations

import pytest

from antiphon.books.book import ParagraphKind
from antiphon.books.reading.blocks import blocks_of
from antiphon.books.reading.markup import parse_page

from .epubs import PAGE


def said(body: str, language: str = "en") -> list[str]:
    root = parse_page(PAGE.format(body=body).encode(), "page.xhtml")
    return [block.text for block in blocks_of(root, language) if block.kind is not ParagraphKind.BREAK]


def kinds(body: str) -> list[ParagraphKind]:
    return [block.kind for block in blocks_of(parse_page(PAGE.format(body=body).encode(), "page.xhtml"))]


def test_paragraphs_and_headings_are_told_apart():
    blocks = blocks_of(parse_page(PAGE.format(body="<h2>One</h2><p>Text.</p>").encode(), "page.xhtml"))
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        (ParagraphKind.HEADING, 2, "One"),
        (ParagraphKind.TEXT, 0, "Text."),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p><span class='cap'>T</span>he\n  <i>old</i>   man.</p>", "The old man."),
        ("<p>ex&#173;tra&#8203;ordinary</p>", "extraordinary"),
        ("<p>caf&eacute;&nbsp;noir &amp; milk</p>", "café noir & milk"),
        ("<p>a<!-- not this -->b</p>", "ab"),
        ("<p>漢<ruby>字<rt>じ</rt></ruby></p>", "漢字"),
        ("<p>old <del>wrong</del>text</p>", "old text"),
        ("<p>so <math alttext='x squared'><mi>x</mi></math> it is</p>", "so x squared it is"),
        ("<p><img src='t.png' alt='T'/>here was</p>", "There was"),
    ],
)
def test_text_is_joined_as_it_is_seen(body: str, text: str):
    assert said(body) == [text]


@pytest.mark.parametrize(
    "left_out",
    [
        "<sup><a href='#n1'>1</a></sup>",
        "<a href='notes.xhtml#n1'><sup>12</sup></a>",
        "<a epub:type='noteref' href='#n1'>1</a>",
        "<a role='doc-noteref' href='#n1'>*</a>",
        "<a href='#n1'>[3]</a>",
        "<a class='fnanchor' href='#n1'>A</a>",
        "<a id='page7' epub:type='pagebreak' title='7'/>",
        "<span class='pagenum'>[Pg 7]</span>",
        "<span role='doc-pagebreak'>7</span>",
        "<script>alert()</script>",
        "<span hidden=''>secret</span>",
        "<span aria-hidden='true'>♥ x</span>",
    ],
)
def test_notes_and_page_numbers_within_a_sentence_are_not_read(left_out: str):
    assert said(f"<p>It rained{left_out} again.</p>") == ["It rained again."]


@pytest.mark.parametrize(
    "left_out",
    [
        "<aside epub:type='footnote' id='n1'><p>1. See above.</p></aside>",
        "<section role='doc-endnotes'><p>Notes</p></section>",
        "<div class='footnotes'><p>[1] See above.</p></div>",
        "<nav epub:type='toc'><ol><li>One</li></ol></nav>",
        "<section class='pg-boilerplate'><p>A licence.</p></section>",
    ],
)
def test_notes_and_lists_of_contents_are_not_read(left_out: str):
    assert said(f"<p>First.</p>{left_out}<p>Last.</p>") == ["First.", "Last."]


@pytest.mark.parametrize(
    "kept", ["<sup>2</sup>", "<a href='x.xhtml#y'>the letter</a>", "<span class='page'>a long stretch of text</span>"]
)
def test_what_only_looks_like_a_note_is_read(kept: str):
    (text,) = said(f"<p>E = mc{kept}.</p>")
    assert len(text) > len("E = mc.")


def test_a_table_is_read_row_by_row_with_its_headings():
    body = """<table><caption>Cities</caption><tr><th>City</th><th>Area</th><th>People</th></tr>
        <tr><td>Paris</td><td>105</td><td>2 million</td></tr>
        <tr><td>Lyon</td><td></td><td>0.5 million</td></tr></table>"""
    assert said(body) == ["Cities.", "Paris. Area: 105. People: 2 million.", "Lyon. People: 0.5 million."]


def test_a_table_that_arranges_a_page_is_read_as_a_page():
    assert said("<table><tr><td><p>One.</p></td><td><p>Two.</p></td></tr></table>") == ["One.", "Two."]


def test_pictures_are_told_by_their_descriptions():
    body = (
        "<p>Look.</p><figure><img src='a.jpg' alt='A map of the island'/><figcaption>The island</figcaption></figure>"
    )
    assert said(body) == ["Look.", "Picture: A map of the island.", "The island"]
    assert said(body, "de")[1] == "Bild: A map of the island."


@pytest.mark.parametrize("alt", ["", "cover", "image", "fig_01.jpg", "Illustration."])
def test_pictures_that_are_not_described_are_passed_over(alt: str):
    assert said(f"<p>Look.</p><p><img src='a.jpg' alt='{alt}'/></p>") == ["Look."]


def test_a_picture_within_a_paragraph_is_told_after_it():
    assert said("<p>The cat <img src='c.png' alt='A grinning cat'/> smiled.</p>") == [
        "The cat smiled.",
        "Picture: A grinning cat.",
    ]


@pytest.mark.parametrize("mark", ["<hr/>", "<p>* * *</p>", "<p>⁂</p>", "<div>—</div>", "<p>#</p>"])
def test_a_change_of_scene_is_a_pause(mark: str):
    assert kinds(f"<p>One.</p>{mark}<p>Two.</p>") == [ParagraphKind.TEXT, ParagraphKind.BREAK, ParagraphKind.TEXT]


def test_several_marks_in_a_row_are_one_pause_and_none_ends_a_page():
    assert kinds("<p>One.</p><hr/><p>*</p><p>Two.</p><hr/>") == [
        ParagraphKind.TEXT,
        ParagraphKind.BREAK,
        ParagraphKind.TEXT,
    ]


def test_lines_of_verse_are_kept_and_broken_lines_are_joined():
    root = parse_page(
        PAGE.format(body="<p>The fog comes<br/>On little feet.</p><p>It was<br/>late.</p>").encode(), "page.xhtml"
    )
    assert [block.lines for block in blocks_of(root)] == [("The fog comes", "On little feet."), ("It was late.",)]


def test_items_of_an_ordered_list_are_told_by_their_numbers():
    assert said("<ol><li>Wash.</li><li>Dry.<ul><li>Well.</li></ul></li><li>Iron.</li></ol>") == [
        "1. Wash.",
        "2. Dry.",
        "Well.",
        "3. Iron.",
    ]


def test_each_block_knows_the_ids_that_begin_in_it():
    root = parse_page(
        PAGE.format(body="<a id='one'/><h1>I</h1><p>Text with <i id='two'>more</i>.</p>").encode(), "p.xhtml"
    )
    assert [block.anchors for block in blocks_of(root)] == [("one",), ("two",)]


def test_a_page_that_is_not_well_formed_is_read_as_browsers_do():
    root = parse_page(b"<html><body><p>One<p>Two &unknown; <b>three</body>", "page.html")
    assert [block.text for block in blocks_of(root)] == ["One", "Two &unknown; three"]
