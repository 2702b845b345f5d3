"""Audio between the wire and the engines: its formats, and the pieces that replies go out in."""

from __future__ import annotations

import numpy as np
import pytest

from antiphon.api.realtime.wire_audio import OutputAudio, from_pcm, to_pcm
from antiphon.realtime.configuration import AudioFormat

from ..conftest import tone

PCM16, ULAW = AudioFormat.PCM16, AudioFormat.G711_ULAW


@pytest.mark.parametrize("audio_format", AudioFormat)
def test_formats_go_both_ways(audio_format: AudioFormat):
    audio = tone(0.1, audio_format.sample_rate)
    returned = to_pcm(from_pcm(audio, audio_format), audio_format)
    assert returned.sample_rate == audio.sample_rate
    np.testing.assert_allclose(returned.samples, audio.samples, atol=0.02)


@pytest.mark.parametrize(("audio_format", "sample_rate"), [(PCM16, 22_050), (ULAW, 24_000), (PCM16, 24_000)])
def test_a_reply_is_resampled_as_one_stream_in_pieces(audio_format: AudioFormat, sample_rate: int):
    output = OutputAudio(audio_format, sample_rate=sample_rate)
    stretches = [tone(0.35, sample_rate), tone(0.05, sample_rate), tone(0.6, sample_rate)]
    pieces = [piece for audio in stretches for piece in output.feed(audio)] + list(output.finish())
    assert max(map(len, pieces)) <= 200 * audio_format.bytes_a_ms
    assert len(b"".join(pieces)) / audio_format.bytes_a_ms == pytest.approx(1000, abs=1)
    assert list(output.finish()) == []
