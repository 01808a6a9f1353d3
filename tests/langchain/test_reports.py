"""What users of other clients reported and this one has right: kept so."""

from __future__ import annotations

import base64
import json
import warnings
from typing import Any

import pytest
from langchain_core.messages import AIMessage, ChatMessage, HumanMessage, ToolMessage
from pydantic import BaseModel

from outcrop.langchain import BedrockEmbeddings, ChatBedrockConverse
from tests.langchain.fakes import SONNET, START, answer, block_stop, delta, end, merged, scripted
from tests.langchain.rules import refusals

HI = answer({"text": "hi"})
TOOL = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}
PDF = base64.b64encode(b"hi").decode()


class Mineral(BaseModel):
    """A mineral."""

    name: str


def sent(history: list[Any], *, model: str = SONNET, **call: Any) -> list[dict[str, Any]]:
    llm, script = scripted(ChatBedrockConverse, HI, model=model)
    llm.bind_tools([TOOL]).invoke(history, **call)
    assert refusals(script.request) == []
    return script.request["messages"]


async def test_no_text_beside_encrypted_reasoning(side):
    block = {"reasoningContent": {"reasoningText": None, "redactedContent": b"x"}}
    llm, _ = scripted(ChatBedrockConverse, answer(block, {"text": "hi"}))
    message = await side.invoke(llm, "x")
    assert message.content[0]["reasoning_content"] == {"redacted_content": "eA=="}
    events = [START, delta(0, reasoningContent={"redactedContent": b"x", "text": None}), block_stop(0), *end()]
    llm, _ = scripted(ChatBedrockConverse, events)
    assert merged(await side.stream(llm, "x")).content[0]["reasoning_content"] == {"redacted_content": "eA=="}


def test_thoughts_that_were_left_out_keep_their_signature():
    thought = {"type": "reasoning_content", "reasoning_content": {"text": "", "signature": "s"}}
    about = {"model_provider": "bedrock_converse", "model_name": SONNET}
    turns = sent(
        [
            HumanMessage("q"),
            AIMessage([thought, {"type": "text", "text": "x"}], response_metadata=about),
            HumanMessage("z"),
        ]
    )
    assert turns[1]["content"][0] == {"reasoningContent": {"reasoningText": {"text": "", "signature": "s"}}}


def test_a_pdf_without_a_name_in_a_result():
    call = {"id": "t1", "name": "f", "args": {}}
    file = {"type": "file", "base64": PDF, "mime_type": "application/pdf"}
    with pytest.warns(UserWarning, match="a document has no name"):
        turns = sent([HumanMessage("q"), AIMessage("", tool_calls=[call]), ToolMessage([file], tool_call_id="t1")])
    assert turns[2]["content"][0]["toolResult"]["content"][0]["document"]["name"]


def test_a_cache_point_in_a_wrapping():
    point = {"type": "non_standard", "value": {"cachePoint": {"type": "default"}}}
    assert sent([HumanMessage([{"type": "text", "text": "q"}, point])])[0]["content"][1] == {
        "cachePoint": {"type": "default"}
    }


def test_answers_of_unlike_metadata_in_a_row():
    about = [{"metrics": {"latencyMs": [1]}}, {"metrics": {"latencyMs": 2}, "other": 1}]
    turns = sent([HumanMessage("q"), *(AIMessage("a", response_metadata=it) for it in about), HumanMessage("z")])
    assert turns[1]["content"] == [{"text": "a\na"}]


def test_blocks_of_one_index_in_answers_in_a_row_stay_apart():
    calls = [{"id": f"t{n}", "name": "f", "args": {"n": n}} for n in (1, 2)]
    answers = [
        AIMessage([{"type": "tool_use", "name": "f", "input": "", "index": 0, "id": c["id"]}], tool_calls=[c])
        for c in calls
    ]
    turns = sent([HumanMessage("q"), *answers, *(ToolMessage("r", tool_call_id=c["id"]) for c in calls)])
    assert [block["toolUse"]["input"] for block in turns[1]["content"]] == [{"n": 1}, {"n": 2}]


def test_the_role_of_developers_is_that_of_the_system():
    llm, script = scripted(ChatBedrockConverse, HI)
    llm.invoke([ChatMessage("be brief", role="developer"), HumanMessage("q")])
    assert script.request["system"] == [{"text": "be brief"}]


def test_deepseek_v3_is_not_forced_while_it_thinks():
    fields = {"reasoning_effort": "high"}
    llm = ChatBedrockConverse(model="deepseek.v3-v1:0", additional_model_request_fields=fields)
    assert llm.supports_tool_choice_values == ("auto",)


def test_strict_in_a_call():
    llm, script = scripted(ChatBedrockConverse, HI)
    llm.invoke("x", tools=[TOOL], strict=True)
    assert script.request["toolConfig"]["tools"][0]["toolSpec"]["strict"] is True


async def test_cohere_embeds_documents_as_documents_and_answers_by_type(side):
    model, script = scripted(BedrockEmbeddings, {"embeddings": {"float": [[1.0]]}}, model="cohere.embed-v4:0")
    made = await model.aembed_documents(["a"]) if side.is_async else model.embed_documents(["a"])
    assert made == [[1.0]]
    assert json.loads(script.request["body"])["input_type"] == "search_document"


def test_a_model_that_continues_no_answer_is_asked_for_json():
    llm, script = scripted(
        ChatBedrockConverse, answer({"text": '{"name": "talc"}'}), model="us.anthropic.claude-opus-4-8"
    )
    with pytest.warns(UserWarning, match="continues no answer, so method='json_mode' is used"):
        structured = llm.with_structured_output(Mineral, method="prompt_prefill")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert structured.invoke("x") == Mineral(name="talc")
    assert script.request["messages"][-1]["role"] == "user"
