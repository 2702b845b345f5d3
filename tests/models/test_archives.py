from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import IO

import pytest

from antiphon.models.archives import read_members
from antiphon.models.errors import ModelError

MEMBERS = {"package/model.onnx": b"model", "package/../../../etc/model.onnx": b"escaped", "other/model.onnx": b"other"}


def make_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in MEMBERS.items():
            archive.writestr(name, body)
    return path


def make_tar(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, body in MEMBERS.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
        link = tarfile.TarInfo("package/link.onnx")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


@pytest.fixture(params=["a.whl", "a.tar.gz"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    return make_zip(path) if path.suffix == ".whl" else make_tar(path)


def test_members_are_read_by_their_exact_names_and_nothing_is_written(archive):
    read: dict[str, bytes] = {}

    def take(name: str):
        def read_all(content: IO[bytes]) -> None:
            read[name] = content.read()

        return read_all

    names = ("other/model.onnx", "package/model.onnx")
    read_members(archive, {name: take(name) for name in names})
    assert read == {name: MEMBERS[name] for name in names}
    assert list(archive.parent.iterdir()) == [archive]


def test_a_member_that_is_not_there_is_named(archive):
    with pytest.raises(ModelError, match=r"has no model\.onnx"):
        read_members(archive, {"model.onnx": lambda content: None})


def test_a_link_is_no_member(tmp_path):
    with pytest.raises(ModelError, match=r"has no package/link\.onnx"):
        read_members(make_tar(tmp_path / "a.tgz"), {"package/link.onnx": lambda content: None})


def test_a_damaged_archive_is_named(archive):
    archive.write_bytes(b"\0" + archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(ModelError, match=f"{archive.name} is damaged"):
        read_members(archive, {"package/model.onnx": lambda content: None})
