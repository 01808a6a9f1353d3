"""MiniStack, an independent AWS emulator, in a process and an environment of its own (it pins botocore)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.neighbours import serving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

SERVICES = "bedrock,bedrock-runtime,logs,cloudwatch,iam,sts"


def ministack(*, authenticate: bool) -> AbstractContextManager[str]:
    """A running MiniStack; yields its URL. With `authenticate` it verifies signatures and IAM policies."""
    return serving(
        "ministack",
        lambda _port: [],
        lambda port: {
            "AUTH": "true" if authenticate else "false",
            # Its default is every address of the machine.
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SERVICES": SERVICES,
        },
    )
