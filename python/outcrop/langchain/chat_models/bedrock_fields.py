"""The fields of `ChatBedrock`: one place for names, aliases and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from langchain_core.utils import get_pydantic_field_names
from langchain_core.utils.utils import _build_model_kwargs
from pydantic import Field, model_validator
from typing_extensions import Self

from outcrop.langchain.connection import BedrockConnection
from outcrop.langchain.connection_fields import refuse_client_arguments


class BedrockFields(BedrockConnection):
    """What an InvokeModel chat model is made of, under langchain-aws's names."""

    model_id: str = Field(alias="model")
    """Any id or ARN that Bedrock takes."""

    base_model_id: str | None = Field(default=None, alias="base_model")
    """The model behind `model_id`, where that does not tell it."""

    provider: str | None = None
    """The publisher of the model, whose format the bodies have; needed where the id does not tell it."""

    region_name: str | None = Field(default=None, alias="region")
    """The source Region. Falls back to `AWS_REGION`, `AWS_DEFAULT_REGION` and the profile in `~/.aws/config`."""

    model_kwargs: dict[str, Any] | None = None
    """Parameters of the model, sent as they are; further arguments go here as well."""

    temperature: float | None = None
    """The sampling temperature."""

    max_tokens: int | None = None
    """The most tokens to answer with; 1,024 for Claude, whose format requires a number."""

    stop_sequences: list[str] | None = Field(default=None, alias="stop")
    """Texts at which the answer ends."""

    streaming: bool = False
    """Whether `invoke` streams as well."""

    guardrails: Mapping[str, Any] | None = Field(
        default_factory=lambda: {"trace": None, "guardrailIdentifier": None, "guardrailVersion": None}
    )
    """`guardrailIdentifier` and `guardrailVersion`, and `trace` to be told of interventions by `on_llm_error`."""

    service_tier: Literal["priority", "default", "flex", "reserved"] | None = None
    """The tier that serves the calls."""

    request_metadata: dict[str, str] | None = None
    """Marks for the invocation log."""

    system_prompt_with_tools: str = Field(default="", repr=False)
    """A system prompt that precedes that of the messages."""

    strict_history: bool = False
    """Whether a conversation that Bedrock would refuse is refused here, instead of repaired."""

    beta_use_converse_api: bool = False
    """Whether to call Converse instead of InvokeModel; on by itself for Amazon Nova."""

    provider_stop_sequence_key_name_map: Mapping[str, str] = {
        "anthropic": "stop_sequences", "amazon": "stopSequences", "mistral": "stop", "openai": "stop", "qwen": "stop",
        "deepseek": "stop", "writer": "stop",
    }  # fmt: skip
    """The models' names for stop sequences. Llama has none."""

    provider_stop_reason_key_map: Mapping[str, str] = {
        "anthropic": "stop_reason", "amazon": "completionReason", "ai21": "finishReason", "cohere": "finish_reason",
        "mistral": "stop_reason",
    }  # fmt: skip
    """Kept for langchain-aws's signature; formats know their stop reasons themselves."""

    @model_validator(mode="before")
    @classmethod
    def _read_arguments(cls, values: Any) -> Any:
        """Take arguments that are no fields as parameters of the model."""
        if not isinstance(values, dict):
            return values
        values = dict(values)
        given = values.pop("model_kwargs", None) or {}
        refuse_client_arguments(values, get_pydantic_field_names(cls))
        values = _build_model_kwargs(values, get_pydantic_field_names(cls))
        merged = {**(values.get("model_kwargs") or {}), **given}
        if merged:
            values["model_kwargs"] = merged
        else:
            values.pop("model_kwargs", None)
        return values

    @model_validator(mode="after")
    def _lift_parameters(self) -> Self:
        """Make fields of the parameters that every format has."""
        if self.model_kwargs:
            rest = dict(self.model_kwargs)
            temperature, max_tokens = rest.pop("temperature", None), rest.pop("max_tokens", None)
            self.temperature = temperature if self.temperature is None else self.temperature
            self.max_tokens = self.max_tokens or max_tokens
            self.model_kwargs = rest
        return self

    @property
    def _guardrails_enabled(self) -> bool:
        guard = self.guardrails or {}
        missing = [key for key in ("guardrailIdentifier", "guardrailVersion") if key not in guard]
        if guard and missing:
            raise TypeError(
                f"guardrails must have 'guardrailIdentifier' and 'guardrailVersion'; missing: {', '.join(missing)}."
            )
        return bool(guard) and bool(guard["guardrailIdentifier"]) and bool(guard["guardrailVersion"])
