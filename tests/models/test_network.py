from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from antiphon.models.errors import HashMismatch, ModelError, SourceUnreachable
from antiphon.models.network import Network
from antiphon.models.progress import TransferStopped

BODY = bytes(range(256)) * 2_000


def download(network: Network, url: str, target: Path, **wanted: Any) -> list[int]:
    """Download and return the numbers of bytes that were reported."""
    reported: list[int] = []
    network.download(url, target, report=lambda done, total: reported.append(done), **wanted)
    return reported


def test_a_download_that_was_cut_goes_on_where_it_was_cut(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, cuts=[100_000])
    download(network, f"{web.url}/file", tmp_path / "file", size=len(BODY))
    assert (tmp_path / "file").read_bytes() == BODY
    assert [request.range for request in web.asked("/file")] == [None, "bytes=100000-"]


def test_a_download_goes_on_from_what_an_earlier_process_left(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY)
    (tmp_path / "file").write_bytes(BODY[:70_000])
    reported = download(network, f"{web.url}/file", tmp_path / "file", size=len(BODY))
    assert (tmp_path / "file").read_bytes() == BODY
    assert min(reported) > 70_000


def test_a_server_that_knows_no_ranges_makes_the_download_begin_anew(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, knows_ranges=False, cuts=[100_000])
    download(network, f"{web.url}/file", tmp_path / "file", size=len(BODY))
    assert (tmp_path / "file").read_bytes() == BODY


def test_a_partial_file_that_is_longer_than_the_file_is_thrown_away(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, errors=[416])
    (tmp_path / "file").write_bytes(BODY + b"more")
    download(network, f"{web.url}/file", tmp_path / "file", size=len(BODY))
    assert (tmp_path / "file").read_bytes() == BODY


def test_an_answer_of_another_size_is_refused_before_its_body_is_read(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY)
    with pytest.raises(HashMismatch, match="offers 512,000 bytes where 9 are expected"):
        download(network, f"{web.url}/file", tmp_path / "file", size=9)
    assert list(tmp_path.iterdir()) == []


def test_a_passing_fault_of_the_server_is_waited_for(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, errors=[503, 429])
    download(network, f"{web.url}/file", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY


def test_many_cuts_are_survived_as_long_as_each_attempt_gets_further(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, cuts=[50_000] * 8)
    download(network, f"{web.url}/file", tmp_path / "file", size=len(BODY))
    assert (tmp_path / "file").read_bytes() == BODY


def test_a_server_that_only_fails_is_given_up_for_good(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY, errors=[503] * 100)
    for _ in range(2):
        with pytest.raises(SourceUnreachable, match="503"):
            download(network, f"{web.url}/file", tmp_path / "file")
    assert len(web.asked("/file")) == 4


def test_a_file_that_is_not_there_is_not_asked_for_again(web, network, tmp_path):
    with pytest.raises(ModelError, match="404 Not Found for /file"):
        download(network, f"{web.url}/file", tmp_path / "file")
    assert len(web.asked("/file")) == 1


def test_a_host_that_cannot_be_reached_is_tried_only_once(tmp_path, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    attempts: list[object] = []
    create = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: attempts.append(a) or create(*a, **k))
    with Network({}, sleep=lambda seconds: None) as network:
        for name in ("one", "two"):
            with pytest.raises(SourceUnreachable, match="cannot be reached"):
                download(network, f"{url}/{name}", tmp_path / name)
    assert len(attempts) == 1


def test_a_host_that_accepts_but_never_answers_is_given_up_within_seconds(monkeypatch):
    monkeypatch.setattr("antiphon.models.network._FIRST_ANSWER_SECONDS", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        Network({}) as network,
        pytest.raises(SourceUnreachable, match="no answer within"),
    ):
        network.reach(f"http://127.0.0.1:{mute.getsockname()[1]}/")


def test_a_stopped_download_keeps_what_came(web, page, network, tmp_path):
    web.pages["/file"] = page(BODY)

    def stop(done: int, total: int | None) -> None:
        raise TransferStopped

    with pytest.raises(TransferStopped):
        network.download(f"{web.url}/file", tmp_path / "file", report=stop)
    assert 0 < (tmp_path / "file").stat().st_size < len(BODY)
