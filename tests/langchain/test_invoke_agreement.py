"""Whole answers, chunks and content-block events of InvokeModel say the same of the same answer, also of odd ones."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_tests.utils.stream_lifecycle import assert_valid_event_stream

from outcrop.langchain import ChatBedrock
from tests.langchain.fakes import SONNET, merged, scripted
from tests.langchain.test_agreement import ARGS, WORDS, parts

pytestmark = pytest.mark.filterwarnings("ignore:.*beta.*")

TOOL = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}
METRICS = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 4, "outputTokenCount": 2}}


def start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def change(index: int, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The blocks of an answer of Claude's, and the chunks that bring them.

    Servers may use one index for several blocks, leave out what begins and ends them, and send what nobody knows.
    """
    blocks: list[dict[str, Any]] = []
    chunks: list[dict[str, Any]] = [{"type": "message_start", "message": {"role": "assistant", "content": []}}]
    one_index, stops = draw(st.booleans()), draw(st.booleans())
    before = ""
    for position in range(draw(st.integers(0, 4))):
        index = 0 if one_index else position
        # Without an end and a start, what follows of one kind under one index is one block.
        kinds = [k for k in ("text", "thought", "redacted", "call") if stops or not one_index or k != before]
        before = draw(st.sampled_from(kinds))
        begins = draw(st.booleans())
        if before == "text":
            text = draw(WORDS)
            blocks.append({"type": "text", "text": text})
            if begins:
                chunks.append(start(index, type="text", text=""))
            chunks += [change(index, type="text_delta", text=part) for part in draw(parts(text))]
        elif before == "thought":
            text, signature = draw(WORDS), draw(WORDS)
            blocks.append({"type": "thinking", "thinking": text, "signature": signature})
            if begins:
                chunks.append(start(index, type="thinking", thinking="", signature=""))
            chunks += [change(index, type="thinking_delta", thinking=part) for part in draw(parts(text))]
            chunks.append(change(index, type="signature_delta", signature=signature))
        elif before == "redacted":
            data = draw(st.sampled_from(["QUJD", "REVG"]))
            blocks.append({"type": "redacted_thinking", "data": data})
            chunks.append(start(index, type="redacted_thinking", data=data))
        else:
            args = draw(ARGS)
            text = json.dumps(args) if args else draw(st.sampled_from(["", "{}"]))
            use = {"type": "tool_use", "id": f"t{position}", "name": "f"}
            inputs: list[dict[str, Any]] = [{"input": args}, {"input": text}, *([] if args else [{}, {"input": None}])]
            blocks.append({**use, **draw(st.sampled_from(inputs))})
            if args and draw(st.integers(0, 3)) == 0:
                chunks.append(start(index, **use, input=args))
            else:
                chunks.append(start(index, **use, **draw(st.sampled_from([{"input": {}}, {}]))))
                chunks += [change(index, type="input_json_delta", partial_json=part) for part in draw(parts(text))]
        if stops:
            chunks.append({"type": "content_block_stop", "index": index})
        if draw(st.integers(0, 3)) == 0:
            chunks.append({"type": "ping"})
    delta = {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}}
    return blocks, [*chunks, delta, {"type": "message_stop", **METRICS}]


def said(content: list[Any]) -> list[tuple[Any, ...]]:
    """What standard blocks say, however they say it."""
    found: list[tuple[Any, ...]] = []
    for block in content:
        inner = block
        while inner.get("type") == "non_standard":
            inner = inner["value"]
        extras = block.get("extras") or {}
        if block["type"] == "reasoning":
            found.append(("reasoning", block.get("reasoning", ""), extras.get("signature")))
        elif inner.get("type") == "redacted_thinking":
            found.append(("redacted", inner["data"]))
        elif block["type"] == "text":
            if block["text"]:
                found.append(("text", block["text"]))
        elif block["type"] in ("tool_call", "tool_call_chunk"):
            found.append(("tool_call", block["name"], block["args"], block["id"]))
        else:
            found.append((block["type"], json.dumps(inner, sort_keys=True)))
    return found


def asked(answer: Any) -> Any:
    llm, _ = scripted(ChatBedrock, copy.deepcopy(answer), model=SONNET, model_kwargs={"thinking": {"type": "enabled"}})
    return llm.bind_tools([TOOL])


@given(answers())
def test_whole_answers_chunks_and_events_of_claude_agree(made):
    blocks, chunks = made
    whole = asked({"content": blocks, "stop_reason": "tool_use"}).invoke("x")
    streamed = merged(asked(chunks).stream("x"))
    events = asked(chunks).stream_events("x", version="v3")
    written = events.output
    calls = [(call["name"], call["args"], call["id"]) for call in whole.tool_calls]
    for other in (streamed, written):
        assert [(call["name"], call["args"], call["id"]) for call in other.tool_calls] == calls
        assert other.text == whole.text
    assert said(streamed.content_blocks) == said(written.content_blocks)
    if isinstance(whole.content, list):  # of texts and calls alone, a whole answer keeps the text
        assert said(streamed.content_blocks) == said(whole.content_blocks)
    assert_valid_event_stream(list(asked(chunks).stream_events("x", version="v3")))


