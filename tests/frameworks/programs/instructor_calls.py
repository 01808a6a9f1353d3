"""instructor."""

import asked
import instructor
from pydantic import BaseModel


class Hardness(BaseModel):
    """A hardness that was looked up."""

    mineral: str


def made(**more):
    return instructor.from_bedrock(asked.client(), **more)


def ask(model=None, **more):
    messages = [{"role": "user", "content": [{"text": asked.TOOL_QUESTION}]}]
    return made(**more).chat.completions.create(
        modelId=model or asked.model(), messages=messages, response_model=Hardness
    )


def called():
    return {"mineral": ask().mineral}


def refused():
    return asked.code_of(lambda: ask(asked.NOBODY))


async def awaited():
    return (await ask(async_client=True)).mineral


asked.tell(called, refused, awaited)
