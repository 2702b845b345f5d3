"""Portuguese, as it is spoken in Brazil."""

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
    num2words_code="pt_BR",
    decimal_mark=",",
    thousands_marks=" .",
    point="vírgula",
    minus="menos",
    to="a",
    says_decimals_as_number=True,
    singular_below_two=True,
    before_feminine={r"\bum": "uma", r"\bdois": "duas"},
    feminine_within={r"entos\b(?!.*lh)": "entas", r"\bdois (?=mil\b)": "duas "},
    feminine_nouns_end_in=("a", "colher", "colhere", "vez", "veze", "mulher", "mulhere", "ção", "são", "dade", "gem"),
    uncounted_words=frozenset([
        "para", "uma", "era", "foi", "que", "por", "com", "dos", "das", "mais", "até", "contra",
    ]),
    masculine_nouns=frozenset([
        "dia", "mapa", "problema", "programa", "sistema", "tema", "idioma", "planeta", "grama",
        "quilograma",
    ]),
    ten_to="dez elevado a",
)  # fmt: skip

_ORDINALS = OrdinalWords(
    masculine_marks=r"\.?º|\.?°(?= ?[a-záéíóúâêôãõç]{3})",
    feminine_marks=r"\.?ª",
    to_feminine={r"o\b": "a"},
)

_CENTAVO = Noun("centavo", "centavos")
_EURO = Currency(Noun("euro", "euros"), Noun("cêntimo", "cêntimos"))
_DOLLAR = Currency(Noun("dólar", "dólares"), _CENTAVO)
_REAL = Currency(Noun("real", "reais"), _CENTAVO)
_POUND = Currency(Noun("libra", "libras", is_feminine=True), Noun("pêni", "pence"))
_YEN = Currency(Noun("iene", "ienes"))
_FRANC = Currency(Noun("franco suíço", "francos suíços"), Noun("cêntimo", "cêntimos"))
_RUPEE = Currency(Noun("rupia", "rupias", is_feminine=True))
_LAKH = Noun("lakh", "lakhs")
_CRORE = Noun("crore", "crores")
_MILLION = Noun("milhão", "milhões")
_BILLION = Noun("bilhão", "bilhões")

_MONEY = MoneyWords(
    currencies={
        "R$": _REAL, "BRL": _REAL, "€": _EURO, "EUR": _EURO, "$": _DOLLAR, "US$": _DOLLAR, "USD": _DOLLAR, "£": _POUND,
        "GBP": _POUND, "¥": _YEN, "CHF": _FRANC, "₹": _RUPEE, "INR": _RUPEE,
    },
    magnitudes={
        "mil": Noun("mil", "mil"), "K": Noun("mil", "mil"), "k": Noun("mil", "mil"), "M": _MILLION, "mi": _MILLION,
        "milhão": _MILLION, "milhões": _MILLION, "bi": _BILLION, "bilhão": _BILLION, "bilhões": _BILLION,
        "MM": _MILLION, "lakh": _LAKH, "lakhs": _LAKH, "crore": _CRORE, "crores": _CRORE,
    },
    with_cents="{units} e {cents}",
    of="de ",
    of_before_vowel="de ",
    never_takes_of="mil",
)  # fmt: skip

_CALENDAR = CalendarWords(
    months=(
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro",
    ),
    month_abbreviations={
        "jan": 1, "fev": 2, "mar": 3, "abr": 4, "jun": 6, "jul": 7, "ago": 8, "set": 9, "out": 10, "nov": 11, "dez": 12,
    },
    day_first=True,
    date="{day} de {month}",
    day_first_date="{day} de {month}",
    year=" de {year}",
    year_of_month=" de {year}",
    leads=[
        "dia", "dias", "até",
        "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo",
    ],
    first_day="primeiro",
)  # fmt: skip

_CLOCK = ClockWords(
    on_the_hour="{hour} {hours}",
    with_minutes="{hour} e {minute}",
    hour=Noun("hora", "horas", is_feminine=True),
    hour_marks=r" ?h(?:rs?|oras)?(?!\w)| ?h(?=\d)",
    at="às ",
    at_one="à ",
)

