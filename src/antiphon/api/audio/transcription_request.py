"""The fields of `/audio/transcriptions` and `/audio/translations`: their types, their bounds, and which go together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from antiphon.api.forms import Form
from antiphon.dialogue.speech_windows import Chunking
from antiphon.parameters.complaints import (
    check_count,
    check_length,
    check_range,
    invalid_type,
    invalid_value,
    unsupported_value,
)
from antiphon.parameters.errors import InvalidRequest
from antiphon.vocabulary.languages import is_language_code

ResponseFormat: TypeAlias = Literal["json", "text", "srt", "verbose_json", "vtt", "diarized_json"]
_GRANULARITIES = ("word", "segment")
_FORMATS: Mapping[str, Sequence[ResponseFormat]] = {
    "whisper": ("json", "text", "srt", "verbose_json", "vtt"),
    "gpt-4o-transcribe": ("json", "text"),
    "gpt-4o-mini-transcribe": ("json", "text"),
    "gpt-4o-transcribe-diarize": ("json", "text", "diarized_json"),
}
MOST_SPEAKERS = 4
_LONGEST_NAME = 64
_LONGEST_SILENCE_MS = 10_000
_LONGEST_PADDING_MS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRules:
    """What a model's deployments accept, as on OpenAI's and Azure's services."""

    model: str

    @property
    def formats(self) -> Sequence[ResponseFormat]:
        return _FORMATS.get(self.model, get_args(ResponseFormat))

    @property
    def is_whisper(self) -> bool:
        """Whisper counts seconds instead of tokens, and never streams."""
        return self.model == "whisper"

    @property
    def tells_speakers(self) -> bool:
        return self.model.endswith("-diarize")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionFields:
    """The form without its file."""

    response_format: ResponseFormat
    language: str | None
    languages: tuple[str, ...]
    """The only ones to choose from where it is detected; any, if there are none."""
    prompt: str
    temperature: float | None
    words: bool
    segments: bool
    """Which of the two `verbose_json` has."""
    logprobs: bool
    is_streamed: bool
    chunking: Chunking
    speaker_names: Sequence[str]
    speaker_references: Sequence[str]
    """Data URLs: one of each name."""


def read_fields(form: Form, rules: ModelRules, *, is_translation: bool) -> TranscriptionFields:
    """The form's fields. Raises `InvalidRequest`."""
    response_format = _response_format(form, rules)
    granularities = _granularities(form, response_format)
    language, languages = (None, ()) if is_translation else _language(form)
    temperature = form.number("temperature")
    check_range("temperature", temperature, 0, 1)
    return TranscriptionFields(
        response_format=response_format,
        language=language,
        languages=languages,
        prompt=_prompt(form, rules),
        temperature=temperature,
        words="word" in granularities,
        segments="segment" in granularities or not granularities,
        logprobs=not is_translation and _logprobs(form, rules, response_format),
        is_streamed=form.flag("stream") is True and not rules.is_whisper,
        chunking=_chunking(form),
        **_speakers(form, rules),
    )


def _values(form: Form, name: str) -> list[str]:
    """An array, however it is spelled: `name[]` or `name` repeated, indexed, or once as JSON."""
    plain = [*form.texts(f"{name}[]"), *form.texts(name)]
    indexed = [form.text(each) or "" for each in form.names if each.startswith(f"{name}[") and each[len(name) + 1 : -1]]
    if len(plain) == 1 and plain[0].lstrip().startswith("["):
        try:
            listed = json.loads(plain[0])
        except (ValueError, RecursionError):
            listed = None
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise invalid_type(name, "expected an array of strings, but got something else instead")
        return listed
    return [*plain, *indexed]


def _response_format(form: Form, rules: ModelRules) -> ResponseFormat:
    given = form.text("response_format") or "json"
    known: Sequence[ResponseFormat] = get_args(ResponseFormat)
    found = next((each for each in known if each == given), None)
    if found is None:
        raise unsupported_value("response_format", given, known)
    if found not in rules.formats:
        *others, last = [f"'{each}'" for each in rules.formats]
        raise InvalidRequest(
            f"response_format '{found}' is not compatible with model '{rules.model}'. Use {', '.join(others)} or "
            f"{last} instead.",
            param="response_format",
            code="unsupported_value",
        )
    return found


def _granularities(form: Form, response_format: ResponseFormat) -> Sequence[str]:
    given = _values(form, "timestamp_granularities")
    for each in given:
        if each not in _GRANULARITIES:
            raise unsupported_value("timestamp_granularities", each, _GRANULARITIES)
    if given and response_format != "verbose_json":
        raise InvalidRequest(
            "'timestamp_granularities' is only supported with response_format 'verbose_json'.",
            param="timestamp_granularities",
            code="invalid_parameter_combination",
        )
    return given


