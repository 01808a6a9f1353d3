"""Calls of tools and their results: each call is answered in the very next turn, once, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from outcrop._conversation.names import LONGEST, fitting
from outcrop._conversation.tool_text import block_as_text

Block = dict[str, Any]
Note = Callable[[int, str], None]

UNANSWERED = "No result: this call was not carried out, or its result was not recorded."
"""Said in the place of a result that nobody has: Bedrock refuses a call without one."""


def served_ids(content: list[Block]) -> set[Any]:
    """Return the ids of calls that a model's own service answered, within the model's turn."""
    return {block["toolResult"].get("toolUseId") for block in content if "toolResult" in block}


def own_calls(content: list[Block]) -> list[Block]:
    """Return the blocks of a model's turn that ask the caller to run a tool."""
    served = served_ids(content)
    return [b for b in content if "toolUse" in b and b["toolUse"].get("toolUseId") not in served]


def paired(turns: list[Block], fits: Callable[[str], bool], note: Note) -> list[Block]:
    """Bring calls and results together.

    Args:
        turns: Turns of alternating roles, whose lists are the caller's to change.
        fits: Whether the model takes an id.
        note: Told of each change, with the turn's position.

    Returns:
        The turns themselves if all was well.
    """
    return turns if _well(turns, fits) else _Matching(turns, fits, note).turns()


def _well(turns: list[Block], fits: Callable[[str], bool]) -> bool:
    seen: set[Any] = set()
    called: list[Any] = []
    for turn in turns:
        content = turn["content"]
        if turn["role"] == "user":
            results = [b["toolResult"].get("toolUseId") for b in content if "toolResult" in b]
            if len(results) != len(called) or set(results) != set(called):
                return False
            called = []
            continue
        called = [b["toolUse"].get("toolUseId") for b in content if "toolUse" in b]
        if served := served_ids(content):
            seen |= served
            called = [identifier for identifier in called if identifier not in served]
        for identifier in called:
            if not isinstance(identifier, str) or identifier in seen or not fits(identifier):
                return False
            seen.add(identifier)
    return not called


class _Matching:
    """One repair: who answers whom, and under which ids."""

    def __init__(self, turns: list[Block], fits: Callable[[str], bool], note: Note) -> None:
        self._turns, self._fits, self._note = turns, fits, note
        self._results: dict[Any, list[tuple[int, Block]]] = {}
        self._calls: dict[Any, list[int]] = {}
        self._ids: set[str] = set()
        for position, turn in enumerate(turns):
            if turn["role"] == "user":
                for block in turn["content"]:
                    if "toolResult" in block:
                        self._results.setdefault(block["toolResult"].get("toolUseId"), []).append((position, block))
            else:
                self._ids |= served_ids(turn["content"])
                for block in own_calls(turn["content"]):
                    self._calls.setdefault(block["toolUse"].get("toolUseId"), []).append(position)

    def turns(self) -> list[Block]:
        """Return the turns with every result where its call wants it."""
        answers = {
            position: list(self._answered(position, turn))
            for position, turn in enumerate(self._turns)
            if turn["role"] == "assistant"
        }
        made: list[Block] = []
        for position, turn in enumerate(self._turns):
            if turn["role"] == "assistant":
                content = self._with_ids(turn["content"], [call for call, _ in answers[position]])
            else:
                content = [
                    *(result for _, result in answers.get(position - 1, ())),
                    *(b for block in turn["content"] for b in self._rest(position, block)),
                ]
            made.append({**turn, "content": content})
        if made and made[-1]["role"] == "assistant" and (late := answers[len(made) - 1]):
            made.append({"role": "user", "content": [result for _, result in late]})
        return made

    def _answered(self, position: int, turn: Block) -> Iterator[tuple[Block, Block]]:
        """Give each call of a turn its id and its result."""
        calls = own_calls(turn["content"])
        for number, block in enumerate(calls):
            given = block["toolUse"].get("toolUseId")
            alike = sum(other["toolUse"].get("toolUseId") == given for other in calls[number + 1 :])
            results = self._taken(given, position, alike)
            identifier = self._id(given, position, number)
            call = {**block, "toolUse": {**block["toolUse"], "toolUseId": identifier}}
            if not results:
                self._note(position, "a call that nobody answered was answered by an error")
                error = {"toolUseId": identifier, "content": [{"text": UNANSWERED}], "status": "error"}
                yield call, {"toolResult": error}
                continue
            last = results[-1]
            content = [part for result in results for part in result["toolResult"].get("content") or ()]
            if len(results) > 1:
                self._note(position, "several results of one call were joined")
            yield call, {**last, "toolResult": {**last["toolResult"], "toolUseId": identifier, "content": content}}

    def _taken(self, given: Any, position: int, alike: int) -> list[Block]:
        """Take the results of a call: those before the id is used again, or those that came too early."""
        waiting = self._results.get(given, [])
        until = min((turn for turn in self._calls[given] if turn > position), default=len(self._turns))
        after = [entry for entry in waiting if position < entry[0] < until]
        entries = after or [entry for entry in waiting if entry[0] < position]
        entries = entries[: max(1, len(entries) - alike)]
        if alike:
            entries = entries[:1]
        if any(entry[0] != position + 1 for entry in entries):
            self._note(position, "a result was moved behind its call")
        self._results[given] = [entry for entry in waiting if not any(entry is taken for taken in entries)]
        return [block for _, block in entries]

    def _id(self, given: Any, position: int, number: int) -> str:
        wanted = given if isinstance(given, str) and given and self._fits(given) else None
        made = wanted or fitting(given, f"call_{position}_{number}")
        count, base = 1, made
        while made in self._ids:
            count += 1
            ending = f"_{count}"
            made = base[: LONGEST - len(ending)] + ending
        if made != given:
            self._note(position, "the id of a call was changed to one that Bedrock takes, none twice")
        self._ids.add(made)
        return made

    def _with_ids(self, content: list[Block], calls: list[Block]) -> list[Block]:
        own, renamed = own_calls(content), iter(calls)
        return [next(renamed) if any(block is call for call in own) else block for block in content]

    def _rest(self, position: int, block: Block) -> list[Block]:
        """Keep what a turn says beside results; a result that no call asked for becomes text."""
        if "toolResult" not in block:
            return [block]
        waiting = self._results.get(block["toolResult"].get("toolUseId"), ())
        if not any(entry[1] is block for entry in waiting):
            return []
        self._note(position, "a result that no call asked for is sent as text")
        return block_as_text(block)
