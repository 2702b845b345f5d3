"""Times of day: 10:30, 10:30 p.m., 14:30:05, 14h30, 14.30 Uhr."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.durations import DurationSpeaker
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule


class ClockSpeaker:
    """Says times of day in one language."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.clock
        self._numbers = numbers
        self._durations = DurationSpeaker(lexicon, numbers)

    def say(self, hour: str, minute: str = "", second: str = "", fraction: str = "", half: str = "") -> str:
        """Say a time given in figures; `half` is "a" or "p", or "" on the 24-hour clock."""
        words = self._words
        half = words.halves_of_day.get(half.lower(), "")
        has_seconds = bool(second.strip("0") or fraction.strip("0"))
        if has_seconds and not words.with_seconds:
            said = self._durations.say(hour, minute, second, fraction)
        else:
            said = self._say_minutes(hour.lstrip("0") or "0", minute.strip() or "00", bool(half) and not has_seconds)
        if has_seconds and words.with_seconds:
            said = words.with_seconds.format(time=said, seconds=self._durations.seconds(second, fraction))
        return f"{said} {half}".rstrip()

    def _say_minutes(self, hour: str, minute: str, has_half: bool) -> str:
        words = self._words
        said_hour = self._numbers.cardinal(hour, words.hour)
        hours = words.hour.singular if hour == "1" else words.hour.plural
        if minute != "00":
            said_minute = self._numbers.cardinal(minute.lstrip("0"))
            if minute[0] == "0":
                said_minute = words.leading_zero.format(minute=said_minute)
            return words.with_minutes.format(hour=said_hour, hours=hours, minute=said_minute)
        if has_half:
            return said_hour
        if hour == "0" and words.midnight:
            return words.midnight
        return words.on_the_hour.format(hour=said_hour, hours=hours)


def clock_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.clock
    speaker = ClockSpeaker(lexicon, numbers)

    def say(found: re.Match[str]) -> str:
        groups = found.groupdict("")
        parts = (groups.get(name, "") for name in ("minute", "second", "fraction", "half"))
        return speaker.say(found["hour"], *parts)

    half = r"(?: ?(?P<half>[apAP])(?:\. ?[mM]\.|[mM](?!\w)))" if words.halves_of_day else r"(?P<half>(?!))"
    hour = r"(?<![\w:.,/-])(?P<hour>[01]?\d|2[0-4])"
    minute = r"(?P<minute>[0-5]\d)"
    seconds = r"(?::(?P<second>[0-5]\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    later = r"\d{1,2}(?::[0-5]\d|(?: ?[ap]\.?m))"
    marks = rf"(?:{words.hour_marks}| ?h(?!\w))?"
    rules = [
        Rule(
            pattern=re.compile(rf"(?<=\d)(?P<half> ?[ap]\.?m\.?)? ?[–—-] ?(?={later})"),
            say=rf"\g<half> {lexicon.numbers.to} ",
        ),
        Rule(pattern=re.compile(rf"{hour}:{minute}{seconds}(?!\d|:\d){marks}{half}?"), say=say),
        Rule(pattern=re.compile(hour + half), say=say),
    ]
    if words.hour_marks:
        rules.append(Rule(pattern=re.compile(rf"{hour}\.{minute}(?:{words.hour_marks})"), say=say))
        rules.append(Rule(pattern=re.compile(rf"{hour}(?:{words.hour_marks})(?: ?{minute}(?!\d))?"), say=say))
    return rules
