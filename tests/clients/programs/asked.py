"""What every client of the AWS kind is asked to send, and what is printed of the answers.

Each program beside this one is run where its client is installed; the environment says where Bedrock is.
"""

import json
import sys

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
NOBODY = "us.example.model"
QUESTION = "Name a mineral."
TOOL_QUESTION = 'Look up the hardness of "Quartz".'
SCHEMA = {"type": "object", "properties": {"mineral": {"type": "string"}}, "required": ["mineral"]}

MESSAGES = [{"role": "user", "content": [{"text": QUESTION}]}]
TOOL_MESSAGES = [{"role": "user", "content": [{"text": TOOL_QUESTION}]}]
TOOLS = {
    "tools": [{"toolSpec": {"name": "hardness", "description": "Look up a hardness.", "inputSchema": {"json": SCHEMA}}}]
}
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
LIMIT = {"maxTokens": 4096}
BODY = json.dumps(
    {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": QUESTION}],
    }
)


def text_of(answer):
    """The first text of an answer of Converse."""
    return next(block["text"] for block in answer["output"]["message"]["content"] if "text" in block)


def call_of(answer):
    """The call in an answer of Converse."""
    return next(block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block)


def thought_of(answer):
    """The thought in an answer of Converse."""
    blocks = answer["output"]["message"]["content"]
    return next(block["reasoningContent"]["reasoningText"] for block in blocks if "reasoningContent" in block)


def with_result(answer):
    """The conversation after an answer that called a tool."""
    result = {"toolUseId": call_of(answer)["toolUseId"], "content": [{"json": {"hardness": 7}}]}
    return [*TOOL_MESSAGES, answer["output"]["message"], {"role": "user", "content": [{"toolResult": result}]}]


def joined(events):
    """The text of a stream's events."""
    deltas = [event["contentBlockDelta"]["delta"] for event in events if event.get("contentBlockDelta")]
    return "".join(delta.get("text") or "" for delta in deltas)


def tell(outcome):
    """Print what came back, for the test that started this."""
    json.dump(outcome, sys.stdout)
