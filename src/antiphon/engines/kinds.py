"""Every kind of engine that the settings can name. A new one needs a file of its own and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.engines.embedded.kinds import KOKORO, LLAMA, WHISPER
from antiphon.engines.kind import Kind
from antiphon.engines.remote.audio_model import OPENAI_AUDIO
from antiphon.engines.remote.language_model import OPENAI_CHAT
from antiphon.engines.remote.recognizer import OPENAI_TRANSCRIPTIONS
from antiphon.engines.remote.synthesizer import OPENAI_SPEECH

KINDS: Mapping[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        WHISPER,
        LLAMA,
        KOKORO,
        OPENAI_CHAT,
        OPENAI_TRANSCRIPTIONS,
        OPENAI_SPEECH,
        OPENAI_AUDIO,
    )
}
