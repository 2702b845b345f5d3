"""Records of what was asked and answered: searched by what was said, read, heard, exported and deleted.

This requires the rights of someone who manages the account: using its models opens nobody else's conversations.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.bodies import read_body
from antiphon.api.portal.errors import RecordingNotFound, RecordUnreadable
from antiphon.api.portal.gate import PortalCaller, operator_or
from antiphon.api.portal.query import flag, short_text, whole_number
from antiphon.api.portal.services import PortalServices
from antiphon.audio.encode import Format
from antiphon.identity.roles import ManagementAction
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.errors import RecordNotFound
from antiphon.resources.record_export import audio_file, json_line, whole
from antiphon.resources.record_search import FoundRecord
from antiphon.resources.record_text import excerpt_of
from antiphon.resources.records import OPERATIONS, Operation, Record, RecordFilter, RecordPlace
from antiphon.store.errors import BlobNotFound, SealBroken

_DEFAULT_LIMIT = 50
_MAX_LIMIT = 100
_MAX_SEARCH_LENGTH = 200
_MAX_NAME_LENGTH = 64
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PLACE = re.compile(r"([0-9]{1,17})-([A-Za-z0-9_-]{1,128})")
_OPERATIONS: dict[str, Operation | None] = {"": None, **OPERATIONS}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_MICROSECOND = timedelta(microseconds=1)


class _PurgeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field that is left out matches all records."""

    deployment: str | None = None
    before: float | None = None
    """In Unix seconds."""


