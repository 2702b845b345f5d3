from __future__ import annotations

import pytest

from antiphon.dialogue.pace import pace_of


@pytest.mark.parametrize(
    ("instructions", "pace"),
    [
        ("", 1.0),
        ("Speak in a cheerful tone.", 1.0),
        ("Speak slowly and warmly.", 0.85),
        ("Talk very slowly, as to a child.", 0.7),
        ("A bit faster, please.", 1.075),
        ("Voice: brisk. Tone: dry.", 1.15),
        ("extremely fast", 1.3),
        ("Not too fast.", 1.0),
        ("Don't speak slowly.", 1.0),
        ("Slow at first, then fast.", 1.0),
        ("Parle lentement.", 0.85),
        ("Sprich sehr langsam.", 0.7),
        ("Breakfast radio host", 1.0),
    ],
)
def test_instructions_ask_for_a_pace_in_plain_words(instructions: str, pace: float):
    assert pace_of(instructions) == pytest.approx(pace)
