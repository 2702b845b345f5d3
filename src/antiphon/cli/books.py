"""`antiphon book`: audiobooks, made here by the engines of a profile, without a server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from antiphon.books.book import Book
from antiphon.books.cast import NOBODY, cast_file, read_cast
from antiphon.books.errors import BookRefused
from antiphon.books.job import Job
from antiphon.books.lexicon import NO_PRONUNCIATIONS, read_pronunciations
from antiphon.books.making import narrate
from antiphon.books.proposing import ProposedLine, Proposer
from antiphon.books.reading.files import chosen, read_book
from antiphon.books.script import Script, script_of
from antiphon.books.writing.finished import finished_book
from antiphon.books.writing.formats import written
from antiphon.cli.book_progress import lasting, shown_on, size_of
from antiphon.engines.kind import Role
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on as downloads_shown_on
from antiphon.settings import Settings, read_settings
from antiphon.vocabulary.books import BookFormat

if TYPE_CHECKING:
    from antiphon.compose.engines import DeclaredEngine

_CHARACTERS_A_SECOND = 15.0
"""About how fast books are read."""

books = typer.Typer(no_args_is_help=True)

_BookArgument = Annotated[
    Path, typer.Argument(metavar="BOOK", help="EPUB, HTML, Markdown or text.", exists=True, dir_okay=False)
]
_ChaptersOption = Annotated[str | None, typer.Option(help='Only these chapters, as `show` counts them: "1-3,7".')]
_ConfigOption = Annotated[Path | None, typer.Option(help="The settings; antiphon.toml, if there is one.")]
_ProfileOption = Annotated[str, typer.Option(help="The profile whose engines do it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a book is to become, and where."""

    formats: list[BookFormat]
    output: Path
    restart: bool
    keep: bool

    @property
    def folder(self) -> Path:
        return self.output.with_name(f"{self.output.name}.making")


@books.command()
def show(book: _BookArgument, chapters: _ChaptersOption = None) -> None:
    """List a book's chapters, and about how long each will be."""
    whole = _read(book, chapters)
    print(f"{whole.title}{f', by {whole.author}' if whole.authors else ''} ({whole.language})")
    table = Table("chapter", "title", "sentences", "about", box=None, pad_edge=False)
    for chapter in whole.chapters:
        characters = sum(map(len, chapter.sentences))
        table.add_row(
            str(chapter.number),
            chapter.title,
            str(len([*chapter.sentences])),
            lasting(characters / _CHARACTERS_A_SECOND),
        )
    Console().print(table)
    print(_expected(whole, 1.0))


@books.command()
def make(
    book: _BookArgument,
    output: Annotated[
        Path | None, typer.Option(help="Where the M4B goes; other formats go beside it.", show_default="BOOK.m4b")
    ] = None,
    formats: Annotated[
        list[BookFormat] | None,
        typer.Option("--format", help="What to write; can be given several times.", show_default="m4b"),
    ] = None,
    chapters: _ChaptersOption = None,
    voice: Annotated[str, typer.Option(help="The narrator's voice.")] = "alloy",
    speed: Annotated[float, typer.Option(min=0.25, max=4.0, help="1 is the voice's own pace.")] = 1.0,
    language: Annotated[
        str | None, typer.Option(help="What it is written in (en, fr, …).", show_default="as the book says")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(help='How words are said: a TOML file of lines such as Siobhan = "shivawn".')
    ] = None,
    cast: Annotated[
        Path | None, typer.Option(help="Who speaks, and with which voice: a file that `antiphon book cast` proposes.")
    ] = None,
    profile: _ProfileOption = "default",
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, whatever has been said already.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the folder of the finished job, for other formats.")
    ] = False,
    config: _ConfigOption = None,
) -> None:
    """Make an audiobook. What was interrupted, even by a crash, goes on when the same command is run again."""
    script = script_of(
        _read(book, chapters),
        voice=voice,
        speed=speed,
        language=language,
        cast=read_cast(cast) if cast else NOBODY,
        pronunciations=read_pronunciations(lexicon) if lexicon else NO_PRONUNCIATIONS,
    )
    asked = _Asked(
        formats=list(dict.fromkeys(formats or [BookFormat.M4B])),
        output=(output or book).with_suffix(".m4b"),
        restart=restart,
        keep=keep,
    )
    settings, cache = read_settings(config), ModelCache(default_directory())
    from antiphon.compose.books import engine_for  # Loads every engine's library.

    engine = engine_for(settings, profile, Role.SYNTHESIZER)
    _fetch(engine, cache)
    print(_expected(script.book, speed), file=sys.stderr)
    try:
        asyncio.run(_make(script, asked, engine, settings, cache))
    except KeyboardInterrupt:
        print(f"Stopped. What has been said is in {asked.folder}: run the same command to go on.", file=sys.stderr)
        raise typer.Exit(code=130) from None


