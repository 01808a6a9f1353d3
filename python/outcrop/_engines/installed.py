"""The engines' packages, which are asked for when they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def package(name: str, extra: str) -> Any:
    """A module of an engine.

    Args:
        name: The module's.
        extra: The extra of outcrop that brings it.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        top = name.partition(".")[0]
        raise ImportError(f"{top} is not installed: it comes with `pip install 'outcrop[{extra}]'`") from error
