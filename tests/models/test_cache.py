from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from antiphon.models.cache import ModelCache, State
from antiphon.models.disk import default_directory
from antiphon.models.errors import DiskFull, ModelError
from antiphon.models.model import HubRepository, Model, Release

BODY = bytes(range(256)) * 4_000
FILES = {"model.bin": BODY, "config.json": b"{}"}
HUB = HubRepository(repository="some/tiny")


@pytest.fixture
def hub(web, page) -> str:
    """Publish the files on the fake hub; the path of their folder there."""
    folder = "/hub/some/tiny/resolve/main/"
    for path, body in FILES.items():
        web.pages[folder + path] = page(body)
    return folder


@pytest.fixture
def tiny(make_model) -> Model:
    return make_model(FILES, HUB)


def other_site(web, page, body: bytes = BODY) -> Release:
    """A second source that has model.bin."""
    web.pages["/other/model.bin"] = page(body)
    return Release(title="other site", base=f"{web.url}/other/")


def test_missing_models_are_fetched_and_whole_afterwards(hub, tiny, make_cache, progress):
    cache = make_cache(tiny)
    assert cache.missing(["tiny"]) == ["tiny"]
    assert cache.state("tiny") is State.MISSING
    cache.ensure(["tiny"], progress)
    assert cache.missing(["tiny"]) == []
    assert cache.state("tiny") is State.WHOLE
    assert {path: (cache.path("tiny") / path).read_bytes() for path in FILES} == FILES
    assert not list((cache.directory / ".partial").iterdir())


def test_a_whole_model_is_neither_fetched_nor_read_again(hub, web, tiny, make_cache, progress, monkeypatch):
    make_cache(tiny).ensure(["tiny"], progress)
    web.requests.clear()
    monkeypatch.setattr("antiphon.models.verification.sha256_of", lambda path: pytest.fail("the file was read"))
    make_cache(tiny).ensure(["tiny"], progress)
    assert web.requests == []


def test_files_put_there_by_hand_are_verified_and_not_fetched(web, tiny, make_cache, progress):
    cache = make_cache(tiny)
    cache.path("tiny").mkdir(parents=True)
    for path, body in FILES.items():
        (cache.path("tiny") / path).write_bytes(body)
    assert cache.state("tiny") is State.UNVERIFIED
    cache.ensure(["tiny"], progress)
    assert cache.state("tiny") is State.WHOLE
    assert web.requests == []


@pytest.mark.parametrize("found_by", ["ensure", "pull"])
def test_a_file_that_was_cut_short_is_fetched_again(hub, tiny, make_cache, progress, found_by):
    cache = make_cache(tiny)
    cache.ensure(["tiny"], progress)
    (cache.path("tiny") / "model.bin").write_bytes(BODY[:100])
    assert cache.state("tiny") is State.INCOMPLETE
    getattr(cache, found_by)(["tiny"], progress)
    assert (cache.path("tiny") / "model.bin").read_bytes() == BODY


def test_damage_that_left_size_and_time_alone_is_found_by_verify_and_mended(hub, web, tiny, make_cache, progress):
    cache = make_cache(tiny)
    cache.ensure(["tiny"], progress)
    damage(cache.path("tiny") / "model.bin")
    (fault,) = cache.verify(["tiny"])
    assert str(fault) == f"tiny: {cache.path('tiny') / 'model.bin'} is damaged (its sha256 differs)"
    web.requests.clear()
    cache.ensure(["tiny"], progress)
    assert cache.verify(["tiny"]) == []
    assert [request.path for request in web.requests] == [f"{hub}model.bin"]


def test_pull_names_the_damaged_file_it_fetches_again(hub, tiny, make_cache, progress):
    cache = make_cache(tiny)
    cache.ensure(["tiny"], progress)
    damage(cache.path("tiny") / "model.bin")
    cache.pull(["tiny"], progress)
    assert progress.said == [
        f"tiny: {cache.path('tiny') / 'model.bin'} is damaged (its sha256 differs); it is fetched again"
    ]
    assert (cache.path("tiny") / "model.bin").read_bytes() == BODY


