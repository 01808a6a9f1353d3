"""The last releases of the official clients that use httpx, over `outcrop.httpx`, in a process of their own.

It prints what came of each API, whole and streamed, failed over, failing and left.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import ExitStack
from typing import Any

import anthropic
import httpx
import openai

import outcrop
import outcrop.httpx
from tests.apis import wire
from tests.apis.conftest import SOURCES, routed
from tests.apis.wire import APIS, MODELS, Region
from tests.support.waiting import PATIENCE

URL = "https://bedrock.example"
ASKED: dict[str, dict[str, Any]] = {
    "chat": {"messages": [{"role": "user", "content": "Name a rock."}]},
    "responses": {"input": "Name a rock."},
    "messages": {"messages": [{"role": "user", "content": "Name a rock."}], "max_tokens": 99},
}


def client(router: Any, api: str, *, sync: bool) -> Any:
    """A client of theirs; blocking or not."""
    if sync:
        web: Any = httpx.Client(transport=outcrop.httpx.Transport(router))
    else:
        web = httpx.AsyncClient(transport=outcrop.httpx.AsyncTransport(router))
    if api == "messages":
        make: Any = anthropic.Anthropic if sync else anthropic.AsyncAnthropic
        return make(base_url=f"{URL}/anthropic", api_key="none", http_client=web)
    make = openai.OpenAI if sync else openai.AsyncOpenAI
    return make(base_url=f"{URL}/openai/v1", api_key="none", http_client=web)


def method(made: Any, api: str) -> Any:
    """What asks."""
    if api == "chat":
        return made.chat.completions.create
    return made.responses.create if api == "responses" else made.messages.create


def text(api: str, answer: Any) -> str:
    """What a whole answer says."""
    if api == "chat":
        return answer.choices[0].message.content
    return answer.output_text if api == "responses" else answer.content[0].text


def delta(api: str, event: Any) -> str:
    """What an event adds."""
    if api == "chat":
        return (event.choices[0].delta.content or "") if event.choices else ""
    if api == "responses":
        return event.delta if event.type == "response.output_text.delta" else ""
    return event.delta.text if event.type == "content_block_delta" else ""


async def tried(regions: list[Region], api: str, *, sync: bool) -> dict[str, Any]:
    """What became of one API."""
    kind = outcrop.CrossRegion if sync else outcrop.AsyncCrossRegion
    router: Any = kind(MODELS[api], **routed(regions))
    said = {"model": MODELS[api], **ASKED[api]}
    regions[0].play = lambda _: wire.refusal(api, 503)
    made = client(router, api, sync=sync)
    ask = method(made, api)
    whole = ask(**said) if sync else await ask(**said)
    stream = ask(**said, stream=True) if sync else await ask(**said, stream=True)
    events = list(stream) if sync else [event async for event in stream]
    told = {"whole": text(api, whole), "stream": "".join(delta(api, event) for event in events)}
    for region in regions:
        region.play = lambda _: wire.refusal(api, 503, "server_error", "come back later")
    before = sum(region.posts for region in regions)
    try:
        ask(**said) if sync else await ask(**said)
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        told["error"] = [error.status_code, "come back later" in str(error)]
    told["attempts"] = sum(region.posts for region in regions) - before
    regions[1].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    regions[1].holds = True
    router.force("us-east-1", "open")
    stream = ask(**said, stream=True) if sync else await ask(**said, stream=True)
    if sync:
        next(iter(stream))
        stream.close()
        made.close()
    else:
        await anext(aiter(stream))
        await stream.close()
        await made.close()
    told["left"] = regions[1].left.wait(PATIENCE)
    return told


def main() -> None:
    """Try all of it."""
    told: dict[str, Any] = {"openai": openai.__version__, "anthropic": anthropic.__version__}
    for api in APIS:
        for sync in (True, False):
            with ExitStack() as stack:
                regions = [stack.enter_context(Region(name)) for name in SOURCES]
                told[f"{api} {'sync' if sync else 'async'}"] = asyncio.run(tried(regions, api, sync=sync))
    json.dump(told, sys.stdout)


main()
