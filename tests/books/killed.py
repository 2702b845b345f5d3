"""Narrates a book into a folder, in a process that tests kill: `python -m tests.books.killed FOLDER`.

Prints the words of each sentence before it is said, and "done".
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from antiphon.books.job import Job
from antiphon.books.making import narrate
from antiphon.books.script import script_of
from antiphon.dialogue.language import LanguageIdentifier

from .narrators import ToneSynthesizer, narrator
from .tales import TALE


async def run(folder: Path) -> None:
    script = script_of(TALE, voice="alloy")

    def tell(clause: object) -> None:
        print(clause, flush=True)
        sys.stdin.readline()  # It goes on when the test says so.

    speaking = narrator(ToneSynthesizer(before=tell), LanguageIdentifier())
    with Job(folder, fingerprint=script.fingerprint("tones"), sample_rate=speaking.sample_rate) as job:
        async for _ in narrate(script, speaking, job):
            pass
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
