"""The links that sign in, and the command that prints them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from antiphon.cli import app
from antiphon.identity.portal_sessions import OPERATOR, PortalSessions
from antiphon.portal_link import portal_address, sign_in_link
from antiphon.store.database import Database

LINK = re.compile(r"(.*)/portal/#code=([\w-]{43})\n")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without an antiphon.toml."""
    monkeypatch.chdir(tmp_path)


def portal(data: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["portal", "--data", str(data), *options])


def printed(data: Path, *options: str) -> tuple[str, str]:
    """The address and the code."""
    found = LINK.fullmatch(portal(data, *options).stdout)
    assert found is not None
    return found[1], found[2]


def test_the_code_is_where_browsers_send_it_to_nobody() -> None:
    assert sign_in_link("http://localhost:8080/", "abc") == "http://localhost:8080/portal/#code=abc"


@pytest.mark.parametrize(
    ("host", "tls_port", "expected"),
    [
        ("127.0.0.1", 8443, "http://localhost:8080/p"),
        ("::1", None, "http://localhost:8080/p"),
        ("0.0.0.0", 8443, "http://localhost:8080/p"),
        ("::", 8443, "http://localhost:8080/p"),
        ("192.0.2.5", 8443, "https://192.0.2.5:8443/p"),
        ("192.0.2.5", None, "http://192.0.2.5:8080/p"),
        ("2001:db8::5", 8443, "https://[2001:db8::5]:8443/p"),
        ("voice.example.org", 8443, "https://voice.example.org:8443/p"),
    ],
)
def test_the_address_is_one_where_the_microphone_can_be_heard(host: str, tls_port: int | None, expected: str) -> None:
    assert portal_address(host, port=8080, tls_port=tls_port, prefix="/p") == expected


@pytest.mark.anyio
async def test_the_command_prints_a_code_that_works(tmp_path: Path) -> None:
    address, code = await asyncio.to_thread(printed, tmp_path / "data", "--port", "9000")
    assert address == "http://localhost:9000"
    async with await Database.open(tmp_path / "data" / "antiphon.db") as database:
        assert await PortalSessions(database).sign_in(code) is not None


def test_each_call_prints_another_code(tmp_path: Path) -> None:
    assert printed(tmp_path / "data") != printed(tmp_path / "data")


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ((), "http://localhost:8080/antiphon"),
        (("--url", "https://voice.example.org"), "https://voice.example.org/antiphon"),
        (("--url", "https://voice.example.org/antiphon/"), "https://voice.example.org/antiphon"),
    ],
)
def test_the_prefix_of_the_configuration_is_in_the_link(tmp_path: Path, options: tuple[str, ...], address: str) -> None:
    (tmp_path / "antiphon.toml").write_text('[server]\nprefix = "/antiphon"\n')
    assert printed(tmp_path / "data", *options)[0] == address


@pytest.mark.anyio
async def test_the_operator_can_sign_everybody_out(tmp_path: Path) -> None:
    _, before = await asyncio.to_thread(printed, tmp_path / "data")
    async with await Database.open(tmp_path / "data" / "antiphon.db") as database:
        sessions = PortalSessions(database)
        new = await sessions.open(OPERATOR)
        _, code = await asyncio.to_thread(printed, tmp_path / "data", "--end-sessions")
        assert await sessions.find(new.token) is None
        assert await sessions.sign_in(before) is None
        assert await sessions.sign_in(code) is not None