def _language(form: Form) -> tuple[str | None, tuple[str, ...]]:
    """The language, and those to choose from where it has to be detected; any, if there are none."""
    language = form.text("language") or None
    languages = _values(form, "languages")
    for param, code in [("language", language or "en"), *(("languages", each) for each in languages)]:
        if not is_language_code(code):
            raise invalid_value(
                param,
                f"Invalid language '{code[:64]}'. Language parameter must be specified in ISO-639-1 format.",
            )
    if language is None and len(languages) == 1:
        return languages[0], ()
    return language, tuple(languages)


def _prompt(form: Form, rules: ModelRules) -> str:
    prompt = form.text("prompt") or ""
    if prompt and rules.tells_speakers:
        raise InvalidRequest(
            f"'prompt' is not supported with model '{rules.model}'.", param="prompt", code="unsupported_parameter"
        )
    return " ".join(part for part in (prompt, ", ".join(_values(form, "keywords"))) if part)


def _logprobs(form: Form, rules: ModelRules, response_format: ResponseFormat) -> bool:
    included = _values(form, "include")
    for each in included:
        if each != "logprobs":
            raise unsupported_value("include", each, ["logprobs"])
    if included and (rules.is_whisper or rules.tells_speakers):
        raise InvalidRequest(
            f"'include' is not supported with model '{rules.model}'.", param="include", code="unsupported_parameter"
        )
    if included and response_format != "json":
        raise InvalidRequest(
            "'include' with 'logprobs' is only supported with response_format 'json'.",
            param="include",
            code="invalid_parameter_combination",
        )
    return bool(included)


def _speakers(form: Form, rules: ModelRules) -> dict[str, Any]:
    names, references = _values(form, "known_speaker_names"), _values(form, "known_speaker_references")
    if (names or references) and not rules.tells_speakers:
        raise InvalidRequest(
            f"'known_speaker_names' is not supported with model '{rules.model}'.",
            param="known_speaker_names",
            code="unsupported_parameter",
        )
    check_count("known_speaker_names", len(names), MOST_SPEAKERS)
    if len(names) != len(references) or len(set(names)) != len(names):
        raise invalid_value(
            "known_speaker_names",
            "Invalid 'known_speaker_names': expected different names, and one of 'known_speaker_references' for each.",
        )
    for name in names:
        check_length("known_speaker_names", name, _LONGEST_NAME)
    return {"speaker_names": names, "speaker_references": references}


def _chunking(form: Form) -> Chunking:
    """`auto`, an object as JSON, or an object in fields of its own: `chunking_strategy[type]`."""
    given = _strategy(form)
    usual = Chunking()
    if given is None:
        return usual
    if given.get("type") != "server_vad":
        raise unsupported_value("chunking_strategy.type", str(given.get("type")), ["server_vad"])
    for name in given.keys() - {"type", "threshold", "prefix_padding_ms", "silence_duration_ms"}:
        raise InvalidRequest(
            f"Unknown parameter: 'chunking_strategy.{name[:64]}'.",
            param=f"chunking_strategy.{name[:64]}",
            code="unknown_parameter",
        )
    threshold = _strategy_number(given, "threshold", usual.threshold, 0, 1)
    return Chunking(
        threshold=threshold,
        pad_ms=round(_strategy_number(given, "prefix_padding_ms", 300, 0, _LONGEST_PADDING_MS)),
        min_silence_ms=round(_strategy_number(given, "silence_duration_ms", 200, 0, _LONGEST_SILENCE_MS)),
    )


def _strategy(form: Form) -> Mapping[str, Any] | None:
    text = (form.text("chunking_strategy") or "").strip()
    if text in ("", "auto"):
        fields = [name for name in form.names if name.startswith("chunking_strategy[") and name.endswith("]")]
        if text or not fields:
            return None
        return {name.removeprefix("chunking_strategy[")[:-1]: form.text(name) for name in fields}
    try:
        strategy = json.loads(text)
    except (ValueError, RecursionError):
        strategy = None
    if strategy == "auto":
        return None
    if not isinstance(strategy, dict):
        raise invalid_type("chunking_strategy", "expected 'auto' or an object, but got a string instead")
    return strategy


def _strategy_number(given: Mapping[str, Any], name: str, usual: float, least: float, most: float) -> float:
    param = f"chunking_strategy.{name}"
    value = given.get(name, usual)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise invalid_type(param, "expected a number, but got something else instead") from None
    check_range(param, number, least, most)
    return number
