"""The worker with fewest connections takes the next."""

from __future__ import annotations

from antiphon.serve.loads import Loads


def test_workers_that_are_not_there_yet_are_not_waited_for():
    loads = Loads(3)
    loads.tell(1, 100)
    assert loads.is_least(1)


def test_who_has_more_than_another_leaves_it_the_next_connection():
    loads = Loads(2)
    loads.tell(1, 5)
    loads.tell(2, 5)
    assert (loads.is_least(1), loads.is_least(2)) == (True, True)
    loads.tell(1, 6)
    assert (loads.is_least(1), loads.is_least(2)) == (False, True)


def test_nobody_waits_for_a_worker_that_has_died():
    loads = Loads(2)
    loads.tell(1, 6)
    loads.tell(2, 0)
    loads.leave(2)
    assert loads.is_least(1)
