"""How two outcomes are compared, and the differences on purpose. `docs/client.md` names each of them."""

from __future__ import annotations

RAW = {
    "OSError",
    "FileNotFoundError",
    "PermissionError",
    "KeyError",
    "IndexError",
    "JSONDecodeError",
    "ValueError",
    "RuntimeError",
    "UnicodeDecodeError",
}
"""What escapes botocore where a source of credentials is broken; outcrop has CredentialRetrievalError."""

EARLY = {
    "InvalidConfigError",
    "InvalidDefaultsMode",
    "InvalidMaxRetryAttemptsError",
    "InvalidRegionError",
    "InvalidRetryModeError",
    "NoRegionError",
    "ValueError",
}
"""Mistakes in settings."""


def asked(theirs):
    """What boto3 asked, with a machine's metadata service asked past the proxy, as outcrop asks it."""
    return [event[:4] if event[0] == "instance" else event for event in theirs.asked]


def same(theirs, ours):
    """Why outcrop's outcome differs from boto3's without a purpose; None where it does not."""
    # What cannot be is refused when the client is made, before any source of credentials is looked at. boto3 looks
    # first, so of two mistakes it may name the other.
    if theirs.error and ours.error in EARLY and not ours.asked:
        return None
    if asked(theirs) != ours.asked:
        return f"asked {ours.asked}, not {theirs.asked}"
    if theirs.error is None or ours.error is None:
        return None if theirs.error == ours.error else f"raised {ours.error}, not {theirs.error}"
    if theirs.error in ours.classes:
        return None
    if theirs.error in RAW and "CredentialRetrievalError" in ours.classes:
        return None
    return f"raised {ours.error}, not {theirs.error}"
