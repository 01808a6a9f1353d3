"""A Converse stream as LangChain's chunks.

One `StreamReader` reads one stream; what it is told event by event is all that it knows, so that the sync and the
async loops around it hold no logic. Text deltas are by far the most frequent events and take the shortest way.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from outcrop._conversation.names import ToolNames
from outcrop.langchain.messages.inbound import PROVIDER, block_from, inline_or_stored, tool_use
from outcrop.langchain.messages.media import encoded, redacted_bytes
from outcrop.langchain.messages.usage import reasoning_tokens, usage_metadata
from outcrop.langchain.positions import Positions, arguments, kind_of
from outcrop.langchain.tool_fields import Fields, given_text


class StreamReader:
    """Reads the events of one stream.

    Args:
        response: What `converse_stream` returned.
        naming: What the chunk with the usage says of the model: `model_name` and the like.
        names: Names of tools as they were sent, and the way back.
    """

    def __init__(self, response: dict[str, Any], naming: dict[str, Any], names: ToolNames | None = None) -> None:
        self._naming = dict(naming)
        if "ResponseMetadata" in response:
            self._naming["ResponseMetadata"] = response["ResponseMetadata"]
        self._names = names or ToolNames()
        self._reasoning_tokens: int | None = None
        self._positions = Positions()
        self._formats: dict[int, str] = {}
        self._uses: dict[int, str] = {}
        self._redacted: dict[int, tuple[Any, bytearray]] = {}
        self._kept: dict[int, tuple[Fields, list[str]]] = {}
        self._results: set[int] = set()
        self._complete = False

    def read(self, event: dict[str, Any]) -> AIMessageChunk:
        """Convert one event.

        Raises:
            ValueError: For an exception that a foreign client hands over as an event.
        """
        delta = event.get("contentBlockDelta")
        if delta is not None:
            count, change = delta.get("contentBlockIndex", 0), delta.get("delta") or {}
            if "text" in change:
                block = {"type": "text", "text": change["text"], "index": self._positions.of(count, "text")}
                return _chunk([*self._thoughts(), block] if self._redacted else [block])
            return self._delta(change, count)
        for kind, value in event.items():
            reader = _READERS.get(kind)
            if reader is not None:
                return reader(self, value)
            if kind.endswith("Exception"):
                message = value.get("message") if isinstance(value, dict) else value
                raise ValueError(f"received AWS exception {kind} inside the stream: {message}")
        return _chunk([{"type": "non_standard", "value": event}])

    def finish(self) -> None:
        """Check that the stream was whole.

        Raises:
            ConnectionError: If it ended before Bedrock said that the message was complete.
        """
        if not self._complete:
            raise ConnectionError(
                "Incomplete Bedrock response stream: it ended without a messageStop event, so the answer is cut. Ask "
                "again, or raise the timeouts if the connection was slow."
            )

    def _start(self, value: dict[str, Any]) -> AIMessageChunk:
        count, start = value.get("contentBlockIndex", 0), value.get("start") or {}
        if not start:
            return _chunk([])
        if use := start.get("toolUse"):
            index = self._positions.begin(count, "toolUse")
            thoughts = self._thoughts()
            block = {**tool_use(use), "index": index}
            if "input" in use:
                block["input"] = arguments(use["input"])
            if fields := self._names.fields.get(use.get("name")):  # renamed when the arguments are whole
                self._kept[index] = fields, [block.pop("input", "")]
            if "name" in use:
                block["name"] = self._names.given(use["name"])
            self._uses[index] = block["type"]
            calls = []
            if block["type"] == "tool_use":
                calls = [tool_call_chunk(name=block.get("name"), id=block["id"], args=block.get("input"), index=index)]
            return _chunk([*thoughts, block], calls)
        if image := start.get("image"):
            self._formats[self._positions.begin(count, "image")] = image.get("format", "")
            return _chunk([])
        index = self._positions.begin(count, next(iter(start)))
        if result := start.get("toolResult"):
            self._results.add(index)
            made = block_from({"toolResult": {**result, "content": None}})
            return _chunk([*self._thoughts(), *({**block, "index": index} for block in made)])
        return _chunk([*self._thoughts(), *({**block, "index": index} for block in block_from(start))])

    def _delta(self, change: dict[str, Any], count: Any) -> AIMessageChunk:
        kind = kind_of(change)
        index = self._positions.of(count, kind)
        if (use := change.get("toolUse")) is not None:
            text = arguments(use.get("input"))
            if index in self._kept:
                self._kept[index][1].append(text)
                return _chunk([])
            kind = self._uses.get(index, "tool_use")
            block = {"type": kind, "input": text, "id": None, "index": index}
            if kind != "tool_use":  # Bedrock runs it itself: nobody here is to call it
                return _chunk([block])
            return _chunk([block], [tool_call_chunk(name=None, id=None, args=text, index=index)])
        if kind == "redacted":  # in parts, which cannot be added as base64: kept until their block ends
            late = [] if index in self._redacted else self._thoughts()
            _, data = self._redacted.setdefault(index, (count, bytearray()))
            data.extend(redacted_bytes(change["reasoningContent"]["redactedContent"]))
            return _chunk(late)
        late = self._thoughts()
        if (image := change.get("image")) is not None:
            return _chunk([*late, self._image(image, index)])
        if kind == "toolResult" and index not in self._results:  # nobody said of which call
            self._results.add(index)
            change = {"toolResult": {"toolUseId": "", "content": change["toolResult"]}}
        return _chunk([*late, *({**block, "index": index} for block in block_from(change))])

    def _end(self, value: dict[str, Any]) -> AIMessageChunk:
        ended = self._positions.end(value.get("contentBlockIndex", 0))
        if ended and ended[1] in self._kept:
            return self._whole_arguments([ended[1]])
        return _chunk(self._thoughts() if ended and ended[1] in self._redacted else [])

    def _thoughts(self) -> list[Any]:
        """Return the redacted thoughts that are whole, since their block ended or another goes on."""
        made = []
        for index, (count, data) in self._redacted.items():
            content = {"redacted_content": encoded(bytes(data))}
            made.append({"type": "reasoning_content", "reasoning_content": content, "index": index})
            if self._positions.current(count) == ("redacted", index):
                self._positions.end(count)
        self._redacted.clear()
        return made

    def _whole_arguments(self, indices: list[int], content: Any = ()) -> AIMessageChunk:
        """Return the arguments of calls that were kept, under the names that their tools know."""
        texts = {index: given_text(parts, fields) for index in indices for fields, parts in (self._kept.pop(index),)}
        blocks = [
            {"type": self._uses.get(index, "tool_use"), "input": text, "id": None, "index": index}
            for index, text in texts.items()
        ]
        calls = [tool_call_chunk(name=None, id=None, args=text, index=index) for index, text in texts.items()]
        return _chunk([*content, *blocks], calls)

    def _image(self, image: dict[str, Any], index: int) -> dict[str, Any]:
        media_type = f"image/{self._formats.get(index, 'png')}"
        return {**inline_or_stored("image", image, media_type), "index": index}

    def _stop(self, value: dict[str, Any]) -> AIMessageChunk:
        self._complete = True
        self._reasoning_tokens = reasoning_tokens(value.get("additionalModelResponseFields"))
        late: Any = self._thoughts() or ""
        metadata = {**value, "model_provider": PROVIDER}
        if self._kept:  # of calls that nobody ended
            chunk = self._whole_arguments(list(self._kept), late)
            return chunk.model_copy(update={"response_metadata": metadata})
        return AIMessageChunk(content=late, response_metadata=metadata)

    def _metadata(self, value: dict[str, Any]) -> AIMessageChunk:
        rest = {key: item for key, item in value.items() if key != "usage"}
        usage = value.get("usage")
        naming, self._naming = self._naming, {}  # said once, since merging chunks would join the texts
        return AIMessageChunk(
            content="",
            response_metadata={**rest, **naming, "model_provider": PROVIDER},
            usage_metadata=usage_metadata(usage, self._reasoning_tokens) if usage else None,
        )


def _chunk(content: list[Any], calls: list[Any] | None = None) -> AIMessageChunk:
    metadata = {"model_provider": PROVIDER}
    if calls:
        return AIMessageChunk(content=content, tool_call_chunks=calls, response_metadata=metadata)
    return AIMessageChunk(content=content, response_metadata=metadata)


_READERS = {
    "messageStart": lambda self, value: _chunk([]),
    "contentBlockStart": StreamReader._start,
    "contentBlockStop": StreamReader._end,
    "messageStop": StreamReader._stop,
    "metadata": StreamReader._metadata,
}
