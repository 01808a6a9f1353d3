"""AWS's lists of one source Region, fetched without a thread: the calls run behind Python and are taken later."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _credentials
from outcrop.cross_region._facts import RegionFacts, of_lists, of_snapshot

if TYPE_CHECKING:
    from outcrop import Client

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


class Listing:
    """The lists of one Region, under way or done.

    Args:
        client: A client of the service `bedrock` in the source Region.
        tags: Whether to fetch the tags of application profiles, which is a call for each.
    """

    def __init__(self, client: Client, *, tags: bool) -> None:
        self._region = client.meta.region_name
        self._calls = _credentials.calls(client._native)  # noqa: SLF001  -- the package's own
        self._tags = tags
        self._found: dict[int, list[dict[str, Any]]] = {number: [] for number in _LISTS}
        self._tagged: dict[int, dict[str, Any]] = {}
        self._waiting = set(_LISTS)
        self._failed: dict[int, Exception] = {}
        self._lock = threading.Lock()
        for number, (operation, arguments, _) in _LISTS.items():
            self._calls.start(number, operation, arguments)

    def wait(self, until: float | None = None) -> RegionFacts | None:
        """What the Region's lists say; the bundled facts where they cannot be had.

        Args:
            until: The moment, by `time.monotonic`, after which it is `None` instead.
        """

        def left() -> float | None:
            return None if until is None else max(0.0, until - monotonic())

        patience = left()
        # Whoever comes first takes what arrives; the others find it done.
        if not self._lock.acquire(timeout=-1 if patience is None else patience):
            return None
        try:
            while self._waiting:
                if not self._take(left()):
                    return None
        finally:
            self._lock.release()
        return self._facts()

    def poll(self) -> RegionFacts | None:
        """The same if all of it has arrived."""
        with self._lock:
            while self._waiting and self._take(0.0):
                pass
            return None if self._waiting else self._facts()

    def _take(self, timeout: float | None) -> bool:
        taken = self._calls.take(timeout)
        if taken is None:
            return False
        number, result = taken
        self._waiting.discard(number)
        if isinstance(result, Exception):
            self._failed[number] = result
        elif number in _LISTS:
            self._page(number, result)
        else:
            tags = {tag["key"]: tag["value"] for tag in result.get("tags", [])}
            self._tagged[number]["tags"] = tags
        return True

    def _page(self, number: int, result: dict[str, Any]) -> None:
        operation, arguments, member = _LISTS[number]
        found = result.get(member, [])
        self._found[number] += found
        if token := result.get("nextToken"):
            self._start(number, operation, arguments | {"nextToken": token})
        if number == _APPLICATIONS and self._tags:
            for summary in found:
                behind = len(_LISTS) + len(self._tagged)
                self._tagged[behind] = summary
                self._start(behind, "ListTagsForResource", {"resourceARN": summary["inferenceProfileArn"]})

    def _start(self, number: int, operation: str, arguments: dict[str, Any]) -> None:
        self._waiting.add(number)
        self._calls.start(number, operation, arguments)

    def _facts(self) -> RegionFacts:
        # Without its own profiles a Region's live facts would be a hole; the other lists only add to them.
        if _PROFILES in self._failed:
            return of_snapshot(self._region, f"because ListInferenceProfiles failed: {self._failed[_PROFILES]}")
        bundled = of_snapshot(self._region, "")
        profiles = self._found[_PROFILES] + self._found[_APPLICATIONS]
        facts = of_lists(self._region, profiles, self._found[_MODELS])
        if _MODELS in self._failed:
            direct = tuple(row for row in bundled.rows if row.type == "FOUNDATION_MODEL")
            why = f"because ListFoundationModels failed: {self._failed[_MODELS]}"
            note = f"{self._region}: models of the bundled facts, {why}"
            return RegionFacts(self._region, facts.rows + direct, note)
        return facts
