"""Says a script into a job, and tells how it is coming along."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from antiphon.books.job import Job
from antiphon.books.narration import Narrator, SpokenPart
from antiphon.books.script import Line, Script

T = TypeVar("T")

_AHEAD = 2
"""How many sentences the synthesizer has at a time: while one is being said, the next is made ready."""
_USUAL_CHARACTERS_A_SECOND = 15.0
"""Of speech, until the book's own pace is known."""
_SECONDS_OF_PACE = 5.0
"""Of speech after which it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    chapter: int
    """Which is being said, from 0."""
    sentences: int
    characters: int
    """Said so far, also by runs before this one."""
    all_sentences: int
    all_characters: int
    audio_seconds: float
    """There are so far."""
    expected_seconds: float
    """There will be."""
    times_real_time: float | None
    """How many seconds of speech a second yields; None before the first."""
    seconds_left: float | None


@dataclass(slots=True)
class _Pace:
    clock: Callable[[], float]
    began: float
    script: Script
    sample_rate: int
    sentences: int = 0
    characters: int = 0
    samples: int = 0
    samples_of_run: int = 0
    characters_of_run: int = 0

    def count(self, line: Line, samples: int, *, in_run: bool) -> None:
        self.sentences += 1
        self.characters += line.characters
        self.samples += samples
        if in_run:
            self.samples_of_run += samples
            self.characters_of_run += line.characters

    def progress(self, chapter: int) -> Progress:
        audio_seconds = self.samples / self.sample_rate
        elapsed = self.clock() - self.began
        whole = self.script.characters
        per_second = _USUAL_CHARACTERS_A_SECOND * self.script.speed
        if audio_seconds >= _SECONDS_OF_PACE:
            per_second = self.characters / audio_seconds
        is_known = elapsed > 0 and self.characters_of_run > 0
        left = (whole - self.characters) * elapsed / self.characters_of_run if is_known else None
        return Progress(
            chapter=chapter,
            sentences=self.sentences,
            characters=self.characters,
            all_sentences=sum(len(lines) for lines in self.script.chapters),
            all_characters=whole,
            audio_seconds=audio_seconds,
            expected_seconds=audio_seconds + (whole - self.characters) / per_second,
            times_real_time=self.samples_of_run / self.sample_rate / elapsed if is_known else None,
            seconds_left=left,
        )


async def narrate(
    script: Script, narrator: Narrator, job: Job, *, clock: Callable[[], float] = time.monotonic
) -> AsyncGenerator[Progress]:
    """Say what the job lacks of the script, and yield after each sentence; once all is said, the job's chapters are
    finished. Closing it stops after the sentence that is being written down; what was said is kept."""
    pace = _Pace(clock=clock, began=clock(), script=script, sample_rate=job.sample_rate)
    for chapter, lines in enumerate(script.chapters):
        for line, samples in zip(lines, job.sentence_samples(chapter), strict=False):
            pace.count(line, samples, in_run=False)
    yield pace.progress(0)
    for chapter, lines in enumerate(script.chapters):
        if job.is_finished(chapter):
            continue
        missing = lines[job.said(chapter) :]
        saying = _in_order(script, narrator, missing)
        try:
            async for line, parts in saying:
                samples = await _finished(asyncio.to_thread(job.append, chapter, parts, line.pause_seconds))
                pace.count(line, samples, in_run=True)
                yield pace.progress(chapter)
        finally:
            await saying.aclose()
        await _finished(asyncio.to_thread(job.finish, chapter))


async def _finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of work in a thread, which goes on when its caller is cancelled, and so is waited for even then."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _in_order(
    script: Script, narrator: Narrator, lines: Sequence[Line]
) -> AsyncGenerator[tuple[Line, Sequence[SpokenPart]]]:
    """Each line and its audio."""
    waiting: Iterator[Line] = iter(lines)
    under_way: deque[tuple[Line, asyncio.Task[Sequence[SpokenPart]]]] = deque()
    try:
        while True:
            while len(under_way) < _AHEAD and (line := next(waiting, None)) is not None:
                under_way.append((line, asyncio.create_task(narrator.say(script, line))))
            if not under_way:
                return
            line, task = under_way[0]
            parts = await task
            under_way.popleft()
            yield line, parts
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)
