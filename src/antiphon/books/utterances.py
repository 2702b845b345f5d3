"""What the characters of a story say, paragraph by paragraph, and who says it where the story tells.

Within a paragraph, one person speaks: that is how stories are set.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from antiphon.books.book import Chapter
from antiphon.books.quotations import Quotations

_SAYS = (
    "said|says|asked|asks|replied|answered|cried|exclaimed|whispered|shouted|remarked|returned|murmured|muttered|"
    "continued|added|called|observed|thought|began|interrupted|dit|demanda|répondit|cria|murmura|reprit|sagte|fragte|"
    "rief|antwortete|erwiderte|flüsterte|disse|chiese|rispose|esclamò|gridò|dijo|preguntó|respondió|contestó|exclamó|"
    "perguntou|respondeu|exclamou"
)
_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Madame|Monsieur|Herr|Frau|Signor|Signora|Señor|Señora)\.? )?"
    r"[A-ZÀ-ÞŒ][\w’'-]+(?: [A-ZÀ-ÞŒ][\w’'-]+){0,2}"
)
_ARTICLE = r"(?:the |le |la |l’|der |die |das |il |lo |el |o |a )?"
_TOLD = re.compile(
    rf"\b(?:{_SAYS})\b,? {_ARTICLE}(?P<after>{_NAME})|(?P<before>{_NAME})(?:,[^,.;]{{1,40}},)? (?:{_SAYS})\b"
)
_NOT_NAMES = frozenset([
    *("He", "She", "They", "It", "We", "You", "I", "And", "But", "Then", "So", "The", "A", "This", "That", "There"),
    *("Here", "When", "As", "At", "In", "Il", "Elle", "Ils", "On", "Er", "Sie", "Es", "Wir", "Lui", "Lei", "Loro"),
    *("Él", "Ella", "Ellos", "Ele", "Ela", "Eles"),
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A paragraph in which somebody speaks."""

    chapter: int
    """From 1."""
    paragraph: int
    """From 0."""
    quotations: Mapping[int, str]
    """The words of each, by its number in the chapter."""
    told: str | None
    """Who speaks, as the paragraph calls them; None if it does not say."""


def utterances(chapter: Chapter) -> Iterator[Utterance]:
    """Of a chapter, in order."""
    marks = Quotations()
    for index, paragraph in enumerate(chapter.paragraphs):
        marks.begin_paragraph()
        quoted: dict[int, str] = {}
        narration: list[str] = []
        for sentence in paragraph.sentences:
            for stretch in marks.stretches(sentence):
                if stretch.quotation is None:
                    narration.append(stretch.text)
                else:
                    words = f"{quoted.get(stretch.quotation, '')} {stretch.text.strip()}"
                    quoted[stretch.quotation] = words.strip()
        if quoted:
            yield Utterance(chapter=chapter.number, paragraph=index, quotations=quoted, told=_told(" ".join(narration)))


@dataclass(slots=True)
class Names:
    """The names under which people are told to speak; shorter forms of a name count as the whole of it."""

    counts: Counter[str] = field(default_factory=Counter[str])

    def canonical(self, name: str) -> str:
        """The longest name of which this is a part, if there is only one; "Holmes" is "Sherlock Holmes"."""
        words = set(name.split())
        wholes = [each for each in self.counts if words < set(each.split())]
        return wholes[0] if len(wholes) == 1 else name

    @property
    def speakers(self) -> list[str]:
        """Those who speak, most often first."""
        whole: Counter[str] = Counter()
        for name, count in self.counts.items():
            whole[self.canonical(name)] += count
        return [name for name, _ in whole.most_common()]


def names_of(found: Iterable[Utterance]) -> Names:
    return Names(counts=Counter(utterance.told for utterance in found if utterance.told is not None))


def _told(narration: str) -> str | None:
    for found in _TOLD.finditer(narration):
        name = found["after"] or found["before"]
        if name.split()[0] not in _NOT_NAMES:
            return name.removesuffix("’s").removesuffix("'s")
    return None
