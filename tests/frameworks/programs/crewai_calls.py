"""crewAI."""

import asked
from crewai import LLM


def model(name=None, **more):
    return LLM(model=f"bedrock/{name or asked.model()}", **more)


def whole():
    return model().call(asked.QUESTION)


def streamed():
    return model(stream=True).call(asked.QUESTION)


def called():
    looked_up = []

    def hardness(mineral: str) -> str:
        """Look up a hardness."""
        looked_up.append(mineral)
        return "7"

    function = {"name": "hardness", "description": "Look up a hardness.", "parameters": asked.SCHEMA}
    tools = [{"type": "function", "function": function}]
    answer = model().call(asked.TOOL_QUESTION, tools=tools, available_functions={"hardness": hardness})
    return {"concluded": answer, "mineral": looked_up[0]}


def refused():
    return asked.code_of(lambda: model(asked.NOBODY).call(asked.QUESTION))


asked.tell(whole, streamed, called, refused)
