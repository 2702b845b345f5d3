from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from antiphon.resources.accounts import LOCAL_DEPLOYMENTS, Account
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import DeploymentNotFound
from antiphon.store.database import Database
from antiphon.store.tables import DeploymentRow, folded

pytestmark = pytest.mark.anyio


class Seconds:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def deploy(database: Database, account: Account, name: str, *, model: str = "gpt-4o-audio-preview") -> None:
    async with database.begin() as session:
        session.add(
            DeploymentRow(
                account_id=account.id,
                folded_name=folded(name),
                name=name,
                model_name=model,
                model_version="2024-12-17",
                profile="fast",
                sku_name="Standard",
                capacity=7,
                created_at=datetime(2026, 1, 2, tzinfo=UTC),
            )
        )


async def test_a_deployment_is_found_in_any_case_and_keeps_its_own(database: Database, local: Account) -> None:
    await deploy(database, local, "My-Voice")
    assert (await Deployments(database).get(local.id, "mY-vOICE")).name == "My-Voice"


async def test_a_deployment_tells_all_that_was_stored(database: Database, local: Account) -> None:
    await deploy(database, local, "My-Voice")
    deployment = await Deployments(database).get(local.id, "My-Voice")
    assert (deployment.profile, deployment.sku_name, deployment.capacity) == ("fast", "Standard", 7)
    assert deployment.model.id == "gpt-4o-audio-preview-2024-12-17"
    assert deployment.created_at == datetime(2026, 1, 2, tzinfo=UTC)


async def test_an_unknown_name_is_refused_and_the_log_tells_those_that_exist(
    database: Database, local: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(DeploymentNotFound):
        await Deployments(database).get(local.id, "gpt-5\nforged line")
    assert ", ".join(sorted(LOCAL_DEPLOYMENTS)) in caplog.messages[0]
    assert "\n" not in caplog.messages[0]


async def test_another_accounts_deployments_are_not_found(database: Database, local: Account) -> None:
    deployments = Deployments(database)
    assert await deployments.list("another") == ()
    with pytest.raises(DeploymentNotFound):
        await deployments.get("another", "gpt-4o-audio-preview")


async def test_a_known_account_costs_no_query(
    database: Database, local: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployments = Deployments(database, monotonic=Seconds())
    await deployments.list(local.id)
    monkeypatch.setattr(database, "session", None)
    assert (await deployments.get(local.id, "gpt-4o-audio-preview")).name == "gpt-4o-audio-preview"


async def test_a_deployment_made_elsewhere_is_found_within_seconds(database: Database, local: Account) -> None:
    clock = Seconds()
    deployments = Deployments(database, remembered_seconds=2.0, monotonic=clock)
    await deployments.list(local.id)
    await deploy(database, local, "late")
    clock.now = 2.0
    assert (await deployments.get(local.id, "late")).name == "late"


async def test_a_deployment_of_a_model_no_longer_served_is_listed_and_can_do_nothing(
    database: Database, local: Account
) -> None:
    await deploy(database, local, "old", model="gpt-3o-audio")
    deployment = await Deployments(database).get(local.id, "old")
    assert deployment.model.name == "gpt-3o-audio"
    assert deployment.model.capabilities == frozenset()
