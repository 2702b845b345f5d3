"""`antiphon engines`: what the settings declare, where it runs, and whether it answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on
from antiphon.settings import read_settings

if TYPE_CHECKING:
    from antiphon.compose.engine_tests import EngineTest

engines = typer.Typer(no_args_is_help=True)

_ConfigOption = Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")]
_JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@engines.command("list")
def list_engines(config: _ConfigOption = None, as_json: _JsonOption = False) -> None:
    """List each engine: its role, its kind, where and on which device it runs, and which profiles use it."""
    from antiphon.compose.engine_tests import row_of  # Loads every engine's library.
    from antiphon.compose.engines import named_engines

    settings, cache = read_settings(config), ModelCache(default_directory())
    rows = [row_of(engine, profiles, settings, cache) for engine, profiles in named_engines(settings)]
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    table = _table("engine", "role", "kind", "where", "device", "profiles")
    for row in rows:
        table.add_row(row.name, row.role, row.kind, row.where, row.device, ", ".join(row.profiles) or "none")
    Console().print(table)
    for row in rows:
        if row.note:
            typer.echo(f"{row.name}: {row.note}")


@engines.command("test")
def try_engines(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="All, if none is named.")] = None,
    config: _ConfigOption = None,
    as_json: _JsonOption = False,
) -> None:
    """Build each engine, have it answer once, and say how long that took. Ends with 1 where one does not answer."""
    from antiphon.compose.engine_tests import row_of, test_engine  # Loads every engine's library.
    from antiphon.compose.engines import named_engines

    settings, cache = read_settings(config), ModelCache(default_directory())
    named = named_engines(settings)
    known = {engine.name for engine, _ in named}
    if unknown := sorted(set(names or ()) - known):
        raise ConfigurationError(f"There is no engine {unknown[0]}. There are: {', '.join(sorted(known))}.")
    chosen = [(engine, profiles) for engine, profiles in named if not names or engine.name in names]
    with shown_on(sys.stderr) as progress:
        models = {model for engine, _ in chosen for model in engine.all_models}
        cache.ensure([name for name in cache.catalogue if name in models], progress)
    tests = [  # One after the other, so that none slows another down.
        asyncio.run(test_engine(engine, row_of(engine, profiles, settings, cache), settings, cache))
        for engine, profiles in chosen
    ]
    if as_json:
        flat = [{**msgspec.to_builtins(test.row), **msgspec.to_builtins(test.outcome)} for test in tests]
        typer.echo(msgspec.json.format(msgspec.json.encode(flat)).decode())
    else:
        _show(tests)
    if not all(test.outcome.answers for test in tests):
        raise typer.Exit(code=1)


def _show(tests: Sequence[EngineTest]) -> None:
    table = _table("engine", "role", "kind", "where", "device", "first answer", "whole answer")
    for test in tests:
        row, outcome = test.row, test.outcome
        times = (
            (f"{outcome.first_ms} ms", f"{outcome.whole_ms} ms")
            if outcome.answers
            else (Text("does not answer", style="bold red"), "")
        )
        table.add_row(row.name, row.role, row.kind, row.where, row.device, *times)
    Console().print(table)
    for test in tests:
        if test.outcome.text is not None:
            typer.echo(f"{test.row.name} said: {test.outcome.text}")
        if test.outcome.error is not None:
            typer.echo(f"{test.row.name}: {test.outcome.error}", err=True)


def _table(*headings: str) -> Table:
    """Whose names and addresses are whole in the narrowest terminal."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), box=None)
