from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.audio.decode import DecodingLimits, decode
from antiphon.audio.encode import Format, encode
from antiphon.audio.errors import InvalidAudio
from antiphon.audio.pcm import Pcm

from .conftest import WriteFile

UPLOADS = {
    "wav": ("wav", "pcm_s16le", {}),
    "wav of 24 bits": ("wav", "pcm_s24le", {}),
    "wav of floats": ("wav", "pcm_f32le", {}),
    "telephone wav": ("wav", "pcm_mulaw", {"rate": 8_000}),
    "adpcm wav": ("wav", "adpcm_ima_wav", {}),
    "stereo wav": ("wav", "pcm_s16le", {"rate": 44_100, "layout": "stereo"}),
    "surround wav": ("wav", "pcm_s16le", {"rate": 48_000, "layout": "5.1"}),
    "mp3": ("mp3", "libmp3lame", {}),
    "stereo mp3": ("mp3", "libmp3lame", {"rate": 44_100, "layout": "stereo"}),
    "flac": ("flac", "flac", {}),
    "aac": ("adts", "aac", {}),
    "Chromium's webm": ("webm", "libopus", {"rate": 48_000, "live": "1"}),
    "Firefox's ogg": ("ogg", "libopus", {"rate": 48_000}),
    "Safari's mp4": ("mp4", "aac", {"rate": 48_000, "movflags": "frag_keyframe+empty_moov"}),
    "m4a": ("ipod", "aac", {"rate": 44_100}),
    "m4a for the web": ("ipod", "aac", {"rate": 44_100, "moov_size": "20000"}),
}


def decoded(file: bytes, *, sample_rate: int = 24_000, limits: DecodingLimits | None = None) -> Pcm:
    pieces = decode(file, declared_format="wav", sample_rate=sample_rate, limits=limits)
    return Pcm.from_int16(b"".join(pieces), sample_rate)


def likeness(one: Pcm, other: Pcm) -> float:
    """The highest correlation of the two within a shift of 100 ms."""
    length = min(len(one.samples), len(other.samples))
    size = 1 << (2 * length - 1).bit_length()
    a, b = np.fft.rfft(one.samples[:length], size), np.fft.rfft(other.samples[:length], size)
    correlation = np.fft.irfft(a * np.conj(b), size)
    shift = one.sample_rate // 10
    best = max(correlation[:shift].max(), correlation[-shift:].max())
    return float(best / np.linalg.norm(one.samples[:length]) / np.linalg.norm(other.samples[:length]))


@pytest.fixture(params=UPLOADS)
def upload(request: pytest.FixtureRequest, write_file: WriteFile, humming: Pcm) -> bytes:
    container, codec, options = UPLOADS[request.param]
    return write_file(container, codec, humming, **options)


def test_an_upload_sounds_like_what_was_recorded(upload: bytes, humming: Pcm) -> None:
    assert likeness(decoded(upload), humming) > 0.99


def test_an_upload_lasts_as_long_as_what_was_recorded(upload: bytes, humming: Pcm) -> None:
    assert decoded(upload).seconds == pytest.approx(humming.seconds, abs=0.1)


