"""The report: what programs read of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from bench.machine import describe_machine
from bench.report import Area, Report, number
from bench.results import median_of
from rich.console import Console


@pytest.fixture
def report() -> Report:
    measured = Area(name="replies", seconds=2.0, results=[median_of("first audio", "s", [0.5, 0.7], target=0.9)])
    return Report(
        machine=describe_machine(), areas=[measured, Area(name="hearing", seconds=0.0, skipped="no recordings")]
    )


def test_json_has_each_result_with_its_verdict(report: Report, tmp_path: Path):
    file = tmp_path / "new folder" / "report.json"
    report.write(file)
    replies, _ = json.loads(file.read_bytes())["areas"]
    result = replies["results"][0]
    assert (result["name"], result["value"], result["count"], result["met"]) == ("first audio", 0.6, 2, True)


def test_json_says_why_an_area_is_missing(report: Report, tmp_path: Path):
    report.write(tmp_path / "report.json")
    _, hearing = json.loads((tmp_path / "report.json").read_bytes())["areas"]
    assert hearing["skipped"] == "no recordings"


def test_the_table_tells_what_was_measured_and_what_was_not(report: Report):
    output = io.StringIO()
    report.print(Console(file=output, width=120))
    assert "first audio" in output.getvalue()
    assert "not measured: no recordings" in output.getvalue()


@pytest.mark.parametrize(("value", "text"), [(0.4249, "0.42"), (18.26, "18.3"), (2614.2, "2,614"), (0.0, "0.00")])
def test_numbers_keep_the_digits_that_count(value: float, text: str):
    assert number(value) == text
