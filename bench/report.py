"""The report of one run: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from bench.machine import Machine
from bench.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area's results, or why it has none."""

    name: str
    seconds: float
    """How long measuring it took."""
    results: Sequence[Result] = ()
    skipped: str | None = None
    """Why it was not measured."""
    error: str | None = None
    """What went wrong while it was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    machine: Machine
    areas: Sequence[Area]

    def print(self, console: Console) -> None:
        console.print(self.machine.in_words(), highlight=False)
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        table.add_column("value", justify="right")
        table.add_column("")
        for column in ("p95", "n", "target"):
            table.add_column(column, justify="right")
        table.add_column("")
        for area in self.areas:
            table.add_section()
            table.add_row(f"[bold]{area.name}[/bold]")
            for result in area.results:
                table.add_row(*_cells(result))
            if reason := area.skipped or area.error:
                table.add_row(f"  not measured: {reason}", style="yellow" if area.skipped else "red")
        console.print(table, highlight=False)

    def write(self, path: Path) -> None:
        """Write JSON, into a folder that is made where it is missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self._as_json())) + b"\n")

    def _as_json(self) -> dict[str, Any]:
        areas = [
            asdict(area) | {"results": [asdict(result) | {"met": result.met} for result in area.results]}
            for area in self.areas
        ]
        return {"machine": asdict(self.machine), "areas": areas}


def _cells(result: Result) -> tuple[str, ...]:
    verdict = {None: "", True: "[green]met[/green]", False: "[red]missed[/red]"}[result.met]
    return (
        f"  {result.name}",
        f"{number(result.value)} {result.unit}",
        "" if result.statistic == "overall" else result.statistic,
        "" if result.p95 is None else number(result.p95),
        f"{result.count:,}",
        "" if result.target is None else f"≤ {result.target:g}",
        verdict,
    )


def number(value: float) -> str:
    """Three digits that count, more where the number is larger: 0.42, 18.3, 2,614."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
