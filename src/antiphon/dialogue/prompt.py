"""What the language model reads: instructions, the conversation as text, and what could be heard in each recording."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from antiphon.dialogue.description import LANGUAGE_NAMES, asks_about_sound, describe
from antiphon.dialogue.hearing import Utterance
from antiphon.dialogue.reply import ReplyRequest, Speech, Turn
from antiphon.engines.interfaces import Message, Prompt

_SPOKEN_STYLE = (
    "You are speaking with the user, and your reply is read aloud. Use plain spoken sentences: no lists, headings, "
    "markdown, emoji, code or web addresses. Be brief, as in a conversation, unless you are asked for more."
)
_WRITTEN_STYLE = "You are a helpful assistant. Answer in plain sentences, briefly unless you are asked for more."
_HEARING = (
    "You can hear the user's recordings: the words of each are given between <recording> tags, and after them what was "
    "measured of its sound. If you are asked about a recording or a voice, tell first what is said in it, then how it "
    "sounds. Otherwise simply answer what was said."
)
_NOT_UNDERSTOOD = "(The user made a sound in which no words could be made out.)"

OPENING = Message(role="system", text=_SPOKEN_STYLE)
"""How prompts of spoken conversations begin by default: worth prefilling before the first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a conversation."""

    utterances: Mapping[Speech, Utterance]
    """All except those in which nobody speaks."""
    language: str
    """ISO 639-1: the language of the user's last turn, in which the reply is expected."""
    language_before: str
    """The language before that turn."""
    asked_about_sound: bool = False
    """Whether anything that the user has written may be about how something sounds."""


def write_prompt(request: ReplyRequest, heard: Heard, *, today: datetime.date) -> Prompt:
    """The prompt for one reply. Earlier turns are always written identically, so that the model can reuse its cache;
    the day is told, and not the time, for the same reason."""
    conversation = [
        Message(
            role=turn.role,
            text=_turn_text(turn, heard),
            tool_calls=turn.tool_calls,
            tool_call_id=turn.tool_call_id,
        )
        for turn in request.conversation
        if turn.role != "system"
    ]
    return Prompt(
        messages=[Message(role="system", text=_instructions(request, heard, today)), *conversation],
        sampling=request.sampling,
        tools=request.tools,
        tool_choice=request.tool_choice,
        parallel_tool_calls=request.parallel_tool_calls,
        response_format=request.response_format,
    )


def _instructions(request: ReplyRequest, heard: Heard, today: datetime.date) -> str:
    """The user's own instructions come last, since a model best heeds what it read last."""
    own = [_turn_text(turn, heard) for turn in request.conversation if turn.role == "system"]
    parts: list[str] = []
    if request.voice is not None:
        parts.append(_SPOKEN_STYLE)
    elif not own:
        parts.append(_WRITTEN_STYLE)
    if parts:
        parts.append(f"Today is {today:%A, %B} {today.day}, {today.year}.")
    if any(_is_described(part, heard) for turn in request.conversation for part in turn.parts):
        parts.append(_HEARING)
    if not own and heard.language != "en" and (name := LANGUAGE_NAMES.get(heard.language)):
        parts.append(f"The user speaks {name}: answer in {name}.")
    return "\n\n".join([*parts, *own])


def _turn_text(turn: Turn, heard: Heard) -> str:
    return "\n".join(part if isinstance(part, str) else _speech_text(part, heard) for part in turn.parts)


def _speech_text(speech: Speech, heard: Heard) -> str:
    utterance = heard.utterances.get(speech)
    if utterance is None:
        return _NOT_UNDERSTOOD
    if speech.is_live and not _is_described(speech, heard):
        # Recognizers capitalise the first word or not, depending on what follows; what was prefilled must stay valid.
        return utterance.text[:1].upper() + utterance.text[1:]
    recording = f"<recording>\n{utterance.text}\n</recording>"
    return f"{recording}\n<sound>{describe(utterance)}</sound>" if _is_described(speech, heard) else recording


def _is_described(part: str | Speech, heard: Heard) -> bool:
    """Whether the model is told more about a part than its words: only if the user asks about the sound. Reading a
    description takes time, and a small model that is told about a voice talks about the voice."""
    if isinstance(part, str) or part not in heard.utterances:
        return False
    return asks_about_sound(heard.utterances[part].text) or (not part.is_live and heard.asked_about_sound)
