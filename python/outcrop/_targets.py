"""A router's target in words."""

from __future__ import annotations


def in_words(model_id: str, source_region: str, account: str | None) -> str:
    """Name a target for a person: what it is, and from where and by which account it is called.

    Args:
        model_id: What is sent as `modelId`.
        source_region: The Region whose endpoint is called.
        account: The account's id, or what stands for one of several.
    """
    if account is None:
        return f"{model_id} from {source_region}"
    return f"{model_id} from {source_region}, {'account ' * account.isdecimal()}{account}"
