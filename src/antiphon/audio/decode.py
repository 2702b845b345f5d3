"""Decodes an uploaded file, hostile until proven otherwise, to 16-bit mono samples.

FFmpeg does the decoding; this module restricts it:

- it is told the container, never left to guess, sees no tags, and opens no file or address that the data may name;
- only audio codecs are decoded, at plausible rates and channel counts, checked again for every frame;
- CPU time is a fixed grant plus more for each byte decoded. A file that makes much work out of few bytes is stopped
  when its time is used up, however long it declares to be;
- the output is limited too, in seconds and in samples of all channels.

Samples have 16 bits, so that the longest file allowed takes 58 MB. `antiphon.audio.decoder` runs all this
in a process that can be killed.
"""

from __future__ import annotations

import io
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from antiphon.audio.errors import InvalidAudio
from antiphon.audio.mixing import Mixer
from antiphon.audio.riff import with_true_sizes
from antiphon.audio.sniff import sniff

MAX_FILE_BYTES = 20 * 1024 * 1024
"""What can be uploaded."""

CODECS = frozenset({"aac", "alac", "flac", "mp3", "mp3float", "opus", "vorbis"}) | {
    *("adpcm_ima_wav", "adpcm_ms", "pcm_alaw", "pcm_mulaw", "pcm_u8"),
    *("pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"),
}
SAMPLE_RATES = range(4_000, 192_001)
CHANNELS = range(1, 9)
MAX_FRAME_SAMPLES = 131_072

_READABLE = "Send a WAV or MP3 file; WebM, Ogg, M4A, FLAC and AAC files can be read too."
_OPTIONS = {
    "protocol_whitelist": "none",
    "codec_whitelist": ",".join(sorted(CODECS)),
    "probesize": "500000",
    "analyzeduration": "2000000",
    "max_streams": "8",
}
_DURATION_IS_IN_THE_HEADER = frozenset({"flac", "mov", "matroska"})
"""Containers that declare their length; for the others, FFmpeg goes by the bytes present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodingLimits:
    """What one file may cost."""

    max_file_bytes: int = MAX_FILE_BYTES
    max_seconds: float = 1800.0
    """Of audio: the length of 20 MB of MP3 at 96 kbit/s."""
    max_source_samples: int = 1800 * 48_000 * 2
    """Decoded samples of all channels together, before they are resampled."""
    cpu_seconds: float = 0.7
    cpu_seconds_per_megabyte: float = 1.5
    """Granted for each 10⁶ bytes decoded. Speech at 8 kbit/s in Opus, the most costly, needs 0.9."""


def decode(
    data: bytes, *, declared_format: str, sample_rate: int, limits: DecodingLimits | None = None
) -> Generator[bytes]:
    """Yield the file's audio as little-endian 16-bit mono samples at `sample_rate` Hz, piece by piece.

    The container is recognized by its first bytes after tags and padding; `declared_format` only helps to explain a
    refusal.

    Raises `InvalidAudio`, possibly after some pieces, if the file is not audio, damaged, truncated, of an unsupported
    codec, too long, or without a single sample.
    """
    container = sniff(data)
    if container is None:
        nothing = "The audio is empty." if not data else f"The audio is not a readable {declared_format} file."
        raise InvalidAudio(f"{nothing} {_READABLE}")
    limits = limits or DecodingLimits()
    demuxer = container.demuxer
    data = data[container.start :]
    if demuxer == "wav":
        data = with_true_sizes(data, largest=limits.max_file_bytes)
    try:
        with av.open(io.BytesIO(data), "r", format=demuxer, options=_OPTIONS, metadata_errors="ignore") as opened:
            yield from _decode_container(opened, demuxer, sample_rate, limits)
    except (FFmpegError, ValueError) as error:
        raise _damaged() from error


def _decode_container(
    container: InputContainer, demuxer: str, sample_rate: int, limits: DecodingLimits
) -> Generator[bytes]:
    declared_seconds = (container.duration or 0) / 1_000_000
    if declared_seconds > 1.1 * limits.max_seconds:  # For some files this is an estimate.
        raise _too_long(limits)
    stream = _readable_stream(container)
    output = _Resampler(sample_rate)
    decoded = 0
    for piece in output.resample(_frames(container, stream, limits)):
        decoded += len(piece) // 2
        if decoded > limits.max_seconds * sample_rate:
            raise _too_long(limits)
        yield piece
    if decoded == 0:
        raise InvalidAudio("The audio contains no samples: it is empty or truncated. Send the whole file.")
    seconds = decoded / sample_rate
    # Embedded pictures may last longer than the sound.
    promised = demuxer in _DURATION_IS_IN_THE_HEADER and len(container.streams) == 1
    if promised and seconds < 0.98 * declared_seconds - 0.25:
        raise InvalidAudio(
            f"The audio file is truncated: its header declares {declared_seconds:.1f} seconds, "
            f"but only {seconds:.1f} could be read. Send the whole file."
        )


def _readable_stream(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise InvalidAudio(f"The file contains no audio. {_READABLE}")
    stream = container.streams.audio[0]
    # PyAV's types do not say so, but an unknown codec has no context.
    codec = getattr(stream, "codec_context", None)
    if codec is None or codec.name not in CODECS:
        name = "unknown" if codec is None else codec.name
        raise InvalidAudio(f"The audio's codec ({name}) is not supported. {_READABLE}")
    _check_shape(stream.codec_context.sample_rate, stream.codec_context.channels)
    stream.codec_context.thread_count = 1
    return stream


def _frames(container: InputContainer, stream: AudioStream, limits: DecodingLimits) -> Iterator[AudioFrame]:
    """The stream's frames. Damaged ones are skipped, as any player would."""
    started = time.process_time()
    allowance = limits.cpu_seconds
    source_samples = 0
    packets = container.demux(stream)
    while True:
        if time.process_time() - started > allowance:
            raise InvalidAudio(
                "The audio file takes far too much work to decode for its size. "
                "Save it again, as WAV or MP3, and send that."
            )
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except FFmpegError:
            continue
        allowance += packet.size / 1_000_000 * limits.cpu_seconds_per_megabyte
        for frame in frames:
            _check_shape(frame.sample_rate, frame.layout.nb_channels, frame.samples)
            source_samples += frame.samples * frame.layout.nb_channels
            if source_samples > limits.max_source_samples:
                raise _too_long(limits)
            yield frame


