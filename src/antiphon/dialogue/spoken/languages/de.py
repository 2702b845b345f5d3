"""German."""

from __future__ import annotations

from antiphon.dialogue.spoken.languages import counts, fractions, identifiers
from antiphon.dialogue.spoken.languages.durations import DURATIONS, WEEKS
from antiphon.dialogue.spoken.languages.formulas import FORMULAS
from antiphon.dialogue.spoken.languages.signs import SIGNS
from antiphon.dialogue.spoken.lexicon import (
    AddressWords,
    CalendarWords,
    ClockWords,
    Currency,
    LetterWords,
    Lexicon,
    MoneyWords,
    Noun,
    NumberWords,
    OrdinalWords,
    RomanWords,
)

_NUMBERS = NumberWords(
    num2words_code="de",
    decimal_mark=",",
    thousands_marks=". ",
    point="Komma",
    minus="minus",
    to="bis",
    says_decimals_as_number=False,
    years="hundreds",
    before_masculine={r"\beins": "ein", r"\beine (?=M)": "eine "},
    before_feminine={r"\beins": "eine"},
    feminine_nouns_end_in=("ung", "heit", "keit", "schaft", "ion", "tät", "e"),
    counted_words=r"[A-ZÄÖÜ][a-zäöüß]{2,}",
    ten_to="zehn hoch",
)

_ORDINALS = OrdinalWords(
    after={
        "": "r", "der": "", "die": "", "das": "", "dem": "n", "den": "n", "des": "n", "am": "n", "im": "n", "vom": "n",
        "zum": "n", "beim": "n", "zur": "n", "ab": "n", "bis": "n", "seit": "n", "jeden": "n", "ihrem": "n",
        "seinem": "n",
        "meinem": "n", "ihren": "n", "seinen": "n", "meinen": "n", "ein": "r", "mein": "r", "sein": "r", "ihr": "r",
        "eine": "", "jede": "", "jeder": "",
    },
    decades={
        "10": "zehner", "20": "zwanziger", "30": "dreißiger", "40": "vierziger", "50": "fünfziger", "60": "sechziger",
        "70": "siebziger", "80": "achtziger", "90": "neunziger",
    },
    decade_marks="er",
    decade_of_century="{century}hundert{decade}",
)  # fmt: skip

_CENT = Noun("Cent", "Cent")
_EURO = Currency(Noun("Euro", "Euro"), _CENT)
_DOLLAR = Currency(Noun("Dollar", "Dollar"), _CENT)
_POUND = Currency(Noun("Pfund", "Pfund"), Noun("Penny", "Pence"))
_YEN = Currency(Noun("Yen", "Yen"))
_FRANC = Currency(Noun("Franken", "Franken"), Noun("Rappen", "Rappen"))
_RUPEE = Currency(Noun("Rupie", "Rupien", is_feminine=True), Noun("Paisa", "Paise"))
_LAKH = Noun("Lakh", "Lakh")
_CRORE = Noun("Crore", "Crore")
_MILLION = Noun("Million", "Millionen", is_feminine=True)
_BILLION = Noun("Milliarde", "Milliarden", is_feminine=True)

_MONEY = MoneyWords(
    currencies={
        "€": _EURO, "EUR": _EURO, "Euro": _EURO, "$": _DOLLAR, "US$": _DOLLAR, "USD": _DOLLAR, "£": _POUND,
        "GBP": _POUND,
        "¥": _YEN, "CHF": _FRANC, "Franken": _FRANC,
        "₹": _RUPEE, "INR": _RUPEE, "Rupien": _RUPEE, "R$": Currency(Noun("Real", "Reais")),
    },
    magnitudes={
        "Tsd.": Noun("tausend", "tausend"), "Mio.": _MILLION, "Mio": _MILLION, "Million": _MILLION,
        "Millionen": _MILLION, "Mrd.": _BILLION, "Mrd": _BILLION, "Milliarde": _BILLION, "Milliarden": _BILLION,
        "Mill.": _MILLION, "Tsd": Noun("tausend", "tausend"), "lakh": _LAKH, "Lakh": _LAKH, "crore": _CRORE,
        "Crore": _CRORE,
    },
    with_cents="{units} {count}",
)  # fmt: skip

_CALENDAR = CalendarWords(
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    month_abbreviations={
        "Jan": 1, "Feb": 2, "Mrz": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Sept": 9, "Okt": 10, "Nov": 11,
        "Dez": 12,
    },
    day_first=True,
    date="{day} {month}",
    day_first_date="{day} {month}",
    year=" {year}",
    year_of_month=" {year}",
    days_are_ordinals=True,
)  # fmt: skip

