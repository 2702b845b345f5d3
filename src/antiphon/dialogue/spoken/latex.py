r"""From LaTeX to one line of plain text, in Unicode's linear notation: \frac{a+b}{2} to (a+b)∕2, \pi r^2 to π r^2.

A fraction of figures keeps the common slash (1/2), others get ∕; a minus is −. Adjacent letters are factors and are
separated. Unknown commands are dropped, and their arguments kept.
"""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.rules import words_of

FUNCTIONS = words_of(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min mod det gcd sup inf dim"
)
_DEEPEST = 20
"""How deeply arguments may be nested; deeper ones are left out."""
_PIECE = re.compile(r"\\[a-zA-Z]+\*?|\\.|\d+(?:[.,]\d+)*|[^\W\d_]+|\s+|.", re.DOTALL)
_WORDS = words_of("if or in is to of at km cm mm kg mg ml Hz pH dB kW")

SYMBOLS = {
    name: sign
    for sign, names in {
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon varepsilon", "ζ": "zeta", "η": "eta",
        "θ": "theta vartheta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
        "ρ": "rho varrho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi varphi", "χ": "chi", "ψ": "psi",
        "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
        "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "×": "times cdot ast", "÷": "div", "±": "pm", "∓": "mp",
        "≈": "approx simeq cong", "≤": "le leq leqslant", "≥": "ge geq geqslant", "≠": "ne neq", "≡": "equiv",
        "~": "sim", "∝": "propto", "≪": "ll", "≫": "gg", "→": "to rightarrow longrightarrow mapsto",
        "←": "gets leftarrow", "⇒": "Rightarrow Longrightarrow implies", "⇔": "iff Leftrightarrow",
        "↔": "leftrightarrow", "↑": "uparrow", "↓": "downarrow", "∞": "infty", "∂": "partial", "∇": "nabla",
        "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq", "∪": "cup", "∩": "cap", "∀": "forall",
        "∃": "exists", "∅": "emptyset varnothing", "∧": "land wedge", "∨": "lor vee", "¬": "neg lnot",
        "⊥": "perp", "∥": "parallel", "∠": "angle", "∘": "circ", "°": "degree", "′": "prime",
        "…": "ldots cdots dots", "∴": "therefore", "∵": "because", "|": "mid vert lvert rvert", "∑": "sum",
        "∏": "prod", "∫": "int iint oint", "ℓ": "ell", " ": "quad qquad",
    }.items()
    for name in names.split()
}  # fmt: skip
_ESCAPED = {"{": "{", "}": "}", "%": "%", "$": "$", "#": "#", "&": "&", "_": "_", "\\": ", ", "|": "|"}
_TEXTS = words_of("text textrm textbf textit mathrm mathit mathsf mathtt operatorname mbox hbox textnormal")
"""The arguments of these are read as words."""
_ACCENTS = words_of(
    "mathbf mathbb mathcal boldsymbol vec hat bar dot ddot tilde overline underline boxed cancel overbrace "
    "underbrace widehat"
)
"""The arguments of these are read as if they stood alone."""
_SIZES = re.compile(r"left|right|[bB]igg?[lr]?")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜", "n": "ⁿ√"} | {str(n): "⁵⁶⁷⁸⁹"[n - 5] + "√" for n in range(5, 10)}
COMMANDS = frozenset([
    *SYMBOLS, *FUNCTIONS, *_TEXTS, *_ACCENTS, "frac", "dfrac", "tfrac", "cfrac", "sqrt", "binom", "pmod", "left",
    "right", "begin", "end", "displaystyle", "limits",
])  # fmt: skip


def plain(formula: str) -> str:
    """Write a formula on one line."""
    return re.sub(r"\s+", " ", _Reader(formula).rest()).strip()


