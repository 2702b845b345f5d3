"""docs/architecture.md leads to files that exist."""

from __future__ import annotations

import re

import pytest

from .examples import ROOT

PAGE = ROOT / "docs" / "architecture.md"
SOURCE = ROOT / "src" / "antiphon"
NAMED = sorted(set(re.findall(r"`((?:\w+/)*\w+\.py)`", PAGE.read_text(encoding="utf-8"))))
PACKAGES = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


@pytest.mark.parametrize("name", NAMED)
def test_each_file_that_it_names_is_there(name: str):
    assert (SOURCE / name).is_file() or ("/" not in name and [*SOURCE.rglob(name)]), name


def test_its_table_has_every_package():
    described = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(described) == PACKAGES
