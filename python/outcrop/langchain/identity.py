"""What a model id says: its geography, its provider, its base model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from outcrop._model_ids import split

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


def answered_by(response: dict[str, Any], called: str) -> str:
    """Return the id that was called, or the router's name of a next model if that answered in its place.

    Args:
        response: An answer, whose record says which model gave it.
        called: The id that was called.
    """
    # Clients that stand in for one in tests answer with anything.
    metadata = response.get("ResponseMetadata")
    record = metadata.get("CrossRegion") if isinstance(metadata, dict) else None
    model = record.get("Model") if isinstance(record, dict) else None
    if not isinstance(model, str) or model == called:
        return called
    own = identify(called).base_model_id
    return called if own is not None and own == identify(model).base_model_id else model


def _identify_id(model_id: str) -> ModelIdentity:
    geography, base_model = split(model_id)
    provider, _, rest = base_model.partition(".")
    return ModelIdentity(geography, provider if rest else None, base_model)
