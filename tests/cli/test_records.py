"""`antiphon records`."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from antiphon.cli.records import records as app
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal

APP = typer.Typer()
APP.add_typer(app, name="records")

AUDIO = {"input-0.wav": b"RIFF", "choice-0.pcm16": bytes(48_000), "output-1.g711_ulaw": bytes(8_000)}


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(APP, ["records", *arguments], **options)


def antiphon(*arguments: str) -> str:
    """Run the command and return all that it wrote to standard output."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A data folder with two records."""
    asyncio.run(_record(DataDirectory(path=tmp_path / "data")))
    return str(tmp_path / "data")


async def _record(data: DataDirectory) -> None:
    async with await Database.open(data.database) as database:
        account = await ensure_local_account(database)
        records = Records(database, Blobs.in_folder(data.blobs), Seal.open(data.seal_key))
        for number in range(2):
            record_id = f"chatcmpl-{number}"
            prompt = Piece(name=PROMPT, data=b'{"messages": [{"role": "user", "content": "What is it?"}]}')
            completion = Piece(name=COMPLETION, data=b'{"choices": []}')
            audio = [Piece(name=name, data=bytes_) for name, bytes_ in AUDIO.items()]
            await records.write_pieces(record_id, [prompt, completion, *audio])
            await records.add(
                NewRecord(
                    id=record_id,
                    account_id=account.id,
                    deployment=f"d{number}",
                    model="m",
                    principal="key1",
                    operation="chatCompletion",
                    prompt_tokens=1,
                    completion_tokens=2,
                    audio=list(AUDIO),
                )
            )


def listed(data: str, *options: str) -> list[str]:
    return [record["id"] for record in json.loads(antiphon("list", "--json", "--data", data, *options))]


def test_a_list_has_the_newest_first_and_nothing_of_what_was_said(data: str):
    assert listed(data) == ["chatcmpl-1", "chatcmpl-0"]
    assert listed(data, "--limit", "1") == ["chatcmpl-1"]
    lines = antiphon("list", "--data", data).splitlines()
    assert ["chatcmpl-1" in lines[0], "d0" in lines[1], len(lines)] == [True, True, 2]
    assert "What is it?" not in antiphon("list", "--json", "--data", data)


def test_a_list_can_be_narrowed(data: str):
    assert listed(data, "--deployment", "D0", "--account", "local") == ["chatcmpl-0"]
    assert listed(data, "--since", "2999-01-01") == []
    assert listed(data, "--until", "2020-01-01T12:00:00") == []


def test_a_record_is_shown_whole(data: str):
    shown = json.loads(antiphon("show", "chatcmpl-0", "--data", data))
    assert shown["prompt"]["messages"][0]["content"] == "What is it?"
    assert (shown["completion"], shown["audio"]) == ({"choices": []}, list(AUDIO))


def test_an_export_is_json_lines_and_audio_that_can_be_played(data: str, tmp_path: Path):
    antiphon("export", str(tmp_path / "out"), "--data", data, "--deployment", "d1")
    (line,) = (tmp_path / "out" / "records.jsonl").read_text().splitlines()
    assert json.loads(line)["prompt"]["messages"][0]["content"] == "What is it?"
    assert (tmp_path / "out" / "chatcmpl-1.input-0.wav").read_bytes() == b"RIFF"
    with wave.open(str(tmp_path / "out" / "chatcmpl-1.choice-0.wav")) as file:
        assert (file.getframerate(), file.getnframes()) == (24_000, 24_000)
    telephony = (tmp_path / "out" / "chatcmpl-1.output-1.wav").read_bytes()
    assert (telephony[:4], int.from_bytes(telephony[4:8], "little")) == (b"RIFF", len(telephony) - 8)


def test_purging_asks_first(data: str):
    result = run("purge", "--all", "--data", data, input="n\n")
    assert result.exit_code == 1
    assert len(listed(data)) == 2
    assert run("purge", "--all", "--data", data, input="y\n").exit_code == 0
    assert listed(data) == []


def test_some_records_can_be_purged(data: str):
    antiphon("purge", "--id", "chatcmpl-0", "--yes", "--data", data)
    antiphon("purge", "--before", "2020-01-01", "--yes", "--data", data)
    assert listed(data) == ["chatcmpl-1"]
    assert not list(Path(data).rglob("chatcmpl-0*"))


@pytest.mark.parametrize("options", [[], ["--all", "--id", "chatcmpl-0"]])
def test_what_to_purge_has_to_be_said_once(data: str, options: list[str]):
    assert run("purge", "--yes", "--data", data, *options).exit_code == 2
    assert len(listed(data)) == 2


def test_what_is_not_there_is_told(data: str):
    for arguments in (["show", "nothing"], ["list", "--account", "nobody"], ["purge", "--id", "nothing", "--yes"]):
        result = run(*arguments, "--data", data)
        assert result.exit_code == 1
        assert "There is no" in result.stderr


def test_a_key_that_was_lost_is_told(data: str):
    (Path(data) / "seal.key").unlink()
    result = run("show", "chatcmpl-0", "--data", data)
    assert result.exit_code == 1
    assert "Restore it from a backup" in result.stderr
