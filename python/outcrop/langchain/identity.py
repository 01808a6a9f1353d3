"""What a model id says: its geography, its provider, its base model.

An id is read by its structure, never against a list of geographies: AWS adds one every few months. Only the *provider*
is looked up, and only to tell `openai.gpt-6.1-sol` (a provider and a model with a dot in it) from `us.openai.gpt-6`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

PROVIDERS = frozenset(
    {
        "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax", "mistral", "moonshot",
        "moonshotai", "nvidia", "openai", "qwen", "stability", "twelvelabs", "writer", "xai", "zai",
    }
)  # fmt: skip
"""Publishers seen in Bedrock's model ids. An unknown one is still understood; this list settles ambiguous ids."""

_GEOGRAPHY = re.compile(r"[a-z]{2,6}(-[a-z]{2,6})?")
_PROVIDER = re.compile(r"[a-z][a-z0-9]+")
_ARN = re.compile(r"arn:[^:]*:bedrock:[^:]*:[^:]*:(?P<kind>[^/:]+)/(?P<resource>.+)")


class ModelIdentity(NamedTuple):
    """What can be told from a model id or ARN without asking anybody.

    Attributes:
        geography: What stands before the first dot of a profile id (`us`, `global`), or `None`.
        provider: The publisher (`anthropic`), or `None` where the id does not tell (application profiles,
            imported and provisioned models).
        base_model_id: The model's own id without geography, or `None` where the id does not tell.
        is_application_profile: Whether GetInferenceProfile can tell the base model.
    """

    geography: str | None
    provider: str | None
    base_model_id: str | None
    is_application_profile: bool = False


@lru_cache(maxsize=1024)
def identify(model_id: str) -> ModelIdentity:
    """Read a model id, profile id or ARN.

    Args:
        model_id: Anything that Bedrock accepts as `modelId`.

    Returns:
        What the id tells.

    Example:
        >>> identify("in.anthropic.claude-sonnet-5").base_model_id
        'anthropic.claude-sonnet-5'
        >>> identify("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0").provider
        'amazon'
    """
    if not model_id.startswith("arn:"):
        return _identify_id(model_id)
    arn = _ARN.fullmatch(model_id)
    if arn is None:
        return ModelIdentity(None, None, None)
    kind, resource = arn["kind"], arn["resource"]
    if kind in ("foundation-model", "inference-profile"):
        return _identify_id(resource)
    if kind == "custom-model" and "/" in resource:  # `<base model>/<its own id>`
        return _identify_id(resource.partition("/")[0])
    return ModelIdentity(None, None, None, kind == "application-inference-profile")


def _identify_id(model_id: str) -> ModelIdentity:
    first, _, rest = model_id.partition(".")
    second, _, model = rest.partition(".")
    if model and _GEOGRAPHY.fullmatch(first) and _names_a_geography(first, second):
        return ModelIdentity(first, second, rest)
    return ModelIdentity(None, first if rest else None, model_id)


def _names_a_geography(first: str, second: str) -> bool:
    if second in PROVIDERS:
        return True
    # Both unknown: `xx.newco.model-1` is a profile, `newco.v3.2` (a version after the provider) is not.
    return first not in PROVIDERS and _PROVIDER.fullmatch(second) is not None and not re.fullmatch(r"v?\d+", second)
