"""Prompt caching for agents: cache points on every call, without a trace in the saved messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from outcrop._cache_points import FAMILIES
from outcrop.langchain.chat_models.target import ModelTarget
from outcrop.langchain.errors import warn

try:
    from langchain.agents.middleware.types import AgentMiddleware, ModelCallResult, ModelRequest, ModelResponse
except ImportError as error:
    raise ImportError(
        "prompt caching middleware requires 'langchain' to be installed, since it is made for LangChain's agents: pip "
        "install 'outcrop[agents]'"
    ) from error

try:  # newer releases can leave a middleware's own inputs out of traces: here they repeat the whole conversation
    from langchain.agents.middleware.types import TracePolicy, omit_payload
except ImportError:
    _TRACE_POLICY: Any = None
else:
    _TRACE_POLICY = TracePolicy(process_inputs=omit_payload)


class BedrockPromptCachingMiddleware(AgentMiddleware):
    """Caches the prompt of every model call of an agent; a drop-in for langchain-aws's class of this name.

    Takes outcrop's chat models, by whatever id or ARN they are called, and langchain-aws's.

    Args:
        type: Kept for compatibility; Bedrock has one kind of cache.
        ttl: How long a prompt stays cached: `5m` or, where the model has it, `1h`.
        min_messages_to_cache: The shortest conversation to cache, system prompt included.
        unsupported_model_behavior: What to do for a model that does not cache: `ignore`, `warn` or `raise`.
    """

    trace_policy = _TRACE_POLICY

    def __init__(
        self,
        type: Literal["ephemeral"] = "ephemeral",
        ttl: Literal["5m", "1h"] = "5m",
        min_messages_to_cache: int = 0,
        unsupported_model_behavior: Literal["ignore", "warn", "raise"] = "warn",
    ) -> None:
        super().__init__()
        self.type = type
        self.ttl = ttl
        self.min_messages_to_cache = min_messages_to_cache
        self.unsupported_model_behavior = unsupported_model_behavior

    def wrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], ModelResponse]
    ) -> ModelCallResult:
        """Add the cache setting to a model call."""
        if isinstance(request.model, ModelTarget):
            request.model._target()  # what is behind an application profile is asked now, and not after this call
        return handler(self._cached(request))

    async def awrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], Awaitable[ModelResponse]]
    ) -> ModelCallResult:
        """Add the cache setting to an async model call."""
        if isinstance(request.model, ModelTarget):
            await request.model._atarget()
        return await handler(self._cached(request))

    def _cached(self, request: ModelRequest) -> ModelRequest:
        reason = _why_not(request.model)
        if reason:
            if self.unsupported_model_behavior == "raise":
                raise ValueError(reason)
            if self.unsupported_model_behavior == "warn":
                warn(reason)
            return request
        if len(request.messages) + bool(request.system_prompt) < self.min_messages_to_cache:
            return request
        # As a setting of the call and not as blocks of the messages, so that checkpoints do not collect cache points.
        settings = {**request.model_settings, "cache_control": {"type": self.type, "ttl": self.ttl}}
        return request.override(model_settings=settings)


def _why_not(model: Any) -> str | None:
    """Say why a model's prompts cannot be cached, or nothing if they can."""
    kinds = {kind.__name__ for kind in type(model).__mro__}
    if not isinstance(model, ModelTarget) and not kinds & {"ChatBedrock", "ChatBedrockConverse"}:
        kind = type(model).__name__
        return f"BedrockPromptCachingMiddleware only supports ChatBedrock and ChatBedrockConverse, not {kind}."
    names = [getattr(model, name, None) for name in ("base_model_id", "model_id")]
    if isinstance(model, ModelTarget):
        names.append(model._base_or_none())
    known = [name.lower() for name in names if isinstance(name, str)]
    if getattr(model, "provider", None) == "anthropic" or any(f in name for f in FAMILIES for name in known):
        return None
    return f"prompt caching is only supported for Anthropic and Amazon Nova models, got: {model.model_id}."
