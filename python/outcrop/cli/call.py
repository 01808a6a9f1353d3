"""`outcrop call`: ask a model, and see the answer as it is written."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from outcrop.cli import _options
from outcrop.exceptions import ClientError

if TYPE_CHECKING:
    import argparse


REFUSALS = (ClientError,)
"""A call that Bedrock refused was made: the answer is no."""


def add_parser(subparsers: Any) -> None:
    """Adds the verb `call`."""
    parser = subparsers.add_parser(
        "call",
        help="ask a model and print its answer as it is written (a paid call)",
        description="Asks a model by Converse and prints its answer as it is written. With several source Regions, "
        "geographies or a residency it goes through a router. It is a paid call.",
    )
    parser.add_argument("model", help="a model's id, a profile's id, or an ARN")
    parser.add_argument("prompt", nargs="?", help="what to ask; standard input if it is - or left out")
    parser.add_argument("--system", metavar="TEXT", help="the system prompt")
    parser.add_argument("--max-tokens", type=int, metavar="N", help="how long the answer may be")
    parser.add_argument("--temperature", type=float, metavar="T", help="how much is left to chance")
    parser.add_argument("--usage", action="store_true", help="print tokens, Region and request id to standard error")
    _options.add_sources(parser)
    _options.add_residency(parser)
    _options.add_connection(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the answer."""
    prompt = arguments.prompt
    if prompt is None and sys.stdin.isatty():
        raise ValueError("there is nothing to ask: say it after the model, or pipe it in")
    if prompt in (None, "-"):
        prompt = sys.stdin.read()
    request = _request(arguments, prompt)
    client = _client(arguments)
    if arguments.json:
        answer = client.converse(**request)
        print(json.dumps(answer, indent=2, default=str))
        usage, metadata = answer["usage"], answer["ResponseMetadata"]
    else:
        usage, metadata = _streamed(client.converse_stream(**request))
    if arguments.usage:
        where = metadata.get("CrossRegion", {}).get("Target") or {"SourceRegion": client.meta.region_name}
        print(
            f"{usage.get('inputTokens', 0)} tokens in, {usage.get('outputTokens', 0)} out, by "
            f"{where['SourceRegion']}, request {metadata['RequestId']}",
            file=sys.stderr,
        )
    return 0


def _request(arguments: argparse.Namespace, prompt: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "modelId": arguments.model,
        "messages": [{"role": "user", "content": [{"text": prompt}]}],
    }
    if arguments.system is not None:
        request["system"] = [{"text": arguments.system}]
    wanted = {"maxTokens": arguments.max_tokens, "temperature": arguments.temperature}
    if given := {name: value for name, value in wanted.items() if value is not None}:
        request["inferenceConfig"] = given
    return request


def _client(arguments: argparse.Namespace) -> Any:
    from outcrop import CrossRegion, Session, Source

    connection = _options.connection(arguments)
    sources = _options.sources(arguments) or []
    if len(sources) > 1 or arguments.geography or arguments.residency:
        return CrossRegion(
            arguments.model,
            sources=sources or None,
            geographies=arguments.geography,
            residency=arguments.residency,
            catalogue=arguments.catalogue,
            **connection,
        )
    source = sources[0] if sources else None
    if isinstance(source, Source):
        return (source.session or Session(**connection)).client("bedrock-runtime", source.region_name)
    return Session(region_name=source, **connection).client("bedrock-runtime")


def _streamed(answer: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    usage: dict[str, Any] = {}
    with answer["stream"] as stream:
        for event in stream:
            text = event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
            sys.stdout.write(text)
            sys.stdout.flush()
            usage = event.get("metadata", {}).get("usage", usage)
    print()
    return usage, answer["ResponseMetadata"]
