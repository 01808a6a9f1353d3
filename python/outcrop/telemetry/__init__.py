"""OpenTelemetry spans and metrics of calls to models, after its conventions for generative AI.

```python
from outcrop import telemetry

telemetry.instrument()      # with the providers that OpenTelemetry's own set-up made
```

It comes with `outcrop[otel]`. Switched off, it costs nothing: the clients' methods are the plain ones. Nothing of a
prompt or an answer is exported unless `capture_content=True` says so.
"""

from __future__ import annotations

from outcrop.telemetry._instrument import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
