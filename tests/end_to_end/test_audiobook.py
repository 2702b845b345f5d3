"""An audiobook in the real voice, of a book in the public domain (Lewis Carroll, 1865)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.books.mastering import rms_dbfs
from antiphon.models.disk import DIRECTORY_VARIABLE, default_directory

from ..books.epubs import epub, png
from .running_server import run_program

RABBIT = """<h1>Down the Rabbit-Hole</h1><p>Alice was beginning to get very tired of sitting by her sister on the bank,
and of having nothing to do.<a epub:type="noteref" href="#n1">1</a></p><p>There was nothing so very remarkable in that;
nor did Alice think it so very much out of the way to hear the Rabbit say to itself, “Oh dear! I shall be late!”</p>
<aside epub:type="footnote" id="n1"><p>A note that nobody reads.</p></aside>"""
RACE = """<h1>A Caucus-Race</h1><p>They were indeed a queer-looking party that assembled on the bank.</p>
<p>“What is a Caucus-race?” said Alice; not that she wanted much to know.</p>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, models: None) -> Path:
    folder = tmp_path_factory.mktemp("book")
    contents = '<li><a href="a.xhtml">I. Rabbit</a></li><li><a href="b.xhtml">II. Race</a></li>'
    book = epub(folder, {"a.xhtml": RABBIT, "b.xhtml": RACE}, contents=contents, title="Alice", cover=png())
    antiphon = Path(sys.executable).with_name("antiphon")
    command = [antiphon, "book", "make", book, "--format", "m4b", "--format", "srt"]
    done = run_program(*command, folder=folder, environment={DIRECTORY_VARIABLE: str(default_directory())})
    assert done.returncode == 0, done.stderr
    assert "times real time" in done.stderr
    return book.with_suffix(".m4b")


@pytest.fixture(scope="module")
def audio(made: Path) -> Pcm:
    with av.open(str(made)) as file:
        parts = [frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)]
        return Pcm(np.concatenate(parts).astype(np.float32), file.streams.audio[0].rate)


def between(audio: Pcm, start: float, end: float) -> Pcm:
    return Pcm(audio.samples[round(start * audio.sample_rate) : round(end * audio.sample_rate)], audio.sample_rate)


def chapters(path: Path) -> list[tuple[str, float, float]]:
    with av.open(str(path)) as file:
        units = [(each, float(each["time_base"] or 0)) for each in file.chapters()]
        return [(each["metadata"]["title"], each["start"] * unit, each["end"] * unit) for each, unit in units]


def test_each_chapter_opens_at_its_beginning(made: Path, audio: Pcm) -> None:
    assert [title for title, _, _ in chapters(made)] == ["I. Rabbit", "II. Race"]
    assert chapters(made)[-1][2] == pytest.approx(audio.seconds, abs=0.1)
    for _, start, _ in chapters(made):
        assert rms_dbfs([between(audio, start, start + 0.7)]) < -60
        assert rms_dbfs([between(audio, start + 0.8, start + 1.5)]) > -30


def test_each_chapter_is_as_loud_as_shops_ask_for(made: Path, audio: Pcm) -> None:
    for _, start, end in chapters(made):
        chapter = between(audio, start, end)
        assert -23 < rms_dbfs([chapter]) < -18
        assert 20 * np.log10(np.abs(chapter.samples).max()) < -3
        assert rms_dbfs([between(audio, end - 1.5, end - 0.1)]) < -60


def test_each_sentence_is_heard_at_the_time_of_its_subtitle(made: Path, audio: Pcm) -> None:
    cues = re.findall(r"([\d:,]+) --> ([\d:,]+)\n(.+)", made.with_suffix(".srt").read_text(encoding="utf-8"))
    assert next(text for *_, text in cues) == "Down the Rabbit-Hole"
    assert "note" not in " ".join(text for *_, text in cues)
    for start, end, _ in cues:
        heard = between(audio, _seconds(start), _seconds(end))
        assert rms_dbfs([between(heard, 0.05, 0.5)]) > -32
    firsts = [_seconds(start) for start, _, text in cues if text in ("Down the Rabbit-Hole", "A Caucus-Race")]
    assert firsts == pytest.approx([start + 0.75 for _, start, _ in chapters(made)], abs=0.002)


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
