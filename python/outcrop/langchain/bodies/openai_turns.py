"""OpenAI's messages in Converse's envelopes and back, so that the one repair of conversations serves them, too.

An envelope holds the message's part itself, as `native`; what the repair did not change comes out as it went in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage, convert_to_openai_messages

from outcrop import _values
from outcrop._conversation.repairing import Repairing
from outcrop._conversation.values import plain
from outcrop.langchain.bodies.common import Call
from outcrop.langchain.bodies.texts import NO_POINTS, is_point, named, text_in
from outcrop.langchain.messages.blocks import linked, tool_input
from outcrop.langchain.messages.foreign_parts import with_known_parts
from outcrop.langchain.messages.functions import as_tools
from outcrop.langchain.messages.outbound import last_answer

Block = dict[str, Any]


def openai_messages(call: Call) -> list[Block]:
    """Return a call's conversation in OpenAI's format, repaired; system prompts stand first."""
    system: list[Block] = []
    turns: list[Block] = []
    messages = as_tools(with_known_parts(call.messages))
    answered = last_answer(messages)
    for position, message in enumerate(messages):
        for made in _converted(_readable(message, call.notes, now=position > answered)):
            if made.get("role") in ("system", "developer"):
                system.append(made)
            else:
                turns.append(_enveloped(made))
    repairing = Repairing(call.model_id, call.names, has_tools=bool(call.parameters.get("tools")), notes=call.notes)
    return [*system, *(made for turn in repairing.messages(turns) for made in _opened(turn))]


def _readable(message: BaseMessage, notes: list[str], *, now: bool) -> BaseMessage:
    """Bring a message into parts that OpenAI's format has; of an answer, its text and calls are sent alone."""
    if isinstance(message, AIMessage) or isinstance(message.content, str):
        return message
    asked = now and not isinstance(message, ToolMessage)
    parts = [made for part in message.content for made in _parts(part, notes, asked=asked)]
    return message.model_copy(update={"content": parts})


def _parts(part: Any, notes: list[str], *, asked: bool) -> list[Any]:
    """Return a part as parts of OpenAI's format.

    Raises:
        ValueError: If it is asked about now, and the format has none for it.
    """
    if is_point(part):
        notes.append(NO_POINTS)
        return []
    if (text := text_in(part)) is not None:
        return [part if isinstance(part, str) else {"type": "text", "text": text}]
    if not asked and linked(part):
        return [{"type": "text", "text": named(part, notes)}]
    try:
        made = convert_to_openai_messages([HumanMessage([part])])[0]["content"]
    except (KeyError, TypeError, ValueError) as error:
        if asked:
            raise ValueError(
                f"this model's InvokeModel format has no block of type {_values.shown(part.get('type'))} ({error}): "
                "use ChatBedrockConverse."
            ) from None
        return [{"type": "text", "text": named(part, notes)}]
    return made if isinstance(made, list) else [{"type": "text", "text": made}]


def _converted(message: BaseMessage) -> Iterator[Block]:
    """Convert one message; of an earlier answer go its text and its calls, which is all that the format has."""
    if not isinstance(message, AIMessage):
        yield from convert_to_openai_messages([message])
        return
    said = message.model_copy(update={"content": str(message.text)}) if isinstance(message.content, list) else message
    called = [{**call, "args": plain(call["args"])} for call in message.tool_calls]
    (made,) = convert_to_openai_messages([said.model_copy(update={"tool_calls": called})])
    broken = [
        {"id": call["id"], "function": {"name": call["name"], "arguments": tool_input(call["args"])}}
        for call in message.invalid_tool_calls
        if call["name"]
    ]
    yield {**made, "tool_calls": [*made.get("tool_calls", ()), *broken]} if broken else made


def _enveloped(message: Block) -> Block:
    role, content = message["role"], message.get("content")
    if role == "tool":
        inner = content if isinstance(content, (str, list)) else str(content)
        parts = [_envelope(part) for part in inner] if isinstance(inner, list) else inner
        result = {"toolUseId": message.get("tool_call_id"), "content": parts}
        return {"role": "user", "content": [{"toolResult": result, "native": message}]}
    parts = content if isinstance(content, list) else [] if content is None else [content]
    blocks = [_envelope(part) for part in parts]
    for call in message.get("tool_calls") or ():
        function = call["function"]
        given = function["arguments"]
        use = {"toolUseId": call.get("id"), "name": function["name"], "input": given}
        blocks.append({"toolUse": {**use, "input": tool_input(given)}, "native": call})
    return {"role": "assistant" if role == "assistant" else "user", "content": blocks}


def _envelope(part: Any) -> Block:
    if isinstance(part, str):
        return {"text": part}
    if part.get("type") == "text":
        return {"text": part.get("text"), "native": part}
    return {"native": part}


def _opened(turn: Block) -> Iterator[Block]:
    rest: list[Block] = []
    calls: list[Block] = []
    for envelope in turn["content"]:
        if "toolResult" in envelope:
            yield _result(envelope)
        elif "toolUse" in envelope:
            calls.append(_call(envelope))
        else:
            rest.append(envelope)
    if not rest and not calls:
        return
    plain = all("text" in envelope and "native" not in envelope for envelope in rest)
    if turn["role"] == "assistant":
        text = "".join(envelope.get("text") or "" for envelope in rest)
        yield {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    elif plain and len(rest) == 1:
        yield {"role": "user", "content": rest[0]["text"]}
    else:
        yield {"role": "user", "content": [_part(envelope) for envelope in rest]}


def _part(envelope: Block) -> Block:
    if "text" not in envelope:
        return envelope["native"]
    return {"type": "text", **(envelope.get("native") or {}), "text": envelope["text"]}


def _call(envelope: Block) -> Block:
    use = envelope["toolUse"]
    return {
        "type": "function",
        "id": use["toolUseId"],
        "function": {"name": use["name"], "arguments": json.dumps(use["input"], ensure_ascii=False)},
    }


def _result(envelope: Block) -> Block:
    result = envelope["toolResult"]
    native = envelope.get("native") or {"role": "tool"}
    parts = result.get("content")
    if isinstance(parts, list):
        texts = [part.get("text") for part in parts if "native" not in part]
        plain = isinstance(native.get("content"), str) or "content" not in native
        content: Any = "\n".join(map(str, texts)) if plain else [_part(part) for part in parts]
    else:
        content = parts
    return {**native, "tool_call_id": result["toolUseId"], "content": content}
