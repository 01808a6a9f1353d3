"""pydantic-ai."""

import asked
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider


def agent(name=None):
    provider = BedrockProvider(bedrock_client=asked.client())
    return Agent(BedrockConverseModel(name or asked.model(), provider=provider))


def whole():
    return agent().run_sync(asked.QUESTION).output


async def streamed():
    async with agent().run_stream(asked.QUESTION) as run:
        return await run.get_output()


def called():
    looked_up, helped = [], agent()

    @helped.tool_plain
    def hardness(mineral: str) -> int:
        """Look up a hardness."""
        looked_up.append(mineral)
        return 7

    return {"concluded": helped.run_sync(asked.TOOL_QUESTION).output, "mineral": looked_up[0]}


def refused():
    try:
        agent(asked.NOBODY).run_sync(asked.QUESTION)
    except ModelHTTPError as error:
        return error.status_code


async def awaited():
    return (await agent().run(asked.QUESTION)).output


asked.tell(whole, streamed, called, refused, awaited)
