"""What a finished book is written as, opened again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import av
import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.books.book import Cover
from antiphon.books.job import Job
from antiphon.books.making import narrate
from antiphon.books.mastering import Loudness, Passage, mastered, rms_dbfs
from antiphon.books.reading.files import read_book
from antiphon.books.script import script_of
from antiphon.books.writing.epub import clock_value, write_epub
from antiphon.books.writing.finished import FinishedBook, finished_book
from antiphon.books.writing.formats import write_book
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.vocabulary.books import BookFormat

from .narrators import ToneSynthesizer, narrator
from .tales import TALE

pytestmark = pytest.mark.anyio
OPF = "{http://www.idpf.org/2007/opf}"
OPS = "{http://www.idpf.org/2007/ops}"
SMIL = "{http://www.w3.org/ns/SMIL}"


@pytest.fixture
async def finished(tmp_path: Path, languages: LanguageIdentifier) -> FinishedBook:
    script = script_of(TALE, voice="alloy")
    speaking = narrator(ToneSynthesizer(sample_rate=24_000, seconds_a_character=0.05), languages)
    with Job(tmp_path / "job", fingerprint="x", sample_rate=24_000) as job:
        async for _ in narrate(script, speaking, job):
            pass
        return finished_book(TALE, job, "x")


def written(finished: FinishedBook, book_format: BookFormat) -> Path:
    folder = finished.chapters[0].audio.parent
    return write_book(finished, book_format, folder.parent / "tale.m4b", work=folder)


def heard(path: Path) -> Pcm:
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray().reshape(-1).astype(np.float32) for frame in file.decode(audio=0)]
        rate = file.streams.audio[0].rate
    return Pcm(np.concatenate(parts), rate)


def sounds(audio: Pcm, start: float, end: float) -> bool:
    """Whether somebody speaks all of the time between, and nobody just before."""
    rate = audio.sample_rate
    inside = audio.samples[round((start + 0.03) * rate) : round((end - 0.03) * rate)]
    before = audio.samples[round((start - 0.2) * rate) : round((start - 0.05) * rate)]
    return bool(np.abs(inside[: len(inside) // 240 * 240].reshape(-1, 240)).max(axis=1).min() > 0.02) and bool(
        np.abs(before).max() < 0.02
    )


async def test_an_m4b_has_chapters_tags_a_language_and_a_cover(finished: FinishedBook):
    path = written(finished, BookFormat.M4B)
    assert path.name == "tale.m4b"
    assert path.read_bytes()[4:12] == b"ftypM4B "
    with av.open(str(path)) as file:
        chapters = [
            (each["metadata"]["title"], each["start"] * float(each["time_base"] or 0)) for each in file.chapters()
        ]
        (sound,), (picture,) = file.streams.audio, file.streams.video
        assert (sound.codec_context.name, sound.language, sound.channels) == ("aac", "eng", 1)
        assert picture.codec_context.name == "png"
        assert file.metadata["title"] == "A <Tale> & more"
        assert (file.metadata["artist"], file.metadata["genre"]) == ("Jane Doe", "Audiobook")
        assert file.metadata["media_type"] == "2"
    assert [title for title, _ in chapters] == ["Rain", "Sun & wind"]
    assert [start for _, start in chapters] == pytest.approx([each[1] for each in finished.starts()], abs=0.001)


async def test_every_first_sentence_of_a_chapter_is_heard_after_its_beginning(finished: FinishedBook):
    audio = heard(written(finished, BookFormat.M4B))
    assert audio.seconds == pytest.approx(finished.seconds, abs=0.1)
    firsts = [next(each for each in finished.sentences() if each.start_seconds >= at) for _, at, _ in finished.starts()]
    assert all(sounds(audio, each.start_seconds, each.end_seconds) for each in firsts)


async def test_a_cover_that_is_no_picture_is_left_out(finished: FinishedBook):
    damaged = replace(finished, book=replace(TALE, cover=Cover(data=b"no picture", media_type="image/jpeg")))
    with av.open(str(written(damaged, BookFormat.M4B))) as file:
        assert not file.streams.video


async def test_shops_get_an_mp3_for_each_chapter(finished: FinishedBook):
    folder = written(finished, BookFormat.MP3)
    paths = sorted(folder.iterdir())
    assert [path.name for path in paths] == ["001 Rain.mp3", "002 Sun & wind.mp3"]
    with av.open(str(paths[1])) as file:
        assert (file.streams.audio[0].rate, file.streams.audio[0].bit_rate) == (44_100, 192_000)
        assert (file.metadata["title"], file.metadata["track"]) == ("Sun & wind", "2/2")
    for path, chapter in zip(paths, finished.chapters, strict=True):
        assert heard(path).seconds == pytest.approx(chapter.samples / 24_000, abs=0.1)


async def test_subtitles_have_the_time_of_each_sentence(finished: FinishedBook):
    srt = written(finished, BookFormat.SRT).read_text("utf-8")
    vtt = written(finished, BookFormat.VTT).read_text("utf-8")
    times = re.findall(r"(\d\d):(\d\d):(\d\d),(\d{3}) --> ", srt)
    starts = [int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000 for h, m, s, ms in times]
    assert starts == pytest.approx([each.start_seconds for each in finished.sentences()], abs=0.001)
    assert srt.startswith("1\n00:00:00,750 --> ")
    assert vtt.startswith("WEBVTT\n\n00:00:00.750 --> ")
    assert "“Look!” said Ann." in srt


async def test_a_book_to_read_along_is_a_valid_package(finished: FinishedBook):
    """What EPUB 3.3 asks of a package with media overlays, as far as its structure goes."""
    with ZipFile(written(finished, BookFormat.EPUB)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"
        package = ElementTree.fromstring(archive.read("EPUB/package.opf"))
        items = {each.attrib["id"]: each.attrib for each in package.iter(f"{OPF}item")}
        there = {name.removeprefix("EPUB/") for name in archive.namelist() if name.startswith("EPUB/")}
        assert there - {"package.opf"} == {each["href"] for each in items.values()}
        durations = {
            each.get("refines"): each.text
            for each in package.iter(f"{OPF}meta")
            if each.get("property") == "media:duration"
        }
        assert durations[None] == clock_value(finished.seconds)
        for reference in package.iter(f"{OPF}itemref"):
            page = items[reference.attrib["idref"]]
            overlay = items[page["media-overlay"]]
            assert overlay["media-type"] == "application/smil+xml"
            assert f"#{overlay['id']}" in durations
            text = ElementTree.fromstring(archive.read(f"EPUB/{page['href']}"))
            first, *ids = [each.attrib["id"] for each in text.iter() if "id" in each.attrib]
            smil = ElementTree.fromstring(archive.read(f"EPUB/{overlay['href']}"))
            (sequence,) = smil.iter(f"{SMIL}seq")
            assert sequence.attrib[f"{OPS}textref"] == f"{page['href']}#{first}"
            targets = [each.attrib["src"] for each in smil.iter(f"{SMIL}text")]
            assert targets == [f"{page['href']}#{identifier}" for identifier in ids]
            assert {each.attrib["src"] for each in smil.iter(f"{SMIL}audio")} <= there


async def test_each_sentence_is_highlighted_while_it_is_said(finished: FinishedBook, tmp_path: Path):
    with ZipFile(written(finished, BookFormat.EPUB)) as archive:
        for number, chapter in enumerate(finished.chapters, 1):
            smil = ElementTree.fromstring(archive.read(f"EPUB/chapter-00{number}.smil"))
            clips = [(each.attrib["clipBegin"], each.attrib["clipEnd"]) for each in smil.iter(f"{SMIL}audio")]
            audio = heard(Path(archive.extract(f"EPUB/chapter-00{number}.m4a", tmp_path)))
            begins = [span.start / 24_000 for span in chapter.sentences]
            assert [begin for begin, _ in clips] == ["0:00:00.000", *map(clock_value, begins[1:])]
            assert [end for _, end in clips] == [*map(clock_value, begins[1:]), clock_value(chapter.samples / 24_000)]
            second = chapter.sentences[1]  # After a pause.
            assert sounds(audio, second.start / 24_000, second.end / 24_000)


async def test_a_book_to_read_along_can_be_read_again(finished: FinishedBook):
    book = read_book(written(finished, BookFormat.EPUB))
    assert (book.title, book.authors, book.language) == (TALE.title, TALE.authors, "en")
    assert [(each.title, *each.sentences) for each in book.chapters] == [
        (each.title, *each.sentences) for each in TALE.chapters
    ]
    assert book.cover == TALE.cover


async def test_the_same_book_is_written_alike(finished: FinishedBook, tmp_path: Path):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    write_epub(finished, tmp_path / "a.epub", now=now)
    write_epub(finished, tmp_path / "b.epub", now=now)
    with ZipFile(tmp_path / "a.epub") as one, ZipFile(tmp_path / "b.epub") as other:
        assert one.read("EPUB/package.opf") == other.read("EPUB/package.opf")


def speech_like(seconds: float, level: float) -> Pcm:
    """Noise that comes in syllables, with peaks as high as speech has."""
    noise = np.random.default_rng(3).laplace(0, 1, round(seconds * 24_000))
    syllables = np.abs(np.sin(np.arange(len(noise)) / 24_000 * np.pi * 4))
    return Pcm((noise * syllables * level).astype(np.float32), 24_000)


async def test_chapters_are_as_loud_as_audiobooks_are(tmp_path: Path):
    passages = [
        Passage(voice="quiet", audio=speech_like(20, 0.005)),
        Passage(voice=None, audio=Pcm.silence(1.0, 24_000)),
        Passage(voice="loud", audio=speech_like(20, 0.3)),
    ]
    loudness = Loudness()
    for each in passages:
        loudness.measure(each)
    pieces = list(mastered(passages, loudness.gains(24_000), sample_rate=24_000, seed=1))
    whole = np.concatenate([piece.samples for piece in pieces])
    assert -23 < rms_dbfs(pieces) < -18
    assert 20 * np.log10(np.abs(whole).max()) < -3
    head, tail = pieces[0], pieces[-1]
    assert 0.5 <= head.seconds <= 1.0
    assert 1.0 <= tail.seconds <= 5.0
    assert -80 < rms_dbfs([head]) < -60
    assert -80 < rms_dbfs([tail]) < -60
    assert rms_dbfs(pieces[1:2]) == pytest.approx(rms_dbfs(pieces[3:4]), abs=1.5)


async def test_a_chapter_of_a_few_words_is_not_made_loud(tmp_path: Path):
    passages = [Passage(voice="a", audio=speech_like(0.5, 0.05))]
    loudness = Loudness()
    loudness.measure(passages[0])
    pieces = list(mastered(passages, loudness.gains(24_000), sample_rate=24_000, seed=1))
    assert rms_dbfs(pieces[1:2]) < -16


async def test_silence_stays_silent():
    loudness = Loudness()
    loudness.measure(Passage(voice="a", audio=Pcm.silence(1.0, 24_000)))
    assert loudness.gains(24_000) == {"a": 1.0}
