"""The `antiphon` command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antiphon import __version__
from antiphon.cli.deferred import group_of
from antiphon.cli.options import DataOption
from antiphon.command_line import DEFAULT_PORT, DEFAULT_TLS_PORT, command_line
from antiphon.errors import AntiphonError

ConfigOption = Annotated[
    Path | None,
    typer.Option(help="The configuration file.", show_default="antiphon.toml in the current folder, if there is one"),
]

COMMANDS = {
    "doctor": (
        "antiphon.cli.doctor:doctor",
        "Check that this machine can run the server, and say how to fix what is wrong.",
    ),
    "portal": (
        "antiphon.cli.server:portal",
        "Print a link to the portal that signs in whoever opens it first. It is valid for an hour.",
    ),
    "env": (
        "antiphon.cli.server:env",
        'Print the variables that Azure\'s clients need to find the server and sign in: eval "$(antiphon env)".',
    ),
    "models": ("antiphon.cli.models:app", "List, download and check the models that the server runs on."),
    "accounts": ("antiphon.cli.accounts:accounts", "Create, list and delete accounts, which Azure calls resources."),
    "deployments": (
        "antiphon.cli.deployments:deployments",
        "Create, list, change and delete deployments: models under names of your own.",
    ),
    "engines": ("antiphon.cli.engines:engines", "Show the engines that the settings name, and test them."),
    "cluster": ("antiphon.cli.cluster:cluster", "Run engines on a Ray cluster, of this machine or of many."),
    "book": ("antiphon.cli.books:books", "Make audiobooks of EPUBs, web pages, Markdown and text."),
    "keys": ("antiphon.cli.keys:keys", "Show and replace an account's keys."),
    "records": ("antiphon.cli.records:records", "Show, export and delete records of requests and replies."),
    "certificates": ("antiphon.cli.certificates:certificates", "Show and renew the certificates for https."),
    "principals": (
        "antiphon.cli.identity:principals",
        "Manage the principals that sign in at the local authority.",
    ),
    "roles": ("antiphon.cli.identity:roles", "Manage who may do what, on which account."),
    "signing-keys": ("antiphon.cli.identity:signing_keys", "Replace and list the keys that sign tokens."),
    "store": ("antiphon.cli.store:store", "Move a server's data to a database and blobs that machines share."),
}
"""Those that are imported when they run: where each is, and its help."""

app = typer.Typer(
    cls=group_of(COMMANDS),
    help="Antiphon: a self-hosted speech server, compatible with Azure OpenAI.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
