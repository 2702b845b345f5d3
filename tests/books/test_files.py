"""Files of every format become books."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.books.book import Book, ParagraphKind
from antiphon.books.errors import BookRefused, UnreadableBook
from antiphon.books.reading.files import chosen, read_book

from .epubs import epub, png


def told(book: Book) -> list[tuple[str, list[str]]]:
    return [(chapter.title, list(chapter.sentences)) for chapter in book.chapters]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_an_epub_has_the_chapters_of_its_table_of_contents(tmp_path: Path):
    book = read_book(
        epub(
            tmp_path,
            {
                "title.xhtml": "<p>A Tale, by Jane Doe.</p>",
                "one.xhtml": "<h1 id='c1'>One</h1><p>It rained.</p><h1 id='c2'>Two</h1><p>It stopped.</p>",
                "three.xhtml": "<p>The sun came out. All was well.</p>",
            },
            contents='<li><a href="one.xhtml#c1">I. Rain</a></li><li><a href="one.xhtml#c2">II. No rain</a></li>'
            '<li><a href="three.xhtml">III. Sun</a></li>',
            language="en-GB",
            cover=png(),
        )
    )
    assert (book.title, book.author, book.language) == ("A Tale", "Jane Doe", "en")
    assert told(book) == [
        ("A Tale", ["A Tale, by Jane Doe."]),
        ("I. Rain", ["One", "It rained."]),
        ("II. No rain", ["Two", "It stopped."]),
        ("III. Sun", ["The sun came out.", "All was well."]),
    ]
    assert book.cover is not None
    assert book.cover.data == png()


def test_an_epub_without_contents_has_a_chapter_for_each_page_with_a_heading(tmp_path: Path):
    book = read_book(epub(tmp_path, {"a.xhtml": "<h1>One</h1><p>It rained.</p>", "b.xhtml": "<p>And on.</p>"}))
    assert told(book) == [("One", ["One", "It rained.", "And on."])]


def test_an_epub_2_has_the_chapters_of_its_ncx(tmp_path: Path):
    ncx = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>First</text></navLabel>
        <content src="a%20b.xhtml"/></navPoint></navMap></ncx>"""
    package = """<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Old</dc:title><dc:language>fr</dc:language></metadata>
        <manifest><item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>
        <item id="c" href="toc.xhtml" media-type="application/xhtml+xml"/>
        <item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
        <spine toc="n"><itemref idref="c"/><itemref idref="a"/></spine>
        <guide><reference type="toc" href="toc.xhtml"/></guide></package>"""
    pages = {"a b.xhtml": "<p>Il pleut.</p>", "toc.xhtml": "<p>Contents: First</p>"}
    book = read_book(epub(tmp_path, pages, parts={"OEBPS/book.opf": package, "OEBPS/toc.ncx": ncx}))
    assert (book.title, book.language, told(book)) == ("Old", "fr", [("First", ["Il pleut."])])


