from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.identity.keys import AccountKeys, KeyPair, generate_key
from antiphon.store.database import Database
from antiphon.store.tables import AccountKeyRow, AccountRow

PAIR = KeyPair(key1=generate_key(), key2=generate_key())


def test_a_key_has_the_form_of_azures_keys() -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{84}", generate_key())


def test_no_two_keys_are_alike() -> None:
    assert len({generate_key() for _ in range(100)}) == 100


def test_either_key_matches() -> None:
    assert PAIR.match(PAIR.key1) == "key1"
    assert PAIR.match(PAIR.key2) == "key2"


@pytest.mark.parametrize(
    "presented",
    [
        "",
        PAIR.key1[:-1],
        PAIR.key1 + " ",
        PAIR.key1.swapcase(),
        PAIR.key1 + PAIR.key2,
        "ключ",
        "\udcff\ud800",
        "\0" * 84,
        "x" * 1_000_000,
    ],
    ids=range(9),
)
def test_anything_else_does_not_match(presented: str) -> None:
    assert PAIR.match(presented) is None


@given(st.text())
def test_no_text_breaks_the_comparison(presented: str) -> None:
    assert PAIR.match(presented) is None


@pytest.mark.parametrize("presented", [PAIR.key1, PAIR.key2, "wrong", ""], ids=range(4))
def test_both_keys_are_always_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch, presented: str) -> None:
    compared: list[bytes] = []
    compare_digest = hmac.compare_digest

    def watched(expected: bytes, given: bytes) -> bool:
        compared.append(expected)
        return compare_digest(expected, given)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    PAIR.match(presented)
    assert compared == [PAIR.key1.encode(), PAIR.key2.encode()]


def test_keys_do_not_show_when_a_pair_is_logged() -> None:
    assert PAIR.key1 not in repr(PAIR)
    assert PAIR.key2 not in repr(PAIR)


class Seconds:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def add_account(database: Database, account_id: str) -> KeyPair:
    pair = KeyPair(key1=generate_key(), key2=generate_key())
    async with database.begin() as session:
        session.add(
            AccountRow(
                id=account_id,
                name=account_id,
                folded_name=account_id,
                kind="OpenAI",
                location="local",
                created_at=datetime.now(UTC),
            )
        )
        await session.flush()
        session.add(AccountKeyRow(account_id=account_id, name="key1", value=pair.key1))
        session.add(AccountKeyRow(account_id=account_id, name="key2", value=pair.key2))
    return pair


@pytest.mark.anyio
async def test_an_account_is_opened_by_its_own_keys_and_no_others(database: Database) -> None:
    mine, theirs = await add_account(database, "mine"), await add_account(database, "theirs")
    keys = AccountKeys(database)
    assert await keys.verify("mine", mine.key1)
    assert await keys.verify("mine", mine.key2)
    assert not await keys.verify("mine", theirs.key1)


@pytest.mark.anyio
async def test_an_account_that_does_not_exist_is_opened_by_nothing(database: Database) -> None:
    assert not await AccountKeys(database).verify("nobody", "")


@pytest.mark.anyio
async def test_a_known_account_costs_no_query(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = await add_account(database, "mine")
    keys = AccountKeys(database, monotonic=Seconds())
    await keys.verify("mine", "wrong")
    monkeypatch.setattr(database, "session", None)
    assert await keys.verify("mine", pair.key1)


@pytest.mark.anyio
async def test_a_replaced_key_is_refused_at_once_and_the_other_still_opens(database: Database) -> None:
    old = await add_account(database, "mine")
    keys = AccountKeys(database, monotonic=Seconds())
    assert await keys.verify("mine", old.key1)
    await keys.regenerate("mine", "key1")
    new = await keys.pair("mine")
    assert new is not None
    assert not await keys.verify("mine", old.key1)
    assert await keys.verify("mine", new.key1)
    assert await keys.verify("mine", old.key2)


@pytest.mark.anyio
async def test_a_key_replaced_by_another_process_is_refused_within_seconds(database: Database) -> None:
    old = await add_account(database, "mine")
    clock = Seconds()
    keys = AccountKeys(database, remembered_seconds=2.0, monotonic=clock)
    assert await keys.verify("mine", old.key1)
    await AccountKeys(database).regenerate("mine", "key1")
    clock.now = 2.0
    assert not await keys.verify("mine", old.key1)


@pytest.mark.anyio
async def test_replacing_the_keys_of_one_account_leaves_those_of_others(database: Database) -> None:
    await add_account(database, "mine")
    theirs = await add_account(database, "theirs")
    keys = AccountKeys(database)
    await keys.regenerate("mine", "key1")
    await keys.regenerate("mine", "key2")
    assert await keys.pair("theirs") == theirs
