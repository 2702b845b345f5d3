"""Measures: families of samples, as Prometheus has them, and what counts and times them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from antiphon.telemetry.histogram import Histogram

Labels: TypeAlias = Mapping[str, str]


class Sample(msgspec.Struct, frozen=True, array_like=True):
    suffix: str
    """What is appended to the family's name: "_bucket", "_sum", "_count", or nothing."""
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, frozen=True, array_like=True):
    """All samples of one name. A struct, so that one process can send it to another."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    samples: list[Sample]


class Count:
    """How often something has happened, by the values of its labels."""

    def __init__(self, name: str, about: str, *labels: str) -> None:
        self._name = name
        self._about = about
        self._labels = labels
        self._counts: Counter[tuple[str, ...]] = Counter()

    def add(self, *values: str, by: int = 1) -> None:
        """One value for each label."""
        self._counts[values] += by

    def family(self) -> Family:
        counts = self._counts or {(): 0} if not self._labels else self._counts
        samples = [
            Sample("", dict(zip(self._labels, values, strict=True)), count) for values, count in sorted(counts.items())
        ]
        return Family(self._name, "counter", self._about, samples)


class Timing:
    """How long something has taken, in seconds, by the values of its labels."""

    def __init__(self, name: str, about: str, *labels: str, bounds: Sequence[float]) -> None:
        self._name = name
        self._about = about
        self._labels = labels
        self._bounds = bounds
        self._histograms: dict[tuple[str, ...], Histogram] = {}

    def add(self, seconds: float, *values: str) -> None:
        """One value for each label."""
        histogram = self._histograms.get(values)
        if histogram is None:
            histogram = self._histograms[values] = Histogram(self._bounds)
        histogram.add(seconds)

    def family(self) -> Family:
        samples = [
            sample
            for values, histogram in sorted(self._histograms.items())
            for sample in samples_of(histogram, dict(zip(self._labels, values, strict=True)))
        ]
        return Family(self._name, "histogram", self._about, samples)


def gauge(name: str, about: str, *samples: tuple[Labels, float]) -> Family:
    return Family(name, "gauge", about, [Sample("", dict(labels), value) for labels, value in samples])


def counter(name: str, about: str, *samples: tuple[Labels, float]) -> Family:
    return Family(name, "counter", about, [Sample("", dict(labels), value) for labels, value in samples])


def samples_of(histogram: Histogram, labels: Labels) -> Iterator[Sample]:
    counts = histogram.cumulative
    for bound, count in zip((*(f"{each:g}" for each in histogram.bounds), "+Inf"), counts, strict=True):
        yield Sample("_bucket", {**labels, "le": bound}, count)
    yield Sample("_sum", dict(labels), histogram.total)
    yield Sample("_count", dict(labels), counts[-1])


# --- what is written --------------------------------------------------------------------------------------------------


def of_workers(by_worker: Mapping[int, Sequence[Family]]) -> list[Family]:
    """The families of several workers, each sample with the label `worker`."""
    merged: dict[str, Family] = {}
    for worker, families in sorted(by_worker.items()):
        for family in families:
            known = merged.setdefault(family.name, Family(family.name, family.kind, family.about, []))
            known.samples.extend(
                Sample(sample.suffix, {"worker": str(worker), **sample.labels}, sample.value)
                for sample in family.samples
            )
    return list(merged.values())


def written(families: Sequence[Family]) -> Iterator[str]:
    """Lines in Prometheus's text format."""
    for family in families:
        yield f"# HELP {family.name} {family.about}"
        yield f"# TYPE {family.name} {family.kind}"
        for sample in family.samples:
            value = f"{sample.value:.6f}".rstrip("0").rstrip(".") if sample.value % 1 else f"{sample.value:.0f}"
            yield f"{family.name}{sample.suffix}{_labels(sample.labels)} {value}"


def _labels(labels: Labels) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
