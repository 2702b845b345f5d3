"""Results: medians, percentiles and targets."""

from __future__ import annotations

import pytest
from bench.results import median_of, overall, worst_of


def test_median_and_95th_percentile_of_samples():
    result = median_of("first audio", "s", [float(sample) for sample in range(101)])
    assert (result.value, result.p95, result.count) == (50.0, 95.0, 101)


def test_samples_may_come_in_any_order():
    assert median_of("first audio", "s", [3.0, 1.0, 2.0]).value == 2.0


def test_the_worst_sample_counts_where_the_worst_is_asked_for():
    assert worst_of("starved", "s", [0.0, 0.4, 0.1]).value == 0.4


def test_nothing_has_no_median():
    with pytest.raises(ValueError, match="first audio"):
        median_of("first audio", "s", [])


@pytest.mark.parametrize(("value", "met"), [(0.8, True), (0.9, True), (0.91, False)])
def test_a_target_is_met_up_to_its_very_value(value: float, met: bool):
    assert overall("first audio", "s", value, 1, target=0.9).met is met


def test_a_result_without_target_is_neither_met_nor_missed():
    assert overall("first audio", "s", 5.0, 1).met is None
