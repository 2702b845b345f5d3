"""EPUB 3 with media overlays (W3C, "EPUB 3.3", 9): the text, each sentence of which is highlighted as it is said.

EPUB/package.opf, nav.xhtml, style.css, cover.jpg
EPUB/chapter-001.xhtml      the text: each sentence is a span with an id
EPUB/chapter-001.smil       when each is said
EPUB/chapter-001.m4a        the voice
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from antiphon.books.book import Book, Chapter, ParagraphKind
from antiphon.books.job import FinishedChapter
from antiphon.books.writing.finished import FinishedBook
from antiphon.books.writing.mp4 import write_m4a

_ACTIVE = "speaking"
_TEXT = "text"
"""The id of what holds a page's sentences."""
_STYLE = f"""body {{ line-height: 1.5; }}
h1, h2 {{ text-align: center; }}
hr {{ border: 0; margin: 2em 0; }}
.{_ACTIVE} {{ background-color: #fff3b0; color: #000; }}
"""
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    name: str
    """Of the chapter's files, without what comes after the dot."""
    chapter: Chapter
    finished: FinishedChapter
    seconds: float


def write_epub(finished: FinishedBook, path: Path, *, now: datetime | None = None) -> None:
    """`now` is told as the time of the book's last change."""
    book = finished.book
    pages = [
        _Page(
            name=f"chapter-{number:03}",
            chapter=chapter,
            finished=audio,
            seconds=audio.samples / finished.sample_rate,
        )
        for number, (chapter, audio) in enumerate(zip(book.chapters, finished.chapters, strict=True), 1)
    ]
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip", ZIP_STORED)

        def add(name: str, text: str) -> None:
            archive.writestr(name, text, ZIP_DEFLATED)

        add("META-INF/container.xml", _CONTAINER)
        add("EPUB/package.opf", _package(finished, pages, now or datetime.now(UTC)))
        add("EPUB/nav.xhtml", _navigation(book, pages))
        add("EPUB/style.css", _STYLE)
        if book.cover is not None:
            archive.writestr(f"EPUB/cover.{book.cover.extension}", book.cover.data, ZIP_STORED)
        for page in pages:
            add(f"EPUB/{page.name}.xhtml", _text(book, page))
            add(f"EPUB/{page.name}.smil", _overlay(page, finished.sample_rate))
            _add_audio(archive, page, finished)


def clock_value(seconds: float) -> str:
    """A SMIL clock value: "1:02:03.456"."""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _add_audio(archive: ZipFile, page: _Page, finished: FinishedBook) -> None:
    with tempfile.TemporaryDirectory(dir=page.finished.audio.parent) as folder:
        path = Path(folder) / "chapter.m4a"
        write_m4a(
            finished.pieces(page.finished),
            path,
            sample_rate=finished.sample_rate,
            language=finished.book.language,
            title=page.chapter.title,
        )
        with path.open("rb") as source, archive.open(f"EPUB/{page.name}.m4a", "w", force_zip64=True) as target:
            copyfileobj(source, target)


def _package(finished: FinishedBook, pages: Sequence[_Page], now: datetime) -> str:
    book = finished.book
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"{finished.fingerprint} {book.title}")
    creators = "".join(f"\n    <dc:creator>{escape(author)}</dc:creator>" for author in book.authors)
    durations = "".join(
        f'\n    <meta property="media:duration" refines="#{page.name}-overlay">{clock_value(page.seconds)}</meta>'
        for page in pages
    )
    cover = ""
    if book.cover is not None:
        cover = (
            f'\n    <item id="cover" href="cover.{book.cover.extension}" media-type="{book.cover.media_type}" '
            'properties="cover-image"/>'
        )
    items = "".join(
        f"""
    <item id="{page.name}" href="{page.name}.xhtml" media-type="application/xhtml+xml" \
media-overlay="{page.name}-overlay"/>
    <item id="{page.name}-overlay" href="{page.name}.smil" media-type="application/smil+xml"/>
    <item id="{page.name}-audio" href="{page.name}.m4a" media-type="audio/mp4"/>"""
        for page in pages
    )
    spine = "".join(f'\n    <itemref idref="{page.name}"/>' for page in pages)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{escape(book.language)}">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
    <dc:title>{escape(book.title)}</dc:title>{creators}
    <dc:language>{escape(book.language)}</dc:language>
    <meta property="dcterms:modified">{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</meta>
    <meta property="media:active-class">{_ACTIVE}</meta>
    <meta property="media:duration">{clock_value(finished.seconds)}</meta>{durations}
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="style" href="style.css" media-type="text/css"/>{cover}{items}
  </manifest>
  <spine>{spine}
  </spine>
</package>
"""


def _navigation(book: Book, pages: Sequence[_Page]) -> str:
    links = "".join(
        f'\n    <li><a href="{page.name}.xhtml">{escape(_title(page, number))}</a></li>'
        for number, page in enumerate(pages, 1)
    )
    body = f"""<nav epub:type="toc" id="toc">
  <ol>{links}
  </ol>
</nav>"""
    return _xhtml(book, book.title, body)


def _text(book: Book, page: _Page) -> str:
    paragraphs = "\n".join(_paragraphs(page.chapter))
    return _xhtml(book, page.chapter.title or book.title, f'<section id="{_TEXT}">\n{paragraphs}\n</section>')


def _paragraphs(chapter: Chapter) -> Iterator[str]:
    number = 0
    for paragraph in chapter.paragraphs:
        if paragraph.kind is ParagraphKind.BREAK:
            yield "<hr/>"
            continue
        spans: list[str] = []
        for sentence in paragraph.sentences:
            number += 1
            spans.append(f'<span id="s{number}">{escape(_printable(sentence))}</span>')
        element = "h2" if paragraph.kind is ParagraphKind.HEADING else "p"
        yield f"<{element}>{' '.join(spans)}</{element}>"


def _overlay(page: _Page, sample_rate: int) -> str:
    """Each sentence's clip lasts until the next begins, so that the pauses are heard as well."""
    starts = [span.start / sample_rate for span in page.finished.sentences]
    ends = [*starts[1:], page.seconds]
    clips = "".join(
        f"""
      <par id="p{number}"><text src="{page.name}.xhtml#s{number}"/><audio src="{page.name}.m4a" \
clipBegin="{clock_value(start if number > 1 else 0.0)}" clipEnd="{clock_value(end)}"/></par>"""
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">
  <body>
    <seq id="chapter" epub:textref="{page.name}.xhtml#{_TEXT}">{clips}
    </seq>
  </body>
</smil>
"""


def _xhtml(book: Book, title: str, body: str) -> str:
    language = escape(book.language)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" \
xml:lang="{language}">
<head>
<title>{escape(_printable(title))}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body>
{body}
</body>
</html>
"""


def _title(page: _Page, number: int) -> str:
    return _printable(page.chapter.title) or str(number)


def _printable(text: str) -> str:
    """Without what XML cannot have."""
    return "".join(character for character in text if character.isprintable() or character == " ")
