"""Markup to blocks: the headings and paragraphs of a page, as a person would read them aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs.

from antiphon.books.book import ParagraphKind
from antiphon.books.reading.elements import BLOCKS, HEADINGS, is_passed_over
from antiphon.books.reading.markup import Element, local_name
from antiphon.books.reading.tables import is_table_of_data, rows_said

_LINE_BREAK = "\v"
"""Where a line ends by the author's will."""
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SCENE_BREAK = re.compile(r"[\s*•·–—~#_⁂❦☙❧§.+=oO○◦◆◇■□✦✻-]{1,40}")
_EMPTY_ALT = re.compile(
    r"(?:cover|image|illustration|picture|photo|logo|ornament|decoration|divider|untitled|unknown|\[?image\]?|"
    r".*\.(?:jpe?g|png|gif|svg|webp))?\.?",
    re.IGNORECASE,
)
_LONGEST_GLYPH = 2
"""Characters: a picture that stands for so few is a letter of the text, such as an initial."""

PICTURE = {"en": "Picture", "fr": "Image", "it": "Immagine", "es": "Imagen", "pt": "Imagem", "de": "Bild"}
"""What is said before a picture's description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    kind: ParagraphKind
    lines: tuple[str, ...] = ()
    """Of text; more than one where the author ended a line, as in verse."""
    level: int = 0
    """Of a heading, 1 to 6."""
    anchors: tuple[str, ...] = ()
    """The ids of what begins in it, or between it and the block before."""

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(slots=True)
class _Reader:
    language: str
    blocks: list[Block] = field(default_factory=list[Block])
    written: list[str] = field(default_factory=list[str])
    anchors: list[str] = field(default_factory=list[str])
    heading: int = 0
    """The level of the heading that is being read; 0 outside of headings."""
    pictures: list[str] = field(default_factory=list[str])
    numbers: list[int] = field(default_factory=list[int])
    """How many items each list that is open has so far; -1 in a list without numbers."""

    def end_block(self) -> None:
        lines = _lines("".join(self.written))
        self.written.clear()
        if lines:
            self._add(lines)
        for picture in self.pictures:
            said = f"{PICTURE.get(self.language, PICTURE['en'])}: {picture}"
            self.blocks.append(Block(kind=ParagraphKind.TEXT, lines=(_ended(said),), anchors=self._take_anchors()))
        self.pictures.clear()

    def add_rows(self, table: Element) -> None:
        for row in rows_said(table):
            self.blocks.append(Block(kind=ParagraphKind.TEXT, lines=(_ended(row),), anchors=self._take_anchors()))

    def add_break(self) -> None:
        if self.blocks and self.blocks[-1].kind is not ParagraphKind.BREAK:
            self.blocks.append(Block(kind=ParagraphKind.BREAK, anchors=self._take_anchors()))

    def add_picture(self, description: str) -> None:
        description = " ".join(description.split())
        if len(description) <= _LONGEST_GLYPH:
            self.written.append(description)
        elif not _EMPTY_ALT.fullmatch(description):
            self.pictures.append(description)

    def _add(self, lines: tuple[str, ...]) -> None:
        text = " ".join(lines)
        if not self.heading and _SCENE_BREAK.fullmatch(text):
            self.add_break()
        elif any(character.isalnum() for character in text):
            kind = ParagraphKind.HEADING if self.heading else ParagraphKind.TEXT
            self.blocks.append(Block(kind=kind, lines=lines, level=self.heading, anchors=self._take_anchors()))

    def _take_anchors(self) -> tuple[str, ...]:
        taken = tuple(self.anchors)
        self.anchors.clear()
        return taken


def blocks_of(root: Element, language: str = "en") -> list[Block]:
    """The blocks of a page, in order. `language` is for the few words that are said beyond the text."""
    reader = _Reader(language)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "start":
            if _start(reader, element, name):
                walk.skip_subtree()
        else:
            _end(reader, name)
            if element is not root and element.tail:
                reader.written.append(element.tail)
    reader.end_block()
    while reader.blocks and reader.blocks[-1].kind is ParagraphKind.BREAK:
        reader.blocks.pop()
    return reader.blocks


def _start(reader: _Reader, element: Element, name: str) -> bool:
    """Take an element's beginning; return whether what is in it is to be left out."""
    if name in BLOCKS or name == "hr":
        reader.end_block()
    identifier = element.get("id") or (element.get("name") if name == "a" else None)
    if identifier:
        reader.anchors.append(identifier)
    if name == "math":
        reader.written.append(element.get("alttext", ""))
        return True
    if is_passed_over(element):
        reader.anchors.extend(each.get("id") for each in element.iterdescendants() if each.get("id"))
        return True
    if name == "table" and is_table_of_data(element):
        reader.add_rows(element)
        return True
    match name:
        case "br":
            reader.written.append(_LINE_BREAK)
        case "hr":
            reader.add_break()
        case "img" | "image":
            reader.add_picture(element.get("alt", ""))
        case "ol" | "ul":
            reader.numbers.append(0 if name == "ol" else -1)
        case "li":
            _number(reader)
        case _:
            reader.heading = HEADINGS.get(name, reader.heading)
    if element.text:
        reader.written.append(element.text.replace("\n", _LINE_BREAK) if name == "pre" else element.text)
    return False


def _number(reader: _Reader) -> None:
    """The items of an ordered list are told by their numbers."""
    if reader.numbers and reader.numbers[-1] >= 0:
        reader.numbers[-1] += 1
        reader.written.append(f"{reader.numbers[-1]}. ")


def _end(reader: _Reader, name: str) -> None:
    if name in BLOCKS:
        reader.end_block()
    if name in HEADINGS:
        reader.heading = 0
    if name in ("ol", "ul") and reader.numbers:
        reader.numbers.pop()


def _lines(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in text.translate(_UNSEEN).split(_LINE_BREAK))
    return tuple(_joined(line for line in lines if line))


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Lines that go on in lower case, after a line without an end, were only broken to fit the page."""
    whole = ""
    for line in lines:
        if whole and line[:1].islower() and whole[-1:] not in ".!?…:;,—":
            whole = f"{whole} {line}"
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
