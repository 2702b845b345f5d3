from __future__ import annotations

import struct
import wave
from io import BytesIO

import numpy as np
import pytest

from antiphon.audio.decode import decode
from antiphon.audio.encode import Format, encode, encoder
from antiphon.audio.pcm import Pcm

COMPRESSED = [Format.MP3, Format.FLAC, Format.OPUS, Format.AAC]
SAMPLE_RATES = [8_000, 16_000, 24_000, 48_000]


def in_pieces(audio: Pcm, length: int = 4_801) -> list[Pcm]:
    """The audio as a synthesizer hands it over, in pieces that fit no codec's frames."""
    return [
        Pcm(audio.samples[start : start + length], audio.sample_rate) for start in range(0, len(audio.samples), length)
    ]


def written(audio: Pcm, audio_format: Format) -> bytes:
    return encode(in_pieces(audio), audio_format=audio_format, sample_rate=audio.sample_rate)


def read_again(file: bytes, sample_rate: int) -> Pcm:
    return Pcm.from_int16(b"".join(decode(file, declared_format="wav", sample_rate=sample_rate)), sample_rate)


@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
@pytest.mark.parametrize("audio_format", [Format.WAV, Format.MP3, Format.FLAC, Format.OPUS])
def test_a_file_is_as_long_as_the_speech_in_it(audio_format: Format, sample_rate: int, humming: Pcm) -> None:
    audio = humming.resample(sample_rate)
    assert read_again(written(audio, audio_format), sample_rate).seconds == pytest.approx(audio.seconds, abs=0.001)


@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
def test_aac_is_longer_by_less_than_three_frames(sample_rate: int, humming: Pcm) -> None:
    file = written(humming.resample(sample_rate), Format.AAC)
    surplus = read_again(file, sample_rate).seconds - humming.seconds
    assert 0 <= surplus < 3 * 1024 / sample_rate


@pytest.mark.parametrize(
    ("audio_format", "delay"), [(Format.MP3, 0), (Format.FLAC, 0), (Format.OPUS, 0), (Format.AAC, 1024)]
)
def test_a_file_sounds_like_the_speech_in_it(audio_format: Format, delay: int, humming: Pcm) -> None:
    heard = read_again(written(humming, audio_format), 24_000).samples[delay:]
    length = min(len(heard), len(humming.samples))
    assert np.corrcoef(heard[:length], humming.samples[:length])[0, 1] > 0.998


@pytest.mark.parametrize("audio_format", [Format.WAV, Format.FLAC])
def test_wav_and_flac_keep_every_sample(audio_format: Format, humming: Pcm) -> None:
    assert read_again(written(humming, audio_format), 24_000).to_int16() == humming.to_int16()


def test_pcm16_is_the_samples_alone(humming: Pcm) -> None:
    assert written(humming, Format.PCM16) == humming.to_int16()


def test_a_wav_header_tells_the_sizes_and_the_shape(humming: Pcm) -> None:
    file = written(humming, Format.WAV)
    assert struct.unpack("<I", file[4:8]) == (len(file) - 8,)
    assert struct.unpack("<I", file[40:44]) == (len(file) - 44,)
    with wave.open(BytesIO(file)) as reader:
        assert reader.getparams()[:4] == (1, 2, 24_000, len(humming.samples))


def test_a_flac_header_tells_the_length(humming: Pcm) -> None:
    file = written(humming, Format.FLAC)
    assert int.from_bytes(file[21:26], "big") & 0xF_FFFF_FFFF == len(humming.samples)


@pytest.mark.parametrize(
    ("audio_format", "head"),
    [
        (Format.WAV, b"RIFF"),
        (Format.FLAC, b"fLaC"),
        (Format.OPUS, b"OggS"),
        (Format.AAC, b"\xff\xf1"),
        (Format.MP3, b"ID3"),
    ],
)
def test_a_file_is_in_its_container(audio_format: Format, head: bytes, humming: Pcm) -> None:
    assert written(humming, audio_format).startswith(head)


@pytest.mark.parametrize("audio_format", Format)
def test_the_pieces_do_not_matter(audio_format: Format, humming: Pcm) -> None:
    whole = encode([humming], audio_format=audio_format, sample_rate=24_000)
    pieces = written(humming, audio_format)
    assert len(pieces) == pytest.approx(len(whole), rel=0.001)


@pytest.mark.parametrize("audio_format", Format)
def test_speech_at_another_rate_is_a_mistake(audio_format: Format) -> None:
    file = encoder(audio_format, sample_rate=24_000)
    with pytest.raises(ValueError, match="16000 Hz was given to an encoder at 24000 Hz"):
        file.feed(Pcm.silence(0.1, 16_000))


@pytest.mark.parametrize("audio_format", Format)
def test_a_piece_without_samples_changes_nothing(audio_format: Format, humming: Pcm) -> None:
    nothing = Pcm.silence(0, 24_000)
    file = encode([nothing, humming, nothing], audio_format=audio_format, sample_rate=24_000)
    assert len(file) == len(encode([humming], audio_format=audio_format, sample_rate=24_000))


@pytest.mark.parametrize(
    ("audio_format", "media_type", "extension"),
    [
        (Format.WAV, "audio/wav", "wav"),
        (Format.MP3, "audio/mpeg", "mp3"),
        (Format.FLAC, "audio/flac", "flac"),
        (Format.OPUS, "audio/ogg", "opus"),
        (Format.AAC, "audio/aac", "aac"),
        (Format.PCM16, "application/octet-stream", "pcm"),
    ],
)
def test_a_format_has_a_media_type_and_an_extension(audio_format: Format, media_type: str, extension: str) -> None:
    assert (audio_format.media_type, audio_format.extension) == (media_type, extension)
