"""Spanish."""

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
    num2words_code="es",
    decimal_mark=",",
    thousands_marks=" .",
    point="coma",
    minus="menos",
    to="a",
    says_decimals_as_number=True,
    corrections={
        r"veintiuno (?=mil)": "veintiún ",
        r"uno (?=mil)": "un ",
        r"décimoprimero": "undécimo",
        r"décimosegundo": "duodécimo",
        r"décimo (tercero|cuarto|quinto|sexto|séptimo|octavo|noveno)$": r"décimo \1",
    },
    before_masculine={r"veintiuno": "veintiún", r"\buno": "un"},
    before_feminine={r"uno": "una"},
    feminine_within={r"ientos\b(?!.*\bmill)": "ientas"},
    feminine_nouns_end_in=("a", "ción", "sión", "dad", "tad", "tud"),
    uncounted_words=frozenset([
        "para", "una", "era", "fue", "que", "por", "con", "los", "las", "más", "hasta", "contra",
    ]),
    masculine_nouns=frozenset(["día", "mapa", "problema", "programa", "sistema", "tema", "idioma", "planeta"]),
    ten_to="diez elevado a",
)  # fmt: skip

_ORDINALS = OrdinalWords(
    masculine_marks=r"\.?[º°](?= ?[a-záéíóúñ]{3})|\.?º|\.?er|ero|do|to",
    feminine_marks=r"\.?ª|ra|da|ta",
    to_feminine={r"o\b": "a"},
    exceptions={"1er": "primer", "1.er": "primer", "3er": "tercer", "3.er": "tercer"},
)

_CENTAVO = Noun("centavo", "centavos")
_EURO = Currency(Noun("euro", "euros"), Noun("céntimo", "céntimos"))
_DOLLAR = Currency(Noun("dólar", "dólares"), _CENTAVO)
_POUND = Currency(Noun("libra", "libras", is_feminine=True), Noun("penique", "peniques"))
_YEN = Currency(Noun("yen", "yenes"))
_FRANC = Currency(Noun("franco suizo", "francos suizos"), Noun("céntimo", "céntimos"))
_PESO = Currency(Noun("peso mexicano", "pesos mexicanos"), _CENTAVO)
_RUPEE = Currency(Noun("rupia", "rupias", is_feminine=True))
_LAKH = Noun("lakh", "lakhs")
_CRORE = Noun("crore", "crores")
_MILLION = Noun("millón", "millones")
_BILLION = Noun("mil millones", "mil millones")

_MONEY = MoneyWords(
    currencies={
        "€": _EURO, "EUR": _EURO, "$": _DOLLAR, "US$": _DOLLAR, "USD": _DOLLAR, "£": _POUND, "GBP": _POUND, "¥": _YEN,
        "CHF": _FRANC, "MXN": _PESO, "MX$": _PESO, "R$": Currency(Noun("real", "reales"), _CENTAVO),
        "₹": _RUPEE, "INR": _RUPEE,
    },
    magnitudes={
        "K": Noun("mil", "mil"), "k": Noun("mil", "mil"), "M": _MILLION, "mill.": _MILLION, "millón": _MILLION,
        "millones": _MILLION, "mil millones": _BILLION, "MM": _MILLION, "lakh": _LAKH, "lakhs": _LAKH, "crore": _CRORE,
        "crores": _CRORE,
    },
    with_cents="{units} con {cents}",
    of="de ",
    of_before_vowel="de ",
    never_takes_of="mil",
)  # fmt: skip

_CALENDAR = CalendarWords(
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    month_abbreviations={
        "ene": 1, "feb": 2, "mar": 3, "abr": 4, "jun": 6, "jul": 7, "ago": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11,
        "dic": 12,
    },
    day_first=True,
    date="{day} de {month}",
    day_first_date="{day} de {month}",
    year=" de {year}",
    year_of_month=" de {year}",
    leads=[
        "el", "al", "del", "día",
        "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
    ],
    first_day="primero",
)  # fmt: skip

_CLOCK = ClockWords(
    on_the_hour="{hour}",
    with_minutes="{hour} y {minute}",
    hour=Noun("hora", "horas", is_feminine=True),
    hour_marks=r" ?h(?:s|oras)?(?!\w)",
    halves_of_day={"a": "de la mañana", "p": "de la tarde"},
    at="a las ",
    at_one="a la ",
)

