"""InvokeModel in each publisher's own format: on the local Bedrock, or with the answers that AWS documents."""

from __future__ import annotations

import base64
import contextlib
import json

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from outcrop.exceptions import StreamCutError
from outcrop.langchain import ChatBedrock
from tests.langchain.fakes import merged, scripted
from tests.support import frames
from tests.support.server import Answer, Server, json_answer
from tests.support.sides import KEYS

EMULATED = {
    "anthropic": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "nova": "us.amazon.nova-lite-v1:0",
    "openai": "us.openai.gpt-6-astra",
    "open weights": "openai.gpt-oss-120b-1:0",
    "qwen": "qwen.qwen3-32b-v1:0",
    "llama 3": "us.meta.llama3-3-70b-instruct-v1:0",
    "llama 4": "us.meta.llama4-scout-17b-instruct-v1:0",
    "mistral": "mistral.mistral-large-2402-v1:0",
}
ON_INVOKE_MODEL = {"beta_use_converse_api": False}
CONVERSATION = [
    SystemMessage("You know minerals."),
    HumanMessage("Is quartz hard?"),
    AIMessage("It is."),
    HumanMessage("And talc?"),
]
CALLING = ["anthropic", "openai", "open weights", "qwen"]
TOOL = {
    "name": "hardness",
    "description": "Look up a mineral's hardness.",
    "parameters": {"type": "object", "properties": {"mineral": {"type": "string"}}, "required": ["mineral"]},
}


@pytest.fixture(params=EMULATED)
def llm(request, emulator):
    return ChatBedrock(model=EMULATED[request.param], max_tokens=200, **ON_INVOKE_MODEL, **emulator.connection)


async def test_a_conversation_is_answered(side, llm, emulator):
    message = await side.invoke(llm, CONVERSATION)
    entry = emulator.journal[-1]
    assert (entry.operation, entry.model_id) == ("InvokeModel", llm.model_id)
    assert all(text in entry.body.decode() for text in ("You know minerals.", "Is quartz hard?", "It is.", "And talc?"))
    assert message.text
    assert message.usage_metadata["input_tokens"] > 0
    assert message.usage_metadata["output_tokens"] > 0
    about = message.response_metadata
    assert (about["model_provider"], about["model_name"]) == ("bedrock", llm.model_id)
    assert about["stop_reason"] in {"end_turn", "stop"}


async def test_the_same_answer_is_streamed(side, llm, emulator):
    whole = await side.invoke(llm, CONVERSATION)
    chunks = await side.stream(llm, CONVERSATION)
    assert emulator.journal[-1].operation == "InvokeModelWithResponseStream"
    assert len([chunk for chunk in chunks if chunk.text]) > 5
    assert sum(chunk.usage_metadata is not None for chunk in chunks) == 1
    streamed = merged(chunks)
    assert streamed.text == whole.text
    assert streamed.usage_metadata["total_tokens"] == whole.usage_metadata["total_tokens"]
    assert streamed.response_metadata["stop_reason"] == whole.response_metadata["stop_reason"]
    assert streamed.response_metadata["model_name"] == llm.model_id


async def test_a_limit_is_kept(side, llm):
    short = llm.model_copy(update={"max_tokens": 3})
    message = await side.invoke(short, CONVERSATION)
    assert message.usage_metadata["output_tokens"] == 3
    assert message.response_metadata["stop_reason"] in {"max_tokens", "length"}


async def test_the_sampling_temperature_is_sent_to_models_that_take_one(side, llm, emulator):
    warm = llm.model_copy(update={"temperature": 0.25})
    takes = (llm.profile or {}).get("temperature") is not False
    with contextlib.nullcontext() if takes else pytest.warns(UserWarning, match="does not support temperature"):
        await side.invoke(warm, "Hello")
    body = json.loads(emulator.journal[-1].body)
    assert {**body, **body.get("inferenceConfig", {})}.get("temperature") == (0.25 if takes else None)


async def test_an_answer_ends_at_a_stop_sequence(side, llm):
    whole = (await side.invoke(llm, "Hello")).text
    word = whole.split()[4]
    assert (await side.invoke(llm, "Hello", stop=[word])).text == whole.partition(word)[0]


