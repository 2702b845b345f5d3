"""Tables, as a person reads them aloud: row by row, each cell after its column's heading."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.books.reading.markup import Element, local_name, text_of

_PARTS_OF_PAGES = frozenset({"table", "p", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote"})


def is_table_of_data(table: Element) -> bool:
    """Whether it is not merely there to arrange a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    inside = {local_name(each) for each in table.iterdescendants()}
    if "th" in inside:
        return "table" not in inside
    return not inside & _PARTS_OF_PAGES and any(len(_cells(row)) > 1 for row in _rows(table))


def rows_said(table: Element) -> Iterator[str]:
    """What is said of each row: "Paris. Area: 105. Population: 2 million"."""
    rows = _rows(table)
    headings = [text_of(cell) for cell in _cells(rows[0])] if rows and _is_heading(rows[0]) else []
    if (caption := _caption(table)) is not None:
        yield caption
    for row in rows[1:] if headings else rows:
        cells = _cells(row)
        parts: list[str] = []
        for index, cell in enumerate(cells):
            text = text_of(cell).rstrip(".")
            heading = headings[index] if len(headings) == len(cells) and index else ""
            if text:
                parts.append(f"{heading.rstrip(':')}: {text}" if heading else text)
        if parts:
            yield ". ".join(parts) if headings else ", ".join(parts)


def _rows(table: Element) -> list[Element]:
    return [each for each in table.iterdescendants() if local_name(each) == "tr"]


def _cells(row: Element) -> list[Element]:
    return [each for each in row if local_name(each) in ("td", "th")]


def _is_heading(row: Element) -> bool:
    cells = _cells(row)
    return bool(cells) and all(local_name(cell) == "th" for cell in cells)


def _caption(table: Element) -> str | None:
    return next((text_of(each) for each in table if local_name(each) == "caption" and text_of(each)), None)
