"""`make bench`: measure, print a table, write JSON."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx
import psutil
from rich.console import Console

from antiphon.compose.profile_models import needed_models
from antiphon.compose.profiles import Engines, load_engines
from antiphon.errors import AntiphonError
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on
from antiphon.settings import Settings, read_settings
from bench import answers, bodies, hearing, neighbours, replies, sharing, speaking, startup
from bench.attacks import area as attacks
from bench.attacks.attacks import ATTACKS
from bench.chat_client import RequestFailed
from bench.engines import area as engines
from bench.engines import on_ray
from bench.load import area as load
from bench.machine import describe_machine
from bench.realtime import areas as realtime
from bench.recordings import NoRecordings
from bench.report import Area, Report
from bench.results import Result
from bench.server import ServerFailed, running_server
from bench.turn_taking import area as turn_taking

_DEFAULT_JSON = Path(__file__).parent / "results" / "latest.json"
_COLUMNS_IN_A_FILE = 120
_OF_A_SERVER = {
    "replies": replies.measure,
    "realtime": realtime.measure,
    "neighbours": neighbours.measure,
    "bodies": bodies.measure,
}
_OF_THE_ENGINES = {
    "sharing": sharing.measure,
    "speaking": speaking.measure,
    "hearing": hearing.measure,
    "turns": turn_taking.measure,
    "answers": answers.measure,
}
_USUAL_AREAS = ("startup", *_OF_A_SERVER, "realtime-stub", "engines", *_OF_THE_ENGINES)
_AREAS = (*_USUAL_AREAS, "load", "ray", "attacks")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    areas: Sequence[str]
    attacks: Sequence[str]
    json: Path
    config: Path | None
    quick: bool


def main() -> None:
    """Measure what was asked for. A missed target is not an error; an area that could not be measured is one."""
    options = _parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, _leave)
    try:
        report = _measure(options)
    except (AntiphonError, ServerFailed) as error:
        sys.exit(f"bench: {error}")
    report.print(Console(width=None if sys.stdout.isatty() else _COLUMNS_IN_A_FILE))
    report.write(options.json)
    print(f"Written to {options.json}", file=sys.stderr)
    sys.exit(1 if any(area.error for area in report.areas) else 0)


def _leave(number: int, _: FrameType | None) -> None:
    """Leave as an exception does, so that the server that is being measured is stopped as well."""
    sys.exit(128 + number)


def _parse(arguments: Sequence[str]) -> _Options:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Antiphon on this machine.")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=_AREAS,
        default=_USUAL_AREAS,
        metavar="AREA",
        help=f"{', '.join(_AREAS)}; the last three are measured only where they are named",
    )
    parser.add_argument(
        "--attacks", nargs="+", choices=ATTACKS, default=(), metavar="ATTACK", help=f"of all: {', '.join(ATTACKS)}"
    )
    parser.add_argument("--json", type=Path, default=_DEFAULT_JSON, metavar="FILE", help="where to write JSON")
    parser.add_argument("--config", type=Path, metavar="FILE", help="an antiphon.toml to measure instead of defaults")
    parser.add_argument("--quick", action="store_true", help="fewer samples: a look, not a measurement")
    options = parser.parse_args(arguments)
    return _Options(
        areas=options.only, attacks=options.attacks, json=options.json, config=options.config, quick=options.quick
    )


def _measure(options: _Options) -> Report:
    """Raises `AntiphonError` for what the configuration names and is not there, and `ServerFailed`."""
    settings = Settings() if options.config is None else read_settings(options.config)
    cache = ModelCache(default_directory())
    if any(area != "attacks" for area in options.areas):
        with shown_on(sys.stderr) as progress:
            cache.ensure(needed_models(settings, cache), progress)
            if "engines" in options.areas:
                cache.ensure([engines.MODEL], progress)
    machine = describe_machine()
    areas = [
        *_through_a_server(options),
        *_elsewhere(options, cache),
        *_through_the_engines(options, settings, cache),
    ]
    return Report(machine=machine, areas=areas)


def _through_a_server(options: _Options) -> Generator[Area]:
    if "startup" in options.areas:
        yield _area("startup", lambda: startup.measure(options.config, quick=options.quick))
    measurements = {name: measure for name, measure in _OF_A_SERVER.items() if name in options.areas}
    if measurements:
        with running_server(options.config) as server:
            for name, measure in measurements.items():
                yield _area(name, lambda measure=measure: measure(server, quick=options.quick))
    if "realtime-stub" in options.areas:
        yield _area("realtime-stub", lambda: realtime.measure_stubs(quick=options.quick))
    if "load" in options.areas:
        yield _area("load", lambda: load.measure(options.config, quick=options.quick))
    if "attacks" in options.areas:
        yield _area("attacks", lambda: attacks.measure(only=options.attacks, quick=options.quick))


def _elsewhere(options: _Options, cache: ModelCache) -> Generator[Area]:
    if "engines" in options.areas:
        yield _area("engines", lambda: engines.measure(cache, quick=options.quick))
    if "ray" in options.areas:
        yield _area("ray", lambda: on_ray.measure(quick=options.quick))


def _through_the_engines(options: _Options, settings: Settings, cache: ModelCache) -> Generator[Area]:
    measurements = {name: measure for name, measure in _OF_THE_ENGINES.items() if name in options.areas}
    if not measurements:
        return
    resources = AsyncExitStack()
    with asyncio.Runner() as runner:
        try:
            loaded = runner.run(load_engines(settings, cache, resources))["default"]
            assert isinstance(loaded, Engines), "The models of this process are measured."
            for name, measure in measurements.items():
                yield _area(name, lambda measure=measure: runner.run(measure(loaded, quick=options.quick)))
        finally:
            runner.run(resources.aclose())


def _area(name: str, measure: Callable[[], list[Result]]) -> Area:
    """What was measured, or why nothing could be; the other areas go on without it."""
    print(f"Measuring {name} ...", file=sys.stderr)
    started = time.monotonic()
    results: list[Result] = []
    skipped = error = None
    try:
        results = measure()
    except NoRecordings as reason:
        skipped = str(reason)
    except (RequestFailed, AntiphonError, httpx.HTTPError, psutil.Error) as failure:
        error = f"{type(failure).__name__}: {failure}"
    return Area(name=name, seconds=time.monotonic() - started, results=results, skipped=skipped, error=error)


if __name__ == "__main__":
    main()
