"""Models are fetched while the server runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from antiphon.models.cache import State
from antiphon.models.model import HubRepository
from antiphon.models.pulls import ModelPulls

BODY = bytes(range(256)) * 8_000
FOLDER = "/hub/some/tiny/resolve/main/"


def until(condition: Callable[[], object]) -> None:
    """Return once it holds; fail when it does not in time."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("It did not come to it within 10 seconds.")


def threads_at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("antiphon-pull", "antiphon-f"))]


@pytest.fixture
def tiny(make_model):
    return make_model({"model.bin": BODY}, HubRepository(repository="some/tiny"))


@pytest.fixture
def hold(web, page):
    """Half of the model comes; the rest waits for this."""
    event = threading.Event()
    web.pages[FOLDER + "model.bin"] = page(BODY, hold=event)
    yield event
    event.set()


def test_its_numbers_go_up_until_the_model_is_there(hold, web, tiny, make_cache):
    cache = make_cache(tiny)
    pulls = ModelPulls(cache)
    assert pulls.status("tiny") is None
    pulls.start("tiny")
    begun = pulls.status("tiny")
    assert begun is not None
    assert (begun.total_bytes, begun.error) == (len(BODY), None)
    until(lambda: (status := pulls.status("tiny")) and status.done_bytes >= len(BODY) // 2)
    assert cache.state("tiny") is not State.WHOLE
    hold.set()
    until(lambda: pulls.status("tiny") is None)
    assert cache.state("tiny") is State.WHOLE


def test_pulling_twice_is_one_pull(hold, web, tiny, make_cache):
    pulls = ModelPulls(make_cache(tiny))
    pulls.start("tiny")
    assert web.half_is_out.wait(10)
    pulls.start("tiny")
    hold.set()
    until(lambda: pulls.status("tiny") is None)
    assert len(web.asked(FOLDER + "model.bin")) == 1


def test_what_went_wrong_is_told_until_it_is_tried_again(web, page, tiny, make_cache):
    cache = make_cache(tiny)
    pulls = ModelPulls(cache)
    pulls.start("tiny")
    until(lambda: (status := pulls.status("tiny")) and status.error)
    failed = pulls.status("tiny")
    assert failed is not None
    assert failed.error is not None
    assert "tiny could not be fetched" in failed.error
    web.pages[FOLDER + "model.bin"] = page(BODY)
    pulls.start("tiny")
    until(lambda: pulls.status("tiny") is None)
    assert cache.state("tiny") is State.WHOLE


def test_a_fault_of_ours_is_not_shown(tiny, make_cache, monkeypatch):
    cache = make_cache(tiny)
    monkeypatch.setattr(cache, "pull", lambda names, progress: 1 / 0)
    pulls = ModelPulls(cache)
    pulls.start("tiny")
    until(lambda: (status := pulls.status("tiny")) and status.error)
    told = pulls.status("tiny")
    assert told is not None
    assert "log" in (told.error or "")
    assert "division" not in (told.error or "")


def test_closing_ends_a_pull_and_keeps_what_has_come(hold, web, tiny, make_cache, progress):
    cache = make_cache(tiny)
    pulls = ModelPulls(cache)
    pulls.start("tiny")
    until(lambda: (status := pulls.status("tiny")) and status.done_bytes >= len(BODY) // 2)
    pulls.close()
    hold.set()
    until(lambda: not threads_at_work())
    assert cache.state("tiny") is State.MISSING
    assert [path.stat().st_size > 0 for path in (cache.directory / ".partial").rglob("model.bin")] == [True]
    cache.ensure(["tiny"], progress)
    assert web.asked(FOLDER + "model.bin")[-1].range is not None


def test_no_thread_of_a_pull_holds_the_process_up(hold, web, tiny, make_cache):
    pulls = ModelPulls(make_cache(tiny))
    pulls.start("tiny")
    assert web.half_is_out.wait(10)
    at_work = [thread for thread in threading.enumerate() if thread.name in threads_at_work()]
    assert {thread.name for thread in at_work} == {"antiphon-pull-tiny", "antiphon-fetch"}
    assert all(thread.daemon for thread in at_work)
