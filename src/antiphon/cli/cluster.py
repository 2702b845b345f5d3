"""`antiphon cluster`: the Ray cluster that engines with `placement = "ray"` run on."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table

from antiphon.engines.ray import authentication
from antiphon.engines.ray.node import LocalNode
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.settings import Settings, read_settings

if TYPE_CHECKING:
    from antiphon.engines.ray.deployment import EngineDeployment

cluster = typer.Typer(no_args_is_help=True)

_ConfigOption = Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")]


class EngineOfSettings(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    app: str
    """The application's name on the cluster."""
    status: str
    """Ray Serve's word, or "MISSING"."""
    replicas: Mapping[str, int]
    """How many are in each of Ray Serve's states."""
    message: str


@cluster.command()
def up(
    config: _ConfigOption = None,
    cpus: Annotated[int | None, typer.Option(min=0, help="Processors for replicas; all by default.")] = None,
    gpus: Annotated[int | None, typer.Option(min=0, help="GPUs likewise.")] = None,
    object_store_mb: Annotated[
        int | None, typer.Option(min=75, help="Memory for what replicas send; by default, a third of the machine's.")
    ] = None,
) -> None:
    """Make this machine a node of the cluster, and have the cluster run the engines of the settings.

    If the cluster's address is one of this machine's own, it is the head, which the other machines join. Engines that
    servers with other settings have left there are removed.
    """
    settings = read_settings(config)
    node = LocalNode(settings.cluster.address)
    wanted = _wanted(settings)
    if node.is_running:
        typer.echo(f"This machine is a node of the cluster at {node.address} already.", err=True)
    elif node.is_head and node.cluster_answers:
        typer.echo(f"A cluster that somebody else has started answers at {node.address}.", err=True)
    else:
        if not node.is_head and not node.cluster_answers:
            raise ConfigurationError(
                f"No Ray cluster answers at {node.address}, which is not an address of this machine. Run `antiphon "
                "cluster up` there first."
            )
        typer.echo(f"Starting this machine's node of the cluster at {node.address} ...", err=True)
        node.start(cpus=cpus, gpus=gpus, object_store_mb=object_store_mb)
    with _joined(settings) as ray, ThreadPoolExecutor(max(1, len(wanted))) as threads:
        starting = {name: threads.submit(ray.deploy, deployment, anew=True) for name, deployment in wanted.items()}
        for name, start in starting.items():
            try:
                start.result()
            except RuntimeError as error:
                raise ConfigurationError(f"The engine {name} does not start on the cluster: {error}") from error
            typer.echo(f"The engine {name} is ready.", err=True)
        for app in ray.remove_all_but({deployment.app for deployment in wanted.values()}):
            typer.echo(f"Removed {app}, which the settings no longer have.", err=True)


@cluster.command()
def status(
    config: _ConfigOption = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Show the cluster's nodes, and the engines and replicas on them. Ends with 1 where an engine does not answer."""
    settings = read_settings(config)
    wanted = _wanted(settings)
    with _joined(settings) as ray:
        nodes, there = ray.nodes(), {engine.app: engine for engine in ray.engines_on_cluster()}
    engines = [
        EngineOfSettings(
            name=name,
            app=deployment.app,
            status=found.status if (found := there.pop(deployment.app, None)) else "MISSING",
            replicas=found.replicas if found else {},
            message=found.message if found else "",
        )
        for name, deployment in wanted.items()
    ]
    if as_json:
        told = {"nodes": nodes, "engines": engines, "other_engines": list(there.values())}
        typer.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
    else:
        _show(nodes, engines)
        for app in there:
            typer.echo(f"{app} belongs to other settings; `antiphon cluster up` removes it.")
    if not all(engine.replicas.get("RUNNING") for engine in engines):
        raise typer.Exit(code=1)


@cluster.command()
def down(config: _ConfigOption = None) -> None:
    """Stop this machine's node, with what runs on it. Without one, remove all engines from the cluster."""
    settings = read_settings(config)
    node = LocalNode(settings.cluster.address)
    if node.is_running:
        node.stop()
        typer.echo(f"This machine's node of the cluster at {node.address} has stopped.", err=True)
        return
    with _joined(settings) as ray:
        for app in ray.remove_all_but(()):
            typer.echo(f"Removed {app}.", err=True)


def _wanted(settings: Settings) -> Mapping[str, EngineDeployment]:
    from antiphon.compose.cluster import engines_for_cluster  # Loads every engine's library.

    return engines_for_cluster(settings, ModelCache(default_directory()))


@contextmanager
def _joined(settings: Settings) -> Generator[Any]:
    """Ray's side, with this process as a driver. Raises `ConfigurationError`."""
    os.environ.update(authentication.environment())  # Ray reads it as it is imported.
    from antiphon.engines.ray import cluster as ray  # Takes seconds, and is there only if the extra is installed.

    try:
        ray.join(settings.cluster.address)
    except RuntimeError as error:
        raise ConfigurationError(str(error)) from None
    try:
        yield ray
    finally:
        ray.leave()


def _show(nodes: Any, engines: list[EngineOfSettings]) -> None:
    console = Console()
    table = Table("node", "state", "processors", "GPUs", box=None)
    for node in nodes:
        shown = (f"{node.resources.get(name, 0):g}" for name in ("CPU", "GPU"))
        table.add_row(node.address, "alive" if node.is_alive else "dead", *shown)
    console.print(table)
    table = Table("engine", "state", "replicas", Column("application", overflow="fold"), box=None)
    for engine in engines:
        replicas = ", ".join(f"{count} {state.lower()}" for state, count in engine.replicas.items() if count)
        table.add_row(engine.name, engine.status.lower(), replicas or "none", engine.app)
    console.print(table)
    for engine in engines:
        if engine.message:
            typer.echo(f"{engine.name}: {engine.message}")
