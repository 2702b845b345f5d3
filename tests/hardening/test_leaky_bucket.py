"""How much there may be at once, and how fast more may follow."""

from __future__ import annotations

from antiphon.hardening.leaky_bucket import LeakyBucket

from ..clocks import HandTimer


def test_there_is_room_for_as_much_as_it_holds():
    bucket = LeakyBucket(3, leak_per_second=1, clock=HandTimer())
    for left in (2, 1, 0, -1):
        bucket.add()
        assert bucket.room == left


def test_what_has_leaked_makes_room_again():
    clock = HandTimer()
    bucket = LeakyBucket(3, leak_per_second=2, clock=clock)
    bucket.add(5)
    clock.now += 1.5
    assert bucket.room == 1
    assert bucket.seconds_until_empty == 1
    clock.now += 60
    assert bucket.room == 3
