"""What a language has to say of itself so that figures, symbols and short forms can be said in it: data alone."""

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
    """The characters that may part thousands."""
    point: str
    minus: str
    to: str
    """Between the ends of a range."""
    says_decimals_as_number: bool
    """Whether 3,14 is "three comma fourteen" rather than "three comma one four"."""
    singular_below_two: bool = False
    """Whether 1.5 takes the singular."""
    years: Literal["number", "pairs", "hundreds"] = "number"
    """Whether 1984 is said as any number, as nineteen eighty-four, or as nineteen hundred eighty-four."""
    corrections: Mapping[str, str] = field(default_factory=dict[str, str])
    """What to mend in the words of `num2words`."""
    before_masculine: Mapping[str, str] = field(default_factory=dict[str, str])
    before_feminine: Mapping[str, str] = field(default_factory=dict[str, str])
    feminine_within: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a feminine changes before the end: "doscientas mil"."""
    feminine_nouns_end_in: tuple[str, ...] = ()
    counted_words: str = r"[^\W\d_]{3,}"
    """What a word looks like with which a number before it agrees."""
    uncounted_words: frozenset[str] = frozenset()
    masculine_nouns: frozenset[str] = frozenset()
    """Singulars that end as feminines do."""
    ten_to: str = ""
    """Before the exponent of 1e-5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FractionWords:
    """Halves and other parts, alone, of something, and beside a whole number."""

    names: Mapping[int, Noun]
    """By denominator."""
    over: str
    """In a fraction that has no name."""
    mixed: str
    """Of {whole} and {fraction}."""
    and_a_half: str
    """Of {whole}."""
    mixed_of: str = ""
    """Of {amount}, the whole number and what it counts, and of the {part} beyond; empty where the noun comes last."""
    halves_in_mixed: tuple[str, str] = ("", "")
    """The {part} that is half of a masculine or a feminine."""
    half_of: tuple[str, str] = ("{fraction} {noun}", "{fraction} {noun}")
    """The same without a whole number."""
    part_of: str = "{fraction} {noun}"
    articles: str = "(?!)"
    """Regular expression of the articles that half of something may have."""
    elisions: Mapping[str, str] = field(default_factory=dict[str, str])
    """What to mend where a vowel follows; regular expressions."""
    singulars: Mapping[str, str] = field(default_factory=dict[str, str])
    """How a noun's plural ending turns into the singular's; regular expressions, the first that fits counts."""
    feminine_plurals: tuple[str, ...] = ()
    """How plurals of feminines end, where the singular does not tell."""
    measured: str = "(?!)"
    """Regular expression of the nouns, beside the units, of which there may be half a one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWords:
    """Great numbers cut short: 5k followers, 2m downloads, 3M users."""

    noun: str
    """Regular expression of a noun (and what stands before it) that such a number counts."""
    short: Mapping[str, Noun]
    """Short forms that are numbers before such a noun alone; "k" is multiplied out."""
    attached: frozenset[str] = frozenset("kK")
    """Those that have no space before them."""
    not_thousands_of: str = "(?!)"
    """Regular expression of nouns before which "k" is a letter: 10k run, 4K video."""
    not_millions_of: str = "(?!)"
    """Regular expression of nouns before which "m" is a meter."""
    after: str = "(?!)"
    """Regular expression of what stands before a number that needs no noun: "a population of"."""
    not_after: str = "(?!)"
    """Regular expression of what follows a number that is no such number all the same: "long"."""
    of: str = "(?!)"
    """Regular expression of what joins the number and the noun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierWords:
    """What announces figures that are no quantity. All are regular expressions, capitals or not."""

    secrets: str
    """After which three digits or more are said one by one: PIN, ZIP, account number."""
    references: str
    """After which that holds for five digits and more: order, invoice."""
    links: str
    """What may stand between those and the figures: "number", "is"."""
    calls: str
    """After which a number is dialed: "call"."""
    call_links: str
    called: str = "(?!)"
    """What follows a number that is dialed: "is the emergency number"."""
    not_counted: str = "(?!)"
    """What makes figures after one of those words a quantity: a noun that is counted."""
    short_numbers_are_digits: bool = True
    """Whether 112 is called "one one two", not "one hundred and twelve"."""
    short_numbers_of_digits: frozenset[str] = frozenset()
    """Those called so although the others are not."""
    postcode_before: str = "(?!)"
    """What stands before five digits that are a postcode."""
    postcode_after: str = "(?!)"
    """What follows a postcode: the name of a town."""
    phones: str = "(?!)"
    """Telephone numbers as no other language writes them."""
    pairs: bool = False
    """Whether telephone numbers are said in numbers of two or three digits: "zéro six, douze"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalWords:
    """Ordinals: marks that follow the figure, by whether they make a feminine, and how that is formed."""

    masculine_marks: str = ""
    feminine_marks: str = ""
    to_feminine: Mapping[str, str] = field(default_factory=dict[str, str])
    exceptions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Written ordinals (figure and mark) that follow no rule."""
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    """German: the words after which a figure with a full stop is an ordinal, and its ending there."""
    decades: Mapping[str, str] = field(default_factory=dict[str, str])
    """The tens, as decades."""
    decade_marks: str = "(?!)"
    """Regular expression of what follows a decade's figure."""
    decade_of_century: str = "{century} {decade}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyWords:
    currencies: Mapping[str, Currency]
    """By symbol or code."""
    magnitudes: Mapping[str, Noun]
    with_cents: str
    """Of {units}, {cents} (with the noun) and {count} (the cents' number alone)."""
    of: str = ""
    """Between a million and the unit."""
    of_before_vowel: str = ""
    vowels: str = "[aeiouâéèêîôœ]|h(?:eure|abitant|omme|ectare|istoire|uile)"
    """Regular expression of how a word begins that takes the latter."""
    never_takes_of: str = ""
    """The word for a thousand, which the unit follows directly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    months: Sequence[str]
    month_abbreviations: Mapping[str, int]
    """Without their full stop; the number of the month is 1 to 12."""
    day_first: bool
    """Whether 3/4 is in April."""
    date: str
    """Of {day} and {month}."""
    day_first_date: str
    """The same, where the day is written before the name of the month."""
    year: str
    """What follows a date for a {year}."""
    year_of_month: str
    """What follows a month for a {year}."""
    first_day: str = ""
    """The first of a month, where the other days are said as plain numbers."""
    days_are_ordinals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWords:
    on_the_hour: str
    """Of {hour} and {hours}, the noun."""
    with_minutes: str
    """Of {hour}, {hours} and {minute}."""
    hour: Noun
    hour_marks: str
    """Regular expression of what parts or follows hours and minutes, beside the colon."""
    at: str
    """What a time follows in a date, with the space between."""
    at_one: str = ""
    """The same before one o'clock, where it differs."""
    midnight: str = ""
    with_seconds: str = ""
    """Of {time} and {seconds} (with the noun); where empty, such a time is said as a duration is."""
    leading_zero: str = "{minute}"
    halves_of_day: Mapping[str, str] = field(default_factory=dict[str, str])
    """"a" and "p" to what is said for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationWords:
    """How long something takes: 1:02:03, 2:05 min, 1h 30m."""

    hour: Noun
    minute: Noun
    second: Noun
    conjunction: str
    """Before the last of several."""
    hour_marks: str
    """Regular expression of what tells that 2:05 is hours and minutes."""
    minute_marks: str
    """Regular expression of what tells that 2:05 is minutes and seconds."""
    leads: frozenset[str]
    """Words after which 2:05 is a duration, in minutes."""
    prepositions: frozenset[str]
    """The same, where they stand directly before it."""
    long_leads: frozenset[str]
    """Words that make such a duration one of hours."""
    follows: frozenset[str]
    """Words that make what stands before them a duration."""
    clock_leads: frozenset[str]
    """Words after which 1:02:03 is a time of day."""
    elisions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWords:
    """ISO weeks: 2024-W23, 2024-W23-5."""

    week: str
    """Of {week} and {year}."""
    day_of_week: str
    """Of {day} and {week}, the latter as above."""
    days: Sequence[str]
    """From Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RomanWords:
    """Roman numerals: after which words they are numbers, and how."""

    sovereigns: frozenset[str]
    sovereign: str
    """Of {number}."""
    ordinals_to: int
    """The highest sovereign that is counted in ordinals; 0 for none but the first."""
    first: str = ""
    after: frozenset[str] = frozenset()
    """Words followed by a plain number."""
    ordinals_after: frozenset[str] = frozenset()
    ordinals_before: frozenset[str] = frozenset()
    ordinal_marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """Which capitals are read out letter by letter."""

    spells: bool = True
    """False where the phonemiser knows by itself."""
    words: frozenset[str] = frozenset()
    """Capitals that are read as a word."""
    spelled: frozenset[str] = frozenset()
    """Capitals that are spelled although they could be read as a word."""
    respelled: Mapping[str, str] = field(default_factory=dict[str, str])
    """Codes and initialisms that follow no rule."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Letters inside a code that need another spelling to be heard as letters."""


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
    """Of a comparison's sign before an amount: "<3 minutes" is "less than three minutes"."""
    loves: Mapping[str, str]
    """By the subject (in lower case) of "<3", which is said with it."""
    disjunction: str
    stars: str
    """Of a hotel: 4*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaWords:
    letters: Mapping[str, str]
    """The names of the Greek letters."""
    signs: Mapping[str, str]
    functions: Mapping[str, str]
    of: str
    """Between a function and its argument."""
    given: str
    """Between an event and its condition."""
    base: str
    """Of {function} and {base}."""
    subscript: str
    """Of {base} and {index}."""
    prime: str
    factorial: str
    """Of {number}."""
    choose: str
    absolute: str
    """Of {value}."""
    root: str
    """Of {n}, an ordinal, or `nth`."""
    nth: str
    big_signs: Mapping[str, str]
    """Of ∫, ∑ and ∏."""
    between: str
    """Of {name} (as above), {low} and {high}."""
    over: str
    """Of {name} and {low}."""
    limit: str
    """Of {variable} and {value}."""
    roots_are_feminine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A language.

    `abbreviations` mean the same everywhere; `contextual` are regular expressions and what to put in their place, tried
    first and in order.
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
