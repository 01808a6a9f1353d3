"""What outcrop raises.

    OutcropError
    ├── ClientError                       Bedrock answered with an error: `.response`, `.operation_name`,
    │   │                                 `.code`, `.request_id`
    │   ├── AccessDeniedException         … and one class for each error that AWS models:
    │   ├── ConflictException
    │   ├── InternalServerException
    │   ├── ModelErrorException
    │   ├── ModelNotReadyException
    │   ├── ModelStreamErrorException
    │   ├── ModelTimeoutException
    │   ├── ResourceInUseException
    │   ├── ResourceNotFoundException
    │   ├── ServiceQuotaExceededException
    │   ├── ServiceUnavailableException
    │   ├── ThrottlingException
    │   ├── TooManyTagsException
    │   ├── ValidationException
    │   └── EventStreamError              an exception inside a stream that had begun
    ├── ParserError                       the bytes of a stream are no event stream
    │   └── ChecksumMismatch
    └── BotoCoreError                     anything else, found on this side of the connection
        ├── ConnectionError
        │   ├── EndpointConnectionError   nobody answers at the endpoint
        │   ├── ConnectTimeoutError       `.clock` is "connect" or "TLS handshake", `.after` is in seconds
        │   ├── ProxyConnectionError
        │   └── SSLError                  the certificate is not to be trusted
        ├── HTTPClientError
        │   ├── ConnectionClosedError     closed before an answer
        │   ├── ReadTimeoutError          `.clock` is "first byte", "first delta", "idle" or "total"
        │   └── ResponseStreamingError    the answer broke off
        │       ├── StreamCutError        … or a stream ended before its end
        │       └── InvalidAnswerError    … or what came is none: `.body` has its bytes
        ├── ParamValidationError          refused before anything was sent
        ├── NoCredentialsError
        ├── PartialCredentialsError
        ├── CredentialRetrievalError
        │   └── CredentialServiceError    STS or single sign-on refused; a ClientError, too
        ├── TokenRetrievalError
        ├── MetadataRetrievalError
        ├── RefreshWithMFAUnsupportedError
        ├── SSOError
        │   ├── SSOTokenLoadError
        │   └── UnauthorizedSSOTokenError
        ├── LoginError                    `aws login`
        │   ├── LoginTokenLoadError
        │   ├── LoginRefreshRequired
        │   └── LoginInsufficientPermissions
        ├── InvalidConfigError            the environment or the AWS files contradict themselves
        │   └── InfiniteLoopConfigError
        ├── InvalidRetryConfigurationError
        │   ├── InvalidRetryModeError
        │   └── InvalidMaxRetryAttemptsError
        ├── InvalidDefaultsMode
        ├── InvalidIMDSEndpointError
        ├── InvalidIMDSEndpointModeError
        ├── InvalidSTSRegionalEndpointsConfigError
        ├── NoRegionError
        ├── ValidationError
        │   └── InvalidRegionError
        ├── ProfileNotFound
        ├── ConfigParseError
        ├── InvalidEndpointConfigurationError
        ├── IncompleteReadError           a body was read after it was closed
        ├── OperationNotPageableError
        ├── PaginationError
        ├── CancelledCallError            closed by `close()` while it waited
        ├── ProcessLimitError             the process may open no more files or start no more threads
        ├── InternalError                 a bug in outcrop: please report it
        ├── NoTargetError                 cross-Region: nothing that may be called; nothing was sent
        ├── OverloadedError               cross-Region: shed, because it could not have been sent in time
        └── CatalogueUnavailableError     AWS's lists of profiles were insisted on and cannot be had

Every class but `OutcropError`, `StreamCutError`, `InvalidAnswerError`, `CredentialServiceError` and those below
`PaginationError` has the name of a class of botocore, and what is raised is an instance of that too wherever the
program has imported botocore; those few are of the nearest class above them. outcrop itself never imports it.
"""

