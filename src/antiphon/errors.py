"""The root of every error that Antiphon raises on purpose. Each package has its own beside what raises them:

    AntiphonError               what happened, and what to do about it
    ├── ConfigurationError      a setting is wrong, whichever package finds out
    ├── hardening.errors        more work than can be taken on
    ├── store.errors            the database, blobs, the disk
    ├── audio.errors            recordings that cannot be used
    ├── models.errors           models and their files
    ├── identity.errors         tokens, sign-ins, principals, roles
    ├── resources.errors        accounts, deployments, limits, records
    ├── engines.errors          what an engine cannot do
    ├── dialogue.errors         recordings without speech
    ├── calls.errors            calls that cannot begin
    ├── books.errors            books that cannot be read or made
    ├── parameters.errors       what a client sent makes no sense, in OpenAI's words
    ├── cli.errors              what only a command finds
    └── api.errors.ApiError     what clients are told, with status, code and headers
        ├── api.management      in Azure Resource Manager's and Microsoft Graph's words
        ├── api.portal          of the portal alone
        └── serve.errors        before the application sees a request

None but the last knows HTTP. `api.domain_errors` gives all the others their status and code, once.
"""

from __future__ import annotations


class AntiphonError(Exception):
    """The root of the tree. `message` says what happened and what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigurationError(AntiphonError):
    """A setting is wrong: told to the operator at start."""
