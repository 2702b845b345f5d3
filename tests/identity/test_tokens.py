from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt

from antiphon.identity import tokens
from antiphon.identity.audiences import DATA_AUDIENCES, EXCHANGE_AUDIENCE, MANAGEMENT_AUDIENCES
from antiphon.identity.errors import TokenRefused
from antiphon.identity.principals import Principal, Principals
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LOCAL_ISSUER, LOCAL_TENANT, LocalIssuer, TokenIssuer, TokenVerifier
from antiphon.store.database import Database
from antiphon.store.sealing import Seal

from ..clocks import HandClock
from .forging import AUDIENCE, CLIENT_ID, NOW, OBJECT_ID, TENANT, KnownIssuer, claims, forged

pytestmark = pytest.mark.anyio


async def test_the_claims_of_a_good_token_are_told() -> None:
    token = forged(claims(oid=OBJECT_ID.upper(), roles=["CognitiveServicesOpenAIUser"]))
    verified = await TokenVerifier([KnownIssuer()], clock=HandClock()).verify(token, DATA_AUDIENCES)
    assert (verified.object_id, verified.tenant_id, verified.client_id) == (OBJECT_ID, TENANT, CLIENT_ID)
    assert verified.app_roles == ("CognitiveServicesOpenAIUser",)


async def test_tokens_of_version_2_name_their_application_otherwise() -> None:
    token = forged(claims(iss=f"https://login.microsoftonline.com/{TENANT}/v2.0", appid=None, azp=CLIENT_ID))
    verified = await TokenVerifier([KnownIssuer()], clock=HandClock()).verify(token, DATA_AUDIENCES)
    assert verified.client_id == CLIENT_ID


@pytest.mark.parametrize("audience", sorted(DATA_AUDIENCES))
async def test_each_of_azures_audiences_is_taken(audience: str) -> None:
    verifier = TokenVerifier([KnownIssuer()], clock=HandClock())
    assert (await verifier.verify(forged(claims(aud=audience)), DATA_AUDIENCES)).audience == audience


async def test_clocks_of_entra_and_ours_may_differ_by_five_minutes() -> None:
    clock = HandClock()
    verifier = TokenVerifier([KnownIssuer()], clock=clock)
    clock.turn(seconds=-300)
    await verifier.verify(forged(), DATA_AUDIENCES)
    clock.now = NOW + timedelta(seconds=3899)
    await verifier.verify(forged(), DATA_AUDIENCES)


async def test_a_token_seen_before_costs_no_look_at_its_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(tokens, "_check_signature", lambda token, _: looked_at.append(token))
    verifier = TokenVerifier([KnownIssuer()], clock=HandClock())
    for _ in range(3):
        await verifier.verify(forged(), DATA_AUDIENCES)
    assert len(looked_at) == 1


async def test_a_token_seen_before_is_refused_once_its_key_is_dropped(keys: SigningKeys, principal: Principal) -> None:
    issued = await TokenIssuer(keys).issue(principal, AUDIENCE)
    verifier = TokenVerifier([LocalIssuer(keys=keys)])
    await verifier.verify(issued.value, DATA_AUDIENCES)
    await keys.rotate(at_once=True)
    with pytest.raises(TokenRefused, match="not one of its issuer's"):
        await verifier.verify(issued.value, DATA_AUDIENCES)


async def test_a_token_seen_before_still_expires() -> None:
    clock = HandClock()
    verifier = TokenVerifier([KnownIssuer()], clock=clock)
    token = forged(claims(exp=int(NOW.timestamp()) - 280))
    await verifier.verify(token, DATA_AUDIENCES)
    clock.turn(seconds=20)
    with pytest.raises(TokenRefused, match="expired"):
        await verifier.verify(token, DATA_AUDIENCES)