from __future__ import annotations

from typing import Any

from outcrop._environment_errors import (
    InfiniteLoopConfigError,
    InvalidConfigError,
    InvalidDefaultsMode,
    InvalidIMDSEndpointError,
    InvalidIMDSEndpointModeError,
    InvalidMaxRetryAttemptsError,
    InvalidRetryConfigurationError,
    InvalidRetryModeError,
    InvalidSTSRegionalEndpointsConfigError,
    LoginError,
    LoginInsufficientPermissions,
    LoginRefreshRequired,
    LoginTokenLoadError,
    MetadataRetrievalError,
    RefreshWithMFAUnsupportedError,
    TokenRetrievalError,
)
from outcrop._error_bases import BotoCoreError, ClientError, Formatted, OutcropError

__all__ = [
    "AccessDeniedException",
    "BotoCoreError",
    "CancelledCallError",
    "CatalogueUnavailableError",
    "ChecksumMismatch",
    "ClientError",
    "ConfigParseError",
    "ConflictException",
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "ConnectionError",
    "CredentialRetrievalError",
    "CredentialServiceError",
    "EndpointConnectionError",
    "EventStreamError",
    "HTTPClientError",
    "IncompleteReadError",
    "InfiniteLoopConfigError",
    "InternalError",
    "InternalServerException",
    "InvalidAnswerError",
    "InvalidConfigError",
    "InvalidDefaultsMode",
    "InvalidEndpointConfigurationError",
    "InvalidIMDSEndpointError",
    "InvalidIMDSEndpointModeError",
    "InvalidMaxRetryAttemptsError",
    "InvalidRegionError",
    "InvalidRetryConfigurationError",
    "InvalidRetryModeError",
    "InvalidSTSRegionalEndpointsConfigError",
    "LoginError",
    "LoginInsufficientPermissions",
    "LoginRefreshRequired",
    "LoginTokenLoadError",
    "MetadataRetrievalError",
    "ModelErrorException",
    "ModelNotReadyException",
    "ModelStreamErrorException",
    "ModelTimeoutException",
    "NoCredentialsError",
    "NoRegionError",
    "NoTargetError",
    "OperationNotPageableError",
    "OutcropError",
    "OverloadedError",
    "PaginationError",
    "ParamValidationError",
    "ParserError",
    "PartialCredentialsError",
    "ProcessLimitError",
    "ProfileNotFound",
    "ProxyConnectionError",
    "ReadTimeoutError",
    "RefreshWithMFAUnsupportedError",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "ResponseStreamingError",
    "SSLError",
    "SSOError",
    "SSOTokenLoadError",
    "ServiceQuotaExceededException",
    "ServiceUnavailableException",
    "StreamCutError",
    "ThrottlingException",
    "TokenRetrievalError",
    "TooManyTagsException",
    "UnauthorizedSSOTokenError",
    "ValidationError",
    "ValidationException",
]


class AccessDeniedException(ClientError):
    """The caller may not do this: IAM, a service control policy, or no access to the model."""


class ConflictException(ClientError):
    """The request contradicts one before it."""


class InternalServerException(ClientError):
    """Bedrock failed."""


class ModelErrorException(ClientError):
    """The model failed on this request."""


class ModelNotReadyException(ClientError):
    """The model is being loaded; the SDK has tried again already."""


class ModelStreamErrorException(ClientError):
    """The model failed while it streamed."""


class ModelTimeoutException(ClientError):
    """The model took longer than Bedrock allows it."""


class ResourceInUseException(ClientError):
    """Something still uses the resource."""


class ResourceNotFoundException(ClientError):
    """There is no such model, profile or resource."""


class ServiceQuotaExceededException(ClientError):
    """A service quota of the account is used up."""


class ServiceUnavailableException(ClientError):
    """Bedrock has no capacity for the request now."""


class ThrottlingException(ClientError):
    """Too many requests or tokens for the quota."""


