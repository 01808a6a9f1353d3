"""Formats whose request is one prompt text: Llama, Mistral, DeepSeek, Writer and Amazon Titan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from outcrop.langchain.bodies.common import Answer, Call, Format, usage_of
from outcrop.langchain.bodies.texts import as_texts

Template = Callable[[Sequence[BaseMessage]], str]


def _role(message: BaseMessage) -> str:
    if isinstance(message, ChatMessage):
        return message.role
    for kind, role in (
        (HumanMessage, "user"),
        (AIMessage, "assistant"),
        (SystemMessage, "system"),
        (ToolMessage, "ipython"),
    ):
        if isinstance(message, kind):
            return role
    raise ValueError(f"message type {type(message).__name__} cannot be written into this model's prompt.")


def _instructions(message: BaseMessage) -> str:
    """Write a message as Llama 2, Mistral and Writer were trained on."""
    text, role = message.text, _role(message)
    shapes = {"user": f"[INST] {text} [/INST]", "assistant": text, "system": f"<<SYS>> {text} <</SYS>>"}
    return shapes.get(role, f"\n\n{role.capitalize()}: {text}")


def instructions(messages: Sequence[BaseMessage]) -> str:
    """The `[INST]` template."""
    return "\n".join(map(_instructions, messages))


def llama3(messages: Sequence[BaseMessage]) -> str:
    """Llama 3's template."""
    turns = [f"<|start_header_id|>{_role(m)}<|end_header_id|>{m.text}<|eot_id|>" for m in messages]
    return "\n".join(["<|begin_of_text|>", *turns, "<|start_header_id|>assistant<|end_header_id|>\n\n"])


def llama4(messages: Sequence[BaseMessage]) -> str:
    """Llama 4's template."""
    ends = [(m, "eom" if isinstance(m, ToolMessage) else "eot") for m in messages]
    turns = [f"<|header_start|>{_role(m)}<|header_end|>{m.text}<|{end}|>" for m, end in ends]
    return "\n".join(["<|begin_of_text|>", *turns, "<|header_start|>assistant<|header_end|>"])


def deepseek(messages: Sequence[BaseMessage]) -> str:
    """DeepSeek R1's template."""
    marks = {"user": "<|User|>", "assistant": "<|Assistant|>"}
    turns = [
        f"{marks.get(_role(m), '' if isinstance(m, SystemMessage) else f'<|{_role(m)}|>')}{m.text}" for m in messages
    ]
    return "\n<|begin_of_sentence|>" + "".join(turns) + "<|Assistant|>\n\n"


def dialogue(messages: Sequence[BaseMessage], human: str = "\n\nUser:", assistant: str = "\n\nBot:") -> str:
    """The dialogue that Titan and the first Claude models continue."""
    turns = list(messages)
    if turns and not isinstance(turns[-1], AIMessage):
        turns.append(AIMessage(content=""))
    heads = {"user": f"{human} ", "assistant": f"{assistant} ", "system": ""}
    return "".join(heads.get(_role(m), f"\n\n{_role(m).capitalize()}: ") + m.text for m in turns).rstrip()


class Prompt(Format):
    """A format that takes a prompt text and parameters beside it.

    Args:
        template: What writes the prompt.
        limit: The format's name for the most tokens.
        read: What finds the text and the stop reason in a body.
    """

    def __init__(
        self, template: Template, limit: str, read: Callable[[dict[str, Any]], tuple[str | None, str | None]]
    ) -> None:
        self.template, self.limit, self.read = template, limit, read

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        body = {**call.parameters, "prompt": self.template(as_texts(call.messages, call.notes))}
        if call.max_tokens:
            body[self.limit] = call.max_tokens
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.stop and call.stop_key:
            body[call.stop_key] = call.stop
        return body

    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer."""
        text, reason = self.read(body)
        given, answered = body.get("prompt_token_count"), body.get("generation_token_count")
        usage = usage_of(given or 0, answered or 0) if given is not None or answered is not None else None
        return Answer(text or "", stop_reason=reason, usage=usage)

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream."""
        text, reason = self.read(chunk)
        if not text and not reason:
            return None
        return AIMessageChunk(content=text or "", response_metadata={"stop_reason": reason} if reason else {})

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that it stopped."""
        return bool(self.read(chunk)[1])


class Titan(Prompt):
    """Amazon Titan Text: the prompt and its parameters have names of their own."""

    def __init__(self) -> None:
        super().__init__(dialogue, "maxTokenCount", _titan)

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        config = {**call.parameters}
        if call.max_tokens:
            config["maxTokenCount"] = call.max_tokens
        if call.temperature is not None:
            config["temperature"] = call.temperature
        if call.stop:
            config["stopSequences"] = call.stop
        return {"inputText": self.template(as_texts(call.messages, call.notes)), "textGenerationConfig": config}

    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer, whose input tokens stand beside its results."""
        answer = super().answer(body, call)
        if "inputTextTokenCount" in body:
            answer.usage = usage_of(
                body["inputTextTokenCount"], sum(r.get("tokenCount") or 0 for r in body.get("results") or ())
            )
        return answer


def _titan(body: dict[str, Any]) -> tuple[str | None, str | None]:
    first = (body.get("results") or [body])[0]
    return first.get("outputText"), first.get("completionReason")


def _llama(body: dict[str, Any]) -> tuple[str | None, str | None]:
    return body.get("generation"), body.get("stop_reason")


def _mistral(body: dict[str, Any]) -> tuple[str | None, str | None]:
    first = (body.get("outputs") or [{}])[0]
    return first.get("text"), first.get("stop_reason")


def _choices(body: dict[str, Any]) -> tuple[str | None, str | None]:
    first = (body.get("choices") or [{}])[0]
    text = first.get("text")
    if text is None:
        text = (first.get("delta") or first.get("message") or {}).get("content")
    return text, first.get("stop_reason") or first.get("finish_reason")


def llama(model_id: str) -> Prompt:
    """Return the format of a Llama model."""
    template = llama4 if "llama4" in model_id else llama3 if "llama3" in model_id else instructions
    return Prompt(template, "max_gen_len", _llama)


MISTRAL = Prompt(instructions, "max_tokens", _mistral)
DEEPSEEK = Prompt(deepseek, "max_tokens", _choices)
WRITER = Prompt(instructions, "max_tokens", _choices)
TITAN = Titan()
