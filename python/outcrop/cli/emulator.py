"""`outcrop emulator`: a local Bedrock until Ctrl-C."""

from __future__ import annotations

import json
import re
import shlex
import signal
import threading
from typing import TYPE_CHECKING

from outcrop import _values
from outcrop.cli import _options
from outcrop.cli._parser import port

if TYPE_CHECKING:
    import argparse
    from types import FrameType


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `emulator`."""
    parser = subparsers.add_parser(
        "emulator",
        help="run a local Bedrock on loopback",
        description="Runs a local, multi-Region Amazon Bedrock on 127.0.0.1 until Ctrl-C, and prints the lines that "
        "point the Bedrock clients of outcrop, boto3 and every AWS SDK at it, and no other service's.",
    )
    parser.add_argument("--port", type=port, default=0, help="the port; the system's choice if left out")
    parser.add_argument(
        "--source", "--region", metavar="REGION", default="us-east-1", help="the Region of a request that names none"
    )
    parser.add_argument("--reply-tokens", type=int, default=48, help="about how long answers are (%(default)s)")
    parser.add_argument("--tokens-per-second", type=float, help="how fast models write; at once if left out")
    parser.add_argument("--no-signatures", action="store_true", help="take requests without checking their signatures")
    parser.add_argument(
        "--rules",
        choices=("strict", "documented", "recorded"),
        default="strict",
        help="what requests are refused for: all that is known to be refused, by reports alone too; what the guides of "
        "AWS and the models' makers say; or what recorded answers of the service show (%(default)s)",
    )
    parser.add_argument("--logs-endpoint-url", help="a local CloudWatch Logs to deliver invocation records to")
    _options.add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the emulator until it is told to stop, by Ctrl-C or a termination signal."""
    from outcrop.emulator import Emulator
    from outcrop.emulator._environment import OVERRIDING

    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    emulator = Emulator(
        port=arguments.port,
        reply_tokens=arguments.reply_tokens,
        tokens_per_second=arguments.tokens_per_second,
        default_region=_region(arguments.source),
        verify_signatures=not arguments.no_signatures,
        rules=arguments.rules,
        logs_endpoint_url=arguments.logs_endpoint_url,
    )
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        emulator.start()
        # What is unset would win over these, or belongs to other keys.
        if arguments.json:
            print(json.dumps({"export": emulator.environment, "unset": OVERRIDING}), flush=True)
        else:
            lines = [f"export {name}={shlex.quote(value)}" for name, value in emulator.environment.items()]
            print(*lines, " ".join(("unset", *OVERRIDING)), sep="\n", flush=True)
        stopped.wait()
    finally:
        emulator.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _region(name: str) -> str:
    """A name that can stand in an address, and in a line that a shell reads."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", name):
        raise ValueError(f"--source is one Region here, not {_values.shown(name)}")
    return name
