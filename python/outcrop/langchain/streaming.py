"""A Converse stream as LangChain's chunks.

One `StreamReader` reads one stream; what it is told event by event is all that it knows, so that the sync and the
async loops around it hold no logic. Text deltas are by far the most frequent events and take the shortest way.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from outcrop.langchain.messages.inbound import PROVIDER, block_from, inline_or_stored, tool_use
from outcrop.langchain.messages.usage import reasoning_tokens, usage_metadata


class StreamReader:
    """Reads the events of one stream.

    Args:
        response: What `converse_stream` returned.
        naming: What the chunk with the usage says of the model: `model_name` and the like.
    """

    def __init__(self, response: dict[str, Any], naming: dict[str, Any]) -> None:
        self._naming = dict(naming)
        if "ResponseMetadata" in response:
            self._naming["ResponseMetadata"] = response["ResponseMetadata"]
        self._reasoning_tokens: int | None = None
        self._formats: dict[int, str] = {}
        self._uses: dict[int, str] = {}
        self._complete = False

    def read(self, event: dict[str, Any]) -> AIMessageChunk:
        """Convert one event.

        Raises:
            ValueError: For an exception that a foreign client hands over as an event.
        """
        delta = event.get("contentBlockDelta")
        if delta is not None:
            index, change = delta["contentBlockIndex"], delta["delta"]
            if "text" in change:
                return _chunk([{"type": "text", "text": change["text"], "index": index}])
            return self._delta(change, index)
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
        index, start = value["contentBlockIndex"], value.get("start") or {}
        if use := start.get("toolUse"):
            block = {**tool_use(use), "index": index}
            self._uses[index] = block["type"]
            calls = []
            if block["type"] == "tool_use":
                calls = [tool_call_chunk(name=block.get("name"), id=block["id"], args=block.get("input"), index=index)]
            return _chunk([block], calls)
        if image := start.get("image"):
            self._formats[index] = image.get("format", "")
            return _chunk([])
        if result := start.get("toolResult"):
            made = block_from({"toolResult": {**result, "content": None}})
            return _chunk([{**block, "index": index} for block in made])
        return _chunk([{**block, "index": index} for block in block_from(start)] if start else [])

    def _delta(self, change: dict[str, Any], index: int) -> AIMessageChunk:
        if (use := change.get("toolUse")) is not None:
            text = use.get("input", "")
            kind = self._uses.get(index, "tool_use")
            block = {"type": kind, "input": text, "id": None, "index": index}
            if kind != "tool_use":  # Bedrock runs it itself: nobody here is to call it
                return _chunk([block])
            return _chunk([block], [tool_call_chunk(name=None, id=None, args=text, index=index)])
        if (image := change.get("image")) is not None:
            return _chunk([self._image(image, index)])
        return _chunk([{**block, "index": index} for block in block_from(change)])

    def _image(self, image: dict[str, Any], index: int) -> dict[str, Any]:
        media_type = f"image/{self._formats.get(index, 'png')}"
        return {**inline_or_stored("image", image, media_type), "index": index}

    def _stop(self, value: dict[str, Any]) -> AIMessageChunk:
        self._complete = True
        self._reasoning_tokens = reasoning_tokens(value.get("additionalModelResponseFields"))
        return AIMessageChunk(content="", response_metadata={**value, "model_provider": PROVIDER})

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
    "contentBlockStop": lambda self, value: _chunk([]),
    "messageStop": StreamReader._stop,
    "metadata": StreamReader._metadata,
}
