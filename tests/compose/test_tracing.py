"""Spans are sent where the settings say so, and only then is OpenTelemetry needed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AsyncExitStack

import pytest

from antiphon.compose.tracing import open_tracing
from antiphon.errors import ConfigurationError
from antiphon.settings import TelemetrySettings
from antiphon.telemetry.otlp import OtlpTracing
from antiphon.telemetry.tracing import NoTracing

pytestmark = pytest.mark.anyio

NOWHERE = TelemetrySettings(traces="http://127.0.0.1:9/v1/traces")


async def test_without_an_address_nothing_is_sent():
    assert isinstance(open_tracing(TelemetrySettings(), AsyncExitStack()), NoTracing)


async def test_with_one_spans_are_sent_there():
    async with AsyncExitStack() as resources:
        assert isinstance(open_tracing(NOWHERE, resources), OtlpTracing)


async def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "antiphon.telemetry.otlp", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'antiphon\[telemetry\]'"):
        open_tracing(NOWHERE, AsyncExitStack())


def test_the_server_loads_nothing_of_opentelemetry_by_itself():
    program = "import antiphon.cli.serve, sys; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], timeout=120).returncode == 0
