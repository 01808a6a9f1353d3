"""Errors of the environment, the AWS files and what they name; `outcrop.exceptions` has them all."""

from __future__ import annotations

from outcrop._error_bases import BotoCoreError


class TokenRetrievalError(BotoCoreError):
    """A token could not be renewed."""

    fmt = "Error when retrieving token from {provider}: {error_msg}"


class MetadataRetrievalError(BotoCoreError):
    """The metadata service of a machine may not be asked."""

    fmt = "Error retrieving metadata: {error_msg}"


class RefreshWithMFAUnsupportedError(BotoCoreError):
    """The keys of a role that a device's code was asked for are over."""

    fmt = "Cannot refresh credentials: MFA token required. A new session asks for another code."


class InvalidIMDSEndpointError(BotoCoreError):
    """The endpoint of the instance metadata service is no URL."""

    fmt = "Invalid endpoint EC2 Instance Metadata endpoint: {error_msg}"


class InvalidIMDSEndpointModeError(BotoCoreError):
    """The instance metadata service is to be reached in a way that there is not."""

    fmt = "Invalid EC2 Instance Metadata endpoint mode: {error_msg}"


class LoginError(BotoCoreError):
    """A session of `aws login` cannot be used."""

    fmt = "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."


class LoginTokenLoadError(LoginError):
    """There is no session; `aws login` makes one."""

    fmt = "Error loading login session token: {error_msg}"


class LoginRefreshRequired(LoginError):  # noqa: N818  -- botocore's name
    """The session is over; `aws login` makes a new one."""

    fmt = "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."


class LoginInsufficientPermissions(LoginError):  # noqa: N818  -- botocore's name
    """The session may not be renewed."""

    fmt = (
        "Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission "
        "for the 'signin:CreateOAuth2Token' action."
    )


class InvalidConfigError(BotoCoreError):
    """The environment or the AWS files contradict themselves."""

    fmt = "{error_msg}"


class InfiniteLoopConfigError(InvalidConfigError):
    """Profiles name each other as the source of their credentials."""


class InvalidRetryConfigurationError(BotoCoreError, ValueError):
    """Calls are to be repeated in a way that there is not."""

    fmt = "{reason}"


class InvalidRetryModeError(InvalidRetryConfigurationError):
    """There is no such retry mode."""


class InvalidMaxRetryAttemptsError(InvalidRetryConfigurationError):
    """A call is made once at least."""


class InvalidSTSRegionalEndpointsConfigError(BotoCoreError):
    """STS is asked in its Region, or where it was before it had Regional endpoints."""

    fmt = "{reason}"


class InvalidDefaultsMode(BotoCoreError, ValueError):  # noqa: N818  -- botocore's name
    """There is no such set of defaults."""

    fmt = "{reason}"
