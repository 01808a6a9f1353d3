"""What `enable` does in one Region: the wish, what is found there, and the steps from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop.monitoring import configuration as configurations
from outcrop.monitoring import resources
from outcrop.monitoring.errors import ExistingConfigurationError, MonitoringError
from outcrop.monitoring.plan import Plan, Step, shown
from outcrop.monitoring.receipts import TAG, Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop.monitoring.resources import Place


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The arguments of `enable` that say what is wanted, checked."""

    flags: dict[str, bool]
    cloudwatch: bool
    log_group_name: str
    role_name: str
    retention_days: int | None
    bucket: str | None
    key_prefix: str
    large_data_bucket: str | None
    large_data_key_prefix: str
    existing: str
    tags: dict[str, str]

    def __post_init__(self) -> None:
        if not self.cloudwatch and self.bucket is None:
            raise MonitoringError("nowhere to log to: leave cloudwatch on or name a bucket")
        if not self.cloudwatch and self.large_data_bucket is not None:
            raise MonitoringError(
                "large_data_bucket belongs to CloudWatch Logs: with cloudwatch=False everything goes to bucket"
            )
        if self.existing not in {"refuse", "adopt", "replace"}:
            raise MonitoringError(f"existing is {_values.shown(self.existing)}: choose 'refuse', 'adopt' or 'replace'")

    def configuration(self, place: Place) -> dict[str, Any]:
        """The `loggingConfig` of a Region."""
        wanted: dict[str, Any] = dict(self.flags)
        if self.cloudwatch:
            cloudwatch: dict[str, Any] = {
                "logGroupName": self.log_group_name,
                "roleArn": place.role_arn(self.role_name),
            }
            if self.large_data_bucket:
                cloudwatch["largeDataDeliveryS3Config"] = configurations.s3_configuration(
                    self.large_data_bucket, self.large_data_key_prefix
                )
            wanted["cloudWatchConfig"] = cloudwatch
        if self.bucket:
            wanted["s3Config"] = configurations.s3_configuration(self.bucket, self.key_prefix)
        return wanted

    def destinations(self) -> list[tuple[str, str]]:
        """The buckets that Bedrock must be allowed to write to, with their prefixes."""
        found = [(self.bucket, self.key_prefix)] if self.bucket else []
        if self.cloudwatch and self.large_data_bucket:
            found.append((self.large_data_bucket, self.large_data_key_prefix))
        return found


class Enabling:
    """Makes the steps of one Region after the other; a role, which belongs to no Region, is planned once.

    Args:
        wish: What is wanted.
        plan: Where notes and receipts go.
    """

    def __init__(self, wish: Wish, plan: Plan) -> None:
        self._wish = wish
        self._plan = plan
        self._role_planned = False

    def steps(self, place: Place) -> list[Step]:
        """The steps of a Region.

        Raises:
            ExistingConfigurationError: Another configuration is in force there.
        """
        wish, region = self._wish, place.region
        wanted = wish.configuration(place)
        current = current_configuration(place)
        known = find_receipt(place, current, wish.log_group_name)
        mine = known is not None and configurations.agrees(current, known.configuration_after)
        if current and not mine and not configurations.agrees(current, wanted):
            if wish.existing == "adopt":
                self._plan.notes.append(f"{region}: adopted the logging configuration in force: {shown(current)}")
                return [Step(region, "keep", "logging configuration, which was there")]
            if wish.existing == "refuse":
                raise _another_is_in_force(region, current, wanted)
        if mine and known and known.log_group_name != (wish.log_group_name if wish.cloudwatch else None):
            message = (
                f"outcrop enabled invocation logging of {region} with log group {known.log_group_name}: "
                "run disable first, then enable with the other destination"
            )
            raise ExistingConfigurationError(message, region, current or {})
        receipt = Receipt(region, wanted, known.configuration_before if mine and known else current)
        steps = self._resources(place, receipt, known)
        steps.append(_configuration_step(wish, region, current, wanted))
        if any(step.effect != "keep" for step in steps) and receipt != known:
            self._plan.receipts[region] = receipt
            if wish.cloudwatch:
                # Directly after the log group, which is the first step, so that whatever fails later can be undone.
                steps[1:1] = _receipt_steps(place, receipt, known)
        elif known:
            self._plan.receipts[region] = known
        return steps

    def _resources(self, place: Place, receipt: Receipt, known: Receipt | None) -> list[Step]:
        wish, regions = self._wish, self._plan.regions
        steps: list[Step] = []
        if wish.cloudwatch:
            steps += resources.log_group_steps(
                place, wish.log_group_name, wish.retention_days, wish.tags, receipt=receipt, known=known
            )
            if self._role_planned:
                receipt.role_name = wish.role_name
                steps.append(Step(place.region, "keep", f"role {wish.role_name}, as for {regions[0]}"))
            else:
                steps += resources.role_steps(
                    place, wish.role_name, wish.log_group_name, wish.tags, receipt=receipt, regions=regions
                )
                self._role_planned = receipt.role_name is not None
        return steps + resources.bucket_steps(place, wish.destinations(), receipt)


def current_configuration(place: Place) -> dict[str, Any] | None:
    """The logging configuration in force, or None."""
    return place.read("bedrock", "GetModelInvocationLoggingConfiguration").get("loggingConfig") or None


def find_receipt(place: Place, current: Mapping[str, Any] | None, log_group_name: str) -> Receipt | None:
    """The receipt in the tags of the configured log group, or of the named one."""
    configured = (current or {}).get("cloudWatchConfig", {}).get("logGroupName")
    for name in dict.fromkeys(name for name in (configured, log_group_name) if name):
        receipt = Receipt.from_tags(place.log_group_tags(name))
        if receipt and receipt.region == place.region:
            return receipt
    return None


def _another_is_in_force(
    region: str, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> ExistingConfigurationError:
    message = (
        f"invocation logging of {region} is configured already: {shown(current)}; wanted is {shown(wanted)}; "
        "use existing='adopt' to leave it as it is, or existing='replace' to replace it until disable()"
    )
    return ExistingConfigurationError(message, region, current)


def _configuration_step(wish: Wish, region: str, current: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Step:
    if configurations.agrees(current, wanted):
        return Step(region, "keep", "logging configuration")
    return Step(
        region, "change" if current else "create", "logging configuration", "bedrock",
        "PutModelInvocationLoggingConfiguration", {"loggingConfig": wanted}, waits_for_role=wish.cloudwatch,
    )  # fmt: skip


def _receipt_steps(place: Place, receipt: Receipt, known: Receipt | None) -> list[Step]:
    name = receipt.log_group_name or ""
    arn = place.log_group_arn(name)
    tags = receipt.to_tags()
    parameters: dict[str, Any] = {"resourceArn": arn, "tags": tags}
    subject = f"receipt in the tags of log group {name}"
    steps = [Step(place.region, "change" if known else "create", subject, "logs", "TagResource", parameters, arn)]
    left_over = [key for key in (known.to_tags() if known else {}) if key.startswith(TAG) and key not in tags]
    if left_over:
        parameters = {"resourceArn": arn, "tagKeys": left_over}
        steps.append(Step(place.region, "delete", f"rest of the {subject}", "logs", "UntagResource", parameters, arn))
    return steps
