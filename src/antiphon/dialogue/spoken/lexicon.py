"""What must be known about a language to say figures, symbols and abbreviations in it: data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Noun(NamedTuple):
    """Something that is counted."""

    singular: str
    plural: str
    is_feminine: bool = False


class Currency(NamedTuple):
    unit: Noun
    cent: Noun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """How numbers are written and said. Keys of the mappings of endings are regular expressions."""

    num2words_code: str
    decimal_mark: Literal[".", ","]
    thousands_marks: str
    """The characters that may separate thousands."""
    point: str
    minus: str
    to: str
    """The word between the ends of a range."""
    says_decimals_as_number: bool
    """Whether 3,14 is "three comma fourteen" rather than "three comma one four"."""
    singular_below_two: bool = False
    """Whether 1.5 takes the singular."""
    years: Literal["number", "pairs", "hundreds"] = "number"
    """Whether 1984 is said like any number, as nineteen eighty-four, or as nineteen hundred eighty-four."""
    corrections: Mapping[str, str] = field(default_factory=dict[str, str])
    """Corrections to the output of `num2words`."""
    before_masculine: Mapping[str, str] = field(default_factory=dict[str, str])
    before_feminine: Mapping[str, str] = field(default_factory=dict[str, str])
    feminine_within: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a feminine form changes before the end: "doscientas mil"."""
    feminine_nouns_end_in: tuple[str, ...] = ()
    counted_words: str = r"[^\W\d_]{3,}"
    """Regular expression of a word that a number before it agrees with."""
    uncounted_words: frozenset[str] = frozenset()
    masculine_nouns: frozenset[str] = frozenset()
    """Masculine singulars that end like feminines."""
    ten_to: str = ""
    """The words before the exponent of 1e-5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FractionWords:
    """Halves and other parts: alone, of something, and with a whole number."""

    names: Mapping[int, Noun]
    """Names by denominator."""
    over: str
    """The word for the fraction bar in a fraction without a name."""
    mixed: str
    """Template for {whole} and {fraction}."""
    and_a_half: str
    """Template for {whole}."""
    mixed_of: str = ""
    """Template for {amount}, the whole number and what it counts, and the rest, {part}; empty if the noun is last."""
    halves_in_mixed: tuple[str, str] = ("", "")
    """The {part} that is half of a masculine or a feminine noun."""
    half_of: tuple[str, str] = ("{fraction} {noun}", "{fraction} {noun}")
    """The same without a whole number."""
    part_of: str = "{fraction} {noun}"
    articles: str = "(?!)"
    """Regular expression of the articles that may go with half of something."""
    elisions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Corrections before a vowel; regular expressions."""
    singulars: Mapping[str, str] = field(default_factory=dict[str, str])
    """How a noun's plural ending turns into the singular's; regular expressions, of which the first match counts."""
    feminine_plurals: tuple[str, ...] = ()
    """How feminine plurals end, if the singular does not show it."""
    measured: str = "(?!)"
    """Regular expression of the nouns, besides the units, that can be halved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWords:
    """Abbreviated large numbers: 5k followers, 2m downloads, 3M users."""

    noun: str
    """Regular expression of a noun (and the words before it) that such a number counts."""
    short: Mapping[str, Noun]
    """Abbreviations that are numbers only before such a noun; "k" is multiplied out."""
    attached: frozenset[str] = frozenset("kK")
    """The abbreviations without a space before them."""
    not_thousands_of: str = "(?!)"
    """Regular expression of nouns before which "k" is a letter: 10k run, 4K video."""
    not_millions_of: str = "(?!)"
    """Regular expression of nouns before which "m" is a metre."""
    after: str = "(?!)"
    """Regular expression of the words before a number that needs no noun: "a population of"."""
    not_after: str = "(?!)"
    """Regular expression of what follows a number that is not one of these after all: "long"."""
    of: str = "(?!)"
    """Regular expression of what joins the number and the noun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierWords:
    """The words that announce figures that are not a quantity. All are regular expressions, ignoring case."""

    secrets: str
    """Words after which three or more digits are said one by one: PIN, ZIP, account number."""
    references: str
    """Words after which five or more digits are said one by one: order, invoice."""
    links: str
    """What may come between those words and the figures: "number", "is"."""
    calls: str
    """Words after which a number is dialled: "call"."""
    call_links: str
    called: str = "(?!)"
    """What follows a number that is dialled: "is the emergency number"."""
    not_counted: str = "(?!)"
    """What makes figures after one of those words a quantity: a noun that is counted."""
    short_numbers_are_digits: bool = True
    """Whether 112 is called "one one two", not "one hundred and twelve"."""
    short_numbers_of_digits: frozenset[str] = frozenset()
    """Those said digit by digit although the others are not."""
    postcode_before: str = "(?!)"
    """What precedes five digits that are a postcode."""
    postcode_after: str = "(?!)"
    """What follows a postcode: the name of a town."""
    phones: str = "(?!)"
    """Telephone numbers in a form specific to the language."""
    pairs: bool = False
    """Whether telephone numbers are said as numbers of two or three digits: "zéro six, douze"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalWords:
    """Ordinals: the marks after the figure, by whether they indicate a feminine, and how the feminine is formed."""

    masculine_marks: str = ""
    feminine_marks: str = ""
    to_feminine: Mapping[str, str] = field(default_factory=dict[str, str])
    exceptions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Written ordinals (figure and mark) that are irregular."""
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    """German: the words after which a figure with a full stop is an ordinal, with its ending there."""
    decades: Mapping[str, str] = field(default_factory=dict[str, str])
    """The tens, as names of decades."""
    decade_marks: str = "(?!)"
    """Regular expression of what follows a decade's figure."""
    decade_of_century: str = "{century} {decade}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyWords:
    currencies: Mapping[str, Currency]
    """Currencies by symbol or code."""
    magnitudes: Mapping[str, Noun]
    with_cents: str
    """Template for {units}, {cents} (with the noun) and {count} (only the number of cents)."""
    of: str = ""
    """The word between a million and the unit."""
    of_before_vowel: str = ""
    vowels: str = "[aeiouâéèêîôœ]|h(?:eure|abitant|omme|ectare|istoire|uile)"
    """Regular expression of the beginnings of words that take the latter."""
    never_takes_of: str = ""
    """The word for a thousand, which the unit follows directly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    months: Sequence[str]
    month_abbreviations: Mapping[str, int]
    """Abbreviations without their full stop, with the number of the month, 1 to 12."""
    day_first: bool
    """Whether 3/4 means a day in April."""
    date: str
    """Template for {day} and {month}."""
    day_first_date: str
    """The same, if the day is written before the name of the month."""
    year: str
    """Template for a {year} after a date."""
    year_of_month: str
    """Template for a {year} after a month."""
    leads: Sequence[str] = ()
    """Words after which 14/07 is a day of the year, not a fraction."""
    first_day: str = ""
    """The first of a month, if the other days are said as plain numbers."""
    days_are_ordinals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWords:
    on_the_hour: str
    """Template for {hour} and {hours}, the noun."""
    with_minutes: str
    """Template for {hour}, {hours} and {minute}."""
    hour: Noun
    hour_marks: str
    """Regular expression of what separates or follows hours and minutes, besides the colon."""
    at: str
    """What precedes a time in a date, including the space."""
    at_one: str = ""
    """The same before one o'clock, if it differs."""
    midnight: str = ""
    with_seconds: str = ""
    """Template for {time} and {seconds} (with the noun); if empty, such a time is said like a duration."""
    leading_zero: str = "{minute}"
    halves_of_day: Mapping[str, str] = field(default_factory=dict[str, str])
    """Maps "a" and "p" to what is said for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationWords:
    """Durations: 1:02:03, 2:05 min, 1h 30m."""

    hour: Noun
    minute: Noun
    second: Noun
    conjunction: str
    """The word before the last of several parts."""
    hour_marks: str
    """Regular expression of what shows that 2:05 is hours and minutes."""
    minute_marks: str
    """Regular expression of what shows that 2:05 is minutes and seconds."""
    leads: frozenset[str]
    """Words after which 2:05 is a duration, in minutes."""
    prepositions: frozenset[str]
    """The same, if they come directly before it."""
    long_leads: frozenset[str]
    """Words that mean that such a duration is in hours."""
    follows: frozenset[str]
    """Words that make what precedes them a duration."""
    clock_leads: frozenset[str]
    """Words after which 1:02:03 is a time of day."""
    elisions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWords:
    """ISO weeks: 2024-W23, 2024-W23-5."""

    week: str
    """Template for {week} and {year}."""
    day_of_week: str
    """Template for {day} and {week}, the latter as above."""
    days: Sequence[str]
    """The names of the days, starting with Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RomanWords:
    """Roman numerals: the words after which they are numbers, and how they are said."""

    sovereigns: frozenset[str]
    sovereign: str
    """Template for {number}."""
    ordinals_to: int
    """The highest number of a sovereign that is said as an ordinal; 0 for only the first."""
    first: str = ""
    after: frozenset[str] = frozenset()
    """Words followed by a plain number."""
    ordinals_after: frozenset[str] = frozenset()
    ordinals_before: frozenset[str] = frozenset()
    ordinal_marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """Which capitals are spelled out."""

    spells: bool = True
    """False if the phonemiser decides by itself."""
    words: frozenset[str] = frozenset()
    """Capitals that are read as a word."""
    spelled: frozenset[str] = frozenset()
    """Capitals that are spelled out although they could be read as a word."""
    respelled: Mapping[str, str] = field(default_factory=dict[str, str])
    """Irregular codes and initialisms."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Letters within a code that need a different spelling to be heard as letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWords:
    at: str
    dot: str
    slash: str
    dash: str
    underscore: str
    hashtag: str
    number_sign: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWords:
    bounds: Mapping[str, str]
    """A comparison sign before an amount: "<3 minutes" is "less than three minutes"."""
    loves: Mapping[str, str]
    """What is said for "<3" and its subject, by the subject (in lower case)."""
    disjunction: str
    stars: str
    """The stars of a hotel: 4*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaWords:
    letters: Mapping[str, str]
    """The names of the Greek letters."""
    signs: Mapping[str, str]
    functions: Mapping[str, str]
    of: str
    """The word between a function and its argument."""
    given: str
    """The word between an event and its condition."""
    base: str
    """Template for {function} and {base}."""
    subscript: str
    """Template for {base} and {index}."""
    prime: str
    factorial: str
    """Template for {number}."""
    choose: str
    absolute: str
    """Template for {value}."""
    root: str
    """Template for {n}, an ordinal, or `nth`."""
    nth: str
    big_signs: Mapping[str, str]
    """The names of ∫, ∑ and ∏."""
    between: str
    """Template for {name} (as above), {low} and {high}."""
    over: str
    """Template for {name} and {low}."""
    limit: str
    """Template for {variable} and {value}."""
    roots_are_feminine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A language.

    `abbreviations` mean the same everywhere; `contextual` has regular expressions with their replacements, which are
    tried first and in order.
    """

    numbers: NumberWords
    fractions: FractionWords
    counts: CountWords
    identifiers: IdentifierWords
    ordinals: OrdinalWords
    money: MoneyWords
    calendar: CalendarWords
    clock: ClockWords
    durations: DurationWords
    weeks: WeekWords
    roman: RomanWords
    letters: LetterWords
    addresses: AddressWords
    units: Mapping[str, Noun]
    per: str
    symbols: Mapping[str, str]
    signs: SignWords
    formulas: FormulaWords
    abbreviations: Mapping[str, str]
    contextual: Sequence[tuple[str, str]] = ()
