"""Invocation logging for the length of a `with` block."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME, disable, enable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.monitoring.clients import EndpointUrls, SessionLike
    from outcrop.monitoring.plan import Plan


@contextmanager
def enabled(
    session: SessionLike,
    *,
    regions: str | list[str] | None = None,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    delete_logs: bool = False,
    endpoint_urls: EndpointUrls = None,
    **options: Any,
) -> Iterator[Plan]:
    """Switch invocation logging on for a `with` block, and undo it however the block ends.

    Regions where everything was as wanted before stay as they are. What fails half-way through is undone, too.

    Args:
        session: Where Region and credentials come from.
        regions: The Regions; the session's own by default.
        log_group_name: The log group; made if it is not there.
        delete_logs: Whether to delete a log group that was made even if it holds records.
        endpoint_urls: One URL for all services, or one a service.
        **options: Whatever else `enable` takes.

    Yields:
        The plan: what was found and what was done.

    Raises:
        MonitoringError: As `enable` and `disable` raise.

    Example:
        ```python
        with monitoring.enabled(session, delete_logs=True):
            answer = runtime.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
            print(monitoring.where(answer, session, wait_seconds=120))
        ```
    """
    where: dict[str, Any] = {"log_group_name": log_group_name, "endpoint_urls": endpoint_urls}
    wished = enable(session, regions=regions, **where, **options, dry_run=True)
    changing = list(dict.fromkeys(step.region for step in wished.changes))
    plan = None
    try:
        plan = enable(session, regions=regions, **where, **options)
        yield plan
    finally:
        if changing:
            receipts = plan.receipts if plan is not None else None
            disable(session, regions=changing, **where, delete_logs=delete_logs, receipts=receipts)
