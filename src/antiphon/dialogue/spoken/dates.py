"""Dates: 2024-12-17, 12/17/2024, Dec. 17, 17 décembre 2024, 17. Dezember."""

from __future__ import annotations

import re
from collections.abc import Sequence

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of


def numeric_date_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    calendar = CalendarSpeaker(lexicon, numbers)
    lead = lead_pattern(lexicon)
    iso = r"(?<![\w-])(?P<year>[12]\d{3})(?P<dash>[-/])(?P<month>\d{2})(?P=dash)(?P<day>\d{2})(?![\w/-])"
    marks = "/-" if lexicon.numbers.decimal_mark == "." else "/.-"
    slashed = (
        rf"(?<![\w/.-])(?P<first>\d{{1,2}})(?P<mark>[{marks}])(?P<second>\d{{1,2}})(?P=mark)"
        r"(?P<year>\d{4}|(?<!-)\d{2})(?![\w/-]|[.,]\d)"
    )
    rules = [
        Rule(pattern=re.compile(lead + iso), say=calendar.say_iso),
        Rule(pattern=re.compile(lead + slashed), say=calendar.say_slashed),
    ]
    if lexicon.calendar.leads:
        rules.append(Rule(pattern=re.compile(_led(lexicon.calendar.leads)), say=calendar.say_led))
    if lexicon.ordinals.after:
        dotted = r"(?<![\w/.-])(?P<first>\d{1,2})\.(?P<second>\d{1,2})\.(?P<year>(?!))?(?!\d)"
        rules.append(Rule(pattern=re.compile(lead + dotted), say=calendar.say_slashed))
    return rules


def _led(leads: Sequence[str]) -> str:
    """A day and a month without a year, after a word that says so."""
    led = rf"(?P<lead>(?<![\w'’-])(?i:{any_of(leads)}) )(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})"
    return rf"{led}(?P<year>(?!))?(?![\w/-]|[.,]\d)"


def named_date_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """Dates with the month's name."""
    calendar = CalendarSpeaker(lexicon, numbers)
    words = lexicon.calendar
    capitals_tell = "May" in words.months
    stop = r"(?:\.|(?!\w))" if capitals_tell else r"\."
    flags = re.NOFLAG if capitals_tell else re.IGNORECASE
    month = rf"(?P<month>(?:{any_of(words.months)})(?!\w)|(?:{any_of(words.month_abbreviations)}){stop})"
    marks = r"\." if lexicon.ordinals.after else rf"(?:{lexicon.ordinals.masculine_marks})?"
    year = r"(?P<year>[12]\d{3})(?!\d|[.,]\d)"
    day = rf"(?<![\w.,:/-])(?P<day>\d{{1,2}}){marks}"
    day_first = rf"{lead_pattern(lexicon)}(?:(?<!\w)the )?{day} (?:(?:of|de) )?{month}(?:,? (?:de )?{year})?"
    rules = [
        Rule(pattern=re.compile(day_first, flags), say=calendar.say_day_first),
        Rule(pattern=re.compile(rf"(?<!\w){month},? (?:(?:of|de) )?{year}", flags), say=calendar.say_month_and_year),
    ]
    if not words.day_first:
        american = rf"(?<!\w){month} {day}(?![\w:%]|[.,]\d)(?:,? {year})?"
        rules.insert(0, Rule(pattern=re.compile(american, flags), say=calendar.say_month_first))
    return rules


def decade_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """The 1990s, the '60s."""
    decades = lexicon.ordinals.decades

    def say(found: re.Match[str]) -> str:
        decade = decades[found["ten"]]
        if not found["century"]:
            return decade
        return lexicon.ordinals.decade_of_century.format(century=numbers.cardinal(found["century"]), decade=decade)

    decade = rf"(?<![\w.,])['’]?(?P<century>1\d|20)?(?P<ten>{any_of(decades)})(?:{lexicon.ordinals.decade_marks})(?!\w)"
    return [Rule(pattern=re.compile(decade), say=say)]


def lead_pattern(lexicon: Lexicon) -> str:
    """A pattern for the word before a date that decides its ending."""
    leads = any_of(word for word in lexicon.ordinals.after if word)
    return rf"(?P<lead>(?<!\w)(?i:{leads}) )?" if lexicon.ordinals.after else "(?P<lead>(?!))?"


class CalendarSpeaker:
    """Puts dates into the words of one language."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.calendar
        self._ordinals = lexicon.ordinals
        self._numbers = numbers
        named = {name.lower(): number for number, name in enumerate(self._words.months, start=1)}
        self._months = named | {name.lower(): number for name, number in self._words.month_abbreviations.items()}

    def say_iso(self, found: re.Match[str]) -> str:
        return self._say(found, self._words.date, int(found["day"]), int(found["month"]))

    def say_slashed(self, found: re.Match[str]) -> str:
        first, second = int(found["first"]), int(found["second"])
        is_day_first = first > 12 or (self._words.day_first and second <= 12)
        day, month = (first, second) if is_day_first else (second, first)
        return self._say(found, self._words.date, day, month)

    def say_led(self, found: re.Match[str]) -> str:
        """What may as well be a fraction, as in "le 3/4", stays one."""
        day, month = int(found["first"]), int(found["second"])
        is_fraction = day < month <= 10 and not found["second"].startswith("0")
        return found[0] if is_fraction else self._say(found, self._words.date, day, month)

    def say_month_first(self, found: re.Match[str]) -> str:
        return self._say(found, self._words.date, int(found["day"]), self._months[found["month"].rstrip(".").lower()])

    def say_day_first(self, found: re.Match[str]) -> str:
        month = self._months[found["month"].rstrip(".").lower()]
        return self._say(found, self._words.day_first_date, int(found["day"]), month)

    def say_month_and_year(self, found: re.Match[str]) -> str:
        return self.month_and_year(self._months[found["month"].rstrip(".").lower()], found["year"])

    def month_and_year(self, month: int, year: str) -> str:
        return self._words.months[month - 1] + self._words.year_of_month.format(year=self._numbers.year(year))

    def _say(self, found: re.Match[str], template: str, day: int, month: int) -> str:
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return found[0]
        lead = found.groupdict().get("lead") or ""
        date = template.format(day=self._say_day(day, lead.strip().lower()), month=self._words.months[month - 1])
        return lead + date + (self._words.year.format(year=self._say_year(found["year"])) if found["year"] else "")

    def _say_day(self, day: int, lead: str) -> str:
        if self._words.days_are_ordinals:
            endings = self._ordinals.after
            return self._numbers.ordinal(day) + endings.get(lead, endings.get("", ""))
        return self._words.first_day if day == 1 and self._words.first_day else self._numbers.cardinal(str(day))

    def _say_year(self, year: str) -> str:
        if len(year) == 2:
            year = ("20" if int(year) < 50 else "19") + year
        return self._numbers.year(year)
