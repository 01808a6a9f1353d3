"""What can go wrong while monitoring is set up or a report is made.

```
MonitoringError
├── MissingExtraError               a package of an extra is not installed
├── MissingPermissionError          IAM refused a call; names the action and the statement that grants it
├── ExistingConfigurationError      logging is configured already, or was changed since
├── RoleNotEffectiveError           IAM has not made the role usable in time
├── RoleNotSuitableError            a role of that name exists and does not let Bedrock write
├── FilterPatternError              a metric filter pattern is not valid
├── FilterPatternRejectedError      CloudWatch Logs judges records otherwise than the pattern promises
├── InvalidDashboardError           a dashboard body breaks a rule of CloudWatch
├── InvalidAlarmError               an alarm breaks a rule of CloudWatch
├── QueryError                      a log query failed or did not end in time
├── RecordNotFoundError             no invocation record has that request id (yet)
└── SeveralRegionsError             what went wrong in each of several Regions, with what was done
```
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop.exceptions import OutcropError

if TYPE_CHECKING:
    from collections.abc import Mapping


class MonitoringError(OutcropError):
    """The base of all errors of [`outcrop.monitoring`]."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Its text and its attributes, since constructors take something else.
        return _restore, (type(self), self.args, vars(self))


def _restore(cls: type[MonitoringError], args: tuple[Any, ...], attributes: dict[str, Any]) -> MonitoringError:
    error = cls.__new__(cls, *args)
    vars(error).update(attributes)
    return error


class MissingExtraError(MonitoringError, ImportError):
    """A package that belongs to one of outcrop's extras is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: it comes with `pip install 'outcrop[{extra}]'`")
        self.package = package
        self.extra = extra


class MissingPermissionError(MonitoringError):
    """IAM refused a call.

    Attributes:
        action: The IAM action that is missing, such as `iam:CreateRole`.
        resource: The ARN it is needed on.
        region: The Region that was asked.
        statement: The policy statement that grants it.
    """

    def __init__(self, action: str, resource: str, region: str, said: str) -> None:
        self.action = action
        self.resource = resource
        self.region = region
        self.statement = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
        super().__init__(
            f"{action} on {resource} is not allowed (Region {region}); this statement grants it: "
            f"{json.dumps(self.statement)}; AWS said: {said}"
        )


class ExistingConfigurationError(MonitoringError):
    """Invocation logging is configured otherwise than wanted, and nobody said that it may be replaced.

    Attributes:
        region: The Region whose configuration it is.
        configuration: The `loggingConfig` that is in force.
    """

    def __init__(self, message: str, region: str, configuration: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.region = region
        self.configuration = dict(configuration)


class RoleNotEffectiveError(MonitoringError):
    """Bedrock could not use the role before the time was up: IAM takes a while to tell everybody."""


class RoleNotSuitableError(MonitoringError):
    """A role of that name exists, was not made by outcrop, and does not let Bedrock write the logs."""


class FilterPatternError(MonitoringError, ValueError):
    """A metric filter pattern is not valid."""


class FilterPatternRejectedError(MonitoringError):
    """CloudWatch Logs judges a sample record otherwise than the pattern is meant to."""


class InvalidDashboardError(MonitoringError, ValueError):
    """A dashboard body breaks a rule of CloudWatch. All broken rules are in `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the dashboard body is not valid: " + "; ".join(problems))
        self.problems = problems


class InvalidAlarmError(MonitoringError, ValueError):
    """An alarm breaks a rule of CloudWatch. All broken rules are in `problems`."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"the alarm {name!r} is not valid: " + "; ".join(problems))
        self.problems = problems


class QueryError(MonitoringError):
    """A log query failed, was cancelled, or did not end in time."""


class RecordNotFoundError(MonitoringError, LookupError):
    """No invocation record has that request id, at least not yet."""