async def test_llama_has_no_stop_sequences_for_a_stream(side, emulator):
    llm = ChatBedrock(model=EMULATED["llama 4"], **emulator.connection)
    with pytest.raises(ValueError, match=r"stop sequence key name for meta is not supported.*Use ChatBedrockConverse"):
        await side.stream(llm, "Hello", stop=["x"])


@pytest.mark.parametrize("publisher", CALLING)
async def test_tools_are_called_and_answered(side, emulator, publisher):
    llm = ChatBedrock(model=EMULATED[publisher], max_tokens=2000, **emulator.connection)
    able = llm.bind_tools([TOOL], tool_choice="any")
    asked = HumanMessage('Look up the hardness of "Quartz".')
    message = await side.invoke(able, [asked])
    (call,) = message.tool_calls
    assert (call["name"], call["args"]) == ("hardness", {"mineral": "Quartz"})
    streamed = merged(await side.stream(able, [asked]))
    assert streamed.tool_calls[0]["args"] == call["args"]
    result = ToolMessage("7", tool_call_id=call["id"])
    assert (await side.invoke(llm.bind_tools([TOOL]), [asked, message, result])).text


CALLED = [{"name": "f", "args": {"a": 1}, "id": "t1"}]
ELSEWHERE = {
    "converse": AIMessage(
        [
            {"type": "reasoning_content", "reasoning_content": {"text": "r", "signature": "s"}},
            {"type": "text", "text": "x"},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
        ],
        tool_calls=CALLED,
        response_metadata={"model_provider": "bedrock_converse"},
    ),
    "converse v1": AIMessage(
        [
            {"type": "reasoning", "reasoning": "r", "extras": {"signature": "s"}},
            {"type": "text", "text": "x"},
            {"type": "tool_call", "id": "t1", "name": "f", "args": {"a": 1}},
        ],
        tool_calls=CALLED,
        response_metadata={"model_provider": "bedrock_converse", "output_version": "v1"},
    ),
    "openai": AIMessage(
        [
            {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "r"}]},
            {"type": "text", "text": "x", "annotations": []},
            {"type": "function_call", "call_id": "t1", "name": "f", "arguments": '{"a": 1}', "id": "c"},
        ],
        tool_calls=CALLED,
        response_metadata={"model_provider": "openai"},
    ),
    "v1": AIMessage(
        [
            {"type": "reasoning", "reasoning": "r"},
            {"type": "text", "text": "x"},
            {"type": "server_tool_call", "id": "s", "name": "web_search", "args": {}},
            {"type": "tool_call", "id": "t1", "name": "f", "args": {"a": 1}},
        ],
        tool_calls=CALLED,
        response_metadata={"model_provider": "google_genai", "output_version": "v1"},
    ),
}


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
async def test_a_conversation_that_began_elsewhere_goes_on(side, elsewhere):
    history = [HumanMessage("q"), ELSEWHERE[elsewhere], ToolMessage("7", tool_call_id="t1")]
    tools = [{**TOOL, "name": "f"}]
    claude, script = scripted(ChatBedrock, {"content": [{"type": "text", "text": "hi"}]})
    await side.invoke(claude.bind_tools(tools), history)
    (_, turn, _) = json.loads(script.request["body"])["messages"]
    thought = [{"type": "thinking", "thinking": "r", "signature": "s"}] if elsewhere.startswith("converse") else []
    used = {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}}
    assert turn["content"] == [*thought, {"type": "text", "text": "x"}, used]
    done = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}
    gpt, script = scripted(ChatBedrock, done, model=EMULATED["open weights"])
    await side.invoke(gpt.bind_tools(tools), history)
    (_, turn, _) = json.loads(script.request["body"])["messages"]
    assert (turn["content"], turn["tool_calls"][0]["id"]) == ("x", "t1")
    llama, script = scripted(ChatBedrock, {"generation": "hi", "stop_reason": "stop"}, model=EMULATED["llama 3"])
    await side.invoke(llama, [HumanMessage("q"), AIMessage([*ELSEWHERE[elsewhere].content[:2]]), HumanMessage("z")])
    assert "<|end_header_id|>x<|eot_id|>" in json.loads(script.request["body"])["prompt"]