async def list_records(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/records`: newest first.

    A search looks at a limited number of records: `after`, which is null at the end, is where to continue.
    `is_recording` says whether anything is kept beyond what clients store.
    """
    caller = await operator_or(request, ManagementAction.ACCOUNTS_WRITE)
    found = await portal.data.search.find(
        _filter(request, caller),
        _search(request),
        limit=whole_number(request, "limit", default=_DEFAULT_LIMIT, most=_MAX_LIMIT),
        after=_after(request),
    )
    return JSONResponse(
        {
            "records": [_listed(each) for each in found.records],
            "has_more": found.after is not None,
            "after": None if found.after is None else _place_text(found.after),
            "is_recording": bool(portal.data.records.keep),
        }
    )


async def get_record(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/records/{id}`. Raises `RecordNotFound` and `RecordUnreadable`."""
    record = await _record(portal, request, ManagementAction.ACCOUNTS_WRITE)
    try:
        opened = await whole(portal.data.records, record)
    except SealBroken as broken:
        raise RecordUnreadable(broken.message) from None
    prompt, completion = opened["prompt"], opened["completion"]
    excerpt = excerpt_of(prompt) if prompt else ""  # Purged just now.
    return JSONResponse(
        {**_listed(FoundRecord(record=record, excerpt=excerpt)), "prompt": prompt, "completion": completion}
    )


async def get_audio(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/records/{id}/audio/{name}`: one recording, in a format that browsers play.

    Raises `RecordNotFound`, `RecordingNotFound` and `RecordUnreadable`.
    """
    record = await _record(portal, request, ManagementAction.ACCOUNTS_WRITE)
    name = request.path_params["name"]
    if name not in record.audio:
        raise RecordingNotFound(name)
    try:
        file_name, file = await audio_file(portal.data.records, record, name)
    except BlobNotFound:  # Purged just now.
        raise RecordingNotFound(name) from None
    except SealBroken as broken:
        raise RecordUnreadable(broken.message) from None
    headers = {"content-disposition": f'attachment; filename="{file_name}"'} if flag(request, "download") else {}
    return Response(file, headers=headers, media_type=_media_type(file_name))


async def export_records(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/records/export`: lines of JSON, oldest record first, as `antiphon records export` writes them.
    Raises `RecordUnreadable` if the first cannot be read; a later one breaks off the answer."""
    caller = await operator_or(request, ManagementAction.ACCOUNTS_WRITE)
    lines = _lines(portal, _filter(request, caller), _search(request))
    try:
        first = await anext(lines, b"")
    except SealBroken as broken:
        raise RecordUnreadable(broken.message) from None
    headers = {"content-disposition": 'attachment; filename="records.jsonl"'}
    return StreamingResponse(_chain(first, lines), headers=headers, media_type="application/jsonl; charset=utf-8")


async def delete_record(portal: PortalServices, request: Request) -> Response:
    """`DELETE /portal/api/records/{id}`, permanently. Raises `RecordNotFound`."""
    record = await _record(portal, request, ManagementAction.ACCOUNTS_DELETE)
    await portal.data.records.delete([record.id])
    return Response(status_code=204)


async def purge_records(portal: PortalServices, request: Request) -> Response:
    """`POST /portal/api/records/purge`: permanently delete the account's records, even those that clients store."""
    caller = await operator_or(request, ManagementAction.ACCOUNTS_DELETE)
    body = await read_body(request, portal.bodies, _PurgeBody)
    until = None if body.before is None else _moment(body.before)
    wanted = RecordFilter(account_id=caller.account.id, deployment=_deployment(body.deployment), until=until)
    found = await portal.data.records.find(wanted)
    return JSONResponse({"deleted": await portal.data.records.delete([record.id for record in found])})


async def _record(portal: PortalServices, request: Request, action: ManagementAction) -> Record:
    """The record that the path names, if it is the account's own."""
    caller = await operator_or(request, action)
    record_id = request.path_params["id"]
    if not _ID.fullmatch(record_id):  # Clients may send any text, some of which no database accepts.
        raise RecordNotFound(record_id)
    record = await portal.data.records.get(record_id)
    if record.account_id != caller.account.id:
        raise RecordNotFound(record_id)
    return record


def _filter(request: Request, caller: PortalCaller) -> RecordFilter:
    operation = request.query_params.get("operation", "")
    if operation not in _OPERATIONS:
        raise InvalidRequest(
            f"Invalid 'operation': expected one of {', '.join(OPERATIONS)}.", param="operation", code="invalid_value"
        )
    return RecordFilter(
        account_id=caller.account.id,
        deployment=_deployment(short_text(request, "deployment", most=_MAX_NAME_LENGTH) or None),
        operation=_OPERATIONS[operation],
        is_stored=flag(request, "stored"),
    )


def _deployment(name: str | None) -> str | None:
    if name is not None and not name.isprintable():  # No database accepts some of these.
        raise InvalidRequest("Invalid 'deployment': not a valid name.", param="deployment", code="invalid_value")
    return name


def _search(request: Request) -> str:
    return short_text(request, "search", most=_MAX_SEARCH_LENGTH)


def _after(request: Request) -> RecordPlace | None:
    given = request.query_params.get("after")
    if not given:
        return None
    found = _PLACE.fullmatch(given)
    if found is None:
        raise InvalidRequest(
            "Invalid 'after': expected the 'after' of the previous page.", param="after", code="invalid_value"
        )
    return RecordPlace(created_at=_EPOCH + int(found[1]) * _MICROSECOND, id=found[2])


def _place_text(place: RecordPlace) -> str:
    return f"{(place.created_at - _EPOCH) // _MICROSECOND}-{place.id}"


def _moment(unix_seconds: float) -> datetime:
    if not 0 <= unix_seconds <= _LAST_SECOND:
        raise InvalidRequest("Invalid 'before': expected a time in Unix seconds.", param="before", code="invalid_value")
    return datetime.fromtimestamp(unix_seconds, UTC)


def _listed(found: FoundRecord) -> JsonObject:
    record = found.record
    return {
        "id": record.id,
        "created_at": int(record.created_at.timestamp()),
        "expires_at": int(record.expires_at.timestamp()),
        "deployment": record.deployment,
        "model": record.model,
        "principal": record.principal,
        "operation": record.operation,
        "is_stored": record.is_stored,
        "labels": dict(record.labels),
        "prompt_tokens": record.prompt_tokens,
        "completion_tokens": record.completion_tokens,
        "audio": list(record.audio),
        "excerpt": found.excerpt,
    }


def _media_type(file_name: str) -> str:
    _, _, suffix = file_name.rpartition(".")
    return Format(suffix).media_type if suffix in set(Format) else "application/octet-stream"


async def _lines(portal: PortalServices, wanted: RecordFilter, words: str) -> AsyncGenerator[bytes]:
    async for record in portal.data.search.walk(wanted, words):
        yield (await json_line(portal.data.records, record)).encode()


async def _chain(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for line in rest:
        yield line
