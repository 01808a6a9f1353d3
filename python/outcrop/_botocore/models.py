"""What botocore knows of a service and of a client's settings, as its own objects."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.config import Config
    from botocore.model import ServiceModel


def asked_for(what: str) -> None:
    """Import botocore for somebody who asked for what only it can give.

    Args:
        what: Such as `meta.events`.

    Raises:
        AttributeError: It is not installed. So `hasattr` says what can be had.
    """
    try:
        import botocore  # noqa: F401  -- whether it is there
    except ImportError as error:
        message = f"{what} is botocore's, which is not installed: it comes with `pip install boto3`"
        raise AttributeError(message) from error


@cache
def _loader() -> Any:
    from botocore.loaders import create_loader

    return create_loader()


@cache
def service_model(service_name: str) -> ServiceModel:
    """Return botocore's model of a service.

    Args:
        service_name: `bedrock` or `bedrock-runtime`.
    """
    from botocore.model import ServiceModel

    return ServiceModel(_loader().load_service_model(service_name, "service-2"), service_name)


@cache
def partition(region_name: str) -> str:
    """Return the partition of a Region by botocore's endpoint data, such as `aws` or `aws-us-gov`."""
    from botocore.regions import EndpointResolver

    return EndpointResolver(_loader().load_data("endpoints")).get_partition_for_region(region_name)


def config(region_name: str, given: Mapping[str, Any]) -> Config:
    """Return a `Config` that says of a client what botocore has words for; what it has not, it does not show.

    Args:
        region_name: The client's Region.
        given: The session's settings.
    """
    from botocore.config import Config

    timeouts, retries = given.get("timeouts", {}), given.get("retries", {})
    said = {
        "connect_timeout": timeouts.get("connect"),
        "read_timeout": timeouts.get("idle") or timeouts.get("first_byte"),
        "max_pool_connections": given.get("max_pool_connections"),
        "parameter_validation": given.get("parameter_validation"),
        "retries": {
            name: value
            for name, value in (("mode", retries.get("mode")), ("total_max_attempts", retries.get("max_attempts")))
            if value is not None
        }
        or None,
    }
    said = {name: value for name, value in said.items() if value is not None}
    return Config(region_name=region_name, signature_version="v4", **said)
