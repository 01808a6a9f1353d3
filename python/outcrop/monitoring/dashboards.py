"""The dashboard: who served what, how fast, with which errors, within which quota."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike
from outcrop.monitoring.errors import InvalidDashboardError
from outcrop.monitoring.infrastructure import Format, dashboard_template, write_template
from outcrop.monitoring.metric_filters import NAMESPACE
from outcrop.monitoring.plan import Plan, Step, each_region
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME
from outcrop.monitoring.validation import dashboard_problems
from outcrop.monitoring.widgets import WidgetMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from matplotlib.figure import Figure

    from outcrop.emulator import Emulator


@dataclass
class Dashboard:
    """A CloudWatch dashboard, as a value.

    Attributes:
        name: Its name.
        body: Its body, as PutDashboard takes it, parsed.
        messages: What CloudWatch said about it when it was put.
        namespace: The namespace of `reroute_metric`'s metrics.
    """

    name: str
    body: dict[str, Any]
    messages: list[str] = field(default_factory=list)
    namespace: str = NAMESPACE

    def plot(self, records: Emulator | Iterable[Mapping[str, Any]]) -> Figure:
        """Draws what the dashboard would show of some calls, without CloudWatch.

        Args:
            records: Invocation records, or an emulator whose own are taken.

        Returns:
            matplotlib's figure; widgets of log queries are left out, which `routing_report` has as a table.

        Raises:
            MissingExtraError: matplotlib is not installed.
        """
        from outcrop.monitoring.measurements import Measurements
        from outcrop.monitoring.previews import dashboard_figure, records_of

        return dashboard_figure(self.body, Measurements(records_of(records), namespace=self.namespace))

    def to_json(self) -> str:
        """The body as JSON, as PutDashboard and the console take it."""
        return json.dumps(self.body, indent=2)

    def to_cloudformation(self) -> dict[str, Any]:
        """A CloudFormation template with the dashboard."""
        return dashboard_template(self.name, self.to_json(), "cloudformation")

    def to_terraform(self) -> dict[str, Any]:
        """A Terraform configuration with the dashboard, for a file named `*.tf.json`."""
        return dashboard_template(self.name, self.to_json(), "terraform")

    def write(self, path: str | Path, *, format: Format = "json") -> Path:
        """Writes the dashboard to a file.

        Args:
            path: Where to.
            format: `json` (the body), `cloudformation`, or `terraform` (name the file `*.tf.json`).

        Returns:
            The path.
        """
        body = self.body if format == "json" else dashboard_template(self.name, self.to_json(), format)
        return write_template(path, body, format)

    def delete(self, session: SessionLike, *, endpoint_urls: EndpointUrls = None) -> Plan:
        """Deletes the dashboard of this name; one that is not there is no error.

        Args:
            session: Where Region and credentials come from.
            endpoint_urls: As for [`enable`].

        Returns:
            What was done.

        Raises:
            MissingPermissionError: IAM refused `cloudwatch:DeleteDashboards`.
        """
        clients = Clients(session, endpoint_urls)
        [region, *_] = clients.regions(None)
        plan = Plan([region])
        arn = f"arn:{clients.partition(region)}:cloudwatch::*:dashboard/{self.name}"
        parameters = {"DashboardNames": [self.name]}
        gone = ("ResourceNotFound", "DashboardNotFoundError")
        step = Step(
            region, "delete", f"dashboard {self.name}", "cloudwatch", "DeleteDashboards", parameters, arn, ignore=gone
        )
        each_region(plan, clients, lambda _: [step])
        return plan


def dashboard(
    session: SessionLike,
    *,
    name: str = "bedrock-cross-region-inference",
    regions: str | list[str] | None = None,
    models: Iterable[str] = (),
    quotas: Mapping[str, float] | None = None,
    period: int = 300,
    namespace: str = NAMESPACE,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    endpoint_urls: EndpointUrls = None,
    dry_run: bool = False,
) -> Dashboard:
    """Makes the dashboard of routing, latency, errors, tokens, quota and log delivery.

    It draws the metrics of `reroute_metric` with the variants `rerouted`, `calls` and `by_region`, and Bedrock's own.

    Args:
        session: Where Region and credentials come from. The dashboard is put in the first Region; dashboards are seen
            from all.
        name: The dashboard's name. One of that name is replaced.
        regions: The source Regions to draw; the session's own by default.
        models: Model and profile ids to draw; by default all that a search finds.
        quotas: Model or profile id → tokens a minute, drawn as lines.
        period: Seconds a point.
        namespace: The namespace of `reroute_metric`'s metrics.
        log_group_name: The log group of the invocation records.
        endpoint_urls: As for [`enable`].
        dry_run: Whether only to build it, to be looked at or written to a file.

    Returns:
        The dashboard.

    Raises:
        InvalidDashboardError: CloudWatch would not, or did not, take it.
        MissingPermissionError: IAM refused `cloudwatch:PutDashboard`.
    """
    clients = Clients(session, endpoint_urls)
    names = clients.regions(regions)
    maker = WidgetMaker(
        names,
        list(dict.fromkeys(models)),
        quotas or {},
        period=period,
        namespace=namespace,
        log_group_name=log_group_name,
    )
    made = Dashboard(name, {"widgets": maker.all()}, namespace=namespace)
    problems = dashboard_problems(name, made.body)
    if problems:
        raise InvalidDashboardError(problems)
    if not dry_run:
        parameters = {"DashboardName": name, "DashboardBody": json.dumps(made.body)}
        arn = f"arn:{clients.partition(names[0])}:cloudwatch::*:dashboard/{name}"
        answer = clients.call("cloudwatch", names[0], "PutDashboard", parameters, resource=arn)
        made.messages = [message["Message"] for message in answer.get("DashboardValidationMessages", [])]
    return made
