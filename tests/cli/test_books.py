"""`antiphon book`. The engine that speaks is a double behind a URL."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner, Result

from antiphon.books.errors import BookRefused
from antiphon.books.making import Progress
from antiphon.cli.book_progress import shown_on
from antiphon.cli.books import books
from antiphon.engines.errors import EngineFailed
from antiphon.models.disk import DIRECTORY_VARIABLE

from ..books.tales import TALE
from ..engines.remote.speech_server import speech_server

TEXT = "# One\n\nIt rained.\n\n# Two\n\nIt stopped. Ann went out.\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with speech_server() as address:
        yield address


@pytest.fixture
def tale(tmp_path: Path) -> Path:
    path = tmp_path / "tale.md"
    path.write_text(TEXT)
    return path


@pytest.fixture
def config(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(tmp_path / "models"))
    path = tmp_path / "antiphon.toml"
    path.write_text(f"""
        [engines.mouth]
        kind = "openai-speech"
        url = "{url}"
        model = "m"
        voices = {{ alloy = "a", onyx = "b" }}
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


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(books, [str(argument) for argument in arguments])


def test_show_lists_the_chapters(tale: Path):
    result = run("show", tale)
    assert result.exit_code == 0
    assert [line.split()[:3] for line in result.stdout.splitlines()[2:4]] == [["1", "One", "2"], ["2", "Two", "3"]]
    assert "2 chapters, about" in result.stdout


def test_make_writes_each_format_beside_the_book_and_clears_up(tale: Path, config: Path):
    result = run("make", tale, "--config", config, "--format", "m4b", "--format", "srt", "--format", "epub")
    assert result.exit_code == 0, result.output
    files = [tale.with_suffix(".m4b"), tale.with_suffix(".srt"), tale.with_name("tale-read-along.epub")]
    assert result.stdout.splitlines() == [str(path) for path in files]
    assert all(path.stat().st_size for path in files)
    assert not tale.with_name("tale.m4b.making").exists()
    assert "100%: chapter 2 of 2" in result.stderr
    with av.open(str(files[0])) as file:
        assert [each["metadata"]["title"] for each in file.chapters()] == ["One", "Two"]


def test_chosen_chapters_go_where_they_are_asked_to(tale: Path, config: Path, tmp_path: Path):
    result = run("make", tale, "--config", config, "--chapters", "2", "--output", tmp_path / "second.m4b", "--keep")
    assert result.exit_code == 0, result.output
    with av.open(str(tmp_path / "second.m4b")) as file:
        assert [each["metadata"]["title"] for each in file.chapters()] == ["Two"]
    assert (tmp_path / "second.m4b.making" / "chapter-001.flac").exists()


def test_a_job_that_was_kept_is_not_mixed_with_another_but_begun_anew_on_request(tale: Path, config: Path):
    assert run("make", tale, "--config", config, "--keep").exit_code == 0
    refused = run("make", tale, "--config", config, "--voice", "onyx")
    assert isinstance(refused.exception, BookRefused)
    assert "--restart" in refused.exception.message
    assert run("make", tale, "--config", config, "--voice", "onyx", "--restart").exit_code == 0


def test_a_voice_that_is_not_there_is_refused_before_anything_is_said(tale: Path, config: Path):
    result = run("make", tale, "--config", config, "--voice", "nobody")
    assert isinstance(result.exception, BookRefused)
    assert "alloy, onyx" in result.exception.message
    assert not tale.with_name("tale.m4b.making").exists()


def test_an_engine_that_fails_leaves_the_job_for_the_next_run(tale: Path, config: Path):
    result = run("make", tale, "--config", config, "--profile", "broken")
    assert isinstance(result.exception, EngineFailed)
    assert tale.with_name("tale.m4b.making").exists()


def test_a_log_gets_a_line_now_and_then():
    def progress(characters: int) -> Progress:
        return Progress(
            chapter=0,
            sentences=1,
            characters=characters,
            all_sentences=9,
            all_characters=100,
            audio_seconds=60.0,
            expected_seconds=3_600.0,
            times_real_time=5.0,
            seconds_left=708.0,
        )

    now = [0.0]
    stream = io.StringIO()
    with shown_on(stream, TALE, clock=lambda: now[0]) as shown:
        shown.said(progress(10))
        now[0] = 31.0
        shown.said(progress(20))
        shown.said(progress(30))
        shown.written("tale.m4b", 0.5)
        shown.written("tale.m4b", 1.0)
    assert stream.getvalue() == (
        "20%: chapter 1 of 2, 0:01:00 of about 1:00:00, about 28.8 MB, 5.0 times real time, 0:11:48 left\n"
        "Wrote tale.m4b\n"
    )
