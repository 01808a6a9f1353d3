"""strands."""

import asked
from strands import Agent, tool
from strands.models import BedrockModel


def agent(model_id=None, tools=(), **more):
    model = BedrockModel(model_id=model_id or asked.model(), boto_session=asked.session(), **more)
    return Agent(model=model, callback_handler=None, tools=list(tools))


def whole():
    return str(agent(streaming=False)(asked.QUESTION)).strip()


def streamed():
    return str(agent()(asked.QUESTION)).strip()


def called():
    looked_up = []

    @tool
    def hardness(mineral: str) -> int:
        """Look up a hardness."""
        looked_up.append(mineral)
        return 7

    return {"concluded": str(agent(tools=[hardness])(asked.TOOL_QUESTION)).strip(), "mineral": looked_up[0]}


def refused():
    return asked.code_of(lambda: agent(asked.NOBODY)(asked.QUESTION))


async def awaited():
    return str(await agent().invoke_async(asked.QUESTION)).strip()


asked.tell(whole, streamed, called, refused, awaited)
