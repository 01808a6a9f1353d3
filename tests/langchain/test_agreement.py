"""Whole answers, chunks and content-block events say the same of the same answer, also of odd ones."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import langchain_core
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_tests.utils.stream_lifecycle import assert_valid_event_stream

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import START, answer, block_start, block_stop, delta, end, merged, scripted

pytestmark = pytest.mark.filterwarnings("ignore:.*beta.*")

WORDS = st.text('ab é{}"1', min_size=1, max_size=6)
ARGS = st.dictionaries(st.sampled_from(["a", "b c"]), st.integers() | WORDS, max_size=2)


@st.composite
def parts(draw: st.DrawFn, value: Any) -> list[Any]:
    """Cut a text or bytes anywhere."""
    cuts = sorted(draw(st.lists(st.integers(0, len(value)), max_size=3)))
    return [value[i:j] for i, j in zip([0, *cuts], [*cuts, len(value)], strict=True)]


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The blocks of an answer, and the events of a stream that brings them.

    Servers may use one index for several blocks, leave out what ends them, and send deltas without a start.
    """
    blocks: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = [START]
    one_index, stops = draw(st.booleans()), draw(st.booleans())
    before = ""
    for position in range(draw(st.integers(0, 4))):
        index = 0 if one_index else position
        # Without an end and a start, what follows of one kind under one index is one block.
        every = ("text", "thought", "redacted", "call", "image", "unknown")
        kinds = [k for k in every if stops or not one_index or k != before]
        before = draw(st.sampled_from(kinds))
        if before == "text":
            text = draw(WORDS)
            blocks.append({"text": text})
            events += [delta(index, text=part) for part in draw(parts(text))]
        elif before == "thought":
            text, signature = draw(WORDS), draw(WORDS)
            blocks.append({"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}})
            events += [delta(index, reasoningContent={"text": part}) for part in draw(parts(text))]
            events.append(delta(index, reasoningContent={"signature": signature}))
        elif before == "redacted":
            data = draw(st.binary(min_size=1, max_size=9))
            blocks.append({"reasoningContent": {"redactedContent": data}})
            events += [delta(index, reasoningContent={"redactedContent": part}) for part in draw(parts(data))]
        elif before == "call":
            args = draw(ARGS)
            text = json.dumps(args) if args else draw(st.sampled_from(["", "{}"]))
            use = {"toolUseId": f"t{position}", "name": "f"}
            inputs: list[dict[str, Any]] = [{"input": args}, {"input": text}, *([] if args else [{}, {"input": None}])]
            blocks.append({"toolUse": {**use, **draw(st.sampled_from(inputs))}})
            events.append(block_start(index, toolUse=use))
            events += [delta(index, toolUse={"input": part}) for part in draw(parts(text))]
        elif before == "unknown":
            made = {"hologram": {"a": draw(WORDS)}}
            blocks.append(made)
            events.append(block_start(index, **made) if draw(st.booleans()) else delta(index, **made))
        else:
            image = {"format": "png", "source": {"bytes": draw(st.binary(min_size=1, max_size=5))}}
            blocks.append({"image": image})
            events += [block_start(index, image={"format": "png"}), delta(index, image={"source": image["source"]})]
        if stops:
            events.append(block_stop(index))
    return blocks, [*events, *end("tool_use")]


# Of messages, langchain-core 1.6 shows no redacted thoughts as standard blocks; events have them.
SHOWS_REDACTED = not langchain_core.__version__.startswith("1.6.")


def said(content: list[Any]) -> list[tuple[Any, ...]]:
    """What standard blocks say, however they say it."""
    found: list[tuple[Any, ...]] = []
    for block in content:
        extras = block.get("extras") or {}
        inner = block
        while inner.get("type") == "non_standard":  # langchain-core wraps once more what is none of its own
            inner = inner["value"]
        if block["type"] == "reasoning":
            redacted = extras.get("redacted_content") if SHOWS_REDACTED else None
            found.append(("reasoning", block.get("reasoning", ""), extras.get("signature"), redacted))
        elif inner.get("type") == "image":
            found.append(("image", inner.get("base64") or inner["source"]["data"]))
        elif "hologram" in inner:
            found.append(("unknown", inner["hologram"]))
        elif block["type"] == "text":
            found.append(("text", block["text"]))
        else:
            found.append((block["type"], block["name"], block["args"], block["id"]))
    return found


@given(answers())
def test_whole_answers_chunks_and_events_agree(made):
    blocks, events = made
    llm, _ = scripted(ChatBedrockConverse, answer(*copy.deepcopy(blocks), stop="tool_use"))
    whole = llm.invoke("x")
    llm, _ = scripted(ChatBedrockConverse, copy.deepcopy(events))
    streamed = merged(llm.stream("x"))
    llm, _ = scripted(ChatBedrockConverse, copy.deepcopy(events))
    written = llm.stream_events("x", version="v3").output
    assert said(streamed.content_blocks) == said(whole.content_blocks) == said(written.content_blocks)
    calls = [(call["name"], call["args"], call["id"]) for call in whole.tool_calls]
    for other in (streamed, written):
        assert [(call["name"], call["args"], call["id"]) for call in other.tool_calls] == calls
        assert other.text == whole.text
    llm, _ = scripted(ChatBedrockConverse, copy.deepcopy(events))
    assert_valid_event_stream(list(llm.stream_events("x", version="v3")))


KNOWN = [
    delta(0, text="a"),
    delta(0, reasoningContent={"text": "r"}),
    delta(1, toolUse={"input": '{"a": 1}'}),
    delta(1, toolUse={}),
    delta(0, reasoningContent={"redactedContent": b"\xff"}),
    delta(1, citation={"title": "t"}),
    delta(2, image={"source": {"bytes": b"x"}}),
    delta(2, hologram={"a": 1}),
    delta(2, toolResult=[{"text": "o"}]),
    block_start(0, toolUse={"toolUseId": "t", "name": "f", "input": {}}),
    block_start(1, hologram={}),
    block_start(2, toolResult={"toolUseId": "s", "status": "success"}),
    block_stop(0),
    block_stop(1),
    block_stop(7),
    {"hologram": {"a": 1}},
]


@given(st.lists(st.sampled_from(KNOWN), max_size=8))
def test_no_stream_is_too_odd(events):
    """Deltas without a start, ends without a beginning, unknown events: everything arrives, and nothing fails."""
    llm, _ = scripted(ChatBedrockConverse, [START, *copy.deepcopy(events), *end()])
    streamed = merged(llm.stream("x"))
    llm, _ = scripted(ChatBedrockConverse, [START, *copy.deepcopy(events), *end()])
    written = list(llm.stream_events("x", version="v3"))
    assert_valid_event_stream(written)
    text = "a" * sum(event == KNOWN[0] for event in events)
    assert streamed.text == text
    finished = [e["content"] for e in written if e["event"] == "content-block-finish"]
    assert "".join(block["text"] for block in finished if block["type"] == "text") == text
    redacted = b"\xff" * sum(event == KNOWN[4] for event in events)
    parts = [
        block["reasoning_content"].get("redacted_content")
        for block in streamed.content
        if block["type"] == "reasoning_content"
    ]
    assert b"".join(base64.b64decode(part) for part in parts if part) == redacted
