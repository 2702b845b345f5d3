"""Cuts a reply into clauses while it is being written, to be spoken one after the other.

The first clause is short, so that speech starts early. Later ones grow, none much longer than all before it, so that
each is synthesized while those are heard; once the reply is well ahead, clauses are sentences. Each possible cut is
decided once, from the text before it and as little after it as the rule needs, so the clauses do not depend on how the
text arrives:

| what stands before the cut                       | what must be seen after it                                      |
|--------------------------------------------------|-----------------------------------------------------------------|
| a line's end                                     | nothing                                                         |
| `. ! ? …` and, in an opening clause, `, ; : –`   | a space. A digit makes it a number, a quotation mark moves it   |
| the same in Chinese or Japanese                  | one character that does not close a quotation                   |
| `etc.` `No.` `XIV.`; a comma after a digit       | the first character of the next word                            |
| `p.m.`; `3.` (an ordinal in German)              | the next word                                                   |
| three words, or as many letters, in the first    | the next word, which opens a phrase                             |
| four words, or as many letters, in an opening    | enough of the next word to see that it is not "of" or a name    |
| the same, the last of them a name                | the next word; before "and", the next two                       |

Code, links, tags and formulas stay whole.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from antiphon.dialogue.clause_words import (
    CLINGS_TO_THE_WORD_BEFORE,
    GERMAN_MONTHS,
    HALVES_OF_DAY,
    LEANS_ON_THE_NEXT_WORD,
    MAY_END,
    NAME_JOINERS,
    NEVER_END,
    OPENS_A_PHRASE,
    ORDINAL_LEADS,
)
from antiphon.dialogue.spoken.formula_spans import is_inside_formula
from antiphon.dialogue.spoken.spans import MarkdownSpan, is_inside_tag

LONGEST_CLAUSE = 250
"""Characters after which a sentence is cut at its last comma or space."""
CHARACTERS_BETWEEN_LOOKS = 25
"""How often to look again for a place to cut an overlong sentence."""
LONGEST_WORD = 1000
"""Characters after which even text without spaces is cut."""

LETTERS_OF_A_WORD = 5
"""A long word counts as one word per this many letters: what matters is how long it takes to say."""
FEWEST_WORDS_BEFORE_PAUSE = 2
FEWEST_WORDS_BEFORE_PHRASE = 3
FEWEST_WORDS = 4
LONGEST_UNIT = 4
"""The most letters in a short word that belongs to the figure before it: km, bn, lakh."""
WORDS_OF_THE_OPENING = 16
"""Once a reply has this many words (some six seconds of speech), its clauses are sentences."""

_ENDS = frozenset(".!?…")
_PAUSES = frozenset(",;:–—")
_WIDE_ENDS = frozenset("。！？｡")
_WIDE_PAUSES = frozenset("，、；：")
_CLOSERS = frozenset("\"'”’»)]*_=~」』）】")
_OPENERS = "\"'“‘«([*_¿¡「『（"
_LONGEST_ABBREVIATION = 24
_ROMAN_NUMERAL = re.compile(r"[IVX]{2,}")
_VOWELS = frozenset("aeiouyàáâãäèéêëìíîïòóôõöùúûü")


def _has_figure(word: str) -> bool:
    return any(character.isnumeric() for character in word)


class _Verdict(Enum):
    CUT = auto()
    GO_ON = auto()
    WAIT = auto()


class ClauseSplitter:
    """Takes a reply piece by piece and returns its clauses, which together make up the reply, character for character.

    Space between two clauses begins the later one, except a line break, which ends the earlier one.
    """

    def __init__(self, *, opens: bool = True) -> None:
        """`opens` is False for what need not be heard soon: every clause is a sentence then, if it is not too long."""
        self._text = ""
        self._at = 0
        self._start = 0
        self._complete = False
        self._words_before = 0 if opens else WORDS_OF_THE_OPENING
        self._words = 0
        self._letters = 0
        self._wide_letters = 0
        self._last_pause = 0
        self._last_space = 0
        self._span = MarkdownSpan()

    def feed(self, text: str) -> list[str]:
        """Take the next piece of the reply; return the clauses now known to be complete."""
        self._text += text
        return self._advance()

    def finish(self) -> list[str]:
        """Return what is left when the reply has ended."""
        self._complete = True
        clauses = self._advance()
        if self._text:
            clauses.append(self._text)
        self._text = ""
        return clauses

    def _advance(self) -> list[str]:
        clauses: list[str] = []
        while self._at < len(self._text):
            verdict = self._judge()
            if verdict is _Verdict.CUT and self._text[self._at] != "\n" and self._is_inside_markup(self._at + 1):
                verdict = _Verdict.GO_ON
            if verdict is _Verdict.WAIT:
                break
            self._take_note()
            self._at += 1
            if verdict is _Verdict.CUT:
                clauses.append(self._cut(self._at))
            elif self._is_overlong and (end := self._end_of_overlong()):
                clauses.append(self._cut(end))
        self._text = self._text[self._start :]
        self._at -= self._start
        self._last_pause -= self._start
        self._last_space -= self._start
        self._start = 0
        return clauses

    def _cut(self, end: int) -> str:
        clause = self._text[self._start : end]
        self._start = end
        self._words_before += self._words_of_clause
        self._words = self._letters = self._wide_letters = 0
        return clause

    @property
    def _is_overlong(self) -> bool:
        """Whether to look for a cut; after a failed attempt, the next follows some characters later."""
        length = self._at - self._start
        return length >= LONGEST_CLAUSE and (length - LONGEST_CLAUSE) % CHARACTERS_BETWEEN_LOOKS == 0

    def _is_inside_markup(self, end: int) -> bool:
        """Whether a cut at `end` would fall into a formula or a tag; a clause that is far too long is cut anyway."""
        clause = self._text[self._start : end]
        return self._at - self._start < LONGEST_WORD and (is_inside_tag(clause) or is_inside_formula(clause))

    def _end_of_overlong(self) -> int | None:
        if self._span.is_open:
            return None
        if self._last_pause > self._start + LONGEST_CLAUSE // 4 and not self._is_inside_markup(self._last_pause):
            return self._last_pause
        if self._last_space > self._start and not self._is_inside_markup(self._last_space):
            return self._last_space
        return self._at if self._at - self._start >= LONGEST_WORD else None

    def _take_note(self) -> None:
        """Record the current character for later verdicts."""
        character = self._text[self._at]
        self._span.take(character)
        if not character.isspace() and self._text[self._at - 1 : self._at].isspace():
            self._take_note_of_space()
        if character.isalnum():
            self._words += not (self._at > self._start and self._text[self._at - 1].isalnum())
            is_wide = "\u3040" <= character <= "\u9fff"
            self._wide_letters += is_wide
            self._letters += not is_wide
        if character in _WIDE_PAUSES or (character in _PAUSES and self._peek(1).isspace()):
            self._last_pause = self._at + 1

    def _take_note_of_space(self) -> None:
        """Record the space before the current character: an overlong clause may end there, unless between figures."""
        before = self._text[self._start : self._at].rstrip()
        is_within_number = before[-1:].isdecimal() and self._text[self._at].isdecimal()
        if before and not is_within_number:
            self._last_space = self._start + len(before)

    # --- verdicts: may the clause end after the current character? ----------------------------------------------------

    def _judge(self) -> _Verdict:
        character = self._text[self._at]
        if character == "\n":
            return _Verdict.CUT if self._text[self._start : self._at].strip() else _Verdict.GO_ON
        if character.isspace():
            return _Verdict.GO_ON
        following = self._peek(1)
        if not following and not self._complete:
            return _Verdict.WAIT
        if self._span.is_open_after(character) or following in _CLOSERS or following == "\n":
            return _Verdict.GO_ON
        mark_at = self._mark_before_closers()
        mark = self._text[mark_at]
        if mark in _WIDE_ENDS:
            return self._cut_if(following not in _WIDE_ENDS)
        if mark in _WIDE_PAUSES:
            return self._cut_if(self._opens_with(FEWEST_WORDS_BEFORE_PAUSE))
        if mark == "—" and not following.isspace():
            return self._cut_if(self._opens_with(FEWEST_WORDS_BEFORE_PAUSE) and following != "—")
        if not following.isspace():
            return _Verdict.GO_ON
        if mark in _ENDS:
            return self._judge_sentence_end(mark_at)
        if mark in _PAUSES:
            return self._judge_pause(mark_at)
        return self._judge_word_end()

    @staticmethod
    def _cut_if(condition: bool) -> _Verdict:
        return _Verdict.CUT if condition else _Verdict.GO_ON

    def _judge_sentence_end(self, mark_at: int) -> _Verdict:
        if not self._words:
            return _Verdict.GO_ON
        if self._text[mark_at] != "." or self._text[mark_at - 1 : mark_at] == ".":
            return self._judge_quotation()
        word = self._word_before(mark_at)
        stem = word.lower()
        before = self._text[self._start : mark_at - len(word)].split()[-1:]
        if word.isdecimal() and len(word) <= 2:
            return self._judge_ordinal(before)
        if word == "I":
            return self._cut_if(bool(before) and before[0].islower())
        if stem in HALVES_OF_DAY:
            return self._judge_half_of_day()
        if stem in MAY_END or _ROMAN_NUMERAL.fullmatch(word) or (len(word) == 1 and word.islower() and word != "z"):
            return self._judge_by_next_character()
        if stem in NEVER_END or "." in word[1:2] or (len(word) == 1 and word.isalpha()):
            return _Verdict.GO_ON
        if len(stem) <= 3 and stem.isalpha() and not set(stem) & _VOWELS:
            return self._judge_by_next_character()
        return self._judge_quotation()

    def _judge_quotation(self) -> _Verdict:
        """A French quotation closes after a space."""
        clause = self._text[self._start : self._at + 1]
        if clause.count("«") <= clause.count("»"):
            return _Verdict.CUT
        following = self._next_character()
        if not following and not self._complete:
            return _Verdict.WAIT
        return self._cut_if(following != "»")

    def _judge_by_next_character(self) -> _Verdict:
        following = self._next_character()
        if not following and not self._complete:
            return _Verdict.WAIT
        return self._cut_if(not (following.islower() or following.isdecimal() or following in _PAUSES))

    def _judge_half_of_day(self) -> _Verdict:
        """ "5 p.m. EST" goes on; "5 p.m. Then" does not."""
        word = self._next_word()
        if word is None:
            return _Verdict.WAIT
        is_time_zone = len(word) > 1 and word.isupper()
        return self._cut_if(word[:1].isupper() and not is_time_zone)

    def _judge_ordinal(self, before: list[str]) -> _Verdict:
        is_list_number = not self._text[self._start : self._at].rpartition("\n")[2][:-1].strip(" \t0123456789*_#>-")
        if is_list_number or (before and before[0].lower() in ORDINAL_LEADS):
            return _Verdict.GO_ON
        word = self._next_word()
        if word is None:
            return _Verdict.WAIT
        return self._cut_if(not word[:1].islower() and word.lower() not in GERMAN_MONTHS)

    def _judge_pause(self, mark_at: int) -> _Verdict:
        if not self._opens_with(FEWEST_WORDS_BEFORE_PAUSE):
            return _Verdict.GO_ON
        if not self._text[mark_at - 1].isdecimal() and not self._text[mark_at - 1].isspace():
            return _Verdict.CUT
        following = self._next_character()
        if not following and not self._complete:
            return _Verdict.WAIT
        return self._cut_if(not following.isdecimal())

    def _judge_word_end(self) -> _Verdict:
        fewest = FEWEST_WORDS if self._words_before else FEWEST_WORDS_BEFORE_PHRASE
        if not self._opens_with(fewest) or not self._text[self._at].isalpha():
            return _Verdict.GO_ON
        last = self._text[self._start : self._at + 1].split()[-1]
        if last.lower() in LEANS_ON_THE_NEXT_WORD or self._ends_in_unit():
            return _Verdict.GO_ON
        if not self._opens_with(FEWEST_WORDS):
            return self._judge_by_phrase(last)
        if not last[0].isupper():
            return self._judge_by_next_letter()
        following = self._next_word()
        if following is None:
            return _Verdict.WAIT
        if not following.isalpha():
            return _Verdict.GO_ON
        if following in NAME_JOINERS:
            named_next = self._next_word(1)
            return _Verdict.WAIT if named_next is None else self._cut_if(named_next[:1].islower())
        return self._cut_if(following in OPENS_A_PHRASE)

    def _ends_in_unit(self) -> bool:
        """Whether the next text decides how the last figure is said: "2m" of downloads, "5 bn" people, "4F7K" 9Q2M."""
        *before, last = self._text[self._start : self._at + 1].split()
        return _has_figure(last) or (len(last) <= LONGEST_UNIT and _has_figure(before[-1] if before else ""))

    def _judge_by_phrase(self, last: str) -> _Verdict:
        """A name may continue after "and"."""
        following = self._next_word()
        if following is None:
            return _Verdict.WAIT
        may_go_on = last[0].isupper() and following in NAME_JOINERS
        return self._cut_if(following in OPENS_A_PHRASE and not may_go_on)

    def _judge_by_next_letter(self) -> _Verdict:
        """No cut before a number, a possible continuation of a name, or "of"."""
        word = self._next_word()
        following = self._lookahead.lstrip() if word is None else word
        if word is None and any(clinging.startswith(following) for clinging in CLINGS_TO_THE_WORD_BEFORE):
            return _Verdict.WAIT
        is_open = following in CLINGS_TO_THE_WORD_BEFORE or following[:1].isupper()
        return self._cut_if(following[:1].isalpha() and not is_open)

    # --- looking around ----------------------------------------------------------------------------------------------

    @property
    def _words_of_clause(self) -> int:
        return max(self._words, self._letters // LETTERS_OF_A_WORD) + self._wide_letters // 2

    def _opens_with(self, fewest_words: int) -> bool:
        """Whether the clause is part of the opening and has enough words to stand alone."""
        is_opening = self._words_before < WORDS_OF_THE_OPENING
        return is_opening and self._words_of_clause >= max(fewest_words, self._words_before)

    def _peek(self, offset: int) -> str:
        return self._text[self._at + offset : self._at + offset + 1]

    @property
    def _lookahead(self) -> str:
        return self._text[self._at + 1 : self._at + 1 + LONGEST_CLAUSE]

    def _mark_before_closers(self) -> int:
        at = self._at
        while at > self._start and self._at - at < 6 and self._text[at] in _CLOSERS:
            at -= 1 + (self._text[at] == "»" and self._text[at - 1].isspace())
        return max(at, self._start)

    def _word_before(self, mark_at: int) -> str:
        tail = self._text[max(self._start, mark_at - _LONGEST_ABBREVIATION) : mark_at]
        return tail.split()[-1].lstrip(_OPENERS) if tail and not tail[-1].isspace() else ""

    def _next_character(self) -> str:
        return self._lookahead.lstrip()[:1]

    def _next_word(self, skipped: int = 0) -> str | None:
        """The next word, or a later one after `skipped` others; None while it may still be incomplete."""
        following = self._lookahead
        words = following.split(maxsplit=skipped + 1)
        is_whole = len(words) > skipped + 1 or (len(words) == skipped + 1 and following[-1].isspace())
        if not is_whole and not self._complete and len(following) < LONGEST_CLAUSE:
            return None
        return words[skipped].rstrip(".,;:!?…") if len(words) > skipped else ""
