"""An error of outcrop's is botocore's too, wherever the program has imported botocore."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

_MODULES = {"ParserError": "botocore.eventstream", "ChecksumMismatch": "botocore.eventstream"}


def dressed(cls: type[Any]) -> type[Any]:
    """Return the class, or one that is botocore's too where the program has imported botocore.

    Args:
        cls: A class of `outcrop.exceptions`; its `botocore_names` say which of botocore's classes it stands for, else
            it is the one of the same name, or of the nearest class above it.
    """
    module = sys.modules.get(_MODULES.get(cls.__name__, "botocore.exceptions"))
    if module is None:
        return cls
    names = cls.botocore_names
    if names is None:
        name = next((each.__name__ for each in cls.__mro__ if hasattr(module, each.__name__)), None)
        names = (name,) if name else ()
    made = cls
    for name in names:
        made = _pair(made, getattr(module, name), cls)
    return made


@cache
def _pair(cls: type[Any], sibling: type[Any], plain: type[Any]) -> type[Any]:
    names = {"__module__": cls.__module__, "__doc__": cls.__doc__, "plain_class": plain}
    return type(cls.__name__, (cls, sibling), names)


def with_notes(error: Exception, notes: list[str]) -> Exception:
    """Return the error with notes, which tracebacks show from Python 3.11 on."""
    if notes:
        error.__notes__ = list(notes)  # pyright: ignore[reportAttributeAccessIssue]
    return error


def restore_client_error(cls: type[Any], response: dict[str, Any], operation_name: str, notes: list[str]) -> Exception:
    """Make a `ClientError` again, from a pickle."""
    return with_notes(dressed(cls)(response, operation_name), notes)


def restore_error(cls: type[Any], details: dict[str, Any], notes: list[str]) -> Exception:
    """Make any other error again, from a pickle."""
    return with_notes(dressed(cls)(**details), notes)
