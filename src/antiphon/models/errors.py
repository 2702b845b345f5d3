"""What can go wrong with models and their files."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class ModelNotFound(AntiphonError):
    """The catalogue has no such model."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name[:64]!r}. To list them: `antiphon models list`.")
        self.name = name


class ModelError(AntiphonError):
    """Something went wrong with model files; reported to the operator."""


class ModelUnavailable(AntiphonError):
    """A model that is fetched when it is first needed could not be had. The exception's cause says why."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The model {name} is needed for this request, and could not be fetched or loaded; the server's log says "
            f"why. Its operator can fetch it with `antiphon models pull {name}`."
        )
        self.name = name


class SourceUnreachable(ModelError):
    """One source of a model's files cannot be reached; the next one is tried."""


class HashMismatch(ModelError):
    """A file's bytes do not match the catalogue."""


class DiskFull(ModelError):
    """Too little free disk space to fetch the files."""
