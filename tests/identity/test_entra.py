from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from antiphon.identity.audiences import DATA_AUDIENCES
from antiphon.identity.entra import EntraTenant
from antiphon.identity.errors import TokenRefused
from antiphon.identity.tokens import TokenVerifier

from ..clocks import HandClock
from ..waiting import eventually, settled
from .forging import KID, TENANT, claims, forged, header, rsa_key

pytestmark = pytest.mark.anyio

MINUTE = 60.0
DAY = 24 * 3600.0


def jwk(kid: str = KID, *, key: RSAKey | None = None, **changes: Any) -> dict[str, Any]:
    return {**(key or rsa_key()).as_dict(private=False), "kid": kid, "use": "sig", **changes}


@dataclass(slots=True)
class Microsoft:
    """Stands in for the issuer; its keys, its answers and the time can be changed."""

    keys: list[Any] = field(default_factory=lambda: [jwk()])
    answer: Callable[[], httpx.Response] | None = None
    asked: list[str] = field(default_factory=list)
    seconds: float = 0.0
    pause: asyncio.Event | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.pause is not None:
            await self.pause.wait()
        return self.answer() if self.answer else httpx.Response(200, json={"keys": self.keys})

    def away(self) -> httpx.Response:
        raise httpx.ConnectError("no route")

    @asynccontextmanager
    async def tenant(self, **options: Any) -> AsyncGenerator[EntraTenant]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(self)) as client:
            tenant = EntraTenant(TENANT, client, monotonic=lambda: self.seconds, **options)
            yield tenant
            await tenant.close()