async def test_a_token_seen_before_is_good_for_its_own_audience_alone() -> None:
    verifier = TokenVerifier([KnownIssuer()], clock=HandClock())
    await verifier.verify(forged(), DATA_AUDIENCES)
    with pytest.raises(TokenRefused, match="audience"):
        await verifier.verify(forged(), MANAGEMENT_AUDIENCES)


async def test_a_token_whose_key_is_gone_is_remembered_for_a_minute_at_most() -> None:
    issuer, clock = KnownIssuer(), HandClock()
    verifier = TokenVerifier([issuer], clock=clock, monotonic=lambda: clock().timestamp())
    await verifier.verify(forged(), DATA_AUDIENCES)
    issuer.keys.clear()
    clock.turn(seconds=60)
    with pytest.raises(TokenRefused, match="key"):
        await verifier.verify(forged(), DATA_AUDIENCES)


async def test_a_token_that_is_remembered_takes_no_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier([KnownIssuer()], clock=HandClock())
    token = forged()
    await verifier.verify(token, DATA_AUDIENCES)
    monkeypatch.setattr(json, "loads", None)
    await verifier.verify(token, DATA_AUDIENCES)


@pytest.fixture
async def keys(database: Database, seal: Seal) -> SigningKeys:
    return SigningKeys(database, seal)


@pytest.fixture
async def principal(database: Database) -> Principal:
    return await Principals(database).ensure_local()


async def test_an_issued_token_is_accepted_and_says_whose_it_is(keys: SigningKeys, principal: Principal) -> None:
    issued = await TokenIssuer(keys).issue(principal, AUDIENCE)
    verified = await TokenVerifier([LocalIssuer(keys=keys)]).verify(issued.value, DATA_AUDIENCES)
    assert (verified.object_id, verified.client_id) == (principal.id, principal.client_id)
    assert (verified.issuer, verified.tenant_id, verified.app_roles) == (LOCAL_ISSUER, LOCAL_TENANT, ())


async def test_an_issued_token_has_the_claims_of_entras(keys: SigningKeys, principal: Principal) -> None:
    issued = await TokenIssuer(keys).issue(principal, AUDIENCE)
    key = await keys.current()
    decoded = jwt.decode(issued.value, key.private, algorithms=["RS256"])
    assert decoded.header["kid"] == key.id
    assert decoded.claims.keys() >= {"aud", "iss", "iat", "nbf", "exp", "oid", "sub", "appid", "tid", "ver", "uti"}
    assert decoded.claims["idtyp"] == "app"


async def test_clients_need_not_renew_a_token_before_it_is_about_to_expire(
    keys: SigningKeys, principal: Principal
) -> None:
    assert (await TokenIssuer(keys).issue(principal, AUDIENCE)).lifetime_seconds == 3600


async def test_a_token_of_another_installation_opens_nothing_here(
    keys: SigningKeys, principal: Principal, seal: Seal, tmp_path: Path
) -> None:
    async with await Database.open(tmp_path / "another" / "antiphon.db") as another:
        issued = await TokenIssuer(SigningKeys(another, seal)).issue(principal, AUDIENCE)
    await keys.current()
    with pytest.raises(TokenRefused, match="not one of its issuer's"):
        await TokenVerifier([LocalIssuer(keys=keys)]).verify(issued.value, DATA_AUDIENCES)


async def test_a_federated_token_opens_nothing_itself(keys: SigningKeys, principal: Principal) -> None:
    issued = await TokenIssuer(keys).issue(principal, EXCHANGE_AUDIENCE, lifetime=timedelta(days=30))
    verifier = TokenVerifier([LocalIssuer(keys=keys)])
    for audiences in (DATA_AUDIENCES, MANAGEMENT_AUDIENCES):
        with pytest.raises(TokenRefused, match="audience"):
            await verifier.verify(issued.value, audiences)


async def test_tokens_do_not_show_when_they_are_logged(keys: SigningKeys, principal: Principal) -> None:
    issued = await TokenIssuer(keys).issue(principal, AUDIENCE)
    assert issued.value not in repr(issued)
