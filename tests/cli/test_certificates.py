from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antiphon.cli.main import app
from antiphon.errors import ConfigurationError
from antiphon.serve.running import RunningServer

from .servers import pretended_server

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither settings nor authorities of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "a folder"


def antiphon(*arguments: str | Path) -> str:
    """Run the command and return all that it wrote to standard output."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def evaluated(lines: str) -> dict[str, str]:
    """What a shell has that evaluates the lines."""
    names = [line.removeprefix("export ").partition("=")[0] for line in lines.splitlines()]
    script = lines + "".join(f'echo "${name}"\n' for name in names)
    values = subprocess.check_output(["sh", "-c", script], text=True).splitlines()
    return dict(zip(names, values, strict=True))


@pytest.fixture
def server(data: Path) -> Generator[RunningServer]:
    with pretended_server(data, tls_port=9443) as server:
        yield server


def test_without_tls_nothing_is_made_and_no_authority_told(data: Path, server: RunningServer) -> None:
    variables = evaluated(antiphon("env", "--data", data))
    assert variables["AZURE_OPENAI_ENDPOINT"] == server.url
    assert variables.keys().isdisjoint(VARIABLES)
    assert not (data / "tls").exists()


@pytest.mark.usefixtures("server")
def test_tls_leads_clients_to_https_and_tells_them_whom_to_trust(data: Path) -> None:
    variables = evaluated(antiphon("env", "--tls", "--data", data))
    assert variables["AZURE_OPENAI_ENDPOINT"] == "https://localhost:9443"
    assert variables["SSL_CERT_FILE"] == variables["REQUESTS_CA_BUNDLE"] == str(data / "tls" / "bundle.pem")
    assert variables["NODE_EXTRA_CA_CERTS"] == str(data / "tls" / "ca.pem")
    assert Path(variables["NODE_EXTRA_CA_CERTS"]).read_bytes() in Path(variables["SSL_CERT_FILE"]).read_bytes()


def test_the_authority_alone_leaves_clients_on_http(data: Path, server: RunningServer) -> None:
    variables = evaluated(antiphon("env", "--ca", "--data", data))
    assert variables["AZURE_OPENAI_ENDPOINT"] == server.url
    assert variables.keys() >= set(VARIABLES)


@pytest.mark.usefixtures("server")
def test_paths_hold_wherever_the_shell_goes(data: Path) -> None:
    variables = evaluated(antiphon("env", "--tls", "--data", os.path.relpath(data)))
    assert all(Path(variables[name]).is_absolute() for name in VARIABLES)


def test_showing_names_files_and_what_is_in_them(data: Path) -> None:
    Path("antiphon.toml").write_text('[tls]\nnames = ["voice.example.com"]\n')
    shown = antiphon("certificates", "show", "--data", data)
    der = ssl.PEM_cert_to_DER_cert((data / "tls" / "ca.pem").read_text())
    assert hashlib.sha256(der).digest().hex(":").upper() in shown
    assert str(data / "tls" / "server.pem") in shown
    assert "voice.example.com" in shown
    assert "PRIVATE" not in shown


def test_renewing_makes_another_certificate(data: Path) -> None:
    antiphon("certificates", "show", "--data", data)
    before = (data / "tls" / "server.pem").read_bytes()
    antiphon("certificates", "renew", "--data", data)
    assert (data / "tls" / "server.pem").read_bytes() != before


def test_a_certificate_of_ones_own_is_shown_instead(data: Path, tmp_path: Path) -> None:
    antiphon("certificates", "show", "--data", tmp_path / "other")
    own = tmp_path / "other" / "tls" / "server.pem"
    Path("antiphon.toml").write_text(f'[tls]\ncertificate = "{own}"\n')
    assert str(own) in antiphon("certificates", "show", "--data", data)
    assert not (data / "tls").exists()


def test_a_certificate_of_ones_own_leaves_nothing_to_renew(data: Path) -> None:
    Path("antiphon.toml").write_text('[tls]\ncertificate = "own.pem"\n')
    with pytest.raises(ConfigurationError, match="your own certificate"):
        antiphon("certificates", "renew", "--data", data)
    assert not (data / "tls").exists()


def test_a_server_with_a_certificate_of_its_operators_has_no_authority_to_trust(data: Path) -> None:
    with (
        pretended_server(data, tls_port=9443, has_own_authority=False),
        pytest.raises(ConfigurationError, match="your own certificate"),
    ):
        antiphon("env", "--tls", "--data", data)
    assert not (data / "tls").exists()
