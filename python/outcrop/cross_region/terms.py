"""What a source has to be beside where its data goes: the project of its calls, and the mode of data retention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop.cross_region.profile import Profile

RetentionMode = Literal["none", "aws_review", "provider_data_share"]
"""What can be demanded: nothing is kept; AWS may look at requests; the model's provider may, too."""
Retention = Iterable[RetentionMode] | RetentionMode | None
"""The modes of data retention that are right."""

_MODES = ("none", "aws_review", "provider_data_share")
_ARN = re.compile(r"arn:aws[a-z-]*:bedrock:([a-z0-9-]{1,20}):[0-9]{12}:project/([A-Za-z0-9_-]+)")


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
        projects: The project of each source Region, where there are any.
        retention: The modes that are right; `None` is any.
    """

    projects: Mapping[str, str]
    retention: frozenset[str] | None

    @classmethod
    def of(cls, projects: Mapping[str, str] | None, retention: Retention, regions: Sequence[str]) -> Terms:
        """The terms that arguments mean.

        Args:
            projects: By source Region the id or the ARN of its project.
            retention: A mode, or several.
            regions: The source Regions.

        Raises:
            TypeError: An argument is of a wrong type.
            ValueError: A project is none or of another Region, or a mode cannot be demanded.
        """
        return cls(_projects(projects, regions), _retention(retention))

    def refusal(self, profile: Profile, mode: Mode | None) -> str | None:
        """Why a target may not be called, if it may not; the core decides by the same.

        Args:
            profile: What would be called.
            mode: What is known of its source's data retention.
        """
        region = profile.source_region
        if self.projects and region not in self.projects:
            return f"projects names none for its source Region {region}"
        if self.project(region) and profile.type == "APPLICATION":
            return "application profiles go in no project but the default one"
        if self.retention is None or (mode is not None and mode.mode in self.retention):
            return None
        right = " or ".join(sorted(self.retention))
        if mode is None or mode.mode is None:
            return f"the mode of data retention in {region} is not known, and must be {right}"
        return f"data retention in {region} is {mode.mode}, and must be {right}"

    def project(self, region: str) -> str | None:
        """The project of a source Region's calls, if not the default one."""
        project = self.projects.get(region)
        return None if project == "default" else project

    @property
    def named(self) -> dict[str, str]:
        """The projects that are not the default one, by source Region."""
        return {region: project for region, project in self.projects.items() if project != "default"}

    def notes(self, modes: Sequence[Mode]) -> list[str]:
        """Both in words, for a plan or a report.

        Args:
            modes: What is known of the sources; none where nobody asked.
        """
        notes = []
        if self.projects:
            notes.append(f"projects: {', '.join(f'{region} {name}' for region, name in self.projects.items())}")
        if modes:
            notes.append(f"data retention: {'; '.join(f'{mode.region} {mode.shown}' for mode in modes)}")
        return notes


def _projects(given: Any, regions: Sequence[str]) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(
            "projects must be a dict from each source Region to its project, since a project is of one Region, not "
            f"{type(given).__name__}"
        )
    projects = {
        _values.text("a Region of projects", region): _values.text("a project of projects", name)
        for region, name in given.items()
    }
    if not projects:
        raise ValueError("projects must name a project for at least one source Region, or be left out")
    if strangers := sorted(set(projects) - set(regions)):
        raise ValueError(
            f"projects names {_values.shown(strangers[0])}, which is not among the sources: {', '.join(regions)}"
        )
    return {region: _project(region, name) for region, name in projects.items()}


def _project(region: str, name: str) -> str:
    arn = _ARN.fullmatch(name)
    if arn is None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise ValueError(f"a project is an id such as proj_… or its ARN, not {_values.shown(name)}")
    if arn is not None and arn[1] != region:
        raise ValueError(f"the project {_values.shown(name)} belongs to {arn[1]}, not to {region}")
    return "default" if arn is not None and arn[2] == "default" else name


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
