"""Timestamps as machines write them (ISO 8601): 2024-06-02T14:30:00+02:00, 14:30:00Z, 2024-06, 2024-W23."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.clock import ClockSpeaker
from antiphon.dialogue.spoken.dates import CalendarSpeaker, lead_pattern
from antiphon.dialogue.spoken.durations import DurationSpeaker
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule

_START = r"(?<![\w:.,/-])"
_DATE = r"(?P<year>[12]\d{3})-?(?P<month>0[1-9]|1[0-2])-?(?P<day>0[1-9]|[12]\d|3[01])"
_MINUTE = r"(?P<hour>[01]\d|2[0-4]):?(?P<minute>[0-5]\d)"
_TIME = _MINUTE + r"(?::?(?P<second>[0-5]\d|60)(?:[.,](?P<fraction>\d{1,9}))?)?"
_OFFSET = r"(?:0\d|1[0-4])(?::?[0-5]\d)?"
_ZONE = rf"(?P<zone> ?(?:[Zz]|UTC|GMT)| ?[+-]{_OFFSET})?(?![\w:])"
_MOMENT = rf"{_START}{_DATE}(?:[Tt]| (?=\d\d:)){_TIME}{_ZONE}"
_ZONED_TIME = rf"{_START}[Tt]?(?=\d\d:){_TIME}(?P<zone>Z|\+{_OFFSET})(?![\w:])"
_MONTH = r"(?<![\w-])(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])(?![\w-]|[.,]\d)"
_WEEK = r"(?<![\w-])(?P<year>[12]\d{3})-?W(?P<week>0[1-9]|[1-4]\d|5[0-3])(?:-?(?P<day>[1-7]))?(?![\w-])"


def timestamp_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.clock
    calendar = CalendarSpeaker(lexicon, numbers)
    clock = ClockSpeaker(lexicon, numbers)
    durations = DurationSpeaker(lexicon, numbers)

    def say_time(found: re.Match[str]) -> str:
        groups = found.groupdict("")
        said = clock.say(*(groups[name] for name in ("hour", "minute", "second", "fraction")))
        return f"{said} {say_zone(groups['zone'].strip())}".rstrip()

    def say_zone(zone: str) -> str:
        if not zone or zone.isalpha():
            return "UTC" if zone.upper() == "Z" else zone
        sign = lexicon.symbols["+"] if zone[0] == "+" else lexicon.numbers.minus
        hours, minutes = zone[1:3], zone[3:].strip(":")
        if not (hours + minutes).strip("0"):
            return "UTC"
        offset = durations.say(hours, minutes) if minutes.strip("0") else numbers.cardinal(hours.lstrip("0"))
        return f"UTC {sign} {offset}"

    def say_moment(found: re.Match[str]) -> str:
        at = words.at_one if words.at_one and found["hour"] == "01" else words.at
        return f"{calendar.say_iso(found)} {at}{say_time(found)}"

    def say_month(found: re.Match[str]) -> str:
        is_season = int(found["month"]) > int(found["year"][2:])
        return found[0] if is_season else calendar.month_and_year(int(found["month"]), found["year"])

    def say_week(found: re.Match[str]) -> str:
        week = lexicon.weeks.week.format(
            week=numbers.cardinal(found["week"].lstrip("0")), year=numbers.year(found["year"])
        )
        if not found["day"]:
            return week
        return lexicon.weeks.day_of_week.format(day=lexicon.weeks.days[int(found["day"]) - 1], week=week)

    return [
        Rule(pattern=re.compile(r"(?<=\d)/(?=[12]\d{3}-[01]\d-[0-3]\d)"), say=f" {lexicon.numbers.to} "),
        Rule(pattern=re.compile(lead_pattern(lexicon) + _MOMENT), say=say_moment),
        Rule(pattern=re.compile(_ZONED_TIME), say=say_time),
        Rule(pattern=re.compile(_MONTH), say=say_month),
        Rule(pattern=re.compile(_WEEK), say=say_week),
    ]
