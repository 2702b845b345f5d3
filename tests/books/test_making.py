"""A book is a job: what has been said stays said."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tracemalloc
from contextlib import aclosing
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.books.book import Book, Chapter
from antiphon.books.errors import BookRefused
from antiphon.books.job import Job
from antiphon.books.making import Progress, narrate
from antiphon.books.narration import Narrator
from antiphon.books.script import Script, script_of
from antiphon.books.writing.finished import finished_book, read_audio
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.engines.interfaces import Clause

from .narrators import ToneSynthesizer, narrator
from .tales import TALE, text

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]

SCRIPT = script_of(TALE, voice="alloy")
SENTENCES = [sentence for chapter in TALE.chapters for sentence in chapter.sentences]


def job(folder: Path, script: Script = SCRIPT, rate: int = 8_000) -> Job:
    return Job(folder, fingerprint=script.fingerprint("tones"), sample_rate=rate)


async def made(folder: Path, speaking: Narrator, script: Script = SCRIPT) -> list[Progress]:
    with job(folder, script, speaking.sample_rate) as whole:
        return [progress async for progress in narrate(script, speaking, whole)]


def audio(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.flac"))}


def raw(folder: Path) -> list[Path]:
    return [*folder.glob("*.pcm")]


def kill_after(folder: Path, sentences: int) -> None:
    """Have a process of its own narrate so many sentences, and kill it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.books.killed", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(sentences):
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
    process.stdout.readline()  # It has the next one before it, and waits.
    process.kill()
    process.communicate()


async def test_every_sentence_is_said_once_and_in_order(tmp_path: Path, languages: LanguageIdentifier):
    synthesizer = ToneSynthesizer()
    await made(tmp_path, narrator(synthesizer, languages))
    assert synthesizer.said == ["Rain.", *SENTENCES[1:4], "Sun.", *SENTENCES[5:]]
    assert sorted(audio(tmp_path)) == ["chapter-001.flac", "chapter-002.flac"]
    assert not raw(tmp_path)


async def test_progress_tells_how_much_there_is_and_will_be(tmp_path: Path, languages: LanguageIdentifier):
    now = iter(range(100))
    speaking = narrator(ToneSynthesizer(seconds_a_character=1.0), languages)
    with job(tmp_path) as whole:
        told = [each async for each in narrate(SCRIPT, speaking, whole, clock=lambda: float(next(now)))]
    assert [each.sentences for each in told] == list(range(len(SENTENCES) + 1))
    assert (told[0].times_real_time, told[0].seconds_left) == (None, None)
    first, last = told[1], told[-1]
    assert first.seconds_left == pytest.approx((first.all_characters - 5) * 2 / 5)
    assert first.times_real_time == pytest.approx(first.audio_seconds / 2)
    assert (last.characters, last.seconds_left) == (last.all_characters, 0)
    assert last.expected_seconds == last.audio_seconds


async def test_a_job_that_was_stopped_goes_on_where_it_was(tmp_path: Path, languages: LanguageIdentifier):
    first, second = ToneSynthesizer(), ToneSynthesizer()
    with job(tmp_path / "stopped") as whole:
        async with aclosing(narrate(SCRIPT, narrator(first, languages), whole)) as progress:
            async for each in progress:
                if each.sentences == 3:
                    break
    await made(tmp_path / "stopped", narrator(second, languages))
    await made(tmp_path / "whole", narrator(ToneSynthesizer(), languages))
    assert second.said == [*SENTENCES[3:4], "Sun.", *SENTENCES[5:]]
    assert audio(tmp_path / "stopped") == audio(tmp_path / "whole")


async def test_cancelling_keeps_what_was_said(tmp_path: Path, languages: LanguageIdentifier):
    reached = asyncio.Event()

    def tell(clause: Clause) -> None:
        if clause.text == "Then it stopped.":
            reached.set()

    speaking = narrator(ToneSynthesizer(before=tell), languages)
    making = asyncio.create_task(made(tmp_path, speaking))
    await reached.wait()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    with job(tmp_path) as whole:
        assert whole.said(0) >= 2
        assert (tmp_path / "chapter-001.pcm").stat().st_size == 2 * sum(whole.sentence_samples(0))


async def test_an_engine_that_fails_keeps_what_was_said(tmp_path: Path, languages: LanguageIdentifier):
    def fail(clause: Clause) -> None:
        if clause.text == "Then it stopped.":
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await made(tmp_path, narrator(ToneSynthesizer(before=fail), languages))
    rest = ToneSynthesizer()
    await made(tmp_path, narrator(rest, languages))
    assert rest.said[0] == "Then it stopped."