_CLOCK = ClockWords(
    on_the_hour="{hour} Uhr",
    with_minutes="{hour} Uhr {minute}",
    hour=Noun("Uhr", "Uhr"),
    hour_marks=r" ?Uhr(?!\w)",
    at="um ",
    with_seconds="{time} und {seconds}",
)

_ROMAN = RomanWords(
    sovereigns=frozenset([
        "Ludwig", "Heinrich", "Karl", "Friedrich", "Wilhelm", "Friedrich Wilhelm", "Otto", "Elisabeth", "Elizabeth",
        "Georg", "Eduard", "Richard", "Jakob", "Nikolaus", "Alexander", "Katharina", "Peter", "Franz", "Leopold",
        "Albert", "Johannes Paul", "Paul", "Pius", "Benedikt", "Leo", "Gregor", "Clemens", "Innozenz", "Urban",
        "Julius",
        "Napoleon", "Ferdinand", "Maximilian", "Charles", "Konrad",
    ]),
    sovereign="der {number}",
    ordinals_to=99,
    after=frozenset([
        "Kapitel", "Teil", "Band", "Akt", "Szene", "Artikel", "Phase", "Typ", "Stufe", "Buch", "Weltkrieg",
    ]),
)  # fmt: skip

_LETTERS = LetterWords(
    words=frozenset([
        "DER", "DIE", "DAS", "UND", "IST", "ES", "ICH", "NIE", "JA", "NATO", "UNO", "BAFÖG", "AIDS", "OPEC", "DIN",
        "UFO",
        "TÜV", "DAX", "DAAD", "OK", "EDEKA", "IKEA",
    ]),
    spelled=frozenset(["DGB", "BMW"]),
    respelled={
        "24/7": "vierundzwanzig sieben",
        "C++": "C plus plus",
        "C#": "C sharp",
        "H2O": "H zwei O",
        "B2B": "B to B",
        "GmbH": "G M B H",
    },
)  # fmt: skip

_ADDRESSES = AddressWords(
    at="at", dot="Punkt", slash="Schrägstrich", dash="Bindestrich", underscore="Unterstrich", hashtag="Hashtag",
    number_sign="Nummer", version="Version",
)  # fmt: skip

_UNITS = {
    "km": Noun("Kilometer", "Kilometer"),
    "m": Noun("Meter", "Meter"),
    "cm": Noun("Zentimeter", "Zentimeter"),
    "mm": Noun("Millimeter", "Millimeter"),
    "nm": Noun("Nanometer", "Nanometer"),
    "km²": Noun("Quadratkilometer", "Quadratkilometer"),
    "m²": Noun("Quadratmeter", "Quadratmeter"),
    "qm": Noun("Quadratmeter", "Quadratmeter"),
    "cm²": Noun("Quadratzentimeter", "Quadratzentimeter"),
    "m³": Noun("Kubikmeter", "Kubikmeter"),
    "ha": Noun("Hektar", "Hektar"),
    "kg": Noun("Kilogramm", "Kilogramm"),
    "g": Noun("Gramm", "Gramm"),
    "mg": Noun("Milligramm", "Milligramm"),
    "t": Noun("Tonne", "Tonnen", is_feminine=True),
    "l": Noun("Liter", "Liter"),
    "L": Noun("Liter", "Liter"),
    "ml": Noun("Milliliter", "Milliliter"),
    "km/h": Noun("Kilometer pro Stunde", "Kilometer pro Stunde"),
    "m/s": Noun("Meter pro Sekunde", "Meter pro Sekunde"),
    "°C": Noun("Grad Celsius", "Grad Celsius"),
    "°F": Noun("Grad Fahrenheit", "Grad Fahrenheit"),
    "°": Noun("Grad", "Grad"),
    "%": Noun("Prozent", "Prozent"),
    "h": Noun("Stunde", "Stunden", is_feminine=True),
    "Std.": Noun("Stunde", "Stunden", is_feminine=True),
    "Min.": Noun("Minute", "Minuten", is_feminine=True),
    "min": Noun("Minute", "Minuten", is_feminine=True),
    " s": Noun("Sekunde", "Sekunden", is_feminine=True),
    "ms": Noun("Millisekunde", "Millisekunden", is_feminine=True),
    "x": Noun("mal", "mal"),
    "Hz": Noun("Hertz", "Hertz"),
    "kHz": Noun("Kilohertz", "Kilohertz"),
    "MHz": Noun("Megahertz", "Megahertz"),
    "GHz": Noun("Gigahertz", "Gigahertz"),
    "KB": Noun("Kilobyte", "Kilobyte"),
    "MB": Noun("Megabyte", "Megabyte"),
    "GB": Noun("Gigabyte", "Gigabyte"),
    "TB": Noun("Terabyte", "Terabyte"),
    "V": Noun("Volt", "Volt"),
    "W": Noun("Watt", "Watt"),
    "kW": Noun("Kilowatt", "Kilowatt"),
    "MW": Noun("Megawatt", "Megawatt"),
    "kWh": Noun("Kilowattstunde", "Kilowattstunden", is_feminine=True),
    "dB": Noun("Dezibel", "Dezibel"),
    "kcal": Noun("Kilokalorie", "Kilokalorien", is_feminine=True),
    "TL": Noun("Teelöffel", "Teelöffel"),
    "EL": Noun("Esslöffel", "Esslöffel"),
    "Tsd.": Noun("tausend", "tausend"),
    "Mio": _MILLION,
    "Mio.": _MILLION,
    "Mill.": _MILLION,
    "Mrd": _BILLION,
    "Mrd.": _BILLION,
}

