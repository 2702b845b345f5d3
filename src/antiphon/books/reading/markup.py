"""XML and HTML from a stranger: parsed without entities, without a network, and without their comments."""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Any, TypeAlias

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs.

from antiphon.books.errors import UnreadableBook

Element: TypeAlias = Any
"""lxml's element."""

XML_NAMESPACE = "{http://www.w3.org/XML/1998/namespace}"
OPS = "{http://www.idpf.org/2007/ops}"

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(\[)?[^>]{0,1000}>", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def decoded(data: bytes) -> str:
    """Text in the encoding that it declares; otherwise in UTF-8, or in Windows' western one."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    declared = _DECLARED.search(data[:1024])
    names = ["utf-8", "cp1252"]
    if declared is not None:
        names.insert(0, declared[1].decode("ascii", "ignore"))
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def parse_xml(data: bytes, name: str) -> Element:
    """The root element. Raises `UnreadableBook`, which names the part."""
    try:
        return _parsed(_prepared(decoded(data), name))
    except etree.XMLSyntaxError as error:
        raise UnreadableBook(f"{name} is not valid XML: {error.msg}.") from None


def parse_page(data: bytes, name: str) -> Element:
    """The root element of a page in XHTML or HTML, well formed or not. Raises `UnreadableBook`."""
    text = _prepared(decoded(data), name)
    try:
        return _parsed(text)
    except etree.XMLSyntaxError:
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
        )
        try:
            root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError:
            root = None
    if root is None:
        return etree.Element("html")
    return root


def local_name(element: Element) -> str:
    """Without its namespace, in lower case; "" for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """Those of that local name, at any depth."""
    return [each for each in element.iter() if local_name(each) == name]


def text_of(element: Element) -> str:
    """All its text, on one line."""
    return " ".join("".join(element.itertext()).split())


def _prepared(text: str, name: str) -> str:
    if "<!ENTITY" in text or "<!entity" in text:
        raise UnreadableBook(f"{name} defines entities of its own, which are not read: they can be used to do harm.")
    text = _XML_DECLARATION.sub("", text, count=1)
    text = _DOCTYPE.sub("", text, count=1)
    return _CONTROLS.sub("", _NAMED.sub(_character, text)).lstrip()


def _character(found: re.Match[str]) -> str:
    """XHTML may use HTML's entities, which a parser without its DTD does not know."""
    name = found[1]
    return found[0] if name in _OF_XML else html5.get(f"{name};", found[0])


def _parsed(text: str) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(each.tag is etree.Entity for each in root.iter()):
        raise etree.XMLSyntaxError("it uses entities that nobody defines", 0, 0, 0)
    return root
