"""`antiphon serve`: take the ports, fetch what is missing, then serve until told to stop."""

from __future__ import annotations

import sys
from pathlib import Path

from antiphon.app import create_app
from antiphon.listening import take_ports
from antiphon.logs import configure_logging
from antiphon.models.cache import ModelCache, default_directory
from antiphon.models.progress import shown_on
from antiphon.portal_link import host_for_clients, portal_address
from antiphon.profile_models import needed_models
from antiphon.profiles import load_profiles
from antiphon.server import Server, server_configuration
from antiphon.settings import Settings
from antiphon.store.location import DataDirectory


def run_server(settings: Settings, *, host: str, port: int, tls_port: int, tls_required: bool, data: Path) -> None:
    """Serve http on `port` and https on `tls_port` (0 is none) of `host`, with the data in `data`, until told to end.

    Where `tls_port` is taken and https is not required, there is http alone: another server may run with the same
    defaults. Raises `ConfigurationError` and `ModelError` for what the operator has to mend first.
    """
    listener, secure = take_ports(
        settings, host=host, port=port, tls_port=tls_port, tls_required=tls_required, data=data
    )
    cache = ModelCache(default_directory())
    with shown_on(sys.stderr) as progress:
        cache.ensure(needed_models(settings, cache), progress)
    configure_logging()
    name = host_for_clients(host)
    address = f"http://{name}:{port}"
    app = create_app(
        settings,
        DataDirectory(path=data),
        cache,
        lambda resources: load_profiles(settings, cache, resources),
        address=f"{address} and https://{name}:{tls_port}" if secure else address,
        portal_url=portal_address(
            host, port=port, tls_port=tls_port if secure else None, prefix=settings.server.prefix
        ),
    )
    configuration = server_configuration(app, trusted_proxies=settings.server.trusted_proxies)
    Server(configuration, secure=secure).run(sockets=[listener])
