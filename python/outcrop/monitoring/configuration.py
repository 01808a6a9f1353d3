"""Bedrock's logging configuration: what is wanted, what is in force, and whether they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop.monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS = ("text", "image", "embedding", "video", "audio")
#: What the sample notebook switches off; it leaves the rest to the service's defaults.
SAMPLE_FLAGS = {"imageDataDeliveryEnabled": False, "embeddingDataDeliveryEnabled": False}


def data_flags(data: Iterable[str] | None, *, metadata_only: bool) -> dict[str, bool]:
    """The `…DataDeliveryEnabled` members.

    Args:
        data: The kinds of data that may be logged, or None for the sample's choice.
        metadata_only: Whether no body is to be logged at all, so that no prompt reaches a log.

    Raises:
        MonitoringError: A kind is unknown, or both arguments were given.
    """
    if metadata_only:
        if data is not None:
            message = "data and metadata_only exclude each other: metadata only means that no data is logged"
            raise MonitoringError(message)
        return dict.fromkeys(map(flag_name, KINDS), False)
    if data is None:
        return dict(SAMPLE_FLAGS)
    wanted = {data} if isinstance(data, str) else set(data)
    unknown = wanted.difference(KINDS)
    if unknown:
        message = f"unknown kind of data {sorted(unknown)}: known are {list(KINDS)}"
        raise MonitoringError(message)
    return {flag_name(kind): kind in wanted for kind in KINDS}


def flag_name(kind: str) -> str:
    """The member that switches the logging of a kind of data."""
    return f"{kind}DataDeliveryEnabled"


def s3_configuration(bucket: str, prefix: str) -> dict[str, str]:
    """An S3 destination; an empty prefix is left out, as the service does not take one."""
    return {"bucketName": bucket, "keyPrefix": prefix} if prefix else {"bucketName": bucket}


def agrees(current: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    """Whether the configuration in force is the wanted one. A flag that is not set is on."""
    if not current:
        return False
    return _normalized(current) == _normalized(wanted)


def _normalized(configuration: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {flag_name(kind): configuration.get(flag_name(kind), True) for kind in KINDS}
    cloudwatch = configuration.get("cloudWatchConfig")
    if cloudwatch:
        result["cloudWatchConfig"] = {
            "logGroupName": cloudwatch["logGroupName"],
            "roleArn": cloudwatch["roleArn"],
            "large": _normalized_s3(cloudwatch.get("largeDataDeliveryS3Config")),
        }
    result["s3Config"] = _normalized_s3(configuration.get("s3Config"))
    return result


def _normalized_s3(configuration: Mapping[str, Any] | None) -> tuple[str, str] | None:
    return (configuration["bucketName"], configuration.get("keyPrefix") or "") if configuration else None
