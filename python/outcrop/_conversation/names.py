"""Names that Bedrock takes, for tools, calls of tools and documents."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 64
"""Characters of the name of a tool, and of the id of a call."""
LONGEST_DOCUMENT = 200

_TOOL = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NOT_IN_TOOL = re.compile(r"[^a-zA-Z0-9_-]")
# Reported from Bedrock: an underscore is taken although no document says so; two spaces are not.
_DOCUMENT = re.compile(r"[a-zA-Z0-9_\-()\[\]]+(?: [a-zA-Z0-9_\-()\[\]]+)*")
_NOT_IN_DOCUMENT = re.compile(r"[^a-zA-Z0-9_\-()\[\] ]+")
_SPACES = re.compile(r"\s+")


def is_tool_name(name: Any) -> bool:
    """Whether Bedrock takes a tool's name, or the id of a call by Claude's rule, which is the strictest."""
    return isinstance(name, str) and _TOOL.fullmatch(name) is not None


def is_call_id(identifier: Any) -> bool:
    """Whether Bedrock takes the id of a call, by Converse's own rule."""
    return isinstance(identifier, str) and is_tool_name(identifier.replace(".", "_").replace(":", "_"))


def fitting(name: Any, default: str) -> str:
    """Return the nearest name of a tool, or id of a call, that Bedrock takes: always the same for the same."""
    text = name if isinstance(name, str) else ""
    made = _NOT_IN_TOOL.sub("_", text) or default
    return made if len(made) <= LONGEST else f"{made[: LONGEST - 9]}_{_digest(text)[:8]}"


def whole(text: str) -> str:
    """Return a text without halves of characters (lone surrogates, as cutting leaves them), which JSON cannot carry."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def content_name(source: Any) -> str:
    """Name a document by what is in it: the same request is the same bytes again, which prompt caching needs."""
    content = (source.get("bytes") or source.get("text")) if isinstance(source, dict) else None
    return _digest(content if isinstance(content, (bytes, str)) else str(source))[:12]


def _digest(content: str | bytes) -> str:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()


class ToolNames:
    """Names of tools as they are sent, and the way back.

    Args:
        defined: The names of the tools that the request defines.
    """

    def __init__(self, defined: Iterable[str] = ()) -> None:
        self._sent: dict[Any, str] = {}
        self.originals: dict[str, str] = {}
        """Names that the caller gave, by those that were sent, where these differ."""
        self.fields: dict[str, dict[str, str]] = {}
        """Names of a tool's arguments that the caller gave, by those that were sent, by the tool's name as sent."""
        names = list(dict.fromkeys(defined))
        self._sent.update((name, name) for name in names if is_tool_name(name))
        for name in names:
            if name not in self._sent:
                self._define(name)

    def _define(self, name: str) -> None:
        made = fitting(name, "tool")
        if made in self._sent.values():  # `a.b` beside `a_b`
            made = f"{made[: LONGEST - 9]}_{_digest(name)[:8]}"
        self._sent[name] = made
        self.originals[made] = name

    def sent(self, name: Any) -> str:
        """Return what a name is sent as; one that no tool has, as a model may invent it, is made to fit."""
        known = self._sent.get(name) if isinstance(name, str) else None
        if known is not None:
            return known
        return name if is_tool_name(name) else fitting(name, "unnamed_tool")

    def given(self, sent: Any) -> Any:
        """Return the caller's name of a tool that an answer names."""
        return self.originals.get(sent, sent) if self.originals else sent


class DocumentNames:
    """Names of the documents of one request, none twice, also when case is ignored.

    They are given in the order of the conversation, so that a conversation that grows keeps the names it had.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def sent(self, name: Any, source: Any) -> str:
        """Return what a document's name is sent as."""
        made = name if isinstance(name, str) and len(name) <= LONGEST_DOCUMENT else None
        if made is None or not _DOCUMENT.fullmatch(made):
            made = _fitting_document(name) or content_name(source)
        unique, count = made, 1
        while unique.lower() in self._taken:
            count += 1
            ending = f"-{count}"
            unique = made[: LONGEST_DOCUMENT - len(ending)] + ending
        self._taken.add(unique.lower())
        return unique


def _fitting_document(name: Any) -> str:
    plain = unicodedata.normalize("NFKD", name) if isinstance(name, str) else ""
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    made = _NOT_IN_DOCUMENT.sub("-", _SPACES.sub(" ", plain).strip())
    made = _SPACES.sub(" ", made[:LONGEST_DOCUMENT]).strip()
    return made.strip("-") and made.strip(" -") if any(char.isalnum() for char in made) else ""
