"""A local Amazon Bedrock on loopback: many Regions, real signatures, real streams, every failure on request.

    >>> from outcrop.emulator import Emulator
    >>> with Emulator() as bedrock:
    ...     runtime = bedrock.client("bedrock-runtime", region_name="us-west-2")
    ...     answer = runtime.converse(
    ...         modelId="us.amazon.nova-lite-v1:0",
    ...         messages=[{"role": "user", "content": [{"text": 'Reply with exactly "PONG".'}]}],
    ...     )
    ...     print(answer["output"]["message"]["content"][0]["text"], bedrock.journal[-1].serving_region)
    PONG us-west-2

boto3, aiobotocore, langchain-aws and every AWS SDK talk to it unchanged:
`boto3.client("bedrock-runtime", **bedrock.connection)`.
"""

from __future__ import annotations

from outcrop.emulator._answers import Answer
from outcrop.emulator._clock import Clock
from outcrop.emulator._emulator import Emulator
from outcrop.emulator._invocation_log import InvocationLog
from outcrop.emulator._journal import Journal, JournalEntry
from outcrop.emulator._loopback import Asked
from outcrop.emulator._metrics import Metric
from outcrop.emulator._objects import Objects
from outcrop.emulator._recorder import Recorder
from outcrop.emulator._regions import Limits, Region, Regions, RegionSettings
from outcrop.emulator._replay import Replay
from outcrop.emulator._rules import FaultKind, Rule
from outcrop.emulator._strict import StrictScript

__all__ = [
    "Answer",
    "Asked",
    "Clock",
    "Emulator",
    "FaultKind",
    "InvocationLog",
    "Journal",
    "JournalEntry",
    "Limits",
    "Metric",
    "Objects",
    "Recorder",
    "Region",
    "RegionSettings",
    "Regions",
    "Replay",
    "Rule",
    "StrictScript",
]
