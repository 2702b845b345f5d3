"""A cast is proposed by the story's own words, and by a language model where it has none."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field

import pytest

from antiphon.books.book import Book, Chapter
from antiphon.books.proposing import Proposer
from antiphon.books.utterances import names_of, utterances
from antiphon.engines.interfaces import Generated, JsonSchema, Prompt, TextDelta

from ..dialogue.doubles import FINISHED
from .tales import text

pytestmark = pytest.mark.anyio


def chapter(*paragraphs: str, number: int = 1) -> Chapter:
    return Chapter(number=number, title="", paragraphs=tuple(text(each) for each in paragraphs))


def book(*chapters: Chapter) -> Book:
    return Book(title="Rain", language="en", chapters=chapters)


@dataclass(slots=True)
class AnsweringModel:
    """Answers each question about its properties by a function of theirs."""

    answer: Callable[[Mapping[str, list[str]]], object]
    prompts: list[Prompt] = field(default_factory=list[Prompt])

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        self.prompts.append(prompt)
        assert isinstance(prompt.response_format, JsonSchema)
        properties = prompt.response_format.schema["properties"]
        written = json.dumps(self.answer({name: each["enum"] for name, each in properties.items()}))
        yield TextDelta(text=written[:5])
        yield TextDelta(text=written[5:])
        yield FINISHED

    async def prefill(self, prompt: Prompt) -> None:
        raise AssertionError("nothing is read ahead")


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("“Look!” said Ann.", "Ann"),
        ("“Look,” said the White Rabbit, “at this.”", "White Rabbit"),
        ("Mr. Holmes laughed. “Look!” cried Dr. Watson at last.", "Dr. Watson"),
        ("“Look!” Sherlock Holmes said.", "Sherlock Holmes"),
        ("“Look!” Bob, who was ill, whispered.", "Bob"),
        ("« Tiens ! » dit Emma.", "Emma"),
        ("„Schau!“, sagte Anna.", "Anna"),
        ("“Look!” she said.", None),
        ("“Look!” He said no more.", None),
        ("“Ann said so.”", None),
    ],
)
def test_the_story_tells_who_speaks(paragraph: str, name: str | None):
    (found,) = utterances(chapter(paragraph))
    assert found.told == name


def test_a_part_of_a_name_is_the_whole_name():
    names = names_of(utterances(chapter("“A.” said Sherlock Holmes.", "“B.” said Holmes.", "“C.” said Ann.")))
    assert names.speakers == ["Sherlock Holmes", "Ann"]
    assert names.canonical("Holmes") == "Sherlock Holmes"


async def test_the_model_is_asked_only_where_the_story_does_not_tell():
    story = book(chapter("“One,” said Ann.", "“Two.”", "It rained.", "“Three,” said Bob. “Four.”", "“Five?”"))
    model = AnsweringModel(lambda asked: {"1": "Bob", "2": "Ann"})
    proposer = Proposer(story, model)
    assert [number async for number in proposer.propose()] == [1]
    assert [(line.quotation, line.speaker, line.is_told) for line in proposer.lines] == [
        (1, "Ann", True),
        (2, "Bob", False),
        (3, "Bob", True),
        (4, "Bob", True),
        (5, "Ann", False),
    ]
    (prompt,) = model.prompts
    shown = prompt.messages[-1].text
    assert re.findall(r"^\[.*?\]", shown, re.MULTILINE) == ["[Ann]", "[1: ?]", "[Bob]", "[2: ?]"]


async def test_answers_that_are_none_leave_the_words_to_the_narrator():
    story = book(chapter("“One,” said Ann.", "“Two.”"))
    for answer in ({"1": "Zoe"}, {}, ["Ann"]):
        proposer = Proposer(story, AnsweringModel(lambda _, answer=answer: answer))
        async for _ in proposer.propose():
            pass
        assert [line.speaker for line in proposer.lines] == ["Ann", "narrator"]


async def test_those_who_say_most_get_voices_of_their_own():
    story = book(
        chapter("“One,” said Ann. “Two.” “Three.”", "“Four,” said Bob. “Five.”"),
        chapter("“Six,” said Eve.", number=2),
    )
    proposer = Proposer(story, AnsweringModel(lambda asked: dict.fromkeys(asked, "woman") | {"Bob": "man"}))
    async for _ in proposer.propose():
        pass
    voices = await proposer.voices("alloy", women=["alloy", "nova"], men=["onyx"])
    assert voices == {"narrator": "alloy", "Ann": "nova", "Bob": "onyx", "Eve": "alloy"}


async def test_a_story_without_quotations_has_only_a_narrator():
    proposer = Proposer(book(chapter("It rained.")), AnsweringModel(lambda _: {}))
    assert [number async for number in proposer.propose()] == [1]
    assert (proposer.lines, await proposer.voices("alloy", women=[], men=[])) == ([], {"narrator": "alloy"})
