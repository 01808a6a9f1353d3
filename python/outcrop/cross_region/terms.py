"""What a source has to be beside where its data goes: the project of its calls, and the mode of data retention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values
from outcrop.cross_region import _projects
from outcrop.cross_region._facts import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop.cross_region.profile import Profile
    from outcrop.cross_region.sources import Placed

RetentionMode = Literal["none", "aws_review", "provider_data_share"]
"""What can be demanded: nothing is kept; AWS may look at requests; the model's provider may, too."""
Retention = Iterable[RetentionMode] | RetentionMode | None
"""The modes of data retention that are right."""

_MODES = ("none", "aws_review", "provider_data_share")


@dataclass(frozen=True)
class Mode:
    """What is known of a source Region's data retention.

    Attributes:
        region: The source Region.
        mode: `none`, `aws_review` or `provider_data_share`; `None` where it is not known.
        scope: Whether the project's setting says so, or the account's.
        why: Why it is not known, or is what was said a while ago.
        number: AWS's words are numbered in the order in which they were asked for; 0 where it said nothing.
    """

    region: str
    mode: str | None = None
    scope: Literal["project", "account"] | None = None
    why: str = ""
    number: int = 0

    @property
    def shown(self) -> str:
        """The mode in words."""
        shown = f"{self.mode} ({self.scope})" if self.mode else "unknown"
        return f"{shown}, {self.why}" if self.why else shown


@dataclass(frozen=True)
class Terms:
    """What a user demands of sources.

    Attributes:
        sources: The sources, each with its project.
        retention: The modes that are right; `None` is any.
    """

    sources: Sequence[Placed]
    retention: frozenset[str] | None

    @classmethod
    def of(cls, sources: Sequence[Placed], retention: Retention) -> Terms:
        """The terms that arguments mean.

        Args:
            sources: The sources.
            retention: A mode, or several.

        Raises:
            TypeError: An argument is of a wrong type.
            ValueError: A mode cannot be demanded.
        """
        return cls(sources, _retention(retention))

    @property
    def projects(self) -> dict[int, str]:
        """The projects as they were named, by the number of the source."""
        return {number: it.project for number, it in enumerate(self.sources) if it.project is not None}

    @property
    def named(self) -> dict[str, str]:
        """The same by the source in words."""
        return {self.sources[number].where: project for number, project in self.projects.items()}

    def refusal(self, profile: Profile, source: int, mode: Mode | None) -> str | None:
        """Why a target may not be called, if it may not; the core decides by the same.

        Args:
            profile: What would be called.
            source: The number of its source.
            mode: What is known of that source's data retention.
        """
        refused = self._of_project(profile, source) if self.projects else None
        if refused is not None:
            return refused
        if self.retention is None or (mode is not None and mode.mode in self.retention):
            return None
        region, right = profile.source_region, " or ".join(sorted(self.retention))
        if mode is None or mode.mode is None:
            return f"the mode of data retention in {region} is not known, and must be {right}"
        return f"data retention in {region} is {mode.mode}, and must be {right}"

    def _of_project(self, profile: Profile, source: int) -> str | None:
        placed = self.sources[source]
        if placed.project is None:
            return f"its source {placed.region} has no project, and others have"
        owner = _projects.owner(placed.project)
        if owner is not None and placed.account not in (None, owner):
            return f"the project {placed.project} belongs to account {owner}, and this source to {placed.account}"
        if placed.in_project and profile.type == "APPLICATION":
            return "application profiles go in no project but the default one"
        return None

    def notes(self, modes: Sequence[Mode]) -> list[str]:
        """Both in words, for a plan or a report.

        Args:
            modes: What is known of the sources; none where nobody asked.
        """
        notes = []
        if self.projects:
            notes.append(f"projects: {', '.join(f'{where} {name}' for where, name in self.named.items())}")
        if modes:
            told = together((it.where, mode.shown) for it, mode in zip(self.sources, modes, strict=True))
            notes.append(f"data retention: {'; '.join(f'{where} {mode}' for where, mode in told)}")
        return notes


def _retention(given: Any) -> frozenset[str] | None:
    if given is None:
        return None
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"retention must be a mode or several of {', '.join(_MODES)}, not {type(given).__name__}")
    modes = frozenset(_values.text("retention", mode) for mode in ([given] if isinstance(given, str) else given))
    if not modes:
        raise ValueError("retention must name at least one mode: an empty set forbids everything; None sets no limit")
    if strangers := sorted(modes - set(_MODES)):
        why = ""
        if strangers[0] in ("default", "inherit"):
            why = ": it stands for a model's own default, which AWS tells nowhere"
        raise ValueError(
            f"retention must be of {', '.join(_MODES)}, and {_values.shown(strangers[0])} cannot be demanded{why}"
        )
    return modes
