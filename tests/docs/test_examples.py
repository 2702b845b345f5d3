"""Every example of the docs is right as far as that can be told without a server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from antiphon.dialogue.ssml import is_ssml, read_ssml
from antiphon.engines.embedded.synthesis.voices import LANGUAGES, VOICES
from antiphon.settings import Settings, read_settings

from .examples import EXAMPLES, NOT_RUN, READ_ONLY, SHELLS, Example, examples_of


def read_toml(example: Example, folder: Path) -> None:
    path = folder / "antiphon.toml"
    path.write_text(example.code)
    read_settings(path)


def read_json(example: Example, _: Path) -> None:
    json.loads(example.code)


def read_python(example: Example, _: Path) -> None:
    compile(example.code, example.place, "exec")


def read_commands(example: Example, _: Path) -> None:
    done = subprocess.run(["bash", "-n"], input=example.commands, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def read_xml(example: Example, _: Path) -> None:
    """All XML that the docs show is SSML."""
    assert is_ssml(example.code)
    read_ssml(example.code, voices=VOICES, languages=LANGUAGES)


READERS = {"toml": read_toml, "json": read_json, "python": read_python, "xml": read_xml} | dict.fromkeys(
    SHELLS, read_commands
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_an_example_is_what_it_says_it_is(example: Example, tmp_path: Path) -> None:
    """A language that is in neither table is a fault: nothing is passed over unseen."""
    if example.language not in READ_ONLY:
        READERS[example.language](example, tmp_path)


def test_no_exception_is_made_for_what_is_not_there() -> None:
    for beginning in NOT_RUN:
        assert [example for example in EXAMPLES if example.code.startswith(beginning)], beginning
    for language in READ_ONLY:
        assert [example for example in EXAMPLES if example.language == language], language


def whole_configuration() -> str:
    (example,) = [example for example in EXAMPLES if "context_tokens" in example.code]
    return example.code


def test_one_example_has_every_setting_there_is() -> None:
    shown = msgspec.toml.decode(whole_configuration())
    there_are = msgspec.to_builtins(Settings())
    assert shown.keys() == there_are.keys()
    for section, settings in there_are.items():
        if section == "engines":
            continue  # By names of the operator's own.
        if section == "profiles":
            assert shown[section]["default"].keys() == settings["default"].keys()
        elif isinstance(settings, dict):
            assert shown[section].keys() == settings.keys()


def test_that_example_says_what_each_setting_is_by_default() -> None:
    for line in whole_configuration().splitlines():
        setting, _, comment = line.partition("#")
        name, _, value = setting.partition("=")
        if not value or "by default" in comment:
            continue
        shown = msgspec.toml.decode(f"value = {value}")["value"]
        assert shown in _defaults(name.strip()), line


def _defaults(name: str) -> list[object]:
    top = msgspec.to_builtins(Settings())
    sections = [top, top["profiles"]["default"], *(value for value in top.values() if isinstance(value, dict))]
    return [section[name] for section in sections if name in section]


def test_examples_are_found_in_lists_as_well(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("- so:\n\n  ```sh\n  if true; then\n    echo 1\n  fi\n  ```\n\n~~~toml\na = 1\n~~~\n")
    first, second = examples_of(page)
    assert (first.language, first.line, first.code) == ("sh", 3, "if true; then\n  echo 1\nfi\n")
    assert (second.language, second.line, second.code) == ("toml", 9, "a = 1\n")


def test_a_block_that_is_left_open_is_a_fault(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\necho 1\n")
    with pytest.raises(ValueError, match="closes"):
        list(examples_of(page))
