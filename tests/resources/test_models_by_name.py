"""Which deployment is meant by a model's name."""

from __future__ import annotations

import pytest

from antiphon.resources.accounts import Account
from antiphon.resources.deployment_plan import DeploymentPlan
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import DeploymentNotFound, ModelIsAmbiguous
from antiphon.resources.models import read_model_name
from antiphon.store.database import Database

pytestmark = pytest.mark.anyio

AUDIO = "gpt-4o-audio-preview"
REALTIME = "gpt-4o-realtime-preview"


@pytest.fixture
async def deployments(database: Database, local: Account) -> Deployments:
    """Of an account without any."""
    made = Deployments(database)
    for name in (AUDIO, REALTIME):
        await made.delete(local.id, name)
    return made


async def deploy(deployments: Deployments, account: Account, name: str, model: str, version: str | None = None) -> None:
    await deployments.put(account.id, name, DeploymentPlan(model_name=model, model_version=version))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (AUDIO, (AUDIO, None)),
        ("GPT-4o-Audio-Preview", (AUDIO, None)),
        (f"{AUDIO}-2024-12-17", (AUDIO, "2024-12-17")),
        (f"{AUDIO}-2025-06-03", (AUDIO, "2025-06-03")),
        (f"{REALTIME}-2024-10-01", (REALTIME, "2024-10-01")),
        (f"{REALTIME}-2023-01-01", None),
        (f"{REALTIME}-2024-10", None),
        (f"{REALTIME}-", None),
        (f"{REALTIME}-2024-10-01-2024-10-01", None),
        ("gpt-4o-2024-10-01", None),
        ("gpt-realtime", ("gpt-realtime", None)),
        ("gpt-realtime-2025-08-28", ("gpt-realtime", "2025-08-28")),
        ("gpt-realtime-mini-2025-10-06", ("gpt-realtime-mini", "2025-10-06")),
        ("gpt-realtime-1.5", ("gpt-realtime-1.5", None)),
        ("whisper-1", ("whisper", None)),
        ("tts-1-hd", ("tts-hd", None)),
        ("", None),
    ],
)
def test_a_model_is_named_with_any_version_that_was_ever_documented(written: str, read: tuple[str, str | None] | None):
    assert read_model_name(written) == read


@pytest.mark.parametrize(
    "asked", [REALTIME, f"{REALTIME}-2024-10-01", f"{REALTIME}-2024-12-17", f"{REALTIME.upper()}-2025-06-03"]
)
async def test_the_only_deployment_of_a_model_is_meant(deployments: Deployments, local: Account, asked: str) -> None:
    await deploy(deployments, local, "voice", REALTIME)
    await deploy(deployments, local, "other", AUDIO)
    assert (await deployments.meant_by(local.id, asked)).name == "voice"


async def test_a_deployment_of_that_name_comes_first(deployments: Deployments, local: Account) -> None:
    await deploy(deployments, local, f"{REALTIME}-2024-10-01", AUDIO)
    await deploy(deployments, local, "voice", REALTIME)
    assert (await deployments.meant_by(local.id, f"{REALTIME}-2024-10-01")).model.name == AUDIO
    assert (await deployments.meant_by(local.id, REALTIME)).name == "voice"


async def test_of_several_the_only_one_of_the_version_is_meant(deployments: Deployments, local: Account) -> None:
    await deploy(deployments, local, "new", REALTIME, "2024-12-17")
    await deploy(deployments, local, "old", REALTIME, "2024-10-01")
    assert (await deployments.meant_by(local.id, f"{REALTIME}-2024-10-01")).name == "old"
    assert (await deployments.meant_by(local.id, f"{REALTIME}-2024-12-17")).name == "new"


@pytest.mark.parametrize("asked", [REALTIME, f"{REALTIME}-2024-12-17", f"{REALTIME}-2025-06-03"])
async def test_where_any_of_several_could_be_meant_they_are_named(
    deployments: Deployments, local: Account, asked: str
) -> None:
    await deploy(deployments, local, "one", REALTIME)
    await deploy(deployments, local, "two", REALTIME)
    with pytest.raises(ModelIsAmbiguous) as refused:
        await deployments.meant_by(local.id, asked)
    assert "one, two. Name the one that you mean as 'model'." in refused.value.message


@pytest.mark.parametrize("asked", [AUDIO, f"{REALTIME}-2023-01-01", "gpt-4o", "nothing"])
async def test_what_nothing_is_deployed_of_is_not_found(deployments: Deployments, local: Account, asked: str) -> None:
    await deploy(deployments, local, "voice", REALTIME)
    with pytest.raises(DeploymentNotFound) as refused:
        await deployments.meant_by(local.id, asked)
    assert not isinstance(refused.value, ModelIsAmbiguous)


async def test_azures_own_routes_know_deployments_alone(deployments: Deployments, local: Account) -> None:
    await deploy(deployments, local, "voice", REALTIME)
    with pytest.raises(DeploymentNotFound):
        await deployments.get(local.id, REALTIME)
