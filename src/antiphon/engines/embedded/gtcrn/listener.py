"""`QuietedListener`: listens to a stream from which noise has been taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.engines.embedded.gtcrn.spectra import SAMPLE_RATE, Change, Samples, Spectra
from antiphon.engines.embedded.worker_pool import WorkerPool
from antiphon.engines.interfaces import Listener
from antiphon.hardening.errors import ServerBusy
from antiphon.vocabulary.speech import SpeechProbability

_AUDIBLE = 0.0005
"""The peak (-66 dBFS) below which audio is silence that needs no model, such as that of a muted microphone."""


class QuietedListener:
    """A `Listener`. `change` gives what takes the noise out; as long as that is None, everything is heard as it is."""

    def __init__(self, listener: Listener, change: Callable[[], Change | None], workers: WorkerPool) -> None:
        self._listener = listener
        self._find_change = change
        self._change: Change | None = None
        self._workers = workers
        self._spectra = Spectra()
        self._resampler: StreamResampler | None = None

    @property
    def worthwhile_ms(self) -> int:
        return self._listener.worthwhile_ms

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        """See `Listener.hear`."""
        self._resampler = self._resampler or StreamResampler(audio.sample_rate, SAMPLE_RATE, quality="LQ")
        self._change = self._change or self._find_change()
        quieted = Pcm(await self._quieted(self._resampler.resample(audio)), SAMPLE_RATE)
        return await self._listener.hear(quieted) if len(quieted.samples) else ()

    async def _quieted(self, audio: Pcm) -> Samples:
        change = self._change
        if change is None or not (np.abs(audio.samples) >= _AUDIBLE).any():
            return self._spectra.process(audio.samples, None)
        try:
            return await self._workers.run(lambda: self._spectra.process(audio.samples, change))
        except ServerBusy:
            return self._spectra.process(audio.samples, None)
