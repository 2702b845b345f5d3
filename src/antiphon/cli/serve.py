"""`antiphon serve`: take the ports, download missing models, then serve until told to stop."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from antiphon.api.draining import Draining
from antiphon.api.measures import ApiMeasures
from antiphon.command_line import command_line
from antiphon.compose.app import create_app
from antiphon.compose.engines import check_devices
from antiphon.compose.profile_models import needed_models
from antiphon.compose.profiles import load_profiles
from antiphon.compose.share import share_of
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import shown_on
from antiphon.seat import ALONE, Seat
from antiphon.serve.logs import configure_logging
from antiphon.serve.ports import TlsListener, take_ports
from antiphon.serve.running import RunningServer, announced
from antiphon.serve.server import Server, server_configuration
from antiphon.serve.startup import Startup
from antiphon.serve.workers import Parent, Workers
from antiphon.settings import Settings
from antiphon.store.location import DataDirectory

_SECONDS_TO_END = 15.0
"""How long a worker may take after draining: for what is cut off, and for records that are not written yet."""


def run_server(
    settings: Settings,
    *,
    host: str,
    port: int,
    tls_port: int,
    tls_required: bool,
    data: Path,
    workers: int | None = None,
) -> None:
    """Serve http on `port` and https on `tls_port` (0 for none) of `host`, with the data in `data`, until told to stop.

    `workers` takes the place of the settings' number of processes.

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
        count = workers or settings.server.workers
        if count == 1:
            _serve(settings, server, listener, secure)
        else:
            configure_logging()
            work = partial(_serve, settings, server, listener, secure)
            kill_after_seconds = settings.server.drain_seconds + _SECONDS_TO_END
            Workers(count, work, kill_after_seconds=kill_after_seconds).run()


def _serve(
    settings: Settings,
    server: RunningServer,
    listener: socket.socket,
    secure: TlsListener | None,
    seat: Seat = ALONE,
    parent: Parent | None = None,
) -> None:
    settings = share_of(settings, seat)
    cache = ModelCache(default_directory())
    check_devices(settings, cache)  # Before a long download.
    with shown_on(sys.stderr) as progress:
        cache.ensure(needed_models(settings, cache), progress)
    configure_logging(seat=seat)
    data = Path(server.data)
    draining, measures = Draining(seconds=settings.server.drain_seconds), ApiMeasures()
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
        measures=measures,
        seat=seat,
    )
    startup = Startup(app)
    configuration = server_configuration(
        startup, trusted_proxies=settings.server.trusted_proxies, limits=settings.limits
    )
    try:
        Server(
            configuration, limits=settings.limits, secure=secure, draining=draining, measures=measures, parent=parent
        ).run(sockets=[listener])
    except SystemExit:
        if startup.failure is None:
            raise
        raise startup.failure from None
