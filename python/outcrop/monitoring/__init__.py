"""See which Region served what.

```python
from outcrop import monitoring

print(monitoring.enable(session, dry_run=True))     # role, log group, logging configuration: what would be done
monitoring.enable(session)
monitoring.reroute_metric(session)                  # a metric of calls that another Region served
monitoring.routing_report(session, since="1h")      # who served what: a table, a DataFrame, a picture
monitoring.where(answer, session)                   # which Region served one call
```

CloudWatch, CloudWatch Logs, IAM, STS and Amazon S3 are called with boto3, which comes with `outcrop[monitoring]`.
Nothing here is imported, and no request is made, before a function is called.
"""

from __future__ import annotations

from outcrop.monitoring.alarms import Alarms, Thresholds, alarms
from outcrop.monitoring.dashboards import Dashboard, dashboard
from outcrop.monitoring.errors import (
    ExistingConfigurationError,
    FilterPatternError,
    FilterPatternRejectedError,
    InvalidAlarmError,
    InvalidDashboardError,
    MissingExtraError,
    MissingPermissionError,
    MonitoringError,
    QueryError,
    RecordNotFoundError,
    RoleNotEffectiveError,
    RoleNotSuitableError,
)
from outcrop.monitoring.filter_patterns import FilterPattern
from outcrop.monitoring.metric_filters import MetricFilter, reroute_metric
from outcrop.monitoring.plan import Plan, SeveralRegionsError, Step
from outcrop.monitoring.receipts import Receipt
from outcrop.monitoring.report import RoutingReport
from outcrop.monitoring.routing import routing_report
from outcrop.monitoring.rows import RoutingRow
from outcrop.monitoring.serving import Served, where
from outcrop.monitoring.setup import disable, enable
from outcrop.monitoring.temporary import enabled

__all__ = [
    "Alarms",
    "Dashboard",
    "ExistingConfigurationError",
    "FilterPattern",
    "FilterPatternError",
    "FilterPatternRejectedError",
    "InvalidAlarmError",
    "InvalidDashboardError",
    "MetricFilter",
    "MissingExtraError",
    "MissingPermissionError",
    "MonitoringError",
    "Plan",
    "QueryError",
    "Receipt",
    "RecordNotFoundError",
    "RoleNotEffectiveError",
    "RoleNotSuitableError",
    "RoutingReport",
    "RoutingRow",
    "Served",
    "SeveralRegionsError",
    "Step",
    "Thresholds",
    "alarms",
    "dashboard",
    "disable",
    "enable",
    "enabled",
    "reroute_metric",
    "routing_report",
    "where",
]
