"""The `antiphon` command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antiphon import __version__
from antiphon.api.environment import (
    MANAGED_IDENTITY_PATH,
    ManagedIdentityAccess,
    client_environment,
    export_lines,
)
from antiphon.certificate_commands import certificates, trust_variables
from antiphon.errors import AntiphonError
from antiphon.identity.commands import identity_header_of, principals, roles, signing_keys
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.models.commands import app as models
from antiphon.models.doctor import doctor
from antiphon.portal_link import sign_in_link
from antiphon.resources.account_commands import accounts
from antiphon.resources.commands import DataOption, in_store, keys, keys_of
from antiphon.resources.deployment_commands import deployments
from antiphon.resources.hosts import LOCAL_ACCOUNT
from antiphon.resources.models import GPT_4O_AUDIO_PREVIEW
from antiphon.resources.record_commands import records
from antiphon.store.database import Database

DEFAULT_PORT = 8080
DEFAULT_TLS_PORT = 8443

ConfigOption = Annotated[
    Path | None, typer.Option(help="The configuration; antiphon.toml of this folder if there is one.")
]

app = typer.Typer(
    help="Antiphon: talk with a model, through the audio interfaces of Azure OpenAI, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(models)
app.add_typer(accounts, name="accounts")
app.add_typer(deployments, name="deployments")
app.add_typer(keys, name="keys")
app.add_typer(records, name="records")
app.add_typer(certificates, name="certificates")
app.add_typer(principals, name="principals")
app.add_typer(roles, name="roles")
app.add_typer(signing_keys, name="signing-keys")
app.command()(doctor)


def main() -> None:
    """Run the command; what the user can mend is told without a stack trace."""
    try:
        app()
    except AntiphonError as error:
        typer.secho(f"antiphon: {error.message}", err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None


@app.callback(invoke_without_command=True)
def _version(show: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if show:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def serve(
    data: DataOption,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is all of them.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = DEFAULT_PORT,
    tls_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="The port to listen on for https; 0 is none.",
            show_default=f"{DEFAULT_TLS_PORT}, if it is free",
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Start the server. Models that are missing are fetched first; /health answers 200 once all are warm."""
    from antiphon.serving import run_server  # It loads every engine's library, which other commands need not wait for.
    from antiphon.settings import read_settings

    run_server(
        read_settings(config),
        host=host,
        port=port,
        tls_port=DEFAULT_TLS_PORT if tls_port is None else tls_port,
        tls_required=tls_port is not None,
        data=data,
    )


@app.command()
def portal(
    data: DataOption,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port that the server listens on.")] = DEFAULT_PORT,
    url: Annotated[
        str | None,
        typer.Option(
            help="Where your browser reaches the server, such as https://voice.example.org; its prefix is added.",
            show_default="http://localhost:PORT",
        ),
    ] = None,
    config: ConfigOption = None,
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="First sign everybody out, and withdraw the links there are.")
    ] = False,
) -> None:
    """Print a link to the portal that signs in whoever opens it first, within an hour."""
    from antiphon.settings import read_settings

    async def create_code(database: Database) -> str:
        sessions = PortalSessions(database)
        if end_sessions:
            await sessions.end_all()
        return await sessions.create_code()

    prefix = read_settings(config).server.prefix
    address = f"{(url or f'http://localhost:{port}').rstrip('/').removesuffix(prefix)}{prefix}"
    typer.echo(sign_in_link(address, in_store(data, create_code)))


@app.command()
def env(
    data: DataOption,
    key: Annotated[bool, typer.Option("--key", help="Also set AZURE_OPENAI_API_KEY.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port that the server listens on.")] = DEFAULT_PORT,
    tls: Annotated[bool, typer.Option("--tls", help="Use https, and set what clients need to trust it.")] = False,
    ca: Annotated[bool, typer.Option("--ca", help="Only set what clients need to trust https.")] = False,
    tls_port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port that the server listens on for https.")
    ] = DEFAULT_TLS_PORT,
) -> None:
    """Print what a shell needs for Azure's clients to find this server, and to sign in: eval "$(antiphon env)"."""
    http = f"http://localhost:{port}"
    variables = client_environment(
        endpoint=f"https://localhost:{tls_port}" if tls else http,
        deployment=GPT_4O_AUDIO_PREVIEW.name,
        identity=ManagedIdentityAccess(endpoint=f"{http}{MANAGED_IDENTITY_PATH}", header=identity_header_of(data)),
        key=keys_of(LOCAL_ACCOUNT, data).key1 if key else None,
    )
    if tls or ca:
        variables = {**variables, **trust_variables(data)}
    for line in export_lines(variables):
        typer.echo(line)