async def test_a_process_that_is_killed_has_said_what_it_wrote_down(tmp_path: Path, languages: LanguageIdentifier):
    folder = tmp_path / "killed"
    kill_after(folder, 3)
    kill_after(folder, 4)
    rest = ToneSynthesizer()
    await made(folder, narrator(rest, languages))
    await made(tmp_path / "whole", narrator(ToneSynthesizer(), languages))
    assert 0 < len(rest.said) < len(SENTENCES)
    assert audio(folder) == audio(tmp_path / "whole")


async def test_what_a_crash_left_of_a_sentence_is_not_heard(tmp_path: Path, languages: LanguageIdentifier):
    with job(tmp_path / "torn") as whole:
        async with aclosing(narrate(SCRIPT, narrator(ToneSynthesizer(), languages), whole)) as progress:
            async for each in progress:
                if each.sentences == 2:
                    break
    with (tmp_path / "torn" / "chapter-001.pcm").open("ab") as file:
        file.write(b"\x01\x02\x03")
    with (tmp_path / "torn" / "journal.jsonl").open("ab") as file:
        file.write(b'{"what":"said","chap')
    await made(tmp_path / "torn", narrator(ToneSynthesizer(), languages))
    await made(tmp_path / "whole", narrator(ToneSynthesizer(), languages))
    assert audio(tmp_path / "torn") == audio(tmp_path / "whole")


async def test_one_process_at_a_time_makes_a_book(tmp_path: Path):
    with job(tmp_path), pytest.raises(BookRefused, match="being made already"):
        job(tmp_path)
    with job(tmp_path):
        pass


async def test_another_narration_is_not_mixed_in(tmp_path: Path):
    with job(tmp_path):
        pass
    with pytest.raises(BookRefused, match="another voice"):
        job(tmp_path, replace(SCRIPT, speed=1.2))
    with job(tmp_path):
        pass


async def test_a_journal_that_is_damaged_is_told(tmp_path: Path):
    with job(tmp_path):
        pass
    (tmp_path / "journal.jsonl").write_text("x\n")
    with pytest.raises(BookRefused, match="damaged"):
        job(tmp_path)


async def test_a_voice_that_is_not_there_and_a_language_that_nobody_speaks_are_refused(languages: LanguageIdentifier):
    speaking = narrator(ToneSynthesizer(), languages)
    speaking.check(SCRIPT)
    with pytest.raises(BookRefused, match=r"no voice 'ann'. There are: alloy, onyx"):
        speaking.check(script_of(TALE, voice="ann"))
    with pytest.raises(BookRefused, match="'fi', which no voice speaks"):
        speaking.check(script_of(TALE, voice="alloy", language="fi"))


async def test_sentences_are_where_the_job_says(tmp_path: Path, languages: LanguageIdentifier):
    speaking = narrator(ToneSynthesizer(seconds_a_character=0.05), languages)
    await made(tmp_path, speaking)
    with job(tmp_path) as whole:
        finished = finished_book(TALE, whole, "x")
    heard = Pcm.concatenate(finished.audio(), 8_000)
    assert heard.seconds == pytest.approx(finished.seconds)
    loud = np.zeros(len(heard.samples), bool)
    for sentence in finished.sentences():
        loud[round(sentence.start_seconds * 8_000) : round(sentence.end_seconds * 8_000)] = True
    level = np.convolve(np.abs(heard.samples), np.ones(80) / 80, "same") > 0.01
    assert np.mean(level == loud) > 0.99


async def test_memory_does_not_grow_with_the_book(tmp_path: Path, languages: LanguageIdentifier):
    def long(chapters: int) -> Script:
        sentences = ["It rained for a very long time, and then it went on raining."] * 20
        chapter = Chapter(number=1, title="Rain", paragraphs=(text(*sentences),))
        return script_of(Book(title="Rain", language="en", chapters=(chapter,) * chapters), voice="alloy")

    async def peak(chapters: int) -> int:
        folder, script = tmp_path / f"{chapters} {next(runs)}", long(chapters)
        tracemalloc.start()
        await made(folder, narrator(ToneSynthesizer(seconds_a_character=0.1), languages), script)
        with job(folder, script) as whole:
            for piece in finished_book(script.book, whole, "x").audio():
                assert len(piece.samples)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    runs = count()
    await peak(1)  # What is loaded once, is loaded.
    short, twelve_times = await peak(1), await peak(12)
    assert twelve_times < short * 1.5  # All of its audio would be 45 MB.


async def test_finished_audio_is_read_as_it_was_written(tmp_path: Path, languages: LanguageIdentifier):
    await made(tmp_path, narrator(ToneSynthesizer(), languages))
    with job(tmp_path) as whole:
        for chapter in range(2):
            finished = whole.finished(chapter)
            assert sum(len(piece.samples) for piece in read_audio(finished.audio)) == finished.samples
