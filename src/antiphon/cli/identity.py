"""`antiphon principals`, `roles` and `signing-keys`: who may do what, whether or not a server runs on the data."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from antiphon.cli.keys import in_store
from antiphon.cli.options import DataOption, JsonOption
from antiphon.command_line import command_line
from antiphon.hardening.printable import printable
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.errors import RoleNotAssigned, RoleNotFound
from antiphon.identity.principals import Principal, Principals
from antiphon.identity.roles import ROLES, Role, find_role
from antiphon.identity.scopes import EVERYTHING, wider_scope
from antiphon.identity.secrets import IDENTITY_HEADER, ServerSecrets
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LOCAL_TENANT, TokenIssuer
from antiphon.resources.accounts import account_names, get_account
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.opening import remembered, seal_key_file
from antiphon.store.sealing import open_seal

principals = typer.Typer(no_args_is_help=True)
roles = typer.Typer(no_args_is_help=True)
signing_keys = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The principal's name.")]
PrincipalArgument = Annotated[
    str, typer.Argument(help="A principal's name, or the object id of an Entra user or application.")
]
RoleArgument = Annotated[str, typer.Argument(help='A role, such as "Cognitive Services OpenAI User".')]
AccountOption = Annotated[
    str | None, typer.Option("--account", help="The account's name.", show_default="all accounts")
]
ScopeOption = Annotated[
    str | None,
    typer.Option(
        "--scope",
        metavar="/subscriptions/ID[/resourceGroups/NAME]",
        help="All accounts in a subscription or resource group, instead of one account.",
        show_default=False,
    ),
]

Result = TypeVar("Result")
_DEFAULT_FEDERATED_HOURS = 24 * 30
_MAX_FEDERATED_HOURS = 24 * 365


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    """What the commands act on."""

    database: Database
    principals: Principals
    roles: RoleAssignments
    keys: SigningKeys
    secrets: ServerSecrets

    async def scope(self, account: str | None, wider: str | None) -> str:
        """The scope as it is stored. Raises `AccountNotFound`, and `typer.BadParameter` for an invalid scope."""
        if account is not None:
            if wider is not None:
                raise typer.BadParameter("Name an account or a wider scope, not both.", param_hint="--scope")
            return (await get_account(self.database, account)).id
        scope = EVERYTHING if wider is None else wider_scope(wider)
        if scope is None:
            raise typer.BadParameter(f"{wider!r} is neither a subscription nor a resource group.", param_hint="--scope")
        return scope.stored


@principals.command("add")
def add_principal(name: NameArgument, data: DataOption, as_json: JsonOption = False) -> None:
    """Add a principal and print its credentials. The secret is shown only this once."""

    async def add(identity: _Identity) -> tuple[Principal, str]:
        return await identity.principals.add(name)

    principal, secret = _run(data, add)
    fields = {**_principal_json(principal), "tenant": LOCAL_TENANT, "client_secret": secret}
    _print(fields, as_json=as_json)
    if not as_json:
        assign = command_line(data).about_folder(f'roles assign {name} "Cognitive Services OpenAI User"')
        typer.echo(f"It has no role yet: {assign}", err=True)


@principals.command("list")
def list_principals(data: DataOption, as_json: JsonOption = False) -> None:
    """List all principals."""

    async def read(identity: _Identity) -> tuple[Principal, ...]:
        return await identity.principals.list()

    found = [_principal_json(principal) for principal in _run(data, read)]
    _print_table(found, as_json=as_json)


@principals.command("remove")
def remove_principal(name: NameArgument, data: DataOption) -> None:
    """Remove a principal and its roles. Its tokens stop working within seconds."""

    async def remove(identity: _Identity) -> None:
        await identity.principals.remove(name)

    _run(data, remove)


@principals.command("federated-token")
def print_federated_token(
    name: NameArgument,
    data: DataOption,
    hours: Annotated[
        int, typer.Option(min=1, max=_MAX_FEDERATED_HOURS, help="How long the token is valid.")
    ] = _DEFAULT_FEDERATED_HOURS,
) -> None:
    """Print a token that replaces the secret, for AZURE_FEDERATED_TOKEN_FILE."""

    async def issue(identity: _Identity) -> str:
        principal = await identity.principals.named(name)
        return (await TokenIssuer(identity.keys).issue_federated(principal, timedelta(hours=hours))).value

    typer.echo(_run(data, issue))


@roles.command("definitions")
def list_definitions(as_json: JsonOption = False) -> None:
    """List the roles and what they allow."""
    if as_json:
        described = [
            {"name": role.name, "id": role.id, "description": role.description, "actions": sorted(role.actions)}
            for role in ROLES
        ]
        typer.echo(json.dumps(described))
        return
    for role in ROLES:
        typer.echo(f"{role.name}  ({role.id})\n    {role.description}")
        for action in sorted(role.actions):
            typer.echo(f"    {action}")


@roles.command("list")
def list_assignments(data: DataOption, as_json: JsonOption = False) -> None:
    """List who has which role."""

    async def read(identity: _Identity) -> list[dict[str, str]]:
        names = {principal.id: principal.name for principal in await identity.principals.list()}
        accounts = await account_names(identity.database)
        return [
            {
                "principal": names.get(assignment.principal_id, ""),
                "object_id": assignment.principal_id,
                "role": assignment.role.name,
                "account": accounts.get(assignment.scope) or _shown_scope(assignment.scope),
            }
            for assignment in await identity.roles.list()
        ]

    _print_table(_run(data, read), as_json=as_json)


@roles.command("assign")
def assign_role(
    principal: PrincipalArgument,
    role: RoleArgument,
    data: DataOption,
    account: AccountOption = None,
    scope: ScopeOption = None,
) -> None:
    """Assign a role: on one account, on those in a subscription or resource group, or on all."""

    async def assign(identity: _Identity) -> None:
        found = _role(role)
        await identity.roles.assign(
            await identity.principals.object_id_of(principal), found, scope=await identity.scope(account, scope)
        )

    _run(data, assign)


@roles.command("revoke")
def revoke_role(
    principal: PrincipalArgument,
    role: RoleArgument,
    data: DataOption,
    account: AccountOption = None,
    scope: ScopeOption = None,
) -> None:
    """Revoke a role, on exactly the scope it was assigned on. A running server follows within seconds."""

    async def revoke(identity: _Identity) -> None:
        found, stored = _role(role), await identity.scope(account, scope)
        if not await identity.roles.revoke(await identity.principals.object_id_of(principal), found, scope=stored):
            where = scope or ("all accounts" if account is None else f"the account {account!r}")
            raise RoleNotAssigned(principal, found.name, where)

    _run(data, revoke)


@signing_keys.command("rotate")
def rotate_signing_keys(
    data: DataOption,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Refuse all tokens signed so far, including federated ones.")
    ] = False,
) -> None:
    """Sign tokens with a new key. The old key stays valid until the last token it signed has expired."""

    async def rotate(identity: _Identity) -> str:
        return (await identity.keys.rotate(at_once=at_once)).id

    typer.echo(_run(data, rotate))


@signing_keys.command("list")
def list_signing_keys(data: DataOption, as_json: JsonOption = False) -> None:
    """List the keys in use; the first one signs."""

    async def read(identity: _Identity) -> list[dict[str, str]]:
        current = await identity.keys.current()
        return [
            {
                "kid": key.id,
                "created_at": _shown(key.created_at),
                "accepted_until": "" if key.id == current.id or key.retires_at is None else _shown(key.retires_at),
            }
            for key in await identity.keys.all()
        ]

    _print_table(_run(data, read), as_json=as_json)


def identity_header_of(data: Path) -> str:
    """The secret of the managed identity endpoint, created if necessary. Exits with a message if that fails."""

    async def read(identity: _Identity) -> str:
        return await identity.secrets.get(IDENTITY_HEADER)

    return _run(data, read)


def _run(data: Path, work: Callable[[_Identity], Coroutine[Any, Any, Result]]) -> Result:
    """Run `work` on a data folder, setting a new one up as the server would. Exits with a message if that fails."""

    folder = DataDirectory(path=data)

    async def run(database: Database) -> Result:
        seal = await open_seal(seal_key_file(remembered(folder), folder), database)
        local_principals = Principals(database)
        await local_principals.ensure_local()
        return await work(
            _Identity(
                database=database,
                principals=local_principals,
                roles=RoleAssignments(database),
                keys=SigningKeys(database, seal),
                secrets=ServerSecrets(database, seal),
            )
        )

    return in_store(data, run)


def _role(name: str) -> Role:
    role = find_role(name)
    if role is None:
        raise RoleNotFound(name)
    return role


def _shown_scope(stored: str) -> str:
    """A scope that is not an account's, or that of a deleted account."""
    return "(deleted)" if wider_scope(stored) is None else stored


def _principal_json(principal: Principal) -> dict[str, str]:
    return {"name": principal.name, "client_id": principal.client_id, "object_id": principal.id}


def _shown(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _print(fields: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(fields))
        return
    width = max(map(len, fields))
    for name, value in fields.items():
        typer.echo(f"{name:<{width}}  {printable(value)}")


def _print_table(rows: list[dict[str, str]], *, as_json: bool) -> None:
    """One line per row, with aligned columns."""
    if as_json:
        typer.echo(json.dumps(rows))
        return
    lines = [[printable(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (f"{value:<{width}}" for value, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
