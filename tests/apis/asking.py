"""The three APIs by the official clients, sync and async, as one: a question in, a text out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import outcrop
import outcrop.httpx2
from tests.apis.wire import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable


class Said(NamedTuple):
    """What a client made of an answer."""

    text: str
    identifier: str
    input_tokens: int | None
    output_tokens: int | None


def arguments(api: str, **more: Any) -> dict[str, Any]:
    """Those of a question."""
    messages = [{"role": "user", "content": "Name a rock."}]
    own: dict[str, Any] = {
        "chat": {"messages": messages},
        "responses": {"input": "Name a rock."},
        "messages": {"messages": messages, "max_tokens": 99},
    }[api]
    if api == "chat" and more.get("stream"):
        own["stream_options"] = {"include_usage": True}
    return {"model": MODELS[api], **own, **more}


class Asking:
    """One kind of client."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def router(self, model: str, **options: Any) -> Any:
        """A router of the kind."""
        make = outcrop.CrossRegion if self.kind == "sync" else outcrop.AsyncCrossRegion
        return make(model, **options)

    def client(self, carrier: Any, api: str, **options: Any) -> Any:
        """An official client over a client or router."""
        sync = self.kind == "sync"
        if api == "messages":
            make: Callable[..., Any] = outcrop.httpx2.anthropic if sync else outcrop.httpx2.async_anthropic
        else:
            make = outcrop.httpx2.openai if sync else outcrop.httpx2.async_openai
        return make(carrier, **options)

    def ask(
        self, carrier: Any, api: str, *, stream: bool = False, options: dict[str, Any] | None = None, **more: Any
    ) -> Said:
        """Ask by a client of its own, which is given these options."""
        options = options or {}

        async def asked() -> Any:
            async with self.client(carrier, api, **options) as client:
                answer = await method(client, api)(**arguments(api, stream=stream, **more))
                return [event async for event in answer] if stream else answer

        if self.kind == "async":
            answer = asyncio.run(asked())
        else:
            with self.client(carrier, api, **options) as client:
                answer = method(client, api)(**arguments(api, stream=stream, **more))
                answer = list(answer) if stream else answer
        return of_events(api, answer) if stream else of_answer(api, answer)

    def run(self, carrier: Any, api: str, use: Callable[[Any], Any], **options: Any) -> Any:
        """Use a client: `use` gives what is waited for."""

        async def used() -> Any:
            async with self.client(carrier, api, **options) as client:
                return await use(client)

        if self.kind == "async":
            return asyncio.run(used())
        with self.client(carrier, api, **options) as client:
            return use(client)


def method(client: Any, api: str) -> Any:
    """What asks."""
    return {
        "chat": lambda: client.chat.completions.create,
        "responses": lambda: client.responses.create,
        "messages": lambda: client.messages.create,
    }[api]()


def of_answer(api: str, answer: Any) -> Said:
    """What a whole answer says."""
    usage = answer.usage
    if api == "chat":
        text = answer.choices[0].message.content
        return Said(text, answer.id, usage.prompt_tokens, usage.completion_tokens)
    text = answer.output_text if api == "responses" else answer.content[0].text
    return Said(text, answer.id, usage.input_tokens, usage.output_tokens)


def of_events(api: str, events: list[Any]) -> Said:
    """What a stream says."""
    if api == "chat":
        chosen = [event.choices[0].delta.content or "" for event in events if event.choices]
        usage = events[-1].usage
        tokens = (None, None) if usage is None else (usage.prompt_tokens, usage.completion_tokens)
        return Said("".join(chosen), events[0].id, *tokens)
    if api == "responses":
        text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        begun, ended = events[0].response, events[-1].response
        assert begun.id == ended.id
        return Said(text, begun.id, ended.usage.input_tokens, ended.usage.output_tokens)
    text = "".join(event.delta.text for event in events if event.type == "content_block_delta")
    usage = next(event.usage for event in events if event.type == "message_delta")
    return Said(text, events[0].message.id, usage.input_tokens, usage.output_tokens)
