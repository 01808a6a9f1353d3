"""AWS's lists of one source Region, fetched without a thread: the calls run behind Python and are taken later."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from outcrop.cross_region._arriving import Arriving
from outcrop.cross_region._facts import (
    Listed,
    Lists,
    RegionFacts,
    bundled_models,
    bundled_profiles,
    rows_of_models,
    rows_of_profiles,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop.cross_region.profile import Profile

_numbers = itertools.count(1)
"""What was asked for later is newer, whenever it comes."""

_PROFILES, _APPLICATIONS, _MODELS = range(3)
_LISTS: dict[int, tuple[str, dict[str, Any], str]] = {
    _PROFILES: (
        "ListInferenceProfiles",
        {"typeEquals": "SYSTEM_DEFINED", "maxResults": 1000},
        "inferenceProfileSummaries",
    ),
    _APPLICATIONS: (
        "ListInferenceProfiles",
        {"typeEquals": "APPLICATION", "maxResults": 1000},
        "inferenceProfileSummaries",
    ),
    _MODELS: ("ListFoundationModels", {}, "modelSummaries"),
}


class Listing(Arriving["RegionFacts"]):
    """The lists of one Region, under way or done; the bundled facts stand for those that cannot be had.

    Args:
        client: A client of the service `bedrock` in the source Region.
        tags: Whether to fetch the tags of application profiles, which is a call for each.
        project: The project whose models and system-defined profiles are listed; that of the account if left out.
    """

    def __init__(self, client: Any, *, tags: bool, project: str | None = None) -> None:
        self._region = client.meta.region_name
        self._session = client._session  # noqa: SLF001  -- the package's own
        self._number = next(_numbers)
        self._tags = tags
        self._found_rows: dict[int, list[dict[str, Any]]] = {number: [] for number in _LISTS}
        self._tagged: dict[int, dict[str, Any]] = {}
        # Application profiles have no project.
        of_project = {} if project is None else {"projectIdentifier": project}
        self._asked = {
            number: (operation, arguments if number == _APPLICATIONS else {**arguments, **of_project})
            for number, (operation, arguments, _) in _LISTS.items()
        }
        super().__init__(client, self._asked)

    def _arrived(self, number: int, result: dict[str, Any]) -> None:
        if number in _LISTS:
            self._page(number, result)
        else:
            tags = {tag["key"]: tag["value"] for tag in result.get("tags", [])}
            self._tagged[number]["tags"] = tags

    def _page(self, number: int, result: dict[str, Any]) -> None:
        operation, arguments = self._asked[number]
        found = result.get(_LISTS[number][2], [])
        self._found_rows[number] += found
        if token := result.get("nextToken"):
            self._start(number, operation, arguments | {"nextToken": token})
        if number == _APPLICATIONS and self._tags:
            for summary in found:
                behind = len(_LISTS) + len(self._tagged)
                self._tagged[behind] = summary
                self._start(behind, "ListTagsForResource", {"resourceARN": summary["inferenceProfileArn"]})

    def _found(self) -> RegionFacts:
        region, models = self._region, self._found_rows[_MODELS]

        def profiles(number: int) -> tuple[Profile, ...]:
            return rows_of_profiles(region, self._found_rows[number], models)

        applications = self._listed(_APPLICATIONS, lambda: profiles(_APPLICATIONS), lambda why: Listed((), why=why))
        return RegionFacts(
            region,
            Lists(
                self._listed(_PROFILES, lambda: profiles(_PROFILES), lambda why: bundled_profiles(region, why)),
                applications,
                self._listed(_MODELS, lambda: rows_of_models(region, models), lambda why: bundled_models(region, why)),
            ),
            # Whoever signed knows by now whose keys these are.
            account=self._session._native.account,  # noqa: SLF001  -- the same
        )

    def _listed(
        self, number: int, read: Callable[[], tuple[Profile, ...]], otherwise: Callable[[str], Listed]
    ) -> Listed:
        """A list as AWS gave it; what else is known where that failed, or is not to be read."""
        operation = _LISTS[number][0]
        if number in self._failed:
            return otherwise(f"because {operation} failed: {self._failed[number]}")
        try:
            return Listed(read(), self._number)
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            return otherwise(f"because {operation} gave what cannot be read ({type(error).__name__}: {error})")
