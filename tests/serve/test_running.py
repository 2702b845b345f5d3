"""Servers say that they run, and nobody says it for them once they have ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from antiphon.serve.running import announced, choice, running, running_on

from ..cli.servers import described, pretended_server


@pytest.fixture(autouse=True)
def _own_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_server_is_found_for_as_long_as_it_runs(tmp_path: Path):
    with pretended_server(tmp_path / "data", tls_port=9443, prefix="/antiphon") as server:
        assert running_on(tmp_path / "data") == [server]
        assert running() == [server]
        assert server.listens()
        assert server.url == f"http://localhost:{server.port}/antiphon"
        assert server.tls_url == "https://localhost:9443/antiphon"
    assert running_on(tmp_path / "data") == []
    assert running() == []


def test_a_server_that_was_killed_is_not_found(tmp_path: Path):
    program = f"""
        import time
        from pathlib import Path
        from antiphon.serve.running import announced
        from tests.cli.servers import described
        with announced(described(Path({str(tmp_path / "data")!r}), port=9000)):
            print("it runs", flush=True)
            time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"it runs\n"
        assert [server.port for server in running_on(tmp_path / "data")] == [9000]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert running_on(tmp_path / "data") == []
    assert running() == []
    with announced(described(tmp_path / "data", port=9000)):
        assert len(list((tmp_path / "data" / "servers").iterdir())) == 1


def test_a_server_that_is_starting_has_its_port_and_does_not_listen(tmp_path: Path):
    with pretended_server(tmp_path / "data", is_ready=False) as server:
        assert running_on(tmp_path / "data") == [server]
        assert not server.listens()


def test_several_servers_share_a_folder(tmp_path: Path):
    with pretended_server(tmp_path / "data") as one, pretended_server(tmp_path / "data") as other:
        assert {server.port for server in running_on(tmp_path / "data")} == {one.port, other.port}
    assert running_on(tmp_path / "data") == []


def test_what_is_no_servers_file_is_passed_over(tmp_path: Path):
    (tmp_path / "data" / "servers").mkdir(parents=True)
    (tmp_path / "data" / "servers" / "9000-x.json").write_text("{")
    assert running_on(tmp_path / "data") == []


def test_the_only_server_is_meant_or_that_on_the_usual_port(tmp_path: Path):
    usual, one, other = (described(tmp_path, port=port) for port in (8080, 9000, 9001))
    assert choice([one]) == one
    assert choice([one, usual, other]) == usual
    assert choice([one, other]) is None
    assert choice([]) is None


def test_the_data_folder_stays_its_owners(tmp_path: Path):
    with pretended_server(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "data" / "servers").stat().st_mode & 0o777 == 0o700
