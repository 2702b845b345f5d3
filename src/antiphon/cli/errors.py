"""What only a command can find to be wrong."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class ServerNotRunning(AntiphonError):
    """A command about a running server finds none, or several."""


class DeploymentMissing(AntiphonError):
    """The account that was named has no such deployment."""

    def __init__(self, name: str, *, account: str) -> None:
        super().__init__(f"The account {account!r} has no deployment named {name!r}.")
        self.name = name
        self.account = account
