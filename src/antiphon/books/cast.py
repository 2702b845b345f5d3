"""`Cast`: who speaks which quotation, and with which voice, in a file that people correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from antiphon.books.errors import BookRefused

NARRATOR = "narrator"
"""Who says what nobody in the story does."""
_LONGEST_REMINDER = 60
"""Characters of a quotation that are shown beside its speaker."""


class Cast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    voices: dict[str, str]
    """By the names of those who speak; `narrator` may be one."""
    quotations: dict[str, str] = {}
    """Who speaks, by "CHAPTER.QUOTATION", both counted from 1. The narrator speaks what is not named."""

    def voice(self, chapter: int, quotation: int | None, *, narrator: str) -> str:
        """The voice for a quotation of a chapter, or for what is in none."""
        usual = self.voices.get(NARRATOR, narrator)
        if quotation is None:
            return usual
        return self.voices.get(self.quotations.get(f"{chapter}.{quotation}", NARRATOR), usual)


NOBODY = Cast(voices={})


def read_cast(path: Path) -> Cast:
    """Raises `BookRefused`, and `OSError` if there is no such file."""
    try:
        cast = msgspec.toml.decode(path.read_bytes(), type=Cast)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BookRefused(f"The cast {path} cannot be read: {error}.") from None
    for place, speaker in cast.quotations.items():
        if speaker not in cast.voices and speaker != NARRATOR:
            raise BookRefused(f"The cast {path} has {speaker!r} say {place}, but no voice for that name in [voices].")
    return cast


def cast_file(voices: Mapping[str, str], speakers: Sequence[tuple[int, int, str, str]]) -> str:
    """The file for a cast. `speakers` has, for each quotation, chapter, number, its words, and who speaks."""
    lines = [
        "# Who speaks, and with which voice. Correct what is wrong, and pass this file to `antiphon book make --cast`.",
        "",
        "[voices]",
        *(f"{_key(name)} = {_key(voice)}" for name, voice in voices.items()),
        "",
        "[quotations]",
    ]
    for chapter, quotation, words, speaker in speakers:
        shown = words if len(words) <= _LONGEST_REMINDER else f"{words[: _LONGEST_REMINDER - 1]}…"
        shown = "".join(character if character.isprintable() else " " for character in shown)
        lines.append(f'"{chapter}.{quotation}" = {_key(speaker)}  # {shown}')
    return "\n".join([*lines, ""])


def _key(text: str) -> str:
    """As a string in TOML."""
    return msgspec.json.encode(text).decode().replace("\x7f", "")
