"""The `antiphon` command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antiphon import __version__
from antiphon.cli.accounts import accounts
from antiphon.cli.certificates import certificates
from antiphon.cli.deployments import deployments
from antiphon.cli.doctor import doctor
from antiphon.cli.engines import engines
from antiphon.cli.identity import principals, roles, signing_keys
from antiphon.cli.keys import DataOption, keys
from antiphon.cli.models import app as models
from antiphon.cli.records import records
from antiphon.cli.server import env, portal
from antiphon.command_line import DEFAULT_PORT, DEFAULT_TLS_PORT, command_line
from antiphon.errors import AntiphonError

ConfigOption = Annotated[
    Path | None,
    typer.Option(help="The configuration file.", show_default="antiphon.toml in the current folder, if there is one"),
]

app = typer.Typer(
    help="Antiphon: a self-hosted speech server, compatible with Azure OpenAI.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(models)
app.add_typer(accounts, name="accounts")
app.add_typer(deployments, name="deployments")
app.add_typer(engines, name="engines")
app.add_typer(keys, name="keys")
app.add_typer(records, name="records")
app.add_typer(certificates, name="certificates")
app.add_typer(principals, name="principals")
app.add_typer(roles, name="roles")
app.add_typer(signing_keys, name="signing-keys")
app.command()(doctor)
app.command()(portal)
app.command()(env)


def main() -> None:
    """Run the command. Errors that the user can fix are reported without a stack trace."""
    try:
        app()
    except AntiphonError as error:
        typer.secho(f"antiphon: {command_line().fitted(error.message)}", err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        typer.secho(f"antiphon: {where}{error.strerror or error}.", err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None


@app.callback(invoke_without_command=True)
def _version(show: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if show:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def serve(
    data: DataOption,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 means all addresses.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on for http.")] = DEFAULT_PORT,
    tls_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="The port to listen on for https; 0 turns https off.",
            show_default=f"{DEFAULT_TLS_PORT}, if it is free",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="How many processes serve the ports.", show_default="1, or the setting"),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Start the server, downloading missing models first. /health answers 200 once the models are warm."""
    from antiphon.cli.serve import run_server  # Loads every engine's library: no other command should wait for it.
    from antiphon.settings import read_settings

    run_server(
        read_settings(config),
        host=host,
        port=port,
        tls_port=DEFAULT_TLS_PORT if tls_port is None else tls_port,
        tls_required=tls_port is not None,
        data=data,
        workers=workers,
    )
