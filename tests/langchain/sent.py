"""What chat models send through either API, read the same way, and held against the rules and the local Bedrock."""

from __future__ import annotations

import json
from typing import Any

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import SONNET, answer, scripted
from tests.langchain.rules import body_refusals, refusals

TOOL = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}


def call(identifier: str = "t1", name: str = "f", **args: Any) -> dict[str, Any]:
    return {"id": identifier, "name": name, "args": args}


class Sent:
    """What one of the two APIs is sent, read the same way."""

    def __init__(self, kind: Any, side: Any, strict: Any) -> None:
        self.kind, self.side, self.strict = kind, side, strict
        self.on_converse = kind is ChatBedrockConverse

    async def ask(
        self, history: Any, *, model: str = SONNET, tools: Any = (TOOL,), bind: Any = None, **fields: Any
    ) -> Any:
        hi = answer({"text": "hi"}) if self.on_converse else {"content": [{"type": "text", "text": "hi"}]}
        llm, script = scripted(self.kind, hi, model=model, **fields)
        bound = llm.bind_tools(list(tools), **(bind or {})) if tools else llm
        self.message = await self.side.invoke(bound, history)
        self.repaired = self.message.response_metadata.get("outcrop", {}).get("repaired", [])
        request = script.request
        if self.on_converse:
            assert refusals(request) == []
            assert self.strict.refusal(request) is None
            self.body, self.turns = request, request["messages"]
        else:
            self.body = json.loads(request["body"])
            assert body_refusals(model, self.body) == []
            assert self.strict.refusal(request, "invoke_model") is None
            self.turns = self.body["messages"]
        return self.turns

    def calls(self, turn: int) -> list[tuple[str, str]]:
        found = []
        for block in self.turns[turn]["content"]:
            use = block.get("toolUse") or (block if block.get("type") == "tool_use" else None)
            if use:
                found.append((use["name"], use.get("toolUseId") or use.get("id")))
        return found

    def results(self, turn: int) -> list[tuple[str, bool]]:
        """Ids of the results that a turn begins with, and whether they are errors."""
        found = []
        for block in self.turns[turn]["content"]:
            if "toolResult" in block:
                found.append((block["toolResult"]["toolUseId"], block["toolResult"]["status"] == "error"))
            elif block.get("type") == "tool_result":
                found.append((block["tool_use_id"], bool(block.get("is_error"))))
        return found

    def schemas(self) -> list[dict[str, Any]]:
        """The schemas of the tools that were sent."""
        if self.on_converse:
            return [tool["toolSpec"]["inputSchema"]["json"] for tool in self.body["toolConfig"]["tools"]]
        return [tool["input_schema"] for tool in self.body["tools"]]

    def texts(self, turn: int) -> list[str]:
        """The texts of a turn's blocks."""
        content = self.turns[turn]["content"]
        return [content] if isinstance(content, str) else [block["text"] for block in content if "text" in block]
