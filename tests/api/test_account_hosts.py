"""Each account is reached by its own host name, and by no other."""

from __future__ import annotations

import pytest

from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import LOCAL_DEPLOYMENTS
from antiphon.resources.deployment_plan import DeploymentPlan

from .conftest import Backend, Server

pytestmark = pytest.mark.anyio


async def listed(server: Server, host: str, key: str) -> tuple[int, list[str] | str]:
    response = await server.client.get("/v1/models", headers={"host": host, "api-key": key})
    body = response.json()
    if response.status_code == 200:
        return 200, [each["id"] for each in body["data"]]
    return response.status_code, body["error"]["code"]


async def test_an_accounts_host_leads_to_it_and_takes_its_keys_alone(server: Server, backend: Backend):
    plane = backend.services.management
    account, _ = await plane.accounts.put("contoso", AccountPlan(location="eastus2"))
    await plane.deployments.put(account.id, "voice", DeploymentPlan(model_name="gpt-4o-audio-preview"))
    pair = await plane.keys.pair(account.id)
    assert pair is not None
    assert await listed(server, "contoso.localhost:8080", pair.key2) == (200, ["voice"])
    assert await listed(server, "CONTOSO.localhost", pair.key1) == (200, ["voice"])
    assert await listed(server, "contoso.localhost:8080", backend.key) == (401, "401")
    assert await listed(server, "localhost:8080", pair.key1) == (401, "401")


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "local.localhost", "proxy.example.org"])
async def test_other_hosts_lead_to_the_account_local(server: Server, backend: Backend, host: str):
    assert await listed(server, host, backend.key) == (200, sorted(LOCAL_DEPLOYMENTS))


@pytest.mark.parametrize("host", ["nobody.localhost:8080", "local.nobody.localhost", "nobody.localhost."])
async def test_the_host_of_no_account_leads_nowhere(server: Server, backend: Backend, host: str):
    assert await listed(server, host, backend.key) == (404, "ResourceNotFound")


async def test_a_deleted_accounts_host_leads_nowhere_at_once(server: Server, backend: Backend):
    accounts = backend.services.management.accounts
    account, _ = await accounts.put("contoso", AccountPlan(location="eastus2"))
    assert (await listed(server, "contoso.localhost", "wrong"))[0] == 401
    await accounts.delete(account)
    assert (await listed(server, "contoso.localhost", "wrong"))[0] == 404