_ROMAN = RomanWords(
    sovereigns=frozenset([
        "Luís", "Henrique", "Carlos", "Filipe", "Fernando", "Afonso", "João", "Isabel", "Elizabeth", "Jorge", "Eduardo",
        "Guilherme", "Ricardo", "Nicolau", "Alexandre", "Catarina", "Pedro", "Frederico", "Leopoldo", "Alberto",
        "Manuel",
        "Paulo", "João Paulo", "Pio", "Bento", "Leão", "Gregório", "Clemente", "Inocêncio", "Júlio", "Napoleão",
        "Sancho",
        "José", "Maria", "Francisco",
    ]),
    sovereign="{number}",
    ordinals_to=10,
    after=frozenset(["capítulo", "parte", "tomo", "volume", "ato", "cena", "artigo", "fase", "tipo", "nível", "livro"]),
    ordinals_after=frozenset(["século", "Século"]),
)  # fmt: skip

_LETTERS = LetterWords(
    words=frozenset([
        "NÃO", "SIM", "BOM", "MAIS", "ONU", "OTAN", "OVNI", "AIDS", "SUS", "PIS", "USP", "UFO", "VIP", "OK", "CEP",
        "UTI",
        "OMS", "PUC",
    ]),
    spelled=frozenset(["IBGE", "BNDES"]),
    respelled={
        "24/7": "vinte e quatro horas por dia",
        "C++": "C mais mais",
        "C#": "C sharp",
        "H2O": "agá dois ó",
        "B2B": "B to B",
    },
)  # fmt: skip

_ADDRESSES = AddressWords(
    at="arroba", dot="ponto", slash="barra", dash="hífen", underscore="sublinhado", hashtag="hashtag",
    number_sign="número", version="versão",
)  # fmt: skip

_UNITS = {
    "km": Noun("quilômetro", "quilômetros"),
    "m": Noun("metro", "metros"),
    "cm": Noun("centímetro", "centímetros"),
    "mm": Noun("milímetro", "milímetros"),
    "nm": Noun("nanômetro", "nanômetros"),
    "km²": Noun("quilômetro quadrado", "quilômetros quadrados"),
    "m²": Noun("metro quadrado", "metros quadrados"),
    "m2": Noun("metro quadrado", "metros quadrados"),
    "cm²": Noun("centímetro quadrado", "centímetros quadrados"),
    "m³": Noun("metro cúbico", "metros cúbicos"),
    "ha": Noun("hectare", "hectares"),
    "kg": Noun("quilo", "quilos"),
    "g": Noun("grama", "gramas"),
    "mg": Noun("miligrama", "miligramas"),
    "t": Noun("tonelada", "toneladas", is_feminine=True),
    "l": Noun("litro", "litros"),
    "L": Noun("litro", "litros"),
    "ml": Noun("mililitro", "mililitros"),
    "km/h": Noun("quilômetro por hora", "quilômetros por hora"),
    "m/s": Noun("metro por segundo", "metros por segundo"),
    "°C": Noun("grau Celsius", "graus Celsius"),
    "ºC": Noun("grau Celsius", "graus Celsius"),
    "°F": Noun("grau Fahrenheit", "graus Fahrenheit"),
    "°": Noun("grau", "graus"),
    "%": Noun("por cento", "por cento"),
    "min": Noun("minuto", "minutos"),
    " s": Noun("segundo", "segundos"),
    "ms": Noun("milissegundo", "milissegundos"),
    "h": Noun("hora", "horas", is_feminine=True),
    "mi": _MILLION,
    "bi": _BILLION,
    "x": Noun("vez", "vezes", is_feminine=True),
    "Hz": Noun("hertz", "hertz"),
    "kHz": Noun("quilohertz", "quilohertz"),
    "MHz": Noun("megahertz", "megahertz"),
    "GHz": Noun("gigahertz", "gigahertz"),
    "KB": Noun("kilobyte", "kilobytes"),
    "MB": Noun("megabyte", "megabytes"),
    "GB": Noun("gigabyte", "gigabytes"),
    "TB": Noun("terabyte", "terabytes"),
    "V": Noun("volt", "volts"),
    "W": Noun("watt", "watts"),
    "kW": Noun("quilowatt", "quilowatts"),
    "MW": Noun("megawatt", "megawatts"),
    "kWh": Noun("quilowatt-hora", "quilowatts-hora"),
    "dB": Noun("decibel", "decibéis"),
    "kcal": Noun("quilocaloria", "quilocalorias", is_feminine=True),
}

