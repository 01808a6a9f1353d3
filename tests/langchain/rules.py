"""What Bedrock refuses, written down on its own: a witness of what chat models send.

The rules are those that recorded refusals, AWS's and Anthropic's guides and reports from the live service show; none of
outcrop's code is asked.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

_TOOL = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")
_DOCUMENT = re.compile(r"[a-zA-Z0-9_\-()\[\]]+( [a-zA-Z0-9_\-()\[\]]+)*")
_MEDIA = {"image", "video", "audio", "document"}
_NO_PREFILL = ("claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-7", "claude-opus-4-8", "claude-opus-5", "meta.")
_RESULT_IMAGES = ("anthropic", "amazon", "meta")
_NO_TEMPERATURE = ("claude-opus-4-7", "claude-opus-4-8", "claude-opus-5", "claude-sonnet-5")


def refusals(request: dict[str, Any]) -> list[str]:
    """Return why Bedrock would refuse a Converse request; nothing if it would take it."""
    return list(_Converse(request).found())


def body_refusals(model: str, body: dict[str, Any]) -> list[str]:
    """Return why Claude would refuse an InvokeModel body: the same rules, in Anthropic's words."""
    turns = []
    for turn in body["messages"]:
        content = turn["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        turns.append({"role": turn["role"], "content": [_converse_block(block) for block in blocks]})
    system = body.get("system") or []
    system = [{"type": "text", "text": system}] if isinstance(system, str) else system
    tools = [
        {"toolSpec": {"name": t["name"], "description": t["description"], "inputSchema": {"json": t["input_schema"]}}}
        for t in body.get("tools", ())
    ]
    request = {"modelId": model, "messages": turns, "system": [{"text": block["text"]} for block in system]}
    if tools:
        request["toolConfig"] = {"tools": tools}
    inference = {
        ours: body[theirs] for theirs, ours in (("temperature", "temperature"), ("top_p", "topP")) if theirs in body
    }
    return list(_Converse({**request, "inferenceConfig": inference}, invoke=True).found())


def _converse_block(block: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911  -- one a kind of block
    kind = block.get("type")
    if kind == "text":
        return {"text": block["text"]}
    if kind == "tool_use":
        return {"toolUse": {"toolUseId": block["id"], "name": block["name"], "input": block["input"]}}
    if kind == "tool_result":
        inner = block["content"]
        inner = [{"text": inner}] if isinstance(inner, str) else [_converse_block(part) for part in inner]
        status = "error" if block.get("is_error") else "success"
        return {"toolResult": {"toolUseId": block["tool_use_id"], "content": inner, "status": status}}
    if kind == "thinking":
        return {"reasoningContent": {"reasoningText": {"text": block["thinking"], "signature": block.get("signature")}}}
    if kind == "redacted_thinking":
        return {"reasoningContent": {"redactedContent": block["data"]}}
    if kind == "document":
        source = block["source"]
        if source["type"] == "base64" and source["media_type"] != "application/pdf":
            return {"unknown": "a document of bytes that is no PDF"}
        return {"document": {}}
    return {kind: {}} if kind in ("image", "search_result") else {"unknown": kind}


class _Converse:
    def __init__(self, request: dict[str, Any], *, invoke: bool = False) -> None:
        self.request, self.invoke = request, invoke
        self.model = request["modelId"].lower()
        self.names: set[str] = set()
        self.ids: set[str] = set()
        self.points: list[str] = []

    def found(self) -> Any:  # noqa: C901  -- a rule a branch
        if not self.invoke:
            yield from _botocore(self.request)
        yield from self.tools()
        yield from self.system()
        messages = self.request["messages"]
        if not messages:
            yield "no messages"
            return
        if messages[0]["role"] != "user":
            yield "the first turn is not the user's"
        if messages[-1]["role"] != "user" and any(name in self.model for name in _NO_PREFILL):
            yield "the model continues no answer"
        asked: list[str] = []
        for index, turn in enumerate(messages):
            if index and messages[index - 1]["role"] == turn["role"]:
                yield f"two turns of {turn['role']}"
            yield from self.turn(turn, asked, last=index == len(messages) - 1)
            inside = {b["toolResult"]["toolUseId"] for b in turn["content"] if "toolResult" in b}
            asked = []
            if turn["role"] == "assistant":
                asked = [
                    i for b in turn["content"] if "toolUse" in b and (i := b["toolUse"]["toolUseId"]) not in inside
                ]
        if asked:
            yield f"no results for {asked} at the end"
        if len(self.points) > 4:
            yield "more than four cache points"
        if self.points != sorted(self.points):
            yield "a cache point for an hour behind one for minutes"
        inference = self.request.get("inferenceConfig") or {}
        if "temperature" in inference and any(name in self.model for name in _NO_TEMPERATURE):
            yield "temperature"

    def tools(self) -> Any:
        config = self.request.get("toolConfig")
        specs = [tool["toolSpec"] for tool in (config or {}).get("tools", ()) if "toolSpec" in tool]
        names = [spec["name"] for spec in specs]
        if len(set(names)) != len(names):
            yield "a tool twice"
        for spec in specs:
            schema = spec["inputSchema"]["json"]
            if not _TOOL.fullmatch(spec["name"]):
                yield f"the name of a tool: {spec['name']!r}"
            if not spec.get("description"):
                yield "a tool without description"
            if schema.get("type") != "object" or not isinstance(schema.get("properties", {}), dict):
                yield f"the schema of a tool: {schema!r}"
            if {"anyOf", "oneOf", "allOf"} & schema.keys():
                yield "a union at the root of a tool's schema"
        chosen = ((config or {}).get("toolChoice") or {}).get("tool")
        if chosen and chosen["name"] not in names:
            yield "the choice of a tool that there is not"
        self.points += [_lifetime(tool) for tool in (config or {}).get("tools", ()) if "cachePoint" in tool]
        used = any({"toolUse", "toolResult"} & b.keys() for m in self.request["messages"] for b in m["content"])
        if used and not config:
            yield "calls without toolConfig"

    def system(self) -> Any:
        for index, block in enumerate(self.request.get("system") or ()):
            if "text" in block and not block["text"].strip():
                yield "a blank system prompt"
            if "cachePoint" in block:
                self.points.append(_lifetime(block))
                if not index:
                    yield "a cache point at the beginning of the system prompt"

    def turn(self, turn: dict[str, Any], asked: list[str], *, last: bool) -> Any:  # noqa: C901, PLR0912  -- a rule a branch
        content, user = turn["content"], turn["role"] == "user"
        if not content:
            yield "an empty turn"
            return
        for index, block in enumerate(content):
            yield from self.block(block, user=user)
            if "cachePoint" in block:
                yield from self.point(content[:index], block)
        kinds = [next(iter(block)) for block in content]
        results = [b["toolResult"]["toolUseId"] for b in content if "toolResult" in b]
        if user:
            if sorted(results) != sorted(asked):
                yield f"results {results} for calls {asked}"
            others = [i for i, kind in enumerate(kinds) if kind not in ("toolResult", "cachePoint")]
            if results and others and others[0] < max(i for i, kind in enumerate(kinds) if kind == "toolResult"):
                yield "something before a result"
            if "document" in kinds and not self.invoke and not {"text", "guardContent"} & set(kinds):
                yield "a document without a text"
            return
        if results and "anthropic" in self.model:
            yield "a result in the model's turn"
        if _MEDIA & set(kinds):
            yield "media in the model's turn"
        if "reasoningContent" in kinds and kinds[0] != "reasoningContent":
            yield "reasoning is not first"
        if all(kind in ("reasoningContent", "cachePoint") for kind in kinds):
            yield "reasoning alone"
        own = [kind for kind in kinds if kind != "cachePoint"]
        if not results and "toolUse" in own and any(kind != "toolUse" for kind in own[own.index("toolUse") :]):
            yield "something behind a call"
        if last and (text := content[-1].get("text")) and text != text.rstrip():
            yield "white space at the end"

    def block(self, block: dict[str, Any], *, user: bool) -> Any:  # noqa: C901, PLR0912  -- a rule a branch
        if len(block) != 1:
            yield f"a block with the members {sorted(block)}"
        if "unknown" in block:
            yield f"a block of kind {block['unknown']!r}"
        if "text" in block and not block["text"].strip():
            yield "a blank text"
        if "citationsContent" in block and not any(
            c.get("text", "").strip() for c in block["citationsContent"]["content"]
        ):
            yield "a blank text with citations"
        if "guardContent" in block and not block["guardContent"]["text"]["text"].strip():
            yield "a blank text for a guardrail"
        if "document" in block and not self.invoke:
            yield from self.document(block["document"])
        if "reasoningContent" in block:
            yield from self.reasoning(block["reasoningContent"], user=user)
        if "toolUse" in block:
            use = block["toolUse"]
            if user:
                yield "a call in the user's turn"
            if not _TOOL.fullmatch(use["name"]):
                yield f"the name of a call: {use['name']!r}"
            if not (_TOOL if "anthropic" in self.model else _ID).fullmatch(use["toolUseId"]):
                yield f"the id of a call: {use['toolUseId']!r}"
            if use["toolUseId"] in self.ids:
                yield "an id twice"
            self.ids.add(use["toolUseId"])
            if not isinstance(use["input"], dict):
                yield "arguments that are no object"
        if "toolResult" in block:
            yield from self.result(block["toolResult"])

    def result(self, result: dict[str, Any]) -> Any:
        if not result["content"]:
            yield "an empty result"
        for part in result["content"]:
            if "text" in part and not part["text"].strip():
                yield "a blank text in a result"
            if "json" in part and not isinstance(part["json"], dict):
                yield "JSON that is no object"
            if "document" in part and not self.invoke:
                yield from self.document(part["document"])
            if "cachePoint" in part:
                yield "a cache point in a result"
            if "image" in part and not any(name in self.model for name in _RESULT_IMAGES) and "newco" not in self.model:
                yield "an image in a result"

    def document(self, document: dict[str, Any]) -> Any:
        name = document["name"]
        if not _DOCUMENT.fullmatch(name) or len(name) > 200:
            yield f"the name of a document: {name!r}"
        if name.lower() in self.names:
            yield "the name of a document twice"
        self.names.add(name.lower())

    def reasoning(self, reasoning: dict[str, Any], *, user: bool) -> Any:
        text = reasoning.get("reasoningText")
        if user:
            yield "reasoning in the user's turn"
        if "deepseek.r1" in self.model or ("amazon.nova" in self.model and "nova-2" not in self.model):
            yield "reasoning for a model that takes none"
        if text is not None and "claude" in self.model and not text.get("signature"):
            yield "unsigned reasoning"

    def point(self, before: list[dict[str, Any]], block: dict[str, Any]) -> Any:
        self.points.append(_lifetime(block))
        if not before:
            yield "a cache point at the beginning of a turn"
            return
        if "llama" in self.model:
            yield "a cache point for a model that takes none"
        if "reasoningContent" in before[-1] or "cachePoint" in before[-1]:
            yield "a cache point behind reasoning or another"
        if "document" in before[-1] and before[-1]["document"]["format"] != "pdf":
            yield "a cache point behind a document that is no PDF"


def _lifetime(block: dict[str, Any]) -> str:
    return "1 hour" if block["cachePoint"].get("ttl") == "1h" else "5 minutes"


@cache
def _shape() -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model("bedrock-runtime").operation_model("Converse").input_shape


def _botocore(request: dict[str, Any]) -> Any:
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(request, _shape())
    if report.has_errors():
        yield report.generate_report()
    try:
        json.dumps(request, default=lambda value: "" if isinstance(value, bytes) else json.dumps(value))
    except TypeError as error:
        yield str(error)
