"""semantic-kernel."""

import asked
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.bedrock import BedrockChatCompletion, BedrockChatPromptExecutionSettings
from semantic_kernel.contents import ChatHistory
from semantic_kernel.functions import kernel_function


def service(model=None):
    return BedrockChatCompletion(
        model_id=model or asked.model(), runtime_client=asked.client(), client=asked.client("bedrock")
    )


def history(question=asked.QUESTION):
    made = ChatHistory()
    made.add_user_message(question)
    return made


async def whole():
    return str(await service().get_chat_message_content(history(), BedrockChatPromptExecutionSettings()))


async def streamed():
    chat = service().get_streaming_chat_message_content(history(), BedrockChatPromptExecutionSettings())
    return "".join([str(part) async for part in chat])


async def called():
    looked_up = []

    class Minerals:
        @kernel_function(description="Look up a hardness.")
        def hardness(self, mineral: str) -> int:
            looked_up.append(mineral)
            return 7

    kernel = Kernel()
    kernel.add_plugin(Minerals(), "minerals")
    settings = BedrockChatPromptExecutionSettings(function_choice_behavior=FunctionChoiceBehavior.Auto())
    answer = await service().get_chat_message_content(history(asked.TOOL_QUESTION), settings, kernel=kernel)
    return {"concluded": str(answer), "mineral": looked_up[0]}


def refused():
    settings = BedrockChatPromptExecutionSettings()
    return asked.code_of(lambda: service(asked.NOBODY).get_chat_message_content(history(), settings))


async def awaited():
    return await whole()


asked.tell(whole, streamed, called, refused, awaited)
