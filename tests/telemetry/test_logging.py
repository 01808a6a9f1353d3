"""Native events in Python's logging: batched, level-checked, and without anything secret."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.telemetry.test_metrics import REQUEST, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator


@pytest.fixture
def outcrop_logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("outcrop")
    yield logger
    logger.setLevel(logging.NOTSET)


def texts(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    return [
        (record.name, record.levelname, record.getMessage())
        for record in caplog.records
        if record.name.startswith("outcrop.")
    ]


@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
def test_what_happens_is_told(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, outcrop_logger: logging.Logger, kind: str
) -> None:
    outcrop_logger.setLevel("DEBUG")
    made = session(emulator)

    async def awaited() -> None:
        client: Any = made.async_client("bedrock-runtime")
        await client.converse(**REQUEST)
        async for _ in (await client.converse_stream(**REQUEST))["stream"]:
            pass

    if kind == "blocking":
        runtime = made.client("bedrock-runtime")
        runtime.converse(**REQUEST)
        for _ in runtime.converse_stream(**REQUEST)["stream"]:
            pass
    else:
        asyncio.run(awaited())
    told = texts(caplog)
    assert ("outcrop.connection", "DEBUG", f"connected to {emulator.endpoint_url}/") in told
    ends = [text for name, _, text in told if name == "outcrop.client"]
    assert [text.split(" in ")[0] for text in ends] == ["Converse ended", "ConverseStream ended"]
    assert all(text.endswith(" ms: ok") for text in ends)


def test_only_what_passes_the_level_crosses(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, outcrop_logger: logging.Logger
) -> None:
    handed: list[Any] = []
    runtime = session(emulator).client("bedrock-runtime")
    outcrop_logger.setLevel("INFO")
    emulator.fault("throttling", times=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("outcrop._logging.emit", handed.extend)
        runtime.converse(**REQUEST)
        outcrop_logger.setLevel("WARNING")
        runtime.converse(**REQUEST)
    [(name, level, text, _)] = handed
    assert (name, level) == ("client", logging.INFO)
    assert text.startswith("Converse was answered after 2 attempts in ")


def test_nothing_secret_is_told(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, outcrop_logger: logging.Logger
) -> None:
    outcrop_logger.setLevel(1)
    runtime = session(emulator).client("bedrock-runtime")
    runtime.converse(modelId=REQUEST["modelId"], messages=[{"role": "user", "content": [{"text": "a plum"}]}])
    told = "".join(text for _, _, text in texts(caplog))
    assert told
    for secret in ("plum", emulator.secret_access_key, emulator.access_key_id, "Signature"):
        assert secret not in told


def test_a_handler_that_fails_does_not_fail_the_call(
    emulator: Emulator, outcrop_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)

    def broken(lines: Any) -> None:
        raise RuntimeError("disk full")

    outcrop_logger.setLevel("DEBUG")
    monkeypatch.setattr("outcrop._logging.emit", broken)
    assert session(emulator).client("bedrock-runtime").converse(**REQUEST)["output"]
    assert "disk full" in str(unraisable[0].exc_value)


def test_what_came_last_is_told_at_the_end(emulator: Emulator) -> None:
    program = f"""
import logging, outcrop
logging.basicConfig(level="DEBUG", format="%(name)s %(message)s")
runtime = outcrop.client("bedrock-runtime", **{emulator.connection!r})
stream = runtime.converse_stream(**{REQUEST!r})["stream"]
next(iter(stream))
stream.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "outcrop.client ConverseStream ended" in done.stderr
    assert done.stderr.rstrip().endswith("abandoned")
