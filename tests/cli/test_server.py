"""`antiphon portal` and `antiphon env` speak of the server that runs, and of no other."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antiphon.cli.errors import ServerNotRunning
from antiphon.cli.main import app
from antiphon.errors import ConfigurationError
from antiphon.identity.portal_sessions import OPERATOR, PortalSessions
from antiphon.store.database import Database

from .servers import pretended_server

LINK = re.compile(r"(.*)/portal/#code=([\w-]{43})\n")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home without any server, and no antiphon.toml in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANTIPHON_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


def antiphon(*arguments: str | Path) -> str:
    """What the command writes to standard output; it raises what it refuses."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def link(*options: str | Path) -> tuple[str, str]:
    """The address and the code that `antiphon portal` prints."""
    found = LINK.fullmatch(antiphon("portal", *options))
    assert found is not None
    return found[1], found[2]


def env(*options: str | Path) -> dict[str, str]:
    lines = antiphon("env", *options).splitlines()
    return dict(shlex.split(line)[1].split("=", 1) for line in lines)


async def signs_in(data: Path, code: str) -> bool:
    async with await Database.open(data / "antiphon.db") as database:
        return await PortalSessions(database).sign_in(code) is not None


@pytest.mark.parametrize(
    "command", [("portal",), ("env",), ("env", "--key"), ("env", "--tls"), ("portal", "--url", "https://example.org")]
)
@pytest.mark.parametrize("named", [True, False])
def test_where_no_server_runs_nothing_is_printed(tmp_path: Path, command: tuple[str, ...], named: bool):
    options = ("--data", str(tmp_path / "data")) if named else ()
    result = CliRunner().invoke(app, [*command, *options])
    assert (result.exit_code, result.stdout) == (1, "")
    assert isinstance(result.exception, ServerNotRunning)
    assert "Start it:" in result.exception.message
    assert (f"serve --data {tmp_path / 'data'}" in result.exception.message) == named


@pytest.mark.parametrize("command", ["portal", "env"])
def test_a_server_that_is_still_starting_is_waited_for(tmp_path: Path, command: str):
    with pretended_server(tmp_path / "data", is_ready=False), pytest.raises(ServerNotRunning, match="still starting"):
        antiphon(command, "--data", tmp_path / "data")


def test_the_link_leads_to_the_servers_port_and_works_there(tmp_path: Path):
    with pretended_server(tmp_path / "data", prefix="/antiphon") as server:
        address, code = link("--data", tmp_path / "data")
        assert address == f"http://localhost:{server.port}/antiphon"
        assert asyncio.run(signs_in(tmp_path / "data", code))


def test_a_server_on_another_folder_is_found_where_none_is_named(tmp_path: Path):
    with pretended_server(tmp_path / "elsewhere") as server:
        address, code = link()
        assert address == f"http://localhost:{server.port}"
        assert asyncio.run(signs_in(tmp_path / "elsewhere", code))
        assert env("--key")["AZURE_OPENAI_API_KEY"] in antiphon("keys", "list", "--data", tmp_path / "elsewhere")


def test_the_server_on_the_usual_folder_goes_first(tmp_path: Path):
    usual = tmp_path / "share" / "antiphon"
    with pretended_server(tmp_path / "elsewhere"), pretended_server(usual) as server:
        assert env()["AZURE_OPENAI_ENDPOINT"] == f"http://localhost:{server.port}"


@pytest.mark.parametrize("by_variable", [True, False])
def test_a_folder_that_is_named_means_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_variable: bool):
    if by_variable:
        monkeypatch.setenv("ANTIPHON_DATA", str(tmp_path / "mine"))
    options = () if by_variable else ("--data", tmp_path / "mine")
    with pretended_server(tmp_path / "elsewhere") as server:
        with pytest.raises(ServerNotRunning) as refused:
            antiphon("portal", *options)
        assert f"portal --port {server.port} --data {tmp_path / 'elsewhere'}" in refused.value.message


def test_a_port_says_which_of_several_servers_is_meant_whatever_its_folder(tmp_path: Path):
    with pretended_server(tmp_path / "one") as one, pretended_server(tmp_path / "other") as other:
        with pytest.raises(ServerNotRunning, match="Several servers are running") as refused:
            antiphon("portal")
        for server in (one, other):
            assert f"portal --port {server.port} --data {server.data}" in refused.value.message
            address, code = link("--port", str(server.port))
            assert address == f"http://localhost:{server.port}"
            assert asyncio.run(signs_in(Path(server.data), code))


def test_a_port_that_no_server_listens_on_is_refused(tmp_path: Path):
    with pretended_server(tmp_path / "data", port=0), pytest.raises(ServerNotRunning, match="port 1"):
        antiphon("env", "--port", "1", "--data", tmp_path / "data")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://voice.example.org", "https://voice.example.org/antiphon"),
        ("https://voice.example.org/antiphon/", "https://voice.example.org/antiphon"),
    ],
)
def test_a_proxys_address_gets_the_servers_prefix(tmp_path: Path, url: str, address: str):
    with pretended_server(tmp_path / "data", prefix="/antiphon"):
        assert link("--data", tmp_path / "data", "--url", url)[0] == address


def test_each_call_prints_another_code(tmp_path: Path):
    with pretended_server(tmp_path / "data"):
        assert link() != link()


def test_the_operator_can_sign_everybody_out(tmp_path: Path):
    async def open_session() -> str:
        async with await Database.open(tmp_path / "data" / "antiphon.db") as database:
            return (await PortalSessions(database).open(OPERATOR)).token

    async def is_open(token: str) -> bool:
        async with await Database.open(tmp_path / "data" / "antiphon.db") as database:
            return await PortalSessions(database).find(token) is not None

    with pretended_server(tmp_path / "data"):
        _, before = link()
        token = asyncio.run(open_session())
        _, after = link("--end-sessions")
        assert not asyncio.run(is_open(token))
        assert not asyncio.run(signs_in(tmp_path / "data", before))
        assert asyncio.run(signs_in(tmp_path / "data", after))
        token = asyncio.run(open_session())
    with pytest.raises(ServerNotRunning):  # There is no link, but signing out takes no server.
        antiphon("portal", "--data", tmp_path / "data", "--end-sessions")
    assert not asyncio.run(is_open(token))


def test_the_environment_is_that_of_the_server(tmp_path: Path):
    with pretended_server(tmp_path / "data", prefix="/antiphon", tls_port=9443) as server:
        found = env()
        assert found["AZURE_OPENAI_ENDPOINT"] == f"http://localhost:{server.port}/antiphon"
        assert found["IDENTITY_ENDPOINT"] == f"http://localhost:{server.port}/antiphon/msi/token"
        assert env("--tls")["AZURE_OPENAI_ENDPOINT"] == "https://localhost:9443/antiphon"
        assert env("--tls", "--tls-port", "9443") == env("--tls")
        with pytest.raises(ServerNotRunning, match="does not serve https on port 8443"):
            antiphon("env", "--tls", "--tls-port", "8443")


def test_https_is_not_promised_where_there_is_none(tmp_path: Path):
    with pretended_server(tmp_path / "data"), pytest.raises(ConfigurationError, match="does not serve https"):
        antiphon("env", "--tls")


def test_a_server_that_listens_elsewhere_is_reached_there(tmp_path: Path):
    with pretended_server(tmp_path / "data", host="127.0.0.2", tls_port=9443, is_ready=False) as server:
        assert server.portal_url == "https://127.0.0.2:9443"
