"""Which account a host name leads to, and which host name leads to an account."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_ACCOUNT = "local"
"""The account for every host that does not name one."""

_LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHosts:
    """`contoso.localhost` leads to the account `contoso`, and so does `contoso.` before the server's own domain.

    A host that names an account leads to that account or to none, never to another.
    """

    domain: str | None = None
    """The operator's own domain, under which accounts are reached besides localhost: voice.example.org."""

    def account_of(self, host: str) -> str:
        """The account that the host names: `local` for localhost, an address, and any foreign host."""
        host = host.lower().removesuffix(".")
        for domain in self._domains():
            if host.endswith(f".{domain}"):
                return host.removesuffix(f".{domain}")
        return LOCAL_ACCOUNT

    def host_of(self, account: str, *, asked: str) -> str:
        """The account's host for a client that reached this server as `asked`: a name under the same domain.

        For the account `local`, it is `asked` itself if that leads to it, because not every machine resolves names
        under localhost.
        """
        asked = asked.lower().removesuffix(".")
        if account.lower() == LOCAL_ACCOUNT and not any(asked.endswith(f".{domain}") for domain in self._domains()):
            return asked
        domains = self._domains()
        shared = (domain for domain in domains if asked == domain or asked.endswith(f".{domain}"))
        return f"{account.lower()}.{next(shared, domains[0])}"

    def _domains(self) -> tuple[str, ...]:
        return (_LOCALHOST,) if self.domain is None else (self.domain, _LOCALHOST)
