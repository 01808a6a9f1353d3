"""How langchain-core's `load` finds outcrop's classes.

`load(…, allowed_objects="all")` allows what stands in a table of langchain-core, which lists the packages of its own
house. The chat models enter themselves there when they are imported. That alone opens nothing: `load` still wants
`valid_namespaces=["outcrop"]`, said in so many words.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from langchain_core.load.serializable import Serializable


def loadable(kind: type[Serializable]) -> None:
    """Enter a class in the table of what `load` knows.

    Args:
        kind: The class; its `lc_id` is where it is imported from.
    """
    loading: Any = import_module("langchain_core.load.load")  # `langchain_core.load.load` is the function
    path = tuple(kind.lc_id())
    loading.ALL_SERIALIZABLE_MAPPINGS[path] = path
    if known := getattr(loading, "_default_class_paths_cache", {}).get("all"):  # made by an earlier `load`
        known.add(path)
