"""Streams are sent while they are encoded, and are read by the decoder like any file."""

from __future__ import annotations

import wave
from io import BytesIO

import numpy as np
import pytest

from antiphon.audio.decode import decode
from antiphon.audio.encode import Format
from antiphon.audio.pcm import Pcm
from antiphon.audio.stream_encode import stream_encoder

RATE = 24_000


def tone(seconds: float) -> Pcm:
    time = np.arange(round(seconds * RATE)) / RATE
    return Pcm((0.5 * np.sin(2 * np.pi * 220 * time)).astype(np.float32), RATE)


@pytest.mark.parametrize("audio_format", [each for each in Format if each is not Format.PCM16])
def test_each_format_is_a_stream_of_the_same_audio(audio_format: Format):
    encoder = stream_encoder(audio_format, sample_rate=RATE)
    pieces = [*(encoder.feed(tone(0.5)) for _ in range(4)), encoder.finish()]
    decoded = b"".join(decode(b"".join(pieces), declared_format=audio_format, sample_rate=RATE))
    assert len(decoded) / 2 / RATE == pytest.approx(2.0, abs=0.1)
    assert np.frombuffer(decoded, "<i2").std() == pytest.approx(11_585, rel=0.1)


@pytest.mark.parametrize("audio_format", list(Format))
def test_the_first_piece_can_be_sent_before_the_second_is_there(audio_format: Format):
    encoder = stream_encoder(audio_format, sample_rate=RATE)
    assert len(encoder.feed(tone(0.5))) > 1000
    encoder.finish()


def test_raw_audio_is_nothing_but_samples():
    encoder = stream_encoder(Format.PCM16, sample_rate=RATE)
    assert encoder.feed(tone(0.1)) + encoder.finish() == tone(0.1).to_int16()


def test_a_wav_stream_is_read_by_pythons_own_library():
    encoder = stream_encoder(Format.WAV, sample_rate=RATE)
    with wave.open(BytesIO(encoder.feed(tone(0.5)) + encoder.finish())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        assert file.readframes(RATE) == tone(0.5).to_int16()


def test_a_stream_of_nothing_is_whole():
    assert len(stream_encoder(Format.WAV, sample_rate=RATE).finish()) == 44
    assert stream_encoder(Format.PCM16, sample_rate=RATE).finish() == b""


def test_audio_at_another_rate_is_refused():
    with pytest.raises(ValueError, match="16000 Hz"):
        stream_encoder(Format.MP3, sample_rate=RATE).feed(Pcm.silence(0.1, 16_000))
