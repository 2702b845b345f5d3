"""Tokens open the API: which, to whom, and what refusals say."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import update
from starlette.requests import Request
from websockets.exceptions import InvalidStatus

from antiphon.api.authorization import Authorizer
from antiphon.api.management.errors import AuthorizationFailed, ManagementTokenInvalid
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.principals import Principals
from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR, OPENAI_USER, ManagementAction
from antiphon.identity.scopes import EVERYTHING, Scope
from antiphon.store.tables import AccountRow

from ..identity.forging import forged
from .conftest import CHAT, Backend, Server, spoken
from .realtime.realtime_server import BETA, GA, OPENAI, RealtimeServer, running

pytestmark = pytest.mark.anyio

DATA = "https://cognitiveservices.azure.com"
KEY_SUBPROTOCOL = "openai-insecure-api-key."


async def local_token(backend: Backend, resource: str = DATA) -> str:
    """A token of the principal `local`, which may use all models."""
    _, issued = await backend.services.authority.local.token_of_managed_identity(resource)
    return issued.value


async def powerless_token(backend: Backend) -> tuple[str, str]:
    """A principal without any role, and a token of its."""
    robot, _ = await Principals(backend.database).add("robot")
    issued = await backend.services.authority.local.issuer.issue(robot, DATA)
    return robot.id, issued.value


async def take_keys_only_from_tokens(backend: Backend) -> None:
    async with backend.database.begin() as session:
        await session.execute(update(AccountRow).values(disable_local_auth=True))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def keyless(server: Server) -> Server:
    """The server, and a client without a key."""
    del server.client.headers["api-key"]
    return server


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", CHAT),
        ("POST", "/openai/v1/chat/completions"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/openai/models?api-version=2024-10-21"),
        ("GET", "/openai/deployments?api-version=2022-12-01"),
        ("GET", "/v1/models"),
    ],
)
async def test_a_token_opens_every_route(backend: Backend, keyless: Server, method: str, path: str):
    body = spoken(model="gpt-4o-audio-preview") if method == "POST" else None
    headers = bearer(await local_token(backend))
    assert (await keyless.client.request(method, path, json=body, headers=headers)).status_code == 200


@pytest.mark.parametrize("path", [CHAT, "/openai/v1/chat/completions", "/v1/chat/completions"])
async def test_a_token_that_is_wrong_is_refused_without_a_reason(
    keyless: Server, path: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    token = forged()
    response = await keyless.client.post(path, json=spoken(), headers=bearer(token))
    assert response.status_code == 401
    assert response.json() == {
        "statusCode": 401,
        "message": "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired.",
    }
    assert "its issuer is 'https://sts.windows.net/" in caplog.text
    assert token not in caplog.text


async def test_a_token_for_something_else_is_refused(backend: Backend, keyless: Server):
    token = await local_token(backend, "https://management.azure.com")
    assert (await keyless.chat(spoken(), headers=bearer(token))).json()["statusCode"] == 401


async def test_a_token_too_long_for_one_is_refused_as_one(keyless: Server):
    response = await keyless.chat(spoken(), headers=bearer(f"a.{'x' * 20_000}.c"))
    assert (response.status_code, response.json()["statusCode"]) == (401, 401)


async def test_a_bearer_that_is_no_token_is_tried_as_a_key(keyless: Server):
    assert (await keyless.chat(spoken(), headers=bearer(keyless.key))).status_code == 200
    assert (await keyless.chat(spoken(), headers=bearer("a.b.c"))).json()["statusCode"] == 401


async def test_a_token_is_no_key(backend: Backend, keyless: Server):
    response = await keyless.chat(spoken(), headers={"api-key": await local_token(backend)})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "401")


@pytest.mark.parametrize(
    ("method", "path", "action", "operation"),
    [
        (
            "POST",
            CHAT,
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action",
            "POST /openai/deployments/{deployment-id}/chat/completions",
        ),
        (
            "GET",
            "/openai/deployments/x?api-version=2022-12-01",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read",
            "GET /openai/deployments/{deployment-id}",
        ),
    ],
)
async def test_who_has_no_role_is_told_which_action_it_takes(
    backend: Backend, keyless: Server, method: str, path: str, action: str, operation: str
):
    principal, token = await powerless_token(backend)
    response = await keyless.client.request(method, path, headers=bearer(token))
    assert response.status_code == 401
    assert response.json() == {
        "error": {
            "code": "PermissionDenied",
            "message": f"The principal `{principal}` lacks the required data action `{action}` to perform "
            f"`{operation}` operation.",
        }
    }


async def test_who_may_manage_everything_may_not_therefore_use_the_models(backend: Backend, keyless: Server):
    principal, token = await powerless_token(backend)
    await RoleAssignments(backend.database).assign(principal, COGNITIVE_SERVICES_CONTRIBUTOR)
    response = await keyless.chat(spoken(), headers=bearer(token))
    assert response.json()["error"]["code"] == "PermissionDenied"


async def test_a_role_on_the_account_opens_it(backend: Backend, keyless: Server):
    principal, token = await powerless_token(backend)
    await RoleAssignments(backend.database).assign(principal, OPENAI_USER, scope=backend.account_id)
    assert (await keyless.chat(spoken(), headers=bearer(token))).status_code == 200


@pytest.mark.parametrize("key", ["right", "wrong"])
async def test_an_account_may_take_no_keys(backend: Backend, server: Server, key: str):
    await take_keys_only_from_tokens(backend)
    given = {"right": server.key, "wrong": "wrong"}[key]
    del server.client.headers["api-key"]
    for headers in ({"api-key": given}, bearer(given)):
        for path in (CHAT, "/v1/chat/completions"):
            response = await server.client.post(path, json=spoken(), headers=headers)
            assert response.status_code == 403
            assert response.json() == {
                "error": {
                    "code": "AuthenticationTypeDisabled",
                    "message": "Key based authentication is disabled for this resource.",
                }
            }


async def test_an_account_that_takes_no_keys_takes_tokens(backend: Backend, keyless: Server):
    await take_keys_only_from_tokens(backend)
    assert (await keyless.chat(spoken(), headers=bearer(await local_token(backend)))).status_code == 200
    assert (await keyless.chat(spoken())).status_code == 401


async def test_each_refusal_is_logged_with_its_reason(
    backend: Backend, keyless: Server, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    principal, token = await powerless_token(backend)
    reasons: dict[str, dict[str, str]] = {
        "it shows no credential": {},
        "the key is none of the account": {"api-key": "a wrong key"},
        f"the principal {principal} has no role": bearer(token),
    }
    for reason, headers in reasons.items():
        caplog.clear()
        await keyless.chat(spoken(), headers=headers)
        assert reason in caplog.text
        assert token not in caplog.text
        assert "a wrong key" not in caplog.text


# --- Realtime --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def realtime(backend: Backend) -> Any:
    async with running(backend) as server:
        yield server


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
async def test_a_token_opens_a_session_wherever_a_key_would(realtime: RealtimeServer, path: str):
    token = await local_token(realtime.backend)
    ways: list[dict[str, Any]] = [
        {"headers": bearer(token)},
        {"path": f"{path}&Authorization=Bearer%20{token}", "headers": {}},
        {"headers": {}, "subprotocols": ["realtime", KEY_SUBPROTOCOL + token]},
    ]
    for given in ways:
        async with realtime.open(given.pop("path", path), **given) as client:
            assert (await client.event())["type"] == "session.created"


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
async def test_a_token_that_is_wrong_opens_no_session(realtime: RealtimeServer, path: str):
    headers = {**bearer(forged()), "OpenAI-Beta": "realtime=v1"}
    status, body, _ = await realtime.refusal(path, headers=headers)
    assert (status, body["statusCode"]) == (401, 401)


async def test_who_has_no_role_opens_no_session(realtime: RealtimeServer):
    principal, token = await powerless_token(realtime.backend)
    status, body, _ = await realtime.refusal(BETA, headers=bearer(token))
    assert (status, body["error"]["code"]) == (401, "PermissionDenied")
    assert body["error"]["message"] == (
        f"The principal `{principal}` lacks the required data action "
        "`Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/action` to perform "
        "`GET /openai/realtime` operation."
    )


async def test_an_account_that_takes_no_keys_opens_no_session_with_one(realtime: RealtimeServer):
    await take_keys_only_from_tokens(realtime.backend)
    for path in (BETA, OPENAI):
        status, body, _ = await realtime.refusal(path)
        assert (status, body["error"]["code"]) == (403, "AuthenticationTypeDisabled")


async def test_tokens_in_the_query_are_not_logged(realtime: RealtimeServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, logger="antiphon")
    token = forged()
    with pytest.raises(InvalidStatus):
        async with realtime.open(f"{BETA}&Authorization=Bearer%20{token}", headers={}):
            pass
    assert "the token is not right" in caplog.text
    assert token not in "".join(record.getMessage() for record in caplog.records if "antiphon" in record.name)


# --- the resource manager --------------------------------------------------------------------------------------------


def asking(headers: dict[str, str]) -> Request:
    """A request to the resource manager."""
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/subscriptions/s/resourceGroups/local",
            "query_string": b"",
            "server": ("localhost", 8443),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )


@pytest.fixture
def authorizer(backend: Backend) -> Authorizer:
    authorizer = backend.services.management.authorizer
    assert isinstance(authorizer, Authorizer)
    return authorizer


@pytest.mark.parametrize(
    "resource",
    ["https://management.azure.com", "https://management.azure.com/", "https://management.core.windows.net/"],
)
async def test_a_management_token_manages(backend: Backend, authorizer: Authorizer, resource: str):
    request = asking(bearer(await local_token(backend, resource)))
    local = await Principals(backend.database).named("local")
    for scope in (Scope(account_id=backend.account_id), EVERYTHING):
        caller = await authorizer.authorize(request, ManagementAction.ACCOUNTS_WRITE, scope=scope)
        assert caller.principal == local.id


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, bearer(""), bearer("x"), bearer(forged())])
async def test_whatever_is_no_token_manages_nothing(authorizer: Authorizer, headers: dict[str, str]):
    with pytest.raises(ManagementTokenInvalid) as refused:
        await authorizer.authorize(asking(headers), ManagementAction.ACCOUNTS_READ, scope=EVERYTHING)
    assert (refused.value.status, refused.value.code) == (401, "InvalidAuthenticationToken")


async def test_neither_a_key_nor_a_token_for_models_manages(backend: Backend, authorizer: Authorizer):
    for headers in (bearer(backend.key), {"api-key": backend.key}, bearer(await local_token(backend))):
        with pytest.raises(ManagementTokenInvalid):
            await authorizer.authorize(
                asking(headers), ManagementAction.KEYS_LIST, scope=Scope(account_id=backend.account_id)
            )


async def test_who_has_no_role_is_told_so_as_azures_resource_manager_does(backend: Backend, authorizer: Authorizer):
    robot, _ = await Principals(backend.database).add("robot")
    token = (await backend.services.authority.local.issuer.issue(robot, "https://management.azure.com/")).value
    await RoleAssignments(backend.database).assign(robot.id, OPENAI_USER, scope=backend.account_id)
    request = asking(bearer(token))
    await authorizer.authorize(request, ManagementAction.ACCOUNTS_READ, scope=Scope(account_id=backend.account_id))
    await authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, scope=EVERYTHING)
    for action, scope in (
        (ManagementAction.KEYS_LIST, Scope(account_id=backend.account_id)),
        (ManagementAction.ACCOUNTS_READ, EVERYTHING),
        (ManagementAction.ACCOUNTS_READ, Scope(account_id="another")),
    ):
        with pytest.raises(AuthorizationFailed) as refused:
            await authorizer.authorize(request, action, scope=scope)
        assert refused.value.message.startswith(
            f"The client '{robot.client_id}' with object id '{robot.id}' does not have authorization to perform "
            f"action '{action}' over scope '/subscriptions/s/resourceGroups/local'"
        )
