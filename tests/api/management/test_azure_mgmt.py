"""Azure's own management client for Python, unchanged, against this server."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest
from azure.core.credentials import AccessToken, AccessTokenInfo
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.cognitiveservices.models import (
    Account,
    AccountProperties,
    Deployment,
    DeploymentModel,
    DeploymentProperties,
    PatchResourceTagsAndSku,
    Sku,
)

from antiphon.resources.models import MODELS, is_default
from antiphon.store.tables import LOCAL_SUBSCRIPTION

from .conftest import TlsServer

MODEL = DeploymentModel(format="OpenAI", name="gpt-4o-audio-preview", version="2024-12-17")


class ConstantCredential:
    """A double for whoever hands out tokens."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("constant", int(time.time()) + 3600)

    def get_token_info(self, *scopes: str, **options: Any) -> AccessTokenInfo:
        return AccessTokenInfo("constant", int(time.time()) + 3600)


@pytest.fixture
def azure(tls_server: TlsServer) -> Generator[CognitiveServicesManagementClient]:
    with CognitiveServicesManagementClient(
        ConstantCredential(),
        LOCAL_SUBSCRIPTION,
        base_url=tls_server.url,
        credential_scopes=["https://management.azure.com/.default"],
        connection_verify=str(tls_server.certificate),
    ) as client:
        yield client


def make_account(azure: CognitiveServicesManagementClient, name: str) -> Account:
    wanted = Account(
        kind="OpenAI",
        sku=Sku(name="S0"),
        location="East US 2",
        tags={"team": "voice"},
        properties=AccountProperties(custom_sub_domain_name=name),
    )
    return azure.accounts.begin_create("rg", name, wanted).result()


def deploy(azure: CognitiveServicesManagementClient, account: str, name: str, *, capacity: int = 1) -> Deployment:
    wanted = Deployment(sku=Sku(name="GlobalStandard", capacity=capacity), properties=DeploymentProperties(model=MODEL))
    return azure.deployments.begin_create_or_update("rg", account, name, wanted).result()


def test_an_account_lives_its_whole_life(azure: CognitiveServicesManagementClient, tls_server: TlsServer):
    created = make_account(azure, "whole-life")
    assert (created.name, created.location, created.tags) == ("whole-life", "eastus2", {"team": "voice"})
    assert created.properties is not None
    assert created.properties.endpoint == f"{tls_server.url.replace('//', '//whole-life.')}/"
    assert azure.accounts.get("rg", "whole-life").id == created.id
    assert "whole-life" in [account.name for account in azure.accounts.list()]
    assert [account.name for account in azure.accounts.list_by_resource_group("rg")] == ["whole-life"]

    changed = azure.accounts.begin_update(
        "rg", "whole-life", Account(tags={"team": "sound"}, properties=AccountProperties(disable_local_auth=True))
    ).result()
    assert changed.tags == {"team": "sound"}
    assert changed.properties is not None
    assert changed.properties.disable_local_auth is True

    azure.accounts.begin_delete("rg", "whole-life").result()
    with pytest.raises(ResourceNotFoundError):
        azure.accounts.get("rg", "whole-life")


def test_keys_are_listed_and_regenerated_one_at_a_time(azure: CognitiveServicesManagementClient):
    make_account(azure, "with-keys")
    before = azure.accounts.list_keys("rg", "with-keys")
    after = azure.accounts.regenerate_key("rg", "with-keys", "Key1")
    assert after.key1 != before.key1
    assert after.key2 == before.key2
    assert azure.accounts.list_keys("rg", "with-keys").key1 == after.key1


