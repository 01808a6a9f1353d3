"""mem0."""

import asked
from mem0.configs.llms.aws_bedrock import AWSBedrockConfig
from mem0.llms.aws_bedrock import AWSBedrockLLM

MESSAGES = [{"role": "user", "content": asked.QUESTION}]


def model(name=None):
    return AWSBedrockLLM(AWSBedrockConfig(model=name or asked.model()))


def whole():
    return model().generate_response(MESSAGES)


def called():
    function = {"name": "hardness", "description": "Look up a hardness.", "parameters": asked.SCHEMA}
    messages = [{"role": "user", "content": asked.TOOL_QUESTION}]
    answer = model().generate_response(messages, tools=[{"type": "function", "function": function}])
    return answer["tool_calls"][0]["arguments"]


def refused():
    return asked.code_of(lambda: model(asked.NOBODY).generate_response(MESSAGES))


asked.tell(whole, called, refused)
