"""What models refuse: one table, asked by parts of a model's id, for requests with and without LangChain.

A model that no row names is trusted: Bedrock decides. `source` says who has seen it and when, so that a row can be
looked up again, and dropped when it is no longer true.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Rule(NamedTuple):
    """One thing that some models refuse.

    Attributes:
        what: What they refuse, in the words of `refuses`.
        models: Parts of base model ids, in lower case, any of which names such a model.
        source: Who says so.
        but: Parts of ids of models that take it nevertheless.
    """

    what: str
    models: tuple[str, ...]
    source: str
    but: tuple[str, ...] = ()


_CLAUDE_5 = ("claude-opus-5", "claude-sonnet-5", "claude-haiku-5", "claude-fable-5", "claude-mythos")
_NO_SAMPLING = ("claude-opus-4-7", "claude-opus-4-8", *_CLAUDE_5)
_OLD_CLAUDE = ("claude-3", "claude-v", "claude-instant", "claude-sonnet-4-2025", "claude-opus-4-2025")
_TOOLS_WITHOUT_STREAMS = "AWS's user guide, supported models and features: no streaming tool use (2025)"
_MODALITIES = "AWS's user guide, supported foundation models"
_TEXT_ONLY = (
    "ai21.", "claude-3-5-haiku", "claude-instant", "claude-v2", "cohere.command", "deepseek.", "devstral", "glm-4.",
    "gpt-oss", "kimi-k2-thinking", "llama2", "llama3-1", "llama3-2-1b", "llama3-2-3b", "llama3-3", "llama3-70b",
    "llama3-8b", "minimax-m2", "mistral-7b", "mistral-large-24", "mistral-small-24", "mixtral", "nemotron-nano-3",
    "nemotron-nano-9b", "nemotron-super", "nova-micro", "palmyra-x", "qwen3-235b", "qwen3-32b",
    "qwen3-coder", "qwen3-next", "titan-text",
)  # fmt: skip
_NO_VIDEO = ("anthropic.", "google.gemma-3", "meta.", "minimax", "mistral.", "moonshot")
_NO_AUDIO = (
    "amazon.nova-lite", "amazon.nova-premier", "amazon.nova-pro", "anthropic.", "meta.", "minimax", "mistral.",
    "moonshot", "qwen.",
)  # fmt: skip
_NO_S3 = (
    "ai21.", "anthropic.", "cohere.", "deepseek.", "google.", "meta.", "minimax.", "mistral.", "moonshot", "nvidia.",
    "openai.", "qwen.", "writer.", "xai.", "zai.",
)  # fmt: skip
_NO_PROMPT = (
    "ai21.j2", "cohere.command-light", "cohere.command-text", "mistral-7b", "mixtral-8x7b", "titan-text", "titan-tg1",
)  # fmt: skip

RULES = (
    Rule("temperature", _NO_SAMPLING, "reported 2026: `temperature` is deprecated for this model"),
    Rule("top_p", _NO_SAMPLING, "reported 2026, beside temperature"),
    Rule("top_k", _NO_SAMPLING, "Anthropic's guide to Claude Opus 4.7: no sampling parameters (2026)"),
    Rule(
        "temperature with top_p",
        ("claude-",),
        "reported 2026: `temperature` and `top_p` cannot both be specified for this model",
        but=_OLD_CLAUDE,
    ),
    Rule(
        "sampling while thinking",
        ("claude-",),
        "Anthropic's guide to extended thinking: temperature is 1, and there is no top_k (2025)",
    ),
    Rule(
        "prefill",
        ("claude-opus-4-6", "claude-sonnet-4-6", *_NO_SAMPLING),
        "Anthropic's guide to prefilling; reported from Bedrock for Opus 4.8 (2026)",
    ),
    Rule(
        "prefill",
        ("meta.", "mistral.", "deepseek.", "cohere.command", "ai21."),
        "reported 2025: A conversation must end with a user message",
    ),
    Rule("prefill while thinking", ("claude-",), "Anthropic's guide to extended thinking (2025)"),
    Rule(
        "tools",
        (
            "claude-instant", "claude-v", "cohere.command-light", "cohere.command-text", "deepseek.r1",
            "jamba-instruct", "llama2", "llama3-2-1b", "llama3-2-3b", "llama3-70b", "llama3-8b", "mistral-7b",
            "mixtral-8x7b", "titan-text", "titan-tg1",
        ),
        "AWS's user guide, supported models and features: no tool use (2025)",
    ),
    Rule("forced tools", ("meta.llama", "ai21.jamba", "cohere.command-r"), "AWS's API reference of ToolChoice (2025)"),
    Rule("forced tools", ("claude-fable-5-1", "claude-opus-5-5", "claude-sonnet-5-5"), "langchain-aws 1.9 (2026)"),
    Rule(
        "forced tools while thinking",
        ("claude-3-7-", "claude-sonnet-4", "claude-opus-4", "claude-haiku-4", "deepseek.v3"),
        "Anthropic's guide to extended thinking (2025), langchain-aws 1.9 (2026)",
        but=("claude-opus-4-8",),
    ),
    Rule("streamed tools", ("meta.llama4", "meta.llama3"), "reported 2025: no tool use in streaming mode"),
    Rule("streamed tools", ("mistral.mistral-large-24", "mistral.mistral-small-24"), _TOOLS_WITHOUT_STREAMS),
    Rule("streamed tools", ("mistral.pixtral-large", "ai21.jamba", "writer.palmyra"), _TOOLS_WITHOUT_STREAMS),
    Rule(
        "cache points",
        ("meta.llama", "google.gemma", "kimi-k2-thinking", "nvidia.nemotron", "qwen3-32b", "zai.glm"),
        "reported 2026: a 403, your request did not allow prompt caching",
    ),
    Rule(
        "cache points",
        ("claude-v2", "claude-instant", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "20240620"),
        "AWS's user guide on prompt caching: not among the models that have it (2026)",
    ),
    Rule("cache points behind tools", ("amazon.nova",), "reported 2026: extraneous key [cachePoint] is not permitted"),
    Rule("image", _TEXT_ONLY, f"{_MODALITIES}: text alone (2026)"),
    Rule("video", (*_TEXT_ONLY, *_NO_VIDEO), f"recorded 2026 for Claude; {_MODALITIES}"),
    Rule("audio", (*_TEXT_ONLY, *_NO_AUDIO), _MODALITIES, but=("voxtral",)),
    Rule("data on S3", _NO_S3, "recorded 2026 for Claude: remove s3Uri; AWS's API reference for the others"),
    Rule("documents on S3 in results", (*_NO_S3, "amazon.nova"), "recorded 2026 for Nova 2"),
    Rule("system", _NO_PROMPT, "AWS's user guide, supported models and features: no system prompts (2025)"),
    Rule("blank stops", ("claude",), "reported 2024: each stop sequence must contain non-whitespace"),
    Rule("reasoning", ("deepseek.r1",), "langchain-aws 1.9 (2026)"),
    Rule("reasoning", ("amazon.nova",), "langchain-aws 1.9 (2026)", but=("nova-2",)),
    Rule("odd names of arguments", ("claude",), "reported 2025: Property keys should match pattern"),
    Rule("unsigned reasoning", ("claude",), "reported 2025: thinking.signature: Field required"),
    Rule(
        "images in tool results",
        ("ai21.", "cohere.", "deepseek.", "google.", "minimax.", "mistral.", "moonshot", "nvidia.", "openai.",
         "qwen.", "writer.", "xai.", "zai."),
        "langchain-aws 1.9 (2026)",
    ),
    Rule("results of its own tools", ("anthropic.", "meta.", "mistral.", "openai."), "only Nova runs tools (2026)"),
)  # fmt: skip
"""Who refuses what."""


@lru_cache(maxsize=4096)
def refuses(model: str, what: str) -> bool:
    """Whether a model refuses something, as far as anybody knows.

    Args:
        model: A model's or profile's id, in any case; empty if it is not known, which refuses nothing.
        what: One of the table's words.
    """
    name = model.lower()
    return any(
        rule.what == what and any(part in name for part in rule.models) and not any(part in name for part in rule.but)
        for rule in RULES
    )
