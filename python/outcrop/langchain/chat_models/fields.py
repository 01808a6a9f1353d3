"""The fields of `ChatBedrockConverse`: one place for names, aliases and defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.utils import get_pydantic_field_names
from langchain_core.utils.utils import _build_model_kwargs
from pydantic import Field, model_validator

from outcrop.langchain.connection import BedrockConnection
from outcrop.langchain.connection_fields import refuse_client_arguments
from outcrop.langchain.errors import warn
from outcrop.langchain.gateway import apply_gateway

if TYPE_CHECKING:
    from langchain_core.language_models import ModelProfile


class ConverseFields(BedrockConnection):
    """What a Converse model is made of, under langchain-aws's names."""

    if TYPE_CHECKING:  # what the chat model adds
        profile: ModelProfile | None

        def _known_base(self, model_id: str) -> str | None: ...

    model_id: str = Field(alias="model")
    """Any id or ARN that Bedrock takes: a model, a profile of any geography, an application profile, a custom model."""

    base_model_id: str | None = Field(default=None, alias="base_model")
    """The model behind `model_id`, where that does not tell it; what the model can do is looked up by it."""

    provider: str = ""
    """The publisher of the model, where the id does not tell it."""

    system: list[str | dict[str, Any]] | None = Field(default=None, repr=False)
    """System prompts that precede those of the messages: texts, or Converse blocks such as `cachePoint`."""

    max_tokens: int | None = None
    """The most tokens to answer with."""

    stop_sequences: list[str] | None = Field(default=None, alias="stop")
    """Texts at which the answer ends."""

    temperature: float | None = None
    """Between 0 and 1."""

    top_p: float | None = None
    """Between 0 and 1."""

    streaming: bool = False
    """`True` makes `invoke` stream as well; `False`, said in so many words, turns streaming off."""

    endpoint_url: str | None = Field(default=None, alias="base_url")
    """An endpoint other than AWS's own; `LANGSMITH_GATEWAY` names one if this does not."""

    guardrail_config: dict[str, Any] | None = Field(default=None, alias="guardrails")
    """`guardrailIdentifier`, `guardrailVersion` and `trace`."""

    guard_last_turn_only: bool = False
    """Whether the guardrail reads the last user turn alone; needs `guardrail_config`."""

    additional_model_request_fields: dict[str, Any] | None = None
    """Parameters of the model itself, sent as they are."""

    additional_model_response_field_paths: list[str] | None = None
    """JSON pointers to fields of the model's own answer, given back in `response_metadata`."""

    reasoning_effort: Literal["none", "low", "medium", "high", "xhigh", "max"] | None = None
    """How much to think, for models whose profile has levels; explicit `additional_model_request_fields` win."""

    supports_tool_choice_values: Sequence[Literal["auto", "any", "tool"]] | None = None
    """The kinds of tool choice that the model takes; known by its family if not given."""

    performance_config: Mapping[str, Any] | None = None
    """`{"latency": "optimized"}`."""

    service_tier: Literal["priority", "default", "flex", "reserved"] | None = None
    """The tier that serves the calls."""

    output_config: dict[str, Any] | None = None
    """Converse's `outputConfig`: a native JSON schema."""

    request_metadata: dict[str, str] | None = None
    """Marks for the invocation log."""

    prompt_variables: dict[str, Any] | None = Field(default=None, repr=False)
    """Values for the variables of a managed prompt, as texts or as Converse's `{"text": …}`."""

    strict_history: bool = False
    """Whether a conversation that Bedrock would refuse is refused here, instead of repaired."""

    raw_blocks: list[dict[str, Any]] | None = Field(default=None, repr=False)
    """Converse messages to send instead of the conversation, as they are."""

    @model_validator(mode="before")
    @classmethod
    def _read_arguments(cls, values: Any) -> Any:
        """Take arguments that are no fields as parameters of the model, as langchain-aws does."""
        if not isinstance(values, dict):
            return values
        values = dict(values)
        if not (values.get("model_id") or values.get("model")):
            raise ValueError("either model_id or model must be specified: the id or ARN to call.")
        apply_gateway(values, cls)
        if given := values.pop("model_kwargs", None):
            warn(
                "ChatBedrockConverse uses 'additional_model_request_fields' instead of 'model_kwargs'; what was given "
                "goes there."
            )
        explicit = values.pop("additional_model_request_fields", None)
        refuse_client_arguments(values, get_pydantic_field_names(cls))
        values = _build_model_kwargs(values, get_pydantic_field_names(cls))
        fields = {**(values.pop("model_kwargs", None) or {}), **(given or {}), **(explicit or {})}
        if fields:
            values["additional_model_request_fields"] = fields
        if values.get("provider") is None:
            values.pop("provider", None)
        return values
