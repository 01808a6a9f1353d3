"""Frameworks that take a client of boto3's answer with outcrop's in its place what they answer with boto3's.

`make test-frameworks` makes the environments that they are installed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from .environment import run
from .programs.asked import MODEL, NOBODY, RESIDENCY

if TYPE_CHECKING:
    from pathlib import Path

    from outcrop.emulator import Emulator

ALL = frozenset({"whole", "streamed", "called", "refused", "awaited"})


class Framework(NamedTuple):
    """One framework, and what it has."""

    has: frozenset[str]
    ways: tuple[str, ...] = ("plain", "carried")
    environment: str = "frameworks"


OLDER = "frameworks-crewai"
FRAMEWORKS = {
    "agent_framework": Framework(ALL),
    "crewai": Framework(ALL - {"awaited"}, ("installed",), OLDER),
    "haystack": Framework(ALL),
    "instructor": Framework(ALL - {"whole", "streamed"}, ("carried",)),
    # It makes its own requests; of a client it takes the credentials and the Region.
    "litellm": Framework(ALL - {"awaited"}),
    "llama_index": Framework(ALL),
    "mem0": Framework(ALL - {"streamed", "awaited"}, ("installed",), OLDER),
    "pydantic_ai": Framework(ALL),
    "semantic_kernel": Framework(ALL, environment=OLDER),
    "strands": Framework(ALL, ("plain", "carried", "installed")),
}
ROUTED = {
    "pydantic_ai": ("router", "carried_router"),
    "llama_index": ("router", "carried_router"),
    "crewai": ("installed_router",),
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_what_a_framework_does_with_boto3_it_does_with_outcrop(name: str, emulator: Emulator, tmp_path: Path) -> None:
    framework = FRAMEWORKS[name]
    told = run(framework.environment, f"{name}_calls.py", "boto3", *framework.ways, emulator=emulator, folder=tmp_path)
    by_boto3 = told["boto3"]
    assert by_boto3.keys() == framework.has
    said = {by_boto3[call] for call in ("whole", "streamed", "awaited") if call in by_boto3}
    for text in said - {"Quartz"}:
        assert text.startswith("You asked: Name a mineral.")
    assert by_boto3["called"]["mineral"] == "Quartz"
    assert "7" in by_boto3["called"].get("concluded", "7")
    assert by_boto3["refused"] in ("ValidationException", 400)
    for way in framework.ways:
        assert told[way] == by_boto3, way


def test_what_insists_on_the_class_refuses_a_plain_client(emulator: Emulator, tmp_path: Path) -> None:
    told = run("frameworks", "instructor_calls.py", "plain", emulator=emulator, folder=tmp_path)
    assert "BaseClient" in told["plain"]["called"]
    assert not emulator.journal


@pytest.mark.parametrize("name", ROUTED)
def test_a_routers_calls_go_on_where_a_region_is_down_and_stay_in_their_residency(
    name: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.regions["us-east-1"].health = "unavailable"
    framework = FRAMEWORKS[name]
    told = run(framework.environment, f"{name}_calls.py", *ROUTED[name], emulator=emulator, folder=tmp_path)
    for way in ROUTED[name]:
        assert told[way]["whole"].startswith("You asked: Name a mineral."), told[way]
        assert told[way]["streamed"] == told[way]["whole"]
        assert told[way]["called"]["mineral"] == "Quartz"
    answered = [entry for entry in emulator.journal.where(service="bedrock-runtime") if entry.status == 200]
    assert {entry.model_id for entry in answered} == {MODEL}
    assert {entry.region for entry in answered} == {"us-west-2"}
    assert {entry.serving_region for entry in answered} <= RESIDENCY


@pytest.mark.parametrize("name", ROUTED)
def test_nothing_is_sent_where_no_target_is_inside_the_residency(name: str, emulator: Emulator, tmp_path: Path) -> None:
    framework = FRAMEWORKS[name]
    way = f"{ROUTED[name][-1]}_outside"
    told = run(framework.environment, f"{name}_calls.py", way, emulator=emulator, folder=tmp_path)
    assert "residency" in told[way]["whole"], told[way]
    # Another model than the router's goes as ever.
    assert {entry.model_id for entry in emulator.journal.where(service="bedrock-runtime")} <= {NOBODY}
