"""ddtrace."""

import ddtrace
import spans
from ddtrace.trace import TraceFilter, tracer

_ended = []


class Keep(TraceFilter):
    """Keeps the spans, and sends none on."""

    def process_trace(self, trace):
        _ended.extend(trace)


def taken():
    """The spans that have ended since: name, resource and whether they are errors."""
    ended = [[span.name, span.resource, span.error] for span in _ended]
    _ended.clear()
    return ended


ddtrace.patch(botocore=True)
tracer.configure(trace_processors=[Keep()])
spans.tell(taken)
