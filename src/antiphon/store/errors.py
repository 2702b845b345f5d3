"""What can go wrong with the database and the files beside it."""

from __future__ import annotations

from pathlib import Path

from antiphon.errors import AntiphonError


class StorageUnavailable(AntiphonError):
    """What the server has to write cannot be written, or what it has to read cannot be read."""

    retry_after_seconds = 5.0

    def __init__(self, reason: str, *, advice: str) -> None:
        """`reason`, such as "the disk fails", is for everybody, `advice` for whoever runs the server."""
        super().__init__(f"The server's storage cannot be used: {reason}. Please retry later.")
        self.reason = reason
        self.advice = advice

    def told_to_operator(self, where: Path | str) -> StoreError:
        return StoreError(f"{where} cannot be used: {self.reason}. {self.advice}")


class StorageFull(StorageUnavailable):
    """There is no room left on the disk."""

    def __init__(self) -> None:
        super().__init__("the disk is full", advice="Free some space on it.")


class StoreError(AntiphonError):
    """Something about the database or the files beside it went wrong: told to the operator."""


class DatabaseTooNew(StoreError):
    """A later version of Antiphon has written to the database; this one could only harm it."""


class BlobNotFound(StoreError):
    """There is no blob of that name."""


class SealBroken(StoreError):
    """What is stored encrypted cannot be decrypted with the key at hand."""


class TargetNotEmpty(StoreError):
    """There is something where everything is to be copied to."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Choose an empty target, or empty this one if an earlier copy was broken off.")


class CopyFailed(StoreError):
    """What was copied is not what was there."""
