"""The pace that instructions ask for in plain words, such as "Speak slowly and warmly."."""

from __future__ import annotations

import re

_SLOW = r"slow(?:ly|er)?|unhurried(?:ly)?|leisurely|lentement|lent|langsam(?:er)?|lentamente|despacio|devagar"
_FAST = (
    r"fast(?:er)?|quick(?:ly|er)?|rapid(?:ly)?|hurried(?:ly)?|brisk(?:ly)?|vite|rapidement|schnell(?:er)?|"
    r"velocemente|rápid[oa]|rápidamente|depressa"
)
_VERY = r"very|extremely|really|much|très|sehr|molto|muy|muito"
_A_LITTLE = r"slightly|somewhat|bit|little|un peu|etwas|un poco|um pouco|un po'?"
_NOT = r"not|don'?t|never|avoid|without|no|pas|nicht|non|não|too|zu|trop|troppo|demasiado"
_MENTION = re.compile(
    rf"(?P<not>\b(?:{_NOT})\b[^.;!?]{{0,20}}?)?(?:\b(?P<very>{_VERY})\s+|\b(?P<little>{_A_LITTLE})\s+)?"
    rf"\b(?:(?P<slow>{_SLOW})|(?P<fast>{_FAST}))\b",
    re.IGNORECASE,
)
_FACTORS = {"very": 2.0, "little": 0.5}
_SLOWER = 0.15
_FASTER = 0.15


def pace_of(instructions: str) -> float:
    """A factor for the speed, 0.7 to 1.3; 1.0 if nothing, or both, is asked for. What is not wanted ("not too fast")
    counts for nothing."""
    factors: set[float] = set()
    for mention in _MENTION.finditer(instructions):
        if mention["not"] is not None:
            continue
        degree = _FACTORS["very"] if mention["very"] else _FACTORS["little"] if mention["little"] else 1.0
        factors.add(1.0 - _SLOWER * degree if mention["slow"] else 1.0 + _FASTER * degree)
    return factors.pop() if len(factors) == 1 else 1.0
