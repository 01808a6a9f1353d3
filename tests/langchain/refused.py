"""How many of 1,000 conversations Bedrock would refuse: of outcrop's requests, and of langchain-aws's.

python -m tests.langchain.refused [how many]
"""

from __future__ import annotations

import copy
import logging
import sys
import warnings
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import Script, answer
from tests.langchain.histories import histories
from tests.langchain.rules import refusals
from tests.langchain.test_differential import TOOL, client_of, theirs
from tests.langchain.test_histories import MODELS


def verdict(kind: Any, model: str, messages: list[Any]) -> str:
    """What becomes of a conversation: `taken`, `refused` by Bedrock, or an `error` before it is sent."""
    script = Script(answer({"text": "hi"}))
    client = client_of(script)
    try:
        kind(model=model, client=client, bedrock_client=client).invoke(copy.deepcopy(messages), tools=[TOOL])
        return "refused" if refusals(script.request) else "taken"
    except Exception:  # noqa: BLE001  -- whatever is raised, nothing was sent
        return "error"


_AT_ONCE = 250
"""Hypothesis goes by time when it has made more, and would not make the same ones again."""


def count(examples: int) -> dict[str, Counter[str]]:
    """Ask both for each of so many conversations, the same ones in every run of one checkout."""
    found: dict[str, Counter[str]] = {"outcrop": Counter(), "langchain-aws": Counter()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for start in range(0, examples, _AT_ONCE):
            _count(min(_AT_ONCE, examples - start), start, found)
    return found


def _count(examples: int, number: int, found: dict[str, Counter[str]]) -> None:
    @seed(number)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories(), st.sampled_from(MODELS))
    def ask(history: tuple[list[Any], list[str]], model: str) -> None:
        for name, kind in (("outcrop", ChatBedrockConverse), ("langchain-aws", theirs)):
            found[name][verdict(kind, model, history[0])] += 1

    ask()


if __name__ == "__main__":
    logging.disable()
    for name, verdicts in count(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).items():
        print(f"{name}: {dict(verdicts)}")  # noqa: T201
