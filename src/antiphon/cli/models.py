"""`antiphon models`: the model cache from the command line."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from antiphon.command_line import command_line
from antiphon.models.cache import ModelCache, State
from antiphon.models.catalogue import CATALOGUE, DEFAULTS
from antiphon.models.disk import default_directory
from antiphon.models.errors import AntiphonError, ModelError
from antiphon.models.progress import shown_on
from antiphon.settings import read_settings

app = typer.Typer(no_args_is_help=True)

_Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Models of the catalogue.")]


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    """One model in the JSON that `list` prints."""

    name: str
    role: str
    title: str
    licence: str
    homepage: str
    bytes: int
    state: str
    default: bool
    path: str


@app.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the catalogue: role, licence, size, and whether it is downloaded."""
    cache = ModelCache(default_directory())
    rows = [
        _Row(
            name=model.name,
            role=model.role,
            title=model.title,
            licence=model.licence,
            homepage=model.homepage,
            bytes=model.size,
            state=cache.state(model.name),
            default=model.name in DEFAULTS,
            path=str(cache.path(model.name)),
        )
        for model in CATALOGUE.values()
    ]
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    table = Table("name", "role", "licence", "size", "state", "default", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.name, row.role, row.licence, decimal(row.bytes), row.state, "yes" if row.default else "")
    Console().print(table)


@app.command()
def pull(
    names: _Names = None,
    every: Annotated[bool, typer.Option("--all", help="Download everything in the catalogue.")] = False,
    profile: Annotated[
        str | None,
        typer.Option(help="Download all that a profile uses, also what it would fetch when it is first needed."),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")] = None,
) -> None:
    """Download missing or damaged models; without names, the default ones."""
    cache = ModelCache(default_directory())
    with _trouble_told(), shown_on(sys.stderr) as progress:
        chosen = [*(names or ()), *(_models_of(profile, config, cache) if profile else ())]
        cache.pull(list(CATALOGUE) if every else list(dict.fromkeys(chosen)) or DEFAULTS, progress)


@app.command()
def verify(
    names: _Names = None,
    repair: Annotated[bool, typer.Option("--repair", help="Download damaged models again.")] = False,
) -> None:
    """Check every byte of the models and name the damaged files; without names, check all that are downloaded."""
    cache = ModelCache(default_directory())
    with _trouble_told():
        chosen = names or [name for name in CATALOGUE if cache.state(name) is not State.MISSING]
        faults = cache.verify(chosen)
        for fault in faults:
            print(fault)
        damaged = list(dict.fromkeys(fault.model for fault in faults))
        print(f"Whole: {', '.join(name for name in chosen if name not in damaged) or 'none'}.")
        if faults and not repair:
            raise ModelError(f"Run `antiphon models pull {' '.join(damaged)}` to download the damaged models again.")
        if faults:
            with shown_on(sys.stderr) as progress:
                cache.ensure(damaged, progress)


@app.command()
def path(
    name: Annotated[str | None, typer.Argument(help="A model of the catalogue, or your own path.")] = None,
) -> None:
    """Print a model's path, even if it is not downloaded yet; without a name, the folder of all models."""
    cache = ModelCache(default_directory())
    with _trouble_told():
        print(cache.resolve(name) if name else cache.directory)


def _models_of(profile: str, config: Path | None, cache: ModelCache) -> list[str]:
    from antiphon.compose.profile_models import models_of  # Loads every engine's library.

    return models_of(profile, read_settings(config), cache)


@contextmanager
def _trouble_told() -> Generator[None, None, None]:
    """Report an error on standard error and exit with 1."""
    try:
        yield
    except AntiphonError as error:
        print(command_line().fitted(error.message), file=sys.stderr)
        raise typer.Exit(code=1) from error
