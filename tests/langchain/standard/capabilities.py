"""What the suites are told of our chat models: every capability that a model has is switched on."""

from __future__ import annotations

from typing import Any, ClassVar

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_tests.integration_tests import ChatModelIntegrationTests

from tests.langchain.fakes import merged

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "us.amazon.nova-pro-v1:0"
NOVA_REASONING = "us.amazon.nova-2-lite-v1:0"
LLAMA = "us.meta.llama4-scout-17b-instruct-v1:0"

_LONG = "Every layer of granite was counted, named and written down. " * 400


class EmulatedModel(ChatModelIntegrationTests):
    """A chat model on the local Bedrock."""

    connection: ClassVar[dict[str, str]]
    model_id: ClassVar[str]
    other_model_id: ClassVar[str]

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": self.model_id, **self.connection}

    @property
    def standard_chat_model_params(self) -> dict[str, Any]:
        return {"temperature": 0, "max_tokens": 4000, "timeout": 60, "stop": [], "max_retries": 2}

    @property
    def supports_model_override(self) -> bool:
        return True

    @property
    def model_override_value(self) -> str:
        return self.other_model_id

    @property
    def supports_json_mode(self) -> bool:
        return True


class Multimodal:
    """Converse takes these of every model that has the modality."""

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @property
    def supports_pdf_inputs(self) -> bool:
        return True

    @property
    def supports_video_inputs(self) -> bool:
        return True

    @property
    def supports_image_tool_message(self) -> bool:
        return True

    @property
    def supports_pdf_tool_message(self) -> bool:
        return True

    @property
    def supports_anthropic_inputs(self) -> bool:
        return True


class Caching:
    """Models that cache prompts."""

    chat_model_class: Any
    chat_model_params: Any
    standard_chat_model_params: Any

    @property
    def supported_usage_metadata_details(self) -> Any:
        details = ["cache_read_input", "cache_creation_input"]
        return {"invoke": details, "stream": details}

    def invoke_with_cache_creation_input(self, *, stream: bool = False) -> AIMessage:
        return self._cached(f"created {stream}", stream=stream)

    def invoke_with_cache_read_input(self, *, stream: bool = False) -> AIMessage:
        self._cached(f"read {stream}", stream=False)
        return self._cached(f"read {stream}", stream=stream)

    def _cached(self, first: str, *, stream: bool) -> AIMessage:
        llm: Any = self.chat_model_class(**{**self.standard_chat_model_params, **self.chat_model_params})
        system = SystemMessage([{"type": "text", "text": f"{type(self).__name__} {first}. {_LONG}"}])
        messages = [system, HumanMessage("Which layer is the oldest?")]
        settings = {"cache_control": {"type": "ephemeral"}}
        return merged(llm.stream(messages, **settings)) if stream else llm.invoke(messages, **settings)
