"""Plans: what will be done, what was found, and what has been done, as values that can be shown and carried out."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from outcrop._tables import Table
from outcrop.monitoring.clients import error_code
from outcrop.monitoring.errors import MonitoringError, RoleNotEffectiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from outcrop.monitoring.clients import Clients
    from outcrop.monitoring.receipts import Receipt

Effect = Literal["create", "change", "delete", "keep"]


@dataclass
class Step:
    """One thing that is to be as wanted, and the call that makes it so.

    Attributes:
        region: The Region it belongs to.
        effect: `create`, `change` or `delete`; `keep` when everything is as wanted and nothing is called.
        subject: What it is about, such as `log group bedrock-model-invocation-logging`.
        service: The service to call, by boto3's name.
        operation: The operation, by its API name.
        parameters: The operation's parameters.
        resource: The ARN that a permission is needed on.
        action: The IAM action, where it is not named like the operation.
        ignore: Error codes that mean somebody else was faster.
        waits_for_role: Whether to try again while IAM has not made the role usable.
        done: Whether the call was made.
    """

    region: str
    effect: Effect
    subject: str
    service: str = ""
    operation: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    resource: str = "*"
    action: str | None = None
    ignore: tuple[str, ...] = ()
    waits_for_role: bool = False
    done: bool = False

    @property
    def iam_action(self) -> str:
        """The IAM action that the call needs."""
        return self.action or f"{self.service}:{self.operation}"

    def __str__(self) -> str:
        call = f" ({self.service}.{self.operation})" if self.operation and self.effect != "keep" else ""
        return f"{self.region}: {'done: ' if self.done else ''}{self.effect} {self.subject}{call}"


@dataclass(repr=False)
class Plan:
    """What is to be done in which Region, in order.

    Printing it shows a line a step; in a notebook it is a table. `policy()` is what IAM must allow to carry it out.

    Attributes:
        regions: The Regions it covers.
        steps: The steps, in the order they are carried out.
        notes: What a person should know, such as which configuration was adopted.
        dry_run: Whether it was only asked for, not carried out.
        receipts: By Region, what `disable` needs to undo it. They are kept in the log group's tags as well.
    """

    regions: list[str]
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False
    receipts: dict[str, Receipt] = field(default_factory=dict)

    @property
    def changes(self) -> list[Step]:
        """The steps that call something."""
        return [step for step in self.steps if step.effect != "keep"]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        lines = [*map(str, self.steps), *self.notes]
        if not self.changes:
            lines.append("nothing to change")
        elif self.dry_run:
            lines.append("nothing was done: this is a dry run")
        return "\n".join(lines)

    def __repr__(self) -> str:
        # Parameters hold whole policies; `to_dicts()` has them.
        return str(self)

    def _repr_html_(self) -> str:
        return self._table().to_html()

    def __rich__(self) -> Any:
        return self._table().to_rich()

    def _table(self) -> Table:
        title = "Would be done (a dry run)" if self.dry_run else "Done"
        rows = [
            (step.region, step.effect, step.subject, f"{step.service}.{step.operation}" if step.operation else "")
            for step in self.steps
        ]
        notes = self.notes if self.changes else [*self.notes, "nothing to change"]
        return Table(title, ("Region", "effect", "what", "call"), rows, notes=notes)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The steps as dicts that JSON can hold."""
        return [
            {
                "region": step.region,
                "effect": step.effect,
                "subject": step.subject,
                "service": step.service,
                "operation": step.operation,
                "parameters": dict(step.parameters),
                "done": step.done,
            }
            for step in self.steps
        ]

    def policy(self) -> dict[str, Any]:
        """The IAM policy that carrying the plan out needs, a statement a resource."""
        wanted: dict[str, set[str]] = {}
        for step in self.changes:
            wanted.setdefault(step.resource, set()).add(step.iam_action)
            role = _passed_role(step.parameters)
            if role:
                wanted.setdefault(role, set()).add("iam:PassRole")
        return {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": sorted(actions), "Resource": [resource]}
                for resource, actions in sorted(wanted.items())
            ],
        }


