"""Plain text: paragraphs between empty lines, and lines that look like a chapter's heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from antiphon.books.book import Book, ParagraphKind
from antiphon.books.reading.blocks import Block
from antiphon.books.reading.chapters import chapters_by_headings, without_licence
from antiphon.books.reading.markup import decoded

_NUMBER = r"(?:\d{1,3}|[IVXLC]{1,8}|[ivxlc]{1,8}|[^\W\d_]{2,12}(?:[- ][^\W\d_]{2,12})?)"
_HEADING = re.compile(
    rf"(?:(?:chapter|part|book|letter|stave|act|scene|chapitre|partie|livre|lettre|capitolo|parte|libro|capítulo|"
    rf"livro|kapitel|teil|buch|brief)\s+{_NUMBER}(?:\s*[.:—–-]\s*[^\n]{{1,80}})?\.?"
    r"|(?:prologue|epilogue|preface|foreword|introduction|afterword|prologo|epilogo|prefazione|introduzione|préface|"
    r"épilogue|avant-propos|prólogo|epílogo|prefacio|prefácio|introdução|introducción|vorwort|prolog|epilog|nachwort|"
    r"einleitung)\.?"
    r"|(?:[IVXLC]{1,8}|\d{1,3})\.?(?:\s+[A-ZÀ-Ý][^\n]{1,60})?)",
    re.IGNORECASE,
)
_ROMAN_OR_FIGURE = re.compile(r"(?:[IVXLC]{1,8}|\d{1,3})\b")
_CONTENTS = frozenset({"contents", "table of contents", "table des matières", "inhalt", "indice", "índice"})
_PAGE_NUMBER = re.compile(r"\s*(?:[-–—\[(]\s*)?(?:page\s+|p\.\s*|seite\s+)?\d{1,4}(?:\s*[-–—\])])?\s*", re.IGNORECASE)
_SCENE_BREAK = re.compile(r"[\s*•·~#_⁂❦=+-]{1,60}")
_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,300})(?<=\S)_(?!\w)")
_NOTE_MARK = re.compile(r"(?<=[\w.,;!?”\"’)])\[(?:\d{1,3}|[*†])\]")
_LABEL = re.compile(r"^(?P<name>Title|Author|Language): *(?P<value>\S.*?)\s*$", re.MULTILINE)
_LANGUAGES = {"french": "fr", "german": "de", "italian": "it", "spanish": "es", "portuguese": "pt"}


def read_text(path: Path, data: bytes) -> Book:
    """Raises `UnreadableBook`."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    labels = {found["name"]: found["value"] for found in _LABEL.finditer(text[:4_000])}
    blocks = without_licence(list(_blocks(text)))
    title = labels.get("Title") or path.stem.replace("_", " ")
    return Book(
        title=title,
        authors=(labels["Author"],) if "Author" in labels else (),
        language=_LANGUAGES.get(labels.get("Language", "").lower(), "en"),
        chapters=chapters_by_headings(blocks, opening=title),
    )


def _blocks(text: str) -> Iterator[Block]:
    text = _NOTE_MARK.sub("", _EMPHASIS.sub(r"\1", text))
    paragraphs = [each for each in re.split(r"\n[ \t]*\n", text) if each.strip() and not _is_contents(_lines(each))]
    wraps = _are_wrapped(each for each in paragraphs if not _is_heading(_lines(each)))
    for paragraph in paragraphs:
        lines = _lines(paragraph)
        whole = " ".join(lines)
        if _is_heading(lines):
            yield Block(kind=ParagraphKind.HEADING, lines=tuple(lines), level=1)
        elif _PAGE_NUMBER.fullmatch(whole):
            continue
        elif _SCENE_BREAK.fullmatch(whole):
            yield Block(kind=ParagraphKind.BREAK)
        elif wraps and not _is_verse(paragraph):
            yield Block(kind=ParagraphKind.TEXT, lines=(whole,))
        else:
            yield Block(kind=ParagraphKind.TEXT, lines=tuple(lines))


def _lines(paragraph: str) -> list[str]:
    return [" ".join(line.split()) for line in paragraph.splitlines() if line.strip()]


def _is_heading(lines: list[str]) -> bool:
    """A line that names a chapter, with its title below it if there is one."""
    if len(lines) > 3 or not _HEADING.fullmatch(lines[0]):
        return False
    if _ROMAN_OR_FIGURE.match(lines[0]) and _PAGE_NUMBER.fullmatch(lines[0]):
        return False  # A bare figure is a page's number.
    return all(len(line) <= 80 for line in lines) and not lines[-1].endswith((",", ";"))


def _is_contents(lines: list[str]) -> bool:
    """A list of the chapters, or the heading of one."""
    if len(lines) == 1:
        return lines[0].rstrip(".:").lower() in _CONTENTS
    return len(lines) > 3 and sum(_HEADING.fullmatch(line) is not None for line in lines) * 3 > len(lines) * 2


def _are_wrapped(paragraphs: Iterable[str]) -> bool:
    """Whether lines end where the page does: then several are one paragraph."""
    lines = [line for paragraph in paragraphs for line in paragraph.splitlines()[:-1]]
    return bool(lines) and sum(45 <= len(line) <= 90 for line in lines) * 2 > len(lines)


def _is_verse(paragraph: str) -> bool:
    """Lines that are indented, each begun with a capital, are verse."""
    lines = [line for line in paragraph.splitlines() if line.strip()]
    return len(lines) > 1 and all(line.startswith(("  ", "\t")) and line.strip()[:1].isupper() for line in lines)
