from __future__ import annotations

import io

from antiphon.models.progress import Bars, Lines, Tally, shown_on


def test_a_log_gets_a_line_every_few_seconds_with_rate_and_time_left():
    seconds = [0.0]
    log = io.StringIO()
    lines = Lines(log, clock=lambda: seconds[0])
    lines.begin("tiny", 100_000)
    for second in range(11):
        seconds[0] = float(second)
        lines.reached("tiny", second * 5_000)
    seconds[0] = 20.0
    lines.finish("tiny")
    assert log.getvalue().splitlines() == [
        "tiny: fetching 100.0 kB",
        "tiny: 25.0 kB of 100.0 kB, 5.0 kB/s, 15 s left",
        "tiny: 50.0 kB of 100.0 kB, 5.0 kB/s, 10 s left",
        "tiny: 100.0 kB there and verified after 20 s",
    ]


def test_what_an_earlier_fetch_left_does_not_count_as_speed():
    seconds = [0.0]
    log = io.StringIO()
    lines = Lines(log, clock=lambda: seconds[0])
    lines.begin("tiny", 100_000)
    lines.reached("tiny", 90_000)
    seconds[0] = 5.0
    lines.reached("tiny", 95_000)
    assert log.getvalue().splitlines()[-1] == "tiny: 95.0 kB of 100.0 kB, 1.0 kB/s, 5 s left"


def test_transfers_add_up_in_the_bytes_of_the_model(progress):
    tally = Tally(progress, "tiny")
    first, second = tally.share("one", 100), tally.share("two", 300)
    first(5, 10)
    second(30, 30)
    first(10, 10)
    assert progress.reached_bytes == [50, 350, 400]


def test_a_transfer_of_unknown_length_does_not_disturb_the_sum(progress):
    Tally(progress, "tiny").share("one", 100)(5, None)
    assert progress.reached_bytes == [0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_bars_and_anything_else_lines():
    with shown_on(Terminal()) as shown:
        assert isinstance(shown, Bars)
    with shown_on(io.StringIO()) as shown:
        assert isinstance(shown, Lines)


def test_bars_show_the_model_and_what_is_said():
    terminal = Terminal()
    with shown_on(terminal) as shown:
        shown.begin("tiny", 100)
        shown.reached("tiny", 60)
        shown.say("tiny: the hub [cannot] be reached")
        shown.finish("tiny")
    assert "tiny: the hub [cannot] be reached" in terminal.getvalue()
    assert "100/100 bytes" in terminal.getvalue()
