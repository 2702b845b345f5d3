"""Halves and other parts in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import FractionWords, Noun

ENGLISH = FractionWords(
    names={
        2: Noun("half", "halves"),
        3: Noun("third", "thirds"),
        4: Noun("quarter", "quarters"),
        5: Noun("fifth", "fifths"),
        6: Noun("sixth", "sixths"),
        7: Noun("seventh", "sevenths"),
        8: Noun("eighth", "eighths"),
        9: Noun("ninth", "ninths"),
        10: Noun("tenth", "tenths"),
        12: Noun("twelfth", "twelfths"),
        16: Noun("sixteenth", "sixteenths"),
        32: Noun("thirty-second", "thirty-seconds"),
        64: Noun("sixty-fourth", "sixty-fourths"),
        100: Noun("hundredth", "hundredths"),
    },
    over="over",
    mixed="{whole} and {fraction}",
    and_a_half="{whole} and a half",
    half_of=("half a {noun}", "half a {noun}"),
    part_of="{fraction} of a {noun}",
    elisions={r"\ba (?=[aeio]|hours?\b)": "an "},
)

GERMAN = FractionWords(
    names={
        2: Noun("halb", "halbe"),
        3: Noun("Drittel", "Drittel"),
        4: Noun("Viertel", "Viertel"),
        5: Noun("Fünftel", "Fünftel"),
        6: Noun("Sechstel", "Sechstel"),
        7: Noun("Siebtel", "Siebtel"),
        8: Noun("Achtel", "Achtel"),
        9: Noun("Neuntel", "Neuntel"),
        10: Noun("Zehntel", "Zehntel"),
        16: Noun("Sechzehntel", "Sechzehntel"),
        100: Noun("Hundertstel", "Hundertstel"),
    },
    over="durch",
    mixed="{whole} {fraction}",
    and_a_half="{whole}einhalb",
    half_of=("ein halber {noun}", "eine halbe {noun}"),
    articles="eine[nmr]?|ein",
    elisions={
        r"\bein halber (?=\w*(?:gramm|Jahr|jahr|Kilo|Pfund|Glas|Prozent|Dutzend|Stück|Brot|Bund|byte)\b)": (
            "ein halbes "
        ),
        r"\beine eine\b": "eine",
        r"\beinen ein halber\b": "einen halben",
        r"\beine([mr]) eine? halbe[rs]?\b": r"eine\1 halben",
        r"\bein ein\b": "ein",
    },
    measured=r"[A-ZÄÖÜ][a-zäöüß]{2,}",
)

FRENCH = FractionWords(
    names={
        2: Noun("demi", "demis"),
        3: Noun("tiers", "tiers"),
        4: Noun("quart", "quarts"),
        5: Noun("cinquième", "cinquièmes"),
        6: Noun("sixième", "sixièmes"),
        7: Noun("septième", "septièmes"),
        8: Noun("huitième", "huitièmes"),
        9: Noun("neuvième", "neuvièmes"),
        10: Noun("dixième", "dixièmes"),
        100: Noun("centième", "centièmes"),
    },
    over="sur",
    mixed="{whole} et {fraction}",
    and_a_half="{whole} et demi",
    mixed_of="{amount} et {part}",
    halves_in_mixed=("demi", "demie"),
    half_of=("un demi-{noun}", "une demi-{noun}"),
    part_of="{fraction} de {noun}",
    articles="une|un",
    elisions={
        r"\bde (?=[aeiouyâéèêîôû]|h(?:eure|ectare|abitant|ectolitre))": "d'",
        r"\b(une?) \1\b": r"\1",
    },
    singulars={"eaux": "eau", r"(?<!s)(?<!\bmoi)(?<!\bfoi)(?<!\bplu)s": ""},
    measured=(
        r"heures?|tasses?|litres?|kilos?|verres?|cuill[eè]r\w*(?: à (?:café|soupe|thé))?|"
        r"journées?|pages?|mètres?|kilomètres?|millions?|"
        r"milliards?|"
        r"douzaines?|baguettes?|livres?|bouteilles?|paquets?|pommes?|oignons?|citrons?|sachets?|mois|siècles?|"
        r"minutes?|pouces?|"
        r"journées?|an|euros?|dollars?|point"
    ),
)

SPANISH = FractionWords(
    names={
        2: Noun("medio", "medios"),
        3: Noun("tercio", "tercios"),
        4: Noun("cuarto", "cuartos"),
        5: Noun("quinto", "quintos"),
        6: Noun("sexto", "sextos"),
        7: Noun("séptimo", "séptimos"),
        8: Noun("octavo", "octavos"),
        9: Noun("noveno", "novenos"),
        10: Noun("décimo", "décimos"),
        100: Noun("centésimo", "centésimos"),
    },
    over="sobre",
    mixed="{whole} y {fraction}",
    and_a_half="{whole} y medio",
    mixed_of="{amount} y {part}",
    halves_in_mixed=("medio", "media"),
    half_of=("medio {noun}", "media {noun}"),
    part_of="{fraction} de {noun}",
    singulars={"ones": "ón", r"(?<=[lndjz])es": "", r"(?<=\bmes)es": "", r"(?<!\bme)s": ""},
    measured=(
        r"horas?|tazas?|litros?|kilos?|vasos?|cucharad\w+|días?|páginas?|metros?|kilómetros?|millón|docenas?|botellas?|"
        r"paquetes?|lim[óo]n|cebollas?|manzanas?|siglos?|mes(?:es)?|millas?|pulgadas?|años?|minutos?|libras?|euros?|"
        r"punto"
    ),
)

ITALIAN = FractionWords(
    names={
        2: Noun("mezzo", "mezzi"),
        3: Noun("terzo", "terzi"),
        4: Noun("quarto", "quarti"),
        5: Noun("quinto", "quinti"),
        6: Noun("sesto", "sesti"),
        7: Noun("settimo", "settimi"),
        8: Noun("ottavo", "ottavi"),
        9: Noun("nono", "noni"),
        10: Noun("decimo", "decimi"),
        100: Noun("centesimo", "centesimi"),
    },
    over="su",
    mixed="{whole} e {fraction}",
    and_a_half="{whole} e mezzo",
    mixed_of="{amount} e {part}",
    halves_in_mixed=("mezzo", "mezza"),
    half_of=("mezzo {noun}", "mezza {noun}"),
    part_of="{fraction} di {noun}",
    elisions={r"\bdi (?=or[ae]\b)": "d'", r"\bmezza (?=[aeiou])": "mezz'", r"\buna (?=[aeiou])": "un'"},
    feminine_plurals=("e",),
    singulars={r"\bmesi": "mese", "ioni": "ione", r"(?<=cucchia)i": "io", "he": "a", "i": "o", r"(?<!\bmes)e": "a"},
    measured=(
        r"or[ae]|tazz[ae]|litr[oi]|chil[oi]|bicchier[ei]|cucchiai\w*|giornat[ae]|pagin[ae]|metr[oi]|chilometr[oi]|"
        r"milione|"
        r"miliardo|dozzina|bottigli[ae]|pacc\w+|limon[ei]|cipoll[ae]|mel[ae]|secol[oi]|mes[ei]|ett[oi]|bustin[ae]|"
        r"ann[oi]|"
        r"miglio|euro|punto"
    ),
)

PORTUGUESE = FractionWords(
    names={
        2: Noun("meio", "meios"),
        3: Noun("terço", "terços"),
        4: Noun("quarto", "quartos"),
        5: Noun("quinto", "quintos"),
        6: Noun("sexto", "sextos"),
        7: Noun("sétimo", "sétimos"),
        8: Noun("oitavo", "oitavos"),
        9: Noun("nono", "nonos"),
        10: Noun("décimo", "décimos"),
        100: Noun("centésimo", "centésimos"),
    },
    over="sobre",
    mixed="{whole} e {fraction}",
    and_a_half="{whole} e meio",
    mixed_of="{amount} e {part}",
    halves_in_mixed=("meio", "meia"),
    half_of=("meio {noun}", "meia {noun}"),
    part_of="{fraction} de {noun}",
    singulars={"ões": "ão", r"\bmeses": "mês", "res": "r", r"(?<!\bmê)s": ""},
    measured=(
        r"horas?|xícaras?|litros?|quilos?|copos?|colher(?:es)?(?: de (?:sopa|chá|café|sobremesa))?|"
        r"dias?|páginas?|metros?|quilômetros?|milhão|bilhão|"
        r"dúzias?|"
        r"garrafas?|pacotes?|limão|cebolas?|maçãs?|séculos?|mês|meses|milhas?|polegadas?|anos?|minutos?|euros?|ponto"
    ),
)
