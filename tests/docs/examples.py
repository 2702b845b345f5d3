"""The examples of README.md and docs/*.md: their fenced blocks, in the order of their pages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCE = re.compile(r" *(?P<marks>`{3,}|~{3,})(?P<language>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    page: Path
    line: int
    """Of its opening fence, from 1 on."""
    language: str
    """The opening fence's tag, "" where there is none."""
    code: str
    """Without the indentation of a list, ending in a line break."""

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> str:
        """What a shell is to run: of a `console` block, the lines after a prompt."""
        if self.language != "console":
            return self.code
        return "".join(f"{line[2:]}\n" for line in self.code.splitlines() if line.startswith("$ "))


def examples_of(page: Path) -> Iterator[Example]:
    """Raises `ValueError` for a fence that is not closed."""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        if not (opening := _FENCE.fullmatch(line)):
            continue
        code: list[str] = []
        for _, inner in lines:
            if inner.strip() == opening["marks"]:
                break
            code.append(inner)
        else:
            raise ValueError(f"{page}:{number} opens a block that nothing closes")
        text = textwrap.dedent("\n".join(code)) + "\n"
        yield Example(page=page, line=number, language=opening["language"].strip(), code=text)


EXAMPLES = tuple(example for page in PAGES for example in examples_of(page))
SHELLS = frozenset({"sh", "console"})

READ_ONLY = {
    "text": "a drawing, or a file of its own kind",
    "yaml": "the configuration of Prometheus, which is not installed here",
    "nginx": "the configuration of a proxy, which is not installed here",
}
"""Languages whose examples nothing reads, and why."""

NOT_RUN = {
    "antiphon book cast": "asks the language model about a whole novel; tests/books/test_proposing.py has a double",
    "antiphon store copy": "takes a PostgreSQL server and an S3-compatible store; tests/cli/test_store.py has them",
    "antiphon cluster up": "starts a Ray cluster and downloads models; tests/engines/ray has a cluster of its own",
    "antiphon serve --workers": "serves until it is stopped; tests/serve/test_workers.py has servers with workers",
    ".venv/bin/python -m bench.scale": "is run in a checkout; tests/bench/test_scale.py runs the simulation",
    "import asyncio\nfrom openai import AsyncOpenAI\n\n\nasync def main(call_id: str)": (
        "takes part in a call, which takes a caller over WebRTC; tests/api/calls has such callers"
    ),
    "make serve": "serves until it is stopped; the tests start the server that the other examples use",
    "export CMAKE_ARGS=": "builds llama.cpp, which takes a C++ compiler and seven minutes",
    "export CFLAGS=": "belongs to the build of llama.cpp",
}
"""How the examples begin that only have to parse, and why."""


def is_run(example: Example) -> bool:
    """Whether it runs against a server."""
    return example.language in SHELLS | {"python"} and not example.code.startswith(tuple(NOT_RUN))
