"""Clients of boto3's own, carried by outcrop, for what insists on botocore's classes, hooks and mocks.

    import outcrop.boto3

    client = outcrop.boto3.client("bedrock-runtime", region_name="us-east-1")

Such a client is a `botocore.client.BaseClient` that botocore made: models, validation, events, paginators and classes
of errors are botocore's, so instrumentation, `Stubber` and `moto.mock_aws` work as ever, and a mocked call leaves the
process no more than before. Only the way from the prepared call to its answer is outcrop's: connections, time limits,
retries, and a router's Regions and residency.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

try:
    import boto3
    import boto3.session
except ImportError as error:
    raise ImportError("boto3 is not installed: it comes with `pip install 'outcrop[boto3]'`") from error

from outcrop._botocore.carrier import SERVICES, Carrier, settings_of
from outcrop._session import client as outcrop_client
from outcrop.cross_region.router import CrossRegion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.client import BaseClient

__all__ = ["Session", "client", "install", "installed", "uninstall"]

_carriers: WeakKeyDictionary[Any, Carrier] = WeakKeyDictionary()
_boto3_client: Any = None


class Session(boto3.session.Session):
    """A session of boto3's whose clients of Bedrock are carried by outcrop; all others are boto3's as they are.

    Example:
        >>> session = Session(region_name="us-east-1")
        >>> session.client("bedrock-runtime").meta.region_name
        'us-east-1'
    """

    def client(self, service_name: str, *arguments: Any, router: Any = None, **settings: Any) -> Any:
        """Make a client.

        Args:
            service_name: Any service of AWS.
            *arguments: boto3's own.
            router: An `outcrop.CrossRegion`, through which the calls of its model go; for `bedrock-runtime` only. One
                with a residency refuses calls for other models, and what would leave its Regions.
            **settings: boto3's own.

        Returns:
            boto3's client; that of `bedrock` and `bedrock-runtime` is carried by outcrop.

        Raises:
            ValueError: A setting has no counterpart in outcrop; the text says what to do instead.
        """
        made = super().client(service_name, *arguments, **settings)
        return _carry(made, self, arguments, settings, router)


def client(service_name: str, *arguments: Any, router: Any = None, **settings: Any) -> Any:
    """Make a client of boto3's default session, carried by outcrop.

    Args:
        service_name: `bedrock` or `bedrock-runtime`; others are boto3's as they are.
        *arguments: boto3's own.
        router: An `outcrop.CrossRegion`, through which the calls of its model go; for `bedrock-runtime` only. One with
            a residency refuses calls for other models, and what would leave its Regions.
        **settings: boto3's own.

    Returns:
        boto3's client.

    Raises:
        ValueError: A setting has no counterpart in outcrop; the text says what to do instead.

    Example:
        >>> import botocore.client
        >>> runtime = client("bedrock-runtime", region_name="us-east-1")
        >>> isinstance(runtime, botocore.client.BaseClient)
        True
    """
    made = boto3.client(service_name, *arguments, **settings)
    return _carry(made, boto3.DEFAULT_SESSION, arguments, settings, router)


def install(*, router: Any = None) -> None:
    """Have every session of boto3's make its clients of Bedrock as `outcrop.boto3.Session` does, from here on.

    Args:
        router: An `outcrop.CrossRegion`, through which the calls of its model go; one with a residency refuses others.
    """
    global _boto3_client  # noqa: PLW0603  -- what is put back
    uninstall()
    original = _boto3_client = boto3.session.Session.client

    def client(self: Any, service_name: str, *arguments: Any, **settings: Any) -> Any:
        made = original(self, service_name, *arguments, **settings)
        return _carry(made, self, arguments, settings, router if service_name == "bedrock-runtime" else None)

    client.__doc__ = original.__doc__
    boto3.session.Session.client = client


def uninstall() -> None:
    """Take `install` back. Clients that were made meanwhile stay what they are."""
    global _boto3_client  # noqa: PLW0603  -- as above
    if _boto3_client is not None:
        boto3.session.Session.client = _boto3_client
        _boto3_client = None


@contextmanager
def installed(*, router: Any = None) -> Iterator[None]:
    """Do both, around a block.

    Args:
        router: An `outcrop.CrossRegion`, through which the calls of its model go; one with a residency refuses others.

    Example:
        >>> with installed():
        ...     runtime = boto3.client("bedrock-runtime", region_name="us-east-1")
    """
    install(router=router)
    try:
        yield
    finally:
        uninstall()


def _carry(made: BaseClient, session: Any, arguments: tuple[Any, ...], settings: dict[str, Any], router: Any) -> Any:
    service_name = made.meta.service_model.service_name
    if router is not None and service_name != "bedrock-runtime":
        raise ValueError(f"router= is for a client of bedrock-runtime, not of {service_name}")
    if router is not None and not isinstance(router, CrossRegion):
        raise TypeError(
            f"router= must be an outcrop.CrossRegion, not {type(router).__name__}: boto3's calls are not awaited"
        )
    if service_name not in SERVICES:
        return made
    if (carrier := _carriers.get(made)) is not None:
        # While `install` is on, boto3 has carried it already; who makes the client has the last word.
        carrier.router = carrier.router if router is None else router
        return made
    order = ("region_name", "api_version", "use_ssl", "verify", "endpoint_url", "aws_access_key_id")
    order += ("aws_secret_access_key", "aws_session_token", "config", "aws_account_id")
    given = {**dict(zip(order, arguments, strict=False)), **settings}
    carrying = outcrop_client(service_name, **settings_of(made, session, given))
    _carriers[made] = Carrier(made, carrying, router)
    return made
