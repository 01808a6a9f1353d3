"""Many requests through one client: `client.batch("converse", requests)`.

`schedule` decides what is started when and what is given back in which order; it knows neither threads nor loops.
`blocking` and `asynchronous` are its sync and async form. `journal` keeps results in a file, `concurrency` says how
many calls may be under way, `progress` shows them.
"""

from __future__ import annotations

from outcrop._batch.asynchronous import AsyncBatch
from outcrop._batch.blocking import Batch

__all__ = ["AsyncBatch", "Batch"]
