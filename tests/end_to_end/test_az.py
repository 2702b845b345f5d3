"""The Azure CLI, unchanged, signs in at the server and manages it."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.store.tables import LOCAL_SUBSCRIPTION

from ..waiting import until
from .running_server import RunningServer, run_program

AZ = Path(__file__).parents[2] / ".venv" / "az" / "bin" / "az"
ACCOUNT = ("-g", "local", "-n", "local")

pytestmark = pytest.mark.skipif(not AZ.exists(), reason="the Azure CLI is installed by `make az`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Az:
    folder: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str) -> Any:
        """What a command tells; None where it tells nothing."""
        done = run_program(AZ, *arguments, "-o", "json", folder=self.folder, environment=self.environment)
        assert done.returncode == 0, f"az {' '.join(arguments)}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def error(self, *arguments: str) -> str:
        done = run_program(AZ, *arguments, folder=self.folder, environment=self.environment)
        assert done.returncode != 0, done.stdout
        return done.stderr


def prepared(server: RunningServer, folder: Path) -> Az:
    """With a cloud of its own, and nobody signed in."""
    own = {
        "AZURE_CONFIG_DIR": str(folder / "config"),
        "AZURE_CORE_INSTANCE_DISCOVERY": "false",
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
    }
    az = Az(folder=folder, environment=server.environment("--tls") | own)
    az("cloud", "register", "-n", "Antiphon", "--endpoint-resource-manager", server.tls_url)
    az("cloud", "set", "-n", "Antiphon")
    return az


def sign_in(az: Az, principal: Mapping[str, str], *, secret: str | None = None) -> tuple[str, ...]:
    who = ("-u", principal["client_id"], "-p", secret or principal["client_secret"], "--tenant", principal["tenant"])
    return ("login", "--service-principal", *who)


@pytest.fixture(scope="module")
def principal(server: RunningServer) -> Mapping[str, str]:
    made = server.told("principals", "add", "operator")
    server.run("roles", "assign", "operator", "Owner")
    return made


@pytest.fixture(scope="module")
def az(server: RunningServer, principal: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Generator[Az]:
    az = prepared(server, tmp_path_factory.mktemp("az"))
    (subscription,) = az(*sign_in(az, principal))
    assert subscription["id"] == LOCAL_SUBSCRIPTION
    yield az
    az("logout")
    assert "az login" in az.error("account", "show")


def ask(server: RunningServer, deployment: str, *, key: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/openai/deployments/{deployment}/chat/completions",
        params={"api-version": "2025-01-01-preview"},
        headers={"api-key": key},
        json={
            "modalities": ["text", "audio"],
            "audio": {"voice": "alloy", "format": "wav"},
            "messages": [{"role": "user", "content": "Say only: Good day."}],
        },
        timeout=120,
    )


def test_a_deployment_answers_from_its_creation_to_its_deletion(server: RunningServer, az: Az):
    deployment = ("cognitiveservices", "account", "deployment")
    model = ("--model-format", "OpenAI", "--model-name", "gpt-4o-audio-preview", "--model-version", "2024-12-17")
    sku = ("--sku-name", "GlobalStandard", "--sku-capacity", "100")
    named = (*ACCOUNT, "--deployment-name", "made-with-az")
    created = az(*deployment, "create", *named, *model, *sku)
    assert created["properties"]["provisioningState"] == "Succeeded"
    assert created["sku"] == {"capacity": 100, "family": None, "name": "GlobalStandard", "size": None, "tier": None}

    answer = ask(server, "made-with-az", key=server.key)
    assert answer.status_code == 200, answer.text
    assert "good day" in answer.json()["choices"][0]["message"]["audio"]["transcript"].lower()
    assert "made-with-az" in [each["name"] for each in az(*deployment, "list", *ACCOUNT)]
    assert az(*deployment, "show", *named)["id"] == created["id"]

    az(*deployment, "delete", *named)
    assert "made-with-az" not in [each["name"] for each in az(*deployment, "list", *ACCOUNT)]
    assert "was not found" in az.error(*deployment, "show", *named)
    assert ask(server, "made-with-az", key=server.key).status_code == 404


def test_an_account_tells_its_endpoint_and_what_can_be_deployed(server: RunningServer, az: Az):
    account = ("cognitiveservices", "account")
    shown = az(*account, "show", *ACCOUNT)
    assert shown["properties"]["endpoint"] == f"{server.tls_url}/"
    assert [each["name"] for each in az(*account, "list", "-g", "local")] == ["local"]
    models = {each["name"] for each in az(*account, "list-models", *ACCOUNT)}
    assert models == {"gpt-4o-audio-preview", "gpt-4o-realtime-preview"}


def test_a_key_that_was_regenerated_is_refused_within_seconds(server: RunningServer, az: Az):
    keys = ("cognitiveservices", "account", "keys")
    before = az(*keys, "list", *ACCOUNT)
    assert before["key1"] == server.key
    after = az(*keys, "regenerate", *ACCOUNT, "--key-name", "key2")
    assert after["key1"] == before["key1"]

    def status(key: str) -> int:
        return httpx.get(f"{server.url}/openai/v1/models", headers={"api-key": key}).status_code

    until(lambda: status(before["key2"]) == 401)
    assert (status(before["key2"]), status(after["key2"]), status(server.key)) == (401, 200, 200)


def test_resources_are_found(az: Az):
    (resource,) = az("resource", "list", "-g", "local")
    assert (resource["name"], resource["type"]) == ("local", "Microsoft.CognitiveServices/accounts")
    assert az("resource", "show", "--ids", resource["id"])["name"] == "local"


def test_a_group_is_there_from_its_creation_to_its_deletion_with_all_in_it(az: Az):
    group = ("-n", "made-with-az")
    assert az("group", "exists", *group) is False
    assert az("group", "create", *group, "-l", "eastus2", "--tags", "a=b")["location"] == "eastus2"
    assert az("group", "update", *group, "--tags", "c=d")["tags"] == {"c": "d"}
    assert [each["name"] for each in az("group", "list", "--tag", "c=d")] == ["made-with-az"]
    account = ("cognitiveservices", "account")
    kind = ("--kind", "OpenAI", "--sku", "S0", "-l", "eastus2", "--yes")
    az(*account, "create", "-g", "made-with-az", "-n", "contoso", *kind)
    az("group", "delete", *group, "--yes")
    assert "could not be found" in az.error("group", "show", *group)
    assert [each["name"] for each in az(*account, "list")] == ["local"]


def test_a_role_that_is_assigned_opens_until_it_is_deleted(server: RunningServer, az: Az):
    robot = server.told("principals", "add", "robot")
    role = ("role", "assignment")
    scope = az("cognitiveservices", "account", "show", *ACCOUNT)["id"]
    user = ("--assignee", robot["client_id"], "--role", "Cognitive Services User", "--scope", scope)
    assert list_models(server, robot) == 401
    given = az(*role, "create", *user)
    assert (given["principalId"], given["principalType"]) == (robot["object_id"], "ServicePrincipal")
    assert list_models(server, robot) == 200
    assert az(*role, "create", *user)["id"] == given["id"]
    (listed,) = az(*role, "list", "--all", "--assignee", "robot")
    assert (listed["roleDefinitionName"], listed["principalName"]) == ("Cognitive Services User", robot["client_id"])
    az(*role, "delete", *user)
    assert list_models(server, robot) == 401

    wider = az(
        *role,
        "create",
        "--assignee",
        "robot",
        "--role",
        "Cognitive Services OpenAI User",
        "--scope",
        scope.partition("/providers/")[0],
    )
    assert list_models(server, robot) == 200
    inherited = az(*role, "list", "--assignee", "robot", "--scope", scope, "--include-inherited")
    assert [each["id"] for each in inherited] == [wider["id"]]
    az(*role, "delete", "--ids", wider["id"])
    assert az(*role, "list", "--all", "--assignee", "robot") == []


def test_roles_and_principals_are_told(az: Az):
    (user,) = az("role", "definition", "list", "--name", "Cognitive Services User")
    assert user["name"] == "a97b65f3-24c7-4388-baec-2e87135dc908"
    assert az("role", "definition", "list", "--custom-role-only") == []
    assert "operator" in [each["displayName"] for each in az("ad", "sp", "list", "--all")]
    assert az("ad", "sp", "show", "--id", "operator")["servicePrincipalType"] == "Application"
    assert "delegated" in az.error("ad", "signed-in-user", "show")


def list_models(server: RunningServer, principal: Mapping[str, str]) -> int:
    """The status that a principal is answered with who lists models with a token of its own."""
    form = {
        "grant_type": "client_credentials",
        "client_id": principal["client_id"],
        "client_secret": principal["client_secret"],
        "scope": "https://cognitiveservices.azure.com/.default",
    }
    issued = httpx.post(f"{server.url}/{principal['tenant']}/oauth2/v2.0/token", data=form).json()
    headers = {"Authorization": f"Bearer {issued['access_token']}"}
    return httpx.get(f"{server.url}/openai/v1/models", headers=headers).status_code


def test_a_wrong_secret_is_told_as_such(server: RunningServer, principal: Mapping[str, str], tmp_path: Path):
    az = prepared(server, tmp_path)
    assert "AADSTS7000215" in az.error(*sign_in(az, principal, secret="wrong"))
