"""What the tests of the asynchronous clients share."""

from __future__ import annotations

from typing import Any

import pytest

import outcrop

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
REQUEST: dict[str, Any] = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


@pytest.fixture
def client(emulator):
    """An asynchronous client that tries once."""
    return emulator.async_client("bedrock-runtime", retries={"max_attempts": 1})


@pytest.fixture
def client_of(emulator):
    """Makes a client of a server of the test's own."""

    def make(server, **settings):
        port = server.sockets[0].getsockname()[1]
        where = emulator.connection | {"endpoint_url": f"http://127.0.0.1:{port}"}
        return outcrop.async_client("bedrock-runtime", **where, retries={"max_attempts": 1}, **settings)

    return make
