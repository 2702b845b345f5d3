"""`Gtcrn`: takes noise out of streams before speech is looked for in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from antiphon.engines.embedded.gtcrn.spectra import HOP, Change
from antiphon.engines.embedded.onnx import open_session

_CACHES = {"conv_cache": (2, 1, 16, 16, 33), "tra_cache": (2, 3, 1, 1, 16), "inter_cache": (2, 1, 33, 16)}
"""What the model remembers of a stream, and the shapes of that."""


_MOST = 0.7
"""How much of its verdict on the noise is followed at most: with more, quiet speech is lost as well."""


class Gtcrn:
    """The model. It may be used by several threads."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model, threads=1)

    def follow(self, *, strength: float) -> Change:
        """Takes noise out of one stream's spectra, in order: as much as is good with a `strength` of 1, none with 0."""
        share = _MOST * strength
        caches = {name: np.zeros(shape, np.float32) for name, shape in _CACHES.items()}

        def reduce(spectrum: NDArray[np.complex64]) -> NDArray[np.complex64]:
            given = spectrum.view(np.float32).reshape(1, HOP + 1, 1, 2)
            enhanced, *after = map(np.asarray, self._session.run(None, {"mix": given, **caches}))
            caches.update(zip(_CACHES, after, strict=True))
            clean = np.ascontiguousarray(enhanced, np.float32).view(np.complex64).reshape(HOP + 1)
            return np.asarray(share * clean + (1 - share) * spectrum, np.complex64)

        return reduce
