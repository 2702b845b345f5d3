"""`antiphon env` in the browser."""

from __future__ import annotations

import shlex

import httpx
import pytest

from antiphon.identity.roles import COGNITIVE_SERVICES_USER, OPENAI_USER
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Accounts

from ...identity.forging import OBJECT_ID
from ..conftest import Backend
from .conftest import PORTAL, Browser, browsing, signed_in_as_ada

pytestmark = pytest.mark.anyio

ENVIRONMENT = "/portal/api/environment"


async def variables(browser: Browser, query: str = "") -> dict[str, str]:
    response = await browser.client.get(f"{ENVIRONMENT}{query}")
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    exported = [shlex.split(line) for line in response.json()["lines"]]
    assert {export for export, _ in exported} == {"export"}
    return dict(assignment.split("=", 1) for _, assignment in exported)


async def test_it_is_what_the_command_prints(operator: Browser, backend: Backend):
    found = await variables(operator)
    assert list(found.items()) == [
        ("AZURE_OPENAI_ENDPOINT", "http://localhost:8080"),
        ("IDENTITY_ENDPOINT", "http://localhost:8080/msi/token"),
        ("IDENTITY_HEADER", backend.services.authority.managed_identity.identity_header),
        ("OPENAI_API_VERSION", "2025-01-01-preview"),
        ("AZURE_OPENAI_DEPLOYMENT_NAME", "gpt-4o-audio-preview"),
    ]


async def test_the_key_is_told_where_it_is_asked_for(operator: Browser, backend: Backend):
    assert "AZURE_OPENAI_API_KEY" not in await variables(operator, "?key=0")
    assert (await variables(operator, "?key=1"))["AZURE_OPENAI_API_KEY"] == backend.key
    refused = await operator.client.get(f"{ENVIRONMENT}?key=please")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "key")


async def test_the_key_takes_the_right_to_list_keys(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, OPENAI_USER)
    assert (await browser.client.get(f"{ENVIRONMENT}?key=1")).status_code == 403
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_USER)
    assert (await variables(browser, "?key=1"))["AZURE_OPENAI_API_KEY"] == backend.key


async def test_the_machines_own_identity_is_told_to_nobody_but_the_operator(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    await backend.services.portal.roles.assign(OBJECT_ID, OPENAI_USER)
    assert not {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"} & (await variables(browser)).keys()


async def test_the_machines_own_identity_is_told_to_no_other_machine(backend: Backend):
    transport = httpx.ASGITransport(backend.api, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://antiphon:8080", headers=PORTAL) as client:
        remote = Browser(client, backend.services.portal.sessions)
        await remote.sign_in()
        found = await variables(remote)
    assert found["AZURE_OPENAI_ENDPOINT"] == "http://antiphon:8080"
    assert "IDENTITY_HEADER" not in found


async def test_another_account_has_an_address_keys_and_deployments_of_its_own(backend: Backend):
    await Accounts(backend.database).put("contoso", AccountPlan(location="eastus2", disable_local_auth=True))
    async with browsing(backend, url="https://contoso.localhost:8443") as browser:
        await browser.sign_in()
        found = await variables(browser)
        assert found["AZURE_OPENAI_ENDPOINT"] == "https://contoso.localhost:8443"
        assert "AZURE_OPENAI_DEPLOYMENT_NAME" not in found
        refused = await browser.client.get(f"{ENVIRONMENT}?key=1")
        assert refused.status_code == 400
        assert "disableLocalAuth" in refused.json()["error"]["message"]
