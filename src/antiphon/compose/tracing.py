"""Where spans go."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import AsyncExitStack

from antiphon.errors import ConfigurationError
from antiphon.settings import TelemetrySettings
from antiphon.telemetry.tracing import NoTracing, Tracing


def open_tracing(settings: TelemetrySettings, resources: AsyncExitStack) -> Tracing:
    """Raises `ConfigurationError` if spans are to be sent and the extra is missing; `resources` takes what to close."""
    if settings.traces is None:
        return NoTracing()
    try:
        from antiphon.telemetry.otlp import OtlpTracing  # Of the extra.
    except ModuleNotFoundError:
        raise ConfigurationError(
            "[telemetry] has an address for traces, but OpenTelemetry is not installed. Install it with "
            "`pip install 'antiphon[telemetry]'`, or remove `traces`."
        ) from None
    tracing = OtlpTracing(settings.traces, instance=f"{socket.gethostname()}:{os.getpid()}")
    resources.push_async_callback(asyncio.to_thread, tracing.close)
    return tracing