class TooManyTagsException(ClientError):
    """The resource would have more tags than AWS allows."""


class ValidationException(ClientError):
    """Bedrock finds the request wrong."""


class EventStreamError(ClientError):
    """Bedrock sent an exception inside a stream; the events before it were handed out."""

    botocore_names = None


class ParserError(Formatted):
    """The bytes of a stream are no event stream."""

    fmt = "{error}"


class ChecksumMismatch(ParserError):
    """The bytes of a stream were changed on their way."""


class ConnectionError(BotoCoreError):  # noqa: A001  -- botocore's name
    """No connection could be made."""

    fmt = "An HTTP Client failed to establish a connection: {error}"


class EndpointConnectionError(ConnectionError):
    """Nobody answers at the endpoint."""

    fmt = 'Could not connect to the endpoint URL: "{endpoint_url}" ({error})'


class _TimedOut(Formatted):
    @property
    def clock(self) -> str:
        """Which clock ran out: `connect`, `TLS handshake`, `first byte`, `first delta`, `idle` or `total`."""
        return self.kwargs.get("clock", "")

    @property
    def after(self) -> float | None:
        """What the clock was set to, in seconds."""
        return self.kwargs.get("after")


class ConnectTimeoutError(_TimedOut, ConnectionError):
    """The connection took too long."""

    fmt = 'Connect timeout on endpoint URL: "{endpoint_url}" (the {clock} time-out of {after:g} s ran out)'


class ProxyConnectionError(ConnectionError):
    """The proxy did not let the connection through."""

    fmt = "Failed to connect to proxy: {error}"


class SSLError(ConnectionError):
    """The endpoint's certificate is not to be trusted."""

    fmt = "SSL validation failed for {endpoint_url} {error}"


class HTTPClientError(BotoCoreError):
    """The exchange of request and answer failed."""

    fmt = "An HTTP Client raised an unhandled exception: {error}"
    request = None
    response = None


class ConnectionClosedError(HTTPClientError):
    """The connection was closed before an answer."""

    fmt = 'Connection was closed before we received a valid response from endpoint URL: "{endpoint_url}". ({error})'


class ReadTimeoutError(_TimedOut, HTTPClientError):
    """The answer took too long. It is not asked for again: it was probably paid for."""

    fmt = 'Read timeout on endpoint URL: "{endpoint_url}" (the {clock} time-out of {after:g} s ran out)'


class ResponseStreamingError(HTTPClientError):
    """The answer broke off."""

    fmt = "An error occurred while reading from response stream: {error}"


class StreamCutError(ResponseStreamingError):
    """A stream ended before its end, so what it brought is not the whole answer."""


class InvalidAnswerError(ResponseStreamingError):
    """The status was a success, but what came is no answer: a gateway's page, half of one, JSON that cannot be read.

    It is not asked for again: it was probably paid for. A pickle of it goes without the body, which may hold what a
    model said: look at it where the error is caught.
    """

    @property
    def body(self) -> bytes:
        """All that came; empty where the error comes out of a pickle."""
        return self.kwargs.get("body", b"")

    def __reduce__(self) -> tuple[Any, ...]:
        """As the others, but for the body."""
        made, (name, details, notes) = super().__reduce__()
        return made, (name, {key: value for key, value in details.items() if key != "body"}, notes)

    @property
    def request_id(self) -> str | None:
        """The id under which AWS knows the request; `None` where Bedrock did not see it."""
        return self.kwargs.get("metadata", {}).get("RequestId")

    @property
    def status(self) -> int | None:
        """The HTTP status."""
        return self.kwargs.get("metadata", {}).get("HTTPStatusCode")

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        return self.kwargs.get("metadata", {}).get("HTTPHeaders", {})


class ParamValidationError(BotoCoreError):
    """The arguments are wrong; nothing was sent."""

    fmt = "Parameter validation failed:\n{report}"


