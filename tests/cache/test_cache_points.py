"""`add_cache_points`: where Bedrock's own cache is told to keep a prompt."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop

CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "us.amazon.nova-pro-v1:0"
POINT = {"cachePoint": {"type": "default"}}
SCHEMA = {"type": "object"}
LONG = {"text": "There are many kinds of rock. " * 200}


def user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def conversation(model: str = CLAUDE, **more: Any) -> dict[str, Any]:
    return {
        "modelId": model,
        "system": [LONG],
        "messages": [user(LONG), {"role": "assistant", "content": [LONG]}, user({"text": "And basalt?"})],
        "toolConfig": {
            "tools": [
                {"toolSpec": {"name": "look", "description": "x" * 2000, "inputSchema": {"json": {"type": "object"}}}}
            ]
        },
        **more,
    }


def places(request: dict[str, Any]) -> set[str]:
    """Where a request ends with a point."""
    found = {f"message {n}" for n, it in enumerate(request["messages"]) if it["content"][-1:] == [POINT]}
    found |= {"system"} if request.get("system", [])[-1:] == [POINT] else set()
    return found | ({"tools"} if request.get("toolConfig", {}).get("tools", [])[-1:] == [POINT] else set())


def test_claude_keeps_system_tools_and_the_last_two_messages():
    assert places(outcrop.add_cache_points(conversation())) == {"system", "tools", "message 1", "message 2"}


def test_nova_keeps_no_tools_and_takes_no_lifetime():
    made = outcrop.add_cache_points(conversation(NOVA), ttl="1h")
    assert places(made) == {"system", "message 2"}


def test_nova_keeps_no_message_with_tool_blocks():
    result = {"toolResult": {"toolUseId": "a", "content": [LONG]}}
    made = outcrop.add_cache_points(conversation(NOVA, messages=[user(LONG), user(result)]))
    assert places(made) == {"system"}


def test_the_lifetime_is_handed_on():
    made = outcrop.add_cache_points(conversation(), ttl="1h")
    assert made["system"][-1] == {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert outcrop.add_cache_points(conversation(), ttl="5m")["system"][-1] == POINT


def test_points_that_are_there_stay_and_count():
    request = conversation()
    request["messages"][0]["content"] += [POINT, {"text": "more"}, POINT, {"text": "more"}, POINT]
    made = outcrop.add_cache_points(request)
    assert made["messages"][0] == request["messages"][0]
    assert places(made) == {"system", "message 0"}


def test_what_is_too_short_gets_none():
    short = conversation(system=[{"text": "Be brief."}], toolConfig={"tools": [{"toolSpec": {"name": "look"}}]})
    assert places(outcrop.add_cache_points(short)) == {"message 1", "message 2"}
    hello = {"modelId": CLAUDE, "messages": [user({"text": "Hello"})]}
    assert outcrop.add_cache_points(hello) == hello
    # Haiku 4.5 wants four times as much, and a picture may be any number of tokens.
    haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    text = {"text": "x" * 3000}
    assert places(outcrop.add_cache_points({"modelId": haiku, "messages": [user(text)]})) == set()
    assert places(outcrop.add_cache_points({"modelId": CLAUDE, "messages": [user(text)]})) == {"message 0"}
    picture = {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}
    assert places(outcrop.add_cache_points({"modelId": haiku, "messages": [user(picture)]})) == {"message 0"}


@pytest.mark.parametrize(
    ("model", "least"),
    [
        ("us.anthropic.claude-opus-5-5", 512),
        ("global.anthropic.claude-fable-5-1", 512),
        ("us.anthropic.claude-sonnet-5-5", 512),
        ("us.anthropic.claude-sonnet-5", 1024),
        ("us.anthropic.claude-opus-4-8", 1024),
        (CLAUDE, 1024),
        ("anthropic.claude-opus-4-1-20250805-v1:0", 1024),
        ("us.anthropic.claude-opus-4-7", 4096),
        ("us.anthropic.claude-opus-4-6-v1", 4096),
        ("us.anthropic.claude-opus-4-5-20251101-v1:0", 4096),
        ("anthropic.claude-3-5-haiku-20241022-v1:0", 2048),
        (NOVA, 1000),
    ],
)
def test_the_least_is_the_models(model, least):
    """A token is at least one byte, so a shorter text is surely too short."""
    around = len('{"text": ""}')
    for length, expected in ((least - around - 1, set()), (least - around, {"message 0"})):
        request = {"modelId": model, "messages": [user({"text": "x" * length})]}
        assert places(outcrop.add_cache_points(request)) == expected


@pytest.mark.parametrize(
    "model", ["meta.llama3-3-70b-instruct-v1:0", "anthropic.claude-3-haiku-20240307-v1:0", "arn:aws:bedrock:x", ""]
)
def test_a_model_that_does_not_cache_is_refused(model):
    with pytest.raises(
        ValueError, match=r"is no model that caches prompts: .*; name the model of an application profile"
    ):
        outcrop.add_cache_points(conversation(model))


def test_an_application_profile_is_named():
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
    made = outcrop.add_cache_points(conversation(arn), model="anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert made["modelId"] == arn
    assert "system" in places(made)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match='ttl must be "5m", "1h" or None, not \'1d\''):
        outcrop.add_cache_points(conversation(), ttl="1d")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="request must be the keyword arguments of converse"):
        outcrop.add_cache_points([])  # type: ignore[arg-type]


_BLOCK = st.sampled_from([LONG, {"text": "a"}, POINT, {"toolUse": {"toolUseId": "a", "name": "b", "input": {}}}])
_MESSAGES = st.lists(st.lists(_BLOCK, min_size=1, max_size=4), min_size=1, max_size=5)


@given(_MESSAGES, st.lists(_BLOCK, max_size=3), st.sampled_from([CLAUDE, NOVA]), st.sampled_from([None, "5m", "1h"]))
def test_never_more_than_four_and_never_in_the_callers_dicts(contents, system, model, ttl):
    request = {
        "modelId": model,
        "system": system,
        "messages": [{"role": "user", "content": content} for content in contents],
    }
    before = copy.deepcopy(request)
    made = outcrop.add_cache_points(request, ttl=ttl)
    assert request == before

    def points(it):
        return sum(
            "cachePoint" in block
            for blocks in (it["system"], *(m["content"] for m in it["messages"]))
            for block in blocks
        )

    assert points(before) <= points(made) <= max(4, points(before))
    assert [[block for block in m["content"] if "cachePoint" not in block] for m in made["messages"]] == [
        [block for block in content if "cachePoint" not in block] for content in contents
    ]


def test_bedrock_reads_what_it_kept(emulator):
    runtime = emulator.client("bedrock-runtime")
    usages = [runtime.converse(**outcrop.add_cache_points(conversation()))["usage"] for _ in range(2)]
    assert usages[0]["cacheWriteInputTokens"] > 1000
    assert usages[1]["cacheReadInputTokens"] == usages[0]["cacheWriteInputTokens"]