async def test_tools_and_schemas_of_a_call_are_written_in_the_format_of_its_model(side, emulator):
    llm = ChatBedrock(model=EMULATED["anthropic"], max_tokens=2000, **emulator.connection)
    tool = convert_to_openai_tool(TOOL)
    for model in (EMULATED["anthropic"], EMULATED["open weights"]):
        message = await side.invoke(
            llm, 'Look up the hardness of "Quartz".', tools=[tool], tool_choice="any", model=model
        )
        assert message.tool_calls[0]["name"] == "hardness"
    with pytest.warns(UserWarning, match="has no tools: they are not sent"):
        await side.invoke(llm, "Hello", tools=[tool], model=EMULATED["llama 3"])
    assert b"hardness" not in emulator.journal[-1].body


STYLES = [
    ("required", "any"),
    (True, "any"),
    ({"any": {}}, "any"),
    ({"type": "any"}, "any"),
    ("auto", "auto"),
    ({"type": "auto"}, "auto"),
    ("none", "none"),
    ("hardness", "hardness"),
    ({"tool": {"name": "hardness"}}, "hardness"),
    ({"type": "tool", "name": "hardness"}, "hardness"),
    ({"type": "function", "function": {"name": "hardness"}}, "hardness"),
]


@pytest.mark.parametrize(("given", "meant"), STYLES)
def test_a_tool_choice_may_be_in_anybodys_style(given, meant):
    claude = ChatBedrock(model=EMULATED["anthropic"], **KEYS).bind_tools([TOOL], tool_choice=given)
    named = {"type": "tool", "name": "hardness"} if meant == "hardness" else {"type": meant}
    assert claude.kwargs["tool_choice"] == named
    gpt = ChatBedrock(model=EMULATED["openai"], **KEYS).bind_tools([TOOL], tool_choice=given)
    function = {"type": "function", "function": {"name": "hardness"}}
    assert gpt.kwargs["tool_choice"] == {"hardness": function, "any": "required"}.get(meant, meant)


@pytest.mark.parametrize("publisher", ["anthropic", "openai"])
@pytest.mark.parametrize("choice", [3, {"type": "sometimes"}])
def test_a_tool_choice_that_is_none_says_what_there_is(publisher, choice):
    with pytest.raises(ValueError, match=r"unrecognized tool_choice .* pass 'auto', 'any', a tool's name"):
        ChatBedrock(model=EMULATED[publisher], **KEYS).bind_tools([TOOL], tool_choice=choice)


@pytest.mark.parametrize("publisher", CALLING)
async def test_structured_output(side, emulator, publisher):
    llm = ChatBedrock(model=EMULATED[publisher], max_tokens=2000, **emulator.connection)
    schema = {"title": "Mineral", "description": "A mineral.", **TOOL["parameters"]}
    made = await side.invoke(llm.with_structured_output(schema), 'The mineral "Quartz".')
    assert made == {"mineral": "Quartz"}


@pytest.mark.parametrize("publisher", ["llama 4", "mistral"])
def test_a_format_without_tools_says_so(emulator, publisher):
    llm = ChatBedrock(model=EMULATED[publisher], **emulator.connection)
    with pytest.warns(UserWarning, match=r"has no tools: they are not sent\. Use ChatBedrockConverse"):
        assert llm.bind_tools([TOOL]) is llm
    with pytest.raises(ValueError, match=r"structured output is not supported .* use ChatBedrockConverse"):
        llm.with_structured_output(TOOL["parameters"])


@pytest.mark.parametrize("model", ["cohere.command-r-plus-v1:0", "ai21.jamba-1-5-mini-v1:0", "zai.glm-4.6"])
async def test_other_publishers_are_sent_to_converse(side, model):
    llm = ChatBedrock(model=model, **KEYS)
    with pytest.raises(NotImplementedError, match="use ChatBedrockConverse, or beta_use_converse_api=True"):
        await side.invoke(llm, "Hello")


# --- formats that the local Bedrock does not speak --------------------------------------------------------------------

