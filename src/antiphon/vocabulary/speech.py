"""What a voice activity detector finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechProbability:
    """How likely one frame is speech, 0 to 1, and where that frame ends in the stream."""

    probability: float
    level_dbfs: float
    """How loud the frame is, from -96 up; a full-scale sine is -3."""
    end_ms: int
    """Milliseconds from the first sample of the recording or stream."""