def damage(path: Path) -> None:
    """Change a byte and leave everything else as it was."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"\xff")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_file_with_a_wrong_hash_is_refused_and_the_next_source_tried(
    hub, web, page, make_model, make_cache, progress
):
    web.pages[f"{hub}model.bin"].body = b"\xff" + BODY[1:]
    model = make_model({"model.bin": BODY}, HUB, other_site(web, page))
    cache = make_cache(model)
    cache.ensure(["tiny"], progress)
    assert (cache.path("tiny") / "model.bin").read_bytes() == BODY
    assert progress.said == [
        "tiny: model hub, some/tiny: model.bin is damaged (its sha256 differs); it was refused and deleted; "
        "trying the next source"
    ]


def test_a_file_of_a_wrong_size_is_refused_before_it_is_fetched(hub, web, page, make_model, make_cache, progress):
    web.pages[f"{hub}model.bin"].body = BODY + b"!"
    model = make_model({"model.bin": BODY}, HUB, other_site(web, page))
    make_cache(model).ensure(["tiny"], progress)
    assert "offers 1,024,001 bytes where 1,024,000 are expected" in progress.said[0]


def test_a_source_that_cannot_be_reached_is_passed_over(web, page, make_model, make_cache, progress):
    nowhere = Release(title="nowhere", base="http://127.0.0.1:1/")
    cache = make_cache(make_model({"model.bin": BODY}, nowhere, other_site(web, page)))
    cache.ensure(["tiny"], progress)
    assert cache.state("tiny") is State.WHOLE
    assert "127.0.0.1 cannot be reached" in progress.said[0]


def test_the_next_source_is_asked_only_for_what_is_still_missing(hub, web, page, make_model, make_cache, progress):
    del web.pages[f"{hub}config.json"]
    web.pages["/other/config.json"] = page(FILES["config.json"])
    cache = make_cache(make_model(FILES, HUB, other_site(web, page)))
    cache.ensure(["tiny"], progress)
    assert cache.state("tiny") is State.WHOLE
    assert not web.asked("/other/model.bin")


def test_when_no_source_delivers_each_reason_and_the_way_out_is_told(hub, web, page, make_model, make_cache, progress):
    del web.pages[f"{hub}model.bin"]
    cache = make_cache(make_model({"model.bin": BODY}, HUB, other_site(web, page, b"wrong")))
    with pytest.raises(ModelError) as failure:
        cache.ensure(["tiny"], progress)
    assert "model hub, some/tiny: 127.0.0.1 answers 404" in failure.value.message
    assert "other site: 127.0.0.1 offers 5 bytes" in failure.value.message
    assert f"put model.bin into {cache.path('tiny')}" in failure.value.message
    assert not (cache.path("tiny") / "model.bin").exists()


def test_the_token_of_the_hub_goes_to_the_hub_alone(hub, web, page, make_model, make_cache, progress, monkeypatch):
    monkeypatch.setattr(type(web), "environment", {**web.environment, "HF_TOKEN": "secret"})
    del web.pages[f"{hub}model.bin"]
    make_cache(make_model({"model.bin": BODY}, HUB, other_site(web, page))).ensure(["tiny"], progress)
    assert {request.path: request.authorization for request in web.requests} == {
        f"{hub}model.bin": "Bearer secret",
        "/other/model.bin": None,
    }


def test_too_little_room_is_told_before_anything_is_fetched(hub, web, tiny, make_cache, progress):
    cache = make_cache(tiny, room=lambda folder: 1_000)
    with pytest.raises(DiskFull, match=r"tiny: 68\.2 MB of disk are needed in .*, 1\.0 kB are free") as failure:
        cache.ensure(["tiny"], progress)
    assert "ANTIPHON_MODELS_DIR" in failure.value.message
    assert web.requests == []


def test_a_disk_that_fills_up_on_the_way_is_told_and_no_other_source_tried(
    hub, web, page, make_model, make_cache, progress, monkeypatch
):
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cache = make_cache(make_model({"model.bin": BODY}, HUB, other_site(web, page)))
    monkeypatch.setattr("antiphon.models.sources.os.replace", full)
    with pytest.raises(DiskFull, match="is full"):
        cache.ensure(["tiny"], progress)
    assert not web.asked("/other/model.bin")


def test_a_folder_that_cannot_be_written_is_told_as_trouble_with_models(hub, tiny, make_cache, progress):
    cache = make_cache(tiny)
    cache.directory.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="Choose another folder with ANTIPHON_MODELS_DIR"):
        cache.ensure(["tiny"], progress)


def test_an_unknown_name_is_answered_with_those_there_are(tiny, make_cache):
    with pytest.raises(ModelError, match=r"no model 'huge'. The catalogue has: tiny\."):
        make_cache(tiny).path("huge")


def test_a_name_stands_for_the_folder_of_several_files_and_for_the_file_where_there_is_one(make_model, make_cache):
    cache = make_cache(make_model(FILES, name="several"), make_model({"a.gguf": b"a"}, name="single"))
    assert cache.resolve("several") == cache.directory / "several"
    assert cache.resolve("single") == cache.directory / "single" / "a.gguf"


def test_a_path_stands_for_itself(tiny, make_cache, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own.gguf").touch()
    assert make_cache(tiny).resolve(str(tmp_path / "own.gguf")) == tmp_path / "own.gguf"
    assert make_cache(tiny).resolve("~/own.gguf") == tmp_path / "own.gguf"


def test_what_is_neither_a_name_nor_a_path_is_told_with_the_names_there_are(tiny, make_cache):
    with pytest.raises(ModelError, match=r"'whisper-huge' is no engine .* The catalogue has: tiny\."):
        make_cache(tiny).resolve("whisper-huge")


def test_the_environment_chooses_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("ANTIPHON_MODELS_DIR", str(tmp_path))
    assert default_directory() == tmp_path
    monkeypatch.delenv("ANTIPHON_MODELS_DIR")
    assert default_directory().parts[-2:] == ("antiphon", "models")


PULL = """
import hashlib, os, sys
from pathlib import Path
from antiphon.models.cache import ModelCache
from antiphon.models.model import HubRepository, Model, ModelFile, Role
from antiphon.models.progress import Lines

