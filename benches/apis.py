"""CPU of a call and of a stream's event by OpenAI's and Anthropic's clients: over outcrop, and their own way.

PYTHONPATH=.venv/apis .venv/bin/python benches/apis.py      # where `make test-apis` has made the environment

One local Bedrock in a process of its own answers all. The least of five turns is printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

CALLS, EVENTS, ROUNDS = 200, 1000, 5
SERVER = """
import json, sys
from outcrop.emulator import Emulator
with Emulator(reply_tokens=int(sys.argv[1])) as bedrock:
    print(json.dumps(bedrock.environment), flush=True)
    sys.stdin.read()
"""
GPT, CLAUDE = "us.openai.gpt-6-sol", "us.anthropic.claude-sonnet-5"
SAID = [{"role": "user", "content": "Is basalt igneous?"}]


def measured(use, count):
    """Microseconds of CPU for each of what `use` counts, at the least."""
    use()
    least = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        done = sum(use() for _ in range(count))
        least = min(least, (time.process_time() - begun) / done * 1e6)
    return least


def main():
    """Print the table."""
    rows = {}
    for what, tokens in (("call", 48), ("event", EVENTS)):
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(tokens)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            os.environ.update(json.loads(server.stdout.readline()))
            for name, use in uses(what).items():
                rows.setdefault(name, {})[what] = measured(use, CALLS if what == "call" else 4)
        finally:
            server.stdin.close()
            server.wait()
    print(f"{'':44}{'a call, µs':>12}{'an event, µs':>14}")
    for name, row in rows.items():
        print(f"{name:44}{row['call']:12.0f}{row['event']:14.1f}")


def uses(what):
    """What is measured, by its name: each gives how many calls or events it was."""
    import anthropic
    import openai
    from openai.providers import bedrock as provider

    import outcrop
    import outcrop.httpx2

    url, region = os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"], os.environ["AWS_REGION"]
    plain = outcrop.client("bedrock-runtime")
    routed = {
        model: outcrop.CrossRegion(model, sources=["us-east-1", "us-west-2"], catalogue="snapshot")
        for model in (GPT, CLAUDE)
    }
    os.environ["AWS_BEDROCK_BASE_URL"] = f"{url}/openai/v1"
    keys = {"access_key": os.environ["AWS_ACCESS_KEY_ID"], "secret_key": os.environ["AWS_SECRET_ACCESS_KEY"]}
    own_openai = openai.OpenAI(
        provider=provider(
            region=region,
            endpoint="runtime",
            base_url=f"{url}/openai/v1",
            api_key=None,
            access_key_id=keys["access_key"],
            secret_access_key=keys["secret_key"],
        )
    )
    own_anthropic = anthropic.AnthropicBedrock(
        base_url=url, aws_region=region, aws_access_key=keys["access_key"], aws_secret_key=keys["secret_key"]
    )
    clients = {
        "openai, Responses, its own provider": (own_openai, "responses"),
        "openai, Responses, outcrop's client": (outcrop.httpx2.openai(plain), "responses"),
        "openai, Responses, a router": (outcrop.httpx2.openai(routed[GPT]), "responses"),
        "openai, Chat Completions, its own provider": (own_openai, "chat"),
        "openai, Chat Completions, outcrop's client": (outcrop.httpx2.openai(plain), "chat"),
        "openai, Chat Completions, a router": (outcrop.httpx2.openai(routed[GPT]), "chat"),
        "anthropic, AnthropicBedrock (InvokeModel)": (own_anthropic, "messages"),
        "anthropic, Messages, outcrop's client": (outcrop.httpx2.anthropic(plain), "messages"),
        "anthropic, Messages, a router": (outcrop.httpx2.anthropic(routed[CLAUDE]), "messages"),
    }

    def use(client, api):
        stream = what == "event"
        if api == "responses":
            call = lambda: client.responses.create(model=GPT, input=SAID[0]["content"], stream=stream)  # noqa: E731
        elif api == "chat":
            call = lambda: client.chat.completions.create(model=GPT, messages=SAID, stream=stream)  # noqa: E731
        else:
            call = lambda: client.messages.create(model=CLAUDE, messages=SAID, max_tokens=2000, stream=stream)  # noqa: E731
        return (lambda: sum(1 for _ in call())) if stream else (lambda: 1 if call() else 0)

    return {name: use(*each) for name, each in clients.items()}


if __name__ == "__main__":
    main()