def test_a_deployment_lives_its_whole_life(azure: CognitiveServicesManagementClient):
    make_account(azure, "deploying")
    created = deploy(azure, "deploying", "voice", capacity=10)
    assert created.properties is not None
    assert created.properties.provisioning_state == "Succeeded"
    assert created.properties.capabilities == {"audio": "true", "chatCompletion": "true"}
    assert [(limit.key, limit.renewal_period, limit.count) for limit in created.properties.rate_limits or ()] == [
        ("request", 10, 10),
        ("token", 60, 10_000),
    ]
    assert azure.deployments.get("rg", "deploying", "voice").id == created.id
    assert [each.name for each in azure.deployments.list("rg", "deploying")] == ["voice"]
    assert {each.sku.name for each in azure.deployments.list_skus("rg", "deploying", "voice") if each.sku} == {
        "GlobalStandard",
        "DataZoneStandard",
        "Standard",
    }

    changed = azure.deployments.begin_update(
        "rg", "deploying", "voice", PatchResourceTagsAndSku(tags={"a": "b"}, sku=Sku(name="Standard", capacity=20))
    ).result()
    assert changed.sku is not None
    assert (changed.tags, changed.sku.name, changed.sku.capacity) == ({"a": "b"}, "Standard", 20)

    azure.deployments.begin_delete("rg", "deploying", "voice").result()
    assert list(azure.deployments.list("rg", "deploying")) == []


def test_an_account_with_deployments_cannot_be_deleted(azure: CognitiveServicesManagementClient):
    make_account(azure, "in-use")
    deploy(azure, "in-use", "voice")
    with pytest.raises(HttpResponseError, match="accounts/in-use/deployments/voice") as caught:
        azure.accounts.begin_delete("rg", "in-use").result()
    assert caught.value.status_code == 409
    assert caught.value.error is not None
    assert caught.value.error.code == "CannotDeleteResource"


def test_what_could_be_deployed_is_listed(azure: CognitiveServicesManagementClient):
    make_account(azure, "choosing")
    models = list(azure.accounts.list_models("rg", "choosing"))
    assert {(model.name, model.version, model.is_default_version) for model in models} == {
        (model.name, model.version, is_default(model)) for model in MODELS
    }
    assert models[0].deprecation is not None
    assert models[0].deprecation.inference == "2099-12-31T00:00:00Z"
    assert {model.model.name for model in azure.models.list("eastus2") if model.model} == {
        model.name for model in MODELS
    }
    assert {sku.kind for sku in azure.resource_skus.list()} == {"OpenAI", "AIServices"}
    assert [sku.sku.name for sku in azure.accounts.list_skus("rg", "choosing").value or () if sku.sku] == ["S0"]


def test_usage_tells_what_is_taken_of_each_pool(azure: CognitiveServicesManagementClient):
    make_account(azure, "counting")
    before = usages(azure)["OpenAI.GlobalStandard.gpt-4o-audio-preview"]
    deploy(azure, "counting", "voice", capacity=7)
    assert usages(azure)["OpenAI.GlobalStandard.gpt-4o-audio-preview"] == before + 7
    own = azure.accounts.list_usages("rg", "counting").value or []
    assert [(usage.name.value, usage.current_value) for usage in own if usage.name and usage.current_value] == [
        ("OpenAI.GlobalStandard.gpt-4o-audio-preview", 7)
    ]
    (left,) = [
        capacity.properties.available_capacity
        for capacity in azure.location_based_model_capacities.list(
            "eastus2", model_format="OpenAI", model_name="gpt-4o-audio-preview", model_version="2024-12-17"
        )
        if capacity.properties and capacity.properties.sku_name == "GlobalStandard"
    ]
    assert left == 300_000 - before - 7
    everywhere = azure.model_capacities.list(
        model_format="OpenAI", model_name="gpt-4o-audio-preview", model_version="2024-12-17"
    )
    assert {capacity.location for capacity in everywhere} == {"local", "eastus2"}


def usages(azure: CognitiveServicesManagementClient) -> dict[str | None, float]:
    return {usage.name.value: usage.current_value or 0 for usage in azure.usages.list("eastus2") if usage.name}


def test_the_rest_that_the_client_knows_is_answered(azure: CognitiveServicesManagementClient):
    taken = azure.check_domain_availability("local", "Microsoft.CognitiveServices/accounts")
    assert taken.is_subdomain_available is False
    assert list(azure.deleted_accounts.list()) == []
    assert "Microsoft.CognitiveServices/accounts/listKeys/action" in [each.name for each in azure.operations.list()]
