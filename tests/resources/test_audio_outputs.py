from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from antiphon.resources.accounts import Account, ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.resources.errors import AudioOutputNotFound
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal
from antiphon.store.tables import AudioOutputRow

from ..clocks import HandClock
from .disk import SEAL, blob_files, make_old, write_and_be_killed

pytestmark = pytest.mark.anyio

WAV = b"RIFF and so on"


@pytest.fixture
def outputs(database: Database, blobs: Blobs, clock: HandClock) -> AudioOutputs:
    return AudioOutputs(database, blobs, SEAL, clock=clock)


async def keep(outputs: AudioOutputs, account: Account, transcript: str = "Hello.") -> str:
    audio_id = new_audio_id()
    await outputs.keep(audio_id, account_id=account.id, transcript=transcript, data=WAV, audio_format="wav")
    return audio_id


def test_ids_look_like_azures_and_differ() -> None:
    assert new_audio_id().startswith("audio_")
    assert new_audio_id() != new_audio_id()


async def test_what_was_kept_can_be_read(outputs: AudioOutputs, local: Account) -> None:
    audio_id = await keep(outputs, local, "The dog is golden.")
    assert await outputs.transcript(local.id, audio_id) == "The dog is golden."
    assert await outputs.data(local.id, audio_id) == WAV


async def test_neither_database_nor_blobs_hold_what_was_said(
    outputs: AudioOutputs, local: Account, data: DataDirectory, database: Database
) -> None:
    audio_id = await keep(outputs, local, "The dog is golden.")
    async with database.session() as session:
        rows = [repr(row).encode() for row in await session.scalars(select(AudioOutputRow))]
    files = [*rows, *(path.read_bytes() for path in data.path.rglob("*") if path.is_file())]
    assert len(files) >= 2
    assert not any(WAV in file or b"golden" in file for file in files)
    assert await outputs.data(local.id, audio_id) == WAV


async def test_what_another_key_sealed_is_not_found(
    outputs: AudioOutputs, database: Database, blobs: Blobs, local: Account
) -> None:
    audio_id = await keep(outputs, local)
    with pytest.raises(AudioOutputNotFound):
        await AudioOutputs(database, blobs, Seal(b"k" * 32)).data(local.id, audio_id)


@pytest.mark.parametrize("unsealed", ["Hello.", "SGVsbG8=", "", "ü"])
async def test_what_was_kept_before_anything_was_sealed_is_not_found(
    outputs: AudioOutputs, local: Account, database: Database, unsealed: str
) -> None:
    audio_id = await keep(outputs, local)
    async with database.begin() as session:
        await session.execute(update(AudioOutputRow).values(transcript=unsealed))
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, audio_id)


async def test_what_is_kept_under_one_id_cannot_pass_for_another(
    outputs: AudioOutputs, local: Account, database: Database
) -> None:
    one, other = await keep(outputs, local, "Yes."), await keep(outputs, local, "No.")
    ones = select(AudioOutputRow.transcript).where(AudioOutputRow.id == one).scalar_subquery()
    async with database.begin() as session:
        await session.execute(update(AudioOutputRow).where(AudioOutputRow.id == other).values(transcript=ones))
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, other)


async def test_an_audio_output_lives_for_an_hour(outputs: AudioOutputs, local: Account, clock: HandClock) -> None:
    expires_at = await outputs.keep(
        new_audio_id(), account_id=local.id, transcript="Hello.", data=WAV, audio_format="wav"
    )
    assert expires_at == clock.now + timedelta(hours=1)


async def test_the_lifetime_can_be_set(database: Database, blobs: Blobs, local: Account, clock: HandClock) -> None:
    outputs = AudioOutputs(database, blobs, SEAL, lifetime=timedelta(seconds=10), clock=clock)
    audio_id = await keep(outputs, local)
    clock.now += timedelta(seconds=10)
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, audio_id)


async def test_it_is_there_until_the_moment_it_expires(outputs: AudioOutputs, local: Account, clock: HandClock) -> None:
    audio_id = await keep(outputs, local)
    clock.now += timedelta(hours=1) - timedelta(microseconds=1)
    assert await outputs.transcript(local.id, audio_id) == "Hello."
    clock.now += timedelta(microseconds=1)
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, audio_id)
    with pytest.raises(AudioOutputNotFound):
        await outputs.data(local.id, audio_id)


@pytest.mark.parametrize("audio_id", ["audio_0", "", "../antiphon.db", "audio_\udcff", "x" * 100_000])
async def test_an_id_that_never_was_is_refused(outputs: AudioOutputs, local: Account, audio_id: str) -> None:
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, audio_id)
    with pytest.raises(AudioOutputNotFound):
        await outputs.data(local.id, audio_id)


