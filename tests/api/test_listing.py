"""Models and deployments can be listed by those who have a key."""

from __future__ import annotations

import pytest

from antiphon.resources.accounts import LOCAL_DEPLOYMENTS

from .conftest import Server

pytestmark = pytest.mark.anyio

DEPLOYMENTS = sorted(LOCAL_DEPLOYMENTS)


@pytest.mark.parametrize(
    "path", ["/v1/models", "/openai/v1/models", "/openai/deployments?api-version=2023-03-15-preview"]
)
async def test_deployments_are_listed(server: Server, path: str):
    body = (await server.client.get(path)).json()
    assert body["object"] == "list"
    assert [each["id"] for each in body["data"]] == DEPLOYMENTS


async def test_no_model_is_ever_shut_down(server: Server):
    body = (await server.client.get("/v1/models")).json()
    assert {each["shutdown_date"] for each in body["data"]} == {None}


async def test_azure_lists_the_models_that_could_be_deployed(server: Server):
    body = (await server.client.get("/openai/models?api-version=2024-10-21")).json()
    by_id = {model["id"]: model for model in body["data"]}
    assert by_id["gpt-4o-audio-preview-2024-12-17"]["capabilities"]["chat_completion"] is True
    assert by_id["gpt-4o-realtime-preview-2024-12-17"]["capabilities"]["chat_completion"] is False


async def test_one_deployment_can_be_looked_up(server: Server):
    assert (await server.client.get("/v1/models/gpt-4o-audio-preview")).json()["id"] == "gpt-4o-audio-preview"
    assert (await server.client.get("/v1/models/nothing")).status_code == 404


async def test_a_model_with_its_version_leads_to_its_only_deployment(server: Server):
    body = (await server.client.get("/v1/models/gpt-4o-audio-preview-2024-10-01")).json()
    assert body["id"] == "gpt-4o-audio-preview"


@pytest.mark.parametrize("path", ["/v1/models", "/openai/models?api-version=2024-10-21"])
async def test_nothing_is_listed_without_a_key(server: Server, path: str):
    del server.client.headers["api-key"]
    assert (await server.client.get(path)).status_code == 401


async def test_health_needs_no_key(server: Server):
    del server.client.headers["api-key"]
    assert (await server.client.get("/health")).status_code == 200