def _check_shape(sample_rate: int, channels: int, samples: int = 0) -> None:
    if sample_rate <= 0 or channels <= 0:
        raise _damaged()
    if sample_rate not in SAMPLE_RATES or channels not in CHANNELS or samples > MAX_FRAME_SAMPLES:
        raise InvalidAudio(
            f"The audio declares {channels} channels at {sample_rate} Hz. "
            f"Send {CHANNELS[0]} to {CHANNELS[-1]} channels at {SAMPLE_RATES[0]} to {SAMPLE_RATES[-1]} Hz."
        )


def _damaged() -> InvalidAudio:
    return InvalidAudio("The audio file is damaged or truncated and cannot be read. Send the whole file.")


def _too_long(limits: DecodingLimits) -> InvalidAudio:
    return InvalidAudio(f"The audio is longer than {limits.max_seconds / 60:g} minutes. Send it in shorter parts.")


class _Resampler:
    """Converts frames to mono at one rate, even if their format changes mid-stream."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._shape: tuple[str, str, int] | None = None
        self._mixer: Mixer | None = None
        self._resampler = self._renewed()

    def resample(self, frames: Iterator[AudioFrame]) -> Iterator[bytes]:
        for frame in frames:
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            if self._shape != shape:
                if self._shape is not None:
                    yield from self._pieces(None)
                self._resampler = self._renewed()
                is_mono = frame.layout.nb_channels == 1
                self._mixer = None if is_mono else Mixer(frame.layout.name, frame.sample_rate)
                self._shape = shape
            frame.pts = None  # Gaps and jumps in a file's clock would become silence.
            yield from self._pieces(frame)
        if self._shape is not None:
            yield from self._pieces(None)

    def _renewed(self) -> AudioResampler:
        return AudioResampler("s16", "mono", self._sample_rate, options={"filter_size": "64"})

    def _pieces(self, frame: AudioFrame | None) -> Iterator[bytes]:
        """The output for a frame, or for the end of the stream."""
        frames = self._mixer.mix(frame) if self._mixer else [frame] if frame else []
        for mono in [*frames, None] if frame is None else frames:
            for resampled in self._resampler.resample(mono):
                yield bytes(resampled.planes[0])[: resampled.samples * 2]
