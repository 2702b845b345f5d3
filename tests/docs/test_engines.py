"""The kind of engine that docs/engines.md builds: it is one, as it stands there."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from antiphon.compose.engines import declared_engines, engines_of
from antiphon.engines import kinds
from antiphon.engines.interfaces import GenerationFinished, Message, Prompt, TextDelta
from antiphon.engines.kind import Role, Site
from antiphon.models.cache import ModelCache
from antiphon.settings import Settings

from .examples import ROOT, examples_of

PAGE = ROOT / "docs" / "engines.md"


def example(language: str, words: str) -> str:
    (found,) = [each.code for each in examples_of(PAGE) if each.language == language and words in each.code]
    return found


@pytest.mark.anyio
async def test_the_example_answers_under_its_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    module: dict[str, Any] = {}
    exec(example("python", "PARROT = "), module)
    monkeypatch.setitem(kinds.KINDS, "parrot", module["PARROT"])  # type: ignore[arg-type]
    settings = msgspec.toml.decode(example("toml", "parrot"), type=Settings)
    engine = engines_of("default", settings.profiles["default"], declared_engines(settings))[Role.LANGUAGE_MODEL]
    async with AsyncExitStack() as closing:
        opening = Message(role="system", text="")
        site = Site(cache=ModelCache(tmp_path), cores=1, max_waiting=1, closing=closing, opening=opening)
        built = (await engine.kind.build(engine.name, engine.settings, site)).engine
        pieces = [piece async for piece in built.generate(Prompt(messages=[Message(role="user", text="hello")]))]
    assert pieces[0] == TextDelta(text="I heard: hello")
    assert isinstance(pieces[-1], GenerationFinished)


def test_every_kind_is_in_the_pages_table():
    table = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    for kind in kinds.KINDS.values():
        (row,) = [line for line in table if line.startswith(f"| `{kind.name}` |")]
        assert kind.role.replace("_", " ") in row
