"""Audio in MP4 as audiobooks have it: AAC with chapters, a cover and tags (M4B), and without (M4A)."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container.input import InputContainer
from av.container.output import OutputContainer
from av.stream import Disposition

from antiphon.audio.pcm import Pcm
from antiphon.books.book import Cover
from antiphon.books.writing.finished import FinishedBook

BIT_RATE = 64_000
"""Bits a second: speech in mono is transparent at that."""

_AUDIOBOOK = "2"
"""iTunes' media type ("stik")."""
_MILLISECOND = Fraction(1, 1000)
_LANGUAGES = {"en": "eng", "fr": "fra", "it": "ita", "es": "spa", "pt": "por", "de": "deu"}
"""ISO 639-2, which MP4 has."""


def write_m4b(finished: FinishedBook, path: Path) -> None:
    book = finished.book
    tags = {
        "title": book.title,
        "album": book.title,
        "genre": "Audiobook",
        "media_type": _AUDIOBOOK,
        **({"artist": book.author, "album_artist": book.author} if book.authors else {}),
    }
    chapters = [
        {
            "id": number,
            "start": round(start * 1000),
            "end": round(end * 1000),
            "time_base": _MILLISECOND,
            "metadata": {"title": title},
        }
        for number, (title, start, end) in enumerate(finished.starts())
    ]
    with _opened(path, "M4B ", tags) as container:
        container.set_chapters(cast(Any, chapters))
        write_track(container, finished.audio(), finished.sample_rate, book.language, cover=book.cover)


def write_m4a(audio: Iterable[Pcm], path: Path, *, sample_rate: int, language: str, title: str) -> None:
    """One chapter."""
    with _opened(path, "M4A ", {"title": title}) as container:
        write_track(container, audio, sample_rate, language)


def write_track(
    container: OutputContainer, audio: Iterable[Pcm], sample_rate: int, language: str, *, cover: Cover | None = None
) -> None:
    stream = container.add_stream("aac", rate=sample_rate, layout="mono")
    stream.bit_rate = BIT_RATE
    stream.metadata["language"] = _LANGUAGES.get(language, "und")
    if cover is not None:
        _add_picture(container, cover)
    position = 0
    for piece in audio:
        frame = AudioFrame.from_ndarray(np.frombuffer(piece.to_int16(), np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = sample_rate
        frame.time_base = Fraction(1, sample_rate)
        frame.pts = position  # Told of the time, FFmpeg writes what the encoder adds before it as not to be played.
        position += len(piece.samples)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


@contextmanager
def _opened(path: Path, brand: str, tags: Mapping[str, str]) -> Generator[OutputContainer]:
    options = {"brand": brand, "movflags": "+faststart"}  # The index first, so that it plays while it is fetched.
    with av.open(str(path), "w", format="mp4", options=options) as container:
        container.metadata.update(tags)
        yield container


def _add_picture(container: OutputContainer, cover: Cover) -> None:
    """Beside the audio, as it is; not at all if it is not what it says it is."""
    demuxer = "png_pipe" if cover.media_type == "image/png" else "jpeg_pipe"
    try:
        picture = cast(InputContainer, av.open(io.BytesIO(cover.data), format=demuxer))
    except (av.FFmpegError, ValueError):
        return
    with picture:
        packet = next((each for each in picture.demux(video=0) if each.size), None)
        if packet is not None and picture.streams.video[0].width:
            stream = container.add_stream_from_template(picture.streams.video[0])
            stream.disposition = Disposition.attached_pic
            packet.stream = stream
            packet.pts = packet.dts = 0
            container.mux(packet)
