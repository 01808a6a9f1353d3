"""`outcrop.repair`: conversations for Converse as Bedrock takes them, without LangChain."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import outcrop
from outcrop.emulator import Emulator
from tests.langchain.rules import refusals

CLAUDE, NOVA = "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.amazon.nova-2-lite-v1:0"
MODELS = [CLAUDE, "us.anthropic.claude-opus-4-8", NOVA, "openai.gpt-oss-120b-1:0", "us.meta.llama3-3-70b-instruct-v1:0"]
POINT = {"cachePoint": {"type": "default"}}
IDS = st.sampled_from(["t1", "t2", "a.b:c", "x" * 70, ""])
TEXTS = st.sampled_from(["", " ", "word one", "word two ", "word\n"])


def user(*content: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def assistant(*content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content)}


def call(identifier: Any, name: Any = "f", given: Any = None) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": identifier, "name": name, "input": {} if given is None else given}}


def result(identifier: Any, *content: Any) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": identifier, "content": list(content)}}


def document(name: Any, kind: str = "pdf") -> dict[str, Any]:
    return {"document": {"format": kind, "name": name, "source": {"bytes": b"x"}}}


texts = TEXTS.map(lambda text: {"text": text})
blocks = st.one_of(
    texts,
    texts,
    st.builds(
        call,
        IDS,
        st.sampled_from(["f", "a.b", "", "x" * 99, "日本"]),
        st.sampled_from([{}, '{"a": 1}', "{", [1], None]),
    ),
    st.builds(result, IDS, texts | st.sampled_from([{"json": [1]}, {"json": {"a": 1}}, POINT, document("n.x")])),
    st.builds(document, st.sampled_from(["a.pdf", "a", "A", "", "é  b", "x" * 300]), st.sampled_from(["pdf", "txt"])),
    st.sampled_from(
        [
            POINT,
            {"image": {"format": "png", "source": {"bytes": b"x"}}},
            {"reasoningContent": {"reasoningText": {"text": "r", "signature": "s"}}},
            {"reasoningContent": {"reasoningText": {"text": "r"}}},
            {"reasoningContent": {"redactedContent": b"x"}},
            {"guardContent": {"text": {"text": " "}}},
            {"citationsContent": {"content": [{"text": "word"}], "citations": []}},
        ]
    ),
)
turns = st.builds(
    lambda role, content: {"role": role, "content": content},
    st.sampled_from(["user", "assistant"]),
    st.lists(blocks, max_size=5),
)
TOOL = {"toolSpec": {"name": "f", "description": "d", "inputSchema": {"json": {"type": "object"}}}}


@given(st.lists(turns, max_size=6), st.sampled_from(MODELS))
def test_bedrock_takes_what_was_repaired_and_nothing_is_lost(messages, model):
    before = copy.deepcopy(messages)
    fixed = outcrop.repair(messages, model=model)
    assert refusals({"modelId": model, "messages": list(fixed), "toolConfig": {"tools": [TOOL]}}) == []
    assert messages == before
    words = json.dumps(before, default=str).count("word")
    assert json.dumps(list(fixed), default=str).count("word") == words
    assert outcrop.repair(fixed, model=model).repairs == ()


@given(st.lists(turns, max_size=4), st.sampled_from([CLAUDE, NOVA]), st.sampled_from([None, "5m", "1h"]))
def test_cache_points_go_where_bedrock_takes_them(messages, model, ttl):
    request = {
        "modelId": model,
        "messages": list(outcrop.repair(messages, model=model)),
        "toolConfig": {"tools": [TOOL]},
    }
    made = outcrop.add_cache_points(request, ttl=ttl)
    assert refusals(made) == []


def test_a_sound_conversation_is_left_as_it_is():
    messages = [user({"text": "q"}), assistant({"text": "a"}, call("t1")), user(result("t1", {"text": "r"}), POINT)]
    fixed = outcrop.repair(messages, model=CLAUDE)
    assert fixed == messages
    assert fixed.repairs == ()
    assert all(
        ours is theirs
        for one, other in zip(fixed, messages, strict=True)
        for ours, theirs in zip(one["content"], other["content"], strict=True)
    )


@given(st.lists(turns, max_size=6), st.sampled_from(MODELS), st.booleans())
def test_what_is_sound_at_a_glance_is_sound_rule_by_rule(messages, model, repaired):
    if repaired:
        messages = list(outcrop.repair(messages, model=model))
    quick = outcrop.repair(messages, model=model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("outcrop._conversation.repairing.sound", lambda *_, **__: False)
        thorough = outcrop.repair(messages, model=model)
    assert quick == thorough
    assert quick.repairs == thorough.repairs


def test_a_sound_conversation_is_told_at_a_glance(monkeypatch):
    messages = [user({"text": "q"}), assistant({"text": "a"}, call("t1")), user(result("t1", {"json": {"a": 1}}))]
    monkeypatch.delattr("outcrop._conversation.repairing.Repairing._alternating")
    assert outcrop.repair(messages, model=CLAUDE) == messages
    with pytest.raises(AttributeError, match="_alternating"):
        outcrop.repair([*messages, user({"text": "z"})], model=CLAUDE)


def test_tools_of_a_service_stay_with_nova_and_are_text_for_others():
    served = [
        user({"text": "q"}),
        assistant(call("s", "nova_grounding"), result("s", {"text": "found"}), {"text": "so"}),
        user({"text": "z"}),
    ]
    assert outcrop.repair(served, model=NOVA) == served
    fixed = outcrop.repair(served, model=CLAUDE)
    assert [block["text"] for block in fixed[1]["content"]] == ["[Called nova_grounding]", "[Tool output: found]", "so"]


def test_names_of_tools_follow_what_the_request_defines():
    fixed = outcrop.repair([user({"text": "q"}), assistant(call("t", "a.b"))], tools=["a.b", "a_b"])
    assert fixed[1]["content"][0]["toolUse"]["name"].startswith("a_b_")
    fixed = outcrop.repair([user({"text": "q"}), assistant(call("t", "f", {"x": 1}))], tools=[])
    assert fixed[1]["content"] == [{"text": '[Called f with parameters: {"x": 1}]'}]


def test_strict_refuses_and_what_is_no_message_is_an_error():
    with pytest.raises(
        ValueError, match=r"needs repairs, which were not wanted \(messages.0: a blank text was left out"
    ):
        outcrop.repair([user({"text": " "}, {"text": "x"})], strict=True)
    with pytest.raises(ValueError, match=r"messages\[0\] has no role of Converse's: pass 'user' or 'assistant'"):
        outcrop.repair([{"role": "system", "content": []}])
    with pytest.raises(ValueError, match=r"messages\[0\] needs content as a list of blocks, not int"):
        outcrop.repair([{"role": "user", "content": 5}])
    with pytest.raises(ValueError, match="no block of Converse"):
        outcrop.repair([{"role": "user", "content": [5]}])
    assert outcrop.repair([{"role": "user", "content": "hi"}]) == [user({"text": "hi"})]
    assert outcrop.repair([]) == [user({"text": "."})]


PNG, JPEG, NOT_A_NUMBER = b"\x89PNG\r\n\x1a\n and more", b"\xff\xd8\xff and more", float("nan")
PLACE = {"s3Location": {"uri": "s3://minerals/a"}}
EVERY_KIND: list[Any] = [
    *({"text": text} for text in ("word", "", " \n", None, 5)),
    "word",
    {"image": {"format": "png", "source": {"bytes": PNG}}},
    {"image": {"format": "jpg", "source": {"bytes": JPEG}}},
    {"image": {"format": "png", "source": PLACE}},
    {"document": {"format": "txt", "name": "A.B", "source": {"text": "word"}}},
    {"document": {"format": "pdf", "name": None, "source": PLACE}},
    {"video": {"format": "mp4", "source": {"bytes": b"x"}}},
    {"audio": {"format": "mp3", "source": {"bytes": b"x"}}},
    POINT,
    {"cachePoint": {"type": "default", "ttl": "1h"}},
    *(
        call(*given)
        for given in (("t1",), ("t1", "f.g", {"a": NOT_A_NUMBER}), ("", "", '{"a":'), ("t2", "x" * 80, [1]))
    ),
    {"toolUse": {"toolUseId": None, "name": None}},
    result("t1", {"text": "word"}),
    result("t1"),
    result("t2", {"json": [1]}, {"image": {"format": "gif", "source": {"bytes": PNG}}}, {"text": 5}),
    result("t9", {"video": {"format": "mp4", "source": {"bytes": b"x"}}}, {"text": ""}, POINT),
    result("t2", {"document": {"format": "pdf", "name": "a.b", "source": PLACE}}),
    {"toolResult": {"toolUseId": "t2", "content": "word"}},
    {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}},
    {"reasoningContent": {"reasoningText": {"text": "hm"}}},
    {"reasoningContent": {"redactedContent": b"abc"}},
    {"reasoningContent": {}},
    {"guardContent": {"text": {"text": "word"}}},
    {"guardContent": {"text": {"text": ""}}},
    {"citationsContent": {"content": [{"text": "word"}], "citations": []}},
    {"citationsContent": {"content": [], "citations": []}},
    {"searchResult": {"source": "s", "title": "t", "content": [{"text": "word"}], "citations": {"enabled": True}}},
]
SPEC = {"name": "f", "description": "d", "inputSchema": {"json": {"type": "object", "properties": {}}}}


@pytest.fixture(scope="module")
def runtime():
    with Emulator() as bedrock:
        yield bedrock.client("bedrock-runtime", region_name="us-east-1")


@given(
    st.lists(st.builds(lambda role, content: {"role": role, "content": content}, st.sampled_from(["user", "assistant"]),
                       st.lists(st.sampled_from(EVERY_KIND), max_size=4) | st.sampled_from(["word", ""])), max_size=5),
    st.sampled_from([*MODELS, "us.amazon.nova-lite-v1:0", "us.mistral.pixtral-large-2502-v1:0"]),
    st.booleans(),
)  # fmt: skip
def test_whatever_stands_in_earlier_turns_is_taken(runtime, messages, model, tools):
    """Blocks of every kind, whoever says them, in any order; and a second repair finds nothing to do."""
    messages = [*messages, assistant({"text": "a"}), user({"text": "z"})]
    assume(sum("document" in block for turn in messages for block in turn["content"]) <= 5)  # all that a turn may have
    before = repr(messages)
    made = outcrop.repair(messages, model=model, tools=["f"] if tools else [])
    runtime.converse(modelId=model, messages=made, **({"toolConfig": {"tools": [{"toolSpec": SPEC}]}} if tools else {}))
    assert repr(messages) == before
    again = outcrop.repair(made, model=model, tools=["f"] if tools else [])
    assert again == made
    assert again.repairs == ()


def test_a_cache_point_in_a_result_is_left_out_where_the_model_refuses_any():
    turns = [user({"text": "q"}), assistant(call("t1")), user(result("t1", {"text": "r"}, POINT))]
    made = outcrop.repair(turns, model="us.meta.llama3-3-70b-instruct-v1:0", tools=["f"])
    assert made[-1] == user(result("t1", {"text": "r"}))
    assert outcrop.repair(turns, model=CLAUDE, tools=["f"])[-1] == user(result("t1", {"text": "r"}), POINT)
