"""Switching Bedrock's invocation logging on and off, so that both can be looked at first and undone exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from outcrop.monitoring import configuration as configurations
from outcrop.monitoring import resources
from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike
from outcrop.monitoring.enabling import Enabling, Wish, current_configuration, find_receipt
from outcrop.monitoring.errors import ExistingConfigurationError
from outcrop.monitoring.plan import Plan, Step, each_region, shown
from outcrop.monitoring.resources import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from outcrop.monitoring.receipts import Receipt

#: The names that AWS's sample notebook uses, so that what it made is found again.
DEFAULT_LOG_GROUP_NAME = "bedrock-model-invocation-logging"
DEFAULT_ROLE_NAME = "AmazonBedrockModelInvocationCWDeliveryRole"


def enable(
    session: SessionLike,
    *,
    regions: str | list[str] | None = None,
    cloudwatch: bool = True,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    role_name: str = DEFAULT_ROLE_NAME,
    retention_days: int | None = None,
    bucket: str | None = None,
    key_prefix: str = "",
    large_data_bucket: str | None = None,
    large_data_key_prefix: str = "",
    data: Iterable[str] | None = None,
    metadata_only: bool = False,
    existing: Literal["refuse", "adopt", "replace"] = "refuse",
    tags: Mapping[str, str] | None = None,
    endpoint_urls: EndpointUrls = None,
    wait_seconds: float = 60,
    dry_run: bool = False,
) -> Plan:
    """Switches invocation logging on: role, log group with retention, and Bedrock's logging configuration.

    Doing it twice changes nothing. There is one logging configuration an account and Region: one that is in force and
    differs is never replaced unless told to.

    Args:
        session: Where Region and credentials come from: an `outcrop.Session` or a `boto3.Session`.
        regions: The Regions to set up; the session's own by default.
        cloudwatch: Whether records go to CloudWatch Logs.
        log_group_name: The log group; made if it is not there.
        role_name: The role that Bedrock uses to write; made if it is not there.
        retention_days: How long records are kept, in days. By default 365 for a log group that is made, and whatever it
            has for one that was there.
        bucket: A bucket in the same account and Region that records go to as well. It must exist.
        key_prefix: Where in that bucket.
        large_data_bucket: A bucket for bodies over 100 kB, which CloudWatch Logs does not take. It must exist.
        large_data_key_prefix: Where in that bucket.
        data: What may be logged: any of `text`, `image`, `embedding`, `video`, `audio`. By default everything but
            images and embeddings, as in AWS's sample.
        metadata_only: Whether to log no bodies at all, so that no prompt gets into a log. Records then hold no latency.
        existing: What to do with another configuration that is in force: `refuse`, `adopt` (leave it and use it), or
            `replace` (`disable` puts it back).
        tags: Tags for what is made.
        endpoint_urls: One URL for all services, or one a service, for local stand-ins and VPC endpoints.
        wait_seconds: How long to wait for IAM to make a new role usable, in seconds.
        dry_run: Whether only to show what would be done.

    Returns:
        The plan: what was found and what was done; `receipts` has a receipt a Region.

    Raises:
        ExistingConfigurationError: Another configuration is in force.
        MissingPermissionError: IAM refused a call; names the statement that grants it.
        RoleNotSuitableError: A role of that name was there and does not do.
        SeveralRegionsError: The same, where several Regions were asked for.

    Example:
        ```python
        print(monitoring.enable(session, metadata_only=True, dry_run=True))
        ```
    """
    wish = Wish(
        flags=configurations.data_flags(data, metadata_only=metadata_only),
        cloudwatch=cloudwatch,
        log_group_name=log_group_name,
        role_name=role_name,
        retention_days=retention_days,
        bucket=bucket,
        key_prefix=key_prefix,
        large_data_bucket=large_data_bucket,
        large_data_key_prefix=large_data_key_prefix,
        existing=existing,
        tags=dict(tags or {}),
    )
    clients = Clients(session, endpoint_urls)
    plan = Plan(clients.regions(regions), dry_run=dry_run)
    enabling = Enabling(wish, plan)
    each_region(plan, clients, lambda region: enabling.steps(Place(clients, region)), wait_seconds=wait_seconds)
    return plan


def disable(
    session: SessionLike,
    *,
    regions: str | list[str] | None = None,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    delete_logs: bool = False,
    receipts: Mapping[str, Receipt] | None = None,
    existing: Literal["refuse", "replace"] = "refuse",
    endpoint_urls: EndpointUrls = None,
    dry_run: bool = False,
) -> Plan:
    """Undoes what [`enable`] did: removes what it made, and nothing else, and restores what was there.

    Args:
        session: Where Region and credentials come from.
        regions: The Regions; the session's own by default.
        log_group_name: The log group that holds the receipt, where it is not the one of the configuration in force.
        delete_logs: Whether to delete a log group that was made even if it holds records. Otherwise it is kept, and the
            plan says so.
        receipts: The receipts of `enable` by Region, needed where records go to Amazon S3 only.
        existing: Whether a configuration that was changed since is to be replaced all the same.
        endpoint_urls: As for `enable`.
        dry_run: Whether only to show what would be done.

    Returns:
        The plan: what was done.

    Raises:
        ExistingConfigurationError: The configuration was changed since `enable`.
        MissingPermissionError: IAM refused a call.
        MonitoringError: There is no receipt: outcrop made nothing here.
        SeveralRegionsError: One of these, where several Regions were asked for.
    """
    clients = Clients(session, endpoint_urls)
    plan = Plan(clients.regions(regions), dry_run=dry_run)

    def one_region(region: str) -> list[Step]:
        place = Place(clients, region)
        current = current_configuration(place)
        receipt = (receipts or {}).get(region) or find_receipt(place, current, log_group_name)
        if receipt is None:
            if not current:
                return [Step(region, "keep", "nothing: invocation logging is off and outcrop made nothing here")]
            message = (
                f"outcrop did not enable the invocation logging of {region}, so it does not disable it: "
                f"{shown(current)}; if enable did, pass its receipts={{…}} or the log_group_name it was given"
            )
            raise ExistingConfigurationError(message, region, current)
        steps = [_restore_step(place, receipt, current, existing)]
        steps += resources.undo_steps(place, receipt, delete_logs=delete_logs, notes=plan.notes)
        return steps

    each_region(plan, clients, one_region)
    return plan


def _restore_step(place: Place, receipt: Receipt, current: Mapping[str, Any] | None, existing: str) -> Step:
    before = receipt.configuration_before
    if (not current and not before) or (before and configurations.agrees(current, before)):
        return Step(place.region, "keep", "logging configuration, which is as it was before")
    if current and not configurations.agrees(current, receipt.configuration_after) and existing != "replace":
        message = (
            f"the logging configuration of {place.region} was changed since enable: {shown(current)}; "
            "use existing='replace' to put back what was there before enable all the same"
        )
        raise ExistingConfigurationError(message, place.region, current)
    if before:
        return Step(
            place.region, "change", "logging configuration: back to what was there", "bedrock",
            "PutModelInvocationLoggingConfiguration", {"loggingConfig": before},
        )  # fmt: skip
    return Step(place.region, "delete", "logging configuration", "bedrock", "DeleteModelInvocationLoggingConfiguration")