def test_an_upload_that_was_cut_anywhere_is_decoded_or_refused_with_advice(upload: bytes) -> None:
    for tenth in range(1, 10):
        try:
            assert decoded(upload[: len(upload) * tenth // 10]).seconds > 0
        except InvalidAudio as refusal:
            assert "Send the whole file." in refusal.message  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("name", ["wav", "flac", "m4a", "m4a for the web"])
def test_a_file_shorter_than_its_header_says_is_refused(name: str, write_file: WriteFile, humming: Pcm) -> None:
    container, codec, options = UPLOADS[name]
    file = write_file(container, codec, humming, **options)
    with pytest.raises(InvalidAudio, match="truncated"):
        decoded(file[: len(file) * 2 // 3])


def test_an_mp3_that_was_cut_is_heard_as_far_as_it_goes(write_file: WriteFile, humming: Pcm) -> None:
    file = write_file("mp3", "libmp3lame", humming)
    assert decoded(file[: len(file) // 2]).seconds == pytest.approx(humming.seconds / 2, abs=0.2)


@pytest.mark.parametrize("placeholder", [0, 0xFFFFFFFF])
def test_a_wav_that_was_streamed_is_whole_without_a_length(placeholder: int, humming: Pcm) -> None:
    file = bytearray(encode([humming], audio_format=Format.WAV, sample_rate=24_000))
    file[4:8] = file[40:44] = struct.pack("<I", placeholder)
    assert decoded(bytes(file)).to_int16() == humming.to_int16()


@pytest.mark.parametrize("placeholder", [2_000_000_000, 0x4000_0000, 0x7FFF_FFDB, 30 * 1024 * 1024])
def test_a_wav_that_promises_more_than_can_be_sent_is_heard_to_its_end(placeholder: int, humming: Pcm) -> None:
    file = bytearray(encode([humming], audio_format=Format.WAV, sample_rate=24_000))
    file[40:44] = struct.pack("<I", placeholder)
    assert decoded(bytes(file)).to_int16() == humming.to_int16()


@pytest.mark.parametrize("name", ["mp3", "aac", "stereo mp3"])
@pytest.mark.parametrize("begins", ["in a frame", "with zeros", "with a tag"])
def test_a_stream_that_does_not_begin_with_a_frame_is_heard(
    name: str, begins: str, write_file: WriteFile, humming: Pcm
) -> None:
    container, codec, options = UPLOADS[name]
    file = write_file(container, codec, humming, **options)
    sent = {"in a frame": file[700:], "with zeros": bytes(5_000) + file, "with a tag": b"ID3\3" + bytes(6) + file}[
        begins
    ]
    assert decoded(sent).seconds == pytest.approx(humming.seconds, abs=0.4)


@pytest.mark.parametrize("name", ["wav", "mp3", "flac", "aac", "Firefox's ogg"])
def test_tags_in_front_and_behind_do_not_matter(name: str, write_file: WriteFile, humming: Pcm) -> None:
    container, codec, options = UPLOADS[name]
    file = write_file(container, codec, humming, **options)
    tagged = b"ID3\4\0\0\0\0\1\0" + bytes(128) + file + b"TAG" + b"Title".ljust(125)
    assert likeness(decoded(tagged), humming) > 0.99
    assert decoded(tagged).seconds == pytest.approx(humming.seconds, abs=0.1)


def test_a_wav_at_the_wanted_rate_is_unchanged(humming: Pcm) -> None:
    file = encode([humming], audio_format=Format.WAV, sample_rate=24_000)
    assert b"".join(decode(file, declared_format="wav", sample_rate=24_000)) == humming.to_int16()


def test_frequencies_that_the_wanted_rate_cannot_hold_are_gone(write_file: WriteFile) -> None:
    whistle = Pcm(np.sin(2 * np.pi * 10_000 * np.arange(48_000) / 48_000).astype(np.float32), 48_000)
    heard = decoded(write_file("wav", "pcm_s16le", whistle), sample_rate=16_000).samples[1_000:-1_000]
    assert np.abs(heard).max() < 0.001


def test_the_first_bytes_count_more_than_what_is_declared(write_file: WriteFile, humming: Pcm) -> None:
    mp3 = write_file("mp3", "libmp3lame", humming)
    pieces = decode(mp3, declared_format="wav", sample_rate=24_000)
    assert len(b"".join(pieces)) == len(humming.to_int16())


def test_a_format_that_changes_in_mid_stream_is_followed(write_file: WriteFile, humming: Pcm) -> None:
    mono, stereo = (write_file("adts", "aac", humming, layout=layout) for layout in ("mono", "stereo"))
    assert decoded(mono + stereo).seconds == pytest.approx(2 * humming.seconds, abs=0.2)


def zipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("audio.wav", b"RIFF")
    return file.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"Hello, how are you?", id="text"),
        pytest.param(b"<!doctype html><title>404</title>", id="html"),
        pytest.param(b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 5004 RTP/AVP 0\r\n" * 100, id="sdp"),
        pytest.param(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", id="playlist"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(1_000), id="png"),
        pytest.param(zipped(), id="zip"),
    ],
)
def test_what_is_no_audio_is_refused_with_what_to_send(file: bytes) -> None:
    with pytest.raises(InvalidAudio, match=r"not a readable wav file\. Send a WAV or MP3 file"):
        decoded(file)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InvalidAudio, match="empty"):
        decoded(b"")


@pytest.mark.parametrize("audio_format", [Format.WAV, Format.FLAC])
def test_a_file_without_a_sample_is_refused(audio_format: Format) -> None:
    file = encode([], audio_format=audio_format, sample_rate=16_000)
    with pytest.raises(InvalidAudio, match="no samples"):
        decoded(file)


@pytest.mark.parametrize(
    "magic",
    [b"OggS\0\2", b"fLaC\0\0\0\x22", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftypM4A ", b"ID3\4\0\0\0\0\0\0", b"\xff\xf1P\x80"],
)
def test_noise_behind_the_first_bytes_of_a_container_is_refused(magic: bytes) -> None:
    with pytest.raises(InvalidAudio):
        decoded(magic + np.random.default_rng(0).bytes(100_000))


def test_a_codec_that_is_not_read_is_named(write_file: WriteFile, humming: Pcm) -> None:
    with pytest.raises(InvalidAudio, match=r"codec \(ac3\) is not supported"):
        decoded(write_file("matroska", "ac3", humming, rate=48_000))


def header(*, channels: int = 1, rate: int = 16_000, block: int = 2, bits: int = 16, tag: int = 1) -> bytes:
    layout = struct.pack("<IHHIIHH", 16, tag, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    return b"RIFF\xff\xff\xff\xffWAVEfmt " + layout + b"data\xff\xff\xff\xff" + bytes(4_000)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(header(rate=0), id="0 Hz"),
        pytest.param(header(rate=1), id="1 Hz"),
        pytest.param(header(rate=0xFFFFFFFF), id="4 GHz"),
        pytest.param(header(channels=0), id="no channel"),
        pytest.param(header(channels=65_535), id="65535 channels"),
        pytest.param(header(channels=9, block=18), id="9 channels"),
        pytest.param(header(bits=0), id="samples of no bits"),
        pytest.param(header(bits=65_535), id="samples of 65535 bits"),
        pytest.param(header(tag=0xDEAD), id="no such codec"),
    ],
)
def test_a_header_of_absurd_values_is_refused(file: bytes) -> None:
    with pytest.raises(InvalidAudio):
        decoded(file)


@pytest.mark.parametrize("block", [0, 1, 65_535])
def test_a_wrong_block_size_costs_nothing_but_the_file(block: int) -> None:
    try:
        assert decoded(header(block=block)).seconds < 1
    except InvalidAudio as refusal:
        assert refusal.message  # noqa: PT017 - either outcome is right


def test_an_hour_in_half_a_megabyte_is_too_long(flac_bomb: bytes) -> None:
    assert len(flac_bomb) < 700_000
    with pytest.raises(InvalidAudio, match=r"longer than 30 minutes\. Send it in shorter parts"):
        decoded(flac_bomb, sample_rate=16_000)


def test_a_file_that_admits_its_length_is_refused_before_it_is_decoded(write_file: WriteFile) -> None:
    file = write_file("flac", "flac", Pcm.silence(60, 16_000))
    with pytest.raises(InvalidAudio, match=r"longer than 0\.5 minutes"):
        next(decode(file, declared_format="wav", sample_rate=16_000, limits=DecodingLimits(max_seconds=30)))


def test_samples_of_all_channels_count(write_file: WriteFile) -> None:
    file = write_file("flac", "flac", Pcm.silence(1, 48_000), layout="7.1")
    with pytest.raises(InvalidAudio, match="longer than"):
        decoded(file, limits=DecodingLimits(max_source_samples=100_000))


def test_a_file_that_makes_more_work_than_it_is_worth_is_stopped(flac_bomb: bytes) -> None:
    miserly = DecodingLimits(cpu_seconds=0.0, cpu_seconds_per_megabyte=0.0)
    with pytest.raises(InvalidAudio, match="far too much work to decode for its size"):
        decoded(flac_bomb, limits=miserly)


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, int, bytes]]:
    """What to overwrite, insert or cut, where: mostly in the header."""
    operation = st.sampled_from(["overwrite", "insert", "cut"])
    position = st.one_of(st.integers(0, 60), st.integers(0, 5_000))
    content = st.one_of(
        st.binary(min_size=1, max_size=8),
        st.sampled_from([bytes(4), b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"LIST", b"fmt ", b"data"]),
    )
    return draw(st.lists(st.tuples(operation, position, content), min_size=1, max_size=12))


@pytest.mark.parametrize(
    "name", ["wav", "adpcm wav", "mp3", "flac", "Chromium's webm", "Firefox's ogg", "m4a for the web"]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=mutations())
def test_a_damaged_file_gives_bounded_audio_or_a_refusal(
    name: str, changes: list[tuple[str, int, bytes]], write_file: WriteFile
) -> None:
    container, codec, options = UPLOADS[name]
    file = bytearray(write_file(container, codec, Pcm.silence(0.3, 24_000), **options))
    for operation, position, content in changes:
        end = position if operation == "insert" else position + len(content)
        file[position:end] = b"" if operation == "cut" else content
    try:
        assert decoded(bytes(file)).seconds < 60
    except InvalidAudio as refusal:
        assert refusal.message  # noqa: PT017 - either outcome is right
