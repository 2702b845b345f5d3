"""French."""

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
    num2words_code="fr",
    decimal_mark=",",
    thousands_marks=" .",
    point="virgule",
    minus="moins",
    to="à",
    says_decimals_as_number=True,
    singular_below_two=True,
    before_feminine={r"\bun": "une"},
    feminine_nouns_end_in=(
        "tion", "sion", "té", "ée", "ette", "foi", "onne", "aine", "ie", "ance", "ence", "ure", "esse", "ère",
        "ienne", "ille",
        "elle", "tasse", "minute", "seconde", "page", "journée", "étoile", "tranche", "pièce", "goutte", "boîte",
    ),
    counted_words=r"[^\W\d_]{3,}",
    ten_to="dix puissance",
)  # fmt: skip

_ORDINALS = OrdinalWords(
    masculine_marks=r"ers?|es?|èmes?|ièmes?|nds?",
    feminine_marks=r"res?|ères?|ndes?",
    to_feminine={r"premier$": "première", r"second$": "seconde"},
    exceptions={"2nd": "second", "2nde": "seconde"},
)

_CENTIME = Noun("centime", "centimes")
_EURO = Currency(Noun("euro", "euros"), _CENTIME)
_DOLLAR = Currency(Noun("dollar", "dollars"), Noun("cent", "cents"))
_POUND = Currency(Noun("livre", "livres", is_feminine=True), Noun("penny", "pence"))
_YEN = Currency(Noun("yen", "yens"))
_FRANC = Currency(Noun("franc suisse", "francs suisses"), _CENTIME)
_RUPEE = Currency(Noun("roupie", "roupies", is_feminine=True))
_LAKH = Noun("lakh", "lakhs")
_CRORE = Noun("crore", "crores")
_MILLION = Noun("million", "millions")
_BILLION = Noun("milliard", "milliards")

_MONEY = MoneyWords(
    currencies={
        "€": _EURO, "EUR": _EURO, "euros": _EURO, "$": _DOLLAR, "US$": _DOLLAR, "USD": _DOLLAR, "£": _POUND,
        "GBP": _POUND,
        "¥": _YEN, "CHF": _FRANC, "R$": Currency(Noun("réal", "réaux")), "₹": _RUPEE, "INR": _RUPEE,
    },
    magnitudes={
        "k": Noun("mille", "mille"), "M": _MILLION, "million": _MILLION, "millions": _MILLION, "Md": _BILLION,
        "Mds": _BILLION, "Mrd": _BILLION, "milliard": _BILLION, "milliards": _BILLION,
        "K": Noun("mille", "mille"), "lakh": _LAKH, "lakhs": _LAKH, "crore": _CRORE, "crores": _CRORE,
    },
    with_cents="{units} {count}",
    of="de ",
    of_before_vowel="d'",
    never_takes_of="mille",
)  # fmt: skip

_CALENDAR = CalendarWords(
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    month_abbreviations={
        "janv": 1, "févr": 2, "fév": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "déc": 12,
    },
    day_first=True,
    date="{day} {month}",
    day_first_date="{day} {month}",
    year=" {year}",
    year_of_month=" {year}",
    leads=[
        "le", "au", "du", "dès", "jusqu'au",
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ],
    first_day="premier",
)  # fmt: skip

_CLOCK = ClockWords(
    on_the_hour="{hour} {hours}",
    with_minutes="{hour} {hours} {minute}",
    hour=Noun("heure", "heures", is_feminine=True),
    hour_marks=r" ?h(?!\w)(?: ?min)?| ?h(?=\d)",
    at="à ",
    midnight="minuit",
    with_seconds="{time} et {seconds}",
)

