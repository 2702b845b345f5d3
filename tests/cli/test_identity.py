from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from antiphon.cli.main import app
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import EXCHANGE_AUDIENCE
from antiphon.identity.principals import Principals
from antiphon.identity.roles import OPENAI_USER, DataAction
from antiphon.identity.scopes import Scope
from antiphon.identity.secrets import IDENTITY_HEADER, ServerSecrets
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LOCAL_TENANT, LocalIssuer, TokenVerifier
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal

from ..identity.forging import OBJECT_ID
from .servers import pretended_server


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDirectory:
    monkeypatch.setenv("ANTIPHON_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return DataDirectory(path=tmp_path / "data")


def antiphon(*arguments: str) -> str:
    """Run the command and return all that it wrote to standard output."""
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def read(*arguments: str) -> Any:
    return json.loads(antiphon(*arguments, "--json"))


def refusal(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 1
    assert result.stdout == ""
    return result.stderr


def wrong_use(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 2
    return result.stderr


def test_a_principal_is_added_before_a_server_has_ever_run(data: DataDirectory) -> None:
    added = read("principals", "add", "robot")
    assert added.keys() == {"name", "client_id", "object_id", "tenant", "client_secret"}
    assert added["tenant"] == LOCAL_TENANT
    listed = read("principals", "list")
    assert [principal["name"] for principal in listed] == ["local", "robot"]
    assert added["client_secret"] not in json.dumps(listed)


def test_for_people_the_secret_stands_alone_on_a_line(data: DataDirectory) -> None:
    lines = antiphon("principals", "add", "robot").splitlines()
    assert len(lines[-1].split()[1]) == 40


def test_a_name_is_refused_with_what_to_do(data: DataDirectory) -> None:
    antiphon("principals", "add", "robot")
    assert "Choose another name" in refusal("principals", "add", "Robot")
    assert "principals list" in refusal("principals", "remove", "nobody")


def test_roles_are_given_listed_and_taken_back(data: DataDirectory) -> None:
    robot = read("principals", "add", "robot")
    antiphon("roles", "assign", "robot", "cognitive services openai user", "--account", "LOCAL")
    mine = [row for row in read("roles", "list") if row["principal"] == "robot"]
    assert mine == [
        {
            "principal": "robot",
            "object_id": robot["object_id"],
            "role": "Cognitive Services OpenAI User",
            "account": "local",
        }
    ]
    antiphon("roles", "revoke", "robot", "Cognitive Services OpenAI User", "--account", "local")
    assert [row["principal"] for row in read("roles", "list")] == ["local", "local"]


def test_roles_are_given_on_groups_and_subscriptions(data: DataDirectory) -> None:
    antiphon("principals", "add", "robot")
    for scope in ("/subscriptions/Sub-1", "/subscriptions/sub-1/resourceGroups/RG"):
        antiphon("roles", "assign", "robot", "Owner", "--scope", scope)
    given = [row["account"] for row in read("roles", "list") if row["principal"] == "robot"]
    assert given == ["/subscriptions/sub-1", "/subscriptions/sub-1/resourcegroups/rg"]
    antiphon("roles", "revoke", "robot", "Owner", "--scope", "/subscriptions/sub-1/resourcegroups/rg")
    assert "/subscriptions/none" in refusal("roles", "revoke", "robot", "Owner", "--scope", "/subscriptions/none")
    given = [row["account"] for row in read("roles", "list") if row["principal"] == "robot"]
    assert given == ["/subscriptions/sub-1"]


@pytest.mark.parametrize("scope", ["sub-1", "/subscriptions/sub-1/resourceGroups/rg/x"])
def test_what_is_no_scope_is_refused(data: DataDirectory, scope: str) -> None:
    assert "--scope" in wrong_use("roles", "assign", "local", "Owner", "--scope", scope)
    assert "--scope" in wrong_use("roles", "assign", "local", "Owner", "--scope", "/", "--account", "local")
    assert len(read("roles", "list")) == 2


def test_a_role_may_be_given_to_an_object_id_of_entra_and_by_a_client_id(data: DataDirectory) -> None:
    robot = read("principals", "add", "robot")
    antiphon("roles", "assign", OBJECT_ID.upper(), "Owner")
    antiphon("roles", "assign", robot["client_id"], "Owner")
    given = {row["object_id"]: row["account"] for row in read("roles", "list") if row["role"] == "Owner"}
    assert given == {OBJECT_ID: "*", robot["object_id"]: "*"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("assign", "local", "Emperor"), "roles definitions"),
        (("assign", "nobody", "Owner"), "principals list"),
        (("assign", "local", "Owner", "--account", "none"), "no account named 'none'"),
        (("revoke", "local", "Owner"), "roles list"),
    ],
)
def test_what_cannot_be_is_told_on_standard_error(data: DataDirectory, arguments: tuple[str, ...], told: str) -> None:
    assert told in refusal("roles", *arguments)
    assert len(read("roles", "list")) == 2


def test_roles_are_described() -> None:
    described = {role["name"]: role for role in read("roles", "definitions")}
    assert DataAction.CHAT in described["Cognitive Services OpenAI User"]["actions"]
    assert "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd" in antiphon("roles", "definitions")


def test_a_role_taken_back_by_command_is_gone_for_a_running_server(data: DataDirectory) -> None:
    antiphon("principals", "list")

    async def serve() -> list[bool]:
        async with await Database.open(data.database) as database:
            roles = RoleAssignments(database, remembered_seconds=0.0)
            local = (await Principals(database).ensure_local()).id
            allowed = [await roles.allow(local, DataAction.CHAT, scope=Scope(account_id="any"))]
            await asyncio.to_thread(antiphon, "roles", "revoke", "local", OPENAI_USER.name)
            return [*allowed, await roles.allow(local, DataAction.CHAT, scope=Scope(account_id="any"))]

    assert asyncio.run(serve()) == [True, False]


def test_a_federated_token_is_printed_alone_and_is_the_principals(data: DataDirectory) -> None:
    robot = read("principals", "add", "robot")
    token = antiphon("principals", "federated-token", "robot", "--hours", "2").strip()

    async def verify() -> tuple[str, int]:
        async with await Database.open(data.database) as database:
            verifier = TokenVerifier([LocalIssuer(keys=SigningKeys(database, Seal.open(data.seal_key)))])
            claims = await verifier.verify(token, {EXCHANGE_AUDIENCE})
            return claims.object_id, claims.expires_at - claims.not_before

    assert asyncio.run(verify()) == (robot["object_id"], 7200)


def test_signing_keys_are_rotated(data: DataDirectory) -> None:
    first = antiphon("signing-keys", "rotate").strip()
    second = antiphon("signing-keys", "rotate").strip()
    listed = read("signing-keys", "list")
    assert [key["kid"] for key in listed] == [second, first]
    assert [bool(key["accepted_until"]) for key in listed] == [False, True]
    third = antiphon("signing-keys", "rotate", "--at-once").strip()
    assert [key["kid"] for key in read("signing-keys", "list")] == [third]


def test_the_environment_leads_to_a_managed_identity(data: DataDirectory) -> None:
    with pretended_server(data.path) as server:
        lines = antiphon("env").splitlines()
    exported = dict(line.removeprefix("export ").split("=", 1) for line in lines)
    assert exported["IDENTITY_ENDPOINT"] == f"{server.url}/msi/token"
    assert "AZURE_OPENAI_API_KEY" not in exported

    async def secret() -> str:
        async with await Database.open(data.database) as database:
            return await ServerSecrets(database, Seal.open(data.seal_key)).get(IDENTITY_HEADER)

    assert exported["IDENTITY_HEADER"] == asyncio.run(secret())


def test_the_environment_has_a_key_when_that_is_asked_for(data: DataDirectory) -> None:
    with pretended_server(data.path):
        exported = antiphon("env", "--key")
        assert f"AZURE_OPENAI_API_KEY={read('keys', 'list')['key1']}\n" in exported
        assert antiphon("env", "--key") == exported
