"""A tracer whose spans stay in memory."""

import json

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
# Of each run, of each client, or of the machine.
_OTHER = (
    "response.id",
    "time",
    "duration",
    "latency",
    "request_id",
    "tool_call",
    "user_agent",
    "retry",
    "server.",
    "host",
)


def settled(value):
    """An attribute, without the order of members in JSON that it holds."""
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except (TypeError, ValueError):
        return str(value)


def taken():
    """The spans that have ended since: name, status and attributes."""
    spans = exporter.get_finished_spans()
    exporter.clear()
    return [
        [
            span.name,
            span.status.status_code.name,
            {
                name: settled(value)
                for name, value in sorted((span.attributes or {}).items())
                if not any(word in name for word in _OTHER)
            },
        ]
        for span in spans
    ]
