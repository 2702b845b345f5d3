"""What a person who reads aloud makes of an element: where a block begins, and what is passed over."""

from __future__ import annotations

import re

from antiphon.books.reading.markup import OPS, Element, local_name, text_of


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


BLOCKS = _words(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup html legend li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul"
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}

_NEVER_SAID = _words(
    "area audio base button canvas col colgroup datalist del embed head iframe input link map meta nav noscript object "
    "optgroup option param progress rp rt script select source style svg template textarea title track video"
)
_NOT_READ_ALOUD = _words(
    "pagebreak noteref footnote footnotes endnote endnotes rearnote rearnotes annoref annotation toc landmarks "
    "page-list index bibliography copyright-page loi lot cover"
)
"""Of EPUB's vocabulary of structure (`epub:type`), and with "doc-" before it, of ARIA's roles."""
_NOTE_CLASSES = _words("footnote footnotes endnote endnotes fnanchor noteref pg-boilerplate")
_PAGE_CLASSES = _words("pagenum pageno page-number pagenumber pagebreak page")
_LONGEST_PAGE_NUMBER = 12
"""Characters; what has more is a page, not its number."""

_NOTE_MARK = re.compile(r"[\[({]?(?:\d{1,3}|[*†‡§]{1,3}|[ivxl]{1,6}|[a-z])[\])}]?")
_BRACKETED_MARK = re.compile(r"\[(?:\d{1,3}|[*†‡§]{1,3})\]|[*†‡§]{1,3}")
_BACK_LINKS = frozenset({"↩", "↩︎", "↑", "^", "⏎"})


def structure_of(element: Element) -> frozenset[str]:
    """What EPUB and ARIA say that it is."""
    types = f"{element.get(f'{OPS}type', '')} {element.get('epub:type', '')} {element.get('role', '')}"
    return frozenset(each.removeprefix("doc-") for each in types.lower().split())


def is_passed_over(element: Element) -> bool:
    """Whether nobody reads it aloud: it is not text, or is navigation, a note, or a page's number."""
    name = local_name(element)
    if name in _NEVER_SAID:
        return True
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if structure_of(element) & _NOT_READ_ALOUD:
        return True
    classes = frozenset(attributes.get("class", "").lower().split())
    if classes & _NOTE_CLASSES and name != "body":
        return True
    if classes & _PAGE_CLASSES and len(text_of(element)) <= _LONGEST_PAGE_NUMBER:
        return True
    return name in ("a", "sup") and _is_note_mark(element, name)


def _is_note_mark(element: Element, name: str) -> bool:
    """A raised number that leads somewhere, or a link that is nothing but a number in brackets."""
    text = text_of(element)
    if name == "sup":
        leads = any(local_name(each) == "a" and each.get("href") for each in element.iter())
        return leads and _NOTE_MARK.fullmatch(text) is not None
    if "#" not in element.get("href", ""):
        return False
    return text in _BACK_LINKS or _BRACKETED_MARK.fullmatch(text) is not None or _is_raised(element, text)


def _is_raised(element: Element, text: str) -> bool:
    inside = [local_name(each) for each in element.iter()]
    return "sup" in inside and _NOTE_MARK.fullmatch(text) is not None
