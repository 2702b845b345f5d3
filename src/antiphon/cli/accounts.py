"""`antiphon accounts`: create, list, show and delete accounts, whether or not a server runs on the data folder."""

from __future__ import annotations

from typing import Annotated

import typer

from antiphon.cli.keys import columns, in_store, print_json
from antiphon.cli.options import DataOption, JsonOption
from antiphon.resources.account_plan import KINDS, AccountPlan
from antiphon.resources.accounts import LOCAL_LOCATION, Account, Accounts, get_account
from antiphon.resources.errors import AccountNotFound
from antiphon.store.database import Database
from antiphon.store.tables import LOCAL_RESOURCE_GROUP, LOCAL_SUBSCRIPTION

accounts = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The account's name.")]


@accounts.command("list")
def list_accounts(data: DataOption, as_json: JsonOption = False) -> None:
    """List all accounts."""

    async def read(database: Database) -> tuple[Account, ...]:
        return await Accounts(database).list()

    listed = in_store(data, read)
    if as_json:
        print_json([_json(account) for account in listed])
        return
    head = ("NAME", "KIND", "LOCATION", "RESOURCE GROUP", "SUBSCRIPTION")
    rows = [
        (account.name, account.kind, account.location, account.resource_group, account.subscription_id)
        for account in listed
    ]
    typer.echo(columns([head, *rows]))


@accounts.command("show")
def show_account(name: NameArgument, data: DataOption, as_json: JsonOption = False) -> None:
    """Show one account."""

    async def read(database: Database) -> Account:
        return await get_account(database, name)

    _print(in_store(data, read), as_json=as_json)


@accounts.command("create")
def create_account(
    name: NameArgument,
    data: DataOption,
    location: Annotated[str, typer.Option(help="Any name, such as eastus2.")] = LOCAL_LOCATION,
    group: Annotated[str, typer.Option("--resource-group", help="Any name.")] = LOCAL_RESOURCE_GROUP,
    subscription: Annotated[str, typer.Option(help="Any id.")] = LOCAL_SUBSCRIPTION,
    kind: Annotated[str, typer.Option(help=" or ".join(KINDS) + ".")] = KINDS[0],
    as_json: JsonOption = False,
) -> None:
    """Create an account with two keys and no deployments. It is reached as NAME.localhost."""
    plan = AccountPlan(location=location, subscription_id=subscription, resource_group=group, kind=kind)

    async def make(database: Database) -> Account:
        return (await Accounts(database).put(name, plan))[0]

    _print(in_store(data, make), as_json=as_json)


@accounts.command("delete")
def delete_account(name: NameArgument, data: DataOption) -> None:
    """Delete an account and its keys. Its deployments have to be deleted first."""

    async def delete(database: Database) -> None:
        account = await Accounts(database).stored(name)
        if account is None:
            raise AccountNotFound(name)
        await Accounts(database).delete(account)

    in_store(data, delete)
    typer.echo(f"Deleted {name}.")


def _print(account: Account, *, as_json: bool) -> None:
    if as_json:
        print_json(_json(account))
    else:
        typer.echo(columns([(key.replace("_", " "), _text(value)) for key, value in _json(account).items()]))


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in value.items()) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _json(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "kind": account.kind,
        "location": account.location,
        "resource_group": account.resource_group,
        "subscription": account.subscription_id,
        "tags": dict(account.tags),
        "keys_disabled": account.disable_local_auth,
        "created_at": account.created_at.isoformat(timespec="seconds"),
    }
