"""What was measured: a number, how it was come by, and how much it should be at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    name: str
    unit: str
    """"s", "MB", "%", or "×" for a ratio."""
    statistic: Literal["median", "worst", "overall"]
    """What `value` is of the samples. "overall" is a rate over all of them together, such as a word error rate."""
    value: float
    p95: float | None
    """The 95th percentile of the samples; None where there are no samples to sort."""
    count: int
    """How many samples there were; for a word error rate, how many words."""
    target: float | None = None
    """The most that `value` should be; None where nobody has said."""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        return None if self.target is None else self.value <= self.target


def median_of(name: str, unit: str, samples: Sequence[float], *, target: float | None = None) -> Result:
    """Raises `ValueError` without samples."""
    return _of_samples(name, unit, "median", samples, target)


def worst_of(name: str, unit: str, samples: Sequence[float], *, target: float | None = None) -> Result:
    """The greatest of the samples. Raises `ValueError` without any."""
    return _of_samples(name, unit, "worst", samples, target)


def overall(name: str, unit: str, value: float, count: int, *, target: float | None = None) -> Result:
    return Result(name=name, unit=unit, statistic="overall", value=value, p95=None, count=count, target=target)


def _of_samples(
    name: str, unit: str, statistic: Literal["median", "worst"], samples: Sequence[float], target: float | None
) -> Result:
    if not samples:
        raise ValueError(f"there is nothing to take the {statistic} of for {name!r}")
    return Result(
        name=name,
        unit=unit,
        statistic=statistic,
        value=float(np.median(samples)) if statistic == "median" else max(samples),
        p95=float(np.percentile(samples, 95)),
        count=len(samples),
        target=target,
    )
