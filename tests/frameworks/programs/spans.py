"""The calls that an instrumentor is to see, and what is printed of its spans."""

import json

import asked

MESSAGES = [{"role": "user", "content": [{"text": asked.QUESTION}]}]
BODY = json.dumps(
    {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 99,
        "messages": [{"role": "user", "content": asked.QUESTION}],
    }
)


def whole(client):
    """Converse."""
    answer = client.converse(modelId=asked.MODEL, messages=MESSAGES)
    return answer["output"]["message"]["content"][0]["text"]


def streamed(client):
    """ConverseStream, read to its end."""
    events = client.converse_stream(modelId=asked.MODEL, messages=MESSAGES)["stream"]
    return "".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event)


def own(client):
    """InvokeModel, whose body is read after the instrumentor."""
    return json.loads(client.invoke_model(modelId=asked.MODEL, body=BODY)["body"].read())["content"][0]["text"]


def own_streamed(client):
    """InvokeModelWithResponseStream."""
    events = client.invoke_model_with_response_stream(modelId=asked.MODEL, body=BODY)["body"]
    parts = [json.loads(event["chunk"]["bytes"]) for event in events]
    return "".join(part["delta"]["text"] for part in parts if part["type"] == "content_block_delta")


def refused(client):
    """An error of Bedrock's."""
    return asked.code_of(lambda: client.converse(modelId=asked.NOBODY, messages=MESSAGES))


def tell(taken):
    """Make the calls by all ways, and print their answers and the spans that `taken` gives after each."""

    def seen(call):
        def both():
            taken()
            answer = call(asked.client())
            return {"answer": answer, "spans": taken()}

        both.__name__ = call.__name__
        return both

    asked.tell(*(seen(call) for call in (whole, streamed, own, own_streamed, refused)))
