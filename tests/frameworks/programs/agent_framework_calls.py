"""Microsoft's agent-framework."""

import asked
from agent_framework import Agent
from agent_framework_bedrock import BedrockChatClient


def agent(model=None, **more):
    return Agent(BedrockChatClient(model=model or asked.model(), client=asked.client()), **more)


async def whole():
    return (await agent().run(asked.QUESTION)).text


async def streamed():
    return "".join([part.text async for part in agent().run(asked.QUESTION, stream=True)])


async def called():
    looked_up = []

    def hardness(mineral: str) -> str:
        """Look up a hardness."""
        looked_up.append(mineral)
        return "It is 7."

    answer = await agent(tools=[hardness]).run(asked.TOOL_QUESTION)
    return {"concluded": answer.text, "mineral": looked_up[0]}


def refused():
    return asked.code_of(lambda: agent(asked.NOBODY).run(asked.QUESTION))


async def awaited():
    return await whole()


asked.tell(whole, streamed, called, refused, awaited)
