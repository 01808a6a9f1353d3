"""The local Bedrock refuses what Bedrock refuses, a line a rule, and takes what it takes."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from outcrop.emulator import Emulator
from outcrop.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
OPUS_8 = "us.anthropic.claude-opus-4-8"
LITE = "us.amazon.nova-lite-v1:0"
MICRO = "us.amazon.nova-micro-v1:0"
NOVA_2 = "us.amazon.nova-2-lite-v1:0"
LLAMA = "us.meta.llama3-3-70b-instruct-v1:0"
LLAMA_4 = "us.meta.llama4-scout-17b-instruct-v1:0"
MISTRAL_7B = "mistral.mistral-7b-instruct-v0:2"
R1 = "us.deepseek.r1-v1:0"

MODEL = "The model returned the following errors: "
TEXT = {"text": "What is this?"}
IMAGE = {"image": {"format": "png", "source": {"bytes": b"png"}}}
JPEG = b"\xff\xd8\xff\xe0 and more of it"
PHOTO = {"format": "jpeg", "source": {"bytes": JPEG}}
VIDEO = {"video": {"format": "mp4", "source": {"bytes": b"mp4"}}}
POINT = {"cachePoint": {"type": "default"}}
S3 = {"s3Location": {"uri": "s3://rocks/a"}}
SPEC = {"name": "look", "description": "Looks.", "inputSchema": {"json": {"type": "object", "properties": {}}}}
TOOLS = {"tools": [{"toolSpec": SPEC}]}
CALL = {"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}
RESULT = {"toolResult": {"toolUseId": "t1", "content": [{"text": "quartz"}]}}
THOUGHT = {"reasoningContent": {"reasoningText": {"text": "So.", "signature": "c2ln"}}}
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 1024}}


def document(name: str = "a", kind: str = "pdf", content: bytes = b"text", **source: Any) -> dict[str, Any]:
    return {"document": {"name": name, "format": kind, "source": source or {"bytes": content}}}


def user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def model(*blocks: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def asked(*turns: Any, **members: Any) -> dict[str, Any]:
    return {"messages": list(turns) or [user(TEXT)], **members}


def schema(**root: Any) -> dict[str, Any]:
    return {"toolConfig": {"tools": [{"toolSpec": {**SPEC, "inputSchema": {"json": root}}}]}}


def strict(**field: Any) -> dict[str, Any]:
    root = {"type": "object", "properties": {"a": field}, "additionalProperties": False}
    return {"toolConfig": {"tools": [{"toolSpec": {**SPEC, "strict": True, "inputSchema": {"json": root}}}]}}


def native(root: dict[str, Any]) -> dict[str, Any]:
    structure = {"jsonSchema": {"name": "answer", "schema": json.dumps(root)}}
    return {"outputConfig": {"textFormat": {"type": "json_schema", "structure": structure}}}


def closed(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def choice(kind: str) -> dict[str, Any]:
    return {"toolConfig": {**TOOLS, "toolChoice": {kind: {"name": "look"} if kind == "tool" else {}}}}


def settings(**members: Any) -> dict[str, Any]:
    return {"inferenceConfig": members}


def fields(**members: Any) -> dict[str, Any]:
    return {"additionalModelRequestFields": members}


LOOP = [user(TEXT), model(CALL), user(RESULT)]

RECORDED: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "video",
        SONNET,
        asked(user(TEXT, VIDEO)),
        "This model doesn't support the video content block that you provided.",
    ),
    (
        "an image in S3",
        SONNET,
        asked(user(TEXT, {"image": {"format": "png", "source": S3}})),
        "This model doesn't support the s3Uri field. Remove s3Uri and try again.",
    ),
    (
        "a document in S3",
        SONNET,
        asked(user(TEXT, document(**S3))),
        f"{MODEL}messages.0.content.1.document.source.type: Field required",
    ),
    (
        "a document in S3 in a result",
        NOVA_2,
        asked(
            *LOOP[:2],
            user({"toolResult": {"toolUseId": "t1", "content": [document(**S3)]}}),
            toolConfig=TOOLS,
        ),
        f"{MODEL}Malformed input request: #/messages/2/content/0: extraneous key [toolResult] is not permitted",
    ),
    ("too long a prompt", NOVA_2, asked(user({"text": "a b " * 600_000})), f"{MODEL}Input Tokens Exceeded: "),
]

DOCUMENTED: list[tuple[str, str, dict[str, Any], str]] = [
    ("an image", MICRO, asked(user(TEXT, IMAGE)), "This model doesn't support the image content block"),
    ("21 images", SONNET, asked(user(TEXT, *[IMAGE] * 21)), "has 21 images. The limit is 20."),
    (
        "an image of 4 MB",
        SONNET,
        asked(user(TEXT, {"image": {"format": "png", "source": {"bytes": bytes(4_000_000)}}})),
        "image exceeds 5 MB maximum: 5333336 bytes > 5242880 bytes",
    ),
    ("six documents", SONNET, asked(user(TEXT, *[document(name) for name in "abcdef"])), "has 6 documents"),
    ("a document of 5 MB", SONNET, asked(user(TEXT, document(content=bytes(5_000_000)))), "is larger than 4.5 MB"),
    ("a small budget", SONNET, asked(**fields(thinking={"type": "enabled", "budget_tokens": 1})), "equal to 1024"),
    (
        "a budget above the limit",
        SONNET,
        asked(**settings(maxTokens=1024), **fields(**THINKING)),
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ),
    (
        "a forced call while thinking",
        SONNET,
        asked(**choice("any"), **fields(**THINKING)),
        "Thinking may not be enabled",
    ),
    (
        "temperature while thinking",
        SONNET,
        asked(**settings(temperature=0.5), **fields(**THINKING)),
        "`temperature` may only be set to 1",
    ),
    ("top_k while thinking", SONNET, asked(**fields(top_k=5, **THINKING)), "`top_k` must be unset"),
    (
        "prefill while thinking",
        SONNET,
        asked(user(TEXT), model({"text": "It is"}), **fields(**THINKING)),
        "Expected `thinking` or `redacted_thinking`, but found `text`",
    ),
    ("a system prompt", MISTRAL_7B, asked(system=[TEXT]), "This model doesn't support system messages."),
    ("tools", MISTRAL_7B, asked(toolConfig=TOOLS), "This model doesn't support tool use."),
    ("a named tool", LLAMA, asked(**choice("tool")), "support the toolConfig.toolChoice.tool field"),
    (
        "five cache points",
        SONNET,
        asked(user(*[TEXT, POINT] * 5)),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    (
        "an hour behind minutes",
        SONNET,
        asked(user(TEXT, POINT, TEXT, {"cachePoint": {"type": "default", "ttl": "1h"}})),
        "a ttl='1h' cache_control block must not come after",
    ),
]

REPORTED: list[tuple[str, str, dict[str, Any], str]] = [
    ("two ways of sampling", SONNET, asked(**settings(temperature=0.5, topP=0.5)), f"{MODEL}`temperature` and `top_p`"),
    ("temperature", OPUS_8, asked(**settings(temperature=0.5)), f"{MODEL}`temperature` is deprecated for this model."),
    ("topP", OPUS_8, asked(**settings(topP=0.5)), f"{MODEL}`top_p` is deprecated for this model."),
    ("prefill", OPUS_8, asked(user(TEXT), model({"text": "It is"})), "does not support assistant message prefill"),
    (
        "prefill of Llama",
        LLAMA,
        asked(user(TEXT), model({"text": "It"})),
        "A conversation must end with a user message.",
    ),
    ("thinking of yesterday", OPUS_8, asked(**fields(**THINKING)), '"thinking.type.enabled" is not supported'),
    (
        "thinking of tomorrow",
        SONNET,
        asked(**fields(thinking={"type": "adaptive"})),
        "adaptive thinking is not supported on this model",
    ),
    ("a prompt of 200,000 tokens", HAIKU, asked(user({"text": "a b " * 120_000})), "tokens > 200000 maximum"),
    (
        "too long an answer",
        SONNET,
        asked(**settings(maxTokens=64_001)),
        "The maximum tokens you requested exceeds the model limit of 64000.",
    ),
    ("too long an answer of Nova", LITE, asked(**settings(maxTokens=10_001)), "exceeds the model limit of 10000."),
    ("an unknown member", SONNET, asked(**fields(nonsense=1)), f"{MODEL}nonsense: Extra inputs are not permitted"),
    *(
        (
            f"a document named {name!r}",
            SONNET,
            asked(user(TEXT, document(name))),
            "The document file name can only contain",
        )
        for name in ("draft_v1.2", "John's report", "two  spaces", "été", "a\u3000b")
    ),
    (
        "a document's name twice",
        LITE,
        asked(user(TEXT, document()), model(TEXT), user(TEXT, document())),
        "Messages can't contain duplicate document names.",
    ),
    ("tools of Llama 4 in a stream", LLAMA_4, asked(toolConfig=TOOLS), "tool use in streaming mode."),
    ("any tool of Llama", LLAMA, asked(**choice("any")), "support the toolConfig.toolChoice.any field"),
    ("a schema of a list", SONNET, asked(**schema(type="array")), "must be one of the following: object."),
    ("a schema without a type", SONNET, asked(**schema(properties={})), "must be one of the following: object."),
    (
        "properties in a list",
        SONNET,
        asked(**schema(type="object", properties=[])),
        "Input should be a valid dictionary",
    ),
    (
        "a union at the root",
        SONNET,
        asked(**schema(type="object", anyOf=[{"required": []}])),
        "input_schema does not support oneOf, allOf, or anyOf at the top level",
    ),
    (
        "limits in a schema",
        SONNET,
        asked(**native(closed(stars={"type": "integer", "minimum": 1, "maximum": 5}))),
        "For 'integer' type, properties maximum, minimum are not supported",
    ),
    (
        "multiples in a schema",
        SONNET,
        asked(**native(closed(stars={"type": "number", "multipleOf": 2}))),
        "For 'number' type, property 'multipleOf' is not supported",
    ),
    (
        "a longest list in a schema",
        SONNET,
        asked(**native(closed(tags={"type": "array", "items": {"type": "string"}, "maxItems": 3}))),
        "For 'array' type, property 'maxItems' is not supported",
    ),
    (
        "an open schema",
        SONNET,
        asked(**native({"type": "object", "properties": {}})),
        "'additionalProperties' must be explicitly set to false",
    ),
    (
        "a map in a schema",
        SONNET,
        asked(**native(closed(a={"type": "object", "additionalProperties": {"type": "string"}}))),
        "'additionalProperties: object' is not supported",
    ),
    (
        "a longest list in a strict tool",
        SONNET,
        asked(**strict(type="array", maxItems=3)),
        "tools.0.custom: For 'array'",
    ),
    ("a cache point first", SONNET, asked(user(POINT, TEXT)), f"{MODEL}messages.0.content.0.type: Field required"),
    ("a cache point behind a text", SONNET, asked(user(TEXT, document(kind="txt"), POINT)), "content.2.type: Field"),
    (
        "a cache point behind reasoning",
        SONNET,
        asked(user(TEXT), model(THOUGHT, POINT, TEXT), user(TEXT)),
        "messages.1.content.1.type: Field required",
    ),
    (
        "text behind a call",
        SONNET,
        asked(user(TEXT), model(CALL, TEXT), user(RESULT), toolConfig=TOOLS),
        "`tool_use` ids were found without `tool_result` blocks immediately after: t1.",
    ),
    (
        "text before a result",
        SONNET,
        asked(user(TEXT), model(CALL), user(TEXT, RESULT), toolConfig=TOOLS),
        "`tool_use` ids were found without `tool_result` blocks immediately after: t1.",
    ),
    ("a call at the end", SONNET, asked(*LOOP[:2], toolConfig=TOOLS), "blocks immediately after: t1."),
    (
        "a call of the user",
        SONNET,
        asked(user(TEXT, CALL), toolConfig=TOOLS),
        "`tool_use` blocks can only be in `assistant` messages",
    ),
    (
        "unsigned reasoning",
        SONNET,
        asked(user(TEXT), model({"reasoningContent": {"reasoningText": {"text": "So."}}}, TEXT), user(TEXT)),
        "messages.1.content.0.thinking.signature: Field required",
    ),
    ("reasoning for R1", R1, asked(user(TEXT), model(THOUGHT, TEXT), user(TEXT)), "support the reasoningContent field"),
    (
        "white space at the end",
        SONNET,
        asked(user(TEXT), model({"text": "It "})),
        "cannot end with trailing whitespace",
    ),
    ("an image of the model", SONNET, asked(user(TEXT), model(IMAGE), user(TEXT)), "only allowed in user messages"),
    (
        "a blank result",
        SONNET,
        asked(*LOOP[:2], user({"toolResult": {"toolUseId": "t1", "content": [{"text": " "}]}}), toolConfig=TOOLS),
        "messages.2.content.0.toolResult.content.0 is blank",
    ),
    (
        "a list as arguments",
        SONNET,
        asked(user(TEXT), model({"toolUse": {**CALL["toolUse"], "input": [1]}}), user(RESULT), toolConfig=TOOLS),
        "The format of the value at messages.1.content.0.toolUse.input is invalid.",
    ),
    ("a model that begins", LITE, asked(model(TEXT), user(TEXT)), "A conversation must start with a user message."),
    (
        "a blank stop sequence",
        SONNET,
        asked(**settings(stopSequences=["\n"])),
        f"{MODEL}stop_sequences: each stop sequence must contain non-whitespace",
    ),
    (
        "a picture under another's name",
        SONNET,
        asked(user(TEXT, {"image": {**PHOTO, "format": "png"}})),
        f"{MODEL}messages.0.content.1.image.source.base64.data: Image does not match the provided media type image/png",
    ),
    (
        "a picture under another's name in a result",
        SONNET,
        asked(
            *LOOP[:2],
            user(
                {
                    "toolResult": {
                        "toolUseId": "t1",
                        "content": [{"image": {"format": "gif", "source": {"bytes": JPEG}}}],
                    }
                }
            ),
            toolConfig=TOOLS,
        ),
        "Image does not match the provided media type image/gif",
    ),
]

TAKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("a shortest text in a schema", SONNET, asked(**native(closed(a={"type": "string", "minLength": 1})))),
    ("white space beside a text", SONNET, asked(user(TEXT, {"text": "\n"}))),
    ("a model that begins", SONNET, asked(model(TEXT), user(TEXT))),
    ("two turns of the user", LITE, asked(user(TEXT), user(TEXT))),
    ("a last turn of the model", NOVA_2, asked(user(TEXT), model(TEXT))),
    ("underscores in a document's name", SONNET, asked(user(TEXT, document("draft_v1 (2) [b]-c")))),
    ("a cache point behind a PDF", SONNET, asked(user(TEXT, document(), POINT))),
    ("a picture as it is", SONNET, asked(user(TEXT, {"image": PHOTO}))),
    ("a blank stop sequence for Nova", LITE, asked(**settings(stopSequences=["\n"]))),
    ("video", LITE, asked(user(TEXT, VIDEO))),
    ("video with a media type", LITE, asked(user(TEXT, {"video": {"format": "video/mp4", "source": {"bytes": b"v"}}}))),
    ("a tool's loop", SONNET, asked(*LOOP, toolConfig=TOOLS)),
    ("a forced call", SONNET, asked(**choice("any"))),
    ("thinking", SONNET, asked(**settings(maxTokens=4096), **fields(**THINKING))),
    (
        "calls and results of Nova's own tools",
        NOVA_2,
        asked(user(TEXT), model(CALL, RESULT, TEXT), user(TEXT), toolConfig=TOOLS),
    ),
    (
        "a long prompt on request",
        SONNET,
        asked(user({"text": "a b " * 120_000}), **fields(anthropic_beta=["context-1m-2025-08-07"])),
    ),
]


@pytest.fixture(scope="module")
def rocks() -> Iterator[Emulator]:
    with Emulator() as bedrock:
        yield bedrock


def send(bedrock: Emulator, name: str, request: dict[str, Any], *, stream: bool = False) -> Any:
    runtime = bedrock.client("bedrock-runtime", region_name="us-east-1")
    if stream:
        return list(runtime.converse_stream(modelId=name, **request)["stream"])
    return runtime.converse(modelId=name, **request)


def _cases(cases: list[Any]) -> Any:
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


@pytest.mark.parametrize(("name", "request_", "says"), _cases([*RECORDED, *DOCUMENTED, *REPORTED]))
def test_what_bedrock_refuses_is_refused_in_its_words(
    rocks: Emulator, name: str, request_: dict[str, Any], says: str
) -> None:
    with pytest.raises(ClientError) as refused:
        send(rocks, name, request_, stream="streaming" in says)
    error = refused.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("ValidationException", 400)
    assert says in error["Error"]["Message"]


@pytest.mark.parametrize(("name", "request_"), _cases(TAKEN))
def test_what_bedrock_takes_is_taken(rocks: Emulator, name: str, request_: dict[str, Any]) -> None:
    assert send(rocks, name, request_)["output"]
    assert send(rocks, name, request_, stream=True)


def test_a_cache_point_for_llama_is_denied(rocks: Emulator) -> None:
    with pytest.raises(ClientError, match="your request did not allow prompt caching") as refused:
        send(rocks, LLAMA, asked(user(TEXT, POINT)))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    ("rules", "refused"),
    [("strict", [True, True, True]), ("documented", [True, True, False]), ("recorded", [True, False, False])],
)
def test_rules_are_switched_off_by_their_evidence(rules: Any, refused: list[bool]) -> None:
    with Emulator(rules=rules) as bedrock:
        for cases, is_refused in zip((RECORDED, DOCUMENTED, REPORTED), refused, strict=True):
            _, name, request, _ = cases[0]
            if is_refused:
                with pytest.raises(ClientError):
                    send(bedrock, name, request)
            else:
                assert send(bedrock, name, request)["output"]


def test_there_are_no_other_rules() -> None:
    with pytest.raises(ValueError, match="rules must be one of strict, documented, recorded, got 'lax'"):
        Emulator(rules="lax")  # pyright: ignore[reportArgumentType]


def test_the_guide_counts_the_rules() -> None:
    root = Path(__file__).parent.parent.parent
    table = (root / "src" / "emulator" / "src" / "refusals" / "table.rs").read_text()
    found = Counter(re.findall(r"^    rule\(.*, (Recorded|Documented|Reported), \d{4}\),$", table, re.MULTILINE))
    guide = " ".join((root / "docs" / "emulator.md").read_text().split())
    counted = "Of its {} rules {Recorded} are recorded, {Documented} documented and {Reported} reported."
    assert counted.format(sum(found.values()), **found) in guide


HI = [{"role": "user", "content": "hi"}]
BODY = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 2048, "messages": HI}
PNG = base64.b64encode(b"png").decode()
TOOL_OF_CLAUDE = {"name": "a", "input_schema": {"type": "object"}}
SOURCE = {"type": "base64", "data": base64.b64encode(JPEG).decode()}


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        (LITE, {"messages": [user({"inputText": "hi"})]}, "#/messages/0/content/0: required key [toolUse] not found"),
        (LITE, {"messages": [user({"type": "text", "text": "hi"})]}, "extraneous key [type] is not permitted"),
        (LITE, {"messages": HI}, "#/messages/0/content: expected type: JSONArray, found: String"),
        (LITE, {"messages": [user(TEXT)], "max_tokens": 5}, "#: extraneous key [max_tokens] is not permitted"),
        (
            SONNET,
            {**BODY, "messages": [user({"type": "text", "text": "a"}, {"type": "image", "source": {"type": "url"}})]},
            "messages.0.content.1.image.source.base64.data: URL sources are not supported",
        ),
        (SONNET, {**BODY, "nonsense": 1}, "nonsense: Extra inputs are not permitted"),
        (SONNET, {**BODY, "stream": True}, "stream: Extra inputs are not permitted"),
        (SONNET, {**BODY, "max_tokens": 64_001}, "max_tokens: 64001 > 64000, which is the maximum allowed number"),
        (
            SONNET,
            {**BODY, "stop_sequences": ["a", ""]},
            "stop_sequences: each stop sequence must contain non-whitespace",
        ),
        (
            SONNET,
            {**BODY, "messages": [user({"type": "image", "source": {**SOURCE, "media_type": "image/webp"}})]},
            "messages.0.content.0.image.source.base64.data: Image does not match the provided media type image/webp",
        ),
        (R1, {"prompt": "hi", "stop": ["a"] * 11}, "#/stop: expected maximum item count: 10, found: 11"),
        (R1, {"prompt": "hi", "max_tokens": 32_769}, "#/max_tokens: 32769 is not less or equal to 32768"),
        (R1, {"messages": HI, "temperature": 1.5}, "#/temperature: 1.5 is not less or equal to 1"),
        (LLAMA, {"prompt": "hi", "temperature": 2}, "#/temperature: 2 is not less or equal to 1"),
        (LLAMA, {"prompt": "hi", "top_p": -0.1}, "#/top_p: -0.1 is not greater or equal to 0"),
        (MISTRAL_7B, {"prompt": "hi", "top_k": 201}, "#/top_k: 201 is not less or equal to 200"),
        (MISTRAL_7B, {"prompt": "hi", "stop": ["a"] * 11}, "#/stop: expected maximum item count: 10, found: 11"),
        (LITE, {"messages": [user(TEXT)], "system": "x"}, "#/system: expected type: JSONArray, found: String"),
        (LITE, {"messages": [user(TEXT)], "inferenceConfig": {"topK": 129}}, "topK: 129 is not less or equal to 128"),
        (SONNET, {**BODY, "temperature": 1.1}, "temperature: range: 0..1"),
        (SONNET, {**BODY, "top_p": -1}, "top_p: range: 0..1"),
        (SONNET, {**BODY, "stop_sequences": "x"}, "stop_sequences: Input should be a valid list"),
        (SONNET, {**BODY, "tools": [{"name": "a"}]}, "tools.0.custom.input_schema: Field required"),
        (
            SONNET,
            {**BODY, "tool_choice": {"type": "any"}},
            "tool_choice: tool_choice may only be specified while providing tools.",
        ),
        (
            SONNET,
            {**BODY, "tools": [TOOL_OF_CLAUDE], "tool_choice": {"type": "tool", "name": "zz"}},
            "tool_choice.tool.name: Tool 'zz' not found in provided tools",
        ),
        (R1, {"inputText": "hi"}, "#: required key [messages] not found"),
        (OPUS_8, {**BODY, "temperature": 0}, "`temperature` is deprecated for this model."),
        (OPUS_8, {**BODY, "top_k": 5}, "`top_k` is deprecated for this model."),
        (
            SONNET,
            {**BODY, "tools": [{"name": "a.b", "input_schema": {"type": "object"}}]},
            "tools.0.custom.name: String should match pattern",
        ),
        (
            SONNET,
            {
                **BODY,
                "thinking": {"type": "enabled", "budget_tokens": 1024},
                "tool_choice": {"type": "any"},
                "tools": [TOOL_OF_CLAUDE],
            },
            "Thinking may not be enabled when tool_choice forces tool use.",
        ),
        (SONNET, {**BODY, "messages": [{"role": "system", "content": "x"}, *HI]}, 'Unexpected role "system"'),
    ],
)
def test_bodies_that_a_model_refuses(rocks: Emulator, name: str, body: dict[str, Any], says: str) -> None:
    runtime = rocks.client("bedrock-runtime")
    for call in (runtime.invoke_model, runtime.invoke_model_with_response_stream):
        with pytest.raises(ClientError) as refused:
            call(modelId=name, body=json.dumps(body))
        assert says in refused.value.response["Error"]["Message"]
        assert refused.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (OPUS_8, {**BODY, "messages": [{"role": "system", "content": "Be short."}, *HI]}),
        (SONNET, {**BODY, "anthropic_version": "2026-10-21"}),
        (SONNET, {**BODY, "tools": [TOOL_OF_CLAUDE], "tool_choice": {"type": "none"}, "temperature": 1}),
        (LLAMA, {"prompt": "hi", "temperature": 1, "top_p": 0}),
        (MISTRAL_7B, {"prompt": "hi", "stop": ["a"] * 10, "top_k": 200}),
        (R1, {"prompt": "hi", "stop": ["a"] * 10, "max_tokens": 400}),
        (SONNET, {**BODY, "tools": [{"type": "web_search_20250305", "name": "web_search"}]}),
        (LITE, {"schemaVersion": "messages-v1", "messages": [user(TEXT)], "inferenceConfig": {"maxTokens": 10}}),
    ],
)
def test_bodies_that_a_model_takes(rocks: Emulator, name: str, body: dict[str, Any]) -> None:
    answer = rocks.client("bedrock-runtime").invoke_model(modelId=name, body=json.dumps(body))
    assert json.loads(answer["body"].read())


@pytest.mark.parametrize(
    "name",
    [
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "anthropic.claude-v2:1",
        "amazon.titan-text-express-v1",
        "arn:aws:bedrock:us-east-1::foundation-model/meta.llama2-13b-chat-v1",
    ],
)
def test_a_retired_model_is_told_from_an_unknown_one(name: str) -> None:
    with Emulator() as bedrock:
        with pytest.raises(ClientError, match="has reached the end of its life") as refused:
            send(bedrock, name, asked())
        assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        if not name.startswith("arn:"):
            bedrock.add_model(name, regions=["us-east-1"])
            assert send(bedrock, name, asked())["output"]
