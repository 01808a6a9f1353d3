"""The routers' methods, made from the operation table; `router.pyi` has their signatures.

They are not the plain clients' methods with more around them: a frame of Python costs as much as all else here.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _methods
from outcrop._streams import AsyncEventStream, AsyncStreamingBody, event_stream, streaming_body
from outcrop.cross_region.resolving import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop import _native


def blocking(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of a blocking router."""
    aws_name = operation.name
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
    aws_name = operation.name
    member, wrap = _methods.wrapping(operation, AsyncEventStream, AsyncStreamingBody)

    async def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        if monotonic() >= self._fresh_until:
            await self._prepare()
        if self._asks_anew:
            require(self._judge())
        if "modelId" not in arguments:
            arguments["modelId"] = self.model
        pending = self._native.start(aws_name, arguments)
        try:
            response = await pending
        except BaseException:
            # Cancelled, closed or failed: in each case nobody waits for the request any more.
            pending.cancel()
            raise
        finally:
            if self._router.changed:
                self._tell()
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return method
