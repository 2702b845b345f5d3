"""Settings that are kept and echoed as they were sent; most have no effect here.

All are documented, and clients send them along with what matters: refusing them would reject instructions and tools
too. Each `echo` is the object as sent, without its null fields.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from antiphon.parameters.complaints import check_depth, check_range

Include: TypeAlias = list[Literal["item.input_audio_transcription.logprobs"]]

SECRET_SECONDS = (10, 7200)


class NoiseReduction(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    type: Literal["near_field", "far_field"] | None = None

    def echo(self, param: str) -> dict[str, Any]:  # noqa: ARG002
        return msgspec.to_builtins(self)


class GaNoiseReduction(NoiseReduction):
    strength: float | None = None

    def echo(self, param: str) -> dict[str, Any]:
        check_range(f"{param}.strength", self.strength, 0, float("inf"))
        return msgspec.to_builtins(self)


class TracingConfiguration(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    workflow_name: str | None = None
    group_id: str | None = None
    metadata: dict[str, Any] | None = None


ClientTracing: TypeAlias = Literal["auto"] | TracingConfiguration


def echo_tracing(sent: ClientTracing | None, param: str) -> Literal["auto"] | dict[str, Any] | None:
    if not isinstance(sent, TracingConfiguration):
        return sent
    check_depth(f"{param}.metadata", sent.metadata)
    return msgspec.to_builtins(sent)


class Reasoning(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    effort: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None

    def echo(self) -> dict[str, Any]:
        return msgspec.to_builtins(self)


class PromptTemplate(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A prompt template stored at OpenAI."""

    id: str
    version: str | None = None
    variables: dict[str, str | dict[str, Any]] | None = None

    def echo(self, param: str) -> dict[str, Any]:
        check_depth(f"{param}.variables", self.variables)
        return msgspec.to_builtins(self)


class SecretLifetime(msgspec.Struct, forbid_unknown_fields=True):
    anchor: Literal["created_at"] | None = None
    seconds: int | None = None


class ClientSecret(msgspec.Struct, forbid_unknown_fields=True):
    """How long a secret created for the session should live: none is created over a socket. The field has two names."""

    expires_after: SecretLifetime | None = None
    expires_at: SecretLifetime | None = None

    def check(self, param: str) -> None:
        for name in ("expires_after", "expires_at"):
            lifetime: SecretLifetime | None = getattr(self, name)
            check_range(f"{param}.{name}.seconds", lifetime and lifetime.seconds, *SECRET_SECONDS)
