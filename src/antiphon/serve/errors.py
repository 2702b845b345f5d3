"""Why a connection, or what comes over it, is refused before the application sees it."""

from __future__ import annotations

from antiphon.api.errors import ApiError


class MalformedRequest(ApiError):
    """400: what was sent is no HTTP, or more of it than a server has to read."""

    status = 400
    code = "400"

    def __init__(self) -> None:
        super().__init__("The request is not well-formed HTTP/1.1.")


class UrlTooLong(ApiError):
    status = 414
    code = "414"

    def __init__(self, *, max_bytes: int) -> None:
        super().__init__(f"The URL is too long: the limit is {max_bytes} bytes. Send long values in the body.")


class HeadersTooLarge(ApiError):
    status = 431
    code = "431"

    def __init__(self, *, max_bytes: int, max_count: int) -> None:
        super().__init__(
            f"The headers are too large: the limit is {max_count}, and {max_bytes} bytes with the request line."
        )


class TooManyConnections(ApiError):
    """503: as many connections are open as the server can have, and none of them is idle."""

    status = 503
    code = "503"
    retry_after_seconds = 5.0

    def __init__(self) -> None:
        super().__init__("The server has too many connections. Please retry after 5 seconds.")