_SYMBOLS = {
    "&": "und", "@": "at", "+": "plus", "=": "gleich", "×": "mal", "*": "mal", "÷": "geteilt durch", "±": "plus minus",
    "<": "kleiner als", ">": "größer als", "≤": "kleiner gleich", "≥": "größer gleich", "≠": "ungleich",
    "≈": "ungefähr",
    "~": "ungefähr", "→": "nach", "⇒": "daraus folgt", "√": "Wurzel aus", "∞": "unendlich", "π": "Pi", "%": "Prozent",
    "°": "Grad", "$": "Dollar", "€": "Euro", "£": "Pfund", "§": "Paragraf", "№": "Nummer", "^": "hoch",
    "^2": "zum Quadrat", "^3": "hoch drei",
}  # fmt: skip

_ABBREVIATIONS = {
    "z. B.": "zum Beispiel",
    "d. h.": "das heißt",
    "u. a.": "unter anderem",
    "z. T.": "zum Teil",
    "u. U.": "unter Umständen",
    "i. d. R.": "in der Regel",
    "u. v. m.": "und vieles mehr",
    "o. Ä.": "oder Ähnliches",
    "s. o.": "siehe oben",
    "s. u.": "siehe unten",
    "v. Chr.": "vor Christus",
    "n. Chr.": "nach Christus",
    "usw.": "und so weiter",
    "etc.": "et cetera",
    "bzw.": "beziehungsweise",
    "bspw.": "beispielsweise",
    "ca.": "circa",
    "vgl.": "vergleiche",
    "ggf.": "gegebenenfalls",
    "evtl.": "eventuell",
    "inkl.": "inklusive",
    "exkl.": "exklusive",
    "zzgl.": "zuzüglich",
    "sog.": "sogenannt",
    "geb.": "geboren",
    "gest.": "gestorben",
    "Nr.": "Nummer",
    "Str.": "Straße",
    "Dr.": "Doktor",
    "Prof.": "Professor",
    "Hr.": "Herr",
    "Fr.": "Frau",
    "Tel.": "Telefon",
    "Std.": "Stunden",
    "Min.": "Minuten",
    "max.": "maximal",
    "min.": "minimal",
    "Jh.": "Jahrhundert",
    "Bd.": "Band",
    "Abb.": "Abbildung",
    "Kap.": "Kapitel",
    "Art.": "Artikel",
    "Abs.": "Absatz",
    "vs.": "gegen",
}

_CONTEXTUAL = (
    (r"(?<=[a-zäöüß])str\.(?!\w)", "straße"),
    (r"(?<=[a-zäöüß])nr\.(?= ?\w)", "nummer"),
    (r"(?<![\w.])St\.(?= [A-Z])", "Sankt"),
    (r"(?<![\w.])S\. ?(?=\d)", "Seite "),
    (r"\b(Elisabeth|Katharina|Elizabeth) II\.(?!\w)", r"\1 die Zweite"),
    (r"(?<=\w)/(?=(?:Stunde|Tag|Woche|Monat|Jahr|Nacht|Person|Minute|Sekunde)\b)", " pro "),
    (r"(?<!\w)1(?= (?:Million|Milliarde)\b)", "eine"),
)

GERMAN = Lexicon(
    numbers=_NUMBERS,
    fractions=fractions.GERMAN,
    counts=counts.GERMAN,
    identifiers=identifiers.GERMAN,
    ordinals=_ORDINALS,
    money=_MONEY,
    calendar=_CALENDAR,
    clock=_CLOCK,
    durations=DURATIONS["de"],
    weeks=WEEKS["de"],
    roman=_ROMAN,
    letters=_LETTERS,
    addresses=_ADDRESSES,
    units=_UNITS,
    per="pro",
    symbols=_SYMBOLS,
    signs=SIGNS["de"],
    formulas=FORMULAS["de"],
    abbreviations=_ABBREVIATIONS,
    contextual=_CONTEXTUAL,
)
