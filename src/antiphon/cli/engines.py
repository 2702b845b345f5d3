"""`antiphon engines`: what the settings declare, where it runs, and whether it answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from antiphon.compose.engines import DeclaredEngine, named_engines
from antiphon.compose.profiles import site_of
from antiphon.engines.kind import Site
from antiphon.engines.probes import probe
from antiphon.errors import AntiphonError, ConfigurationError
from antiphon.hardening.printable import printable
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on
from antiphon.settings import Settings, read_settings

engines = typer.Typer(help="Show the engines that the settings name, and test them.", no_args_is_help=True)

_ConfigOption = Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")]
_JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    role: str
    kind: str
    where: str
    profiles: list[str]
    """Those that name the engine."""


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    role: str
    kind: str
    where: str
    answers: bool
    first_ms: int | None = None
    whole_ms: int | None = None
    text: str | None = None
    """What it answered, if it answers in words."""
    error: str | None = None


@engines.command("list")
def list_engines(config: _ConfigOption = None, as_json: _JsonOption = False) -> None:
    """List each engine: its role, its kind, where it runs, and which profiles use it."""
    rows = [
        _Row(
            name=engine.name,
            role=engine.kind.role,
            kind=engine.kind.name,
            where=engine.where,
            profiles=profiles,
        )
        for engine, profiles in named_engines(read_settings(config))
    ]
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    table = Table("engine", "role", "kind", Column("where", overflow="fold"), "profiles", box=None)
    for row in rows:
        table.add_row(row.name, row.role, row.kind, row.where, ", ".join(row.profiles) or "none")
    Console().print(table)


@engines.command("test")
def try_engines(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="All, if none is named.")] = None,
    config: _ConfigOption = None,
    as_json: _JsonOption = False,
) -> None:
    """Build each engine, have it answer once, and say how long that took. Ends with 1 where one does not answer."""
    settings = read_settings(config)
    named = [engine for engine, _ in named_engines(settings)]
    known = {engine.name for engine in named}
    if unknown := sorted(set(names or ()) - known):
        raise ConfigurationError(f"There is no engine {unknown[0]}. There are: {', '.join(sorted(known))}.")
    chosen = [engine for engine in named if not names or engine.name in names]
    results = asyncio.run(_test(settings, chosen))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(results)).decode())
    else:
        _show(results)
    if not all(result.answers for result in results):
        raise typer.Exit(code=1)


async def _test(settings: Settings, chosen: Sequence[DeclaredEngine]) -> list[_Result]:
    """One after the other, so that none slows another down."""
    cache = ModelCache(default_directory())
    with shown_on(sys.stderr) as progress:
        cache.ensure([name for name in cache.catalogue if any(name in engine.models for engine in chosen)], progress)
    results: list[_Result] = []
    for engine in chosen:
        async with AsyncExitStack() as closing:
            results.append(await _result(engine, site_of(settings, cache, closing)))
    return results


async def _result(engine: DeclaredEngine, site: Site) -> _Result:
    result = _Result(name=engine.name, role=engine.kind.role, kind=engine.kind.name, where=engine.where, answers=False)
    try:
        measured = await probe(engine.kind.role, (await engine.build(site)).engine)
    except AntiphonError as error:
        reason = error.__cause__ or error
        return msgspec.structs.replace(result, error=f"{reason}")
    return msgspec.structs.replace(
        result, answers=True, first_ms=measured.first_ms, whole_ms=measured.whole_ms, text=measured.text or None
    )


def _show(results: Sequence[_Result]) -> None:
    table = Table("engine", "role", "kind", Column("where", overflow="fold"), "first answer", "whole answer", box=None)
    for result in results:
        times = (
            (f"{result.first_ms} ms", f"{result.whole_ms} ms")
            if result.answers
            else (Text("does not answer", style="bold red"), "")
        )
        table.add_row(result.name, result.role, result.kind, result.where, *times)
    Console().print(table)
    for result in results:
        if result.text is not None:
            typer.echo(f"{result.name} said: {printable(result.text)}")
        if result.error is not None:
            typer.echo(f"{result.name}: {result.error}", err=True)
