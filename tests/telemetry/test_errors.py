"""Telemetry changes no error: each failing way raises the same type, text and attributes with it and without."""

from __future__ import annotations

import asyncio
import enum
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from tests.support.server import Server, json_answer
from tests.support.sides import KEYS
from tests.telemetry.test_spans import Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop.emulator import Emulator

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "hello"}]}]
ARGUMENTS: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "positional": lambda: ((MODEL,), {}),
    "missing": lambda: ((), {}),
    "unknown": lambda: ((), {"modelId": MODEL, "messages": MESSAGES, "colour": "red"}),
    "no list": lambda: ((), {"modelId": MODEL, "messages": 5}),
    "no dict": lambda: ((), {"modelId": MODEL, "messages": [5], "inferenceConfig": 5}),
    "wrong types": lambda: ((), {"modelId": 5, "messages": {1: 2}, "inferenceConfig": {"maxTokens": "x"}}),
    "no model": lambda: ((), {"modelId": "no.such", "messages": MESSAGES}),
    "unhashable": lambda: ((), {"modelId": [MODEL], "messages": MESSAGES}),
    "no text": lambda: ((), {"modelId": "\ud800", "messages": MESSAGES}),
    "well": lambda: ((), {"modelId": MODEL, "messages": MESSAGES}),
}
FAULTS = ["none", "throttling", "drop", "refused", "residency", "credentials", "nobody"]


def forbidden(_region: str) -> bool:
    return False


def _client(kind: str, routed: bool, fault: str, bedrock: Emulator) -> Any:
    settings: dict[str, Any] = {**bedrock.connection, "retries": {"max_attempts": 1}}
    if fault == "nobody":
        settings["endpoint_url"] = "http://127.0.0.1:9"
    if fault == "credentials":
        del settings["aws_access_key_id"], settings["aws_secret_access_key"]
        settings["credentials"] = lambda: outcrop.Credentials("AKID\n", "secret", None)
    if not routed:
        make = outcrop.client if kind == "blocking" else outcrop.async_client
        return make("bedrock-runtime", **settings)
    region = settings.pop("region_name")
    rules = {"residency": forbidden} if fault == "residency" else {}
    kind_of = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
    return kind_of(MODEL, sources=[region], catalogue="snapshot", shared=False, **rules, **settings)


def outcome(client: Any, kind: str, operation: str, arguments: Callable[[], tuple[Any, dict[str, Any]]]) -> Any:
    positional, named = arguments()
    try:
        if kind == "blocking":
            answer = getattr(client, operation)(*positional, **named)
            return "answered" if "stream" not in answer else list(answer["stream"]) and "answered"
        return asyncio.run(_awaited(client, operation, positional, named))
    except Exception as error:  # noqa: BLE001  -- whatever it is, it must be the same
        return type(error).__name__, _same(str(error)), _same(str(vars(error)))


async def _awaited(client: Any, operation: str, positional: Any, named: dict[str, Any]) -> str:
    answer = await getattr(client, operation)(*positional, **named)
    if "stream" in answer:
        [event async for event in answer["stream"]]
    return "answered"


def _same(text: str) -> str:
    """Without what differs from call to call: ids, times, dates."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r"\d+\.\d+(e-\d+)?", "TIME", text)
    return re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "DATE", text)


@pytest.mark.parametrize("kind", ["blocking", "async"])
@settings(max_examples=120)
@given(
    routed=st.booleans(),
    fault=st.sampled_from(FAULTS),
    operation=st.sampled_from(["converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream"]),
    arguments=st.sampled_from(sorted(ARGUMENTS)),
)
def test_an_error_is_the_same_with_telemetry_and_without(  # noqa: PLR0917  -- fixtures and parameters
    emulator: Emulator,
    kind: str,
    routed: bool,
    fault: str,
    operation: str,
    arguments: str,
) -> None:
    found = []
    for watched in (False, True):
        emulator.clear_rules()
        if fault in ("throttling", "drop"):
            emulator.fault(fault)
        if fault == "refused":
            emulator.fault("error", code="AccessDeniedException")
        client = _client(kind, routed, fault, emulator)
        watching = Watched(capture_content=True) if watched else None
        try:
            found.append(outcome(client, kind, operation, ARGUMENTS[arguments]))
        finally:
            if watching is not None:
                watching.close()
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", ["blocking", "async"])
@settings(max_examples=60)
@given(
    usage=st.sampled_from([5, None, [], "many", {}, {"inputTokens": "x"}, {"inputTokens": -1, "outputTokens": 1e400}]),
    header=st.sampled_from(["abc", "-1", "1.5", "", "9" * 30]),
    operation=st.sampled_from(["converse", "invoke_model"]),
)
def test_an_answer_with_odd_figures_is_an_answer(kind: str, usage: Any, header: str, operation: str) -> None:
    """Bedrock's figures are for the span alone: what it says there costs nobody the answer."""
    said = {"message": {"role": "assistant", "content": [{"text": "hi"}]}}
    body = json.dumps({"output": said, "usage": usage, "stopReason": ["odd"]}).encode()
    with Server(json_answer(body, x_amzn_bedrock_input_token_count=header)) as server:
        make = outcrop.client if kind == "blocking" else outcrop.async_client
        client = make("bedrock-runtime", endpoint_url=server.url, **KEYS)
        arguments = {"body": b"{}"} if operation == "invoke_model" else {"messages": MESSAGES}
        watching = Watched()
        try:
            assert outcome(client, kind, operation, lambda: ((), {"modelId": MODEL, **arguments})) == "answered"
            assert len(watching.exporter.get_finished_spans()) == 1
        finally:
            watching.close()


def test_a_span_has_values_and_not_how_they_show_themselves(emulator: Emulator) -> None:
    model = enum.Enum("Model", {"NOVA": MODEL}, type=str).NOVA
    watching = Watched()
    try:
        settings = {"stopSequences": [enum.Enum("Stop", {"END": "!"}, type=str).END], "topP": np.float64(0.5)}
        emulator.client("bedrock-runtime").converse(modelId=model, messages=MESSAGES, inferenceConfig=settings)
        span = watching.span
    finally:
        watching.close()
    assert (span.name, span.attributes["gen_ai.request.model"]) == (f"chat {MODEL}", MODEL)
    assert span.attributes["gen_ai.request.stop_sequences"] == ("!",)
    assert repr(span.attributes["gen_ai.request.top_p"]) == "0.5"


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_a_refused_residency_keeps_its_plan(emulator: Emulator, kind: str) -> None:
    watching = Watched()
    try:
        client = _client(kind, True, "residency", emulator)
        name, text, _ = outcome(client, kind, "converse", lambda: ((), {"messages": MESSAGES}))
    finally:
        watching.close()
    assert name == "NoTargetError"
    assert "outside the residency" in text
