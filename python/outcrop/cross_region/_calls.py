"""The routers' methods, made from the operation table; `router.pyi` has their signatures."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _methods

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from outcrop import _native


def blocking(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of a blocking router."""
    return _methods.method(name, blocking_call(operation))


def asynchronous(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of an asynchronous router."""
    return _methods.async_method(name, asynchronous_call(operation))


def blocking_call(operation: _native.Operation) -> Callable[..., dict[str, Any]]:
    """What such a method does, telemetry or not: `call(router, arguments, trace)`."""
    plain = _methods.blocking_call(operation)

    def call(self: Any, arguments: dict[str, Any], trace: _native.Trace | None = None) -> dict[str, Any]:
        if monotonic() >= self._known.fresh_until:
            self._prepare()
        if "modelId" not in arguments:
            arguments["modelId"] = self.model
        try:
            return plain(self, arguments, trace)
        finally:
            if self._router.changed:
                self._tell()

    return call


def asynchronous_call(operation: _native.Operation) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The same to be awaited."""
    plain = _methods.asynchronous_call(operation)

    async def call(self: Any, arguments: dict[str, Any], trace: _native.Trace | None = None) -> dict[str, Any]:
        if monotonic() >= self._known.fresh_until:
            await self._prepare()
        if "modelId" not in arguments:
            arguments["modelId"] = self.model
        try:
            return await plain(self, arguments, trace)
        finally:
            if self._router.changed:
                self._tell()

    return call
