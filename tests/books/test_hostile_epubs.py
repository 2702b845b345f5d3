"""EPUBs that are made to do harm are refused, in words that say why."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from antiphon.books.errors import UnreadableBook
from antiphon.books.reading import archive, chapters
from antiphon.books.reading.files import read_book

from .epubs import PAGE, epub

PAGES = {"a.xhtml": "<p>It rained.</p>"}


def refused(path: Path) -> str:
    with pytest.raises(UnreadableBook) as refusal:
        read_book(path)
    return refusal.value.message


def test_a_page_that_expands_beyond_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "LARGEST_FILE", 1_000_000)
    path = epub(tmp_path, {"a.xhtml": f"<p>{'a ' * 1_000_000}</p>"})
    assert path.stat().st_size < 10_000
    assert "too large: OEBPS/a.xhtml has more than 1 MB" in refused(path)


def test_pages_that_together_expand_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "LARGEST_WHOLE", 1_000_000)
    assert "too large" in refused(epub(tmp_path, {f"{n}.xhtml": f"<p>{'a ' * 150_000}</p>" for n in range(5)}))


def test_a_page_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "LARGEST_FILE", 100_000)
    path = epub(tmp_path, {"a.xhtml": f"<p>{'a ' * 1_000_000}</p>"})
    with ZipFile(path) as whole:
        size = whole.getinfo("OEBPS/a.xhtml").file_size
    data = path.read_bytes().replace(size.to_bytes(4, "little"), (50).to_bytes(4, "little"))
    path.write_bytes(data)
    assert refused(path)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    ],
)
def test_entities_of_its_own(tmp_path: Path, declaration: str):
    page = PAGE.format(body="<p>&b;&e;</p>").replace("<!DOCTYPE html>", declaration)
    assert "entities of its own" in refused(epub(tmp_path, PAGES, parts={"OEBPS/a.xhtml": page}))
    opf = declaration + "<package/>"
    assert "entities of its own" in refused(epub(tmp_path, PAGES, parts={"OEBPS/book.opf": opf}))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\evil"])
def test_paths_that_lead_out_of_it(tmp_path: Path, name: str):
    assert "leads out of it" in refused(epub(tmp_path, PAGES, parts={name: "x"}))


def test_references_that_lead_out_of_it_are_to_nothing(tmp_path: Path):
    package = epub(tmp_path, PAGES)
    with ZipFile(package) as whole:
        opf = whole.read("OEBPS/book.opf").decode().replace("a.xhtml", "../../../etc/passwd")
    assert "does not contain" in refused(epub(tmp_path, PAGES, parts={"OEBPS/book.opf": opf}))


def test_more_files_than_any_book_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "MOST_FILES", 20)
    assert "at most 20" in refused(epub(tmp_path, PAGES, parts={f"f{n}": "" for n in range(30)}))


def test_more_text_than_any_book_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chapters, "MOST_CHARACTERS", 100)
    assert "at most 100" in refused(epub(tmp_path, {"a.xhtml": "<p>It rained. </p>" * 20}))


def test_elements_nested_without_end_do_no_harm(tmp_path: Path):
    page = "<div>" * 50_000 + "deep" + "</div>" * 50_000
    path = epub(tmp_path, {"a.xhtml": page, "b.xhtml": "<p>It rained.</p>"})
    assert "It rained." in [*read_book(path).chapters[-1].sentences]


def test_protected_books(tmp_path: Path):
    encryption = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
        xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData>
        </EncryptedData></encryption>"""
    assert "DRM" in refused(epub(tmp_path, PAGES, parts={"META-INF/encryption.xml": encryption}))


@pytest.mark.parametrize("part", ["META-INF/container.xml", "OEBPS/book.opf"])
def test_parts_that_are_not_xml(tmp_path: Path, part: str):
    assert "not valid XML" in refused(epub(tmp_path, PAGES, parts={part: "<a><b></a>"}))


def test_damage_anywhere_is_told_and_nothing_else_is_raised(tmp_path: Path):
    whole = epub(tmp_path, {"a.xhtml": "<p>It rained.</p>" * 50}).read_bytes()
    path = tmp_path / "damaged.epub"
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            book = read_book(path)
        except UnreadableBook:
            continue
        assert book.chapters
