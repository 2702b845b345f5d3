"""`Calls`: the calls of this process, and the operations on them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from antiphon.api.bodies import BodyReader
from antiphon.api.calls.call import Call
from antiphon.api.calls.limits import CallLimits
from antiphon.api.calls.offer import MAX_BYTES, read_offer
from antiphon.api.data_plane import AccountCaller
from antiphon.api.domain_errors import as_api_error
from antiphon.api.error_responses import error_response
from antiphon.api.errors import ApiError
from antiphon.api.realtime.client import SocketClient
from antiphon.api.realtime.endpoint import Realtime, Route, chosen_subprotocol
from antiphon.api.realtime.starting import new_id
from antiphon.api.versions import check_v1_version
from antiphon.calls.webrtc.ice import Network
from antiphon.errors import AntiphonError
from antiphon.identity.roles import DataAction

_SDP = "application/sdp"


class CallNotFound(ApiError):
    """404: the call has ended, or is another account's, or there has never been one."""

    status = 404
    code = "call_not_found"
    type = "invalid_request_error"
    param = "call_id"

    def __init__(self, call_id: str) -> None:
        super().__init__(f"There is no call with id '{call_id[:64]}' under way.")


class TooManyCalls(ApiError):
    """429: an account's limit."""

    status = 429
    code = "429"
    retry_after_seconds = 5.0

    def __init__(self, most: int) -> None:
        super().__init__(f"Your resource has {most} calls under way, which is the most. Please retry after 5 seconds.")


def call_bodies() -> BodyReader:
    return BodyReader(max_bytes=MAX_BYTES, advice="Send a shorter session.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    realtime: Realtime
    bodies: BodyReader
    network: Network = field(default_factory=Network)
    limits: CallLimits = field(default_factory=CallLimits)
    _calls: dict[str, Call] = field(default_factory=dict[str, Call])
    _running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def under_way(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    async def create(self, request: Request) -> Response:
        """`POST …/realtime/calls`: answer an offer, and begin the call. Raises `AntiphonError`."""
        return await self._create(request, is_beta=False)

    async def create_beta(self, request: Request) -> Response:
        """`POST …/realtimertc`: the same in the beta dialect, as Azure's preview had it."""
        return await self._create(request, is_beta=True)

    async def _create(self, request: Request, *, is_beta: bool) -> Response:
        caller, fixed = await self.realtime.identify(request)
        account_id = caller.account.id
        async with self.bodies.read(request, account_id=account_id) as body:
            offer = read_offer(body, request.headers.get("content-type", ""), is_beta=is_beta)
        if sum(call.account_id == account_id for call in self._calls.values()) >= self.limits.calls:
            raise TooManyCalls(self.limits.calls)
        admission = await self.realtime.admit(
            caller,
            fixed,
            route=Route.AZURE_V1,
            name=offer.model or request.query_params.get("model"),
            transcribes_only=offer.transcribes_only,
            api_version=request.query_params.get("api-version"),
            wanted=offer.session,
        )
        call = Call(self.realtime, admission, self.network, self.limits, is_beta=is_beta)
        call_id = new_id("rtc")
        self._calls[call_id] = call
        try:
            answer = await call.answer(offer.sdp)
        except BaseException:
            del self._calls[call_id]
            raise
        task = asyncio.create_task(self._run(call_id, call, is_filtered=_is_filtered(request)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return Response(answer, 201, {"Location": f"{_place(request)}/{call_id}"}, _SDP)

    async def hang_up(self, request: Request) -> Response:
        """`POST …/realtime/calls/{call_id}/hangup`. Raises `AntiphonError`."""
        caller = await self.realtime.authorizer.authorize(request, DataAction.REALTIME)
        call = self._find(request.path_params["call_id"], caller)
        await call.hang_up()
        return Response(status_code=200)

    async def attend(self, socket: WebSocket, call_id: str) -> None:
        """Let another client take part in a call, over a WebSocket, until either ends."""
        try:
            check_v1_version(socket)
            caller = await self.realtime.authorizer.authorize(socket, DataAction.REALTIME)
            connection = self._find(call_id, caller).connection
            if connection is None:
                raise CallNotFound(call_id)
        except AntiphonError as error:
            await socket.send_denial_response(error_response(as_api_error(error)))
            return
        await socket.accept(chosen_subprotocol(socket))
        await connection.attend(SocketClient(socket))

    async def close(self) -> None:
        """End all calls."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _run(self, call_id: str, call: Call, *, is_filtered: bool) -> None:
        try:
            with self.realtime.draining.admitted():
                await call.run(is_filtered=is_filtered)
        finally:
            await call.hang_up()
            del self._calls[call_id]

    def _find(self, call_id: str, caller: AccountCaller) -> Call:
        call = self._calls.get(call_id)
        if call is None or call.account_id != caller.account.id:
            raise CallNotFound(call_id)
        return call


def _place(request: Request) -> str:
    """The path under which the call will be known: where it was begun, except for the preview's."""
    path = request.url.path
    return f"{path.removesuffix('realtimertc')}realtime/calls" if path.endswith("/realtimertc") else path


def _is_filtered(request: HTTPConnection) -> bool:
    return request.query_params.get("webrtcfilter") == "on"
