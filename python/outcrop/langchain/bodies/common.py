"""What a publisher's format takes and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata

from outcrop._conversation.names import ToolNames
from outcrop._headers import count

PROVIDER = "bedrock"
"""The `model_provider` of InvokeModel answers: langchain-core's registered translator goes by it."""


@dataclass
class Call:
    """One InvokeModel call, whatever the publisher.

    Attributes:
        messages: The conversation; not to be changed.
        model_id: The base model id.
        parameters: Parameters of the model, sent as they are.
        max_tokens: The most tokens to answer with.
        temperature: The sampling temperature.
        stop: Stop sequences.
        stop_key: The model's name for stop sequences.
        stream: Whether the answer is streamed.
        cache_control: Where to cache, for publishers that know it.
        extra_system: A system prompt that precedes that of the messages.
        names: Names of its tools as they are sent, and the way back.
        notes: What was repaired in its conversation, once the body was made.
    """

    messages: Sequence[BaseMessage]
    model_id: str
    parameters: dict[str, Any]
    max_tokens: int | None = None
    temperature: float | None = None
    stop: list[str] | None = None
    stop_key: str | None = None
    stream: bool = False
    cache_control: dict[str, Any] | None = None
    extra_system: str = ""
    names: ToolNames = field(default_factory=ToolNames)
    notes: list[str] = field(default_factory=list)


@dataclass
class Answer:
    """What an answer's body says.

    Attributes:
        content: A text, or blocks where a text cannot hold it all.
        tool_calls: Tool calls in LangChain's shape.
        invalid_tool_calls: Those whose arguments are no JSON object.
        stop_reason: Why the model stopped, in its own words.
        usage: Token counts of the body; headers fill in where there are none.
        thinking: The first thought with its signature, which langchain-aws puts into `additional_kwargs`.
    """

    content: str | list[dict[str, Any]]
    tool_calls: list[Any] = field(default_factory=list)
    invalid_tool_calls: list[Any] = field(default_factory=list)
    stop_reason: str | None = None
    usage: UsageMetadata | None = None
    thinking: dict[str, Any] = field(default_factory=dict)


class Format(ABC):
    """A publisher's format."""

    @abstractmethod
    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""

    @abstractmethod
    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer."""

    def chunks(self, call: Call) -> ChunkReader:
        """Return a reader of the chunks of one stream."""
        return ChunkReader(self, call)

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream, or return `None` if it says nothing."""
        raise NotImplementedError

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said in this chunk that the answer is complete."""
        raise NotImplementedError


class ChunkReader:
    """Reads the chunks of one stream; the same for every publisher, but for `Format.delta`."""

    def __init__(self, form: Format, call: Call) -> None:
        self.form, self.call = form, call
        self.complete = False
        self._counted = False

    def read(self, chunk: Any) -> list[AIMessageChunk]:
        """Convert one chunk; usage comes once, from Bedrock's own metrics."""
        if not isinstance(chunk, dict):  # Writer ends with "[DONE]"
            self.complete = True
            return []
        made = [delta] if (delta := self.form.delta(chunk)) is not None else []
        self.complete = self.complete or self.form.ended(chunk)
        metrics = chunk.get("amazon-bedrock-invocationMetrics")
        if metrics and not self._counted:
            self._counted = True
            made.append(AIMessageChunk(content="", usage_metadata=metrics_usage(metrics)))
        return made


def usage_of(input_tokens: int, output_tokens: int, cache_read: int = 0, cache_write: int = 0) -> UsageMetadata:
    """Return LangChain's counts; cached tokens are part of the input."""
    total_input = input_tokens + cache_read + cache_write
    return UsageMetadata(
        input_tokens=total_input,
        output_tokens=output_tokens,
        total_tokens=total_input + output_tokens,
        input_token_details={"cache_read": cache_read, "cache_creation": cache_write},
    )


def metrics_usage(metrics: dict[str, Any]) -> UsageMetadata:
    """Read `amazon-bedrock-invocationMetrics`, which ends a stream."""
    names = ("inputTokenCount", "outputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount")
    return usage_of(*(metrics.get(name) or 0 for name in names))


def header_usage(headers: dict[str, str]) -> UsageMetadata | None:
    """Read the counts in the headers of an answer, or return `None` if there are none."""
    prefix = "x-amzn-bedrock-"
    names = ("input-token-count", "output-token-count", "cache-read-input-token-count", "cache-write-input-token-count")
    counts = [count(headers, prefix + name) for name in names]
    if all(number is None for number in counts):
        return None
    return usage_of(*(number or 0 for number in counts))


def body_usage(usage: dict[str, Any] | None) -> UsageMetadata | None:
    """Read the counts in a body, in Anthropic's or OpenAI's words."""
    if not usage:
        return None
    read, written = usage.get("cache_read_input_tokens") or 0, usage.get("cache_creation_input_tokens") or 0
    given = usage.get("input_tokens", usage.get("prompt_tokens", usage.get("inputTokens")))
    answered = usage.get("output_tokens", usage.get("completion_tokens", usage.get("outputTokens")))
    return usage_of(given or 0, answered or 0, read, written) if given is not None or answered is not None else None