@books.command()
def cast(
    book: _BookArgument,
    output: Annotated[Path | None, typer.Option(help="The file to write.", show_default="BOOK.cast.toml")] = None,
    chapters: _ChaptersOption = None,
    voice: Annotated[str, typer.Option(help="The narrator's voice.")] = "alloy",
    profile: _ProfileOption = "default",
    config: _ConfigOption = None,
) -> None:
    """Propose who speaks each quotation, and with which voice, for `make --cast`: as the story tells, otherwise as the
    profile's language model judges."""
    whole, path = _read(book, chapters), output or book.with_suffix(".cast.toml")
    if path.exists():
        raise BookRefused(f"{path} is there already. Remove it, or name another file with --output.")
    settings, cache = read_settings(config), ModelCache(default_directory())
    from antiphon.compose.books import engine_for  # Loads every engine's library.

    engine = engine_for(settings, profile, Role.LANGUAGE_MODEL)
    _fetch(engine, cache)
    lines, voices = asyncio.run(_proposed(whole, voice, engine, settings, cache))
    told = [(line.chapter, line.quotation, line.words, line.speaker) for line in lines]
    path.write_text(cast_file(voices, told), encoding="utf-8")
    table = Table("who", "voice", "quotations", "of these, as the story tells", box=None, pad_edge=False)
    for name, given in voices.items():
        said = [line for line in lines if line.speaker == name]
        table.add_row(name, given, str(len(said)), str(sum(line.is_told for line in said)))
    Console().print(table)
    print(path)


def _read(path: Path, chapters: str | None) -> Book:
    book = read_book(path)
    return book if chapters is None else chosen(book, chapters)


def _expected(book: Book, speed: float) -> str:
    seconds = book.characters / _CHARACTERS_A_SECOND / speed
    chapters = "1 chapter" if len(book.chapters) == 1 else f"{len(book.chapters)} chapters"
    return f"{book.title}: {chapters}, about {lasting(seconds)} of audio, {decimal(size_of(seconds))} as M4B."


def _fetch(engine: DeclaredEngine, cache: ModelCache) -> None:
    """Download what the engine lacks."""
    with downloads_shown_on(sys.stderr) as progress:
        cache.ensure([name for name in cache.catalogue if name in engine.models], progress)


async def _proposed(
    book: Book, narrator: str, engine: DeclaredEngine, settings: Settings, cache: ModelCache
) -> tuple[Sequence[ProposedLine], Mapping[str, str]]:
    from antiphon.compose.books import open_language_model
    from antiphon.engines.embedded.synthesis.voices import MEN, WOMEN

    async with AsyncExitStack() as resources:
        proposer = Proposer(book, await open_language_model(engine, settings, cache, resources))
        async with aclosing(proposer.propose()) as telling:
            async for chapter in telling:
                print(f"Read chapter {chapter}.", file=sys.stderr)
        return proposer.lines, await proposer.voices(narrator, women=WOMEN, men=MEN)


async def _make(script: Script, asked: _Asked, engine: DeclaredEngine, settings: Settings, cache: ModelCache) -> None:
    from antiphon.compose.books import open_narrator

    async with AsyncExitStack() as resources:
        narrator = await open_narrator(engine, settings, cache, resources)
        narrator.check(script)
        fingerprint = script.fingerprint(narrator.engine)
        with (
            Job(asked.folder, fingerprint=fingerprint, sample_rate=narrator.sample_rate, restart=asked.restart) as job,
            shown_on(sys.stderr, script.book) as shown,
        ):
            async with aclosing(narrate(script, narrator, job)) as telling:
                async for progress in telling:
                    shown.said(progress)
            finished = finished_book(script.book, job, fingerprint)
            for book_format in asked.formats:
                name = str(book_format.path(asked.output))
                await written(
                    finished, book_format, asked.output, work=asked.folder, watch=partial(shown.written, name)
                )
                print(name)
            if not asked.keep:
                job.remove()
