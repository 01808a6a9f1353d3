"""The same environment for boto3 and for outcrop, and what each made of it."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from .world import Worker, World


@dataclass
class Case:
    """An environment: variables, files in its home folder by path, arguments, and what the world says.

    A variable that is None is not set. Who calls is root's or another user, by number; what that one may do with files
    and folders is said by `modes`.
    """

    variables: dict[str, str | None] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    calls: int = 1
    user: int | None = None
    modes: dict[str, int] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of one call: who was asked what and how often, and the error's classes, text and traceback."""

    asked: list[Any]
    classes: list[str]
    text: str = ""
    traceback: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def error(self):
        return self.classes[0] if self.classes else None


@pytest.fixture(scope="module")
def world():
    with World() as world:
        yield world


@pytest.fixture(scope="module")
def workers():
    workers = {client: Worker(client) for client in ("boto3", "outcrop")}
    yield workers
    for worker in workers.values():
        worker.close()


@pytest.fixture(scope="module")
def both(world, workers):
    """`both(case)`: the outcomes of boto3 and of outcrop. `{home}` and the world's names are filled in."""

    homes, numbers = TemporaryDirectory(), itertools.count()
    Path(homes.name).chmod(0o755)

    def run(case):
        outcomes = []
        for client in ("boto3", "outcrop"):
            # pytest's own folders are closed to other users.
            home = Path(homes.name, str(next(numbers)))
            home.mkdir()

            def filled(text, home=home):
                text = text if isinstance(text, bytes) else text.encode()
                for name, value in {**world.names, "{home}": str(home)}.items():
                    text = text.replace(name.encode(), value.encode())
                return text

            for path, text in case.files.items():
                (home / path).parent.mkdir(parents=True, exist_ok=True)
                (home / path).write_bytes(filled(text))
            for path, mode in case.modes.items():
                (home / path).chmod(mode)
            variables = {"HOME": "{home}", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{world}", "BOTO_CONFIG": "{home}/none"}
            # The usual second is too short for a machine that is busy with tests.
            patient = {"PATH": "/usr/bin:/bin", "AWS_METADATA_SERVICE_TIMEOUT": "20"}
            variables = {**patient, **variables, **case.variables}
            world.asked(case.told)
            told = workers[client].run(
                {name: filled(value).decode() for name, value in variables.items() if value is not None},
                {n: filled(v).decode() if isinstance(v, str) else v for n, v in case.arguments.items()},
                case.calls,
                case.user,
            )
            counts = Counter(event[0] for event in world.seen)
            asked = eval(repr(world.asked({})).replace(str(home), "{home}"))
            said = told["classes"], told.get("text", ""), told.get("traceback", "")
            outcomes.append(Outcome(asked, *said, counts))
        return outcomes

    with homes:
        yield run
