"""`antiphon engines`, and what `antiphon doctor` says of engines. Their servers are doubles, their models missing."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from antiphon.cli import doctor
from antiphon.cli.doctor import Finding, Verdict, examine_engines
from antiphon.cli.engines import engines
from antiphon.models.cache import ModelCache
from antiphon.models.disk import DIRECTORY_VARIABLE
from antiphon.settings import Settings, read_settings

from ..engines.remote.speech_server import speech_server


@pytest.fixture
def url() -> Iterator[str]:
    """Of a server that speaks, and does nothing else."""
    with speech_server() as address:
        yield address


@pytest.fixture
def config(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(tmp_path / "models"))
    path = tmp_path / "antiphon.toml"
    path.write_text(f"""
        device = "cpu"
        [engines.mouth]
        kind = "openai-speech"
        url = "{url}"
        model = "m"
        voices = {{ alloy = "a" }}
        [engines.gone]
        kind = "openai-speech"
        url = "http://127.0.0.1:9"
        model = "m"
        voices = {{ alloy = "a" }}
        retries = 0
        [profiles.default]
        synthesizer = "mouth"
        [profiles.broken]
        synthesizer = "gone"
    """)
    return path


def run(*arguments: str) -> tuple[int, Any]:
    result = CliRunner().invoke(engines, [*arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_the_list_says_where_and_on_which_device_each_engine_runs(config: Path, url: str):
    code, rows = run("list", "--config", str(config))
    assert code == 0
    assert {row["name"]: (row["kind"], row["where"], row["device"], row["profiles"]) for row in rows} == {
        "mouth": ("openai-speech", url, None, ["default", "mini"]),
        "gone": ("openai-speech", "http://127.0.0.1:9", None, ["broken"]),
        "whisper-base": ("whisper", "this process", "cpu", ["default", "broken", "mini"]),
        "whisper-small": ("whisper", "this process", "cpu", ["default", "broken"]),
        "qwen2.5-coder-1.5b": ("llama", "this process", "cpu", ["default", "broken"]),
        "qwen2.5-coder-0.5b": ("llama", "this process", "cpu", ["mini"]),
    }


def test_names_are_whole_in_a_narrow_terminal(config: Path, url: str, monkeypatch: pytest.MonkeyPatch):
    config.write_text(config.read_text().replace("mouth", "a-mouth-with-quite-a-long-name"))
    monkeypatch.setenv("COLUMNS", "80")
    listed = CliRunner().invoke(engines, ["list", "--config", str(config)]).stdout
    first_column = "".join(line.strip().split("  ")[0] for line in listed.splitlines())
    assert "a-mouth-with-quite-a-long-name" in first_column


def test_a_device_that_cannot_be_had_is_told_in_the_list(config: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    config.write_text(config.read_text().replace('"cpu"', '"cuda"'))
    _, rows = run("list", "--config", str(config))
    ears = next(row for row in rows if row["name"] == "whisper-base")
    assert ears["device"] is None
    assert "cannot use CUDA" in ears["note"]


def test_an_engine_that_answers_is_told_with_its_speed(config: Path):
    code, (told,) = run("test", "mouth", "--config", str(config))
    assert (code, told["answers"], told["name"], told["profiles"]) == (0, True, "mouth", ["default", "mini"])
    assert 0 <= told["first_ms"] <= told["whole_ms"]


def test_an_engine_that_does_not_answer_ends_the_test_with_1_and_its_reason(config: Path):
    code, (told,) = run("test", "gone", "--config", str(config))
    assert (code, told["answers"]) == (1, False)
    assert "the connection failed" in told["error"]


def findings(config: Path) -> Generator[Finding, None, None]:
    settings: Settings = read_settings(config)
    return examine_engines(settings, ModelCache(config.parent / "models"))


def test_doctor_says_the_same_of_each_engine_of_a_profile(config: Path, url: str):
    found = {finding.subject: finding for finding in findings(config)}
    mouth, gone, ears = found["Engine mouth"], found["Engine gone"], found["Engine whisper-base"]
    assert mouth.verdict is Verdict.OK
    assert mouth.detail.startswith(f"openai-speech, synthesizer, {url}, answers in ")
    assert gone.verdict is Verdict.FAIL
    assert "does not answer: the connection failed" in gone.detail
    assert gone.advice == "Run `antiphon engines test gone` once that is put right."
    assert ears.verdict is Verdict.WARN
    assert ears.detail == (
        "whisper, recognizer, this process on cpu, not tested, because whisper-base is not downloaded"
    )
    small = found["Engine whisper-small"]
    assert small.verdict is Verdict.OK
    assert "not tested: whisper-small is fetched when it is first needed" in small.detail


def test_doctor_says_why_an_engine_is_on_the_processor(config: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    config.write_text(config.read_text().replace('"cpu"', '"auto"'))
    ears = next(finding for finding in findings(config) if "whisper" in finding.subject)
    assert "this process on cpu (CTranslate2 finds no NVIDIA GPU)" in ears.detail


def test_doctor_does_not_load_models_that_do_not_fit(config: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "memory_bytes", lambda: 1_000_000_000)
    monkeypatch.setattr(ModelCache, "missing", lambda *_: [])
    ears = next(finding for finding in findings(config) if "whisper" in finding.subject)
    assert (ears.verdict, ears.detail.rsplit(", ", 1)[-1]) == (Verdict.WARN, "because there is not enough memory")
