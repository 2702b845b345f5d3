"""Errors concerning tokens, sign-ins, principals and roles."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class TokenRefused(AntiphonError):
    """What is wrong with a token: for the log, never for the sender."""


class IssuerUnreachable(AntiphonError):
    """The token issuer cannot be reached at the moment, for its keys or for a token."""


class SignInRefused(AntiphonError):
    """The local authority does not issue the requested token."""

    def __init__(self, error: str, aadsts: int, message: str) -> None:
        super().__init__(message)
        self.error = error
        """OAuth's code for the error (RFC 6749, section 5.2)."""
        self.aadsts = aadsts
        """Entra's number for the error."""


class PrincipalNotFound(AntiphonError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no principal {name!r}. To list them: `antiphon principals list`.")
        self.name = name


class PrincipalExists(AntiphonError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is a principal named {name!r} already. Choose another name, or remove that one.")
        self.name = name


class InvalidPrincipal(AntiphonError):
    """A name that no principal may have, or an operation that this principal does not allow."""


class RoleNotFound(AntiphonError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no role {name!r}. To list them: `antiphon roles definitions`.")
        self.name = name


class RoleNotAssigned(AntiphonError):
    def __init__(self, principal: str, role: str, where: str) -> None:
        super().__init__(
            f"{principal!r} does not have the role {role} on {where}. To see who has which: `antiphon roles list`."
        )
        self.principal = principal
        self.role = role
        self.where = where


class RoleAssignmentExists(AntiphonError):
    """The principal has that role on that scope, under another id."""

    def __init__(self, existing_id: str) -> None:
        super().__init__(
            "The role assignment already exists. The ID of the conflicting role assignment is "
            f"{existing_id.replace('-', '')}."
        )
        self.existing_id = existing_id


class RoleAssignmentUpdateNotPermitted(AntiphonError):
    """The id belongs to an assignment of a different role, to a different principal, or on a different scope."""

    def __init__(self) -> None:
        super().__init__("Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")
