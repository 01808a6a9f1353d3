"""The blocks of one turn, each by itself: what Bedrock refuses wherever it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop._conversation.media import KINDS, Media
from outcrop._conversation.names import DocumentNames, ToolNames, is_call_id, whole
from outcrop._conversation.tool_text import EMPTY, block_as_text, filled
from outcrop._conversation.values import plain
from outcrop._models import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

INVALID_JSON = "INVALID_JSON"
"""The key under which a call's arguments go back that are no JSON object, as Anthropic advises."""

NO_TEXT = "what stood in the place of a text and is none was written as one"

NO_JSON = "values that JSON does not have, or halves of characters, were replaced"
"""Noted of numbers without end, dates, bytes and the like in calls and results, and of texts that were cut."""

Block = dict[str, Any]

_NOBODY: frozenset[Any] = frozenset()


class Cleaning:
    """Cleans the turns of one conversation, in their order.

    Args:
        model: The id of the model that will read the conversation; empty if it is not known.
        names: Names of the request's tools.
        note: Told of each change.
    """

    def __init__(self, model: str, names: ToolNames, note: Callable[[str], None]) -> None:
        self._model, self._names, self._tell = model, names, note
        self._media = Media(model, note)
        self._documents = DocumentNames()
        self._seen: set[Any] = set()
        self._asked_now = False
        self._images_outside = refuses(model, "images in tool results")
        self._no_own_tools = refuses(model, "results of its own tools")
        self._cleaners: dict[str, Callable[[Block, AbstractSet[Any] | None], Sequence[Block]]] = {
            "text": self._text,
            "guardContent": self._text,
            "citationsContent": self._text,
            "toolUse": self._call,
            "toolResult": self._result,
            "document": self._named,
            "reasoningContent": self._thought,
            "cachePoint": self._point,
        }
        for medium in ("image", "video", "audio"):
            self._cleaners[medium] = self._medium(medium)

    def clean(self, content: list[Any], role: str, *, last: bool = False) -> list[Block]:
        """Return the blocks of a turn without what Bedrock refuses in any place.

        Args:
            content: The blocks; they are not changed.
            role: Whose turn it is.
            last: Whether it is the last one: what is shown there is asked about now, and Bedrock says if it cannot be.
        """
        made: list[Block] = []
        self._asked_now = last and role == "user" and not any("toolResult" in block for block in content)
        served = self._served(content) if role == "assistant" else None
        for given in content:
            kind = next(iter(given), "") if isinstance(given, dict) else ""
            block = given if kind == "text" else self._plain(given)
            cleaner = self._cleaners.get(kind)
            # What has no shape of Converse's is left to those who refuse it in words.
            if cleaner is None or not (kind == "text" or isinstance(block[kind], dict)):
                made.append(block)
            else:
                made.extend(cleaner(block, served))
        return made

    def of_system(self, block: Block) -> Sequence[Block]:
        """Return what a block of a system prompt is sent as: itself, or nothing."""
        block = self._plain(block)
        return (block,) if self.says(block) and self.may_point(block) else ()

    def _served(self, content: list[Block]) -> AbstractSet[Any]:
        """Return the ids of calls that are answered within the turn, once, as a model's own service does it."""
        content = [block for block in content if isinstance(block, dict)]
        answers = [block["toolResult"].get("toolUseId") for block in content if _has(block, "toolResult")]
        if not answers:
            return _NOBODY
        calls = [block["toolUse"].get("toolUseId") for block in content if _has(block, "toolUse")]
        return {
            identifier
            for identifier in answers
            if answers.count(identifier) == calls.count(identifier) == 1
            and identifier not in self._seen
            and is_call_id(identifier)
        }

    def _text(self, block: Block, _served: AbstractSet[Any] | None) -> Sequence[Block]:
        text = block.get("text")
        if isinstance(text, str) and text and not text.isspace():
            return (self._whole(block),)
        if not self.says(block):
            return ()
        return (block,) if text is None or isinstance(text, str) else (self._written(block),)

    def _written(self, block: Block) -> Block:
        """Return a block whose text is one: tools and users give numbers and objects, too."""
        held = plain(block["text"])
        self._tell(NO_TEXT)
        return {**block, "text": held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)}

    def _whole(self, block: Block) -> Block:
        text = block["text"]
        if (sent := whole(text)) == text:
            return block
        self._tell("a half of a character, which no request can carry, was replaced")
        return {**block, "text": sent}

    def _plain(self, block: Block) -> Block:
        made = plain(block, bytes_stay=True)
        if made is not block:
            self._tell(NO_JSON)
        return made

    def says(self, block: Block) -> bool:
        """Whether a block with a text has one that is not blank."""
        if "text" in block:
            texts = [block["text"]]
        elif "guardContent" in block and "text" in block["guardContent"]:
            texts = [block["guardContent"]["text"].get("text")]
        elif "citationsContent" in block:
            texts = [part.get("text") for part in block["citationsContent"].get("content") or ()]
        else:
            return True
        if any(text is not None and not (isinstance(text, str) and (not text or text.isspace())) for text in texts):
            return True
        self._tell("a blank text was left out")
        return False

    def _call(self, block: Block, served: AbstractSet[Any] | None) -> list[Block]:
        use = block["toolUse"]
        name, given = use.get("name"), use.get("input")
        self._seen.add(use.get("toolUseId"))
        changes: Block = {}
        if isinstance(given, dict) and (held := plain(given)) is not given:
            self._tell(NO_JSON)
            changes["input"] = held
        if (sent := self._names.sent(name)) != name:
            if sent not in self._names.originals:
                self._tell(f"the name of a tool is sent as {sent!r}, which Bedrock takes")
            changes["name"] = sent
        if not isinstance(given, dict):
            changes["input"] = self._input(given)
        made = {**block, "toolUse": {**use, **changes}} if changes else block
        if served is None:  # a user asks for nothing
            self._tell("a call in a user turn is sent as text")
            return block_as_text(made)
        if self._no_own_tools and use.get("toolUseId") in served:
            self._tell("a tool that another service ran itself is sent as text")
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
        self._tell(f"a call's arguments that are no JSON object are sent under {INVALID_JSON!r}")
        return {INVALID_JSON: given}

    def _medium(self, kind: str) -> Callable[[Block, AbstractSet[Any] | None], Sequence[Block]]:
        return lambda block, _served: (self._media.sent(block, kind, asked_now=self._asked_now),)

    def _result(self, block: Block, served: AbstractSet[Any] | None) -> Sequence[Block]:
        result = block["toolResult"]
        given = result.get("content")
        inner, after = self._parts([{"text": given}] if isinstance(given, str) else given or ())
        if after:
            self._tell("images or cache points were put behind the result that they stood in")
        if not inner:
            self._tell(f"a result that says nothing is sent as {EMPTY!r}")
        inner = filled(inner)
        if inner != given:
            block = {**block, "toolResult": {**result, "content": inner}}
        if served is not None and (result.get("toolUseId") not in served or self._no_own_tools):
            self._tell("a result in a model's turn is sent as text")
            return block_as_text(block)
        return [block, *after]

    def _parts(self, given: Iterable[Block]) -> tuple[list[Block], list[Block]]:
        """Return what stands in a result, and what goes behind it."""
        inner: list[Block] = []
        after: list[Block] = []
        for part in given:
            kind = next((kind for kind in KINDS if _has(part, kind)), None) if isinstance(part, dict) else None
            if kind is not None:
                shown = self._media.sent(part, kind, in_result=True)
                if "document" in shown:
                    inner.append(self._document(shown))
                elif "audio" in shown or ("image" in shown and self._images_outside):
                    after.insert(sum("image" in other for other in after), shown)
                else:
                    inner.append(shown)
            elif not isinstance(part, dict):
                inner.append(part)
            elif "cachePoint" in part:
                after.extend(self._point(part, None))
            elif "json" in part:
                inner.append(self._json(part))
            else:
                inner.extend(self._text(part, None))
        return inner, after

    def _json(self, part: Block) -> Block:
        held = plain(part["json"])
        if held is not part["json"]:
            self._tell(NO_JSON)
            part = {**part, "json": held}
        if isinstance(held, dict):
            return part
        self._tell("a result that is JSON but no object is sent as text")
        return {"text": json.dumps(held, ensure_ascii=False)}

    def _document(self, block: Block) -> Block:
        document = block["document"]
        name = document.get("name")
        sent = self._documents.sent(name, document.get("source"))
        if sent == name:
            return block
        self._tell("the name of a document was changed to one that Bedrock takes, none twice")
        return {**block, "document": {**document, "name": sent}}

    def _named(self, block: Block, _served: AbstractSet[Any] | None) -> Sequence[Block]:
        shown = self._media.sent(block, "document", asked_now=self._asked_now)
        return (self._document(shown) if "document" in shown else shown,)

    def _thought(self, block: Block, served: AbstractSet[Any] | None) -> Sequence[Block]:
        return (block,) if self._may_think(block, by_model=served is not None) else ()

    def _point(self, block: Block, _served: AbstractSet[Any] | None) -> Sequence[Block]:
        return (block,) if self.may_point(block) else ()

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
        self._tell("reasoning that this model refuses was left out")
        return False

    def may_point(self, block: Block) -> bool:
        """Whether a block is no cache point, or the model takes any."""
        if "cachePoint" not in block or not refuses(self._model, "cache points"):
            return True
        self._tell("a cache point was left out, since this model refuses any")
        return False


def _has(block: Block, kind: str) -> bool:
    """Whether a block is of a kind, and of its shape."""
    return isinstance(block.get(kind), dict)
