"""Make one call with the outcrop that is installed, to a local Bedrock: what a wheel is tried with."""

from __future__ import annotations

from outcrop.emulator import Emulator

with Emulator() as bedrock:
    answer = bedrock.client("bedrock-runtime").converse(
        modelId="us.amazon.nova-lite-v1:0", messages=[{"role": "user", "content": [{"text": "Name a rock."}]}]
    )
    assert answer["output"]["message"]["role"] == "assistant"  # noqa: S101  -- that is what it is for
