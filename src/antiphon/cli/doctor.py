"""`antiphon doctor`: check that this machine can run the server, and say how to fix what is wrong."""

from __future__ import annotations

import asyncio
import platform
import socket
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx
import typer
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from antiphon.command_line import DEFAULT_PORT, command_line
from antiphon.machine import cpu_count, cpu_flags, memory_bytes
from antiphon.models.cache import ModelCache, State
from antiphon.models.disk import DIRECTORY_VARIABLE, bytes_needed, default_directory, free_bytes
from antiphon.models.errors import ModelError
from antiphon.models.network import Network
from antiphon.models.registries import Registries
from antiphon.settings import CallSettings, Settings, StoreSettings, read_settings
from antiphon.store import postgresql
from antiphon.store.blobs import Blobs
from antiphon.store.errors import StorageUnavailable, StoreError

if TYPE_CHECKING:
    from antiphon.compose.engine_tests import EngineRow, EngineTest

_MEMORY_BYTES = 3_500_000_000
"""The server's resident memory with the default models."""
_FAST_ARITHMETIC = {"x86_64": "avx2", "AMD64": "avx2", "aarch64": "asimddp"}


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    verdict: Verdict
    subject: str
    detail: str
    advice: str = ""
    """What to do; "" if nothing."""


def examine(cache: ModelCache, names: Sequence[str], port: int, network: Network) -> Generator[Finding, None, None]:
    """Check the machine for a server on `port` with the models `names`, reading models not verified yet."""
    yield Finding(Verdict.OK, "Python", platform.python_version())
    yield _check_processors()
    yield _check_memory()
    yield from (_check_model(cache, name) for name in names)
    missing = cache.missing(names)
    yield _check_disk(cache, missing)
    yield from _check_sources(network, needed=bool(missing))
    yield _check_port(port)


def examine_engines(settings: Settings, cache: ModelCache) -> Generator[Finding, None, None]:
    """Test the engines of the profiles, as far as their models are there and fit into memory."""
    from antiphon.compose.engine_tests import row_of, test_engine  # Loads every engine's library.
    from antiphon.compose.engines import named_engines

    for engine, profiles in named_engines(settings):
        if not profiles:
            continue
        row = row_of(engine, profiles, settings, cache)
        missing = cache.missing([name for name in cache.catalogue if name in engine.all_models])
        if missing and missing[0] not in engine.models:
            yield Finding(
                Verdict.OK,
                f"Engine {row.name}",
                f"{_about(row)}, not tested: {missing[0]} is fetched when it is first needed, "
                f"or by `antiphon models pull {missing[0]}`",
            )
        elif missing:
            yield _untested(row, f"{missing[0]} is not downloaded")
        elif engine.all_models and memory_bytes() < _MEMORY_BYTES:
            yield _untested(row, "there is not enough memory")
        else:
            yield _tested(asyncio.run(test_engine(engine, row, settings, cache)))


def examine_store(settings: StoreSettings) -> Generator[Finding, None, None]:
    """Try the database and the blobs that machines share, if the settings name any."""
    if settings.url is not None:
        yield asyncio.run(_check_database(settings.url))
    if settings.blobs is not None:
        yield asyncio.run(_check_blobs(settings.blobs, settings.blobs_endpoint))


def examine_calls(settings: CallSettings) -> Generator[Finding, None, None]:
    """Look where the audio of calls would arrive."""
    from antiphon.calls.webrtc.ice import addresses, free_ports  # Loads a library.

    own = addresses()
    told = ", ".join(own if settings.public_address is None else [settings.public_address, *own])
    if settings.udp_ports is None:
        yield Finding(Verdict.OK, "Calls", f"any free UDP port at {told}")
        return
    first, last = settings.udp_ports
    free = min(free_ports(settings.udp_ports, address) for address in own)
    detail = f"UDP ports {first} to {last} at {told}, {free} of them free"
    if free:
        yield Finding(Verdict.OK, "Calls", detail)
    else:
        yield Finding(Verdict.FAIL, "Calls", detail, "Choose other ports: udp_ports in [calls].")


def doctor(
    port: Annotated[int, typer.Option(help="The port that the server should listen on.")] = DEFAULT_PORT,
    config: Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")] = None,
) -> None:
    """`antiphon doctor`."""
    from antiphon.compose.profile_models import needed_models  # Loads every engine's library.

    console = Console()
    failed = False
    settings, cache = read_settings(config), ModelCache(default_directory())
    with Network() as network:
        for finding in chain(
            examine(cache, needed_models(settings, cache), port, network),
            examine_store(settings.store),
            examine_calls(settings.calls),
            examine_engines(settings, cache),
        ):
            failed |= finding.verdict is Verdict.FAIL
            console.print(_line(finding), soft_wrap=True)
    raise typer.Exit(code=1 if failed else 0)


def _line(finding: Finding) -> Text:
    style = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}[finding.verdict]
    line = Text.assemble((f"{finding.verdict:<5}", style), f"{finding.subject}: {finding.detail}")
    return line.append(f"\n     → {command_line().fitted(finding.advice)}") if finding.advice else line


def _tested(test: EngineTest) -> Finding:
    row, outcome = test.row, test.outcome
    if not outcome.answers:
        advice = f"Run `antiphon engines test {row.name}` once that is put right."
        return Finding(Verdict.FAIL, f"Engine {row.name}", f"{_about(row)}, does not answer: {outcome.error}", advice)
    answered = f"answers in {outcome.first_ms} ms"
    if outcome.first_ms != outcome.whole_ms:
        answered = f"{answered}, completely in {outcome.whole_ms} ms"
    return Finding(Verdict.OK, f"Engine {row.name}", f"{_about(row)}, {answered}")


