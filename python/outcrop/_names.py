"""Names that an argument cannot have: which there are, and which was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEANT = {
    "access_key": ("aws_access_key_id",),
    "endpoint": ("endpoint_url",),
    "headers": ("default_headers",),
    "max_attempts": ("retries",),
    "max_retries": ("retries",),
    "model_id": ("model",),
    "profile": ("profile_name",),
    "read_timeout": ("timeouts",),
    "connect_timeout": ("timeouts",),
    "region": ("region_name", "sources"),
    "regions": ("sources", "region_name"),
    "secret_key": ("aws_secret_access_key",),
    "session_token": ("aws_session_token",),
    "source": ("sources", "region_name"),
    "source_region": ("sources", "region_name"),
    "source_regions": ("sources", "region_name"),
    "timeout": ("timeouts",),
    "token": ("aws_session_token", "bearer_token"),
}
"""What other libraries, or a first guess, call an argument."""

_LONGEST = 100
"""No name is longer, and looking for one that is near takes time."""


def refuse_unknown(given: Iterable[str], valid: Iterable[str], what: str, error: type[Exception]) -> None:
    """Raise the error that lists the names there are, and says which was probably meant.

    Args:
        given: The names that were given.
        valid: Those that there are, the most telling first.
        what: What they name, such as `argument`.
        error: The class to raise.
    """
    there_are = list(valid)
    unknown = sorted((_values.plain(name) for name in given if name not in there_are), key=_values.shown)
    if unknown:
        shown = ", ".join(f"{_values.shown(name)}{_meant(name, there_are)}" for name in unknown[:5])
        raise error(f"unknown {what} {shown}; there are: {', '.join(there_are)}")


def _meant(name: object, valid: list[str]) -> str:
    import difflib  # only errors want it

    if not isinstance(name, str) or len(name) > _LONGEST:
        return ""
    if near := [other for other in _MEANT.get(name, ()) if other in valid]:
        return f" (did you mean {near[0]}?)"
    # `regoin` is near `region`, which `region_name` begins with.
    words = {word: other for other in reversed(valid) for word in (other.partition("_")[0], other)}
    close = difflib.get_close_matches(name, words, 1, 0.7)
    return f" (did you mean {words[close[0]]}?)" if close else ""
