from __future__ import annotations

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from antiphon.errors import ConfigurationError
from antiphon.serve.forwarding import Forwarding

pytestmark = pytest.mark.anyio

PROXY = "10.0.0.1"


async def seen(
    peer: str | None, headers: dict[str, str], *, trusted: tuple[str, ...] = (), type_: str = "http"
) -> tuple[str | None, str]:
    """Which client and scheme the application sees."""
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def nothing(*_: Any) -> Any:
        raise AssertionError("The middleware has nothing to say itself.")

    pairs = [(name.encode(), part.encode()) for name, value in headers.items() for part in value.split("|")]
    scope = {
        "type": type_,
        "scheme": "http" if type_ == "http" else "ws",
        "headers": pairs,
        "client": None if peer is None else (peer, 50000),
    }
    await Forwarding(app, trusted_proxies=trusted)(scope, nothing, nothing)
    client = scopes[0]["client"]
    return client and client[0], scopes[0]["scheme"]


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.7"])
async def test_who_connects_is_who_asks_where_nobody_says_otherwise(peer: str) -> None:
    assert await seen(peer, {"host": "localhost"}) == (peer, "http")


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via"])
async def test_a_request_that_another_process_relays_does_not_come_from_this_machine(name: str) -> None:
    assert await seen("127.0.0.1", {name: "anything"}) == (None, "http")


@pytest.mark.parametrize("claimed", ["127.0.0.1", "::1", "10.0.0.2"])
async def test_a_stranger_is_not_believed(claimed: str) -> None:
    forged = {"x-forwarded-for": claimed, "x-forwarded-proto": "https"}
    assert await seen("203.0.113.7", forged, trusted=(PROXY,)) == ("203.0.113.7", "http")


@pytest.mark.parametrize("trusted", [(PROXY,), ("10.0.0.0/8",), ("192.0.2.1", "10.0.0.1/24")])
async def test_a_trusted_proxy_is(trusted: tuple[str, ...]) -> None:
    told = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    assert await seen(PROXY, told, trusted=trusted) == ("203.0.113.7", "https")


@pytest.mark.parametrize(("told", "scheme"), [("https", "wss"), ("wss", "wss"), ("http", "ws"), ("ws", "ws")])
async def test_the_schemes_of_websockets_are_their_own(told: str, scheme: str) -> None:
    headers = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": told}
    assert await seen(PROXY, headers, trusted=(PROXY,), type_="websocket") == ("203.0.113.7", scheme)


async def test_a_scheme_that_is_none_is_not_taken() -> None:
    headers = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "javascript"}
    assert await seen(PROXY, headers, trusted=(PROXY,)) == ("203.0.113.7", "http")


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1|203.0.113.7|10.0.0.2", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
async def test_the_client_is_the_last_one_that_no_proxy_of_ours_is(chain: str, client: str) -> None:
    assert await seen(PROXY, {"x-forwarded-for": chain}, trusted=("10.0.0.0/8",)) == (client, "http")


@pytest.mark.parametrize(
    "chain",
    [
        "127.0.0.1",
        "127.9.9.9:80",
        "[::1]:80",
        "::1",
        "::ffff:127.0.0.1",
        "127.0.0.1, 10.1.1.1",
        "10.1.1.1, 10.2.2.2",
        "127.0.0.1, unknown",
        "localhost",
        "",
        "[",
        ",",
    ],
)
async def test_what_a_proxy_says_makes_nobody_a_process_of_this_machine(chain: str) -> None:
    for proxies in (("10.0.0.0/8",), ("10.0.0.0/8", "127.0.0.0/8", "::1"), ("0.0.0.0/0", "::/0")):
        client, _ = await seen(PROXY, {"x-forwarded-for": chain}, trusted=proxies)
        assert client is None


async def test_a_proxy_on_this_machine_can_be_trusted() -> None:
    assert await seen("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, trusted=("127.0.0.1",)) == (
        "203.0.113.7",
        "http",
    )


async def test_a_connection_without_an_address_stays_one() -> None:
    assert await seen(None, {"x-forwarded-for": "127.0.0.1"}, trusted=("127.0.0.1",)) == (None, "http")


@pytest.mark.parametrize("proxy", ["*", "", "proxy.example.com", "10.0.0.0/33"])
def test_what_is_no_address_cannot_be_trusted(proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="trusted_proxies"):
        Forwarding(lambda *_: None, trusted_proxies=(proxy,))  # pyright: ignore
