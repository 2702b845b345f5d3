from __future__ import annotations

from datetime import timedelta

import pytest

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import DATA_AUDIENCES, EXCHANGE_AUDIENCE, MANAGEMENT_AUDIENCES
from antiphon.identity.authority import Credentials, LocalAuthority, resource_of_scope
from antiphon.identity.errors import SignInRefused
from antiphon.identity.principals import Principals
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LocalIssuer, TokenVerifier
from antiphon.store.database import Database
from antiphon.store.sealing import Seal

from ..clocks import HandClock
from .forging import AUDIENCE, forged

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def principals(database: Database) -> Principals:
    return Principals(database)


@pytest.fixture
def authority(database: Database, seal: Seal, principals: Principals, clock: HandClock) -> LocalAuthority:
    keys = SigningKeys(database, seal, clock=clock)
    tokens = TokenVerifier([LocalIssuer(keys=keys)], clock=clock, monotonic=lambda: clock().timestamp())
    return LocalAuthority(keys, principals, tokens, clock=clock)


async def whose(authority: LocalAuthority, token: str, clock: HandClock) -> str:
    verifier = TokenVerifier([LocalIssuer(keys=authority.keys)], clock=clock)
    return (await verifier.verify(token, DATA_AUDIENCES | MANAGEMENT_AUDIENCES)).object_id


async def refusal(authority: LocalAuthority, credentials: Credentials, resource: str = AUDIENCE) -> tuple[str, int]:
    with pytest.raises(SignInRefused) as refused:
        await authority.sign_in(credentials, resource)
    return refused.value.error, refused.value.aadsts


async def test_a_secret_signs_in(authority: LocalAuthority, principals: Principals, clock: HandClock) -> None:
    robot, secret = await principals.add("robot")
    issued = await authority.sign_in(Credentials(client_id=robot.client_id, client_secret=secret), AUDIENCE)
    assert await whose(authority, issued.value, clock) == robot.id


async def test_somebody_elses_secret_does_not_sign_in(authority: LocalAuthority, principals: Principals) -> None:
    robot, _ = await principals.add("robot")
    _, others_secret = await principals.add("other")
    for secret in (others_secret, "", robot.secret_hash):
        credentials = Credentials(client_id=robot.client_id, client_secret=secret)
        assert await refusal(authority, credentials) == ("invalid_client", 7000215)


async def test_local_does_not_sign_in_with_any_secret(authority: LocalAuthority, principals: Principals) -> None:
    local = await principals.ensure_local()
    credentials = Credentials(client_id=local.client_id, client_secret="")
    assert await refusal(authority, credentials) == ("invalid_client", 7000215)


async def test_a_federated_token_signs_in_until_it_expires(
    authority: LocalAuthority, principals: Principals, clock: HandClock
) -> None:
    robot, _ = await principals.add("robot")
    token = (await authority.issuer.issue_federated(robot, timedelta(hours=48))).value
    credentials = Credentials(client_id=robot.client_id, client_assertion=token)
    clock.turn(hours=47)
    assert await whose(authority, (await authority.sign_in(credentials, AUDIENCE)).value, clock) == robot.id
    clock.turn(hours=2)
    assert await refusal(authority, credentials) == ("invalid_client", 700213)


async def test_a_federated_token_signs_in_across_a_rotation_but_not_once_keys_are_dropped(
    authority: LocalAuthority, principals: Principals, clock: HandClock
) -> None:
    robot, _ = await principals.add("robot")
    token = (await authority.issuer.issue_federated(robot, timedelta(hours=48))).value
    credentials = Credentials(client_id=robot.client_id, client_assertion=token)
    await authority.keys.rotate()
    clock.turn(hours=24)
    await authority.sign_in(credentials, AUDIENCE)
    await authority.keys.rotate(at_once=True)
    clock.turn(minutes=1)
    assert await refusal(authority, credentials) == ("invalid_client", 700213)


async def test_an_access_token_is_no_federated_one(authority: LocalAuthority, principals: Principals) -> None:
    robot, secret = await principals.add("robot")
    for resource in (AUDIENCE, "https://management.azure.com"):
        issued = await authority.sign_in(Credentials(client_id=robot.client_id, client_secret=secret), resource)
        credentials = Credentials(client_id=robot.client_id, client_assertion=issued.value)
        assert await refusal(authority, credentials) == ("invalid_client", 700213)


async def test_a_federated_token_of_another_principal_does_not_sign_in(
    authority: LocalAuthority, principals: Principals
) -> None:
    robot, _ = await principals.add("robot")
    other, _ = await principals.add("other")
    token = (await authority.issuer.issue_federated(other, timedelta(hours=1))).value
    credentials = Credentials(client_id=robot.client_id, client_assertion=token)
    assert await refusal(authority, credentials) == ("invalid_client", 700213)


async def test_an_assertion_that_somebody_else_has_signed_does_not_sign_in(
    authority: LocalAuthority, principals: Principals
) -> None:
    robot, _ = await principals.add("robot")
    credentials = Credentials(client_id=robot.client_id, client_assertion=forged())
    assert await refusal(authority, credentials) == ("invalid_client", 700213)


async def test_who_has_been_removed_does_not_sign_in(authority: LocalAuthority, principals: Principals) -> None:
    robot, secret = await principals.add("robot")
    token = (await authority.issuer.issue_federated(robot, timedelta(hours=1))).value
    await principals.remove("robot")
    for shown in ({"client_secret": secret}, {"client_assertion": token}):
        assert await refusal(authority, Credentials(client_id=robot.client_id, **shown)) == (
            "unauthorized_client",
            700016,
        )


async def test_without_anything_to_show_nobody_signs_in(authority: LocalAuthority, principals: Principals) -> None:
    local = await principals.ensure_local()
    assert await refusal(authority, Credentials(client_id=local.client_id)) == ("invalid_client", 7000218)


@pytest.mark.parametrize(
    "resource",
    ["", "https://graph.microsoft.com", "https://cognitiveservices.azure.com//", EXCHANGE_AUDIENCE, "*"],
)
async def test_no_token_is_issued_for_anything_else(
    authority: LocalAuthority, principals: Principals, resource: str
) -> None:
    robot, secret = await principals.add("robot")
    credentials = Credentials(client_id=robot.client_id, client_secret=secret)
    assert await refusal(authority, credentials, resource) == ("invalid_resource", 500011)
    with pytest.raises(SignInRefused):
        await authority.token_of_managed_identity(resource)


async def test_signing_in_gives_no_role(authority: LocalAuthority, principals: Principals, database: Database) -> None:
    robot, secret = await principals.add("robot")
    await authority.sign_in(Credentials(client_id=robot.client_id, client_secret=secret), AUDIENCE)
    assert await RoleAssignments(database).of_principal(robot.id) == ()


@pytest.mark.parametrize(
    ("scope", "resource"),
    [
        ("https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.com"),
        ("https://management.core.windows.net//.default", "https://management.core.windows.net/"),
        ("openid profile https://ai.azure.com/.default offline_access", "https://ai.azure.com"),
    ],
)
def test_the_resource_is_what_stands_before_default(scope: str, resource: str) -> None:
    assert resource_of_scope(scope) == resource


@pytest.mark.parametrize(
    "scope",
    ["", "openid", "https://cognitiveservices.azure.com", "https://a/.default https://b/.default", "user.read"],
)
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(SignInRefused, match=r"/\.default"):
        resource_of_scope(scope)
