"""One request of another client's over one of outcrop's, sync and async: prepared, sent, recorded."""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._apis.paths import OPERATION, WRITES
from outcrop._clients import AsyncClient, BaseClient, Client
from outcrop.cross_region.router import AsyncCrossRegion, CrossRegion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop import _native
    from outcrop.telemetry._recorder import Recording

_SETTINGS = {
    "maxTokens": ("max_completion_tokens", "max_output_tokens", "max_tokens"),
    "temperature": ("temperature",),
    "topP": ("top_p",),
    "stopSequences": ("stop_sequences", "stop"),
}
_PROMPT = ("instructions", "system", "messages", "input")


def sync_one(client: Any) -> Any:
    """The blocking client or router for one that was given.

    Raises:
        TypeError: It is neither.
    """
    _check(client)
    if isinstance(client, AsyncCrossRegion):
        return client._twin()  # noqa: SLF001  -- the package's own
    if isinstance(client, AsyncClient):
        return client._session.client("bedrock-runtime")  # noqa: SLF001  -- as above
    return client


def async_one(client: Any) -> Any:
    """The asynchronous client or router for one that was given.

    Raises:
        TypeError: It is neither.
    """
    _check(client)
    if isinstance(client, CrossRegion):
        return client._twin()  # noqa: SLF001  -- the package's own
    if isinstance(client, Client):
        return client._session.async_client("bedrock-runtime")  # noqa: SLF001  -- as above
    return client


def _check(client: Any) -> None:
    if not isinstance(client, BaseClient) or client.meta.service_name != "bedrock-runtime":
        raise TypeError(
            "a transport takes a client of bedrock-runtime or a router, "
            f"not {_values.shown(type(client).__name__)}: "
            'give it outcrop.client("bedrock-runtime") or an outcrop.CrossRegion'
        )


def laid_out(request: Any, body: bytes, anthropic_version: str | None) -> dict[str, Any]:
    """A request as the native half takes it.

    Args:
        request: The HTTP library's.
        body: Its body.
        anthropic_version: What is said for Anthropic's version.
    """
    timeout = request.extensions.get("timeout") or {}
    return {
        "method": request.method,
        "target": request.url.raw_path.decode("ascii"),
        "headers": [(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw],
        "body": body,
        "timeout": timeout.get("read"),
        "anthropic_version": anthropic_version,
    }


def send(client: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make a call and wait for its answer, or for the beginning of its stream."""
    recording = _recording(client, arguments)
    trace = None if recording is None else recording.trace(streams=True)
    is_router = _is_router(client)
    try:
        if is_router and monotonic() >= client._known.fresh_until:  # noqa: SLF001  -- the package's own
            client._prepare()  # noqa: SLF001  -- as above
        response = client._native.call(OPERATION, arguments, trace)  # noqa: SLF001  -- as above
    except BaseException as error:
        if recording is not None and trace is not None:
            recording.failed(error, trace)
        raise
    finally:
        if is_router:
            client._tell()  # noqa: SLF001  -- as above
    _answered(response, recording, trace, asynchronous=False)
    return response


async def send_async(client: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """The same to be awaited."""
    recording = _recording(client, arguments)
    trace = None if recording is None else recording.trace(streams=True)
    is_router = _is_router(client)
    pending = None
    try:
        if is_router and monotonic() >= client._known.fresh_until:  # noqa: SLF001  -- the package's own
            await client._prepare()  # noqa: SLF001  -- as above
        pending = client._native.start(OPERATION, arguments, trace)  # noqa: SLF001  -- as above
        response = await pending
    except BaseException as error:
        if pending is not None:
            pending.cancel()
        if recording is not None and trace is not None:
            recording.failed(error, trace)
        raise
    finally:
        if is_router:
            client._tell()  # noqa: SLF001  -- as above
    _answered(response, recording, trace, asynchronous=True)
    return response


def _is_router(client: Any) -> bool:
    return isinstance(client, (CrossRegion, AsyncCrossRegion))


def _recording(client: Any, arguments: Mapping[str, Any]) -> Recording | None:
    """The recording of a call that a model answers, while telemetry is switched on."""
    recorder = client._recorder  # noqa: SLF001  -- the package's own
    name = WRITES.get(arguments["target"].partition("?")[0])
    if recorder is None or name is None:
        return None
    try:
        body = json.loads(arguments["body"])
    except ValueError:
        body = None  # the core says what is wrong with it
    body = body if isinstance(body, dict) else {}
    told = {"modelId": body.get("model"), "inferenceConfig": _settings(body)}
    told |= {name: body[name] for name in _PROMPT if body.get(name) is not None}
    return recorder.start(client, name, told, getattr(client, "model", None))


def _settings(body: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a request, under Converse's names, which telemetry knows."""
    found = {
        ours: next((body[name] for name in names if body.get(name) is not None), None)
        for ours, names in _SETTINGS.items()
    }
    return {name: value for name, value in found.items() if value is not None}


def _answered(
    response: dict[str, Any], recording: Recording | None, trace: _native.Trace | None, *, asynchronous: bool
) -> None:
    if recording is None or trace is None:
        return
    recording.opened(response, trace)
    body = response["body"]
    if isinstance(body, bytes):
        if recording.wants_content:
            recording.answer.append(body)
        recording.ended(trace)
    elif recording.wants_content:
        from outcrop.telemetry import _calls

        captured = _calls.AsyncCapturedEvents if asynchronous else _calls.CapturedEvents
        response["body"] = captured(body, recording.answer)
