"""How the native half makes exceptions: the class by its name, and botocore's class of that name beside it."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from outcrop import exceptions

_MODULES = {"ParserError": "botocore.eventstream", "ChecksumMismatch": "botocore.eventstream"}


def make(name: str, details: dict[str, Any]) -> Exception:
    """An error of this side of the connection."""
    if name == "EventStreamParserError":
        name = "ParserError"
    return dressed(named(name, "BotoCoreError"))(**details)


def found(name: str, details: dict[str, Any], notes: list[str]) -> Exception:
    """An error of the environment, the AWS files or a source of credentials, with where was looked before."""
    if "response" in details:
        refused = dressed(exceptions.CredentialServiceError)
        return with_notes(refused(details["response"], details["operation_name"]), notes)
    return with_notes(dressed(named(name, "BotoCoreError"))(**details), notes)


def client_error(response: dict[str, Any], operation_name: str, modeled: list[str], hint: str | None) -> Exception:
    """An error that Bedrock answered with; of the class of its code if AWS models it for the service."""
    code = response["Error"]["Code"]
    name = code if code in modeled else "ClientError"
    error = dressed(named(name, "ClientError"))(response, operation_name)
    return with_notes(error, [hint] if hint else [])


def stream_error(response: dict[str, Any], operation_name: str, modeled: list[str], hint: str | None) -> Exception:
    """An exception that Bedrock sent inside a stream."""
    del modeled
    error = dressed(exceptions.EventStreamError)(response, operation_name)
    return with_notes(error, [hint] if hint else [])


def named(name: str, otherwise: str) -> type[Any]:
    """Outcrop's class of that name."""
    return getattr(exceptions, name, None) or getattr(exceptions, otherwise)


def dressed(cls: type[Any]) -> type[Any]:
    """The class, or one that is botocore's too where the program has imported botocore."""
    name = cls.__name__
    module = sys.modules.get(_MODULES.get(name, "botocore.exceptions"))
    if module is None:
        return cls
    if cls is exceptions.CredentialServiceError:
        return _pair(_pair(cls, module.CredentialRetrievalError), module.ClientError)
    if issubclass(cls, exceptions.ClientError) and cls is not exceptions.EventStreamError:
        sibling = module.ClientError
    else:
        # An error that botocore lacks is of the nearest class above that botocore has.
        sibling = next((found for each in cls.__mro__ if (found := getattr(module, each.__name__, None))), None)
    return cls if sibling is None else _pair(cls, sibling)


@cache
def _pair(cls: type[Any], sibling: type[Any]) -> type[Any]:
    return type(cls.__name__, (cls, sibling), {"__module__": cls.__module__, "__doc__": cls.__doc__})


def with_notes(error: Exception, notes: list[str]) -> Exception:
    """The error with notes, which tracebacks show from Python 3.11 on."""
    if notes:
        error.__notes__ = list(notes)  # pyright: ignore[reportAttributeAccessIssue]
    return error
