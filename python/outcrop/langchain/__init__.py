"""LangChain chat models and embeddings on Amazon Bedrock: drop-ins for `langchain_aws`, natively async.

Needs `outcrop[langchain]`. Names are loaded when they are first used, so that a chat model does not pay for the others.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outcrop.langchain.apis.anthropic import ChatBedrockAnthropic as ChatBedrockAnthropic
    from outcrop.langchain.apis.openai import ChatBedrockOpenAI as ChatBedrockOpenAI
    from outcrop.langchain.chat_models.bedrock import ChatBedrock as ChatBedrock
    from outcrop.langchain.chat_models.converse import ChatBedrockConverse as ChatBedrockConverse
    from outcrop.langchain.embeddings.bedrock import BedrockEmbeddings as BedrockEmbeddings
    from outcrop.langchain.errors import BedrockContextOverflowError as BedrockContextOverflowError
    from outcrop.langchain.middleware.prompt_caching import (
        BedrockPromptCachingMiddleware as BedrockPromptCachingMiddleware,
    )
    from outcrop.langchain.nova_tools import NovaCodeInterpreterTool as NovaCodeInterpreterTool
    from outcrop.langchain.nova_tools import NovaGroundingTool as NovaGroundingTool
    from outcrop.langchain.nova_tools import NovaSystemTool as NovaSystemTool

if find_spec("langchain_core") is None:
    raise ImportError("outcrop.langchain needs langchain-core: pip install 'outcrop[langchain]'", name="langchain_core")

_HOMES = {
    "BedrockEmbeddings": "embeddings.bedrock",
    "BedrockPromptCachingMiddleware": "middleware.prompt_caching",
    "ChatBedrock": "chat_models.bedrock",
    "ChatBedrockAnthropic": "apis.anthropic",
    "ChatBedrockConverse": "chat_models.converse",
    "ChatBedrockOpenAI": "apis.openai",
    "BedrockContextOverflowError": "errors",
    "NovaCodeInterpreterTool": "nova_tools",
    "NovaGroundingTool": "nova_tools",
    "NovaSystemTool": "nova_tools",
}

# `ChatBedrockOpenAI` and `ChatBedrockAnthropic` need extras of their own, and are left out of a star's import.
__all__ = (
    "BedrockContextOverflowError",
    "BedrockEmbeddings",
    "BedrockPromptCachingMiddleware",
    "ChatBedrock",
    "ChatBedrockConverse",
    "NovaCodeInterpreterTool",
    "NovaGroundingTool",
    "NovaSystemTool",
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_HOMES)}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
