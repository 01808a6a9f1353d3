"""Application profiles: which base model is behind an opaque ARN.

GetInferenceProfile is asked when an answer is first needed, once a process and ARN, and never on a running event
loop's thread. Where nobody answers, as in a network without a way to the control plane, calls must not wait for it each
time: it is asked again only after ten times as long as it took to fail.
"""

from __future__ import annotations

import asyncio
import inspect
import math
import threading
from collections import defaultdict
from time import monotonic
from typing import Any

from outcrop.langchain.errors import warn
from outcrop.langchain.identity import identify

_AGAIN = 10

_known: dict[str, str | None] = {}
_given_up: dict[str, float] = {}
"""Until when nobody is asked again, by ARN."""

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_asking: dict[tuple[str, int], asyncio.Task[str | None]] = {}


def known_base_model(arn: str) -> tuple[bool, str | None]:
    """Return whether there is nothing to ask about the ARN now, and its base model (`None`: nobody tells)."""
    return arn in _known or monotonic() < _given_up.get(arn, -math.inf), _known.get(arn)


def resolve(arn: str, control: Any) -> str | None:
    """Return the base model id behind an application profile, asking Bedrock if nobody has yet.

    Args:
        arn: The profile's ARN.
        control: A `bedrock` client (sync).

    Returns:
        The base model id, or `None` after a warning when it cannot be told.
    """
    with _locks[arn]:  # one question a process: the others wait for its answer
        known, base = known_base_model(arn)
        if known:
            return base
        began = monotonic()
        try:
            return _learn(arn, control.get_inference_profile(inferenceProfileIdentifier=arn))
        except Exception as error:  # noqa: BLE001  -- no count and no name is worth failing a call for
            return _unknown(arn, error, began)


async def aresolve(arn: str, control: Any) -> str | None:
    """Return the base model id behind an application profile without blocking the loop.

    Args:
        arn: The profile's ARN.
        control: An async `bedrock` client, or a sync one, which is then asked in a thread.

    Returns:
        The base model id, or `None` after a warning when it cannot be told.
    """
    known, base = known_base_model(arn)
    if known:
        return base
    loop = asyncio.get_running_loop()
    key = (arn, id(loop))
    if key not in _asking:  # a thousand calls at once ask once
        _asking[key] = task = loop.create_task(_ask(arn, control))
        task.add_done_callback(lambda _: _asking.pop(key, None))
    return await asyncio.shield(_asking[key])


async def _ask(arn: str, control: Any) -> str | None:
    if not inspect.iscoroutinefunction(getattr(control, "get_inference_profile", None)):
        return await asyncio.to_thread(resolve, arn, control)
    began = monotonic()
    try:
        return _learn(arn, await control.get_inference_profile(inferenceProfileIdentifier=arn))
    except Exception as error:  # noqa: BLE001  -- no count and no name is worth failing a call for
        return _unknown(arn, error, began)


def _learn(arn: str, answer: dict[str, Any]) -> str | None:
    models = answer.get("models") or ()
    base = next((identify(m["modelArn"]).base_model_id for m in models if m.get("modelArn")), None)
    _known[arn] = base
    return base


def _unknown(arn: str, error: Exception, began: float) -> None:
    detail = getattr(error, "response", None)
    code = detail.get("Error", {}).get("Code") if isinstance(detail, dict) else None
    if code == "AccessDeniedException":
        _known[arn] = None  # asking again would be denied again
    else:
        now = monotonic()
        _given_up[arn] = now + _AGAIN * (now - began)
    warn(
        f"the base model behind {arn} is unknown, so what it can do (tool choice, reasoning, context window) is too: "
        f"{error}. Allow bedrock:GetInferenceProfile or pass base_model_id=."
    )


def forget() -> None:
    """Forget what was resolved, for tests and for long processes whose permissions changed."""
    _known.clear()
    _given_up.clear()