_SYMBOLS = {
    "&": "e", "@": "arroba", "+": "mais", "=": "igual a", "×": "vezes", "*": "vezes", "÷": "dividido por",
    "±": "mais ou menos", "<": "menor que", ">": "maior que", "≤": "menor ou igual a", "≥": "maior ou igual a",
    "≠": "diferente de", "≈": "aproximadamente", "~": "aproximadamente", "→": "para", "⇒": "implica",
    "√": "raiz quadrada de", "∞": "infinito", "π": "pi", "%": "por cento", "°": "graus", "$": "dólares", "€": "euros",
    "£": "libras", "§": "parágrafo", "№": "número", "^": "elevado a", "^2": "ao quadrado", "^3": "ao cubo",
}  # fmt: skip

_ABBREVIATIONS = {
    "Sr.": "senhor",
    "Sra.": "senhora",
    "Srta.": "senhorita",
    "Srs.": "senhores",
    "Dr.": "doutor",
    "Dra.": "doutora",
    "Prof.": "professor",
    "Profa.": "professora",
    "Prof.ª": "professora",
    "Eng.": "engenheiro",
    "Exmo.": "excelentíssimo",
    "V. Exa.": "vossa excelência",
    "etc.": "et cetera",
    "p. ex.": "por exemplo",
    "a. C.": "antes de Cristo",
    "d. C.": "depois de Cristo",
    "núm.": "número",
    "pág.": "página",
    "págs.": "páginas",
    "art.": "artigo",
    "cap.": "capítulo",
    "vol.": "volume",
    "séc.": "século",
    "Av.": "avenida",
    "aprox.": "aproximadamente",
    "vs.": "contra",
    "Gen.": "general",
    "tel.": "telefone",
    "Ltda.": "limitada",
    "máx.": "máximo",
    "mín.": "mínimo",
    "cf.": "confira",
}

_CONTEXTUAL = (
    (r"(?<![\w.])[nN]\.?[º°] ?(?=[^\W\d_]{2})", "número "),
    (r"(?<![\w.])R\.(?= [A-ZÀ-Ú])", "rua"),
    (r"(?<![\w.])D\.(?= [A-ZÁÉÍÓÚ][\w]+ (?:[IVX]+\b))", "dom"),
    (r"(?<![\w.])S\.(?= [A-Z][a-z])", "São"),
    (r"(?<![\w.])(?:n\.?[º°]|N\.?[º°]) ?(?=\d)", "número "),
    (r"(?<![\w.])pp\. ?(?=\d)", "páginas "),
    (r"(?<![\w.])p\. ?(?=\d)", "página "),
    (r"(?<=\w)/(?=(?:hora|dia|semana|mês|ano|noite|pessoa|minuto|segundo)\b)", " por "),
)

PORTUGUESE = Lexicon(
    numbers=_NUMBERS,
    fractions=fractions.PORTUGUESE,
    counts=counts.PORTUGUESE,
    identifiers=identifiers.PORTUGUESE,
    ordinals=_ORDINALS,
    money=_MONEY,
    calendar=_CALENDAR,
    clock=_CLOCK,
    durations=DURATIONS["pt"],
    weeks=WEEKS["pt"],
    roman=_ROMAN,
    letters=_LETTERS,
    addresses=_ADDRESSES,
    units=_UNITS,
    per="por",
    symbols=_SYMBOLS,
    signs=SIGNS["pt"],
    formulas=FORMULAS["pt"],
    abbreviations=_ABBREVIATIONS,
    contextual=_CONTEXTUAL,
)
