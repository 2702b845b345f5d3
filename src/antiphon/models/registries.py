"""Where the model hub and the package registries are, and where in a registry to find an archive.

Registry addresses are looked up, never hard-coded: a closed network has its own, and pip and npm already know them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urljoin

import httpx
import msgspec

from antiphon.models.errors import ModelError, SourceUnreachable
from antiphon.models.model import Registry

_HUB = "https://huggingface.co"
_COMMAND_SECONDS = 20.0
_SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
_SIMPLE_PAGE = f"{_SIMPLE_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True, slots=True)
class Archive:
    """Where one exact version of a package is, and its hash if the registry gives one."""

    url: str
    sha256: str | None


class Registries:
    """The hub and the registries configured on this machine; pip and npm are queried once, when first needed.

    Args:
        environment: the variables that pip, npm and the hub's own tools would read.
        read: fetches a page in one of the media types in the second argument; raises `ModelError`.
    """

    def __init__(self, environment: Mapping[str, str], read: Callable[[str, str], httpx.Response]) -> None:
        self._environment = environment
        self._read = read

    @property
    def hub(self) -> str:
        """The model hub's address, without a trailing slash. `HF_ENDPOINT` overrides it."""
        return (self._environment.get("HF_ENDPOINT") or _HUB).rstrip("/")

    @property
    def hub_token(self) -> str | None:
        """The token of a hub account, from `HF_TOKEN`."""
        return self._environment.get("HF_TOKEN") or None

    @cached_property
    def python_index(self) -> str:
        """The simple index that pip uses (PEP 503), without a trailing slash.

        Raises:
            SourceUnreachable: no variable names an index and pip is not installed.
        """
        for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            if value := self._environment.get(variable):
                return re.sub(r"^[\w.-]+=(?=\w+:)", "", value).rstrip("/")  # uv allows name=url
        on_path = self._on_path("pip3")  # A virtual environment may have no pip of its own.
        for pip in ([sys.executable, "-P", "-m", "pip"], [on_path] if on_path else []):
            if pip and (index := self._output(*pip, "config", "get", "global.index-url") or self._built_in_index(pip)):
                return index.rstrip("/")
        raise SourceUnreachable("no index of Python packages is known: install pip, or set PIP_INDEX_URL")

    @cached_property
    def npm_registry(self) -> str:
        """The registry that npm uses, without a trailing slash.

        Raises:
            SourceUnreachable: no variable names a registry and npm is not installed.
        """
        for variable in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
            if value := self._environment.get(variable):
                return value.rstrip("/")
        if (npm := self._on_path("npm")) is None:
            raise SourceUnreachable("npm is not installed: install it, or set NPM_CONFIG_REGISTRY")
        if registry := self._output(npm, "config", "get", "registry"):
            return registry.rstrip("/")
        raise SourceUnreachable("npm does not tell its registry: see `npm config get registry`")

    def find(self, registry: Registry, archive: str) -> Archive:
        """Look up an archive, named as in `Member`.

        Raises:
            SourceUnreachable: the registry cannot be reached, or none is known.
            ModelError: the registry does not have the archive.
        """
        return self._find_python(archive) if registry is Registry.PYTHON else self._find_npm(archive)

    def _find_python(self, filename: str) -> Archive:
        """From the index's page of the project (PEP 503, PEP 691)."""
        name = filename.split("-")[0] if filename.endswith(".whl") else filename.rpartition("-")[0]
        page = self._read(f"{self.python_index}/{re.sub(r'[-_.]+', '-', name).lower()}/", _SIMPLE_PAGE)
        archives = _in_json(page) if "json" in page.headers.get("Content-Type", "") else _in_html(page)
        if filename not in archives:
            raise ModelError(f"the index of Python packages has no {filename} (there are {len(archives)} other files)")
        return archives[filename]

    def _find_npm(self, package: str) -> Archive:
        name, _, version = package.rpartition("@")
        page = self._read(f"{self.npm_registry}/{quote(name, safe='@')}/{version}", "application/json")
        try:
            return Archive(msgspec.json.decode(page.content, type=_NpmManifest).dist.tarball, sha256=None)
        except msgspec.DecodeError as error:
            raise ModelError(f"the npm registry's page of {package} cannot be read ({error})") from error

    def _on_path(self, program: str) -> str | None:
        return shutil.which(program, path=self._environment.get("PATH", os.defpath))

    def _built_in_index(self, pip: Sequence[str]) -> str:
        """pip reveals its built-in index only in its help text."""
        help_text = self._output(*pip, "download", "--help")
        found = re.search(r"--index-url <url>.*?\(default:? (\S+?)\)", help_text, re.DOTALL)
        return found.group(1) if found else ""

    def _output(self, *command: str) -> str:
        """The command's output, or nothing if it fails."""
        ours = {name for name in self._environment if name.startswith("ANTIPHON_")}  # Such as the sealing key.
        environment = {name: value for name, value in self._environment.items() if name not in ours}
        environment |= {"COLUMNS": "1000", "NO_COLOR": "1"}  # Wide: help is wrapped at the terminal.
        try:
            done = subprocess.run(  # noqa: S603
                command, env=environment, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""


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


def _in_json(page: httpx.Response) -> dict[str, Archive]:
    """The archives of an index page, by file name."""
    try:
        project = msgspec.json.decode(page.content, type=_SimpleProject)
    except msgspec.DecodeError as error:
        raise ModelError(f"the index page at {page.url.host}{page.url.path} cannot be read ({error})") from error
    return {
        file.filename: Archive(urljoin(str(page.url), file.url), file.hashes.get("sha256")) for file in project.files
    }


def _in_html(page: httpx.Response) -> dict[str, Archive]:
    """The archives of an index page, by file name."""
    links = _Links()
    links.feed(page.text)
    archives: dict[str, Archive] = {}
    for link in links.addresses:
        url, fragment = urldefrag(urljoin(str(page.url), link))
        digest = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        archives[httpx.URL(url).path.rpartition("/")[2]] = Archive(url, digest)
    return archives


class _Links(HTMLParser):
    """Collects the targets of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if tag == "a" and name == "href" and value]
