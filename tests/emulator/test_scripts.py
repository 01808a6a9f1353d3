"""Odd answers that a script can give: encrypted thoughts in pieces, cut calls, any events."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop.emulator import Emulator

HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
LITE = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Look at the basalt."}]}]
CUT = {"toolUse": {"toolUseId": "t1", "name": "look", "input": '{"at": "bas'}}
TOOLS = {
    "tools": [
        {
            "toolSpec": {
                "name": "look",
                "description": "Looks at a rock.",
                "inputSchema": {"json": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}},
            }
        }
    ]
}


def events(client: Any, model: str = HAIKU, **members: Any) -> list[dict[str, Any]]:
    return list(client.converse_stream(modelId=model, messages=MESSAGES, **members)["stream"])


def deltas(stream: list[dict[str, Any]]) -> list[Any]:
    return [event["contentBlockDelta"]["delta"] for event in stream if "contentBlockDelta" in event]


def test_encrypted_thoughts_come_in_pieces_and_whole(emulator: Emulator, witness: Callable[..., Any]) -> None:
    pieces = [b"rsn_1", b"_bb", b"\xff"]
    emulator.script(reply=[{"reasoningContent": {"redactedContent": pieces}}, {"text": "Basalt."}])
    runtime = witness()
    found = [delta["reasoningContent"]["redactedContent"] for delta in deltas(events(runtime))[:3]]
    assert found == pieces
    answer = runtime.converse(modelId=HAIKU, messages=MESSAGES)
    assert answer["output"]["message"]["content"][0] == {"reasoningContent": {"redactedContent": b"".join(pieces)}}
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 99,
        "messages": [{"role": "user", "content": "hi"}],
    }
    answer = json.loads(runtime.invoke_model(modelId=HAIKU, body=json.dumps(body))["body"].read())
    assert answer["content"][0] == {
        "type": "redacted_thinking",
        "data": base64.b64encode(b"".join(pieces)).decode(),
    }


def test_a_call_that_the_limit_cut_has_half_its_arguments(emulator: Emulator, witness: Callable[..., Any]) -> None:
    emulator.script(reply=CUT, stop_reason="max_tokens")
    runtime = witness()
    stream = events(runtime)
    assert "".join(delta["toolUse"]["input"] for delta in deltas(stream)) == CUT["toolUse"]["input"]
    assert {"messageStop": {"stopReason": "max_tokens"}} in stream
    answer = runtime.converse(modelId=HAIKU, messages=MESSAGES)
    assert answer["stopReason"] == "max_tokens"
    assert answer["output"]["message"]["content"][0]["toolUse"]["input"] == {}


def test_the_limit_of_a_request_cuts_a_call(witness: Callable[..., Any]) -> None:
    runtime = witness()
    request: Any = {"toolConfig": {**TOOLS, "toolChoice": {"any": {}}}}
    whole = "".join(delta["toolUse"]["input"] for delta in deltas(events(runtime, LITE, **request)))
    assert json.loads(whole)
    stream = events(runtime, LITE, inferenceConfig={"maxTokens": 7}, **request)
    cut = "".join(delta["toolUse"]["input"] for delta in deltas(stream))
    assert whole.startswith(cut)
    assert cut != whole
    assert {"messageStop": {"stopReason": "max_tokens"}} in stream


def test_events_are_sent_as_they_are(emulator: Emulator) -> None:
    given = [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "a"}}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": "{}"}}}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"redactedContent": b"x"}}}},
        {"tomorrowsEvent": {"a": 1}},
        {"messageStop": {"stopReason": "end_turn"}},
    ]
    rule = emulator.script(events=given)
    runtime = emulator.client("bedrock-runtime")
    stream = list(runtime.converse_stream(modelId=HAIKU, messages=MESSAGES)["stream"])
    known = [event for event in stream if "tomorrowsEvent" not in event and "SDK_UNKNOWN_MEMBER" not in event]
    assert known == [event for event in given if "tomorrowsEvent" not in event]
    assert len(stream) == len(given)
    assert runtime.converse(modelId=HAIKU, messages=MESSAGES)["output"]
    assert rule.hits == 1


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ({"events": [{"a": {}}], "reply": "b"}, "a script has one of reply, stream, events, error and drop"),
        ({"events": [{"a": {}, "b": {}}]}, "an event has one name and its members"),
        ({"events": [{"a": 1}]}, "an event has one name and its members"),
        ({"stop_reason": "max_tokens", "error": "ThrottlingException"}, "stop_reason goes with reply or stream"),
        ({"stop_reason": "tired", "reply": "a"}, "this is no rule"),
    ],
)
def test_scripts_that_say_nothing_are_refused(emulator: Emulator, script: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        emulator.script(**script)
