"""What a session's items become when the responder is asked about them."""

from __future__ import annotations

import pytest

from antiphon.api.realtime.reply_request import Recordings
from antiphon.realtime.configuration import AudioFormat, InputTranscription
from antiphon.realtime.items import Audio

pytestmark = pytest.mark.anyio


def audio(milliseconds: int) -> Audio:
    return Audio(data=bytes(48 * milliseconds), format=AudioFormat.PCM16)


async def test_what_is_said_next_is_expected_in_the_language_spoken_last() -> None:
    recordings = Recordings()
    first = await recordings.speech("item_1", 0, audio(100), None)
    recordings.note_language("de")
    second = await recordings.speech("item_2", 0, audio(100), None)
    assert (first.expected_language, second.expected_language) == (None, "de")


async def test_how_its_beginning_was_heard_makes_no_difference_to_an_utterance() -> None:
    recordings = Recordings()
    await recordings.speech("item_1", 0, audio(100), None)
    recordings.note_language("ro")
    assert (await recordings.speech("item_1", 0, audio(200), None)).expected_language is None


async def test_what_was_let_go_of_is_expected_as_before() -> None:
    recordings = Recordings()
    await recordings.speech("item_1", 0, audio(100), None)
    recordings.note_language("de")
    recordings.keep_only([])
    assert (await recordings.speech("item_1", 0, audio(100), None)).expected_language is None


async def test_the_clients_hints_say_which_languages_and_words_to_expect() -> None:
    hints = InputTranscription(languages=("fr", "it"), prompt="Trains.", keywords=("Metz", "Lyon"))
    speech = await Recordings().speech("item_1", 0, audio(100), hints)
    assert (speech.language, speech.languages, speech.prompt) == (None, ("fr", "it"), "Trains. Metz, Lyon")
