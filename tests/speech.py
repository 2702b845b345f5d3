"""Speech in tests: reading recordings, and comparing what was said with what was heard."""

from __future__ import annotations

import re
from pathlib import Path

import av
import jiwer
import numpy as np

from antiphon.audio.pcm import Pcm


def read_flac(path: Path) -> Pcm:
    with av.open(str(path)) as container:
        samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])
        return Pcm((samples / 32768).astype(np.float32), container.streams.audio[0].rate)


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Of the words alone: case and punctuation do not count."""
    return jiwer.wer(_words(reference), _words(hypothesis))


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w']", " ", text.lower()).split())
