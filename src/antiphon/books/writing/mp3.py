"""A folder with an MP3 for each chapter, as audiobook shops take them: 44.1 kHz, 192 kbit/s, constant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.books.writing.finished import FinishedBook

_SAMPLE_RATE = 44_100
_BIT_RATE = 192_000
_UNSAFE = re.compile(r"[^\w .,'’!()&-]+")
_LONGEST_NAME = 60


def write_mp3s(finished: FinishedBook, folder: Path) -> None:
    """Replaces what is in the folder under the same names."""
    folder.mkdir(exist_ok=True)
    chapters = zip(finished.book.chapters, finished.chapters, strict=True)
    for number, (chapter, audio) in enumerate(chapters, 1):
        tags = {
            "title": chapter.title,
            "album": finished.book.title,
            "artist": finished.book.author,
            "genre": "Audiobook",
            "track": f"{number}/{len(finished.chapters)}",
        }
        path = folder / f"{number:03} {_name(chapter.title)}.mp3"
        _write(finished.pieces(audio), path, tags, finished.sample_rate)


def _write(chapter: Iterable[Pcm], path: Path, tags: dict[str, str], sample_rate: int) -> None:
    resampler = StreamResampler(sample_rate, _SAMPLE_RATE)
    with av.open(str(path), "w", format="mp3") as container:
        container.metadata.update({name: value for name, value in tags.items() if value})
        stream = container.add_stream("libmp3lame", rate=_SAMPLE_RATE, layout="mono")
        stream.bit_rate = _BIT_RATE

        def write(audio: Pcm) -> None:
            if len(audio.samples):
                samples = np.frombuffer(audio.to_int16(), np.int16)[None]
                frame = AudioFrame.from_ndarray(samples, format="s16p", layout="mono")
                frame.sample_rate = _SAMPLE_RATE
                container.mux(stream.encode(frame))

        for audio in chapter:
            write(resampler.resample(audio))
        write(resampler.resample(Pcm.silence(0, sample_rate), last=True))
        container.mux(stream.encode(None))


def _name(title: str) -> str:
    """What every file system takes as part of a name."""
    return " ".join(_UNSAFE.sub(" ", title).split())[:_LONGEST_NAME].strip(" .") or "Chapter"
