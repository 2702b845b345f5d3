"""`antiphon`, as its command runs it, with the kinds of `doubles` beside its own, and no model of its own."""

from __future__ import annotations

from typing import Any

from antiphon.cli import serve
from antiphon.cli.main import main
from antiphon.compose import engines, profiles
from antiphon.engines.kinds import KINDS

from ...dialogue.doubles import LoudnessDetector, ScriptedEndOfTurn
from .doubles import DEAF, HUMMING, OBEDIENT


async def _detector(_: Any) -> LoudnessDetector:
    return LoudnessDetector()


async def _end_of_turn(_: Any) -> ScriptedEndOfTurn:
    return ScriptedEndOfTurn()


def _needed_models(*_: Any) -> list[str]:
    return []


if __name__ == "__main__":
    engines.KINDS = {**KINDS, **{kind.name: kind for kind in (OBEDIENT, HUMMING, DEAF)}}
    for name, double in {"_detector": _detector, "_end_of_turn": _end_of_turn}.items():
        setattr(profiles, name, double)
    serve.needed_models = _needed_models
    main()
