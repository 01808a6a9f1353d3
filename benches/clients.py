"""The clients side by side, each with the calls it can make, and nothing imported before it is needed."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Say something about the layers of the earth."}]}]
BODY = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": MESSAGES})
WHERE = {"region_name": "us-east-1", "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
CONNECTIONS = 1100


class Boto3:
    """What most people use; in asyncio, a thread a call."""

    def __init__(self, url: str) -> None:
        import boto3
        from botocore.config import Config

        config = Config(max_pool_connections=CONNECTIONS)
        self.client = boto3.client("bedrock-runtime", endpoint_url=url, config=config, **WHERE)
        self.threads = ThreadPoolExecutor(1000)

    def converse(self) -> Any:
        return self.client.converse(modelId=MODEL, messages=MESSAGES)["output"]

    def invoke(self) -> Any:
        return json.loads(self.client.invoke_model(modelId=MODEL, body=BODY)["body"].read())["content"]

    def stream(self) -> int:
        return sum(1 for _ in self.client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])

    def aconverse(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self.threads, self.converse)

    async def close(self) -> None:
        self.threads.shutdown()
        self.client.close()


class Aiobotocore:
    """boto3's machinery over aiohttp; it has no blocking calls."""

    def __init__(self, url: str) -> None:
        from aiobotocore.config import AioConfig
        from aiobotocore.session import get_session

        config = AioConfig(max_pool_connections=CONNECTIONS)
        self.context = get_session().create_client("bedrock-runtime", endpoint_url=url, config=config, **WHERE)
        self.client: Any = None

    async def _open(self) -> Any:
        if self.client is None:
            self.client = await self.context.__aenter__()
        return self.client

    async def aconverse(self) -> Any:
        return (await (await self._open()).converse(modelId=MODEL, messages=MESSAGES))["output"]

    async def astream(self) -> int:
        answer = await (await self._open()).converse_stream(modelId=MODEL, messages=MESSAGES)
        return sum([1 async for _ in answer["stream"]])

    async def close(self) -> None:
        if self.client is not None:
            await self.context.__aexit__(None, None, None)


class Outcrop:
    """Blocking and awaitable."""

    def __init__(self, url: str) -> None:
        import outcrop

        self.client = outcrop.client("bedrock-runtime", endpoint_url=url, max_pool_connections=CONNECTIONS, **WHERE)
        self.aclient = outcrop.async_client(
            "bedrock-runtime", endpoint_url=url, max_pool_connections=CONNECTIONS, **WHERE
        )

    converse, invoke, stream = Boto3.converse, Boto3.invoke, Boto3.stream

    async def aconverse(self) -> Any:
        return (await self.aclient.converse(modelId=MODEL, messages=MESSAGES))["output"]

    async def astream(self) -> int:
        answer = await self.aclient.converse_stream(modelId=MODEL, messages=MESSAGES)
        return sum([1 async for _ in answer["stream"]])

    async def first_token(self) -> float:
        """Read a stream to its end; after how many seconds its first delta came."""
        began, first = time.perf_counter(), None
        async for event in (await self.aclient.converse_stream(modelId=MODEL, messages=MESSAGES))["stream"]:
            if first is None and "contentBlockDelta" in event:
                first = time.perf_counter() - began
        return first or 0.0

    async def close(self) -> None:
        self.client.close()
        await self.aclient.close()


class LangchainAws:
    """langchain-aws as chains use it: what it awaits goes to the event loop's own threads."""

    def __init__(self, url: str) -> None:
        from botocore.config import Config
        from langchain_aws import ChatBedrockConverse

        config = Config(max_pool_connections=CONNECTIONS)
        self.model = ChatBedrockConverse(model=MODEL, endpoint_url=url, config=config, **WHERE)

    async def aconverse(self) -> Any:
        return await self.model.ainvoke(MESSAGES[0]["content"][0]["text"])

    async def close(self) -> None:
        pass


class CrossRegion(Outcrop):
    """The same through a router whose primary is well."""

    def __init__(self, url: str) -> None:
        import outcrop

        options: dict[str, Any] = {
            "sources": ["us-east-1", "us-west-2"],
            "residency": "us",
            "catalogue": "snapshot",
            "endpoint_url": url,
            "max_pool_connections": CONNECTIONS,
            **{name: value for name, value in WHERE.items() if name != "region_name"},
        }
        self.client = outcrop.CrossRegion(MODEL, **options)
        self.aclient = outcrop.AsyncCrossRegion(MODEL, **options)


CLIENTS = {"outcrop": Outcrop, "outcrop.CrossRegion": CrossRegion, "boto3": Boto3, "aiobotocore": Aiobotocore}


async def together(call: Any, total: int, at_once: int) -> None:
    """`total` calls, `at_once` in flight."""
    left = iter(range(total))

    async def worker() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(worker() for _ in range(at_once)))


def wall(name: str, url: str, at_once: int) -> float:
    """How many seconds twice `at_once` calls take with `at_once` in flight, after as many to warm up."""

    async def main() -> float:
        client = (CLIENTS | {"langchain-aws": LangchainAws})[name](url)
        await together(client.aconverse, at_once, at_once)
        began = time.perf_counter()
        await together(client.aconverse, 2 * at_once, at_once)
        took = time.perf_counter() - began
        await client.close()
        return took

    return asyncio.run(main())


def cold(name: str, url: str) -> None:
    """Import, make a client, get one answer: the whole of a fresh process."""
    client = CLIENTS[name](url)
    if hasattr(client, "converse"):
        client.converse()
        return

    async def once() -> None:
        await client.aconverse()
        await client.close()

    work: Coroutine[Any, Any, None] = once()
    asyncio.run(work)


if __name__ == "__main__":
    if sys.argv[3:]:
        print(wall(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    else:
        cold(*sys.argv[1:3])
