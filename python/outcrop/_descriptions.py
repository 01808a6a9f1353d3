"""What an interactive reader is shown of a method: a line for each argument, an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outcrop import _native

_ARGUMENTS = {
    "accept": "The type of the answer's body; application/json by default.",
    "additionalModelRequestFields": "What this model alone knows, such as `top_k`.",
    "additionalModelResponseFieldPaths": "JSON pointers to what only this model answers.",
    "body": "The model's own request, as JSON text or bytes.",
    "clientRequestToken": "Makes repeating safe; made up when left out.",
    "content": "Blocks: `[{'text': {'text': …}}]`.",
    "contentType": "The type of `body`; application/json by default.",
    "guardrailConfig": "`{'guardrailIdentifier': …, 'guardrailVersion': …}`.",
    "guardrailIdentifier": "The guardrail's id or ARN.",
    "guardrailVersion": "A number, or DRAFT.",
    "inferenceConfig": "`{'maxTokens': 200, 'temperature': 0.5, 'topP': 0.9, 'stopSequences': […]}`.",
    "inferenceProfileIdentifier": "The profile's id or ARN.",
    "input": "`{'converse': {'messages': …}}` or `{'invokeModel': {'body': …}}`.",
    "jobIdentifier": "The job's ARN.",
    "maxResults": "How many a page has.",
    "messages": "The conversation: `[{'role': 'user', 'content': [{'text': 'Hello'}]}]`, in turns.",
    "modelId": "A model's id, a profile's id, or an ARN.",
    "modelIdentifier": "The model's id or ARN.",
    "nextToken": "Where the page before ended.",
    "outputConfig": "The schema that the answer fits: `{'textFormat': …}`.",
    "performanceConfig": "`{'latency': 'standard' | 'optimized'}`.",
    "projectIdentifier": "The project of the call, by its id or ARN; `default` if left out.",
    "promptVariables": "What fills a stored prompt in: `{'name': {'text': …}}`.",
    "requestMetadata": "What the invocation log keeps with the call.",
    "serviceTier": "`{'type': 'default' | 'priority' | 'flex' | 'reserved'}`.",
    "system": "The system prompt: `[{'text': …}]`.",
    "tags": "`[{'key': …, 'value': …}]`.",
    "toolConfig": "`{'tools': [{'toolSpec': …}], 'toolChoice': …}`.",
    "trace": "ENABLED shows what a guardrail did.",
    "typeEquals": "SYSTEM_DEFINED or APPLICATION.",
}

_MODEL = 'modelId="us.amazon.nova-lite-v1:0"'
_MESSAGES = 'messages=[{"role": "user", "content": [{"text": "Name a rock."}]}]'
_EXAMPLES = {
    "Converse": ("answer = {await_}client.converse(", f"    {_MODEL}, {_MESSAGES}", ")", 'answer["stopReason"]'),
    "ConverseStream": (
        "answer = {await_}client.converse_stream(",
        f"    {_MODEL}, {_MESSAGES}",
        ")",
        "[next(iter(event)) {async_}for event in answer['stream']][0]",
    ),
    "CountTokens": (
        "answer = {await_}client.count_tokens(",
        '    modelId="anthropic.claude-haiku-4-5-20251001-v1:0",',
        '    input={"converse": {"messages": [{"role": "user", "content": [{"text": "Name a rock."}]}]}},',
        ")",
        'answer["inputTokens"] > 0',
    ),
}
_ANSWERS = {"Converse": "'end_turn'", "ConverseStream": "'messageStart'", "CountTokens": "True"}


def described(name: str) -> str:
    """A line about an argument, if there is one."""
    return f" {_ARGUMENTS[name]}" if name in _ARGUMENTS else ""


def example(operation: _native.Operation, *, awaited: bool) -> list[str]:
    """Lines that can be typed, with `client` at hand."""
    if operation.name not in _EXAMPLES:
        return []
    words = {"await_": "await ", "async_": "async "} if awaited else {"await_": "", "async_": ""}
    first, *others = _EXAMPLES[operation.name]
    typed = [f">>> {first}", *(f"{'... ' if line.startswith((' ', ')')) else '>>> '}{line}" for line in others)]
    lines = [_filled(line, words) for line in typed]
    return ["", "Example:", *(f"    {line}" for line in [*lines, _ANSWERS[operation.name]])]


def _filled(line: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        line = line.replace(f"{{{name}}}", word)
    return line
