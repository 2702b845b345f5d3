"""EPUB 2 and 3: what is in the archive, in which order, and where its chapters begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from antiphon.books.book import Book, Cover, ParagraphKind
from antiphon.books.errors import UnreadableBook
from antiphon.books.reading.archive import Archive, resolve
from antiphon.books.reading.blocks import Block, blocks_of
from antiphon.books.reading.chapters import chapters_at, title_of, without_licence
from antiphon.books.reading.contents import Entry, navigation_entries, ncx_entries
from antiphon.books.reading.elements import is_passed_over
from antiphon.books.reading.markup import Element, children, local_name, parse_page, parse_xml, text_of

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml")
_NCX = "application/x-dtbncx+xml"
_NOT_READ_ALOUD = frozenset({"cover", "toc", "copyright-page", "index", "bibliography", "loi", "lot", "notes"})
"""Of the guide's types of EPUB 2."""
_MOST_DOCUMENTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    part: str
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Package:
    name: str
    root: Element
    items: Mapping[str, _Item]
    """By their ids."""

    def metadata(self, name: str) -> list[str]:
        return [text for each in children(self.root, name) if (text := text_of(each))]

    @property
    def spine(self) -> list[_Item]:
        """The pages, in reading order. Raises `UnreadableBook`."""
        references = [each for each in children(self.root, "itemref") if each.get("linear") != "no"]
        pages = [self.items[each.get("idref")] for each in references if each.get("idref") in self.items]
        if len(pages) > _MOST_DOCUMENTS:
            raise UnreadableBook(f"The EPUB has {len(pages)} pages; at most {_MOST_DOCUMENTS} are read.")
        return [page for page in pages if page.media_type in _PAGES]

    @property
    def passed_over(self) -> frozenset[str]:
        """The parts that the guide, or the manifest, calls something that nobody reads aloud."""
        guide = {
            resolve(self.name, unquote(each.get("href", "").partition("#")[0]))
            for each in children(self.root, "reference")
            if each.get("type", "").lower() in _NOT_READ_ALOUD and "#" not in each.get("href", "")
        }
        return frozenset(guide | {item.part for item in self.items.values() if "nav" in item.properties})


def read_epub(path: Path) -> Book:
    """Raises `UnreadableBook` for what is not an EPUB, is protected, or may do harm."""
    with Archive(path) as archive:
        package = _package(archive)
        _check_unprotected(archive, package)
        language = (package.metadata("language") or ["en"])[0].lower().replace("_", "-").partition("-")[0]
        title = (package.metadata("title") or [path.stem])[0]
        entries = _contents(archive, package)
        blocks, firsts = _blocks(archive, package, language)
        starts = _starts(blocks, firsts, entries)
        return Book(
            title=title,
            authors=tuple(package.metadata("creator")),
            language=language or "en",
            chapters=chapters_at(blocks, starts, opening=title),
            cover=_cover(archive, package),
        )


def _package(archive: Archive) -> _Package:
    if _CONTAINER not in archive:
        raise UnreadableBook("The file is not an EPUB: it has no META-INF/container.xml.")
    container = parse_xml(archive.read(_CONTAINER), _CONTAINER)
    names = [each.get("full-path") for each in children(container, "rootfile") if each.get("full-path")]
    if not names:
        raise UnreadableBook("The EPUB does not say where its package is (META-INF/container.xml).")
    name = names[0]
    root = parse_xml(archive.read(name), name)
    items = {
        each.get("id"): _Item(
            part=resolve(name, unquote(each.get("href", ""))),
            media_type=each.get("media-type", "").lower(),
            properties=frozenset(each.get("properties", "").split()),
        )
        for each in children(root, "item")
        if each.get("id") and each.get("href")
    }
    return _Package(name=name, root=root, items=items)


def _check_unprotected(archive: Archive, package: _Package) -> None:
    """Fonts may be obfuscated; pages that are encrypted cannot be read."""
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(archive.read(_ENCRYPTION), _ENCRYPTION)
    encrypted = {unquote(each.get("URI", "")) for each in children(root, "cipherreference")}
    if any(page.part in encrypted for page in package.spine):
        raise UnreadableBook("The EPUB is protected against copying (DRM), so its text cannot be read.")


def _contents(archive: Archive, package: _Package) -> list[Entry]:
    """The table of contents; none if the EPUB has none that can be read."""
    for item in package.items.values():
        is_there = "nav" in item.properties and item.part in archive
        if is_there and (entries := navigation_entries(parse_page(archive.read(item.part), item.part), item.part)):
            return entries
    for item in package.items.values():
        if item.media_type == _NCX and item.part in archive:
            return ncx_entries(parse_page(archive.read(item.part), item.part), item.part)
    return []


def _blocks(archive: Archive, package: _Package, language: str) -> tuple[Sequence[Block], Mapping[str, int]]:
    """Those of all pages, and the index of each page's first, by its part."""
    blocks: list[Block] = []
    firsts: dict[str, int] = {}
    for page in package.spine:
        if page.part in package.passed_over or page.part in firsts:
            continue
        root = parse_page(archive.read(page.part), page.part)
        body = next((each for each in root.iter() if local_name(each) == "body"), root)
        firsts[page.part] = len(blocks)
        if not is_passed_over(body):
            blocks += blocks_of(body, language)
    kept = without_licence(blocks)
    if len(kept) == len(blocks):
        return blocks, firsts
    shift = next(index for index, block in enumerate(blocks) if block is kept[0]) if kept else 0
    return kept, {part: max(0, first - shift) for part, first in firsts.items() if first < shift + len(kept)}


def _starts(blocks: Sequence[Block], firsts: Mapping[str, int], entries: Sequence[Entry]) -> Mapping[int, str]:
    """Where chapters begin, and their titles: by the table of contents, otherwise at each page."""
    if not entries:
        return {first: title_of(blocks[first]) for first in firsts.values() if _has_heading(blocks, first)}
    ends = dict(zip(firsts, [*list(firsts.values())[1:], len(blocks)], strict=True))
    starts: dict[int, str] = {}
    for entry in entries:
        first = firsts.get(entry.part)
        if first is None or first >= len(blocks):
            continue
        anchored = (index for index in range(first, ends[entry.part]) if entry.anchor in blocks[index].anchors)
        starts.setdefault(next(anchored, first) if entry.anchor else first, entry.title)
    return starts


def _has_heading(blocks: Sequence[Block], index: int) -> bool:
    return index < len(blocks) and blocks[index].kind is ParagraphKind.HEADING


def _cover(archive: Archive, package: _Package) -> Cover | None:
    named = {each.get("content") for each in children(package.root, "meta") if each.get("name") == "cover"}
    for identifier, item in package.items.items():
        is_cover = "cover-image" in item.properties or identifier in named
        if is_cover and item.media_type in ("image/jpeg", "image/png") and item.part in archive:
            return Cover(data=archive.read(item.part), media_type=item.media_type)
    return None
