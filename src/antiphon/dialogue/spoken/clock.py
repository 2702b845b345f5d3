"""Times of day: 10:30, 10:30 p.m., 14h30, 14.30 Uhr."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule


def clock_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.clock

    def say(found: re.Match[str]) -> str:
        groups = found.groupdict()
        hour = numbers.cardinal(found["hour"].lstrip("0") or "0", words.hour)
        minute = groups.get("minute") or "00"
        half = words.halves_of_day.get((groups.get("half") or "").lower(), "")
        if minute != "00":
            said_minute = numbers.cardinal(minute.lstrip("0"))
            if minute[0] == "0":
                said_minute = words.leading_zero.format(minute=said_minute)
            said = words.with_minutes.format(hour=hour, minute=said_minute)
        elif half:
            said = hour
        else:
            is_one = found["hour"].lstrip("0") == "1"
            said = words.on_the_hour.format(hour=hour, hours=words.hour.singular if is_one else words.hour.plural)
        return f"{said} {half}".rstrip()

    half = r"(?: ?(?P<half>[apAP])(?:\.[mM]\.|[mM](?!\w)))" if words.halves_of_day else r"(?P<half>(?!))"
    hour = r"(?<![\w:.,/-])(?P<hour>[01]?\d|2[0-4])"
    minute = r"(?P<minute>[0-5]\d)"
    seconds = r"(?::[0-5]\d)?"
    later = r"\d{1,2}(?::[0-5]\d|(?: ?[ap]\.?m))"
    rules = [
        Rule(
            pattern=re.compile(rf"(?<=\d)(?P<half> ?[ap]\.?m\.?)? ?[–—-] ?(?={later})"),
            say=rf"\g<half> {lexicon.numbers.to} ",
        ),
        Rule(pattern=re.compile(rf"{hour}:{minute}{seconds}(?![\d:])(?:{words.hour_marks})?{half}?"), say=say),
        Rule(pattern=re.compile(hour + half), say=say),
    ]
    if words.hour_marks:
        rules.append(Rule(pattern=re.compile(rf"{hour}\.{minute}(?:{words.hour_marks})"), say=say))
        rules.append(Rule(pattern=re.compile(rf"{hour}(?:{words.hour_marks})(?: ?{minute}(?!\d))?"), say=say))
    return rules
