"""`outcrop.add_cache_points`: where Bedrock's own prompt cache is told to keep a prompt.

The places are tried by value: the end of the system prompt, the end of the last message, the end of the tools, and for
Claude the end of the message before the last, from which the next turn reads.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values
from outcrop._conversation.cache_points import MAX_CACHE_POINTS, is_cache_point, point_place
from outcrop._models import refuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FAMILIES = ("anthropic", "amazon.nova")
"""What stands in the ids of models that cache prompts."""

# AWS's user guide, "Prompt caching for faster model inference", the minimum of tokens per cache checkpoint, as of
# October 2026; Claude 3.5 Haiku and Nova as of 2025: they are listed no longer. Opus 5.5 is taken for Opus 5.
_LEAST = {
    "claude-fable-5": 512,
    "claude-mythos-5": 512,
    "claude-opus-5": 512,
    "claude-sonnet-5-5": 512,
    "claude-mythos-preview": 4096,
    "claude-opus-4-5": 4096,
    "claude-opus-4-6": 4096,
    "claude-opus-4-7": 4096,
    "claude-haiku-4-5": 4096,
    "claude-3-5-haiku": 2048,
    "amazon.nova": 1000,
}
_USUAL_LEAST = 1024
"""Claude Opus 4, 4.1 and 4.8, Sonnet 3.5 v2 to 5, and those of which AWS says nothing."""
_MEDIA = {"image", "document", "video", "audio"}


def add_cache_points(
    request: Mapping[str, Any], *, ttl: Literal["5m", "1h"] | None = None, model: str | None = None
) -> dict[str, Any]:
    """Add cache points to a request of Converse or ConverseStream, so that Bedrock keeps the prompt up to them.

    They go to the end of the system prompt, of the last message, of the tools, and for Claude of the message before the
    last, where there is no point yet; never more than the four that Bedrock takes. A place with less before it than the
    model's least number of tokens gets none, as far as its length tells: a token is at least one byte.

    Args:
        request: The keyword arguments of `converse`; they are not changed.
        ttl: How long the prompt is kept after it was last read: `5m`, or `1h` where the model has it.
        model: The model's id, where `modelId` does not tell it, as with an application profile.

    Returns:
        A new request; what did not change is shared with the old one.

    Raises:
        ValueError: The model does not cache prompts, or there is no such `ttl`.
        TypeError: The request is no dict with `messages`.

    Example:
        >>> request = {
        ...     "modelId": "us.amazon.nova-lite-v1:0",
        ...     "system": [{"text": "You know every rock there is. " * 200}],
        ...     "messages": [{"role": "user", "content": [{"text": "Is basalt igneous?"}]}],
        ... }
        >>> add_cache_points(request)["system"][-1]
        {'cachePoint': {'type': 'default'}}
    """
    if ttl not in (None, "5m", "1h"):
        raise ValueError(f'ttl must be "5m", "1h" or None, not {_values.shown(ttl)}')
    messages = request.get("messages") if hasattr(request, "get") else None
    if not isinstance(messages, (list, tuple)):
        raise TypeError("request must be the keyword arguments of converse, with a list of messages")
    name = str(_values.plain(model or request.get("modelId") or "")).lower()
    if not caches_prompts(name):
        raise ValueError(
            f"{_values.shown(name or 'a request without modelId')} is no model that caches prompts: Claude from 3.5 "
            f"on and Amazon "
            "Nova do; name the model of an application profile as model="
        )
    made = dict(request)
    if "system" in made:
        made["system"] = list(made["system"])
    made["messages"] = [{**it, "content": list(it["content"])} if _has_blocks(it) else it for it in messages]
    if "tools" in (made.get("toolConfig") or {}):
        made["toolConfig"] = {**made["toolConfig"], "tools": list(made["toolConfig"]["tools"])}
    place_cache_points(made, ttl, model=name, least=least_tokens(name))
    return made


def caches_prompts(model: str) -> bool:
    """Whether a model caches prompts, by its id or a profile's, in lower case."""
    return any(it in model for it in FAMILIES) and not refuses(model, "cache points")


