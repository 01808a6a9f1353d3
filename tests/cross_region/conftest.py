"""What the suites about cross-Region calls share."""

from __future__ import annotations

import json

import pytest

from tests.support.forgetting import no_memory_of_other_tests  # noqa: F401

from .accounts import Accounts

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
"""Called through profiles only."""
ON_DEMAND = "amazon.nova-lite-v1:0"
"""Called itself, too."""
CLAUDE_BODY = json.dumps(
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 20, "messages": [{"role": "user", "content": "hi"}]}
)


def ask(text: str = "What is an outcrop?") -> dict:
    return {"messages": [{"role": "user", "content": [{"text": text}]}]}


@pytest.fixture
def accounts():
    """Local Bedrocks of two accounts."""
    with Accounts() as accounts:
        yield accounts
