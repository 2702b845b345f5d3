"""What is played, in which order, and how much of it was heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antiphon.calls.playout import Playout, Started, Stopped, Unheard

RATE = 24_000
MS = 48
"""Bytes."""
FRAME = 20 * MS


def playing(*pieces: tuple[str, str, bytes]) -> Playout:
    playout = Playout(RATE, frame_ms=20)
    for response_id, item_id, audio in pieces:
        playout.put(response_id, item_id, audio)
    return playout


def test_a_response_is_played_frame_by_frame_between_its_start_and_its_end():
    playout = playing(("r", "i", b"\1" * (FRAME + 10)))
    playout.complete("r")
    assert playout.take(now_ms=0) == (b"\1" * FRAME, [Started("r")])
    assert playout.take(now_ms=20) == (b"\1" * 10 + bytes(FRAME - 10), [])
    assert playout.take(now_ms=40) == (bytes(FRAME), [Stopped("r")])
    assert playout.is_idle


def test_a_response_that_is_still_being_made_is_waited_for():
    playout = playing(("r", "i", b"\1" * FRAME))
    playout.take(now_ms=0)
    assert playout.take(now_ms=20) == (bytes(FRAME), [])
    playout.put("r", "i", b"\2" * FRAME)
    assert playout.take(now_ms=40) == (b"\2" * FRAME, [])


def test_a_response_waits_for_the_one_before_it():
    playout = playing(("r", "i", b"\1" * FRAME), ("s", "j", b"\2" * FRAME))
    playout.complete("r")
    assert playout.take(now_ms=0)[1] == [Started("r")]
    assert playout.take(now_ms=20) == (b"\2" * FRAME, [Stopped("r"), Started("s")])


def test_what_is_cleared_is_heard_to_the_millisecond():
    playout = playing(("r", "i", b"\1" * 10 * FRAME), ("r", "j", b"\2" * FRAME))
    for now_ms in (0, 20, 40):
        playout.take(now_ms=now_ms)
    begun, unheard = playout.clear(now_ms=47)
    assert begun == ["r"]
    assert unheard == [
        Unheard(response_id="r", item_id="i", heard_ms=47),
        Unheard(response_id="r", item_id="j", heard_ms=0),
    ]
    assert playout.take(now_ms=60) == (bytes(FRAME), [])


def test_what_was_heard_to_the_end_is_not_cut_short():
    playout = playing(("r", "i", b"\1" * FRAME))
    playout.complete("r")
    playout.take(now_ms=0)
    assert playout.clear(now_ms=20) == (["r"], [])


def test_nothing_is_played_of_an_item_beyond_where_it_was_cut():
    playout = playing(("r", "i", b"\1" * 10 * FRAME))
    playout.take(now_ms=0)
    playout.cut("i", 30)
    assert playout.take(now_ms=20)[0] == b"\1" * (FRAME // 2) + bytes(FRAME // 2)


def test_a_response_without_audio_neither_starts_nor_stops():
    playout = playing()
    playout.complete("r")
    assert playout.take(now_ms=0) == (bytes(FRAME), [])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 1_500).map(lambda n: 2 * n)), max_size=12), st.data())
def test_everything_is_played_once_in_order_and_what_was_heard_never_exceeds_what_was_played(
    pieces: list[tuple[int, int]], data: st.DataObject
):
    pieces.sort(key=lambda piece: piece[0])
    playout = Playout(RATE, frame_ms=20)
    sent = b""
    for index, (response, size) in enumerate(pieces):
        audio = bytes([index + 1]) * size
        playout.put(f"r{response}", f"i{response}", audio)
        sent += audio
    for response in range(3):
        playout.complete(f"r{response}")
    played, started, stopped = b"", list[str](), list[str]()
    stops_at = data.draw(st.integers(0, 60))
    for frame in range(stops_at):
        audio, progress = playout.take(now_ms=frame * 20)
        assert len(audio) == FRAME
        played += audio.replace(b"\0", b"")
        started += [each.response_id for each in progress if isinstance(each, Started)]
        stopped += [each.response_id for each in progress if isinstance(each, Stopped)]
    assert sent.startswith(played)
    begun, unheard = playout.clear(now_ms=stops_at * 20)
    assert started == [*stopped, *begun]
    assert sum(item.heard_ms for item in unheard) <= len(played) / MS + 1
    assert not unheard or len(played) < len(sent)
