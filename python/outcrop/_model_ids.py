"""A model id taken apart: a geography, if it has one, and the model behind it.

An id is read by its structure, never against a list of geographies: AWS adds one every few months. Only the *provider*
is looked up, and only to tell `openai.gpt-6.1-sol` (a provider and a model with a dot in it) from `us.openai.gpt-6`.
"""

from __future__ import annotations

import re

PROVIDERS = frozenset(
    {
        "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax", "mistral", "moonshot",
        "moonshotai", "nvidia", "openai", "qwen", "stability", "twelvelabs", "writer", "xai", "zai",
    }
)  # fmt: skip
"""Publishers seen in Bedrock's model ids. An unknown one is still understood; this list settles ambiguous ids."""

_GEOGRAPHY = re.compile(r"[a-z]{2,}(?:-[a-z]+)*")
_PROVIDER = re.compile(r"[a-z][a-z0-9]*")
_VERSION = re.compile(r"v?\d+")


def split(name: str) -> tuple[str | None, str]:
    """A geography, if the id has one, and the id of the model behind it. What nobody knows is guessed by its form.

    Args:
        name: An id, no ARN.

    Returns:
        The geography or `None`, and the model's id.
    """
    first, _, rest = name.partition(".")
    second, _, model = rest.partition(".")
    if not model or not _GEOGRAPHY.fullmatch(first) or first in PROVIDERS:
        return None, name
    if second in PROVIDERS:
        return first, rest
    from outcrop.cross_region import _snapshot

    # `us.01-ai.yi-2` is a profile, and so is `xx.newco.model-1`, but `newco.v3.2` is a model with its version.
    if first in _snapshot.facts().geographies or (_PROVIDER.fullmatch(second) and not _VERSION.fullmatch(second)):
        return first, rest
    return None, name
