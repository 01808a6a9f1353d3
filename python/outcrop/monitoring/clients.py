"""boto3 clients that take Region, credentials and endpoints from an outcrop session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from outcrop._urls import is_loopback
from outcrop.monitoring.errors import MissingExtraError, MissingPermissionError, MonitoringError

#: One URL for every service, or one a service; None as a service's value means AWS's own endpoint.
EndpointUrls = str | Mapping[str, str | None] | None

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException"})
# "… is not authorized to perform: iam:CreateRole on resource: arn:… because …": both ends may be missing.
AUTHORIZED = re.compile(
    r"not authorized to perform: (?P<action>[\w-]+:\w+)(?: on resource: (?P<resource>arn:\S+?)[.,]?(?:\s|$))?"
)


class SessionLike(Protocol):
    """What monitoring needs of a session: an `outcrop.Session` and a `boto3.Session` both have it."""

    @property
    def region_name(self) -> str | None:
        """The default Region."""

    def get_credentials(self) -> Any:
        """An object with `access_key`, `secret_key` and `token`, or None."""


class Clients:
    """Makes each boto3 client once and turns refusals of IAM into [`MissingPermissionError`]."""

    def __init__(self, session: SessionLike, endpoint_urls: EndpointUrls = None) -> None:
        try:
            import boto3
        except ImportError as error:
            raise MissingExtraError("boto3", "monitoring") from error
        self._session = session
        self._endpoint_urls = endpoint_urls
        self._made: dict[tuple[str, str], Any] = {}
        self._account: str | None = None
        self._boto3_session: Any
        if isinstance(session, boto3.Session):
            self._boto3_session = session
        else:
            credentials = session.get_credentials()
            if credentials is None:
                message = "the session has no credentials: give it keys, a profile or a role"
                raise MonitoringError(message)
            self._boto3_session = boto3.Session(
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret_key,
                aws_session_token=credentials.token,
            )

    def regions(self, regions: str | list[str] | tuple[str, ...] | None) -> list[str]:
        """The Regions asked for, each once and in order; without any, the session's own."""
        if isinstance(regions, str):
            regions = [regions]
        if regions is None:
            if not self._session.region_name:
                message = "no Region is known: give the session a region_name or pass regions=[…]"
                raise MonitoringError(message)
            return [self._session.region_name]
        if not regions:
            message = "regions is empty: name at least one Region or leave it out"
            raise MonitoringError(message)
        return list(dict.fromkeys(regions))

    def get(self, service: str, region: str) -> Any:
        """The boto3 client of a service in a Region."""
        if (service, region) not in self._made:
            self._made[service, region] = self._boto3_session.client(
                service, region_name=region, endpoint_url=self._endpoint_url(service, region)
            )
        return self._made[service, region]

    def account(self, region: str) -> str:
        """The account id of the caller."""
        known = self._account or str(self.call("sts", region, "GetCallerIdentity")["Account"])
        self._account = known
        return known

    def partition(self, region: str) -> str:
        """The partition of a Region, such as `aws` or `aws-us-gov`."""
        return self._boto3_session.get_partition_for_region(region)

    def call(
        self,
        service: str,
        region: str,
        operation: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        resource: str = "*",
        action: str | None = None,
    ) -> dict[str, Any]:
        """Calls an operation by its API name.

        Args:
            service: The service, by boto3's name.
            region: The Region to ask.
            operation: The operation, by its API name, such as `CreateRole`.
            parameters: The operation's parameters.
            resource: What a missing permission would have to be granted on.
            action: The IAM action, where it is not named like the operation.

        Returns:
            boto3's answer without `ResponseMetadata`.

        Raises:
            MissingPermissionError: IAM refused the call.
        """
        from botocore import xform_name
        from botocore.exceptions import ClientError

        try:
            answer = getattr(self.get(service, region), xform_name(operation))(**(parameters or {}))
        except ClientError as error:
            if error.response["Error"]["Code"] not in DENIED:
                raise
            said = error.response["Error"].get("Message", "")
            named = AUTHORIZED.search(said)
            needed = (named and named["action"]) or action or f"{service}:{operation}"
            raise MissingPermissionError(needed, (named and named["resource"]) or resource, region, said) from error
        answer.pop("ResponseMetadata", None)
        return answer

    def _endpoint_url(self, service: str, region: str) -> str | None:
        if isinstance(self._endpoint_urls, str):
            return self._endpoint_urls
        if self._endpoint_urls and service in self._endpoint_urls:
            return self._endpoint_urls[service]
        session_url = getattr(self._session, "endpoint_url", None)
        if session_url and service == "bedrock":
            return session_url
        if session_url and is_loopback(session_url):
            # The session talks to a local Bedrock. To send the rest to AWS would surprise, and could cost; but the
            # environment may name a stand-in for this service, too, and boto3 knows how to look for it.
            if is_loopback(self._boto3_session.client(service, region_name=region).meta.endpoint_url):
                return None
            message = (
                f"the session's endpoint_url is {session_url}, but where {service} is was not said: pass "
                f'endpoint_urls={{"{service}": "http://…"}}, or {{"{service}": None}} for AWS itself'
            )
            raise MonitoringError(message)
        return None


def error_code(error: Exception) -> str:
    """The AWS error code of an exception, or an empty string."""
    response = getattr(error, "response", None)
    return response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