KNOWN = [
    change(0, type="text_delta", text="a"),
    change(0, type="thinking_delta", thinking="r"),
    change(0, type="signature_delta", signature="s"),
    change(1, type="input_json_delta", partial_json='{"a": 1}'),
    change(1, type="hologram_delta", a=1),
    change(1),
    start(0, type="text", text="a"),
    start(0, type="tool_use", id="t", name="f", input={}),
    start(1, type="redacted_thinking", data="QUJD"),
    start(2, type="hologram", a=1),
    start(2),
    {"type": "content_block_stop", "index": 0},
    {"type": "content_block_stop", "index": 7},
    {"type": "ping"},
    {"type": "hologram"},
    {},
]


@given(st.lists(st.sampled_from(KNOWN), max_size=8))
def test_no_stream_of_claudes_is_too_odd(chunks):
    """Deltas without a start, ends without a beginning, unknown events: everything arrives, and nothing fails."""
    end = [{"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, {"type": "message_stop", **METRICS}]
    streamed = merged(asked([*chunks, *end]).stream("x"))
    text = "a" * sum(chunk in (KNOWN[0], KNOWN[6]) for chunk in chunks)
    assert streamed.text == text
    redacted = [block for block in streamed.content if block.get("type") == "redacted_thinking"]
    assert len(redacted) == sum(chunk == KNOWN[8] for chunk in chunks)
    assert asked([*chunks, *end]).stream_events("x", version="v3").output.text == text


# --- other formats ----------------------------------------------------------------------------------------------------


@st.composite
def completions(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A message in OpenAI's format, and the chunks that bring it: servers count calls, or do not."""
    text = draw(st.just("") | WORDS)
    counts = draw(st.sampled_from(["counted", "one", "none"]))
    calls: list[dict[str, Any]] = []
    chunks = [{"choices": [{"delta": {"content": part}}]} for part in draw(parts(text))]
    for position in range(draw(st.integers(0, 3))):
        args = json.dumps(draw(ARGS))
        call = {"id": f"t{position}", "type": "function", "function": {"name": "f", "arguments": args}}
        calls.append(call)
        count = {"counted": {"index": position}, "one": {"index": 0}, "none": {}}[counts]
        begin, *rest = draw(parts(args))
        chunks.append(
            {"choices": [{"delta": {"tool_calls": [{**call, **count, "function": {"name": "f", "arguments": begin}}]}}]}
        )
        chunks += [
            {"choices": [{"delta": {"tool_calls": [{**count, "function": {"arguments": part}}]}}]} for part in rest
        ]
    message = {"role": "assistant", "content": text or None, **({"tool_calls": calls} if calls else {})}
    return message, [*chunks, {"choices": [{"delta": {}, "finish_reason": "stop"}], **METRICS}]


@given(completions(), st.sampled_from(["openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0"]))
def test_whole_answers_chunks_and_events_of_openais_format_agree(made, model):
    message, chunks = made

    def scripted_with(answer: Any) -> Any:
        llm, _ = scripted(ChatBedrock, copy.deepcopy(answer), model=model)
        return llm.bind_tools([TOOL])

    whole = scripted_with({"choices": [{"message": message, "finish_reason": "stop"}]}).invoke("x")
    streamed = merged(scripted_with(chunks).stream("x"))
    written = scripted_with(chunks).stream_events("x", version="v3").output
    calls = [(call["name"], call["args"], call["id"]) for call in whole.tool_calls]
    for other in (streamed, written):
        assert [(call["name"], call["args"], call["id"]) for call in other.tool_calls] == calls
        assert other.text == whole.text
    assert said(streamed.content_blocks) == said(whole.content_blocks) == said(written.content_blocks)


TEXTS = {
    "us.meta.llama3-3-70b-instruct-v1:0": lambda text, reason: {"generation": text, "stop_reason": reason},
    "mistral.mistral-large-2402-v1:0": lambda text, reason: {"outputs": [{"text": text, "stop_reason": reason}]},
    "us.deepseek.r1-v1:0": lambda text, reason: {"choices": [{"text": text, "stop_reason": reason}]},
}


@given(WORDS, st.data(), st.sampled_from(list(TEXTS)))
def test_whole_answers_chunks_and_events_of_texts_agree(text, data, model):
    form = TEXTS[model]
    chunks = [form(part, None) for part in data.draw(parts(text))] + [{**form("", "stop"), **METRICS}]
    whole = scripted(ChatBedrock, form(text, "stop"), model=model)[0].invoke("x")
    assert whole.text == text
    assert merged(scripted(ChatBedrock, chunks, model=model)[0].stream("x")).text == text
    assert scripted(ChatBedrock, chunks, model=model)[0].stream_events("x", version="v3").output.text == text
