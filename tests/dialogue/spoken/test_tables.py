"""What is said of what the model wrote, sentence by sentence: `spoken/` has a table for each language and kind.

A line is what was written, a tab, and the words that a native speaker says for it; `⏎` stands for a line's end. Lines
that open with `# ` are headings.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.dialogue.spoken.transcript import transcript

PRONOUNCER = Pronouncer()
TABLES = sorted(Path(__file__).parent.glob("*.tsv"))


def sentences() -> list[object]:
    rows: list[object] = []
    for table in TABLES:
        language = table.suffixes[0].removeprefix(".")
        for line in table.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                written, said = line.split("\t")
                rows.append(pytest.param(language, written.replace("⏎", "\n"), said, id=f"{table.stem}: {written}"))
    return rows


@pytest.mark.parametrize(("language", "written", "said"), sentences())
def test_a_sentence_is_said_as_a_person_would(language: str, written: str, said: str) -> None:
    assert PRONOUNCER.pronounce(transcript(written, language), language) == said