def _untested(row: EngineRow, reason: str) -> Finding:
    return Finding(Verdict.WARN, f"Engine {row.name}", f"{_about(row)}, not tested, because {reason}")


def _about(row: EngineRow) -> str:
    where = row.where if row.device is None else f"{row.where} on {row.device}"
    return f"{row.kind}, {row.role.replace('_', ' ')}, {where}" + (f" ({row.note})" if row.note else "")


async def _check_database(url: str) -> Finding:
    try:
        parsed = postgresql.parse(url)
        version = await postgresql.server_version(parsed)
    except StorageUnavailable as error:
        return Finding(Verdict.FAIL, "Database", error.reason, error.advice)
    except StoreError as error:
        return Finding(Verdict.FAIL, "Database", error.message)
    return Finding(Verdict.OK, "Database", f"{postgresql.described(parsed)} answers, PostgreSQL {version}")


async def _check_blobs(url: str, endpoint: str | None) -> Finding:
    try:
        await Blobs.in_bucket(url, endpoint=endpoint).check()
    except StorageUnavailable as error:
        return Finding(Verdict.FAIL, "Blobs", f"{url}: {error.reason}", error.advice)
    except StoreError as error:
        return Finding(Verdict.FAIL, "Blobs", error.message)
    return Finding(Verdict.OK, "Blobs", f"{url} can be written")


def _check_processors() -> Finding:
    count, wanted = cpu_count(), _FAST_ARITHMETIC.get(platform.machine())
    detail = f"{count:g} ({platform.machine()})"
    if wanted and cpu_flags() and wanted not in cpu_flags():
        return Finding(
            Verdict.WARN, "Processors", f"{detail} without {wanted}", "Expect replies to be several times slower."
        )
    if count < 2:
        return Finding(
            Verdict.WARN, "Processors", detail, "Two or more are needed to generate speech faster than it plays."
        )
    return Finding(Verdict.OK, "Processors", detail)


def _check_memory() -> Finding:
    available = memory_bytes()
    detail = f"{decimal(available)} available, {decimal(_MEMORY_BYTES)} needed"
    if available >= _MEMORY_BYTES:
        return Finding(Verdict.OK, "Memory", detail)
    return Finding(Verdict.WARN, "Memory", detail, "Close other programs, or choose a smaller language model.")


def _check_model(cache: ModelCache, name: str) -> Finding:
    detail = f"{name}, {decimal(cache.catalogue[name].size)}"
    advice = f"Run `antiphon models pull {name}`, or let the server download it when it starts."
    state = cache.state(name)
    if state is State.UNVERIFIED and (faults := cache.verify([name])):
        return Finding(Verdict.WARN, "Model", f"{detail}, {faults[0].path.name} {faults[0].fault}", advice)
    if state in (State.WHOLE, State.UNVERIFIED):
        return Finding(Verdict.OK, "Model", f"{detail}, whole")
    return Finding(Verdict.WARN, "Model", f"{detail}, {state}", advice)


def _check_disk(cache: ModelCache, missing: Sequence[str]) -> Finding:
    free = free_bytes(cache.directory)
    if not missing:
        return Finding(Verdict.OK, "Disk", f"{decimal(free)} free in {cache.directory}, all models are downloaded")
    needed = bytes_needed(sum(cache.catalogue[name].size for name in missing))
    detail = f"{decimal(free)} free in {cache.directory}, {decimal(needed)} needed for missing models"
    if free >= needed:
        return Finding(Verdict.OK, "Disk", detail)
    advice = f"Free some space, or choose another folder with {DIRECTORY_VARIABLE}."
    return Finding(Verdict.FAIL, "Disk", detail, advice)


def _check_sources(network: Network, needed: bool) -> list[Finding]:
    """An unreachable source matters only while models are missing, and then only if no other can be reached."""
    registries = Registries(network.environment, network.read)
    sources: dict[str, Callable[[], str]] = {
        "Model hub": lambda: registries.hub,
        "Python packages": lambda: registries.python_index,
        "npm packages": lambda: registries.npm_registry,
    }
    with ThreadPoolExecutor(len(sources)) as probes:
        problems = list(probes.map(partial(_problem, network), sources.values()))
    none_reached = all(problems)
    advice = "Check the network and the proxy settings." if none_reached else "Not needed while another source answers."
    trouble = Verdict.FAIL if needed and none_reached else Verdict.WARN
    return [
        Finding(trouble, name, problem, advice if needed else "Not needed: all models are downloaded.")
        if problem
        else Finding(Verdict.OK, name, "answers")
        for name, problem in zip(sources, problems, strict=True)
    ]


def _problem(network: Network, address: Callable[[], str]) -> str:
    try:
        network.reach(address())
    except ModelError as error:
        return error.message
    return ""


def _check_port(port: int) -> Finding:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if _is_antiphon(port):
                return Finding(Verdict.OK, f"Port {port}", "Antiphon is running there")
            advice = "Stop the program that listens there, or choose another port: `antiphon serve --port 8090`."
            return Finding(Verdict.FAIL, f"Port {port}", f"cannot be used ({error.strerror})", advice)
    return Finding(Verdict.OK, f"Port {port}", "free")


def _is_antiphon(port: int) -> bool:
    """Whether what listens there is a server that is ready."""
    try:
        response = httpx.get(f"http://127.0.0.1:{port}/health", timeout=1.0, trust_env=False)
    except httpx.HTTPError:
        return False
    return response.is_success and "apim-request-id" in response.headers
