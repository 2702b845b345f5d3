"""Language models, loaded once, asked through their interface."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest

from antiphon.engines.embedded.llama.engine import Llama
from antiphon.engines.embedded.worker_pool import WorkerPool
from antiphon.engines.errors import ContextLengthExceeded, UnusableResponseFormat
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    JsonSchema,
    Message,
    Prompt,
    Sampling,
    TextDelta,
)
from antiphon.models.errors import ModelError
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.tools import Tool

pytestmark = [pytest.mark.anyio, pytest.mark.models]

SYSTEM = Message(role="system", text="You are a helpful voice assistant. Answer in one short sentence.")
DOGS = [SYSTEM, Message(role="user", text="Is a golden retriever a good family dog?")]
GREEDY = Sampling(temperature=0, max_tokens=24)


@pytest.fixture(scope="module")
def loaded(model_path: Callable[[str], Path]) -> Llama:
    return load(model_path("qwen2.5-coder-1.5b"))


@pytest.fixture(scope="module")
def loaded_small(model_path: Callable[[str], Path]) -> Llama:
    return load(model_path("smollm2-135m"))


def load(folder: Path) -> Llama:
    (model,) = folder.glob("*.gguf")
    return Llama(model, threads=2, slots=2, context_tokens=512, max_waiting=8)


@pytest.fixture
def llama(loaded: Llama) -> Llama:
    """The default model, for tests of what it answers."""
    return in_this_loop(loaded)


@pytest.fixture
def small(loaded_small: Llama) -> Llama:
    """A model that is ten times as fast, for tests of how answers come about."""
    return in_this_loop(loaded_small)


def in_this_loop(loaded: Llama) -> Llama:
    """A worker pool waits in one event loop, and each test has its own."""
    loaded._workers = WorkerPool("llama", workers=2, max_waiting=8)  # pyright: ignore[reportPrivateUsage]
    return loaded


async def generate(llama: Llama, prompt: Prompt) -> tuple[list[TextDelta], GenerationFinished]:
    events: list[Generated] = []
    async with contextlib.aclosing(llama.generate(prompt)) as generation:
        async for event in generation:
            events.append(event)
    finished = events.pop()
    assert isinstance(finished, GenerationFinished)
    return [event for event in events if isinstance(event, TextDelta)], finished


async def answer(llama: Llama, prompt: Prompt) -> str:
    return text_of((await generate(llama, prompt))[0])


def text_of(deltas: list[TextDelta]) -> str:
    return "".join(delta.text for delta in deltas)


def logprobs_of(deltas: list[TextDelta]) -> list[TokenLogprob]:
    return [logprob for delta in deltas for logprob in delta.logprobs]


async def test_an_answer_comes_in_pieces(llama: Llama) -> None:
    deltas, finished = await generate(llama, Prompt(messages=DOGS, sampling=Sampling(temperature=0)))

    assert len(deltas) > 3
    assert "family" in text_of(deltas)
    assert finished.finish_reason == "stop"


async def test_max_tokens_ends_an_answer(small: Llama) -> None:
    _, finished = await generate(small, Prompt(messages=DOGS, sampling=Sampling(max_tokens=5)))

    assert finished.finish_reason == "length"
    assert finished.completion_tokens == 5


async def test_pieces_are_whole_characters(small: Llama) -> None:
    characters = "🦤🪿 ཨོཾ 日本"  # Each of the first is several tokens.

    deltas, _ = await generate(small, Prompt(messages=DOGS, response_format=JsonSchema(schema={"const": characters})))

    assert json.loads(text_of(deltas)) == characters
    assert len(deltas) > 3


async def test_an_answer_ends_before_a_stop_sequence(small: Llama) -> None:
    whole = await answer(small, Prompt(messages=DOGS, sampling=GREEDY))
    stop = whole[len(whole) // 2 :][:7]

    deltas, finished = await generate(
        small, Prompt(messages=DOGS, sampling=Sampling(temperature=0, max_tokens=24, stop=[stop]))
    )

    assert text_of(deltas) == whole.split(stop)[0]
    assert finished.finish_reason == "stop"


async def test_the_same_seed_gives_the_same_text(small: Llama) -> None:
    prompt = Prompt(messages=DOGS, sampling=Sampling(temperature=1.0, seed=7, max_tokens=24))

    assert await answer(small, prompt) == await answer(small, prompt)


async def test_another_seed_gives_another_text(small: Llama) -> None:
    texts = {
        await answer(small, Prompt(messages=DOGS, sampling=Sampling(temperature=1.5, seed=seed, max_tokens=24)))
        for seed in range(3)
    }

    assert len(texts) > 1


async def test_a_token_can_be_banned(llama: Llama) -> None:
    yes = 9454
    assert (await answer(llama, Prompt(messages=DOGS, sampling=GREEDY))).startswith("Yes")

    banned = Sampling(temperature=0, max_tokens=8, logit_bias={yes: -100, 10**12: 1, 10**6: 1})

    assert not (await answer(llama, Prompt(messages=DOGS, sampling=banned))).startswith("Yes")


async def test_a_penalty_stops_repetition(llama: Llama) -> None:
    words = JsonSchema(schema={"type": "array", "items": {"enum": ["la", "do", "mi"]}, "minItems": 5, "maxItems": 5})
    messages = [Message(role="user", text="Sing la la la la la.")]
    penalised = Sampling(temperature=0, frequency_penalty=2.0, presence_penalty=2.0)

    plain, varied = [
        json.loads(await answer(llama, Prompt(messages=messages, sampling=sampling, response_format=words)))
        for sampling in (Sampling(temperature=0), penalised)
    ]

    assert len(set(varied)) > len(set(plain))


@pytest.mark.parametrize("stop", [(), (" dog", "family dog")])
async def test_log_probabilities_are_those_of_the_text(small: Llama, stop: tuple[str, ...]) -> None:
    sampling = Sampling(temperature=0, max_tokens=24, top_logprobs=2, stop=stop)

    deltas, _ = await generate(small, Prompt(messages=DOGS, sampling=sampling))

    logprobs = logprobs_of(deltas)
    assert "".join(logprob.token for logprob in logprobs) == text_of(deltas)
    assert b"".join(bytes(logprob.bytes) for logprob in logprobs).decode() == text_of(deltas)
    assert all(logprob.logprob <= 0 and len(logprob.top) == 2 for logprob in logprobs)


async def test_no_alternatives_are_reported_unless_asked_for(small: Llama) -> None:
    deltas, _ = await generate(small, Prompt(messages=DOGS, sampling=Sampling(max_tokens=3, top_logprobs=0)))

    assert logprobs_of(deltas)
    assert all(not logprob.top for logprob in logprobs_of(deltas))


async def test_an_answer_fits_its_schema(llama: Llama) -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "good": {"type": "boolean"},
            "why": {"type": "string", "maxLength": 40},
            "colour": {"enum": ["golden", "black"]},
            "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{2}$"},
            "ages": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 9},
                "minItems": 2,
                "maxItems": 3,
            },
        },
        "required": ["good", "why", "colour", "code", "ages"],
    }

    document = json.loads(await answer(llama, Prompt(messages=DOGS, response_format=JsonSchema(schema=schema))))

    assert document.keys() == schema["properties"].keys()
    assert isinstance(document["good"], bool)
    assert len(document["why"]) <= 40
    assert document["colour"] in ("golden", "black")
    assert document["code"][2] == "-"
    assert all(1 <= age <= 9 for age in document["ages"])


async def test_a_json_object_is_written_when_asked_for(llama: Llama) -> None:
    messages = [Message(role="user", text="Give the name and the colour of a fruit as JSON.")]

    assert isinstance(json.loads(await answer(llama, Prompt(messages=messages, response_format="json_object"))), dict)


async def test_a_schema_that_cannot_be_met_is_refused(small: Llama) -> None:
    with pytest.raises(UnusableResponseFormat, match="boolen"):
        await answer(small, Prompt(messages=DOGS, response_format=JsonSchema(schema={"type": "boolen"})))


async def test_a_schema_that_the_grammar_engine_refuses_is_refused(small: Llama) -> None:
    # No integer from 4 to 6 is a multiple of 7: only the grammar engine finds out.
    schema = {"type": "integer", "minimum": 4, "maximum": 6, "multipleOf": 7}

    with pytest.raises(UnusableResponseFormat, match="cannot be met"):
        await answer(small, Prompt(messages=DOGS, response_format=JsonSchema(schema=schema)))


async def test_a_conversation_that_is_too_long_is_refused(small: Llama) -> None:
    messages = [Message(role="user", text="dog " * 2000)]

    with pytest.raises(ContextLengthExceeded, match=r"maximum context length is 512 tokens\. .* resulted in 20\d\d"):
        await answer(small, Prompt(messages=messages))


async def test_a_conversation_of_many_megabytes_is_refused_unread(small: Llama) -> None:
    with pytest.raises(ContextLengthExceeded, match="at least"):
        await answer(small, Prompt(messages=[Message(role="user", text="dog " * 5_000_000)]))


async def test_an_answer_that_fills_the_context_ends_there(small: Llama) -> None:
    messages = [Message(role="user", text="dog " * 400)]
    endless = JsonSchema(schema={"type": "array", "items": {"type": "string"}, "minItems": 400})

    _, finished = await generate(small, Prompt(messages=messages, response_format=endless))

    assert finished.finish_reason == "length"
    assert finished.prompt_tokens + finished.completion_tokens in (512, 513)


async def test_the_next_turn_reads_only_what_is_new(small: Llama) -> None:
    deltas, first = await generate(small, Prompt(messages=DOGS, sampling=GREEDY))
    turn = [*DOGS, Message(role="assistant", text=text_of(deltas)), Message(role="user", text="And a poodle?")]

    _, second = await generate(small, Prompt(messages=turn, sampling=GREEDY))

    assert second.cached_tokens >= first.prompt_tokens
    assert second.prompt_tokens > second.cached_tokens


async def test_conversations_that_alternate_keep_their_prefixes(small: Llama) -> None:
    systems = [f"You are an expert on {subject}. Answer in one short sentence." for subject in ("tea", "law", "music")]
    conversations = [
        [Message(role="system", text=system), Message(role="user", text="What is the most important thing to know?")]
        for system in systems
    ]
    for conversation in conversations:
        await generate(small, Prompt(messages=conversation, sampling=Sampling(max_tokens=4)))

    for conversation in conversations:
        _, finished = await generate(small, Prompt(messages=conversation, sampling=Sampling(max_tokens=4)))
        assert finished.cached_tokens == finished.prompt_tokens - 1


async def test_a_warmed_system_message_need_not_be_read_again(small: Llama) -> None:
    system = Message(role="system", text="You are a pirate who answers in rhymes about the sea and its many fish.")
    await small.prefill(Prompt(messages=[system]))

    _, finished = await generate(
        small, Prompt(messages=[system, Message(role="user", text="Good day!")], sampling=Sampling(max_tokens=1))
    )

    assert finished.cached_tokens > 15


async def test_what_was_prefilled_before_a_turn_need_not_be_read_with_it(small: Llama) -> None:
    so_far = [
        Message(role="system", text="You talk with a gardener who grows roses, tulips, and three kinds of apples."),
        Message(role="user", text="When should I cut back the roses in my garden?"),
        Message(role="assistant", text="Cut them back late in the winter, before the first buds begin to open."),
    ]
    await small.prefill(Prompt(messages=so_far))

    turn = [*so_far, Message(role="user", text="And the apples?")]
    _, finished = await generate(small, Prompt(messages=turn, sampling=Sampling(max_tokens=1)))

    assert finished.prompt_tokens - finished.cached_tokens < 15


async def test_what_follows_a_cancelled_answer_finds_the_conversation_read(small: Llama) -> None:
    story = [
        Message(role="system", text="You talk with a sailor who knows every harbour between Lisbon and Copenhagen."),
        Message(role="user", text="Tell me a very long story about the sea, the wind, and an old lighthouse keeper."),
    ]
    async with contextlib.aclosing(small.generate(Prompt(messages=story))) as generation:
        await anext(generation)

    turn = [*story, Message(role="assistant", text="Once"), Message(role="user", text="Stop!")]
    _, finished = await generate(small, Prompt(messages=turn, sampling=Sampling(max_tokens=1)))

    assert finished.prompt_tokens - finished.cached_tokens < 15


async def test_two_conversations_at_once_keep_apart(llama: Llama) -> None:
    answers: dict[str, str] = {}

    async def ask(country: str) -> None:
        messages = [Message(role="user", text=f"What is the capital of {country}? Answer with its name alone.")]
        answers[country] = await answer(llama, Prompt(messages=messages, sampling=GREEDY))

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "France")
        group.start_soon(ask, "Japan")

    assert "Paris" in answers["France"]
    assert "Tokyo" in answers["Japan"]


@pytest.mark.parametrize("pieces", [0, 1])
async def test_closing_the_generator_stops_the_model(small: Llama, pieces: int) -> None:
    story = [Message(role="user", text="dog " * 350 * (pieces == 0) + "Write a very long story.")]
    generations: list[AsyncGenerator[Generated]] = [small.generate(Prompt(messages=story)) for _ in range(2)]
    async with anyio.create_task_group() as group:
        for generation in generations:
            if pieces:
                await anext(generation)
            else:
                group.start_soon(anext, generation)
        if not pieces:
            await anyio.sleep(0.1)
            group.cancel_scope.cancel()
    for generation in generations:
        await generation.aclose()

    # Both slots were taken; the story would fill more than 300 further tokens.
    _, finished = await generate(small, Prompt(messages=DOGS, sampling=Sampling(max_tokens=2)))

    assert finished.completion_tokens == 2


async def test_nothing_listens_on_the_network(small: Llama) -> None:
    listening = [
        connection
        for connection in psutil.Process(os.getpid()).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert listening == []


async def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(ModelError, match=r"broken\.gguf"):
        Llama(broken, threads=1, slots=1, context_tokens=512, max_waiting=1)


async def test_of_a_turn_that_was_read_before_its_end_only_the_rest_is_read(small: Llama) -> None:
    system = Message(role="system", text="You talk with a sailor about the winds and the tides of the northern sea.")
    said = "When I left the harbour this morning, the wind was blowing from the north"
    await small.prefill(Prompt(messages=[system, Message(role="user", text=said)]))

    turn = [system, Message(role="user", text=f"{said} and the sea was rough.")]
    _, finished = await generate(small, Prompt(messages=turn, sampling=Sampling(max_tokens=1)))

    assert finished.prompt_tokens - finished.cached_tokens < 15


async def test_of_a_turn_with_tools_as_well(small: Llama) -> None:
    weather = Tool(name="get_weather", description="The weather in a place", parameters=None)
    said = "Good morning! What is the weather like up in the mountains behind Innsbruck, and is there snow"
    await small.prefill(Prompt(messages=[Message(role="user", text=said)], tools=[weather]))

    turn = [Message(role="user", text=f"{said} today?")]
    _, finished = await generate(small, Prompt(messages=turn, tools=[weather], sampling=Sampling(max_tokens=1)))

    assert finished.prompt_tokens - finished.cached_tokens < 40
    assert finished.prompt_tokens > 150
