"""Errors of the directory, in Microsoft Graph's words."""

from __future__ import annotations

from antiphon.api.errors import ApiError


class DirectoryError(ApiError):
    """An error of the directory, which clients query in the shapes of Microsoft Graph."""


class DirectoryTokenInvalid(DirectoryError):
    """401: a token that is missing, or wrong in any way; the log says how."""

    status = 401
    code = "InvalidAuthenticationToken"

    def __init__(self) -> None:
        super().__init__("Access token is empty, or its validation has failed.")


class DirectoryAccessDenied(DirectoryError):
    """403: a caller asks about others, without a role that shows who has which role."""

    status = 403
    code = "Authorization_RequestDenied"

    def __init__(self) -> None:
        super().__init__("Insufficient privileges to complete the operation.")


class DirectoryObjectNotFound(DirectoryError):
    status = 404
    code = "Request_ResourceNotFound"

    def __init__(self, object_id: str) -> None:
        super().__init__(
            f"Resource '{object_id[:128]}' does not exist or one of its queried reference-property objects are not "
            "present."
        )


class NoSignedInUser(DirectoryError):
    """Only applications sign in at the local authority, so there is no signed-in user."""

    status = 400
    code = "BadRequest"

    def __init__(self) -> None:
        super().__init__("/me request is only valid with delegated authentication flow.")


class UnsupportedDirectoryQuery(DirectoryError):
    status = 400
    code = "Request_UnsupportedQuery"

    def __init__(self, what: str) -> None:
        super().__init__(f"Unsupported or invalid query: {what[:256]}.")
