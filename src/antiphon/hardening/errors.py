"""What is raised where there is more work than can be taken on."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class ServerBusy(AntiphonError):
    """More work is waiting than can be done in reasonable time."""

    retry_after_seconds = 2.0

    def __init__(self) -> None:
        super().__init__(
            f"The server is busy with other requests. Please retry after {self.retry_after_seconds:g} seconds."
        )