async def test_keys_are_fetched_from_the_tenants_own_address_once() -> None:
    microsoft = Microsoft()
    async with microsoft.tenant() as tenant:
        for _ in range(3):
            assert await tenant.find_key(KID) is not None
    assert microsoft.asked == [f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"]


@pytest.mark.parametrize(
    "issuer", [f"https://sts.windows.net/{TENANT}/", f"https://login.microsoftonline.com/{TENANT}/v2.0"]
)
async def test_tokens_of_both_versions_are_accepted(issuer: str) -> None:
    async with Microsoft().tenant() as tenant:
        token = forged(claims(iss=issuer))
        await TokenVerifier([tenant], clock=HandClock()).verify(token, DATA_AUDIENCES)


@pytest.mark.parametrize(
    ("authority", "issuer"),
    [
        ("https://login.microsoftonline.us/", f"https://login.microsoftonline.us/{TENANT}/v2.0"),
        ("https://login.microsoftonline.us", f"https://sts.windows.net/{TENANT}/"),
        ("https://login.chinacloudapi.cn", f"https://sts.chinacloudapi.cn/{TENANT}/"),
    ],
)
async def test_other_clouds_have_issuers_of_their_own(authority: str, issuer: str) -> None:
    microsoft = Microsoft()
    async with microsoft.tenant(authority=authority) as tenant:
        await TokenVerifier([tenant], clock=HandClock()).verify(forged(claims(iss=issuer)), DATA_AUDIENCES)
    assert microsoft.asked == [f"{authority.rstrip('/')}/{TENANT}/discovery/v2.0/keys"]


async def test_a_key_that_is_not_known_is_looked_for_once_a_minute() -> None:
    microsoft = Microsoft()
    async with microsoft.tenant() as tenant:
        await tenant.find_key(KID)
        microsoft.keys.append(jwk("new"))
        assert await tenant.find_key("new") is None
        microsoft.seconds = MINUTE
        assert await tenant.find_key("new") is not None
        for _ in range(5):
            assert await tenant.find_key("unknown") is None
    assert len(microsoft.asked) == 2


async def test_those_who_wait_for_keys_wait_for_the_same_fetch() -> None:
    microsoft = Microsoft(pause=asyncio.Event())
    async with microsoft.tenant() as tenant:
        waiting = [asyncio.create_task(tenant.find_key(KID)) for _ in range(5)]
        await settled()
        waiting[0].cancel()  # Its client has gone away: the others are served all the same.
        await settled()
        assert microsoft.pause is not None
        microsoft.pause.set()
        assert all(await asyncio.gather(*waiting[1:]))
    assert len(microsoft.asked) == 1


async def test_keys_are_fetched_anew_after_a_day_while_the_old_ones_serve() -> None:
    microsoft = Microsoft()
    async with microsoft.tenant() as tenant:
        await tenant.find_key(KID)
        microsoft.seconds = DAY + 1
        microsoft.keys = [jwk("new")]
        assert await tenant.find_key(KID) is not None
        assert await tenant.find_key("new") is not None
        assert await tenant.find_key(KID) is None


async def test_keys_serve_on_while_their_issuer_is_away(caplog: pytest.LogCaptureFixture) -> None:
    microsoft = Microsoft()
    async with microsoft.tenant() as tenant:
        await tenant.find_key(KID)
        microsoft.answer = microsoft.away
        microsoft.seconds = 3 * DAY
        assert await tenant.find_key("unknown") is None
        assert await tenant.find_key(KID) is not None
    assert "remain in use" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


async def test_a_tenant_whose_keys_cannot_be_had_lets_nobody_in_and_is_tried_again() -> None:
    microsoft = Microsoft()
    microsoft.answer = microsoft.away
    async with microsoft.tenant() as tenant:
        for _ in range(3):
            with pytest.raises(TokenRefused, match="cannot be fetched"):
                await tenant.find_key(KID)
        assert len(microsoft.asked) == 1
        microsoft.answer = None
        microsoft.seconds = 5.0
        assert await tenant.find_key(KID) is not None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: httpx.Response(500, json={"keys": [jwk("unknown")]}), id="an error"),
        pytest.param(
            lambda: httpx.Response(302, headers={"Location": "https://attacker.example/keys"}), id="a redirect"
        ),
        pytest.param(lambda: httpx.Response(200, text="<html>"), id="HTML"),
        pytest.param(lambda: httpx.Response(200, json=[jwk("unknown")]), id="a list"),
        pytest.param(lambda: httpx.Response(200, json={"keys": jwk("unknown")}), id="one key"),
        pytest.param(lambda: httpx.Response(200, json={"keys": []}), id="no keys"),
        pytest.param(lambda: httpx.Response(200, json={"keys": ["", None, {}, {"kid": 1}]}), id="no objects"),
        pytest.param(
            lambda: httpx.Response(200, content=json.dumps({"keys": [jwk("unknown")], "x": "x" * 1024 * 1024})),
            id="too much",
        ),
        pytest.param(
            lambda: httpx.Response(200, json={"keys": [jwk("unknown", kty="oct", k="AAAA")]}), id="a secret as a key"
        ),
        pytest.param(
            lambda: httpx.Response(200, json={"keys": [jwk("unknown", use="enc")]}), id="a key to encrypt with"
        ),
        pytest.param(
            lambda: httpx.Response(200, json={"keys": [jwk("unknown", alg="HS256")]}), id="a key for another algorithm"
        ),
        pytest.param(lambda: httpx.Response(200, json={"keys": [jwk("unknown", n="AAAA")]}), id="a broken key"),
        pytest.param(lambda: httpx.Response(200, json={"keys": [jwk("unknown", n="w" * 171)]}), id="a short key"),
        pytest.param(lambda: httpx.Response(200, json={"keys": [jwk("unknown", e=3)]}), id="a key of other types"),
    ],
)
@pytest.mark.filterwarnings("ignore:Key size")
async def test_an_answer_that_is_no_set_of_keys_changes_nothing(answer: Callable[[], httpx.Response]) -> None:
    microsoft = Microsoft()
    async with microsoft.tenant() as tenant:
        await tenant.find_key(KID)
        microsoft.answer = answer
        microsoft.seconds = MINUTE
        assert await tenant.find_key("unknown") is None
        assert await tenant.find_key(KID) is not None
    assert len(microsoft.asked) == 2


async def test_a_key_that_cannot_be_used_does_not_stand_in_the_way_of_others() -> None:
    async with Microsoft(keys=[jwk("broken", n="AAAA"), "nothing", jwk()]).tenant() as tenant:
        assert await tenant.find_key(KID) is not None


async def test_a_token_signed_with_a_key_of_another_tenant_is_refused() -> None:
    other = rsa_key("somebody else's")
    async with Microsoft().tenant() as tenant:
        with pytest.raises(TokenRefused, match="signature"):
            await TokenVerifier([tenant], clock=HandClock()).verify(forged(head=header(), key=other), DATA_AUDIENCES)


async def test_an_issuer_that_never_answers_does_not_hold_up_the_end() -> None:
    microsoft = Microsoft(pause=asyncio.Event())
    async with microsoft.tenant() as tenant:
        waiting = asyncio.create_task(tenant.find_key(KID))
        await eventually(lambda: microsoft.asked)
    with pytest.raises((asyncio.CancelledError, TokenRefused)):
        await waiting
