from __future__ import annotations

import asyncio
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.store.blobs import Blobs
from antiphon.store.errors import BlobNotFound, StorageUnavailable, StoreError

from ..s3 import S3
from ..s3 import s3 as run_s3

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "blobs"


@pytest.fixture(params=["folder", "s3"])
def blobs(folder: Path, request: pytest.FixtureRequest) -> Blobs:
    return Blobs.in_folder(folder) if request.param == "folder" else request.getfixturevalue("s3").blobs()


@pytest.fixture
def in_folder(folder: Path) -> Blobs:
    return Blobs.in_folder(folder)


async def test_a_blob_comes_back_as_it_was_put(blobs: Blobs) -> None:
    await blobs.put("audio/one", b"\x00\xff" * 1000)
    assert await blobs.get("audio/one") == b"\x00\xff" * 1000


async def test_putting_again_replaces(blobs: Blobs) -> None:
    await blobs.put("audio/one", b"a longer first")
    await blobs.put("audio/one", b"second")
    assert await blobs.get("audio/one") == b"second"


async def test_a_reader_sees_one_whole_blob_or_the_other_while_it_is_replaced(blobs: Blobs) -> None:
    versions = [bytes([number]) * 200_000 for number in range(2)]
    await blobs.put("audio/one", versions[0])

    async def replace() -> None:
        for number in range(20):
            await blobs.put("audio/one", versions[number % 2])

    replacing = asyncio.create_task(replace())
    while not replacing.done():
        assert await blobs.get("audio/one") in versions
    await replacing


async def test_a_blob_that_is_not_there_is_reported(blobs: Blobs) -> None:
    with pytest.raises(BlobNotFound, match="audio/none"):
        await blobs.get("audio/none")


async def test_a_deleted_blob_is_gone_and_can_be_deleted_again(blobs: Blobs) -> None:
    await blobs.put("audio/one", b"1")
    await blobs.delete("audio/one")
    await blobs.delete("audio/one")
    with pytest.raises(BlobNotFound):
        await blobs.get("audio/one")


async def test_listing_tells_names_and_sizes_under_a_folder_alone(blobs: Blobs) -> None:
    for name in ("audio/one", "audio/two", "audiobook/three", "other"):
        await blobs.put(name, b"12345")
    listed = {blob.name: blob async for blob in blobs.list("audio")}
    assert listed.keys() == {"audio/one", "audio/two"}
    assert listed["audio/one"].byte_size == 5
    assert abs(listed["audio/one"].modified_at - datetime.now(UTC)) < timedelta(hours=1)


async def test_listing_tells_when_a_blob_was_written(in_folder: Blobs, folder: Path) -> None:
    await in_folder.put("audio/one", b"12345")
    os.utime(folder / "audio" / "one", (1_700_000_000, 1_700_000_000))
    assert [blob.modified_at async for blob in in_folder.list("audio")] == [datetime.fromtimestamp(1_700_000_000, UTC)]


async def test_a_walk_finds_all_blobs_and_nothing_that_is_none(blobs: Blobs) -> None:
    for name in ("audio/one", "records/two.prompt"):
        await blobs.put(name, b"1")
    await blobs.check()
    assert {blob.name async for blob in blobs.walk()} == {"audio/one", "records/two.prompt"}


async def test_listing_a_folder_that_was_never_used_is_empty(blobs: Blobs) -> None:
    assert [blob async for blob in blobs.list("audio")] == []


def test_blobs_are_for_their_owner_alone(in_folder: Blobs, folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_write_cut_short_long_ago_is_cleared_away_and_one_in_progress_is_not(
    in_folder: Blobs, folder: Path
) -> None:
    blobs = in_folder
    await blobs.put("audio/whole", b"1")
    cut_short, in_progress = folder / "audio" / "old#1", folder / "audio" / "new#1"
    for path in (cut_short, in_progress):
        path.write_bytes(b"part")
    os.utime(cut_short, (0, 0))
    await blobs.delete_unfinished(before=datetime.now(UTC) - timedelta(hours=1))
    assert not cut_short.exists()
    assert in_progress.exists()
    assert await blobs.get("audio/whole") == b"1"


@pytest.mark.usefixtures("s3")  # Which sets credentials.
async def test_a_store_that_is_away_is_told_as_that() -> None:
    with run_s3() as mortal:
        blobs = mortal.blobs()
        await blobs.put("audio/one", b"1")
        mortal.kill()
        for attempt in (blobs.put("audio/two", b"2"), blobs.get("audio/one"), blobs.delete("audio/one"), listed(blobs)):
            with pytest.raises(StorageUnavailable, match="the store of the blobs does not answer"):
                await attempt


async def listed(blobs: Blobs) -> list[str]:
    return [blob.name async for blob in blobs.list("audio")]


async def test_a_bucket_that_does_not_exist_is_told(s3: S3) -> None:
    blobs = Blobs.in_bucket("s3://no-such-bucket/x", endpoint=s3.endpoint)
    for attempt in (blobs.check(), blobs.get("audio/one")):
        with pytest.raises(StorageUnavailable, match="the bucket does not exist"):
            await attempt


@pytest.mark.parametrize("url", ["s3://", "s3:///x", "gs://bucket", "/tmp/x", "s3://bucket/a b", "s3://UPPER/x"])
def test_a_url_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="Blobs are kept in s3://BUCKET/PREFIX"):
        Blobs.in_bucket(url)


HOSTILE_NAMES = (
    "",
    ".",
    "..",
    "../secret",
    "audio/../../secret",
    "audio/..",
    "/etc/passwd",
    "audio//one",
    "audio/",
    "~/x",
    ".hidden",
    "audio/.hidden",
    "audio\\..\\x",
    "audio/one\n",
    "audio/one\0",
    "audio/%2e%2e/x",
    "audio/one#1",
    "ａudio",
    "x" * 129,
    "a/b/c/d/e",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_a_name_that_could_lead_out_of_the_store_is_refused_by_every_method(in_folder: Blobs, name: str) -> None:
    blobs = in_folder
    for attempt in (blobs.put(name, b"1"), blobs.get(name), blobs.delete(name), anext(blobs.list(name))):
        with pytest.raises(ValueError, match="not a blob name"):
            await attempt


@given(name=st.text(st.sampled_from("ab/.#%~\\\n"), max_size=12))
def test_whatever_the_name_no_file_is_made_outside_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    root = tmp_path_factory.mktemp("root")
    blobs = Blobs.in_folder(root / "data" / "blobs")
    try:
        asyncio.run(blobs.put(name, b"1"))
    except ValueError:
        pass
    else:
        assert (root / "data" / "blobs" / name).is_file()
    outside = [path for path in root.rglob("*") if path.is_file() and root / "data" / "blobs" not in path.parents]
    assert outside == []
