"""A conversation as Bedrock takes it: every rule once, whoever asks.

Nothing of what was said is lost, nothing is said that nobody said but placeholders, and each change is noted. Blocks
are never changed in place; what does not change is shared with the caller's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop._conversation.cache_points import MAX_CACHE_POINTS, with_points_in_place
from outcrop._conversation.names import DocumentNames, ToolNames, is_tool_name
from outcrop._conversation.results import own_calls, paired, served_ids
from outcrop._conversation.tool_text import EMPTY, block_as_text, filled, has_tool_blocks
from outcrop._models import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

INVALID_JSON = "INVALID_JSON"
"""The key under which a call's arguments go back that are no JSON object, as Anthropic advises."""

_MEDIA = frozenset({"image", "document", "video", "audio"})
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
        self._documents = DocumentNames()
        self._strict_ids = not model or "claude" in model.lower()
        self._images_outside = refuses(model, "images in tool results")
        self._no_own_tools = refuses(model, "results of its own tools")
        self._where = ""
        self._cleaners: dict[str, Callable[[Block, set[Any] | None], Sequence[Block]]] = {
            "text": self._text,
            "guardContent": self._text,
            "citationsContent": self._text,
            "toolUse": self._call,
            "toolResult": self._result,
            "document": self._named,
            "reasoningContent": self._thought,
            "cachePoint": self._point,
        }

    def messages(self, given: Iterable[Any], *, reserved_points: int = 0) -> list[Block]:
        """Repair the turns of a conversation.

        Args:
            given: Converse's messages; they are not changed.
            reserved_points: How many cache points stand elsewhere in the request.

        Raises:
            ValueError: If a message has no shape of Converse.
        """
        turns = self._alternating(given)
        for position, turn in enumerate(turns):
            self._where = f"messages.{position}"
            turn["content"] = self._clean(turn["content"], turn["role"])
        if self._has_tools is False and has_tool_blocks(turns):
            self._notes.append("messages: calls of tools and their results are sent as text, for want of toolConfig")
            turns = [{**t, "content": [made for b in t["content"] for made in block_as_text(b)]} for t in turns]
        turns = paired(turns, self._takes_id, self._note_at)
        turns = self._media_of_users(turns)
        turns = self._without_empty(turns)
        for position, turn in enumerate(turns):
            self._where = f"messages.{position}"
            turn["content"] = self._arranged(turn["content"], turn["role"])
        turns = self._ends(turns)
        return self._few_points(turns, reserved_points)

    def system(self, given: list[Block]) -> list[Block]:
        """Repair a system prompt: no blank texts, and no cache point before all else."""
        self._where = "system"
        made = [block for block in given if self._says(block) and self._may_point(block)]
        if any("cachePoint" in block for block in made):
            made = with_points_in_place(made, self._note)
        return made if len(made) != len(given) else given

    # --- turns --------------------------------------------------------------------------------------------------------

    def _alternating(self, given: Iterable[Any]) -> list[Block]:
        turns: list[Block] = []
        for position, message in enumerate(given):
            role, content = _read(message, position)
            if turns and turns[-1]["role"] == role:
                self._note_at(position, f"joined to the turn of the same role, {role}, before it")
                turns[-1]["content"].extend(content)
            else:
                turns.append({**message, "content": list(content)})
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

    # --- blocks of one turn -------------------------------------------------------------------------------------------

    def _clean(self, content: list[Any], role: str) -> list[Block]:
        made: list[Block] = []
        served = self._served(content) if role == "assistant" else None
        for block in content:
            cleaner = self._cleaners.get(next(iter(block), ""))
            if cleaner is None:
                made.append(block)
            else:
                made.extend(cleaner(block, served))
        return made

    @staticmethod
    def _served(content: list[Block]) -> set[Any]:
        """Return the ids of calls that are answered within the turn, as a model's own service does it."""
        answers = served_ids(content)
        return answers and answers & {block["toolUse"].get("toolUseId") for block in content if "toolUse" in block}

    def _text(self, block: Block, _served: set[Any] | None) -> Sequence[Block]:
        text = block.get("text")
        if isinstance(text, str) and text and not text.isspace():
            return (block,)
        return (block,) if self._says(block) else ()

    def _says(self, block: Block) -> bool:
        """Whether a block with a text has one that is not blank."""
        if "text" in block:
            texts = [block["text"]]
        elif "guardContent" in block and "text" in block["guardContent"]:
            texts = [block["guardContent"]["text"].get("text")]
        elif "citationsContent" in block:
            texts = [part.get("text") for part in block["citationsContent"].get("content") or ()]
        else:
            return True
        if any(isinstance(text, str) and text and not text.isspace() for text in texts):
            return True
        self._note("a blank text was left out")
        return False

    def _call(self, block: Block, served: set[Any] | None) -> list[Block]:
        use = block["toolUse"]
        name, given = use.get("name"), use.get("input")
        changes: Block = {}
        if (sent := self._names.sent(name)) != name:
            if sent not in self._names.originals:
                self._note(f"the name of a tool is sent as {sent!r}, which Bedrock takes")
            changes["name"] = sent
        if not isinstance(given, dict):
            changes["input"] = self._input(given)
        made = {**block, "toolUse": {**use, **changes}} if changes else block
        if served is None:  # a user asks for nothing
            self._note("a call in a user turn is sent as text")
            return block_as_text(made)
        if self._no_own_tools and use.get("toolUseId") in served:
            self._note("a tool that another service ran itself is sent as text")
            return block_as_text(made)
        return [made]

    def _input(self, given: Any) -> Block:
        if given is None or given == "":
            return {}
        if isinstance(given, str):
            try:
                loaded = json.loads(given)
            except ValueError:
                loaded = given
            if isinstance(loaded, dict):
                return loaded
        self._note(f"a call's arguments that are no JSON object are sent under {INVALID_JSON!r}")
        return {INVALID_JSON: given}

    def _result(self, block: Block, served: set[Any] | None) -> Sequence[Block]:
        result = block["toolResult"]
        given = result.get("content")
        inner, after = self._parts([{"text": given}] if isinstance(given, str) else given or ())
        if after:
            self._note("images or cache points were put behind the result that they stood in")
        if not inner:
            self._note(f"a result that says nothing is sent as {EMPTY!r}")
        inner = filled(inner)
        if inner != given:
            block = {**block, "toolResult": {**result, "content": inner}}
        if served is not None and (result.get("toolUseId") not in served or self._no_own_tools):
            self._note("a result in a model's turn is sent as text")
            return block_as_text(block)
        return [block, *after]

    def _parts(self, given: Iterable[Block]) -> tuple[list[Block], list[Block]]:
        """Return what stands in a result, and what goes behind it."""
        inner: list[Block] = []
        after: list[Block] = []
        for part in given:
            if "cachePoint" in part:
                after.append(part)
            elif "image" in part and self._images_outside:
                after.insert(sum("image" in other for other in after), part)
            elif "document" in part:
                inner.append(self._document(part))
            elif "json" in part and not isinstance(part["json"], dict):
                self._note("a result that is JSON but no object is sent as text")
                inner.append({"text": json.dumps(part["json"], ensure_ascii=False)})
            elif self._says(part):
                inner.append(part)
        return inner, after

    def _document(self, block: Block) -> Block:
        document = block["document"]
        name = document.get("name")
        sent = self._documents.sent(name, document.get("source"))
        if sent == name:
            return block
        self._note("the name of a document was changed to one that Bedrock takes, none twice")
        return {**block, "document": {**document, "name": sent}}

    def _named(self, block: Block, _served: set[Any] | None) -> Sequence[Block]:
        return (self._document(block),)

    def _thought(self, block: Block, served: set[Any] | None) -> Sequence[Block]:
        return (block,) if self._may_think(block, by_model=served is not None) else ()

    def _point(self, block: Block, _served: set[Any] | None) -> Sequence[Block]:
        return (block,) if self._may_point(block) else ()

    def _may_think(self, block: Block, *, by_model: bool) -> bool:
        thought = block["reasoningContent"]
        whole = thought.get("reasoningText")
        unsigned = isinstance(whole, dict) and not whole.get("signature")
        if (
            by_model
            and not refuses(self._model, "reasoning")
            and not (unsigned and refuses(self._model, "unsigned reasoning"))
            and (thought.get("redactedContent") or (isinstance(whole, dict) and (whole.get("text") or not unsigned)))
        ):
            return True
        self._note("reasoning that this model refuses was left out")
        return False

    def _may_point(self, block: Block) -> bool:
        if "cachePoint" not in block or not refuses(self._model, "cache points"):
            return True
        self._note("a cache point was left out, since this model refuses any")
        return False

    def _arranged(self, content: list[Block], role: str) -> list[Block]:
        """Bring the blocks of a turn into Bedrock's order, with what must stand beside them."""
        content = self._results_first(content) if role == "user" else self._calls_last(content)
        if all("cachePoint" in block for block in content):
            self._note(f"a turn that says nothing is sent as {EMPTY!r}")
            content = [{"text": EMPTY}, *content]
        if role == "user" and any("document" in block for block in content):
            content = self._beside_documents(content)
        if any("cachePoint" in block for block in content):
            content = with_points_in_place(content, self._note)
        return content

    def _results_first(self, content: list[Block]) -> list[Block]:
        said = False
        for block in content:
            if "toolResult" in block and said:
                self._note("results of tools were put first in their turn")
                return [b for b in content if "toolResult" in b] + [b for b in content if "toolResult" not in b]
            said = said or ("toolResult" not in block and "cachePoint" not in block)
        return content

    def _calls_last(self, content: list[Block]) -> list[Block]:
        thoughts = [block for block in content if "reasoningContent" in block]
        if thoughts and "reasoningContent" not in content[0]:
            self._note("reasoning was put first in its turn")
            content = [*thoughts, *(block for block in content if "reasoningContent" not in block)]
        if thoughts and all("reasoningContent" in block or "cachePoint" in block for block in content):
            self._note(f"reasoning alone is sent with {EMPTY!r} behind it")
            content = [*content, {"text": EMPTY}]
        if not any("toolUse" in block for block in content):
            return content
        calls = own_calls(content)
        behind = False
        for block in content:
            own = any(block is call for call in calls)
            if behind and not own and "cachePoint" not in block:
                self._note("calls of tools were put last in their turn")
                return [b for b in content if not any(b is call for call in calls)] + calls
            behind = behind or own
        return content

    def _beside_documents(self, content: list[Block]) -> list[Block]:
        if any("text" in block or "guardContent" in block for block in content):
            return content
        self._note(f"a document without a text is sent with {EMPTY!r} before it")
        first = next(index for index, block in enumerate(content) if "document" in block)
        return [*content[:first], {"text": EMPTY}, *content[first:]]

    # --- small things -------------------------------------------------------------------------------------------------

    def _takes_id(self, identifier: str) -> bool:
        if self._strict_ids:
            return is_tool_name(identifier)
        return is_tool_name(identifier.replace(".", "_").replace(":", "_"))

    def _note(self, text: str) -> None:
        self._notes.append(f"{self._where}: {text}")

    def _note_at(self, position: int, text: str) -> None:
        self._notes.append(f"messages.{position}: {text}")


def _read(message: Any, position: int) -> tuple[str, list[Any]]:
    """Return a message's role and blocks.

    Raises:
        ValueError: If it is no message of Converse.
    """
    role = message.get("role") if hasattr(message, "get") else None
    if role not in _ROLES:
        raise ValueError(f"messages[{position}] has no role of Converse's: pass 'user' or 'assistant', not {role!r}")
    content = message.get("content")
    if isinstance(content, str):
        return role, [{"text": content}]
    if not isinstance(content, (list, tuple)):
        raise ValueError(  # noqa: TRY004  -- one error for every shape that is none
            f"messages[{position}] needs content as a list of blocks, not {type(content).__name__}"
        )
    blocks: list[Any] = [{"text": block} if isinstance(block, str) else block for block in content]
    if any(not isinstance(block, dict) for block in blocks):
        raise ValueError(f"messages[{position}] has content that is no block of Converse: each must be a dict")
    return role, blocks
