"""Replies: how soon a streamed reply is heard, and whether it ever falls behind its own sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.chat_client import ChatClient, Message, assistant_speaking, chat_client, user, user_speaking
from bench.recordings import NoRecordings, read_recordings
from bench.results import Result, median_of, overall, worst_of
from bench.server import Server
from bench.startup import MEMORY_TARGET_MB
from bench.streamed_reply import StreamedReply

_FIRST_AUDIO_TARGET_S = 0.9
_REAL_TIME_FACTOR_TARGET = 0.5

_ENGLISH = (
    "Is a golden retriever a good family dog?",
    "What should I cook for dinner tonight?",
    "How far away is the Moon?",
    "Why is the sky blue?",
    "Can you recommend a book for a long train ride?",
    "What is the capital of Australia?",
    "How do I get rid of hiccups?",
    "Tell me something interesting about octopuses.",
    "What is the difference between a crocodile and an alligator?",
    "How many hours should an adult sleep?",
    "Who painted the Mona Lisa?",
    "What can I do with my children on a rainy day?",
)
_FRENCH = (
    "Quelle est la capitale de l'Australie ?",
    "Pourquoi le ciel est-il bleu ?",
    "Que puis-je cuisiner ce soir ?",
)
_ITALIAN = (
    "Qual è la capitale dell'Australia?",
    "Perché il cielo è blu?",
    "Che cosa posso cucinare stasera?",
)
_FOLLOW_UP = "Why is that?"
_FEW = 4
_SPOKEN_SECONDS = (1.9, 4.2)
"""How long a recording is that stands for a spoken question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """Requests that are alike."""

    name: str
    conversations: Sequence[Sequence[Message]]
    voice: str = "alloy"
    first_audio_target_s: float | None = _FIRST_AUDIO_TARGET_S


def measure(server: Server, *, quick: bool) -> list[Result]:
    """Ask one question after the other. Raises `RequestFailed`."""
    few = 2 if quick else _FEW
    english = _ENGLISH[: _FEW if quick else None]
    results: list[Result] = []
    with chat_client(server) as client:
        first_turns = _ask(client, _texts("English, alloy", english))
        results += _in_detail("English, alloy", first_turns)
        for series in (
            _texts("English, echo", english[:few], voice="echo"),
            _texts("French, alloy", _FRENCH[:few]),
            _texts("Italian, alloy", _ITALIAN[:few]),
            _spoken(few + 2),
            _second_turns(english[:few], first_turns),
        ):
            if series.conversations:
                results += _in_brief(series, _ask(client, series))
    resident_mb = server.processes.resident_bytes() / 1e6
    return [*results, overall("memory after all of these", "MB", resident_mb, 1, target=MEMORY_TARGET_MB)]


def _texts(name: str, questions: Sequence[str], *, voice: str = "alloy") -> _Series:
    return _Series(name=name, voice=voice, conversations=[[user(question)] for question in questions])


def _spoken(count: int) -> _Series:
    """Questions that are recordings, in several languages; none where there are no recordings."""
    try:
        recordings = read_recordings()
    except NoRecordings:
        recordings = []
    shortest, longest = _SPOKEN_SECONDS
    fitting = [each for each in recordings if shortest <= each.seconds <= longest]
    english = [each for each in fitting if each.language == "en"]
    others = [each for each in fitting if each.language in {"fr", "it"}]
    chosen = [*english[: count - len(others)], *others][:count]
    conversations = [[user_speaking(each.path.read_bytes(), each.path.suffix.removeprefix("."))] for each in chosen]
    return _Series(name="spoken question", conversations=conversations, first_audio_target_s=None)


def _second_turns(questions: Sequence[str], replies: Sequence[StreamedReply]) -> _Series:
    conversations = [
        [user(question), assistant_speaking(reply.audio_id), user(_FOLLOW_UP)]
        for question, reply in zip(questions, replies, strict=False)
    ]
    return _Series(name="second turn, by audio id", conversations=conversations)


def _ask(client: ChatClient, series: _Series) -> list[StreamedReply]:
    return [client.stream(conversation, voice=series.voice) for conversation in series.conversations]


def _in_detail(name: str, replies: Sequence[StreamedReply]) -> list[Result]:
    return [
        median_of(f"{name}: first byte", "s", [reply.first_byte_s for reply in replies]),
        median_of(f"{name}: first words", "s", [reply.first_transcript_s for reply in replies]),
        *_in_brief(_Series(name=name, conversations=()), replies),
        median_of(f"{name}: length of a reply", "s", [reply.audio_s for reply in replies]),
    ]


def _in_brief(series: _Series, replies: Sequence[StreamedReply]) -> list[Result]:
    name = series.name
    return [
        median_of(
            f"{name}: first audio",
            "s",
            [reply.first_audio_s for reply in replies],
            target=series.first_audio_target_s,
        ),
        median_of(
            f"{name}: whole reply / its length",
            "×",
            [reply.real_time_factor for reply in replies],
            target=_REAL_TIME_FACTOR_TARGET,
        ),
        worst_of(f"{name}: player starved", "s", [reply.starved_s for reply in replies], target=0.0),
    ]
