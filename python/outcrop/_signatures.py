"""Signatures as an interactive reader wants them, where a function takes its arguments by `**`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from outcrop._settings import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature

    from outcrop import _native

    Function = TypeVar("Function", bound=Callable[..., Any])


class _LeftOut:
    """What an argument is that is not given."""

    def __repr__(self) -> str:
        return "..."


LEFT_OUT = _LeftOut()


def wanted() -> bool:
    """Whether somebody may look: it takes `inspect`, and importing that costs as much as all of outcrop."""
    return "inspect" in sys.modules


def connecting(function: Function) -> Function:
    """Show each connection argument of a function that takes them by `**`, so that Tab offers them."""
    if not wanted():
        return function
    from inspect import Parameter, signature

    usual = signature(function)
    shown = [row for row in usual.parameters.values() if row.kind is not Parameter.VAR_KEYWORD]
    given = [name for name in NAMES if name not in usual.parameters]
    if any(row.kind is Parameter.VAR_POSITIONAL for row in shown):
        # boto3's habit of a Region by position: by name it is the same.
        shown = [row for row in shown if row.kind is not Parameter.VAR_POSITIONAL]
        given = ["region_name", *(name for name in given if name != "region_name")]
    shown += [Parameter(name, Parameter.KEYWORD_ONLY, default=LEFT_OUT) for name in given]
    function.__signature__ = usual.replace(parameters=shown)
    return function


def of_operation(operation: _native.Operation, *, routed: bool) -> Signature:
    """The arguments by name, those first that must be given."""
    from inspect import Parameter, Signature

    required = [name for name in operation.required if not (routed and name == "modelId")]
    rows = sorted(operation.arguments, key=lambda row: row[0] not in required)
    parameters = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    for name, kind in rows:
        default: Any = Parameter.empty if name in required else LEFT_OUT
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind))
    return Signature(parameters, return_annotation=f"{operation.name}Response")
