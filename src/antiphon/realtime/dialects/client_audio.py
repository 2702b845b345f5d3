"""Audio as received in JSON."""

from __future__ import annotations

from antiphon.audio.base64_text import decode_base64
from antiphon.parameters.complaints import invalid_value

MAX_AUDIO_BYTES = 15 * 1024 * 1024
"""The limit for one event's audio, after decoding."""


def decode_audio(encoded: str, param: str) -> bytes:
    """Raises `InvalidRequest` if the text is not base64, or the audio is too long."""
    try:
        audio = decode_base64(encoded)
    except ValueError:
        raise invalid_value(param, f"Invalid '{param}': not valid base64. Send standard base64 with padding.") from None
    if len(audio) > MAX_AUDIO_BYTES:
        raise _too_much(param)
    return audio


def _too_much(param: str) -> Exception:
    return invalid_value(
        param, f"Invalid '{param}': more than {MAX_AUDIO_BYTES} bytes (15 MiB) of audio. Send it in several events."
    )
