"""The authorization code flow, up to who it says has come."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from antiphon.identity.entra_sign_in import Attempt
from antiphon.identity.errors import IssuerUnreachable, TokenRefused
from antiphon.identity.portal_sessions import PortalUser
from antiphon.identity.tokens import LOCAL_ISSUER, LOCAL_TENANT

from .entra_double import Entra
from .forging import CLIENT_ID, OBJECT_ID, TENANT, KnownIssuer

pytestmark = pytest.mark.anyio

BACK = "https://voice.example.org/portal/api/entra/callback"
OTHER_TENANT = "22222222-2222-4333-8444-555555555555"


def unreachable() -> httpx.Response:
    raise httpx.ConnectError("no route")


async def redeemed(entra: Entra, **options: Any) -> PortalUser:
    attempt = Attempt()
    async with entra.sign_in(**options) as sign_in:
        entra.visit(sign_in.url(attempt, redirect_uri=BACK))
        return await sign_in.redeem("the-code", attempt, redirect_uri=BACK)


async def test_the_user_is_sent_to_the_tenant_with_a_challenge() -> None:
    attempt = Attempt()
    async with Entra().sign_in() as sign_in:
        url = sign_in.url(attempt, redirect_uri=BACK)
    assert url.startswith(f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize?")
    query = dict(parse_qsl(urlsplit(url).query))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    assert query == {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    assert attempt.verifier not in url


async def test_no_two_attempts_are_alike() -> None:
    one, other = Attempt(), Attempt()
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    assert one.verifier not in repr(one)


async def test_the_code_tells_who_has_come() -> None:
    entra = Entra(claimed={"roles": ["CognitiveServicesOpenAIUser"]})
    assert await redeemed(entra) == PortalUser(
        object_id=OBJECT_ID, name="Ada Lovelace", app_roles=("CognitiveServicesOpenAIUser",)
    )
    ((path, form),) = entra.asked
    assert path == f"/{TENANT}/oauth2/v2.0/token"
    assert (form["grant_type"], form["code"], form["redirect_uri"]) == ("authorization_code", "the-code", BACK)
    assert len(form["code_verifier"]) >= 43
    assert "client_secret" not in form


async def test_an_application_with_a_secret_shows_it() -> None:
    entra = Entra()
    await redeemed(entra, client_secret="hush")
    assert entra.asked[0][1]["client_secret"] == "hush"


async def test_users_of_several_tenants_come_by_the_same_way() -> None:
    entra = Entra(tenants=(OTHER_TENANT, TENANT))
    await redeemed(entra)
    assert entra.asked[0][0] == "/organizations/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"name": None}, "ada@contoso.example"),
        ({"name": " "}, "ada@contoso.example"),
        ({"name": ["Ada"], "preferred_username": None}, OBJECT_ID),
        ({"name": "x" * 1000}, "x" * 256),
    ],
)
async def test_a_user_without_a_name_is_called_something_else(names: dict[str, Any], expected: str) -> None:
    assert (await redeemed(Entra(claimed=names))).name == expected


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "https://cognitiveservices.azure.com"}, "audience"),
        ({"aud": "00000000-8888-4777-8666-555555555555"}, "audience"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 1}, "nonce"),
        ({"tid": OTHER_TENANT}, "tenant"),
        ({"iss": f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"}, "issuer"),
        ({"iss": "https://sts.antiphon.local/416e7469-7068-4f6e-8000-000000000001/"}, "issuer"),
        ({"exp": 1}, "expired"),
        ({"oid": None}, "oid"),
    ],
)
async def test_a_token_that_is_not_right_lets_nobody_in(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(TokenRefused, match=why):
        await redeemed(Entra(claimed=changed))


async def test_a_token_of_another_issuer_that_the_server_trusts_signs_nobody_in() -> None:
    local = KnownIssuer(tenant_id=LOCAL_TENANT, names={LOCAL_ISSUER})
    entra = Entra(claimed={"tid": LOCAL_TENANT, "iss": LOCAL_ISSUER}, other_issuers=(local,))
    with pytest.raises(TokenRefused, match="not one of Entra's"):
        await redeemed(entra)
    assert local.asked


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            lambda: httpx.Response(400, json={"error": "invalid_grant", "error_description": "AADSTS70008"}),
            TokenRefused,
        ),
        (lambda: httpx.Response(200, json={"access_token": "x"}), TokenRefused),
        (lambda: httpx.Response(200, json={"id_token": 1}), TokenRefused),
        (lambda: httpx.Response(200, json={"id_token": "x"}), TokenRefused),
        (lambda: httpx.Response(502, text="<html>"), IssuerUnreachable),
        (lambda: httpx.Response(200, json=[]), IssuerUnreachable),
        (lambda: httpx.Response(200, text=f'{{"id_token": "{"x" * 1_000_000}"}}'), IssuerUnreachable),
        (lambda: httpx.Response(302, headers={"Location": "https://attacker.example"}), IssuerUnreachable),
        (unreachable, IssuerUnreachable),
    ],
)
async def test_an_answer_without_a_token_lets_nobody_in(
    answer: Callable[[], httpx.Response], expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        await redeemed(Entra(answer=answer))
