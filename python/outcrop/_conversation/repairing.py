"""A conversation as Bedrock takes it: every rule once, whoever asks.

Nothing of what was said is lost, nothing is said that nobody said but placeholders, and each change is noted. Blocks
are never changed in place; what does not change is shared with the caller's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._conversation.blocks import Cleaning
from outcrop._conversation.cache_points import MAX_CACHE_POINTS, is_cache_point, with_points_in_place
from outcrop._conversation.media import KINDS, Media
from outcrop._conversation.names import ToolNames, is_call_id, is_tool_name
from outcrop._conversation.order import arranged
from outcrop._conversation.results import paired
from outcrop._conversation.sound import sound
from outcrop._conversation.tool_text import EMPTY, block_as_text, has_tool_blocks
from outcrop._models import refuses

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEDIA = frozenset(KINDS)
_ROLES = ("user", "assistant")

Block = dict[str, Any]


class Repairing:
    """One repair.

    Args:
        model: The id of the model that will read the conversation; empty if it is not known.
        names: Names of the request's tools.
        has_tools: Whether the request defines tools; without, Bedrock refuses calls and results. `None`: not known.
        thinks: Whether the request asks the model to think.
        notes: Takes what was done.
    """

    def __init__(
        self,
        model: str = "",
        names: ToolNames | None = None,
        *,
        has_tools: bool | None = None,
        thinks: bool = False,
        notes: list[str],
    ) -> None:
        self._continues = not (refuses(model, "prefill") or (thinks and refuses(model, "prefill while thinking")))
        self._model, self._names, self._has_tools, self._notes = model, names or ToolNames(), has_tools, notes
        self._strict_ids = not model or "claude" in model.lower()
        self._position: int | None = None
        self._prompt: list[Block] = []

    @cached_property
    def _cleaning(self) -> Cleaning:
        """Made when a block has to be looked at: most conversations are sound."""
        return Cleaning(self._model, self._names, self._note)

    @cached_property
    def _media(self) -> Media:
        return Media(self._model, self._note)

    def messages(self, given: Iterable[Any], *, reserved_points: int = 0, short_points: bool = False) -> list[Block]:
        """Repair the turns of a conversation.

        Args:
            given: Converse's messages; they are not changed.
            reserved_points: How many cache points stand elsewhere in the request.
            short_points: Whether one of these is kept for less than an hour.

        Raises:
            ValueError: If a message has no shape of Converse.
        """
        given = self._with_prompt(list(given))
        if sound(given, self._names, self._takes_id, has_tools=self._has_tools, shows=self._shows):
            return [{**turn, "content": list(turn["content"])} for turn in given]
        turns = self._alternating(given)
        for position, turn in enumerate(turns):
            self._position = position
            turn["content"] = self._cleaning.clean(turn["content"], turn["role"], last=position == len(turns) - 1)
        if self._has_tools is False and has_tool_blocks(turns):
            self._notes.append("messages: calls of tools and their results are sent as text, for want of toolConfig")
            turns = [{**t, "content": [made for b in t["content"] for made in block_as_text(b)]} for t in turns]
        turns = paired(turns, self._takes_id, self._note_at)
        turns = self._media_of_users(turns)
        turns = self._without_empty(turns)
        for position, turn in enumerate(turns):
            self._position = position
            turn["content"] = arranged(turn["content"], turn["role"], self._note)
        turns = self._ends(turns)
        return self._shorter_points(self._few_points(turns, reserved_points), short=short_points)

    def system(self, given: list[Block]) -> list[Block]:
        """Repair a system prompt: no blank texts, and no cache point before all else.

        Where the model takes no system prompt, nothing comes back, and `messages` puts it before the first question.
        """
        if not given:
            return given
        self._position = None
        made = [made for block in given for made in self._cleaning.of_system(block)]
        if any("cachePoint" in block for block in made):
            made = with_points_in_place(made, self._note)
        if made and refuses(self._model, "system"):
            self._note("the prompt is sent before the first question, since this model takes none")
            self._prompt = [block for block in made if "cachePoint" not in block]
            return []
        unchanged = len(made) == len(given) and all(one is other for one, other in zip(made, given, strict=True))
        return given if unchanged else made

    def tools(self, given: list[Any]) -> list[Any]:
        """Leave out the cache points among tools that the model refuses; the tools are not changed."""
        never = refuses(self._model, "cache points") or refuses(self._model, "cache points behind tools")
        made: list[Any] = []
        for tool in given:
            if is_cache_point(tool) and (never or not made or is_cache_point(made[-1])):
                self._notes.append(
                    "tools: a cache point was left out, since this model refuses any there"
                    if never
                    else "tools: a cache point was left out where Bedrock takes none"
                )
            else:
                made.append(tool)
        return given if len(made) == len(given) else made

    # --- turns --------------------------------------------------------------------------------------------------------

    def _with_prompt(self, given: list[Any]) -> list[Any]:
        """Put a system prompt that has no place of its own before the first question."""
        if not self._prompt:
            return given
        if not given or _read(given[0], 0)[0] != "user":
            return [{"role": "user", "content": self._prompt}, *given]
        return [{**given[0], "content": [*self._prompt, *_read(given[0], 0)[1]]}, *given[1:]]

    def _alternating(self, given: Iterable[Any]) -> list[Block]:
        turns: list[Block] = []
        for position, message in enumerate(given):
            role, content = _read(message, position)
            if turns and turns[-1]["role"] == role:
                self._note_at(position, f"joined to the turn of the same role, {role}, before it")
                turns[-1]["content"].extend(content)
            else:
                turns.append({**message, "content": content})
        return turns

    def _without_empty(self, turns: list[Block]) -> list[Block]:
        """Leave out turns that hold nothing any more, and join what they parted; the last one stays."""
        made: list[Block] = []
        for position, turn in enumerate(turns):
            if not turn["content"] and made and position < len(turns) - 1:
                self._note_at(position, "nothing was left of a turn, which is left out")
            elif made and made[-1]["role"] == turn["role"]:
                made[-1] = {**made[-1], "content": [*made[-1]["content"], *turn["content"]]}
            else:
                made.append(turn)
        return made

    def _media_of_users(self, turns: list[Block]) -> list[Block]:
        """Hand media that stand in a model's turn to the next user turn: only users show any."""
        made: list[Block] = []
        carried: list[Block] = []
        for position, turn in enumerate(turns):
            content = turn["content"]
            if turn["role"] == "assistant":
                if any(not _MEDIA.isdisjoint(block) for block in content):
                    self._note_at(position, "media in a model's turn are sent in the user turn behind it")
                    carried = [block for block in content if not _MEDIA.isdisjoint(block)]
                    turn = {**turn, "content": [block for block in content if _MEDIA.isdisjoint(block)]}  # noqa: PLW2901
            elif carried:
                results = [block for block in content if "toolResult" in block]
                rest = [block for block in content if "toolResult" not in block]
                turn, carried = {**turn, "content": [*results, *carried, *rest]}, []  # noqa: PLW2901
            made.append(turn)
        return [*made, {"role": "user", "content": carried}] if carried else made

    def _ends(self, turns: list[Block]) -> list[Block]:
        if not turns or turns[0]["role"] != "user":
            self._notes.append("messages: a user turn was put first, as Bedrock asks for one")
            turns = [{"role": "user", "content": [{"text": EMPTY}]}, *turns]
        last = turns[-1]
        if last["role"] == "user":
            return turns
        if not self._continues:
            self._notes.append("messages: a user turn was put last, since this model continues no answer")
            return [*turns, {"role": "user", "content": [{"text": EMPTY}]}]
        final = last["content"][-1]
        text = final.get("text")
        if isinstance(text, str) and text != text.rstrip():
            self._note_at(len(turns) - 1, "white space at the end of the answer to continue was left out")
            last["content"] = [*last["content"][:-1], {**final, "text": text.rstrip()}]
        return turns

    def _few_points(self, turns: list[Block], reserved: int) -> list[Block]:
        over = reserved - MAX_CACHE_POINTS + sum("cachePoint" in b for t in turns for b in t["content"])
        for position, turn in enumerate(turns):
            if over <= 0:
                break
            kept: list[Block] = []
            for block in turn["content"]:
                if "cachePoint" in block and over > 0:
                    over -= 1
                    self._note_at(position, "a cache point beyond the four that Bedrock takes was left out")
                else:
                    kept.append(block)
            turn["content"] = kept
        return turns

    def _shorter_points(self, turns: list[Block], *, short: bool) -> list[Block]:
        """Keep what stands behind a short-lived cache point no longer than that, as Claude wants it."""
        for position, turn in enumerate(turns):
            for place, block in enumerate(turn["content"]):
                if "cachePoint" not in block:
                    continue
                point = block["cachePoint"]
                if point.get("ttl") != "1h":
                    short = True
                elif short and self._strict_ids:
                    self._note_at(position, "a cache point behind a short-lived one is kept no longer than that")
                    own = {key: value for key, value in point.items() if key != "ttl"}
                    turn["content"] = [*turn["content"][:place], {"cachePoint": own}, *turn["content"][place + 1 :]]
        return turns

    # --- small things -------------------------------------------------------------------------------------------------

    def _shows(self, block: Block, kind: str) -> bool:
        return self._media.fits(block, kind)

    def _takes_id(self, identifier: str) -> bool:
        return is_tool_name(identifier) if self._strict_ids else is_call_id(identifier)

    def _note(self, text: str) -> None:
        where = "system" if self._position is None else f"messages.{self._position}"
        self._notes.append(f"{where}: {text}")

    def _note_at(self, position: int, text: str) -> None:
        self._notes.append(f"messages.{position}: {text}")


def _read(message: Any, position: int) -> tuple[str, list[Any]]:
    """Return a message's role and blocks.

    Raises:
        ValueError: If it is no message of Converse.
    """
    role = message.get("role") if hasattr(message, "get") else None
    if role not in _ROLES:
        raise ValueError(
            f"messages[{position}] has no role of Converse's: pass 'user' or 'assistant', not {_values.shown(role)}"
        )
    content = message.get("content")
    if isinstance(content, str):
        return role, [{"text": content}]
    if not isinstance(content, (list, tuple)):
        raise ValueError(  # noqa: TRY004  -- one error for every shape that is none
            f"messages[{position}] needs content as a list of blocks, not {type(content).__name__}"
        )
    for block in content:
        if not isinstance(block, dict):
            break
    else:
        return role, list(content)
    blocks: list[Any] = [{"text": block} if isinstance(block, str) else block for block in content]
    if any(not isinstance(block, dict) for block in blocks):
        raise ValueError(f"messages[{position}] has content that is no block of Converse: each must be a dict")
    return role, blocks