_ROMAN = RomanWords(
    sovereigns=frozenset([
        "Louis", "Henri", "Charles", "François", "Philippe", "Napoléon", "Elizabeth", "Élisabeth", "Georges", "Édouard",
        "Guillaume", "Richard", "Jacques", "Nicolas", "Alexandre", "Catherine", "Pierre", "Frédéric", "Léopold",
        "Albert",
        "Jean", "Paul", "Pie", "Benoît", "Léon", "Grégoire", "Clément", "Innocent", "Urbain", "Jules", "Ramsès",
        "Hassan",
    ]),
    sovereign="{number}",
    ordinals_to=0,
    first="premier",
    after=frozenset([
        "chapitre", "tome", "partie", "acte", "scène", "article", "phase", "type", "niveau", "volume", "livre",
    ]),
    ordinal_marks="er|ers|e|es|ème|èmes|re|ère",
)  # fmt: skip

_LETTERS = LetterWords(
    words=frozenset([
        "NON", "OUI", "PAS", "PLUS", "TRÈS", "TOUT", "ONU", "OTAN", "OVNI", "SIDA", "PACS", "ENA", "SMIC", "INSEE",
        "CAPES", "CEDEX", "OK",
    ]),
    spelled=frozenset(["RATP", "HLM", "EURL", "SARL", "BAFA", "AOC", "UEM"]),
    respelled={
        "24/7": "vingt-quatre heures sur vingt-quatre",
        "24h/24": "vingt-quatre heures sur vingt-quatre",
        "7j/7": "sept jours sur sept",
        "C++": "C plus plus",
        "C#": "C dièse",
        "H2O": "H deux O",
    },
)  # fmt: skip

_ADDRESSES = AddressWords(
    at="arobase", dot="point", slash="barre oblique", dash="tiret", underscore="tiret bas", hashtag="hashtag",
    number_sign="numéro", version="version",
)  # fmt: skip

_UNITS = {
    "km": Noun("kilomètre", "kilomètres"),
    "m": Noun("mètre", "mètres"),
    "cm": Noun("centimètre", "centimètres"),
    "mm": Noun("millimètre", "millimètres"),
    "nm": Noun("nanomètre", "nanomètres"),
    "km²": Noun("kilomètre carré", "kilomètres carrés"),
    "m²": Noun("mètre carré", "mètres carrés"),
    "m2": Noun("mètre carré", "mètres carrés"),
    "cm²": Noun("centimètre carré", "centimètres carrés"),
    "m³": Noun("mètre cube", "mètres cubes"),
    "m3": Noun("mètre cube", "mètres cubes"),
    "ha": Noun("hectare", "hectares"),
    "kg": Noun("kilogramme", "kilogrammes"),
    "g": Noun("gramme", "grammes"),
    "mg": Noun("milligramme", "milligrammes"),
    "t": Noun("tonne", "tonnes", is_feminine=True),
    "l": Noun("litre", "litres"),
    "L": Noun("litre", "litres"),
    "cl": Noun("centilitre", "centilitres"),
    "ml": Noun("millilitre", "millilitres"),
    "km/h": Noun("kilomètre heure", "kilomètres heure"),
    "m/s": Noun("mètre par seconde", "mètres par seconde"),
    "°C": Noun("degré Celsius", "degrés Celsius"),
    "°F": Noun("degré Fahrenheit", "degrés Fahrenheit"),
    "°": Noun("degré", "degrés"),
    "%": Noun("pour cent", "pour cent"),
    "h": Noun("heure", "heures", is_feminine=True),
    "Md": _BILLION,
    "Mds": _BILLION,
    "min": Noun("minute", "minutes", is_feminine=True),
    " s": Noun("seconde", "secondes", is_feminine=True),
    "ms": Noun("milliseconde", "millisecondes", is_feminine=True),
    "Hz": Noun("hertz", "hertz"),
    "kHz": Noun("kilohertz", "kilohertz"),
    "MHz": Noun("mégahertz", "mégahertz"),
    "GHz": Noun("gigahertz", "gigahertz"),
    "Ko": Noun("kilo-octet", "kilo-octets"),
    "Mo": Noun("mégaoctet", "mégaoctets"),
    "Go": Noun("gigaoctet", "gigaoctets"),
    "To": Noun("téraoctet", "téraoctets"),
    "MB": Noun("mégaoctet", "mégaoctets"),
    "GB": Noun("gigaoctet", "gigaoctets"),
    "V": Noun("volt", "volts"),
    "W": Noun("watt", "watts"),
    "kW": Noun("kilowatt", "kilowatts"),
    "MW": Noun("mégawatt", "mégawatts"),
    "kWh": Noun("kilowattheure", "kilowattheures"),
    "x": Noun("fois", "fois"),
    "dB": Noun("décibel", "décibels"),
    "kcal": Noun("kilocalorie", "kilocalories", is_feminine=True),
}

