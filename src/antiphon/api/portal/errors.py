"""Errors that only the portal can meet."""

from __future__ import annotations

from antiphon.api.errors import ApiError


class InvalidSignInCode(ApiError):
    """401: a code that was never issued, has been used, or is too old."""

    status = 401
    code = "invalid_sign_in_code"

    def __init__(self) -> None:
        super().__init__(
            "This link has been used already, or is too old. For a new one, run `antiphon portal` on the server's "
            "machine."
        )


class PortalNotBuilt(ApiError):
    """404: the server was installed without the portal's pages."""

    status = 404
    code = "portal_not_built"

    def __init__(self) -> None:
        super().__init__("The portal's pages are missing. Build them with `make portal`, then restart the server.")


class PortalHeaderMissing(ApiError):
    """403: a request to the portal that any web page could have made a browser send."""

    status = 403
    code = "portal_header_missing"

    def __init__(self) -> None:
        super().__init__("Only the portal itself may ask this: send the header 'x-antiphon-portal: 1'.")


class RecordingNotFound(ApiError):
    """404: a record has no recording of that name."""

    status = 404
    code = "recording_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"The record has no recording {name[:64]!r}: its `audio` names those it has.")


class RecordUnreadable(ApiError):
    """500: a record was encrypted with a key other than the server's current one."""

    code = "record_unreadable"