def test_markdown_has_a_chapter_for_each_heading(tmp_path: Path):
    path = written(
        tmp_path,
        "tale.md",
        "---\ntitle: A Tale\nauthor: Jane Doe\nlanguage: it\n---\n# Uno\n\nPiove. **Molto** piove.\n\n"
        "***\n\nOra no.\n\n"
        "# Due\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    )
    book = read_book(path)
    assert (book.title, book.author, book.language) == ("A Tale", "Jane Doe", "it")
    assert told(book) == [("Uno", ["Uno", "Piove.", "Molto piove.", "Ora no."]), ("Due", ["Due", "1. b: 2."])]
    assert [paragraph.kind for paragraph in book.chapters[0].paragraphs][2] is ParagraphKind.BREAK


def test_a_single_title_over_several_chapters_is_an_opening_of_its_own(tmp_path: Path):
    book = read_book(written(tmp_path, "tale.md", "# A Tale\n\nFor you.\n\n## One\n\nRain.\n\n## Two\n\nSun.\n"))
    assert [chapter.title for chapter in book.chapters] == ["A Tale", "One", "Two"]


def test_html_tells_its_title_language_and_author(tmp_path: Path):
    head = '<title>Regen</title><meta name="author" content="J. D.">'
    page = f'<html lang="de-AT"><head>{head}</head><body><h1>Eins</h1><p>Es regnet.'
    book = read_book(written(tmp_path, "regen.html", page))
    assert (book.title, book.author, book.language) == ("Regen", "J. D.", "de")
    assert told(book) == [("Eins", ["Eins", "Es regnet."])]


def test_text_has_the_chapters_whose_headings_it_shows(tmp_path: Path):
    text = (
        "Title: The Rain\nAuthor: Jane Doe\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE RAIN ***\n\n"
        "CONTENTS\n\nCHAPTER I. Rain\nCHAPTER II. Sun\nCHAPTER III. Snow\nCHAPTER IV. Wind\n\n"
        "CHAPTER I.\nRain\n\nIt had been raining for as long as anybody there could remember,[1]\n"
        "and nobody _minded_ it any more than they minded the price of salt.\n\n    12\n\n* * *\n\nThen it stopped.\n\n"
        "CHAPTER II.\nSun\n\nThe sun came out over the hills, and the people who lived there came out\n"
        "to look at it.\n\n"
        "*** END OF THE PROJECT GUTENBERG EBOOK THE RAIN ***\n\nA licence.\n"
    )
    book = read_book(written(tmp_path, "rain.txt", text))
    assert (book.title, book.author) == ("The Rain", "Jane Doe")
    assert told(book) == [
        (
            "CHAPTER I. Rain",
            [
                "CHAPTER I.",
                "Rain",
                "It had been raining for as long as anybody there could remember, and nobody minded it any more than "
                "they minded the price of salt.",
                "Then it stopped.",
            ],
        ),
        (
            "CHAPTER II. Sun",
            [
                "CHAPTER II.",
                "Sun",
                "The sun came out over the hills, and the people who lived there came out to look at it.",
            ],
        ),
    ]


def test_text_in_the_western_encoding_is_read(tmp_path: Path):
    book = read_book(written(tmp_path, "cafe.txt", "Un café – s'il vous plaît.".encode("cp1252")))
    assert told(book) == [("cafe", ["Un café – s'il vous plaît."])]


def test_what_follows_a_quotation_stays_with_it(tmp_path: Path):
    text = "“Come!” said Holmes. “The game is afoot. Not a word!” He ran."
    assert told(read_book(written(tmp_path, "x.txt", text)))[0][1] == [
        "“Come!” said Holmes.",
        "“The game is afoot.",
        "Not a word!”",
        "He ran.",
    ]


@pytest.mark.parametrize(
    ("choice", "titles"), [("1", "A"), ("2-3", "BC"), ("1,3-", "ACD"), ("-2", "AB"), ("4, 1", "AD")]
)
def test_chapters_are_chosen_by_their_numbers(tmp_path: Path, choice: str, titles: str):
    book = read_book(written(tmp_path, "x.md", "".join(f"# {each}\n\nText.\n\n" for each in "ABCD")))
    assert "".join(chapter.title for chapter in chosen(book, choice).chapters) == titles


@pytest.mark.parametrize("choice", ["0", "5", "3-2", "a", "", "1,,2", "-", "1-9"])
def test_chapters_that_are_not_there_are_refused(tmp_path: Path, choice: str):
    book = read_book(written(tmp_path, "x.md", "".join(f"# {each}\n\nText.\n\n" for each in "ABCD")))
    with pytest.raises(BookRefused, match="chapter"):
        chosen(book, choice)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("x.pdf", "%PDF", "EPUB, HTML, Markdown or text"),
        ("x.epub", "not a zip", "damaged, or not a ZIP"),
        ("x.txt", "\n\n * * * \n\n", "no text to read aloud"),
    ],
)
def test_what_is_no_book_is_refused(tmp_path: Path, name: str, text: str, complaint: str):
    with pytest.raises(UnreadableBook, match=complaint):
        read_book(written(tmp_path, name, text))
