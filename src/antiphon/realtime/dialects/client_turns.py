"""How clients configure turn detection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from antiphon.parameters.complaints import check_range, unknown
from antiphon.realtime.configuration import Eagerness, SemanticVad, ServerVad, TurnDetection

MAX_PADDING_MS = 10_000
MAX_SILENCE_MS = 60_000
IDLE_TIMEOUT_MS = (5_000, 30_000)


class _Vad(msgspec.Struct, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    create_response: bool | None = None
    interrupt_response: bool | None = None

    def given(self, param: str, foreign: Sequence[str]) -> dict[str, Any]:
        """The fields that are not null; others keep their defaults. `foreign` are the other kind's fields, which may be
        null."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        for name in foreign:
            if name in given:
                raise unknown(f"{param}.{name}")
        return given


class ClientServerVad(_Vad, tag="server_vad", kw_only=True):
    threshold: float | None = None
    prefix_padding_ms: int | None = None
    silence_duration_ms: int | None = None
    idle_timeout_ms: int | None = None
    eagerness: Any = None

    def detection(self, param: str) -> TurnDetection:
        given = self.given(param, ("eagerness",))
        check_range(f"{param}.threshold", self.threshold, 0, 1)
        check_range(f"{param}.prefix_padding_ms", self.prefix_padding_ms, 0, MAX_PADDING_MS)
        check_range(f"{param}.silence_duration_ms", self.silence_duration_ms, 0, MAX_SILENCE_MS)
        check_range(f"{param}.idle_timeout_ms", self.idle_timeout_ms, *IDLE_TIMEOUT_MS)
        return ServerVad(**given)


class ClientSemanticVad(_Vad, tag="semantic_vad", kw_only=True):
    eagerness: Eagerness | None = None
    threshold: Any = None
    prefix_padding_ms: Any = None
    silence_duration_ms: Any = None
    idle_timeout_ms: Any = None

    def detection(self, param: str) -> TurnDetection:
        foreign = ("threshold", "prefix_padding_ms", "silence_duration_ms", "idle_timeout_ms")
        return SemanticVad(**self.given(param, foreign))


class ClientNoTurnDetection(msgspec.Struct, tag_field="type", tag="none", forbid_unknown_fields=True):
    """What Azure's first clients send instead of null."""

    def detection(self, param: str) -> TurnDetection | None:  # noqa: ARG002
        return None


ClientTurnDetection: TypeAlias = ClientServerVad | ClientSemanticVad | ClientNoTurnDetection