_ROMAN = RomanWords(
    sovereigns=frozenset([
        "Luis", "Enrique", "Carlos", "Felipe", "Fernando", "Alfonso", "Juan Carlos", "Isabel", "Jorge", "Eduardo",
        "Guillermo", "Ricardo", "Jacobo", "Nicolás", "Alejandro", "Catalina", "Pedro", "Federico", "Leopoldo",
        "Alberto",
        "Juan", "Pablo", "Juan Pablo", "Pío", "Benedicto", "León", "Gregorio", "Clemente", "Inocencio", "Urbano",
        "Julio",
        "Napoleón", "Sancho", "Ramiro", "Francisco",
    ]),
    sovereign="{number}",
    ordinals_to=10,
    after=frozenset([
        "capítulo", "parte", "tomo", "volumen", "acto", "escena", "artículo", "fase", "tipo", "nivel", "libro",
    ]),
    ordinals_after=frozenset(["siglo", "Siglo"]),
)  # fmt: skip

_LETTERS = LetterWords(
    words=frozenset([
        "NO", "SÍ", "MUY", "MÁS", "QUE", "ONU", "OTAN", "IVA", "OVNI", "SIDA", "RENFE", "AVE", "PIB", "OEA", "UNAM",
        "DAO", "OK", "ONCE", "UCI", "PYME", "OMS",
    ]),
    spelled=frozenset(["RTVE", "UGT"]),
    respelled={
        "EE. UU.": "Estados Unidos",
        "EE.UU.": "Estados Unidos",
        "EEUU": "Estados Unidos",
        "S.A.": "ese a",
        "24/7": "veinticuatro horas al día",
        "C++": "C más más",
        "C#": "C sharp",
        "H2O": "hache dos o",
        "B2B": "B to B",
    },
)  # fmt: skip

_ADDRESSES = AddressWords(
    at="arroba", dot="punto", slash="barra", dash="guion", underscore="guion bajo", hashtag="hashtag",
    number_sign="número", version="versión",
)  # fmt: skip

_UNITS = {
    "km": Noun("kilómetro", "kilómetros"),
    "m": Noun("metro", "metros"),
    "cm": Noun("centímetro", "centímetros"),
    "mm": Noun("milímetro", "milímetros"),
    "nm": Noun("nanómetro", "nanómetros"),
    "km²": Noun("kilómetro cuadrado", "kilómetros cuadrados"),
    "m²": Noun("metro cuadrado", "metros cuadrados"),
    "m2": Noun("metro cuadrado", "metros cuadrados"),
    "cm²": Noun("centímetro cuadrado", "centímetros cuadrados"),
    "m³": Noun("metro cúbico", "metros cúbicos"),
    "ha": Noun("hectárea", "hectáreas", is_feminine=True),
    "kg": Noun("kilo", "kilos"),
    "g": Noun("gramo", "gramos"),
    "gr": Noun("gramo", "gramos"),
    "mg": Noun("miligramo", "miligramos"),
    "t": Noun("tonelada", "toneladas", is_feminine=True),
    "l": Noun("litro", "litros"),
    "L": Noun("litro", "litros"),
    "cl": Noun("centilitro", "centilitros"),
    "ml": Noun("mililitro", "mililitros"),
    "km/h": Noun("kilómetro por hora", "kilómetros por hora"),
    "m/s": Noun("metro por segundo", "metros por segundo"),
    "°C": Noun("grado Celsius", "grados Celsius"),
    "ºC": Noun("grado Celsius", "grados Celsius"),
    "°F": Noun("grado Fahrenheit", "grados Fahrenheit"),
    "°": Noun("grado", "grados"),
    "%": Noun("por ciento", "por ciento"),
    "h": Noun("hora", "horas", is_feminine=True),
    "min": Noun("minuto", "minutos"),
    " s": Noun("segundo", "segundos"),
    "ms": Noun("milisegundo", "milisegundos"),
    "x": Noun("vez", "veces", is_feminine=True),
    "Hz": Noun("hercio", "hercios"),
    "kHz": Noun("kilohercio", "kilohercios"),
    "MHz": Noun("megahercio", "megahercios"),
    "GHz": Noun("gigahercio", "gigahercios"),
    "KB": Noun("kilobyte", "kilobytes"),
    "MB": Noun("megabyte", "megabytes"),
    "GB": Noun("gigabyte", "gigabytes"),
    "TB": Noun("terabyte", "terabytes"),
    "V": Noun("voltio", "voltios"),
    "W": Noun("vatio", "vatios"),
    "kW": Noun("kilovatio", "kilovatios"),
    "MW": Noun("megavatio", "megavatios"),
    "kWh": Noun("kilovatio hora", "kilovatios hora"),
    "dB": Noun("decibelio", "decibelios"),
    "kcal": Noun("kilocaloría", "kilocalorías", is_feminine=True),
}