METRICS = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 4, "outputTokenCount": 2}}
COUNTS = {"X_Amzn_Bedrock_Input_Token_Count": "4", "X_Amzn_Bedrock_Output_Token_Count": "2"}
_ANSWER = "<|Assistant|>\n\n"
DOCUMENTED = {
    "us.deepseek.r1-v1:0": (
        {"choices": [{"text": "Talc is soft.", "stop_reason": "stop"}]},
        [
            {"choices": [{"text": "Talc "}]},
            {"choices": [{"text": "is soft.", "stop_reason": "stop"}], **METRICS},
        ],
        {"max_tokens": 20, "temperature": 0.5, "stop": ["x"]},
        "\n<|begin_of_sentence|>You know minerals.<|User|>Is quartz hard?<|Assistant|>It is.<|User|>And talc?"
        + _ANSWER,
    ),
    "us.writer.palmyra-x5-v1:0": (
        {"choices": [{"message": {"role": "assistant", "content": "Talc is soft."}, "finish_reason": "stop"}]},
        [
            {"choices": [{"delta": {"content": "Talc "}}]},
            {"choices": [{"delta": {"content": "is soft."}, "finish_reason": "stop"}]},
            {"choices": [], **METRICS},
            "[DONE]",
        ],
        {"max_tokens": 20, "temperature": 0.5, "stop": ["x"]},
        "<<SYS>> You know minerals. <</SYS>>\n[INST] Is quartz hard? [/INST]\nIt is.\n[INST] And talc? [/INST]",
    ),
    "amazon.titan-text-express-v1": (
        {
            "inputTextTokenCount": 4,
            "results": [{"tokenCount": 2, "outputText": "Talc is soft.", "completionReason": "FINISH"}],
        },
        [
            {"outputText": "Talc ", "index": 0, "completionReason": None},
            {"outputText": "is soft.", "index": 0, "completionReason": "FINISH", **METRICS},
        ],
        {"textGenerationConfig": {"maxTokenCount": 20, "temperature": 0.5, "stopSequences": ["x"]}},
        "You know minerals.\n\nUser: Is quartz hard?\n\nBot: It is.\n\nUser: And talc?\n\nBot:",
    ),
}


@pytest.fixture(params=DOCUMENTED)
def documented(request):
    """A model whose answers are what AWS documents, and the server that gives them."""
    with Server() as server:
        yield (
            ChatBedrock(
                model=request.param, max_tokens=20, temperature=0.5, stop=["x"], endpoint_url=server.url, **KEYS
            ),
            server,
            DOCUMENTED[request.param],
        )


async def test_a_documented_answer_is_read(side, documented):
    llm, server, (answer, _, sent, prompt) = documented
    server.play(json_answer(json.dumps(answer).encode(), **COUNTS))
    message = await side.invoke(llm, CONVERSATION)
    body = json.loads(server.take().body)
    assert body.pop("prompt" if "prompt" in body else "inputText") == prompt
    assert body == sent
    assert message.text == "Talc is soft."
    assert message.usage_metadata["input_tokens"] == 4
    assert message.usage_metadata["output_tokens"] == 2
    assert message.response_metadata["stop_reason"] in {"stop", "FINISH"}


async def test_a_documented_stream_is_read(side, documented):
    llm, server, (_, chunks, _, _) = documented
    server.play(stream_of(chunks))
    read = await side.stream(llm, CONVERSATION)
    whole = merged(read)
    assert [chunk.text for chunk in read if chunk.text] == ["Talc ", "is soft."]
    assert whole.usage_metadata["total_tokens"] == 6
    assert whole.response_metadata["stop_reason"] in {"stop", "FINISH"}


async def test_a_stream_that_is_cut_is_an_error(side, documented):
    llm, server, (_, chunks, _, _) = documented
    server.play(stream_of(chunks[:1]))
    with pytest.raises(StreamCutError, match=r"ended without .*, so the answer is not whole"):
        await side.stream(llm, CONVERSATION)


def stream_of(chunks):
    payloads = [base64.b64encode(json.dumps(chunk).encode()).decode() for chunk in chunks]
    events = [frames.event("chunk", {"bytes": payload}) for payload in payloads]
    return Answer(200, {"Content-Type": frames.CONTENT_TYPE}, b"".join(events))
