"""The routers' methods, made from the operation table; `router.pyi` has their signatures."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _methods
from outcrop._streams import event_stream, streaming_body
from outcrop.cross_region.resolving import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop import _native


def blocking(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of a blocking router."""
    aws_name = operation.name
    # Not the plain client's method with more around it: a frame of Python costs as much as all else here.
    member, wrap = _methods.wrapping(operation, event_stream, streaming_body)

    def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        if monotonic() >= self._fresh_until:
            self._prepare()
        if self._asks_anew:
            require(self._judge())
        if "modelId" not in arguments:
            arguments["modelId"] = self.model
        try:
            response = self._native.call(aws_name, arguments)
        finally:
            if self._router.changed:
                self._tell()
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return method


def asynchronous(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of an asynchronous router."""
    call = _methods.asynchronous(name, operation)

    async def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if monotonic() >= self._fresh_until:
            await self._prepare()
        if self._asks_anew:
            require(self._judge())
        if "modelId" not in arguments:
            arguments["modelId"] = self.model
        try:
            return await call(self, *args, **arguments)
        finally:
            if self._router.changed:
                self._tell()

    return method
