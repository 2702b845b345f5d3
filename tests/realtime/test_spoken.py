"""How much of a spoken reply was heard."""

from __future__ import annotations

import pytest

from antiphon.realtime.spoken import Spoken


@pytest.mark.parametrize(
    ("heard_ms", "transcript"),
    [(0, ""), (300, "Good"), (500, "Good day"), (1000, "Good day to you."), (1200, "Good day to you. Goodbye.")],
)
def test_words_that_run_ahead_of_their_audio_share_all_of_it(heard_ms: float, transcript: str):
    spoken = Spoken()
    for piece in ("Good ", "day ", "to you."):
        spoken.say(piece)
    spoken.sound(600)
    spoken.sound(400)
    spoken.say(" Goodbye.")
    spoken.sound(500)
    assert spoken.duration_ms == 1500
    spoken.cut(heard_ms)
    assert spoken.transcript == transcript
