"""A stream of audio as overlapping spectra, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from antiphon.engines.embedded.gtcrn.spectra import HOP, Change, Samples, Spectra

NOISE: Samples = np.random.default_rng(7).standard_normal(16_000).astype(np.float32)


def processed(pieces: list[Samples], change: Change | None) -> Samples:
    spectra = Spectra()
    return np.concatenate([spectra.process(piece, change) for piece in pieces])


def unchanged(spectrum: NDArray[np.complex64]) -> NDArray[np.complex64]:
    return spectrum


@pytest.mark.parametrize("change", [None, unchanged])
def test_what_is_not_changed_comes_out_as_it_went_in(change: Change | None) -> None:
    out = processed([NOISE], change)
    assert np.allclose(out, NOISE[: len(out)], atol=1e-5)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=12))
def test_it_lags_behind_by_32_ms_at_most_however_the_stream_is_cut(lengths: list[int]) -> None:
    pieces = [NOISE[sum(lengths[:index]) :][:length] for index, length in enumerate(lengths)]
    out = processed(pieces, None)
    given_samples = sum(map(len, pieces))
    assert max(0, given_samples - 2 * HOP) <= len(out) <= max(0, given_samples - HOP)
    assert np.allclose(out, NOISE[: len(out)], atol=1e-5)


def test_a_change_applies_to_every_spectrum() -> None:
    out = processed([NOISE], lambda spectrum: np.asarray(0.5 * spectrum, np.complex64))
    assert np.allclose(out, 0.5 * NOISE[: len(out)], atol=1e-5)


def test_it_may_begin_and_end_within_a_stream() -> None:
    spectra = Spectra()
    out = [spectra.process(NOISE[start : start + 1600], change) for start, change in ((0, None), (1600, unchanged))]
    out.append(spectra.process(NOISE[3200:], None))
    whole = np.concatenate(out)
    assert np.allclose(whole, NOISE[: len(whole)], atol=1e-5)
