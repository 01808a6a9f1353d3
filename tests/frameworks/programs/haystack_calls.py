"""haystack."""

import asked
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack_integrations.components.generators.amazon_bedrock import AmazonBedrockChatGenerator

MESSAGES = [ChatMessage.from_user(asked.QUESTION)]


def generator(model=None, **more):
    made = AmazonBedrockChatGenerator(model=model or asked.model(), **more)
    made.client = asked.client()
    return made


def whole():
    return generator().run(MESSAGES)["replies"][0].text


def streamed():
    parts = []
    generator(streaming_callback=lambda chunk: parts.append(chunk.content)).run(MESSAGES)
    return "".join(parts)


def called():
    tool = Tool("hardness", "Look up a hardness.", asked.SCHEMA, lambda mineral: 7)
    question = ChatMessage.from_user(asked.TOOL_QUESTION)
    reply = generator(tools=[tool]).run([question])["replies"][0]
    result = ChatMessage.from_tool("7", reply.tool_calls[0])
    concluded = generator(tools=[tool]).run([question, reply, result])["replies"][0].text
    return {"mineral": reply.tool_calls[0].arguments["mineral"], "concluded": concluded}


def refused():
    return asked.code_of(lambda: generator(asked.NOBODY).run(MESSAGES))


async def awaited():
    made = generator()
    if asked.Now.way == "plain":
        made._get_async_session = asked.AsyncSession
    return (await made.run_async(MESSAGES))["replies"][0].text


asked.tell(whole, streamed, called, refused, awaited)
