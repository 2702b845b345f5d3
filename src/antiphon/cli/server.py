"""`antiphon portal` and `antiphon env`, which act on a running server and use its ports and folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from antiphon.api.environment import (
    MANAGED_IDENTITY_PATH,
    ManagedIdentityAccess,
    client_environment,
    export_lines,
)
from antiphon.api.portal.links import sign_in_link
from antiphon.cli.errors import ServerNotRunning
from antiphon.cli.identity import identity_header_of
from antiphon.cli.keys import in_store, keys_of
from antiphon.command_line import command_line
from antiphon.errors import ConfigurationError
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.resources.hosts import LOCAL_ACCOUNT
from antiphon.resources.models import CHAT_EXAMPLE
from antiphon.serve.running import RunningServer, choice, running, running_on
from antiphon.store.database import Database
from antiphon.store.location import default_data_directory

ServerDataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        show_default="ANTIPHON_DATA, or the running server's",
        help="The server's data folder.",
        file_okay=False,
    ),
]
ServerPortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        show_default="the running server's",
        help="The server's http port, if several servers are running.",
    ),
]


def portal(
    data: ServerDataOption = None,
    port: ServerPortOption = None,
    url: Annotated[
        str | None,
        typer.Option(
            help="The address at which your browser reaches the server, such as https://voice.example.org; the "
            "server's path prefix is added.",
            show_default="the server's own address",
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(hidden=True)] = None,  # noqa: ARG001 - a running server knows its own.
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="First sign everybody out and revoke unused links.")
    ] = False,
) -> None:
    """`antiphon portal`."""

    async def end_all(database: Database) -> None:
        await PortalSessions(database).end_all()

    async def create_code(database: Database) -> str:
        return await PortalSessions(database).create_code()

    try:
        server = _server_meant(data, port, "portal")
    except ServerNotRunning:
        if end_sessions and (folder := _folder(data)).is_dir():  # Which needs no server.
            in_store(folder, end_all)
        raise
    if end_sessions:
        in_store(Path(server.data), end_all)
    address = server.portal_url if url is None else f"{url.rstrip('/').removesuffix(server.prefix)}{server.prefix}"
    typer.echo(sign_in_link(address, in_store(Path(server.data), create_code)))


def env(
    data: ServerDataOption = None,
    key: Annotated[bool, typer.Option("--key", help="Also set AZURE_OPENAI_API_KEY.")] = False,
    port: ServerPortOption = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Use https, and set what clients need to trust the server.")
    ] = False,
    ca: Annotated[bool, typer.Option("--ca", help="Set what clients need to trust the server, but use http.")] = False,
    tls_port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            show_default="the running server's",
            help="The server's https port; refuse a server with a different one.",
        ),
    ] = None,
) -> None:
    """`antiphon env`."""
    server = _server_meant(data, port, "env --key" if key else "env")
    if tls_port not in (None, server.tls_port):
        raise ServerNotRunning(f"{_described(server)} does not serve https on port {tls_port}.")
    folder = Path(server.data)
    variables = client_environment(
        endpoint=_tls_url(server) if tls else server.url,
        deployment=CHAT_EXAMPLE,
        identity=ManagedIdentityAccess(
            endpoint=f"{server.url}{MANAGED_IDENTITY_PATH}", header=identity_header_of(folder)
        ),
        key=keys_of(LOCAL_ACCOUNT, folder).key1 if key else None,
    )
    if tls or ca:
        from antiphon.cli.certificates import trust_variables  # Which other clients need not wait for.

        variables = {**variables, **trust_variables(folder, has_own_authority=server.has_own_authority)}
    for line in export_lines(variables):
        typer.echo(line)


def _tls_url(server: RunningServer) -> str:
    if server.tls_url is None:
        raise ConfigurationError(
            f"{_described(server)} does not serve https. Start it with --tls-port, or leave out --tls."
        )
    return server.tls_url


def _server_meant(data: Path | None, port: int | None, words: str) -> RunningServer:
    """The running server that the options of the command `words` select.

    If no folder is named and none runs on the default one, another of this user's servers is selected. Raises
    `ServerNotRunning`, which says what to do.
    """
    is_named = data is not None or "ANTIPHON_DATA" in os.environ
    folder = _folder(data)
    there = _on_port(running_on(folder), port)
    if not there and not is_named:
        there = _on_port(running(), port)
    found = choice(there)
    if found is None:
        raise ServerNotRunning(_several(there, words) if there else _none(folder, port, words, is_named=is_named))
    if not found.listens():
        raise ServerNotRunning(
            f"{_described(found)} is still starting. Run this command again when the server says that it is ready."
        )
    return found


def _folder(data: Path | None) -> Path:
    return (default_data_directory() if data is None else data).absolute()


def _on_port(servers: Sequence[RunningServer], port: int | None) -> list[RunningServer]:
    return [server for server in servers if port in (None, server.port)]


def _none(folder: Path, port: int | None, words: str, *, is_named: bool) -> str:
    start = command_line(folder, port=port).about_server("serve")
    what = "No server is running" if port is None else f"No server is listening on port {port}"
    where = f" on the data folder {folder}" if is_named else ""
    others = _listed(running(), words)
    advice = f"Start it: {start}"
    return f"{what}{where}. {advice}" + (f"\nOther servers are running:\n{others}" if others else "")


def _several(servers: Sequence[RunningServer], words: str) -> str:
    return f"Several servers are running. Choose one:\n{_listed(servers, words)}"


def _listed(servers: Sequence[RunningServer], words: str) -> str:
    return "\n".join(f"  {command_line(Path(server.data), port=server.port).about_server(words)}" for server in servers)


def _described(server: RunningServer) -> str:
    return f"The server on port {server.port}, with the data folder {server.data},"
