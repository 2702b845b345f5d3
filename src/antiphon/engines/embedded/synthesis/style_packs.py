"""`StylePacks`: the voices of Kokoro, alone and blended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from antiphon.engines.embedded.synthesis.kokoro_model import STYLE_SIZE
from antiphon.engines.embedded.synthesis.voices import Blend
from antiphon.models.errors import ModelError

MAX_PHONEMES = 510
"""A pack has one style for each number of phonemes, and the model accepts no more."""


class StylePacks:
    """Loads the packs `names` from `folder`: `NAME.bin`, float32 of shape (510, 256).

    Raises `ModelError` if one is missing or is not a style pack.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._packs = {name: _load(folder / f"{name}.bin") for name in names}

    def style(self, blend: Blend, *, phonemes: int) -> NDArray[np.float32]:
        """The style for a text of that many phonemes, shape (256,): the weighted mean of the blend's packs."""
        row = min(max(phonemes, 1), MAX_PHONEMES) - 1
        weights = np.fromiter(blend.values(), np.float32)
        return weights @ np.stack([self._packs[name][row] for name in blend])


def _load(path: Path) -> NDArray[np.float32]:
    try:
        pack = np.fromfile(path, np.float32)
    except OSError as error:
        raise ModelError(f"The voice {path} cannot be read: {error.strerror}.") from error
    if pack.size != MAX_PHONEMES * STYLE_SIZE:
        raise ModelError(f"The voice {path} is not a Kokoro style pack: it contains {pack.size} numbers.")
    return pack.reshape(MAX_PHONEMES, STYLE_SIZE)
