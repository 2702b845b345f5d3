"""How long something takes: 1:02:03, 9:58.3, 2:05 min, 1h 30m, PT1H30M. Times of day are in `clock`."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_WORDS_LOOKED_BACK = 5
_FRACTION = r"(?:[.,](?P<fraction>\d{1,9}))?"


class DurationSpeaker:
    """Says durations in one language, and distinguishes them from times of day."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.durations
        self._numbers = numbers
        self._decimal_mark = lexicon.numbers.decimal_mark

    def say(self, hours: str = "", minutes: str = "", seconds: str = "", fraction: str = "") -> str:
        """Say the non-zero parts; each is given in figures, which may have leading zeros."""
        words = self._words
        parts = [
            self._numbers.amount(figures.lstrip("0"), noun)
            for figures, noun in ((hours, words.hour), (minutes, words.minute))
            if figures.strip("0")
        ]
        if seconds.strip("0") or fraction.strip("0") or not parts:
            parts.append(self.seconds(seconds, fraction))
        said = f" {words.conjunction} ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
        for pattern, replacement in words.elisions.items():
            said = re.sub(pattern, replacement, said)
        return said

    def seconds(self, seconds: str, fraction: str = "") -> str:
        """Say only the seconds; in a fraction finer than a hundredth, drop trailing zeros."""
        fraction = fraction.rstrip("0") if len(fraction) > 2 or not fraction.strip("0") else fraction
        decimals = self._decimal_mark + fraction if fraction else ""
        return self._numbers.amount((seconds.lstrip("0") or "0") + decimals, self._words.second)

    def is_meant(self, found: re.Match[str]) -> bool:
        """Whether the context of a time shows that it is a duration."""
        before, after = _around(found)
        if before and before[-1] in self._words.clock_leads:
            return False
        has_preposition = bool(before) and before[-1] in self._words.prepositions
        return has_preposition or bool(self._words.leads & {*before}) or after in self._words.follows

    def is_long(self, found: re.Match[str]) -> bool:
        """Whether the words before a duration show that it is in hours."""
        return bool(self._words.long_leads & {*_around(found)[0]})

    def is_time_of_day(self, found: re.Match[str]) -> bool:
        """Whether hours, minutes and seconds are a time of day: "at 1:02:03"; alone, 14:30:05 is and 1:02:03 is not."""
        before, _ = _around(found)
        if before and before[-1] in self._words.clock_leads:
            return int(found["hour"]) <= 24
        return 1 <= int(found["hour"]) <= 24 and len(found["hour"]) == 2 and not self.is_meant(found)


def duration_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.durations
    speaker = DurationSpeaker(lexicon, numbers)

    def say_with_seconds(found: re.Match[str]) -> str:
        if speaker.is_time_of_day(found):
            return found[0]
        return speaker.say(found["hour"], found["minute"], found["second"], found["fraction"] or "")

    def say_two(found: re.Match[str]) -> str:
        if found["hours"] or (speaker.is_meant(found) and speaker.is_long(found) and not found["minutes"]):
            return found[0] if found["fraction"] else speaker.say(found["first"], found["second"])
        if not (found["minutes"] or found["fraction"] or found["distance"] or speaker.is_meant(found)):
            return found[0]
        said = speaker.say("", found["first"], found["second"], found["fraction"] or "")
        return f"{said} {lexicon.per} {lexicon.units[found['distance']].singular}" if found["distance"] else said

    def say_lettered(found: re.Match[str]) -> str:
        hours, minutes, seconds, fraction = found.groups("")
        return (
            speaker.say(hours, minutes, seconds, fraction) if (hours and minutes) or (minutes and seconds) else found[0]
        )

    def say_iso(found: re.Match[str]) -> str:
        hours, minutes, seconds, fraction = found.groups("")
        return speaker.say(hours, minutes, seconds, fraction)

    start = r"(?<![\w:.,/-])"
    stop = r"(?:\.(?= [a-zà-ÿ]|/))?(?![^\W_])"
    clock_marks = rf"(?! ?[ap]\.? ?m\b|{lexicon.clock.hour_marks or '(?!)'})"
    marks = rf"(?:(?P<minutes>{words.minute_marks}){stop}|(?P<hours>{words.hour_marks}){stop})?"
    pace = rf"(?:/(?P<distance>{any_of({'km', 'mi'} & lexicon.units.keys())})(?!\w))?"
    return [
        Rule(
            pattern=re.compile(
                rf"{start}(?P<hour>\d{{1,3}}):(?P<minute>[0-5]\d):(?P<second>[0-5]\d){_FRACTION}"
                rf"(?:{words.hour_marks})?(?![\d:]|[^\W_]){clock_marks}"
            ),
            say=say_with_seconds,
        ),
        Rule(
            pattern=re.compile(
                rf"{start}(?P<first>\d{{1,3}}):(?P<second>[0-5]\d){_FRACTION}(?![\d:]){marks}{pace}{clock_marks}"
            ),
            say=say_two,
        ),
        Rule(
            pattern=re.compile(
                r"(?<![\w.,])(?=\d{1,3} ?[hm])"
                r"(?:(?P<hours>\d{1,3}) ?h ?)?(?:(?P<minutes>\d{1,3}) ?m(?:in)?(?![^\W\d_]) ?)?"
                rf"(?:(?P<seconds>\d{{1,2}}){_FRACTION} ?s(?:ec)?)?(?<! )(?![^\W_])"
            ),
            say=say_lettered,
        ),
        Rule(
            pattern=re.compile(
                r"(?<![\w-])PT(?=\d)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,4})M)?"
                rf"(?:(?P<seconds>\d{{1,5}}){_FRACTION}S)?(?!\w)"
            ),
            say=say_iso,
        ),
    ]


def _around(found: re.Match[str]) -> tuple[list[str], str]:
    """The preceding words of the same sentence, and the following word, in lower case."""
    before = re.split(r"[.!?;] ", found.string[max(0, found.start() - 60) : found.start()])[-1]
    after = re.match(r" ?([^\W\d_]+)", found.string[found.end() : found.end() + 20])
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", before.lower())[-_WORDS_LOOKED_BACK:], after[
        1
    ].lower() if after else ""
