"""Formulas in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import FormulaWords

_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
_SIGNS = "←↑↓↔⇔∈∉⊂⊆∪∩∀∃∅∂∇∝≡∴∵¬∧∨≪≫∓∥⊥∠∘∛∜‰−"


def _letters(names: str) -> dict[str, str]:
    """The names of the Greek letters, in alphabetical order; a capital has the name of its lower-case letter."""
    small = dict(zip(_LETTERS, names.split(), strict=True))
    variants = {"ς": small["σ"], "ϕ": small["φ"], "ϑ": small["θ"], "ϵ": small["ε"], "µ": small["μ"]}
    return small | variants | {letter.upper(): name for letter, name in small.items()}


def _signs(names: str) -> dict[str, str]:
    return dict(zip(_SIGNS, (name.strip() for name in names.split("|")), strict=True))


FORMULAS = {
    "en": FormulaWords(
        letters=_letters(
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
            "upsilon phi "
            "chi psi omega"
        ),
        signs=_signs(
            "from|up|down|and|if and only if|is in|is not in|is a subset of|is a subset of|union|intersection|for all|"
            "there exists|the empty set|partial|del|is proportional to|is equivalent to|therefore|because|not|and|or|"
            "is much less than|is much greater than|minus or plus|is parallel to|is perpendicular to|angle|"
            "composed with|"
            "the cube root of|the fourth root of|per mille|minus"
        ),
        functions={
            "sin": "sine", "cos": "cosine", "tan": "tangent", "cot": "cotangent", "arcsin": "arc sine",
            "arccos": "arc cosine", "arctan": "arc tangent", "sinh": "hyperbolic sine", "cosh": "hyperbolic cosine",
            "tanh": "hyperbolic tangent", "log": "log", "ln": "natural log", "exp": "exponential", "det": "determinant",
            "gcd": "greatest common divisor", "max": "maximum", "min": "minimum",
        },
        of="of",
        given="given",
        base="{function} base {base}",
        subscript="{base} sub {index}",
        prime="prime",
        factorial="{number} factorial",
        choose="choose",
        absolute="the absolute value of {value}",
        root="the {n} root of",
        nth="nth",
        big_signs={"∫": "the integral", "∑": "the sum", "∏": "the product"},
        between="{name} from {low} to {high} of",
        over="{name} over {low} of",
        limit="the limit as {variable} approaches {value} of",
    ),
    "de": FormulaWords(
        letters=_letters(
            "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda My Ny Xi Omikron Pi Rho Sigma Tau "
            "Ypsilon Phi "
            "Chi Psi Omega"
        ),
        signs=_signs(
            "von|hoch|runter|und|genau dann, wenn|Element von|kein Element von|Teilmenge von|Teilmenge von|"
            "vereinigt mit|"
            "geschnitten mit|für alle|es existiert|die leere Menge|partiell|Nabla|proportional zu|identisch mit|"
            "daher|weil|"
            "nicht|und|oder|viel kleiner als|viel größer als|minus plus|parallel zu|senkrecht zu|Winkel|verknüpft mit|"
            "dritte Wurzel aus|vierte Wurzel aus|Promille|minus"
        ),
        functions={
            "sin": "Sinus", "cos": "Kosinus", "tan": "Tangens", "cot": "Kotangens", "arcsin": "Arkussinus",
            "arccos": "Arkuskosinus", "arctan": "Arkustangens", "sinh": "Sinus hyperbolicus",
            "cosh": "Kosinus hyperbolicus", "tanh": "Tangens hyperbolicus", "log": "Logarithmus",
            "ln": "natürlicher Logarithmus", "exp": "Exponentialfunktion", "det": "Determinante",
            "gcd": "größter gemeinsamer Teiler", "max": "Maximum", "min": "Minimum",
        },
        of="von",
        given="gegeben",
        base="{function} zur Basis {base}",
        subscript="{base} {index}",
        prime="Strich",
        factorial="{number} Fakultät",
        choose="über",
        absolute="Betrag von {value}",
        root="{n} Wurzel aus",
        nth="n-te",
        big_signs={"∫": "Integral", "∑": "Summe", "∏": "Produkt"},
        between="{name} von {low} bis {high} über",
        over="{name} über {low} von",
        limit="Limes für {variable} gegen {value} von",
    ),
    "fr": FormulaWords(
        letters=_letters(
            "alpha bêta gamma delta epsilon zêta êta thêta iota kappa lambda mu nu xi omicron pi rhô sigma tau "
            "upsilon phi "
            "chi psi oméga"
        ),
        signs=_signs(
            "depuis|en hausse|en baisse|et|si et seulement si|appartient à|n'appartient pas à|inclus dans|"
            "inclus dans|union|"
            "inter|pour tout|il existe|l'ensemble vide|d rond|nabla|proportionnel à|identique à|donc|car|non|et|ou|"
            "très inférieur à|très supérieur à|moins ou plus|parallèle à|perpendiculaire à|angle|rond|"
            "racine cubique de|racine quatrième de|pour mille|moins"
        ),
        functions={
            "sin": "sinus", "cos": "cosinus", "tan": "tangente", "cot": "cotangente", "arcsin": "arc sinus",
            "arccos": "arc cosinus", "arctan": "arc tangente", "sinh": "sinus hyperbolique",
            "cosh": "cosinus hyperbolique", "tanh": "tangente hyperbolique", "log": "logarithme",
            "ln": "logarithme népérien", "exp": "exponentielle", "det": "déterminant",
            "gcd": "plus grand commun diviseur", "max": "maximum", "min": "minimum",
        },
        of="de",
        given="sachant",
        base="{function} en base {base}",
        subscript="{base} indice {index}",
        prime="prime",
        factorial="factorielle {number}",
        choose="parmi",
        absolute="valeur absolue de {value}",
        root="racine {n} de",
        nth="énième",
        big_signs={"∫": "intégrale", "∑": "somme", "∏": "produit"},
        between="{name} de {low} à {high} de",
        over="{name} sur {low} de",
        limit="limite quand {variable} tend vers {value} de",
    ),
    "es": FormulaWords(
        letters=_letters(
            "alfa beta gamma delta épsilon dseta eta theta iota kappa lambda mu nu xi ómicron pi ro sigma tau "
            "ípsilon fi ji "
            "psi omega"
        ),
        signs=_signs(
            "desde|al alza|a la baja|y|si y solo si|pertenece a|no pertenece a|subconjunto de|subconjunto de|unión|"
            "intersección|para todo|existe|el conjunto vacío|parcial|nabla|proporcional a|idéntico a|por tanto|"
            "porque|no|y|o|"
            "mucho menor que|mucho mayor que|menos o más|paralelo a|perpendicular a|ángulo|compuesta con|"
            "raíz cúbica de|raíz cuarta de|por mil|menos"
        ),
        functions={
            "sin": "seno", "sen": "seno", "cos": "coseno", "tan": "tangente", "cot": "cotangente", "arcsin": "arcoseno",
            "arccos": "arcocoseno", "arctan": "arcotangente", "sinh": "seno hiperbólico", "cosh": "coseno hiperbólico",
            "tanh": "tangente hiperbólica", "log": "logaritmo", "ln": "logaritmo natural", "exp": "exponencial",
            "det": "determinante", "gcd": "máximo común divisor", "max": "máximo", "min": "mínimo",
        },
        of="de",
        given="dado",
        base="{function} en base {base}",
        subscript="{base} sub {index}",
        prime="prima",
        factorial="{number} factorial",
        choose="sobre",
        absolute="valor absoluto de {value}",
        root="raíz {n} de",
        nth="enésima",
        roots_are_feminine=True,
        big_signs={"∫": "integral", "∑": "suma", "∏": "producto"},
        between="{name} de {low} a {high} de",
        over="{name} sobre {low} de",
        limit="límite cuando {variable} tiende a {value} de",
    ),
    "it": FormulaWords(
        letters=_letters(
            "alfa beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi ro sigma tau "
            "ipsilon fi chi "
            "psi omega"
        )
        | {"π": "pi greco"},
        signs=_signs(
            "da|in aumento|in calo|e|se e solo se|appartiene a|non appartiene a|sottoinsieme di|sottoinsieme di|unione|"
            "intersezione|per ogni|esiste|l'insieme vuoto|derivata parziale|nabla|proporzionale a|identico a|"
            "quindi|perché|"
            "non|e|o|molto minore di|molto maggiore di|meno o più|parallelo a|perpendicolare a|angolo|composta con|"
            "radice cubica di|radice quarta di|per mille|meno"
        ),
        functions={
            "sin": "seno", "sen": "seno", "cos": "coseno", "tan": "tangente", "cot": "cotangente", "arcsin": "arcoseno",
            "arccos": "arcocoseno", "arctan": "arcotangente", "sinh": "seno iperbolico", "cosh": "coseno iperbolico",
            "tanh": "tangente iperbolica", "log": "logaritmo", "ln": "logaritmo naturale", "exp": "esponenziale",
            "det": "determinante", "gcd": "massimo comune divisore", "max": "massimo", "min": "minimo",
        },
        of="di",
        given="dato",
        base="{function} in base {base}",
        subscript="{base} con {index}",
        prime="primo",
        factorial="{number} fattoriale",
        choose="su",
        absolute="valore assoluto di {value}",
        root="radice {n} di",
        nth="ennesima",
        roots_are_feminine=True,
        big_signs={"∫": "integrale", "∑": "somma", "∏": "prodotto"},
        between="{name} da {low} a {high} di",
        over="{name} su {low} di",
        limit="limite per {variable} che tende a {value} di",
    ),
    "pt": FormulaWords(
        letters=_letters(
            "alfa beta gama delta épsilon zeta eta teta iota capa lambda mi ni csi ômicron pi rô sigma tau "
            "ípsilon fi qui psi "
            "ômega"
        ),
        signs=_signs(
            "de|em alta|em baixa|e|se e somente se|pertence a|não pertence a|subconjunto de|subconjunto de|"
            "união|interseção|"
            "para todo|existe|o conjunto vazio|parcial|nabla|proporcional a|idêntico a|portanto|porque|não|e|ou|"
            "muito menor que|muito maior que|menos ou mais|paralelo a|perpendicular a|ângulo|composta com|"
            "raiz cúbica de|raiz quarta de|por mil|menos"
        ),
        functions={
            "sin": "seno", "sen": "seno", "cos": "cosseno", "tan": "tangente", "tg": "tangente", "cot": "cotangente",
            "arcsin": "arco seno", "arccos": "arco cosseno", "arctan": "arco tangente", "sinh": "seno hiperbólico",
            "cosh": "cosseno hiperbólico", "tanh": "tangente hiperbólica", "log": "logaritmo",
            "ln": "logaritmo natural", "exp": "exponencial", "det": "determinante", "gcd": "máximo divisor comum",
            "max": "máximo",
            "min": "mínimo",
        },
        of="de",
        given="dado",
        base="{function} na base {base}",
        subscript="{base} índice {index}",
        prime="linha",
        factorial="{number} fatorial",
        choose="escolhe",
        absolute="módulo de {value}",
        root="raiz {n} de",
        nth="enésima",
        roots_are_feminine=True,
        big_signs={"∫": "integral", "∑": "soma", "∏": "produto"},
        between="{name} de {low} a {high} de",
        over="{name} sobre {low} de",
        limit="limite quando {variable} tende a {value} de",
    ),
}  # fmt: skip
"""By ISO 639-1 code."""
