"""Errors that every side understands: boto3's classes and LangChain's at once.

An error of a call keeps its class (so `except client.exceptions.ThrottlingException` and botocore's `ClientError` go on
working) and becomes one of langchain-core's `Model…Error` family as well, where the installed langchain-core has it.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from langchain_core import exceptions as core

_RATE = "ModelRateLimitError"
_FAILED = "ModelAPIError"
_TIMEOUT = "ModelTimeoutError"
_CONNECTION = "ModelConnectionError"

_BY_CODE = {
    "accessdeniedexception": "ModelPermissionDeniedError",
    "expiredtokenexception": "ModelAuthenticationError",
    "internalserverexception": _FAILED,
    "invalidsignatureexception": "ModelAuthenticationError",
    "modelerrorexception": _FAILED,
    "modelnotreadyexception": _RATE,
    "modelstreamerrorexception": _FAILED,
    "modeltimeoutexception": _TIMEOUT,
    "resourcenotfoundexception": "ModelNotFoundError",
    "servicequotaexceededexception": _RATE,
    "serviceunavailableexception": _FAILED,
    "throttlingexception": _RATE,
    "unrecognizedclientexception": "ModelAuthenticationError",
    "validationexception": "ModelInvalidRequestError",
}
_BY_CLASS = {
    "ConnectTimeoutError": _TIMEOUT,
    "ConnectionClosedError": _CONNECTION,
    "ConnectionError": _CONNECTION,
    "EndpointConnectionError": _CONNECTION,
    "HTTPClientError": _CONNECTION,
    "CredentialRetrievalError": "ModelAuthenticationError",
    "NoCredentialsError": "ModelAuthenticationError",
    "ReadTimeoutError": _TIMEOUT,
    "ResponseStreamingError": _CONNECTION,
}

_OVERFLOW = (
    "input is too long",  # Claude Sonnet 4.5, DeepSeek R1
    "prompt is too long",  # Claude Haiku 4.5 and later
    "input tokens exceeded",  # Amazon Nova
    "maximum context length",  # Llama, Mistral, Qwen, gpt-oss
    "context_length_exceeded",  # OpenAI
    "exceeds the context window",
    "input tokens exceed the configured limit",
    "exceed model maximum",  # Kimi
    "too many input tokens",
    "is longer than the model's context length",
)
"""What the models say, in lower case, when a prompt does not fit their context window."""


class BedrockContextOverflowError(core.ContextOverflowError):
    """The prompt does not fit the model's context window. The raised object is Bedrock's own error as well."""


class SystemToolPermissionError(ValueError):
    """A system tool was asked for and `bedrock:InvokeTool` is not allowed. It is Bedrock's own error as well."""


class translated:  # noqa: N801  -- used as a function is: `with translated():`
    """Let errors of a call leave as both boto3's and LangChain's."""

    def __enter__(self) -> None:
        """Enter the block; errors are translated when it ends."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Raise the error as LangChain's class of it, too, where there is one."""
        if isinstance(error, Exception) and (better := translate(error)) is not error:
            raise better from error


def translate(error: Exception) -> Exception:
    """Return `error` as an object that is also the fitting class of langchain-core.

    Args:
        error: Anything that a client raised.

    Returns:
        A new exception whose class has the class of `error` and LangChain's as bases, or `error` itself if nothing
        fits.
    """
    mixin = _mixin(error)
    if mixin is None or isinstance(error, mixin):
        return error
    both = _combined(type(error), mixin)
    better: Any = both.__new__(both, *error.args)
    better.args = error.args
    better.__dict__.update(error.__dict__)
    better._translated_from = error
    if mixin is SystemToolPermissionError:
        advice = (
            "a system tool needs the IAM permission bedrock:InvokeTool beside bedrock:InvokeModel. Example policy "
            'statement: {"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:InvokeTool"], "Resource": "*"}. '
            f"Original error: {error}"
        )
        better.args = (advice,)
    return better


def _mixin(error: Exception) -> type[Exception] | None:
    response: Any = getattr(error, "response", None)
    detail = response.get("Error") if isinstance(response, dict) else None
    if not isinstance(detail, dict):
        return _named(_BY_CLASS, next((c.__name__ for c in type(error).__mro__ if c.__name__ in _BY_CLASS), ""))
    # Errors inside a stream carry the code with a small first letter.
    code, message = str(detail.get("Code", "")).lower(), str(detail.get("Message", "")).lower()
    if code == "validationexception" and any(marker in message for marker in _OVERFLOW):
        return BedrockContextOverflowError
    if code == "accessdeniedexception" and "invoketool" in message:
        return SystemToolPermissionError
    return _named(_BY_CODE, code)


def _named(table: dict[str, str], key: str) -> type[Exception] | None:
    name = table.get(key)
    return getattr(core, name, None) if name else None


@lru_cache(maxsize=256)
def _combined(error: type[Exception], mixin: type[Exception]) -> type[Exception]:
    return type(error.__name__, (error, mixin), {"__module__": error.__module__, "__reduce__": _reduce})


def _reduce(error: Any) -> tuple[Any, ...]:
    return translate, (error._translated_from,)


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the first frame outside of this package and of langchain-core."""
    import sys

    depth, frame = 2, sys._getframe(1)  # 1 would be this function itself
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in (
        "outcrop",
        "langchain_core",
        "pydantic",
    ):
        frame, depth = frame.f_back, depth + 1
    warnings.warn(message, category, stacklevel=depth)
