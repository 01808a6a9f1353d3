"""Limits of the service, asked one by one: how many the local Bedrock keeps, by who says that they are limits.

python -m tests.emulator.limits
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop.emulator import Emulator
from outcrop.exceptions import ClientError
from tests.emulator import test_refusals as cases

if TYPE_CHECKING:
    from collections.abc import Callable


class Limit(NamedTuple):
    """One question: what is asked, who says what comes of it, and what that is; nothing if it is taken."""

    name: str
    evidence: str
    ask: Callable[[Any], Any]
    says: str = ""


def _converse(name: str, request: dict[str, Any], *, stream: bool = False) -> Callable[[Any], Any]:
    operation = "converse_stream" if stream else "converse"
    return lambda runtime: getattr(runtime, operation)(modelId=name, **request)


def _invoke(name: str, body: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda runtime: runtime.invoke_model(modelId=name, body=json.dumps(body))


def _count(name: str) -> Callable[[Any], Any]:
    asked = {"converse": {"messages": [cases.user(cases.TEXT)]}}
    return lambda runtime: runtime.count_tokens(modelId=name, input=asked)


def _limits() -> list[Limit]:
    made = []
    for evidence, found in (
        ("recorded", cases.RECORDED), ("documented", cases.DOCUMENTED), ("reported", cases.REPORTED),
    ):  # fmt: skip
        made += [
            Limit(name, evidence, _converse(model, request, stream="streaming" in says), says)
            for name, model, request, says in found
        ]
    by_recordings = (
        "a shortest text",
        "two turns",
        "a last turn",
        "white space",
        "a model that begins",
        "calls and results",
    )
    by_reports = ("underscores", "a cache point behind a PDF", "a picture as it is", "a blank stop")
    for name, model, request in cases.TAKEN:
        recorded = name.startswith(by_recordings) or "media type" in name
        evidence = "recorded" if recorded else "reported" if name.startswith(by_reports) else "documented"
        made.append(Limit(f"taken: {name}", evidence, _converse(model, request)))
    base, body, lite = "anthropic.claude-haiku-4-5-20251001-v1:0", cases.BODY, cases.LITE
    system = [{"role": "system", "content": "Be short."}, *cases.HI]
    url = cases.user({"type": "text", "text": "a"}, {"type": "image", "source": {"type": "url"}})
    rerank = {"query": "q", "documents": ["a"], "api_version": 2}
    return [
        *made,
        Limit(
            "inputText in a block of Nova's",
            "recorded",
            _invoke(lite, {"messages": [cases.user({"inputText": "h"})]}),
            "required key [toolUse] not found",
        ),
        Limit(
            "a type in a block of Nova's",
            "recorded",
            _invoke(lite, {"messages": [cases.user({"type": "text", "text": "h"})]}),
            "extraneous key [type]",
        ),
        Limit(
            "an image by URL",
            "recorded",
            _invoke(cases.SONNET, {**body, "messages": [url]}),
            "URL sources are not supported",
        ),
        Limit("taken: a system turn", "recorded", _invoke(cases.OPUS_8, {**body, "messages": system})),
        Limit("taken: a question to a rerank model", "recorded", _invoke("cohere.rerank-v3-5:0", rerank)),
        Limit("taken: counting for a model's own id", "recorded", _count(base)),
        Limit("counting for a profile", "recorded", _count(f"us.{base}"), "doesn't support"),
        Limit(
            "a retired model",
            "recorded",
            _converse("anthropic.claude-v2:1", cases.asked()),
            "has reached the end of its life",
        ),
        Limit(
            "a model that there is not",
            "recorded",
            _converse("nobody.knows-v1:0", cases.asked()),
            "The provided model identifier is invalid",
        ),
        Limit("a model behind profiles alone", "recorded", _converse(base, cases.asked()), "on-demand throughput isn"),
        Limit(
            "an image of an unknown type",
            "documented",
            _invoke(
                cases.SONNET,
                {
                    **body,
                    "messages": [
                        cases.user(
                            {
                                "type": "image",
                                "source": {"type": "base64", "media_type": "image/svg+xml", "data": "aGk="},
                            }
                        )
                    ],
                },
            ),
            "media_type: Input should be",
        ),
        Limit(
            "a cache point of Llama's",
            "reported",
            _converse(cases.LLAMA, cases.asked(cases.user(cases.TEXT, cases.POINT))),
            "did not allow prompt caching",
        ),
        Limit(
            "a cache point behind tools of Nova's",
            "reported",
            _converse(lite, cases.asked(toolConfig={"tools": [*cases.TOOLS["tools"], cases.POINT]})),
            "extraneous key [cachePoint]",
        ),
        Limit(
            "an unknown member of a body",
            "reported",
            _invoke(cases.SONNET, {**body, "nonsense": 1}),
            "Extra inputs are not permitted",
        ),
        Limit(
            "an unknown kind of block",
            "reported",
            _invoke(cases.SONNET, {**body, "messages": [cases.user({"type": "nonsense"})]}),
            "does not match any of the expected tags",
        ),
        Limit("a blank text", "reported", _converse(cases.SONNET, cases.asked(cases.user({"text": " "}))), "is blank"),
        Limit(
            "a turn without content",
            "reported",
            _converse(cases.SONNET, cases.asked(cases.user())),
            "is empty. Add a ContentBlock",
        ),
        Limit(
            "one tool twice",
            "reported",
            _converse(cases.SONNET, cases.asked(toolConfig={"tools": cases.TOOLS["tools"] * 2})),
            "is already defined at toolConfig.tools",
        ),
        Limit(
            "a schema of an old draft",
            "reported",
            _converse(
                cases.SONNET,
                cases.asked(**cases.schema(type="object", properties={"a": {"minimum": 0, "exclusiveMinimum": True}})),
            ),
            "It must match JSON Schema draft 2020-12",
        ),
        Limit(
            "an odd name of an argument",
            "reported",
            _converse(cases.SONNET, cases.asked(**cases.schema(type="object", properties={"$filter": {}}))),
            "Property keys should match pattern",
        ),
        Limit(
            "calls without tools",
            "reported",
            _converse(cases.SONNET, cases.asked(*cases.LOOP)),
            "The toolConfig field must be defined",
        ),
        Limit("no messages", "reported", _converse(cases.SONNET, {"messages": []}), "at least one message"),
    ]


def _reference() -> list[Limit]:
    """Limits that AWS's API reference states of Converse's members, and that no client checks before it sends."""
    text, name = cases.TEXT, "x" * 65

    def shows(kind: str, **held: Any) -> dict[str, Any]:
        shown = {"format": "png", "source": {"bytes": b"x"}, **({"name": "a"} if kind == "document" else {}), **held}
        return {"messages": [cases.user(text, {kind: shown})]}

    def tool(**changes: Any) -> dict[str, Any]:
        return {"toolConfig": {"tools": [{"toolSpec": {**cases.SPEC, **changes}}]}}

    def call(identifier: str) -> dict[str, Any]:
        use, result = cases.CALL["toolUse"], cases.RESULT["toolResult"]
        turns = [
            cases.user(text),
            cases.model({"toolUse": {**use, "toolUseId": identifier}}),
            cases.user({"toolResult": {**result, "toolUseId": identifier}}),
        ]
        return {"messages": turns, "toolConfig": cases.TOOLS}

    def point(**held: Any) -> dict[str, Any]:
        return {"messages": [cases.user(text, {"cachePoint": {"type": "default", **held}})]}

    guard = {"guardrailIdentifier": "abc", "guardrailVersion": "1"}
    status = {"toolResult": {**cases.RESULT["toolResult"], "status": "odd"}}
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("a temperature above one", cases.settings(temperature=1.5), "value less than or equal to 1"),
        ("a top_p above one", cases.settings(topP=1.5), "value less than or equal to 1"),
        ("2,501 stop sequences", cases.settings(stopSequences=["x"] * 2501), "length less than or equal to 2500"),
        ("a role that there is not", {"messages": [{"role": "tool", "content": [text]}]}, "enum value set: [user"),
        ("an image's format", shows("image", format="bmp"), "image.format' failed"),
        ("a document's format", shows("document", format="zip"), "document.format' failed"),
        ("a document's long name", shows("document", format="pdf", name="x" * 201), "document.name' failed"),
        ("a film's format", shows("video", format="avi"), "video.format' failed"),
        ("a sound's format", shows("audio", format="midi"), "audio.format' failed"),
        ("a place that is none in S3", shows("image", source={"s3Location": {"uri": "https://x"}}), "uri' failed"),
        (
            "an owner that is no account",
            shows("image", source={"s3Location": {"uri": "s3://rocks/a", "bucketOwner": "1"}}),
            "bucketOwner' failed",
        ),
        ("a tool's long name", tool(name=name), "toolSpec.name' failed"),
        ("a tool's odd name", tool(name="a.b"), "regular expression pattern"),
        ("a call's long id", call(name), "toolUse.toolUseId' failed"),
        ("a call's odd id", call("a b"), "toolUse.toolUseId' failed"),
        (
            "a result's status",
            {"messages": [*cases.LOOP[:2], cases.user(status)], "toolConfig": cases.TOOLS},
            "toolResult.status' failed",
        ),
        ("a cache point's type", point(type="odd"), "cachePoint.type' failed"),
        ("a cache point's time", point(ttl="2h"), "cachePoint.ttl' failed"),
        ("17 notes of a request", {"requestMetadata": {f"k{i}": "v" for i in range(17)}}, "less than or equal to 16"),
        ("a request's long note", {"requestMetadata": {"k": "v" * 257}}, "requestMetadata"),
        ("11 fields of an answer", {"additionalModelResponseFieldPaths": ["/a"] * 11}, "less than or equal to 10"),
        ("an answer's long field", {"additionalModelResponseFieldPaths": ["/" + "a" * 256]}, "FieldPaths"),
        ("a latency that there is not", {"performanceConfig": {"latency": "odd"}}, "latency' failed"),
        ("a tier that there is not", {"serviceTier": {"type": "odd"}}, "serviceTier.type' failed"),
        ("a guardrail's version", {"guardrailConfig": {**guard, "guardrailVersion": "v1"}}, "guardrailVersion' failed"),
        ("a guardrail's trace", {"guardrailConfig": {**guard, "trace": "odd"}}, "guardrailConfig.trace' failed"),
        (
            "what is guarded",
            {"messages": [cases.user({"guardContent": {"text": {"text": "a", "qualifiers": ["odd"]}}})]},
            "qualifiers.1.member' failed",
        ),
        (
            "a guarded image's format",
            {"messages": [cases.user({"guardContent": {"image": {"format": "gif", "source": {"bytes": b"x"}}}})]},
            "guardContent.image.format' failed",
        ),
        (
            "an answer's form",
            {"outputConfig": {"textFormat": {"type": "odd", "structure": {"jsonSchema": {"schema": "{}"}}}}},
            "textFormat.type' failed",
        ),
    ]
    return [
        Limit(name, "in the reference", _converse(cases.LITE, {**cases.asked(), **request}), says)
        for name, request, says in asked
    ]


def verdict(runtime: Any, limit: Limit) -> bool:
    """Whether the local Bedrock says what the service says."""
    try:
        limit.ask(runtime)
    except ClientError as error:
        return bool(limit.says) and limit.says in error.response["Error"]["Message"]
    return not limit.says


def count() -> tuple[Counter[str], Counter[str], list[str]]:
    """Ask for all; returns how many there are and how many are kept, by evidence, and which are not."""
    asked, kept, broken = Counter[str](), Counter[str](), []
    with Emulator() as bedrock:
        runtime = bedrock.client("bedrock-runtime", region_name="us-west-2")
        for limit in [*_limits(), *_reference()]:
            asked[limit.evidence] += 1
            if verdict(runtime, limit):
                kept[limit.evidence] += 1
            else:
                broken.append(limit.name)
    return asked, kept, broken


if __name__ == "__main__":
    asked, kept, broken = count()
    for evidence, number in asked.items():
        print(f"{evidence}: {kept[evidence]} of {number}")  # noqa: T201
    print(f"all: {kept.total()} of {asked.total()}; not kept: {broken or 'none'}")  # noqa: T201
