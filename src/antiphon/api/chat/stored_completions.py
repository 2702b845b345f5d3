"""The chat completions that an account has stored: listed, read, changed and deleted, in OpenAI's shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pybase64
from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.bodies import BodyReader
from antiphon.api.chat.bounds import check_metadata
from antiphon.api.chat.completion import JsonObject
from antiphon.api.data_plane import DataAuthorizer
from antiphon.api.error_responses import JSON
from antiphon.api.json_body import decode
from antiphon.identity.roles import DataAction
from antiphon.parameters.complaints import unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.records import Record
from antiphon.resources.stored_completions import CompletionFilter, StoredCompletions

_DEFAULT_LIMIT = 20
_MAX_LIMIT = 100
_METADATA = re.compile(r"metadata\[(.*)\]", re.DOTALL)


class _Update(msgspec.Struct, forbid_unknown_fields=True):
    metadata: dict[str, str] | None


_UPDATE = msgspec.json.Decoder(_Update)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCompletionRoutes:
    """Operations on stored completions, whichever route they are called through. All raise `ApiError`."""

    authorizer: DataAuthorizer
    bodies: BodyReader
    completions: StoredCompletions

    async def list(self, request: Request) -> Response:
        """A page of completions. Their audio has no data: to get it, read the completion by its id."""
        account_id = await self._account(request, DataAction.STORED_READ)
        query = request.query_params
        wanted = CompletionFilter(
            labels={key[1]: value for name, value in query.items() if (key := _METADATA.fullmatch(name))},
            model=query.get("model"),
            newest_first=_is_descending(request),
        )
        records, has_more = await self.completions.list(
            account_id, wanted, after=query.get("after"), limit=_limit(request)
        )
        return _json(_page([await self._completion(record) for record in records], has_more=has_more))

    async def get(self, request: Request) -> Response:
        """One completion, its audio included."""
        account_id = await self._account(request, DataAction.STORED_READ)
        record = await self.completions.get(account_id, request.path_params["completion"])
        completion = await self._completion(record)
        for choice in completion["choices"]:
            if audio := choice["message"]["audio"]:
                data = await self.completions.audio(record, choice["index"])
                audio["data"] = pybase64.b64encode(data).decode("ascii")
        return _json(completion)

    async def messages(self, request: Request) -> Response:
        """A page of the messages that a completion answered. Their recordings have no data."""
        account_id = await self._account(request, DataAction.STORED_READ)
        record = await self.completions.get(account_id, request.path_params["completion"])
        sent = (await self.completions.prompt(record))["messages"]
        messages = [_message(record.id, index, message) for index, message in enumerate(sent)]
        if _is_descending(request):
            messages.reverse()
        after, limit = request.query_params.get("after"), _limit(request)
        begin = 0
        if after is not None:
            begin = next((index + 1 for index, each in enumerate(messages) if each["id"] == after), len(messages))
        return _json(_page(messages[begin : begin + limit], has_more=len(messages) > begin + limit))

    async def update(self, request: Request) -> Response:
        """Replace a completion's metadata."""
        account_id = await self._account(request, DataAction.STORED_WRITE)
        async with self.bodies.read(request, account_id=account_id) as body:
            update = decode(_UPDATE, body)
        check_metadata(update.metadata)
        record = await self.completions.relabel(account_id, request.path_params["completion"], update.metadata or {})
        return _json(await self._completion(record))

    async def delete(self, request: Request) -> Response:
        account_id = await self._account(request, DataAction.STORED_WRITE)
        completion_id = request.path_params["completion"]
        await self.completions.delete(account_id, completion_id)
        return _json({"object": "chat.completion.deleted", "id": completion_id, "deleted": True})

    async def _account(self, request: Request, action: DataAction) -> str:
        return (await self.authorizer.authorize(request, action)).account.id

    async def _completion(self, record: Record) -> JsonObject:
        return await self.completions.completion(record) | {"metadata": dict(record.labels)}


def _message(completion_id: str, index: int, message: JsonObject) -> JsonObject:
    content = message.get("content")
    parts = content if isinstance(content, list) else None
    for part in parts or ():
        if part["type"] == "input_audio":
            part["input_audio"]["data"] = ""
    own = {"id": f"{completion_id}-{index}", "content": None if parts else content, "content_parts": parts}
    return {"name": None} | message | own


def _page(data: Sequence[JsonObject], *, has_more: bool) -> JsonObject:
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }


def _limit(request: Request) -> int:
    given = request.query_params.get("limit")
    if given is None:
        return _DEFAULT_LIMIT
    if not (given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= _MAX_LIMIT):
        raise InvalidRequest(
            f"Invalid 'limit': expected an integer from 1 to {_MAX_LIMIT}.", param="limit", code="invalid_value"
        )
    return int(given)


def _is_descending(request: Request) -> bool:
    order = request.query_params.get("order", "asc")
    if order not in {"asc", "desc"}:
        raise unsupported_value("order", order, ("asc", "desc"))
    return order == "desc"


def _json(body: JsonObject) -> Response:
    return Response(msgspec.json.encode(body), media_type=JSON)
