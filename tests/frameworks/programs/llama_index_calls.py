"""llama-index."""

import asked
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.bedrock_converse import BedrockConverse

MESSAGES = [ChatMessage(role="user", content=asked.QUESTION)]


def model(name=None):
    return BedrockConverse(model=name or asked.model(), client=asked.client(), max_retries=1)


def whole():
    return model().chat(MESSAGES).message.content


def streamed():
    return "".join(part.delta or "" for part in model().stream_chat(MESSAGES))


def called():
    def hardness(mineral: str) -> int:
        """Look up a hardness."""
        return 7

    tool = FunctionTool.from_defaults(hardness)
    answer = model().chat_with_tools([tool], user_msg=asked.TOOL_QUESTION)
    [call] = model().get_tool_calls_from_response(answer)
    return {"mineral": call.tool_kwargs["mineral"]}


def refused():
    # It knows by name what it sends; Bedrock wants a profile for this one.
    return asked.code_of(lambda: model(asked.BASE).chat(MESSAGES))


async def awaited():
    return (await model().achat(MESSAGES)).message.content


asked.tell(whole, streamed, called, refused, awaited)