_SYMBOLS = {
    "&": "et", "@": "arobase", "+": "plus", "=": "égale", "×": "fois", "*": "fois", "÷": "divisé par",
    "±": "plus ou moins",
    "<": "inférieur à", ">": "supérieur à", "≤": "inférieur ou égal à", "≥": "supérieur ou égal à",
    "≠": "différent de", "≈": "environ", "~": "environ", "→": "vers", "⇒": "implique", "√": "racine carrée de",
    "∞": "infini", "π": "pi", "%": "pour cent", "°": "degrés", "$": "dollars", "€": "euros", "£": "livres",
    "§": "paragraphe", "№": "numéro", "^": "puissance", "^2": "au carré", "^3": "au cube",
}  # fmt: skip

_ABBREVIATIONS = {
    "MM.": "messieurs",
    "Mme.": "madame",
    "Mlle.": "mademoiselle",
    "Mme": "madame",
    "Mmes": "mesdames",
    "Mlle": "mademoiselle",
    "Mlles": "mesdemoiselles",
    "Mgr": "monseigneur",
    "etc.": "et cetera",
    "p. ex.": "par exemple",
    "c.-à-d.": "c'est-à-dire",
    "cf.": "voir",
    "env.": "environ",
    "av. J.-C.": "avant Jésus-Christ",
    "apr. J.-C.": "après Jésus-Christ",
    "ap. J.-C.": "après Jésus-Christ",
    "J.-C.": "Jésus-Christ",
    "bd": "boulevard",
    "tél.": "téléphone",
    "svp": "s'il vous plaît",
    "vol.": "volume",
    "éd.": "édition",
    "janv.": "janvier",
    "févr.": "février",
    "juil.": "juillet",
    "déc.": "décembre",
    "vs.": "contre",
    "vs": "contre",
}

_CONTEXTUAL = (
    (r"(?<![\w.])[nN]\.?[º°] ?(?=[^\W\d_]{2})", "numéro "),
    (r"(?<![\w.])M\.(?= [A-ZÀ-Ý])", "monsieur"),
    (r"(?<![\w.])Dr\.?(?= [A-ZÀ-Ý])", "docteur"),
    (r"(?<![\w.])Pr\.?(?= [A-ZÀ-Ý])", "professeur"),
    (r"(?<!\w)St-(?=[A-ZÀ-Ý])", "Saint-"),
    (r"(?<!\w)Ste-(?=[A-ZÀ-Ý])", "Sainte-"),
    (r"(?<![\w.])Me(?= [A-ZÀ-Ý])", "maître"),
    (r"(?<![\w.])(?:n°|N°|nº|no\.) ?(?=\d)", "numéro "),
    (r"(?<![\w.])pp?\. ?(?=\d)", "page "),
    (r"(?<![\w.])av\.(?= (?!J\.)[A-ZÀ-Ý])", "avenue"),
    (r"(?<=\w)/(?=(?:heure|jour|semaine|mois|an|nuit|personne|minute|seconde)\b)", " par "),
)

FRENCH = Lexicon(
    numbers=_NUMBERS,
    fractions=fractions.FRENCH,
    counts=counts.FRENCH,
    identifiers=identifiers.FRENCH,
    ordinals=_ORDINALS,
    money=_MONEY,
    calendar=_CALENDAR,
    clock=_CLOCK,
    durations=DURATIONS["fr"],
    weeks=WEEKS["fr"],
    roman=_ROMAN,
    letters=_LETTERS,
    addresses=_ADDRESSES,
    units=_UNITS,
    per="par",
    symbols=_SYMBOLS,
    signs=SIGNS["fr"],
    formulas=FORMULAS["fr"],
    abbreviations=_ABBREVIATIONS,
    contextual=_CONTEXTUAL,
)