body = bytes(range(256)) * 4_000
file = ModelFile("model.bin", len(body), hashlib.sha256(body).hexdigest())
model = Model(name="tiny", role=Role.RECOGNIZER, title="Tiny", licence="MIT", homepage="", files=(file,),
              sources=(HubRepository(repository="some/tiny"),))
ModelCache(Path(sys.argv[1]), catalogue={"tiny": model}).ensure(["tiny"], Lines(sys.stdout))
"""


@pytest.fixture
def start_pull(web, tmp_path: Path):
    """Start another process that ensures the model; it is ended with the test."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PULL, str(tmp_path / "models")]
        process = subprocess.Popen(command, env={**os.environ, **web.environment}, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_of_two_processes_one_fetches_and_the_other_waits_and_finds_the_files(hub, web, start_pull, held):
    first = start_pull()
    assert web.half_is_out.wait(30)
    second = start_pull()
    assert second.stdout
    assert second.stdout.readline() == "tiny: another process is fetching it; waiting until it is done\n"
    held.set()
    assert first.wait(30) == 0
    assert second.wait(30) == 0
    assert len(web.asked(f"{hub}model.bin")) == 1


def test_a_process_killed_in_the_middle_leaves_no_file_and_the_next_goes_on_from_there(
    hub, web, start_pull, held, make_model, make_cache, progress
):
    cache: ModelCache = make_cache(make_model({"model.bin": BODY}, HUB))
    process = start_pull()
    wait_for(lambda: any(path.stat().st_size for path in cache.directory.rglob("model.bin")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert cache.state("tiny") is State.MISSING
    held.set()
    cache.ensure(["tiny"], progress)
    assert (cache.path("tiny") / "model.bin").read_bytes() == BODY
    assert web.asked(f"{hub}model.bin")[-1].range is not None


@pytest.fixture
def held(hub, web):
    """The hub stops in the middle of model.bin until this event is set."""
    released = web.pages[f"{hub}model.bin"].hold = threading.Event()
    yield released
    released.set()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
