"""Which container a file is in, by its first bytes: what a client declares is only a hint."""

from __future__ import annotations


def sniff(data: bytes) -> str | None:
    """The name of FFmpeg's demuxer for the file, or None when it is nothing that we read."""
    if data[8:12] == b"WAVE" and data[:4] in (b"RIFF", b"RF64"):
        return "wav"
    if data[4:8] == b"ftyp":
        return "mov"
    for magic, demuxer in ((b"OggS", "ogg"), (b"fLaC", "flac"), (b"\x1aE\xdf\xa3", "matroska"), (b"ID3", "mp3")):
        if data.startswith(magic):
            return demuxer
    return _sniff_frame_header(data[:4])


def _sniff_frame_header(header: bytes) -> str | None:
    """MP3 and AAC without any wrapping begin with a frame: 11 set bits, then version, layer, bit rate and rate."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    if header[1] & 0xF6 == 0xF0:
        return "aac"
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bit_rate, rate = header[2] >> 4, header[2] >> 2 & 3
    is_layer_3 = version != 1 and layer == 1 and bit_rate != 15 and rate != 3
    return "mp3" if is_layer_3 else None
