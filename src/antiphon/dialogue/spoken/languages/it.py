"""Italian."""

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
    num2words_code="it",
    decimal_mark=",",
    thousands_marks=".",
    point="virgola",
    minus="meno",
    to="a",
    says_decimals_as_number=True,
    corrections={"dicotto": "diciotto", r"(?<=\w)tre$": "tré"},
    before_masculine={r"\buno": "un"},
    before_feminine={r"\buno": "una"},
    feminine_nouns_end_in=("a", "zione", "sione", "tà", "ice"),
    uncounted_words=frozenset(["della", "alla", "nella", "dalla", "sulla", "era", "per", "con", "non", "che"]),
    masculine_nouns=frozenset(["problema", "programma", "sistema", "tema", "clima", "pianeta", "euro"]),
    ten_to="dieci alla",
)

_ORDINALS = OrdinalWords(
    masculine_marks=r"º|(?<!\d\d)°(?= ?[a-zà-ù]{2})",
    feminine_marks="ª",
    to_feminine={r"o$": "a"},
)

_EURO = Currency(Noun("euro", "euro"), Noun("centesimo", "centesimi"))
_DOLLAR = Currency(Noun("dollaro", "dollari"), Noun("centesimo", "centesimi"))
_POUND = Currency(Noun("sterlina", "sterline", is_feminine=True), Noun("penny", "pence"))
_YEN = Currency(Noun("yen", "yen"))
_FRANC = Currency(Noun("franco svizzero", "franchi svizzeri"), Noun("centesimo", "centesimi"))
_RUPEE = Currency(Noun("rupia", "rupie", is_feminine=True))
_LAKH = Noun("lakh", "lakh")
_CRORE = Noun("crore", "crore")
_MILLION = Noun("milione", "milioni")
_BILLION = Noun("miliardo", "miliardi")

_MONEY = MoneyWords(
    currencies={
        "€": _EURO, "EUR": _EURO, "$": _DOLLAR, "US$": _DOLLAR, "USD": _DOLLAR, "£": _POUND, "GBP": _POUND, "¥": _YEN,
        "CHF": _FRANC, "R$": Currency(Noun("real", "real")), "₹": _RUPEE, "INR": _RUPEE,
    },
    magnitudes={
        "mila": Noun("mila", "mila"), "k": Noun("mila", "mila"), "M": _MILLION, "Mln": _MILLION, "mln": _MILLION,
        "milione": _MILLION, "milioni": _MILLION, "Mld": _BILLION, "mld": _BILLION, "miliardo": _BILLION,
        "miliardi": _BILLION, "lakh": _LAKH, "crore": _CRORE,
    },
    with_cents="{units} e {cents}",
    of="di ",
    of_before_vowel="di ",
    never_takes_of="mila",
)  # fmt: skip