_SYMBOLS = {
    "&": "y", "@": "arroba", "+": "más", "=": "igual a", "×": "por", "*": "por", "÷": "entre", "±": "más o menos",
    "<": "menor que", ">": "mayor que", "≤": "menor o igual que", "≥": "mayor o igual que", "≠": "distinto de",
    "≈": "aproximadamente", "~": "aproximadamente", "→": "a", "⇒": "implica", "√": "raíz cuadrada de", "∞": "infinito",
    "π": "pi", "%": "por ciento", "°": "grados", "$": "dólares", "€": "euros", "£": "libras", "§": "sección",
    "№": "número", "^": "elevado a", "^2": "al cuadrado", "^3": "al cubo",
}  # fmt: skip

_ABBREVIATIONS = {
    "Sr.": "señor",
    "Sra.": "señora",
    "Srta.": "señorita",
    "Sres.": "señores",
    "Dr.": "doctor",
    "Dra.": "doctora",
    "Prof.": "profesor",
    "Profa.": "profesora",
    "Lic.": "licenciado",
    "Ing.": "ingeniero",
    "Dña.": "doña",
    "Ud.": "usted",
    "Uds.": "ustedes",
    "Vd.": "usted",
    "etc.": "etcétera",
    "p. ej.": "por ejemplo",
    "a. C.": "antes de Cristo",
    "d. C.": "después de Cristo",
    "núm.": "número",
    "pág.": "página",
    "págs.": "páginas",
    "art.": "artículo",
    "cap.": "capítulo",
    "vol.": "volumen",
    "Avda.": "avenida",
    "Av.": "avenida",
    "c/": "calle",
    "aprox.": "aproximadamente",
    "vs.": "contra",
    "Gral.": "general",
    "tel.": "teléfono",
    "dpto.": "departamento",
    "máx.": "máximo",
    "mín.": "mínimo",
    "cf.": "compárese",
}

_CONTEXTUAL = (
    (r"(?<![\w.])[nN]\.?[º°] ?(?=[^\W\d_]{2})", "número "),
    (r"(?<![\w.])D\.(?= [A-ZÁÉÍÓÚ])", "don"),
    (r"(?<![\w.])Sto\.(?= [A-Z])", "Santo"),
    (r"(?<![\w.])S\.(?= [A-Z][a-z])", "San"),
    (r"(?<![\w.])(?:n\.?[º°]|N\.?[º°]|nro\.) ?(?=\d)", "número "),
    (r"(?<![\w.])pp\. ?(?=\d)", "páginas "),
    (r"(?<![\w.])p\. ?(?=\d)", "página "),
    (r"(?<=\w)/(?=(?:hora|día|semana|mes|año|noche|persona|minuto|segundo)\b)", " por "),
)

SPANISH = Lexicon(
    numbers=_NUMBERS,
    fractions=fractions.SPANISH,
    counts=counts.SPANISH,
    identifiers=identifiers.SPANISH,
    ordinals=_ORDINALS,
    money=_MONEY,
    calendar=_CALENDAR,
    clock=_CLOCK,
    durations=DURATIONS["es"],
    weeks=WEEKS["es"],
    roman=_ROMAN,
    letters=_LETTERS,
    addresses=_ADDRESSES,
    units=_UNITS,
    per="por",
    symbols=_SYMBOLS,
    signs=SIGNS["es"],
    formulas=FORMULAS["es"],
    abbreviations=_ABBREVIATIONS,
    contextual=_CONTEXTUAL,
)
