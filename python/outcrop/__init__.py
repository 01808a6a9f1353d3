"""Amazon Bedrock for Python: a native client, made for cross-Region inference.

    import outcrop

    runtime = outcrop.client("bedrock-runtime", region_name="us-east-1")
    runtime.converse(modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0", messages=[…])

`outcrop.client` and `outcrop.async_client` have boto3's methods, dicts and errors; `outcrop.Session` holds credentials and
connections for several clients; `outcrop.emulator` is a local Bedrock; `outcrop.exceptions` draws the tree of errors.
"""

from __future__ import annotations

from outcrop import exceptions
from outcrop._native import __version__
from outcrop._session import Credentials, Session, async_client, client
from outcrop._settings import Retries, Timeouts

__all__ = [
    "Credentials",
    "Retries",
    "Session",
    "Timeouts",
    "__version__",
    "async_client",
    "client",
    "exceptions",
]
