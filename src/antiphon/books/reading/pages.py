"""Single pages: HTML, and Markdown, which becomes HTML first."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

from antiphon.books.book import Book
from antiphon.books.reading.blocks import blocks_of
from antiphon.books.reading.chapters import chapters_by_headings, title_of, without_licence
from antiphon.books.reading.markup import Element, children, decoded, local_name, parse_page, text_of

_FRONT_MATTER = re.compile(r"\A---\s*\n(?P<fields>.{0,10000}?)\n---\s*\n", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>title|author|language|lang)\s*:\s*(?P<value>.+?)\s*$", re.MULTILINE | re.IGNORECASE)


def read_html(path: Path, data: bytes) -> Book:
    """Raises `UnreadableBook`."""
    root = parse_page(data, path.name)
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()
    titles = [text for each in children(root, "title") if (text := text_of(each))]
    authors = [each.get("content", "") for each in children(root, "meta") if each.get("name", "").lower() == "author"]
    return _book(path, root, language=language, title=titles[0] if titles else "", authors=authors)


def read_markdown(path: Path, data: bytes) -> Book:
    """Front matter may have `title`, `author` and `language`. Raises `UnreadableBook`."""
    text = decoded(data)
    fields: dict[str, str] = {}
    if (front := _FRONT_MATTER.match(text)) is not None:
        fields = {each["name"].lower(): each["value"].strip("\"'") for each in _FIELD.finditer(front["fields"])}
        text = text[front.end() :]
    html = MarkdownIt("commonmark").enable("table").render(text)
    root = parse_page(f"<html><body>{html}</body></html>".encode(), path.name)
    authors = [fields["author"]] if "author" in fields else []
    language = fields.get("language", fields.get("lang", ""))
    return _book(path, root, language=language, title=fields.get("title", ""), authors=authors)


def _book(path: Path, root: Element, *, language: str, title: str, authors: list[str]) -> Book:
    language = language.lower().partition("-")[0] or "en"
    body = next((each for each in root.iter() if local_name(each) == "body"), root)
    blocks = without_licence(blocks_of(body, language))
    heading = next((block for block in blocks if block.level == 1), None)
    title = title or (title_of(heading) if heading else path.stem)
    return Book(
        title=title,
        authors=tuple(author for author in authors if author),
        language=language,
        chapters=chapters_by_headings(blocks, opening=title),
    )
