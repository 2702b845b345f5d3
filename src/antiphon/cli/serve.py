"""`antiphon serve`: take the ports, download missing models, then serve until told to stop."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack
from pathlib import Path

from antiphon.api.draining import Draining
from antiphon.command_line import command_line
from antiphon.compose.app import create_app
from antiphon.compose.engines import check_devices
from antiphon.compose.profile_models import needed_models
from antiphon.compose.profiles import load_profiles
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on
from antiphon.serve.logs import configure_logging
from antiphon.serve.ports import TlsListener, take_ports
from antiphon.serve.running import RunningServer, announced
from antiphon.serve.server import Server, server_configuration
from antiphon.serve.startup import Startup
from antiphon.settings import Settings
from antiphon.store.location import DataDirectory


def run_server(settings: Settings, *, host: str, port: int, tls_port: int, tls_required: bool, data: Path) -> None:
    """Serve http on `port` and https on `tls_port` (0 for none) of `host`, with the data in `data`, until told to stop.

    If `tls_port` is taken and https is not required, serve http only: another server may be running with the same
    defaults. Raises `ConfigurationError`, `StoreError` and `ModelError` for what the operator has to fix first.
    """
    listener, secure = take_ports(
        settings, host=host, port=port, tls_port=tls_port, tls_required=tls_required, data=data
    )
    server = RunningServer(
        data=str(data.absolute()),
        host=host,
        port=port,
        tls_port=tls_port if secure else None,
        prefix=settings.server.prefix,
        has_own_authority=settings.tls.certificate is None,
    )
    with ExitStack() as stack:
        try:
            stack.enter_context(announced(server))
        except OSError as error:
            print(f"antiphon: `antiphon env` and `antiphon portal` will not find this server: {error}", file=sys.stderr)
        _serve(settings, server, listener, secure)


def _serve(settings: Settings, server: RunningServer, listener: socket.socket, secure: TlsListener | None) -> None:
    cache = ModelCache(default_directory())
    check_devices(settings, cache)  # Before a long download.
    with shown_on(sys.stderr) as progress:
        cache.ensure(needed_models(settings, cache), progress)
    configure_logging()
    data = Path(server.data)
    draining = Draining(seconds=settings.server.drain_seconds)
    app = create_app(
        settings,
        DataDirectory(path=data),
        cache,
        lambda resources: load_profiles(settings, cache, resources),
        address=" and ".join(filter(None, (server.url, server.tls_url))),
        portal_url=server.portal_url,
        commands=command_line(data, port=server.port),
        tls_port=server.tls_port,
        draining=draining,
    )
    startup = Startup(app)
    configuration = server_configuration(
        startup, trusted_proxies=settings.server.trusted_proxies, limits=settings.limits
    )
    try:
        Server(configuration, limits=settings.limits, secure=secure, draining=draining).run(sockets=[listener])
    except SystemExit:
        if startup.failure is None:
            raise
        raise startup.failure from None
