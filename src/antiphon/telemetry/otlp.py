"""Spans sent with OpenTelemetry's protocol, over HTTP. The only module that needs the extra `telemetry`."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from antiphon import __version__
from antiphon.telemetry.tracing import Kind, Span, Value, trace_context

_KINDS: Mapping[Kind, trace.SpanKind] = {
    "internal": trace.SpanKind.INTERNAL,
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
}


class _OtlpSpan:
    def __init__(self, tracer: trace.Tracer, span: trace.Span) -> None:
        self._tracer = tracer
        self._span = span

    def child(self, name: str, *, kind: Kind = "internal", began_ns: int | None = None, **attributes: Value) -> Span:
        context = trace.set_span_in_context(self._span)
        span = self._tracer.start_span(
            name, context=context, kind=_KINDS[kind], attributes=attributes, start_time=began_ns
        )
        return _OtlpSpan(self._tracer, span)

    def tell(self, **attributes: Value) -> None:
        self._span.set_attributes(attributes)

    def end(self, *, failure: str | None = None) -> None:
        if failure is not None:
            self._span.set_status(Status(StatusCode.ERROR, failure))
        self._span.end()

    @property
    def headers(self) -> Mapping[str, str]:
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, trace.set_span_in_context(self._span))
        return carrier


class OtlpTracing:
    """Sends spans to a collector, in the background; those that it does not take are dropped."""

    def __init__(self, url: str, *, instance: str) -> None:
        """`url` is where the collector takes traces; `instance` tells this process from others."""
        resource = Resource.create(
            {SERVICE_NAME: "antiphon", SERVICE_VERSION: __version__, SERVICE_INSTANCE_ID: instance}
        )
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = self._provider.get_tracer("antiphon", __version__)

    def serve(self, name: str, headers: Mapping[str, str]) -> Span:
        context = TraceContextTextMapPropagator().extract(trace_context(headers))
        return _OtlpSpan(self._tracer, self._tracer.start_span(name, context=context, kind=trace.SpanKind.SERVER))

    def close(self) -> None:
        """Send what is left. Blocks until it is sent, or the collector has not answered for some seconds."""
        self._provider.shutdown()