def carry_out(
    steps: list[Step], clients: Clients, *, wait_seconds: float, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Makes the calls of the steps, in order, and marks those that were made.

    Args:
        steps: The steps.
        clients: Where to make them.
        wait_seconds: How long to try again while a role is not usable yet, in seconds.
        sleep: What passes the time between two tries.

    Raises:
        MissingPermissionError: IAM refused a call.
        RoleNotEffectiveError: A role was not usable in time.
    """
    from botocore.exceptions import ClientError

    for step in steps:
        if step.effect == "keep":
            continue

        def call(step: Step = step) -> None:
            clients.call(
                step.service, step.region, step.operation, step.parameters, resource=step.resource, action=step.action
            )

        try:
            if step.waits_for_role:
                until_role_works(call, wait_seconds=wait_seconds, sleep=sleep)
            else:
                call()
        except ClientError as error:
            if error_code(error) not in step.ignore:
                raise
        step.done = True


class SeveralRegionsError(MonitoringError):
    """Something went wrong in at least one of several Regions; the others were carried through.

    Attributes:
        failures: The error of each Region that failed.
        plan: Everything that was planned, with what was done marked.
    """

    def __init__(self, failures: Mapping[str, Exception], plan: Plan) -> None:
        said = "; ".join(f"{region}: {error}" for region, error in failures.items())
        super().__init__(f"{len(failures)} of {len(plan.regions)} Regions failed: {said}")
        self.failures = dict(failures)
        self.plan = plan


def each_region(
    plan: Plan, clients: Clients, one_region: Callable[[str], list[Step]], *, wait_seconds: float = 0
) -> None:
    """Makes the steps of each Region of a plan, and their calls unless it is a dry run.

    Args:
        plan: Where the steps go.
        clients: Where to make the calls.
        one_region: Makes the steps of a Region.
        wait_seconds: How long to try again while a role is not usable yet, in seconds.

    Raises:
        SeveralRegionsError: What went wrong, where there are several Regions; the others were carried through.
    """

    def carry_through(region: str) -> None:
        steps = one_region(region)
        plan.steps += steps
        if not plan.dry_run:
            carry_out(steps, clients, wait_seconds=wait_seconds)

    if len(plan.regions) == 1:
        # One Region alone speaks for itself.
        carry_through(plan.regions[0])
        return
    failures: dict[str, Exception] = {}
    for region in plan.regions:
        try:
            carry_through(region)
        except Exception as error:  # noqa: BLE001, PERF203 - whatever it was, it is raised below, with its Region
            failures[region] = error
    if failures:
        raise SeveralRegionsError(failures, plan)


def until_role_works(
    call: Callable[[], None], *, wait_seconds: float, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Calls until Bedrock accepts the role: a new role takes some seconds to be known everywhere.

    Args:
        call: What to call. Only a `ValidationException` that speaks of a role or a permission is tried again.
        wait_seconds: How long to try, in seconds, not counting the calls themselves.
        sleep: What passes the time between two tries.

    Raises:
        RoleNotEffectiveError: The time was up.
    """
    from botocore.exceptions import ClientError

    waited, pause = 0.0, 1.0
    while True:
        try:
            return call()
        except ClientError as error:
            said = error.response["Error"].get("Message", "")
            about_role = any(word in said.lower() for word in ("role", "permission", "assume"))
            if error_code(error) != "ValidationException" or not about_role:
                raise
            if waited >= wait_seconds:
                message = (
                    f"bedrock did not accept the role within {wait_seconds:g} s: check its trust and inline policy, "
                    f"or give it longer with wait_seconds; it said: {said}"
                )
                raise RoleNotEffectiveError(message) from error
        # Jitter, so that several Regions set up at once do not ask in step.
        pause_now = min(pause * random.uniform(0.75, 1.25), wait_seconds - waited)
        sleep(pause_now)
        waited += pause_now
        pause = min(pause * 2, 8.0)


def _passed_role(parameters: Mapping[str, Any]) -> str | None:
    configuration = parameters.get("loggingConfig", {})
    return configuration.get("cloudWatchConfig", {}).get("roleArn")


def shown(value: Mapping[str, Any]) -> str:
    """A document as one line of JSON, for texts."""
    return json.dumps(value, sort_keys=True)
