"""One local Bedrock for the standard suites, and local stand-ins for the files that they would download."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from outcrop.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIXEL = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000000200"
    "01e221bc330000000049454e44ae426082"
)


def _sound() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return made.getvalue()


_FILES = {
    "jpg": _PIXEL,
    "jpeg": _PIXEL,
    "png": _PIXEL,
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n",
    "wav": _sound(),
}


@pytest.fixture(scope="session")
def shared_bedrock() -> Iterator[Emulator]:
    with Emulator() as bedrock:
        # Models know what JSON is; the emulator's does not.
        bedrock.script(text="Return the result as a JSON", reply='{"setup": "Why the cat?", "punchline": "Why not."}')
        yield bedrock


@pytest.fixture(scope="class", autouse=True)
def connection(request: pytest.FixtureRequest, shared_bedrock: Emulator) -> None:
    """What a suite's model needs to reach the local Bedrock."""
    request.cls.connection = shared_bedrock.connection


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suites fetch a PDF, a sound and pictures from the web: here they get others of their kind."""

    def get(url: str, **_: object) -> httpx.Response:
        kind = urlsplit(url).path.rpartition(".")[2].lower()
        return httpx.Response(200, content=_FILES[kind], request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", get)
    monkeypatch.setenv("LANGCHAIN_TESTS_USER_AGENT", "outcrop")
