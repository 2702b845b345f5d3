"""Records as tests write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from antiphon.resources.accounts import Account
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records

SECRET = b"My PIN is 4711."
MONTH = timedelta(days=30)


def new(account: Account, record_id: str = "chatcmpl-1", **fields: Any) -> NewRecord:
    record = NewRecord(
        id=record_id,
        account_id=account.id,
        deployment="gpt-4o-audio-preview",
        model="gpt-4o-audio-preview-2024-12-17",
        principal="key1",
        operation="chatCompletion",
        prompt_tokens=3,
        completion_tokens=5,
        audio=("input-0.wav",),
    )
    return replace(record, **fields)


def pieces() -> list[Piece]:
    return [
        Piece(name=PROMPT, data=SECRET),
        Piece(name=COMPLETION, data=b"{}"),
        Piece(name="input-0.wav", data=SECRET * 100),
    ]


async def write(records: Records, record: NewRecord) -> str:
    await records.write_pieces(record.id, pieces())
    await records.add(record)
    return record.id
