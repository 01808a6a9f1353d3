"""What every error of outcrop's stands on; `outcrop.exceptions` has them all."""

from __future__ import annotations

from typing import Any, ClassVar

from outcrop._siblings import restore_client_error, restore_error
from outcrop._targets import in_words


class OutcropError(Exception):
    """The base of all that outcrop raises on purpose."""

    __module__ = "outcrop.exceptions"
    botocore_names: ClassVar[tuple[str, ...] | None] = None
    """Botocore's classes that it stands for; `None` for the one of its own name, or of the nearest class above it."""
    plain_class: ClassVar[type[Any] | None] = None
    """The class itself, of one that is botocore's too."""

    def __init_subclass__(cls) -> None:
        # One name for users, whichever private file has the class.
        if cls.__module__.startswith("outcrop._"):
            cls.__module__ = OutcropError.__module__


def tried(record: dict[str, Any] | None) -> str:
    """Name each target that a router tried, for an error's text.

    Args:
        record: The `CrossRegion` of `ResponseMetadata`.

    Returns:
        The text; empty without a record.
    """
    passed_over = (record or {}).get("PassedOver", ())
    if not record or not (record["Attempts"] or passed_over):
        return ""
    attempts = [f"{_shown(attempt['Target'])}: {attempt['Error'] or 'answered'}" for attempt in record["Attempts"]]
    done = [f"tried {'; '.join(attempts)}"] if attempts else []
    done += [f"{it['Target']['ModelId']} was passed over: {it['Reason']}" for it in passed_over]
    stopped = [f"no further attempt: {record['Stopped']}"] if record["Stopped"] else []
    return f" ({'; '.join(dict.fromkeys([*done, *stopped]))})"


def _shown(target: dict[str, Any]) -> str:
    return in_words(target["ModelId"], target["SourceRegion"], target.get("Account"))


class ClientError(OutcropError):
    """Bedrock answered with an error.

    Args:
        error_response: boto3's `response`: `{"Error": {"Code": …, "Message": …}, "ResponseMetadata": {…}}`.
        operation_name: AWS's name of the operation, such as `Converse`.

    Example:
        >>> error = ClientError({"Error": {"Code": "Slow", "Message": "later"}}, "Converse")
        >>> print(error)
        An error occurred (Slow) when calling the Converse operation: later
        >>> error.code
        'Slow'
    """

    MSG_TEMPLATE: ClassVar[str] = (
        "An error occurred ({error_code}) when calling the {operation_name} operation{retry_info}: {error_message}"
    )

    botocore_names = ("ClientError",)

    def __init__(self, error_response: dict[str, Any], operation_name: str) -> None:
        error = error_response.get("Error", {})
        metadata = error_response.get("ResponseMetadata", {})
        retries = metadata.get("RetryAttempts") if metadata.get("MaxAttemptsReached") else None
        text = self.MSG_TEMPLATE.format(
            error_code=error.get("Code", "Unknown"),
            error_message=error.get("Message", "Unknown"),
            operation_name=operation_name,
            retry_info="" if retries is None else f" (reached max retries: {retries})",
        )
        Exception.__init__(self, text + tried(metadata.get("CrossRegion")))
        self.response = error_response
        self.operation_name = operation_name

    @property
    def code(self) -> str:
        """The error's code, such as `ThrottlingException`; in a stream it begins with a small letter."""
        return self.response.get("Error", {}).get("Code", "Unknown")

    @property
    def status(self) -> int | None:
        """The HTTP status; `None` for an exception inside a stream."""
        return self.response.get("ResponseMetadata", {}).get("HTTPStatusCode")

    @property
    def cross_region(self) -> dict[str, Any] | None:
        """What a router did before; `None` without one."""
        return self.response.get("ResponseMetadata", {}).get("CrossRegion")

    @property
    def request_id(self) -> str | None:
        """The id under which AWS knows the request."""
        return self.response.get("ResponseMetadata", {}).get("RequestId")

    def __reduce__(self) -> tuple[Any, ...]:
        cls = self.plain_class or type(self)
        return restore_client_error, (cls, self.response, self.operation_name, getattr(self, "__notes__", []))


class Formatted(OutcropError):  # noqa: N818  -- nobody raises it
    """An error whose text is made from named details, as botocore's are."""

    fmt: ClassVar[str] = "An unspecified error occurred"

    def __init__(self, **details: Any) -> None:
        Exception.__init__(self, self.fmt.format(**details) + tried(details.get("cross_region")))
        self.kwargs = details

    @property
    def cross_region(self) -> dict[str, Any] | None:
        """What a router did before; `None` without one."""
        return self.kwargs.get("cross_region")

    def __reduce__(self) -> tuple[Any, ...]:
        return restore_error, (self.plain_class or type(self), self.kwargs, getattr(self, "__notes__", []))


class BotoCoreError(Formatted):
    """Anything that went wrong on this side of the connection."""
