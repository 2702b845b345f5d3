"""The body of `POST …/realtime/calls`, in its three forms: SDP alone, a form, or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import msgspec

from antiphon.api.forms import is_form, read_form
from antiphon.api.json_body import decode
from antiphon.parameters.complaints import invalid_type, unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.client_secrets import StartingSession

MAX_BYTES = 192 * 1024
"""An offer of some 10 KiB, and a session of 64."""
_SDP = "application/sdp"
_JSON = "application/json"
_TYPES = ("realtime", "transcription")


class _Body(msgspec.Struct):
    sdp: str
    session: dict[str, Any] | None = None


_BODY = msgspec.json.Decoder(_Body)
_SESSION = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    sdp: str
    model: str | None
    """The deployment that the session names."""
    transcribes_only: bool
    session: StartingSession | None
    """What the session is to begin with, if the body says so."""


def read_offer(body: bytearray, content_type: str, *, is_beta: bool) -> Offer:
    """The offer, with a session in the beta dialect or in GA. Raises `InvalidRequest`."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _SDP:
        return _offer(_text(body), None, is_beta=is_beta)
    if is_form(content_type):
        form = read_form(body, content_type)
        sdp, session = form.text("sdp"), form.text("session")
        if sdp is None:
            raise InvalidRequest("Missing required parameter: 'sdp'.", param="sdp", code="missing_required_parameter")
        return _offer(sdp, None if session is None else decode(_SESSION, session.encode()), is_beta=is_beta)
    if kind == _JSON:
        sent = decode(_BODY, bytes(body))
        return _offer(sent.sdp, sent.session, is_beta=is_beta)
    raise InvalidRequest(
        "Send the offer as application/sdp, as multipart/form-data with the parts 'sdp' and 'session', or as JSON with "
        "these two.",
        code="unsupported_content_type",
    )


def _offer(sdp: str, session: dict[str, Any] | None, *, is_beta: bool) -> Offer:
    if session is None:
        return Offer(sdp=sdp, model=None, transcribes_only=False, session=None)
    model = session.pop("model", None)
    if not isinstance(model, str | None):
        raise invalid_type("session.model", "expected a string")
    kind = cast("object", session.pop("type", _TYPES[0]) if is_beta else session.setdefault("type", _TYPES[0]))
    if kind not in _TYPES:
        raise unsupported_value("session.type", str(kind), _TYPES)
    transcribes_only = kind == "transcription"
    return Offer(
        sdp=sdp,
        model=model,
        transcribes_only=transcribes_only,
        session=StartingSession(
            deployment=None,
            is_beta=is_beta,
            transcribes_only=transcribes_only,
            session=msgspec.Raw(msgspec.json.encode(session)),
        ),
    )


def _text(body: bytearray) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise invalid_type("sdp", "expected a string in UTF-8, but got other bytes instead") from None
