"""EPUBs for tests, written part by part."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""

PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier>
<dc:title>{title}</dc:title><dc:creator>Jane Doe</dc:creator><dc:language>{language}</dc:language></metadata>
<manifest>{items}</manifest><spine>{spine}</spine></package>"""

PAGE = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head>
<body>{body}</body></html>"""


def epub(
    folder: Path,
    pages: Mapping[str, str],
    *,
    contents: str | None = None,
    title: str = "A Tale",
    language: str = "en",
    cover: bytes | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """An EPUB 3 of pages, by their names: the body of each. `contents` is the list in its navigation document, `parts`
    are further parts of the archive, or take the place of others."""
    items = [f'<item id="p{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)]
    spine = "".join(f'<itemref idref="p{n}"/>' for n, _ in enumerate(pages))
    files: dict[str, str | bytes] = {f"OEBPS/{name}": PAGE.format(body=body) for name, body in pages.items()}
    if contents is not None:
        items.append('<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>')
        files["OEBPS/nav.xhtml"] = PAGE.format(body=f'<nav epub:type="toc"><ol>{contents}</ol></nav>')
    if cover is not None:
        items.append('<item id="cover" href="cover.png" properties="cover-image" media-type="image/png"/>')
        files["OEBPS/cover.png"] = cover
    files["OEBPS/book.opf"] = PACKAGE.format(title=title, language=language, items="".join(items), spine=spine)
    path = folder / "tale.epub"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, data in {"META-INF/container.xml": CONTAINER, **files, **(parts or {})}.items():
            archive.writestr(name, data)
    return path


def png(width: int = 8, height: int = 8) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
