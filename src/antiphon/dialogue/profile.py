"""A profile, loaded: what answers for a deployment."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.reply import Responder
from antiphon.engines.interfaces import EndOfTurnDetector, VoiceActivityDetector


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who answers, and who listens meanwhile. The `responder` may hear by the same `hearing`, each recording once."""

    responder: Responder
    hearing: Hearing
    detector: VoiceActivityDetector
    end_of_turn: EndOfTurnDetector
    fingerprint: str
    """Stands for the engines and their models: a reply with the same seed may differ when it does."""
