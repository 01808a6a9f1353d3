"""Conversations as they come: from several services, cut, edited, with names that models invent."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

DATA = base64.b64encode(b"abc").decode()
POINT = {"cachePoint": {"type": "default"}}
BLANK = ["", " ", "\n", "\t \n"]
FILES = ["draft_v1.2.pdf", "John's report.pdf", "a\u3000b  c.pdf", "a.pdf", "A.PDF", "見積書.pdf", "x" * 250, "n", ""]
TYPES = ["application/pdf", "text/markdown", "text/csv", "application/json", "application/yaml", "text/x-python"]
NAMES = ["f", "browser.navigate", "functions read_file", "$READFILE", "x" * 80, "日本", "g"]
IDS = ["t1", "t2", "t3", "functions.f:0", "call 4", "x" * 90, ""]
ABOUT: list[dict[str, Any]] = [
    {},
    {"model_provider": "bedrock_converse"},
    {"model_provider": "bedrock_converse", "model_name": "us.openai.gpt-6"},
    {"model_provider": "bedrock"},
    {"model_provider": "anthropic"},
    {"model_provider": "openai"},
    {"model_provider": "google_genai", "output_version": "v1"},
]


class Words:
    """Texts that can be found again."""

    def __init__(self) -> None:
        self.count = count()
        self.said: list[str] = []

    def next(self, ending: str = "") -> str:
        word = f"word{next(self.count)}end"
        self.said.append(word)
        return word + ending


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Any], list[str]]:
    """A conversation, and the words that must not be lost of it."""
    words = Words()
    messages = [draw(st.sampled_from(_KINDS))(draw, words) for _ in range(draw(st.integers(1, 6)))]
    return messages, words.said


def _text(draw: st.DrawFn, words: Words) -> str:
    return (
        draw(st.sampled_from(BLANK)) if draw(st.integers(0, 4)) == 0 else words.next(draw(st.sampled_from(["", " "])))
    )


def _file(draw: st.DrawFn, words: Words) -> dict[str, Any]:
    name = draw(st.sampled_from(FILES))
    kind = draw(st.sampled_from(TYPES))
    shapes = [
        {"type": "file", "base64": DATA, "mime_type": kind, "name": name},
        {"type": "file", "file": {"filename": name, "file_data": f"data:application/pdf;base64,{DATA}"}},
        {"type": "text-plain", "text": words.next(), "title": name, "mime_type": "text/plain"},
    ]
    shape = draw(st.sampled_from(shapes))
    if shape is not shapes[2]:
        words.said.pop()
    return shape


def _user_part(draw: st.DrawFn, words: Words) -> Any:
    return draw(
        st.sampled_from(
            [
                lambda: {"type": "text", "text": _text(draw, words)},
                lambda: {"type": "text", "text": _text(draw, words)},
                lambda: _file(draw, words),
                lambda: {"type": "image", "base64": DATA, "mime_type": "image/png"},
                lambda: dict(POINT),
            ]
        )
    )()


def _human(draw: st.DrawFn, words: Words) -> Any:
    if draw(st.booleans()):
        return HumanMessage(_text(draw, words))
    return HumanMessage([_user_part(draw, words) for _ in range(draw(st.integers(0, 4)))])


def _tool(draw: st.DrawFn, words: Words) -> Any:
    content = draw(
        st.sampled_from(
            [
                lambda: _text(draw, words),
                lambda: [
                    {"type": "text", "text": _text(draw, words)},
                    {"type": "image", "base64": DATA, "mime_type": "image/png"},
                ],
                lambda: [{"type": "file", "url": "https://example.com/a.pdf", "mime_type": "application/pdf"}],
                lambda: [{"type": "text", "text": _text(draw, words)}, dict(POINT)],
                list,
            ]
        )
    )()
    status = draw(st.sampled_from(["success", "error"]))
    return ToolMessage(content, tool_call_id=draw(st.sampled_from(IDS)), status=status)


def _thought(draw: st.DrawFn) -> dict[str, Any]:
    return draw(
        st.sampled_from(
            [
                {"type": "reasoning_content", "reasoning_content": {"text": "r", "signature": "s"}},
                {"type": "reasoning_content", "reasoning_content": {"text": "r"}},
                {"type": "reasoning_content", "reasoning_content": {"redacted_content": b"\xff\x00"}},
                {"type": "reasoning_content", "reasoning_content": {"redacted_content": DATA}},
                {"type": "thinking", "thinking": "t", "signature": "s"},
                {"type": "redacted_thinking", "data": DATA},
                {"type": "reasoning", "reasoning": "r", "extras": {"signature": "s"}},
            ]
        )
    )


def _ai(draw: st.DrawFn, words: Words) -> Any:
    calls: list[dict[str, Any]] = []
    broken: list[dict[str, Any]] = []
    parts: list[Any] = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["text", "thought", "call", "call in content", "invalid", "image", "served"]))
        name, identifier = draw(st.sampled_from(NAMES)), draw(st.sampled_from(IDS))
        if kind == "text":
            parts.append({"type": "text", "text": _text(draw, words)})
        elif kind == "thought":
            parts.append(_thought(draw))
        elif kind == "image":
            parts.append({"type": "image", "base64": DATA, "mime_type": "image/png"})
        elif kind == "served":
            parts.append({"type": "server_tool_call", "id": "s1", "name": "web", "args": {}})
        elif kind == "invalid":
            cut = '{"a": "' + words.next()
            broken.append({"name": name, "id": identifier, "args": cut, "error": None, "type": "invalid_tool_call"})
        else:
            args = {"q": words.next()}
            calls.append({"name": name, "id": identifier, "args": args})
            if kind == "call in content":
                parts.append({"type": "tool_use", "id": identifier, "name": name, "input": args})
    content: Any = parts
    if draw(st.booleans()) and all(part["type"] == "text" for part in parts):
        content = "".join(part["text"] for part in parts)
    about = draw(st.sampled_from(ABOUT))
    return AIMessage(content, tool_calls=calls, invalid_tool_calls=broken, response_metadata=about)


def _system(draw: st.DrawFn, words: Words) -> Any:
    return SystemMessage(draw(st.sampled_from([words.next, lambda: " ", lambda: [dict(POINT)]]))())


_KINDS = [_human, _human, _ai, _ai, _tool, _tool, _system]