async def test_another_account_is_told_what_a_stranger_is_told(outputs: AudioOutputs, local: Account) -> None:
    audio_id = await keep(outputs, local)
    with pytest.raises(AudioOutputNotFound) as of_another:
        await outputs.transcript("another", audio_id)
    assert of_another.value.message == AudioOutputNotFound(audio_id).message


async def test_it_outlives_the_process(data: DataDirectory, database_url: str) -> None:
    async with await Database.open(database_url) as database:
        account = await ensure_local_account(database)
        audio_id = await keep(AudioOutputs(database, Blobs.in_folder(data.blobs), SEAL), account)
    async with await Database.open(database_url) as database:
        outputs = AudioOutputs(database, Blobs.in_folder(data.blobs), SEAL)
        assert await outputs.transcript(account.id, audio_id) == "Hello."
        assert await outputs.data(account.id, audio_id) == WAV


async def test_purging_deletes_what_has_expired_and_nothing_else(
    outputs: AudioOutputs, local: Account, clock: HandClock, data: DataDirectory
) -> None:
    await keep(outputs, local)
    clock.now += timedelta(minutes=40)
    young = await keep(outputs, local)
    clock.now += timedelta(minutes=20)
    assert await outputs.purge() == 1
    assert blob_files(data) == {young}
    assert await outputs.data(local.id, young) == WAV
    assert await outputs.purge() == 0


async def test_an_audio_output_with_a_long_life_is_no_orphan(
    database: Database, blobs: Blobs, local: Account, clock: HandClock
) -> None:
    outputs = AudioOutputs(database, blobs, SEAL, lifetime=timedelta(days=1), clock=clock)
    audio_id = await keep(outputs, local)
    clock.now += timedelta(hours=5)
    await outputs.purge()
    assert await outputs.data(local.id, audio_id) == WAV


async def test_a_blob_whose_row_never_came_is_collected_once_it_is_old(
    outputs: AudioOutputs, blobs: Blobs, data: DataDirectory
) -> None:
    await blobs.put("audio-outputs/audio_old", WAV)
    await blobs.put("audio-outputs/audio_new", WAV)
    make_old(data.blobs / "audio-outputs" / "audio_old")
    await outputs.purge()
    assert blob_files(data) == {"audio_new"}


async def test_what_a_broken_off_write_left_behind_is_collected(
    outputs: AudioOutputs, local: Account, data: DataDirectory
) -> None:
    audio_id = await keep(outputs, local)
    part = data.blobs / "audio-outputs" / "audio_part#1"
    part.write_bytes(b"RI")
    make_old(part)
    await outputs.purge()
    assert blob_files(data) == {audio_id}


async def test_a_row_is_not_written_when_its_blob_cannot_be(
    outputs: AudioOutputs, blobs: Blobs, local: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disk_full(name: str, data: bytes) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(blobs, "put", disk_full)
    audio_id = new_audio_id()
    with pytest.raises(OSError, match="No space left"):
        await outputs.keep(audio_id, account_id=local.id, transcript="Hello.", data=WAV, audio_format="wav")
    with pytest.raises(AudioOutputNotFound):
        await outputs.transcript(local.id, audio_id)


KEEP_FOR_EVER = """
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id

async def write_for_ever(database, blobs, seal, account_id, writer):
    outputs = AudioOutputs(database, blobs, seal)
    while True:
        audio_id = new_audio_id()
        await outputs.keep(
            audio_id, account_id=account_id, transcript=audio_id, data=audio_id.encode() * 1000, audio_format="wav"
        )
        print(audio_id, flush=True)
"""


@pytest.mark.parametrize("acknowledged_at_least", [1, 37])
async def test_a_kill_in_the_middle_of_writes_loses_nothing_that_was_acknowledged(
    data: DataDirectory, database_url: str, acknowledged_at_least: int
) -> None:
    acknowledged = write_and_be_killed(KEEP_FOR_EVER, data, database_url, acknowledged_at_least=acknowledged_at_least)
    async with await Database.open(database_url) as database:
        account = await ensure_local_account(database)
        outputs = AudioOutputs(database, Blobs.in_folder(data.blobs), SEAL)
        for audio_id in acknowledged:
            assert await outputs.transcript(account.id, audio_id) == audio_id
        async with database.session() as session:
            rows = (await session.scalars(select(AudioOutputRow.id))).all()
        for audio_id in rows:
            assert await outputs.data(account.id, audio_id) == audio_id.encode() * 1000
