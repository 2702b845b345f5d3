"""What a call plays and what it takes back, as the session goes on."""

from __future__ import annotations

from dataclasses import replace

from antiphon.calls.floor import Floor
from antiphon.calls.playout import Playout
from antiphon.realtime.configuration import Configuration, ServerVad
from antiphon.realtime.events import (
    AudioDelta,
    ItemTruncated,
    OutputAudioCleared,
    Response,
    ResponseCreated,
    ServerEvent,
    SessionCreated,
    SpeechStarted,
)
from antiphon.realtime.inputs import TruncateItem

CONFIGURATION = Configuration(model="m")
SPEECH = SpeechStarted(audio_start_ms=0, item_id="said")
SECOND = bytes(48_000)


def after(*events: ServerEvent, configuration: Configuration = CONFIGURATION) -> tuple[Floor, Playout]:
    """A floor on which half a second has been played of what the events brought."""
    playout = Playout(24_000, frame_ms=20)
    floor = Floor(playout)
    for event in (SessionCreated(configuration=configuration), *events):
        floor.take(event, now_ms=0)
    for frame in range(25):
        playout.take(now_ms=frame * 20)
    return floor, playout


def created(conversation_id: str | None = "conv") -> ResponseCreated:
    return ResponseCreated(response=Response(id="r", configuration=CONFIGURATION, conversation_id=conversation_id))


def audio() -> AudioDelta:
    return AudioDelta(response_id="r", item_id="i", output_index=0, audio=SECOND)


def test_audio_is_played_rather_than_shown():
    floor, playout = after(created())
    assert floor.take(audio(), now_ms=0).shown == []
    assert playout.waiting_ms == 1_000


def test_an_interruption_silences_it_and_truncates_what_was_not_heard():
    floor, playout = after(created(), audio())
    ruling = floor.take(SPEECH, now_ms=497)
    assert ruling.shown == [SPEECH, OutputAudioCleared(response_id="r")]
    assert ruling.truncated == [TruncateItem(item_id="i", content_index=0, audio_end_ms=497)]
    assert playout.is_idle


def test_speech_that_does_not_interrupt_changes_nothing():
    quiet = replace(CONFIGURATION, turn_detection=ServerVad(interrupt_response=False))
    floor, playout = after(created(), audio(), configuration=quiet)
    ruling = floor.take(SPEECH, now_ms=500)
    assert (ruling.shown, ruling.truncated) == ([SPEECH], ())
    assert playout.waiting_ms == 500


def test_a_client_clears_what_is_being_played():
    floor, _ = after(created(), audio())
    ruling = floor.take(OutputAudioCleared(response_id="another"), now_ms=500)
    assert ruling.shown == [OutputAudioCleared(response_id="r")]
    assert [command.audio_end_ms for command in ruling.truncated] == [500]


def test_nothing_is_truncated_that_is_in_no_conversation():
    floor, playout = after(created(conversation_id=None), audio())
    assert floor.take(SPEECH, now_ms=500).truncated == []
    assert playout.is_idle


def test_a_client_that_truncates_an_item_hears_no_more_of_it():
    floor, playout = after(created(), audio())
    floor.take(ItemTruncated(item_id="i", content_index=0, audio_end_ms=600), now_ms=500)
    assert playout.waiting_ms == 100
