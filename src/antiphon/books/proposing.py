"""Proposes a cast: who speaks where the story does not tell, and a voice for each.

The story's own words decide wherever it has some; the language model is asked about the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import msgspec

from antiphon.books.book import Book, Chapter
from antiphon.books.cast import NARRATOR
from antiphon.books.utterances import Names, Utterance, names_of, utterances
from antiphon.engines.interfaces import JsonSchema, LanguageModel, Message, Prompt, Sampling, TextDelta

_ASKED_AT_A_TIME = 6
"""Paragraphs; a small model loses its way with more."""
_PARAGRAPHS_BEFORE = 3
_LONGEST_PARAGRAPH = 400
_MOST_SPEAKERS = 12
"""To choose from: those who speak most in the chapter and the one before."""
_MOST_VOICES = 8
"""Characters that get a voice of their own; the others have the narrator's until somebody gives them one."""

_INSTRUCTIONS = (
    "You read a story and say who speaks. Lines marked with a number in brackets are spoken by somebody; where it is "
    "known who, the name follows. People in a conversation take turns. Answer with the speaker of each numbered line "
    "that has a question mark."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLine:
    """Who is proposed to say a quotation."""

    chapter: int
    quotation: int
    """Both from 1."""
    words: str
    speaker: str
    is_told: bool
    """Whether the story says so, rather than the model."""


@dataclass(slots=True)
class Proposer:
    """Goes through a book once; what it has found is complete then."""

    book: Book
    model: LanguageModel
    lines: list[ProposedLine] = field(default_factory=list[ProposedLine])
    _names: Names = field(default_factory=Names)

    async def propose(self) -> AsyncGenerator[int]:
        """Yield the number of each chapter once its lines are there."""
        found = {chapter.number: [*utterances(chapter)] for chapter in self.book.chapters}
        self._names = names_of(each for spoken in found.values() for each in spoken)
        for chapter in self.book.chapters:
            number = chapter.number
            near = [*found.get(number - 1, ()), *found[number]]
            speakers = names_of(near).speakers or self._names.speakers
            speakers = list(dict.fromkeys(map(self._names.canonical, speakers)))[:_MOST_SPEAKERS]
            known = {
                each.paragraph: self._names.canonical(each.told) for each in found[number] if each.told is not None
            }
            told = frozenset(known)
            if speakers:
                missing = [each for each in found[number] if each.told is None]
                for start in range(0, len(missing), _ASKED_AT_A_TIME):
                    some = missing[start : start + _ASKED_AT_A_TIME]
                    known |= await self._asked(chapter, some, known, speakers)
            self._add(found[number], known, told)
            yield number

    async def voices(self, narrator: str, *, women: Sequence[str], men: Sequence[str]) -> Mapping[str, str]:
        """A voice for each name: of its own for those who say most, in turn from `women` and `men`."""
        said = Counter(line.speaker for line in self.lines if line.speaker != NARRATOR)
        names = [name for name, _ in said.most_common()]
        kinds = await self._kinds(names[:_MOST_VOICES])
        free = {
            "woman": [voice for voice in women if voice != narrator],
            "man": [voice for voice in men if voice != narrator],
        }
        given = {NARRATOR: narrator}
        for name in names:
            waiting = free[kinds[name]] if name in kinds else []
            given[name] = waiting.pop(0) if waiting else narrator
        return given

    async def _kinds(self, names: Sequence[str]) -> Mapping[str, str]:
        """Whether each is a woman or a man, by the model's judgement."""
        if not names:
            return {}
        properties = {name: {"type": "string", "enum": ["woman", "man"]} for name in names}
        question = f"In “{self.book.title}”, which of these characters is a woman or a girl, and which a man or a boy?"
        answer = await self._answer(f"{question}\n{', '.join(names)}", properties)
        return {name: answer[name] if answer.get(name) in ("woman", "man") else "man" for name in names}

    async def _asked(
        self, chapter: Chapter, missing: Sequence[Utterance], known: Mapping[int, str], speakers: Sequence[str]
    ) -> Mapping[int, str]:
        """Who speaks in these paragraphs."""
        asked = {each.paragraph: str(number) for number, each in enumerate(missing, 1)}
        first, last = missing[0].paragraph - _PARAGRAPHS_BEFORE, missing[-1].paragraph + 1
        shown: list[str] = []
        for index in range(max(first, 0), min(last + 1, len(chapter.paragraphs))):
            text = " ".join(chapter.paragraphs[index].sentences)[:_LONGEST_PARAGRAPH]
            if index in asked:
                text = f"[{asked[index]}: ?] {text}"
            elif index in known:
                text = f"[{known[index]}] {text}"
            shown.append(text)
        properties = {number: {"type": "string", "enum": [*speakers, NARRATOR]} for number in asked.values()}
        story = "\n".join(shown)
        answer = await self._answer(f"Characters: {', '.join(speakers)}\n\n{story}", properties)
        choices = {*speakers, NARRATOR}
        return {
            paragraph: answer[number] if answer.get(number) in choices else NARRATOR
            for paragraph, number in asked.items()
        }

    async def _answer(self, question: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """An object with these properties; without some, if the model does not do as it is told."""
        schema = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        prompt = Prompt(
            messages=[Message(role="system", text=_INSTRUCTIONS), Message(role="user", text=question)],
            response_format=JsonSchema(schema=schema),
            sampling=Sampling(temperature=0.0, max_tokens=40 * len(properties) + 20),
        )
        written: list[str] = []
        async with aclosing(self.model.generate(prompt)) as pieces:
            async for piece in pieces:
                if isinstance(piece, TextDelta):
                    written.append(piece.text)
        try:
            return msgspec.json.decode("".join(written), type=dict[str, Any])
        except msgspec.DecodeError:
            return {}

    def _add(self, spoken: Sequence[Utterance], known: Mapping[int, str], told: frozenset[int]) -> None:
        for each in spoken:
            for quotation, words in each.quotations.items():
                self.lines.append(
                    ProposedLine(
                        chapter=each.chapter,
                        quotation=quotation,
                        words=words,
                        speaker=known.get(each.paragraph, NARRATOR),
                        is_told=each.paragraph in told,
                    )
                )
