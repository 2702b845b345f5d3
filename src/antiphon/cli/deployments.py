"""`antiphon deployments`: an account's deployments, whether or not a server runs on the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from antiphon.cli.errors import DeploymentMissing
from antiphon.cli.keys import columns, in_store, print_json
from antiphon.cli.options import AccountOption, DataOption, JsonOption
from antiphon.resources.accounts import LOCAL_ACCOUNT, get_account
from antiphon.resources.capacity import DEFAULT_CAPACITY, CapacityPool
from antiphon.resources.deployment_plan import DEFAULT_PROFILE, DeploymentPlan
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import DeploymentNotFound
from antiphon.resources.models import SKUS
from antiphon.settings import Settings, read_settings
from antiphon.store.database import Database
from antiphon.store.tables import folded

deployments = typer.Typer(no_args_is_help=True)

NameArgument: TypeAlias = Annotated[str, typer.Argument(help="The deployment's name.")]
ConfigOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--config", help="The server's configuration file, for its profiles and quotas."),
]


@deployments.command("list")
def list_deployments(data: DataOption, account: AccountOption = LOCAL_ACCOUNT, as_json: JsonOption = False) -> None:
    """List an account's deployments."""

    async def read(database: Database) -> tuple[Deployment, ...]:
        return await Deployments(database).list((await get_account(database, account)).id)

    listed = in_store(data, read)
    if as_json:
        print_json([_json(deployment) for deployment in listed])
        return
    head = ("NAME", "MODEL", "VERSION", "SKU", "CAPACITY", "PROFILE")
    rows = [
        (each.name, each.model.name, each.model.version, each.sku_name, str(each.capacity), each.profile)
        for each in listed
    ]
    typer.echo(columns([head, *rows]))


@deployments.command("show")
def show_deployment(
    name: NameArgument, data: DataOption, account: AccountOption = LOCAL_ACCOUNT, as_json: JsonOption = False
) -> None:
    """Show one deployment."""

    async def read(database: Database) -> Deployment:
        stored = await Deployments(database).stored((await get_account(database, account)).id)
        if (found := stored.get(folded(name))) is None:
            raise DeploymentMissing(name, account=account)
        return found

    _print(in_store(data, read), as_json=as_json)


@deployments.command("create")
def create_deployment(
    name: NameArgument,
    model: Annotated[str, typer.Option(help="The model's name, such as gpt-4o-audio-preview.")],
    data: DataOption,
    version: Annotated[
        str | None, typer.Option("--model-version", help="The model's version; the newest by default.")
    ] = None,
    sku: Annotated[str, typer.Option(help=", ".join(SKUS) + ".")] = SKUS[0],
    capacity: Annotated[
        int | None,
        typer.Option(
            help=f"In thousands of tokens a minute; by default {DEFAULT_CAPACITY}, or half of what the pool has left. "
            "An existing deployment keeps its capacity."
        ),
    ] = None,
    profile: Annotated[str, typer.Option(help="The profile whose engines answer.")] = DEFAULT_PROFILE,
    account: AccountOption = LOCAL_ACCOUNT,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a deployment, or replace the one with that name."""
    plan = DeploymentPlan(model_name=model, model_version=version, sku_name=sku, capacity=capacity, profile=profile)

    async def make(database: Database, settings: Settings) -> Deployment:
        account_id = (await get_account(database, account)).id
        return (await _deployments(database, settings).put(account_id, name, plan))[0]

    settings = read_settings(config)
    _print(in_store(data, lambda database: make(database, settings)), as_json=as_json)


@deployments.command("update")
def update_deployment(
    name: NameArgument,
    data: DataOption,
    capacity: Annotated[int | None, typer.Option(help="In thousands of tokens a minute.")] = None,
    sku: Annotated[str | None, typer.Option(help=", ".join(SKUS) + ".")] = None,
    profile: Annotated[str | None, typer.Option(help="The profile whose engines answer.")] = None,
    account: AccountOption = LOCAL_ACCOUNT,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a deployment. A running server follows within seconds."""

    async def change(database: Database, settings: Settings) -> Deployment:
        account_id = (await get_account(database, account)).id
        try:
            return await _deployments(database, settings).update(
                account_id, name, sku_name=sku, capacity=capacity, profile=profile
            )
        except DeploymentNotFound:
            raise DeploymentMissing(name, account=account) from None

    settings = read_settings(config)
    _print(in_store(data, lambda database: change(database, settings)), as_json=as_json)


@deployments.command("delete")
def delete_deployment(name: NameArgument, data: DataOption, account: AccountOption = LOCAL_ACCOUNT) -> None:
    """Delete a deployment. A running server refuses it within seconds."""

    async def delete(database: Database) -> None:
        if not await Deployments(database).delete((await get_account(database, account)).id, name):
            raise DeploymentMissing(name, account=account)

    in_store(data, delete)
    typer.echo(f"Deleted {name}.")


def _deployments(database: Database, settings: Settings) -> Deployments:
    pool = CapacityPool(database=database, limit=settings.quotas.capacity_per_model)
    return Deployments(database, pool=pool, profiles=frozenset(settings.profiles))


def _print(deployment: Deployment, *, as_json: bool) -> None:
    if as_json:
        print_json(_json(deployment))
    else:
        typer.echo(columns([(key.replace("_", " "), str(value)) for key, value in _json(deployment).items()]))


def _json(deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.name,
        "model": deployment.model.name,
        "model_version": deployment.model.version,
        "sku": deployment.sku_name,
        "capacity": deployment.capacity,
        "profile": deployment.profile,
        "created_at": deployment.created_at.isoformat(timespec="seconds"),
    }
