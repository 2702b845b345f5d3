"""Tables of contents of EPUBs: EPUB 3's navigation document and EPUB 2's NCX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag

from antiphon.books.reading.archive import resolve
from antiphon.books.reading.elements import structure_of
from antiphon.books.reading.markup import Element, children, local_name, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    title: str
    part: str
    """The name of the archive's part that it leads to."""
    anchor: str
    """The id of the element there; "" for its beginning."""


def navigation_entries(page: Element, name: str) -> list[Entry]:
    """Of a navigation document, the part `name`."""
    contents = next((each for each in children(page, "nav") if "toc" in structure_of(each)), None)
    if contents is None:
        return []
    links = (each for each in contents.iter() if local_name(each) == "a")
    return list(_entries(((text_of(link), link.get("href", "")) for link in links), name))


def ncx_entries(ncx: Element, name: str) -> list[Entry]:
    """Of an NCX, the part `name`."""
    return list(_entries(_ncx_points(ncx), name))


def _ncx_points(ncx: Element) -> Iterator[tuple[str, str]]:
    for point in children(ncx, "navpoint"):
        label = next((text_of(each) for each in point if local_name(each) == "navlabel"), "")
        yield label, next((each.get("src", "") for each in point if local_name(each) == "content"), "")


def _entries(links: Iterator[tuple[str, str]], name: str) -> Iterator[Entry]:
    for title, reference in links:
        path, anchor = urldefrag(reference)
        if title and path and ":" not in path:
            yield Entry(title=title, part=resolve(name, unquote(path)), anchor=unquote(anchor))