def least_tokens(model: str) -> int:
    """How many tokens there must be before a cache point; where AWS does not say, what most models need."""
    return next((least for name, least in _LEAST.items() if name in model), _USUAL_LEAST)


def place_cache_points(
    request: dict[str, Any], ttl: str | None, *, model: str, claude: bool | None = None, least: int = 0
) -> None:
    """Add cache points to a request whose lists are the caller's own.

    Args:
        request: Arguments of `converse`.
        ttl: `5m` or `1h`; Nova takes none, and `5m` is what Bedrock does by itself.
        model: The base model's id, in lower case: Nova caches neither tools nor messages with tool blocks.
        claude: Whether it is Anthropic's; by default its id tells.
        least: How many tokens there must be before a point.
    """
    nova = "amazon.nova" in model
    claude = "anthropic" in model if claude is None else claude
    point: dict[str, Any] = {"type": "default"}
    if ttl and ttl != "5m" and not nova:
        point["ttl"] = ttl

    system, messages = request.get("system") or [], request["messages"]
    tools = (request.get("toolConfig") or {}).get("tools") or []
    contents = [message["content"] for message in messages if _has_blocks(message)]
    manual = sum(is_cache_point(block) for blocks in (system, tools, *contents) for block in blocks)

    # Each with all that Bedrock reads up to there: tools first, then the system prompt, then the messages.
    places: list[tuple[list[Any], list[Any]]] = [(system, [tools, system])]
    if messages and _has_blocks(messages[-1]):
        last = messages[-1]["content"]
        if not (nova and any("toolResult" in block or "toolUse" in block for block in last)):
            places.append((last, [tools, system, *contents]))
    if not nova:
        places.append((tools, [tools]))
    if claude and not nova and not manual and len(messages) > 1 and _has_blocks(messages[-2]):
        before = messages[-2]["content"]
        earlier = contents[:-1] if _has_blocks(messages[-1]) else contents
        places.append((before, [tools, system, *earlier]))
    free = MAX_CACHE_POINTS - manual
    read = [tools, system, *contents]  # in Bedrock's order
    for place, prefix in places:
        if free <= 0 or not place or any(map(is_cache_point, place)) or not _reaches(prefix, least):
            continue
        index = point_place(place)
        if index is not None and (made := _in_order(point, place, read)) is not None:
            place.insert(index, {"cachePoint": made})
            free -= 1


def _in_order(point: dict[str, Any], place: list[Any], read: list[list[Any]]) -> dict[str, Any] | None:
    """Return the point for a place: what is kept for an hour comes before what is kept for minutes.

    Behind a point of the caller's for minutes, one for an hour becomes one for minutes; before one for an hour, a point
    for minutes has no place.
    """
    position = next(index for index, blocks in enumerate(read) if blocks is place)
    hours = [[block["cachePoint"].get("ttl") == "1h" for block in blocks if is_cache_point(block)] for blocks in read]
    if point.get("ttl") == "1h":
        minutes_before = any(not hour for blocks in hours[:position] for hour in blocks)
        return {"type": "default"} if minutes_before else dict(point)
    return None if any(hour for blocks in hours[position + 1 :] for hour in blocks) else dict(point)


def _has_blocks(message: Any) -> bool:
    return isinstance(message.get("content"), list)


def _reaches(prefix: Iterable[list[Any]], least: int) -> bool:
    """Whether blocks can be so many tokens. A picture or a file may be any number."""
    length = 0
    for block in (block for blocks in prefix for block in blocks):
        if length >= least or (isinstance(block, dict) and not _MEDIA.isdisjoint(block)):
            return True
        length += len(json.dumps(block, ensure_ascii=False, default=repr).encode("utf-8", "replace"))
    return length >= least
