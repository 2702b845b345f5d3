"""Measures are written as Prometheus reads them."""

from __future__ import annotations

from antiphon.telemetry.measures import Count, Family, Sample, Timing, gauge, of_workers, written


def test_what_is_counted_is_told_by_its_labels():
    count = Count("answers_total", "Answers.", "kind", "status")
    count.add("chat", "200")
    count.add("chat", "200", by=2)
    count.add("audio", "500")
    assert list(written([count.family()])) == [
        "# HELP answers_total Answers.",
        "# TYPE answers_total counter",
        'answers_total{kind="audio",status="500"} 1',
        'answers_total{kind="chat",status="200"} 3',
    ]


def test_a_count_without_labels_is_told_before_there_is_anything_to_count():
    assert list(written([Count("answers_total", "Answers.").family()]))[-1] == "answers_total 0"


def test_what_is_timed_falls_into_buckets():
    timing = Timing("answer_seconds", "Seconds.", "kind", bounds=(0.1, 1.0))
    for seconds in (0.05, 0.5, 5.0):
        timing.add(seconds, "chat")
    assert list(written([timing.family()]))[2:] == [
        'answer_seconds_bucket{kind="chat",le="0.1"} 1',
        'answer_seconds_bucket{kind="chat",le="1"} 2',
        'answer_seconds_bucket{kind="chat",le="+Inf"} 3',
        'answer_seconds_sum{kind="chat"} 5.55',
        'answer_seconds_count{kind="chat"} 3',
    ]


def test_workers_are_told_apart_within_one_family():
    ours, theirs = gauge("open", "Open.", ({"a": "b"}, 1)), gauge("open", "Open.", ({"a": "b"}, 0.25))
    assert of_workers({2: [theirs], 1: [ours]}) == [
        Family(
            "open",
            "gauge",
            "Open.",
            [Sample("", {"worker": "1", "a": "b"}, 1), Sample("", {"worker": "2", "a": "b"}, 0.25)],
        )
    ]


def test_what_a_label_has_in_it_ends_no_line():
    (line,) = list(written([gauge("open", "Open.", ({"name": 'a "b"\\\n'}, 1e-3))]))[2:]
    assert line == 'open{name="a \\"b\\"\\\\\\n"} 0.001'