class NoCredentialsError(BotoCoreError):
    """No credentials were found in the arguments, the environment, the AWS files or the machine's role."""

    fmt = "Unable to locate credentials"


class PartialCredentialsError(BotoCoreError):
    """A part of the credentials is missing."""

    fmt = "Partial credentials found in {provider}, missing: {cred_var}"


class CredentialRetrievalError(BotoCoreError):
    """A source of credentials failed."""

    fmt = "Error when retrieving credentials from {provider}: {error_msg}"


class CredentialServiceError(ClientError, CredentialRetrievalError):
    """A service that hands out credentials refused: `.response` and `.operation_name` are its, not Bedrock's."""

    botocore_names = ("CredentialRetrievalError", "ClientError")

    def __init__(self, error_response: dict[str, Any], operation_name: str) -> None:
        super().__init__(error_response, operation_name)
        self.kwargs = {"provider": operation_name, "error_msg": error_response["Error"].get("Message", "")}


class SSOError(BotoCoreError):
    """Single sign-on failed."""

    fmt = "An unspecified error happened when resolving AWS credentials or an access token from SSO."


class SSOTokenLoadError(SSOError):
    """There is no valid single sign-on session; `aws sso login` makes one."""

    fmt = "Error loading SSO Token: {error_msg}"


class UnauthorizedSSOTokenError(SSOError):
    """The single sign-on session has expired; `aws sso login` makes a new one."""

    fmt = (
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session "
        "run aws sso login with the corresponding profile."
    )


class NoRegionError(BotoCoreError):
    """No Region was given or found."""

    fmt = "You must specify a region."


class ValidationError(BotoCoreError):
    """A value cannot be."""

    fmt = "Invalid value ('{value}') for param {param} of type {type} "


class InvalidRegionError(ValidationError, ValueError):
    """The Region's name cannot stand in a host name."""

    fmt = "Provided region_name '{region_name}' doesn't match a supported format."


class ProfileNotFound(BotoCoreError):
    """The AWS files have no such profile."""

    fmt = "The config profile ({profile}) could not be found"


class ConfigParseError(BotoCoreError):
    """The AWS files cannot be read."""

    fmt = "Unable to parse config file: {path}"


class InvalidEndpointConfigurationError(BotoCoreError):
    """The endpoint must not be used like this."""

    fmt = "Invalid endpoint configuration: {msg}"


class IncompleteReadError(BotoCoreError):
    """A body was read after it was closed."""

    fmt = "{actual_bytes} read, but total bytes expected is {expected_bytes}."


class OperationNotPageableError(BotoCoreError):
    """The operation has no pages."""

    fmt = "Operation cannot be paginated: {operation_name}"


class PaginationError(BotoCoreError):
    """The pages do not end."""

    fmt = "Error during pagination: {message}"


class CancelledCallError(BotoCoreError):
    """The call was closed while it waited."""

    fmt = "The call was cancelled: {error}"


class ProcessLimitError(BotoCoreError):
    """The process may open no more files or start no more threads. It says nothing of any Region."""

    fmt = "this process is at one of its limits: {reason}"


class InternalError(BotoCoreError):
    """A bug in outcrop ended the call. The client can be used further."""

    fmt = (
        "a bug in outcrop ended this call: please report it, with the lines on stderr that begin with 'thread'; "
        "the client can be used further"
    )


class NoTargetError(BotoCoreError):
    """There is no target that may be called; nothing was sent."""

    fmt = "no target for {model} may be called:\n{report}"


class OverloadedError(BotoCoreError):
    """The call was shed: it could not have been sent in time. Nothing was sent."""

    fmt = "the call was shed before it was sent: {reason}"


class CatalogueUnavailableError(BotoCoreError):
    """AWS's lists of profiles and models were insisted on and cannot be had."""

    fmt = "the live catalogue cannot be had: {reason}"