class _Reader:
    def __init__(self, formula: str) -> None:
        self._pieces: list[str] = _PIECE.findall(formula)[::-1]
        self._depth = 0

    def rest(self, closer: str = "") -> str:
        """Read up to `closer`, or to the end."""
        written = ""
        while self._pieces and self._pieces[-1] != closer:
            item = self._item(written)
            is_glued = written[-1:].isalpha() and item[:1].isalpha()
            written += f" {item}" if is_glued else item
        if self._pieces:
            self._pieces.pop()
        return written

    def _item(self, before: str) -> str:
        piece = self._pieces.pop()
        if piece == "{":
            return self._group()
        if piece in ("^", "_"):
            return self._raised(piece)
        if piece[0] == "\\":
            return self._command(piece[1:].rstrip("*"), before)
        if piece[0].isalpha():
            return _variables(piece)
        if piece == "/":
            follows_figure = before.rstrip()[-1:].isdigit() and self._pieces[-1:] and self._pieces[-1][0].isdigit()
            return "/" if follows_figure else "∕"
        return {"}": "", "-": "−", "*": "×", "~": " ", "&": " "}.get(piece, piece)

    def _group(self) -> str:
        self._depth += 1
        inner = self.rest("}") if self._depth < _DEEPEST else ""
        self._depth -= 1
        return inner

    def _argument(self) -> str:
        while self._pieces and self._pieces[-1].isspace():
            self._pieces.pop()
        if not self._pieces or self._depth >= _DEEPEST:
            return ""
        piece = self._pieces[-1]
        if len(piece) > 1 and piece[0].isalnum():
            self._pieces[-1] = piece[1:]
            return piece[0]
        self._depth += 1
        argument = self._item("")
        self._depth -= 1
        return argument

    def _raised(self, mark: str) -> str:
        raised = self._argument().strip()
        if mark == "^" and raised in ("∘", "°"):
            return "°"
        if set(raised) <= {"′", "×", ""}:
            return raised.replace("×", "").replace("′", "'")
        if re.fullmatch(r"[−+]?\d{1,6}", raised):
            return mark + raised.replace("−", "-")
        return mark + (raised if len(raised) == 1 else f"({raised})")

    def _command(self, name: str, before: str) -> str:
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            return name + ("" if self._pieces and self._pieces[-1][0] in "^_({ \\" else " ")
        if name.endswith("frac"):
            return self._fraction(before)
        if name == "sqrt":
            return self._root()
        if name == "binom":
            return f"({self._argument()}¦{self._argument()})"
        if name in ("pmod", "bmod"):
            return f" mod {self._argument()}" if name == "pmod" else " mod "
        if name in _TEXTS:
            return self._words()
        if name in ("begin", "end"):
            self._words()
            return " "
        if _SIZES.fullmatch(name) and self._pieces and self._pieces[-1] == ".":
            self._pieces.pop()
        return _ESCAPED.get(name, " " if not name.isalpha() else "")

    def _fraction(self, before: str) -> str:
        above, below = self._argument().strip(), self._argument().strip()
        if above.isdecimal() and below.isdecimal():
            return f"{' ' if before[-1:].isdigit() else ''}{above}/{below}"
        return f"{_grouped(above)}∕{_grouped(below)}"

    def _root(self) -> str:
        degree = ""
        if self._pieces and self._pieces[-1] == "[":
            self._pieces.pop()
            degree = self.rest("]").strip()
        inner = self._argument().strip()
        return _ROOTS.get(degree, "√") + (inner if re.fullmatch(r"\w+", inner) else f"({inner})")

    def _words(self) -> str:
        """Read an argument as words."""
        while self._pieces and self._pieces[-1].isspace():
            self._pieces.pop()
        if not self._pieces or self._pieces.pop() != "{":
            return ""
        words, depth = "", 1
        while self._pieces:
            piece = self._pieces.pop()
            depth += (piece == "{") - (piece == "}")
            if not depth:
                break
            words += piece.removeprefix("\\") if piece not in "{}" else ""
        return words


def _variables(letters: str) -> str:
    if len(letters) == 1 or letters in FUNCTIONS or letters in _WORDS:
        return letters
    is_word = len(letters) > 2 and not letters.isupper() and set(letters.lower()) & set("aeiouyàáâãäèéêëìíîïòóôõöùúûü")
    return letters if is_word else " ".join(letters)


def _grouped(part: str) -> str:
    return part if re.fullmatch(r"[\w.,°∞]+(?:\^\w)?|[√∛∜]\w+", part) else f"({part})"
