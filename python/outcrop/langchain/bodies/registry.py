"""Which format is whose."""

from __future__ import annotations

from outcrop.langchain.bodies.anthropic import CLAUDE
from outcrop.langchain.bodies.common import Format
from outcrop.langchain.bodies.nova import Nova
from outcrop.langchain.bodies.openai import ChatCompletions
from outcrop.langchain.bodies.prompts import DEEPSEEK, MISTRAL, TITAN, WRITER, llama

COMPLETIONS = ("openai", "qwen")
"""Publishers whose format has OpenAI's tools and schemas."""

_COMPLETIONS = ChatCompletions()
_OPENAI = ChatCompletions("max_completion_tokens")  # GPT-5 and later refuse `max_tokens`
_NOVA = Nova()
_FIXED: dict[str, Format] = {
    "anthropic": CLAUDE,
    "deepseek": DEEPSEEK,
    "mistral": MISTRAL,
    "openai": _OPENAI,
    "qwen": _COMPLETIONS,
    "writer": WRITER,
}


def format_of(provider: str | None, model_id: str) -> Format:
    """Return the format of a publisher's model.

    Args:
        provider: The publisher.
        model_id: The base model id.

    Raises:
        NotImplementedError: For a publisher whose format is not written here.
    """
    if provider == "meta":
        return llama(model_id)
    if provider == "amazon":
        return _NOVA if "nova" in model_id else TITAN
    if provider in _FIXED:
        return _FIXED[provider]
    raise NotImplementedError(
        f"provider {provider} model does not support chat through InvokeModel here: use ChatBedrockConverse, or "
        f"beta_use_converse_api=True. InvokeModel serves {', '.join(sorted([*_FIXED, 'amazon', 'meta']))}."
    )
