"""Which model speaks which of the runtime's other APIs, as far as anybody has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from outcrop import _values
from outcrop.cross_region.catalogue import Profiles

if TYPE_CHECKING:
    from outcrop.cross_region.profile import Profile

Api = Literal["chat", "messages", "responses"]
Speaks = Literal["yes", "no", "unknown"]

APIS: tuple[Api, ...] = ("chat", "messages", "responses")
"""OpenAI's Chat Completions, Anthropic's Messages and OpenAI's Responses."""

# By answers recorded in August and September 2026 and by a price map of November 2026. The first line whose part begins
# a model's id holds; where none does, and for what was only concluded and not seen, nobody knows.
_SEEN: list[tuple[str, Speaks, Speaks, Speaks]] = [
    # The model, and what it does in Chat Completions, Messages and Responses.
    ("openai.gpt-oss-safeguard", "unknown", "no", "unknown"),
    ("openai.gpt-oss-", "yes", "no", "no"),
    ("openai.gpt-5.4", "no", "no", "yes"),
    ("openai.gpt-5.5", "no", "no", "yes"),
    ("openai.gpt-5.6", "yes", "no", "yes"),
    ("openai.gpt-6", "yes", "no", "yes"),
    ("xai.grok-4.6", "yes", "no", "yes"),
    ("xai.grok-4.7", "yes", "no", "unknown"),
    ("qwen.", "yes", "no", "no"),
    ("zai.", "yes", "no", "no"),
    ("deepseek.", "yes", "no", "no"),
    ("anthropic.", "no", "yes", "unknown"),
    ("amazon.nova", "no", "no", "unknown"),
    ("meta.", "no", "no", "unknown"),
]
_MEASURED = ("ap-", "ca-", "eu-", "sa-", "us-east-", "us-west-")
"""Where they were seen: in commercial Regions. Other partitions are said to have them, and nobody has told of it."""


def speaks(profile: Profile, api: Api) -> Speaks:
    """Whether a model answers in an API where it is called so.

    AWS has no operation that tells. This is what was seen and written down, and never a reason to refuse a call.

    Args:
        profile: A row of the catalogue: a model or a profile, and its source Region.
        api: `chat`, `messages` or `responses`.

    Returns:
        `yes`, `no` or `unknown`.

    Raises:
        ValueError: There is no such API.

    Example:
        >>> import outcrop
        >>> [row] = outcrop.profiles("us.openai.gpt-5.5", sources=["us-east-1"], geographies="us", catalogue="snapshot")
        >>> speaks(row, "responses"), speaks(row, "chat")
        ('yes', 'no')
    """
    if api not in APIS:
        raise ValueError(f"api must be one of {', '.join(APIS)}, not {_values.shown(api)}")
    if profile.type == "APPLICATION":
        # The two of OpenAI's refuse them by name.
        return "unknown" if api == "messages" else "no"
    model = profile.base_model or ""
    seen = next((row for row in _SEEN if model.startswith(row[0])), None)
    if seen is None or not profile.source_region.startswith(_MEASURED):
        return "unknown"
    said = (seen[1], seen[2], seen[3])[APIS.index(api)]
    if api == "messages" and said == "yes" and model.endswith(":0"):
        # Ids with a date and a version were answered with 404 there.
        return "no"
    return said


class Speaking(Profiles):
    """Rows of the catalogue with what they do in one API.

    Args:
        found: The rows; those that are known not to speak it are left out.
        api: `chat`, `messages` or `responses`.
    """

    def __init__(self, found: Profiles, api: Api) -> None:
        super().__init__([row for row in found if speaks(row, api) != "no"], found.notes)
        self._api: Api = api
        self.columns = (*Profiles.columns, api)

    def cells(self, row: Profile) -> tuple[str, ...]:
        """What a row shows."""
        return (*super().cells(row), speaks(row, self._api))

    def record(self, row: Profile) -> dict[str, object]:
        """A row as plain data."""
        return {**super().record(row), self._api: speaks(row, self._api)}
