"""litellm."""

import json

import asked
import litellm

litellm.suppress_debug_info = True


def ask(model=None, question=asked.QUESTION, **more):
    messages = [{"role": "user", "content": question}]
    keys = {} if asked.Now.way == "boto3" else {"aws_bedrock_client": asked.client()}
    return litellm.completion(model=f"bedrock/converse/{model or asked.model()}", messages=messages, **keys, **more)


def whole():
    return ask().choices[0].message.content


def streamed():
    return "".join(part.choices[0].delta.content or "" for part in ask(stream=True))


def called():
    tool = {"name": "hardness", "description": "Look up a hardness.", "parameters": asked.SCHEMA}
    answer = ask(question=asked.TOOL_QUESTION, tools=[{"type": "function", "function": tool}])
    return json.loads(answer.choices[0].message.tool_calls[0].function.arguments)


def refused():
    try:
        ask(asked.NOBODY)
    except litellm.BadRequestError as error:
        return error.status_code


asked.tell(whole, streamed, called, refused)
