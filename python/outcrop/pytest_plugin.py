"""A pytest plugin: a local Amazon Bedrock of the test's own, by itself or with the environment pointing at it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator, Recorder, Replay, StrictScript


_FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the switch between playing recordings and making them."""
    parser.getgroup("outcrop").addoption(
        "--bedrock-record",
        action="store_true",
        help="bedrock_recording calls AWS, with what that costs, and writes what is said beside the tests",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Notes that a test failed by itself: that it then left answers over tells nobody anything."""
    if call.when == "call" and call.excinfo is not None:
        item.stash[_FAILED] = True


@pytest.fixture
def bedrock_options() -> dict[str, Any]:
    """The keyword arguments of `outcrop.emulator.Emulator` for `bedrock`; override this fixture to set Regions."""
    return {}


@pytest.fixture
def bedrock(bedrock_options: dict[str, Any]) -> Iterator[Emulator]:
    """A running `outcrop.emulator.Emulator`, fresh for each test."""
    from outcrop.emulator import Emulator

    with Emulator(**bedrock_options) as running:
        yield running


@pytest.fixture
def _default_session() -> Iterator[None]:
    """boto3's default session for this test alone: it keeps the credentials that it found first."""
    former = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    _set_default_session(None)
    yield
    _set_default_session(former)


@pytest.fixture
def bedrock_environment(bedrock: Emulator, monkeypatch: pytest.MonkeyPatch, _default_session: None) -> Emulator:
    """`bedrock`, with the environment pointing every Bedrock client that the code under test makes at it.

    Other services stay where they are, and what was in the environment is put back after the test.
    """
    _point(monkeypatch, bedrock.environment)
    return bedrock


@pytest.fixture
def bedrock_script(bedrock_environment: Emulator, request: pytest.FixtureRequest) -> Iterator[StrictScript]:
    """`bedrock_environment` with a script that is kept to: see `StrictScript.reply`.

    A call that no answer was written down for is told so in place of an answer, and fails the test at its end, as does
    an answer that nobody asked for, unless the test failed by itself.
    """
    from outcrop.emulator import StrictScript

    script = StrictScript(bedrock_environment)
    yield script
    script.close()
    _check(script, request)


@pytest.fixture
def bedrock_recording_options() -> dict[str, Any]:
    """The keyword arguments of `outcrop.emulator.Recorder` for `bedrock_recording`, such as `redact`."""
    return {}


@pytest.fixture
def bedrock_recording(
    request: pytest.FixtureRequest,
    bedrock_recording_options: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    _default_session: None,
) -> Iterator[Replay | Recorder]:
    """The environment pointing at what Bedrock once said to this test, kept in `recordings/` beside it.

    `pytest --bedrock-record` calls AWS and writes the recording; without it, nothing is called, and a request that was
    not recorded fails the test, as does an answer that nobody asked for.
    """
    from outcrop.emulator import Recorder, Replay

    name = re.sub(r"[^\w.-]+", "_", request.node.name).strip("_")
    path = request.path.parent / "recordings" / request.path.stem / f"{name}.json"
    if request.config.getoption("--bedrock-record"):
        with Recorder(path, **bedrock_recording_options) as recorder:
            for variable, value in recorder.environment.items():
                monkeypatch.setenv(variable, value)
            yield recorder
        return
    with Replay(path) as replay:
        _point(monkeypatch, replay.environment)
        yield replay
        _check(replay, request)


def _set_default_session(session: Any) -> None:
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        vars(boto3)["DEFAULT_SESSION"] = session


def _check(played: StrictScript | Replay, request: pytest.FixtureRequest) -> None:
    """Fails with what is wrong alone: no line of this plugin tells more."""
    try:
        played.check(all_used=not request.node.stash.get(_FAILED, False))
    except AssertionError as error:
        if error.__cause__ is not None:
            raise
        told = str(error)
    else:
        return
    pytest.fail(told, pytrace=False)


def _point(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Sets the variables, and unsets what would win over them."""
    from outcrop.emulator._environment import OVERRIDING

    for name in OVERRIDING:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
