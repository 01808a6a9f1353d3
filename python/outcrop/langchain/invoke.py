"""InvokeModel calls: request options, and answers with their usage as LangChain's messages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult

from outcrop.langchain.bodies.common import PROVIDER, Answer, Call, header_usage
from outcrop.langchain.identity import answered_by
from outcrop.langchain.messages.usage import mark_as_paid
from outcrop.langchain.repairs import told

if TYPE_CHECKING:
    from outcrop.langchain.chat_models.bedrock_fields import BedrockFields

_ACTION, _TRACE = "amazon-bedrock-guardrailAction", "amazon-bedrock-trace"


def request_options(model: BedrockFields, model_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Build the keyword arguments of `invoke_model` and its streaming twin."""
    options: dict[str, Any] = {
        "body": json.dumps(body),
        "modelId": model_id,
        "accept": "application/json",
        "contentType": "application/json",
    }
    if model.service_tier:
        options["serviceTier"] = model.service_tier
    if model.request_metadata:
        options["requestMetadata"] = json.dumps(model.request_metadata)
    if model._guardrails_enabled:
        guard = dict(model.guardrails or {})
        options |= {"guardrailIdentifier": guard["guardrailIdentifier"], "guardrailVersion": guard["guardrailVersion"]}
        if guard.get("trace"):
            options["trace"] = "ENABLED"
    return options


def intervention(model: BedrockFields, body: Any) -> dict[str, Any] | None:
    """Return what `on_llm_error` is told when a traced guardrail intervened, or `None`."""
    traced = model._guardrails_enabled and (model.guardrails or {}).get("trace")
    if not traced or not isinstance(body, dict) or body.get(_ACTION) != "INTERVENED":
        return None
    return {"signal": True, "reason": "GUARDRAIL_INTERVENED", "trace": body.get(_TRACE)}


def was_kept(response: dict[str, Any]) -> bool:
    """Whether an answer comes out of an `outcrop.Cache`, whose body is that of the first answer."""
    # Clients that stand in for one in tests answer with anything.
    metadata = response.get("ResponseMetadata")
    cache = metadata.get("Cache") if isinstance(metadata, dict) else None
    return isinstance(cache, dict) and cache.get("Hit") is True


def result(model_id: str, answer: Answer, response: dict[str, Any], call: Call) -> ChatResult:
    """Make the result of a whole answer.

    Args:
        model_id: The id that was called.
        answer: What the body says.
        response: The response, whose headers hold the counts if the body does not.
        call: The call, whose stop sequences are cut off where the model cannot do it.
    """
    headers = (response.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    usage = header_usage(headers) or answer.usage
    if usage and was_kept(response):
        mark_as_paid(usage)
    content = answer.content
    if call.stop and not call.stop_key and isinstance(content, str):
        content = re.split("|".join(map(re.escape, call.stop)), content, maxsplit=1)[0]
    about: dict[str, Any] = {"usage": _counts(usage), "stop_reason": answer.stop_reason, "model_id": model_id}
    if answer.thinking and isinstance(content, str):
        about["thinking"] = answer.thinking
    message = AIMessage(
        content=content,  # type: ignore[arg-type]
        additional_kwargs=about,
        tool_calls=answer.tool_calls,
        invalid_tool_calls=answer.invalid_tool_calls,
        usage_metadata=usage,
        response_metadata={
            "model_provider": PROVIDER,
            "model_name": answered_by(response, model_id),
            "stop_reason": answer.stop_reason,
            **told(call.notes),
        },
    )
    return ChatResult(generations=[ChatGeneration(message=message)], llm_output=dict(about))


def _counts(usage: UsageMetadata | None) -> dict[str, int]:
    if not usage:
        return {}
    details = usage.get("input_token_details") or {}
    read, written = details.get("cache_read") or 0, details.get("cache_creation") or 0
    return {
        "prompt_tokens": usage["input_tokens"] - read - written,
        "completion_tokens": usage["output_tokens"],
        "cache_read_input_tokens": read,
        "cache_write_input_tokens": written,
        "total_tokens": usage["total_tokens"],
    }
