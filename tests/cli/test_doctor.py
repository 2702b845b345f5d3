from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from antiphon.cli import doctor
from antiphon.cli.doctor import Finding, Verdict, examine
from antiphon.models.network import Network

NOWHERE = {
    "HF_ENDPOINT": "http://127.0.0.1:1",
    "PIP_INDEX_URL": "http://127.0.0.1:1",
    "NPM_CONFIG_REGISTRY": "http://127.0.0.1:1",
}


@pytest.fixture
def port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


@pytest.fixture
def offline() -> Iterator[Network]:
    with Network(NOWHERE) as network:
        yield network


def findings(cache, port: int, network: Network) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(cache, list(cache.catalogue), port, network)}


def put_by_hand(cache, body: bytes) -> None:
    cache.path("tiny").mkdir(parents=True)
    (cache.path("tiny") / "model.bin").write_bytes(body)


def test_a_whole_model_is_found_well(make_model, make_cache, port, network):
    cache = make_cache(make_model({"model.bin": b"weights"}))
    put_by_hand(cache, b"weights")
    assert findings(cache, port, network)["Model"] == Finding(Verdict.OK, "Model", "tiny, 7 bytes, whole")


def test_a_damaged_model_is_named_with_what_to_do(make_model, make_cache, port, network):
    cache = make_cache(make_model({"model.bin": b"weights"}))
    put_by_hand(cache, b"weighty")
    found = findings(cache, port, network)["Model"]
    assert found.verdict is Verdict.WARN
    assert "model.bin is damaged" in found.detail
    assert "antiphon models pull tiny" in found.advice


def test_sources_that_answer_are_found_well(make_model, make_cache, port, network):
    found = findings(make_cache(make_model({"model.bin": b"weights"})), port, network)
    assert {found[name].verdict for name in ("Model hub", "Python packages", "npm packages")} == {Verdict.OK}


def test_no_source_at_all_fails_while_models_are_missing(make_model, make_cache, port, offline):
    found = findings(make_cache(make_model({"model.bin": b"weights"})), port, offline)
    assert {found[name].verdict for name in ("Model hub", "Python packages", "npm packages")} == {Verdict.FAIL}


def test_no_source_is_needed_once_the_models_are_there(make_model, make_cache, port, offline):
    cache = make_cache(make_model({"model.bin": b"weights"}))
    put_by_hand(cache, b"weights")
    assert findings(cache, port, offline)["Model hub"].verdict is Verdict.WARN


def test_a_port_in_use_fails(make_model, make_cache, network):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = findings(make_cache(make_model({"model.bin": b"weights"})), port, network)
    assert found[f"Port {port}"].verdict is Verdict.FAIL
    assert "antiphon serve --port" in found[f"Port {port}"].advice


def test_a_port_where_antiphon_runs_is_fine(make_model, make_cache, network):
    class Ready(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("apim-request-id", "1")
            self.end_headers()

        def log_message(self, *args):  # pyright: ignore[reportIncompatibleMethodOverride]
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.handle_request).start()
        found = findings(make_cache(make_model({"model.bin": b"weights"})), server.server_port, network)
    assert found[f"Port {server.server_port}"].verdict is Verdict.OK


def test_a_disk_too_small_for_missing_models_fails(make_model, make_cache, port, network, monkeypatch):
    monkeypatch.setattr(doctor, "free_bytes", lambda folder: 1_000)
    found = findings(make_cache(make_model({"model.bin": b"weights"})), port, network)["Disk"]
    assert found.verdict is Verdict.FAIL
    assert "ANTIPHON_MODELS_DIR" in found.advice


def test_little_memory_and_a_single_processor_are_warned_of(make_model, make_cache, port, network, monkeypatch):
    monkeypatch.setattr(doctor, "memory_bytes", lambda: 1_000_000_000)
    monkeypatch.setattr(doctor, "cpu_count", lambda: 1.0)
    found = findings(make_cache(make_model({"model.bin": b"weights"})), port, network)
    assert (found["Memory"].verdict, found["Processors"].verdict) == (Verdict.WARN, Verdict.WARN)


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.WARN, 0), (Verdict.FAIL, 1)])
def test_the_command_ends_with_1_only_where_something_fails(verdict, code, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda *given: iter([Finding(verdict, "Disk", "1 kB free", "Make room.")]))
    monkeypatch.setattr(doctor, "examine_calls", lambda *given: iter([]))
    monkeypatch.setattr(doctor, "examine_engines", lambda *given: iter([]))
    app = typer.Typer()
    app.command()(doctor.doctor)
    result = CliRunner().invoke(app)
    assert result.exit_code == code
    assert result.stdout == f"{verdict:<5}Disk: 1 kB free\n     → Make room.\n"
