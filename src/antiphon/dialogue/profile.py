"""A loaded profile: what answers for a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.reading import Reader
from antiphon.dialogue.reply import Responder
from antiphon.dialogue.transcription import Transcriber
from antiphon.engines.interfaces import EndOfTurnDetector, NoiseReducer, VoiceActivityDetector
from antiphon.engines.running import RunningEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What answers, and what listens meanwhile. The `responder` may share `hearing`, to hear each recording once."""

    responder: Responder
    hearing: Hearing
    detector: VoiceActivityDetector
    end_of_turn: EndOfTurnDetector
    fingerprint: str
    """Identifies the engines and their models: if it changes, replies with the same seed may too."""
    transcriber: Transcriber | None = None
    """Transcribes recordings of any length."""
    noise_reducer: NoiseReducer | None = None
    """For live audio in which speech is to be detected; None hears it as it is."""
    reader: Reader | None = None
    """Reads aloud; None if the profile has no synthesizer of its own."""
    engines: Sequence[RunningEngine] = ()
    """All that it was put together from, for those who look after them."""
