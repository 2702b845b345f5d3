"""Audio as it comes in JSON."""

from __future__ import annotations

import pybase64

from antiphon.realtime.dialects.refusals import invalid_value

MAX_AUDIO_BYTES = 15 * 1024 * 1024
"""Of one event, decoded."""


def decode_audio(encoded: str, param: str) -> bytes:
    """Raises `InvalidRequest` for what is not base64, or too much."""
    if len(encoded) > (MAX_AUDIO_BYTES + 2) // 3 * 4:
        raise _too_much(param)
    try:
        audio = pybase64.b64decode(encoded, validate=True)
    except ValueError:
        raise invalid_value(
            param, f"Invalid '{param}': not valid base64. Send standard base64 with padding and without line breaks."
        ) from None
    if len(audio) > MAX_AUDIO_BYTES:
        raise _too_much(param)
    return audio


def _too_much(param: str) -> Exception:
    return invalid_value(
        param, f"Invalid '{param}': more than {MAX_AUDIO_BYTES} bytes (15 MiB) of audio. Send it in several events."
    )