_CALENDAR = CalendarWords(
    months=(
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    month_abbreviations={
        "gen": 1, "feb": 2, "mar": 3, "apr": 4, "mag": 5, "giu": 6, "lug": 7, "ago": 8, "set": 9, "sett": 9, "ott": 10,
        "nov": 11, "dic": 12,
    },
    day_first=True,
    date="{day} {month}",
    day_first_date="{day} {month}",
    year=" {year}",
    year_of_month=" {year}",
    leads=[
        "il", "al", "dal", "del", "entro",
        "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    ],
    first_day="primo",
)  # fmt: skip

_CLOCK = ClockWords(
    on_the_hour="{hour}",
    with_minutes="{hour} e {minute}",
    hour=Noun("ora", "ore", is_feminine=True),
    hour_marks=r" ?h(?!\w)",
    at="alle ",
    at_one="all'",
    with_seconds="{time} e {seconds}",
)

_ROMAN = RomanWords(
    sovereigns=frozenset([
        "Luigi", "Enrico", "Carlo", "Vittorio Emanuele", "Umberto", "Napoleone", "Elisabetta", "Giorgio", "Edoardo",
        "Guglielmo", "Federico", "Filippo", "Giacomo", "Nicola", "Alessandro", "Caterina", "Pietro", "Leopoldo",
        "Alberto", "Giovanni", "Paolo", "Pio", "Benedetto", "Leone", "Gregorio", "Clemente", "Innocenzo", "Urbano",
        "Giulio", "Giovanni Paolo", "Carlo Alberto", "Ferdinando", "Francesco", "Sisto", "Bonifacio",
    ]),
    sovereign="{number}",
    ordinals_to=99,
    after=frozenset(["capitolo", "parte", "volume", "atto", "scena", "articolo", "fase", "tipo", "livello", "tomo"]),
    ordinals_after=frozenset(["secolo", "Secolo"]),
    ordinals_before=frozenset(["secolo", "Secolo", "sec"]),
)  # fmt: skip

_LETTERS = LetterWords(
    words=frozenset([
        "NON", "NO", "SÌ", "PIÙ", "MAI", "ONU", "IVA", "PIL", "OVNI", "AIDS", "ISTAT", "INPS", "ENI", "RAI", "FIAT",
        "UFO", "VIP", "CONI", "IMU", "OMS", "OK", "SPA", "ASL", "CAP",
    ]),
    spelled=frozenset(["CGIL"]),
    respelled={
        "24/7": "ventiquattro ore su ventiquattro",
        "USA": "Usa",
        "S.p.A.": "esse pi a",
        "C++": "C più più",
        "C#": "C sharp",
        "H2O": "acca due o",
        "B2B": "B to B",
    },
)  # fmt: skip

_ADDRESSES = AddressWords(
    at="chiocciola", dot="punto", slash="barra", dash="trattino", underscore="trattino basso", hashtag="hashtag",
    number_sign="numero", version="versione",
)  # fmt: skip

_UNITS = {
    "km": Noun("chilometro", "chilometri"),
    "m": Noun("metro", "metri"),
    "cm": Noun("centimetro", "centimetri"),
    "mm": Noun("millimetro", "millimetri"),
    "nm": Noun("nanometro", "nanometri"),
    "km²": Noun("chilometro quadrato", "chilometri quadrati"),
    "m²": Noun("metro quadrato", "metri quadrati"),
    "mq": Noun("metro quadrato", "metri quadrati"),
    "cm²": Noun("centimetro quadrato", "centimetri quadrati"),
    "m³": Noun("metro cubo", "metri cubi"),
    "ha": Noun("ettaro", "ettari"),
    "kg": Noun("chilo", "chili"),
    "g": Noun("grammo", "grammi"),
    "gr": Noun("grammo", "grammi"),
    "mg": Noun("milligrammo", "milligrammi"),
    "l": Noun("litro", "litri"),
    "L": Noun("litro", "litri"),
    "cl": Noun("centilitro", "centilitri"),
    "ml": Noun("millilitro", "millilitri"),
    "km/h": Noun("chilometro all'ora", "chilometri all'ora"),
    "m/s": Noun("metro al secondo", "metri al secondo"),
    "°C": Noun("grado Celsius", "gradi Celsius"),
    "°F": Noun("grado Fahrenheit", "gradi Fahrenheit"),
    "°": Noun("grado", "gradi"),
    "%": Noun("per cento", "per cento"),
    "h": Noun("ora", "ore", is_feminine=True),
    "min": Noun("minuto", "minuti"),
    " s": Noun("secondo", "secondi"),
    "sec": Noun("secondo", "secondi"),
    "ms": Noun("millisecondo", "millisecondi"),
    "Hz": Noun("hertz", "hertz"),
    "kHz": Noun("chilohertz", "chilohertz"),
    "MHz": Noun("megahertz", "megahertz"),
    "GHz": Noun("gigahertz", "gigahertz"),
    "KB": Noun("kilobyte", "kilobyte"),
    "MB": Noun("megabyte", "megabyte"),
    "GB": Noun("gigabyte", "gigabyte"),
    "TB": Noun("terabyte", "terabyte"),
    "V": Noun("volt", "volt"),
    "W": Noun("watt", "watt"),
    "kW": Noun("chilowatt", "chilowatt"),
    "MW": Noun("megawatt", "megawatt"),
    "kWh": Noun("chilowattora", "chilowattora"),
    "mln": _MILLION,
    "mld": _BILLION,
    "x": Noun("volta", "volte", is_feminine=True),
    "dB": Noun("decibel", "decibel"),
    "kcal": Noun("chilocaloria", "chilocalorie", is_feminine=True),
}

_SYMBOLS = {
    "&": "e", "@": "chiocciola", "+": "più", "=": "uguale", "×": "per", "*": "per", "÷": "diviso", "±": "più o meno",
    "<": "minore di", ">": "maggiore di", "≤": "minore o uguale a", "≥": "maggiore o uguale a", "≠": "diverso da",
    "≈": "circa", "~": "circa", "→": "verso", "⇒": "implica", "√": "radice quadrata di", "∞": "infinito",
    "π": "pi greco",
    "%": "per cento", "°": "gradi", "$": "dollari", "€": "euro", "£": "sterline", "§": "paragrafo", "№": "numero",
    "^": "alla", "^2": "al quadrato", "^3": "al cubo",
}  # fmt: skip

_ABBREVIATIONS = {
    "Sig.": "signor",
    "sig.": "signor",
    "Sig.ra": "signora",
    "sig.ra": "signora",
    "Sig.na": "signorina",
    "Sigg.": "signori",
    "Dott.": "dottor",
    "dott.": "dottor",
    "Dr.": "dottor",
    "Dott.ssa": "dottoressa",
    "dott.ssa": "dottoressa",
    "Prof.": "professor",
    "prof.": "professor",
    "Prof.ssa": "professoressa",
    "prof.ssa": "professoressa",
    "Avv.": "avvocato",
    "Ing.": "ingegner",
    "Arch.": "architetto",
    "Geom.": "geometra",
    "ecc.": "eccetera",
    "etc.": "eccetera",
    "ad es.": "ad esempio",
    "p. es.": "per esempio",
    "es.": "esempio",
    "a. C.": "avanti Cristo",
    "d. C.": "dopo Cristo",
    "cfr.": "confronta",
    "P. IVA": "partita IVA",
    "ca.": "circa",
    "sec.": "secolo",
    "tel.": "telefono",
    "vs.": "contro",
    "pag.": "pagina",
    "pagg.": "pagine",
    "vol.": "volume",
    "cap.": "capitolo",
    "art.": "articolo",
    "P.za": "piazza",
    "V.le": "viale",
    "c.so": "corso",
    "N.B.": "nota bene",
}

_CONTEXTUAL = (
    (r"(?<![\w.])[nN]\.?[º°] ?(?=[^\W\d_]{2})", "numero "),
    (r"(?<![\w.])S\.(?= [A-Z][a-z])", "San"),
    (r"(?<![\w.])(?:n\.|n°|nº|N\.|N°|nr\.) ?(?=\d)", "numero "),
    (r"(?<![\w.])pp\. ?(?=\d)", "pagine "),
    (r"(?<![\w.])p\. ?(?=\d)", "pagina "),
    (r"(?<=\w)/(?=(?:ora|giorno|settimana|mese|anno|notte|persona|minuto|secondo)\b)", " a "),
)

ITALIAN = Lexicon(
    numbers=_NUMBERS,
    fractions=fractions.ITALIAN,
    counts=counts.ITALIAN,
    identifiers=identifiers.ITALIAN,
    ordinals=_ORDINALS,
    money=_MONEY,
    calendar=_CALENDAR,
    clock=_CLOCK,
    durations=DURATIONS["it"],
    weeks=WEEKS["it"],
    roman=_ROMAN,
    letters=_LETTERS,
    addresses=_ADDRESSES,
    units=_UNITS,
    per="al",
    symbols=_SYMBOLS,
    signs=SIGNS["it"],
    formulas=FORMULAS["it"],
    abbreviations=_ABBREVIATIONS,
    contextual=_CONTEXTUAL,
)
