"""What the operator has to mend is told in one plain sentence, without a stack trace, and ends the command with 1."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from ..disks import small_disk

ROOT = Path(__file__).parents[2]
SERVE = ("serve", "--tls-port", "0")


def refusal(data: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """What the command says before it ends with status 1."""
    command = [sys.executable, "-m", "tests.serve.bare_server", *words, "--data", str(data)]
    if words[0] == "serve" and "--port" not in words:
        command += ["--port", str(free_port())]
    state = {"XDG_STATE_HOME": str(data.parent / "state"), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        cwd=data.parent,
        env={**os.environ, **state, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    (line,) = (each for each in done.stderr.splitlines() if "will not find this server" not in each)
    return line.removeprefix("antiphon: ")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def succeed(*words: str, data: Path) -> None:
    command = [sys.executable, "-m", "tests.serve.bare_server", *words, "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with accounts, keys, and what is sealed."""
    folder = tmp_path_factory.mktemp("used") / "data"
    succeed("signing-keys", "rotate", data=folder)
    return folder


@pytest.fixture
def data(used: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(used, tmp_path / "data"))


COMMANDS = (SERVE, ("keys", "list"), ("records", "list"))


@pytest.mark.parametrize("words", COMMANDS)
def test_a_damaged_database_is_told(data: Path, words: tuple[str, ...]) -> None:
    file = data / "antiphon.db"
    file.write_bytes(b"\xff" * file.stat().st_size)
    expected = (
        f"{file} cannot be used: the database is damaged. Restore it from a backup, or move it away to start with new "
        "accounts and keys."
    )
    assert refusal(data, *words) == expected


@pytest.mark.parametrize("kept_bytes", [100, 4096, 20000])
def test_a_database_that_is_cut_off_is_told(data: Path, kept_bytes: int) -> None:
    file = data / "antiphon.db"
    file.write_bytes(file.read_bytes()[:kept_bytes])
    assert refusal(data, "keys", "list").startswith(f"{file} cannot be used: the database ")


@pytest.mark.parametrize("words", [SERVE, ("signing-keys", "list"), ("records", "list")])
def test_a_sealing_key_that_is_missing_is_told_and_none_is_made_anew(data: Path, words: tuple[str, ...]) -> None:
    (data / "seal.key").unlink()
    assert refusal(data, *words).startswith(f"The key {data}/seal.key is missing, and the stored data was encrypted")
    assert not (data / "seal.key").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"c2hvcnQ="])
def test_a_sealing_key_that_is_damaged_is_told(data: Path, content: bytes) -> None:
    (data / "seal.key").write_bytes(content)
    expected = f"{data}/seal.key must contain 32 bytes in base64, but does not. Restore the key from a backup."
    assert refusal(data, "signing-keys", "list") == expected


def test_another_sealing_key_is_told(data: Path) -> None:
    (data / "seal.key").write_text("A" * 43 + "=")
    assert refusal(data, *SERVE).startswith(f"The key in {data}/seal.key is not the one")


@pytest.mark.parametrize("words", [SERVE, ("keys", "list")])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, words: tuple[str, ...], is_new: bool) -> None:
    folder = tmp_path / "disk"
    is_root = os.geteuid() == 0
    with small_disk(folder, megabytes=8) if is_root else nullcontext(folder) as disk:
        if disk is None:
            pytest.skip("only root can have a disk of its own")
        disk.mkdir(exist_ok=True)
        if not is_new:
            succeed("keys", "list", data=disk / "data")
        if is_root:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        else:
            for each in (disk / "data", disk):
                if each.exists():
                    each.chmod(0o500)
        told = refusal(disk / "data", *words, environment={"XDG_STATE_HOME": str(tmp_path)})
        assert told.startswith(f"{disk}/data/antiphon.db cannot be used: the ")
        assert told.endswith("Give this user access to the folder and its contents, or choose another folder.")


def test_a_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "antiphon.db").mkdir()
    assert refusal(tmp_path / "data", "keys", "list").startswith(f"{tmp_path}/data/antiphon.db cannot be used: ")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_damaged_model_is_told(data: Path, workers: str) -> None:
    told = refusal(data, *SERVE, "--workers", workers, environment={"DAMAGED_MODEL": "whisper-base"})
    assert told.startswith(
        "The model whisper-base cannot be loaded: Unable to open file 'model.bin'. If it is damaged, `"
    )
    assert "models verify --repair` downloads it again" in told


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, b"cores = 'many'", b"a = 1\n", None])
def test_a_configuration_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    assert refusal(tmp_path / "data", *SERVE, "--config", str(path)).startswith(f"The configuration {path} ")


@pytest.mark.parametrize("host", ["127.0.0.1", "a..b", "192.0.2.1"])
def test_a_port_that_cannot_be_had_is_told(tmp_path: Path, host: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = refusal(tmp_path / "data", *SERVE, "--port", port, "--host", host)
    assert told.startswith(("Port ", "Cannot listen on "))
