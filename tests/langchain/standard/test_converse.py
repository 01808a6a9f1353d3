"""langchain-tests' integration suite, for ChatBedrockConverse as the families of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import merged
from tests.langchain.standard.capabilities import (
    CLAUDE,
    LLAMA,
    NOVA,
    NOVA_REASONING,
    Caching,
    EmulatedModel,
    Multimodal,
)

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage


class Converse(EmulatedModel):
    @property
    def chat_model_class(self) -> type[ChatBedrockConverse]:
        return ChatBedrockConverse


# The suite's documents have no names, and Converse wants one: the one that is made up is told.
pytestmark = pytest.mark.filterwarnings("ignore:a document has no name")


class TestClaude(Multimodal, Caching, Converse):
    model_id = CLAUDE
    other_model_id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

    @property
    def structured_output_kwargs(self) -> dict[str, Any]:
        return {"method": "json_schema"}

    @property
    def supported_usage_metadata_details(self) -> Any:
        details = ["cache_read_input", "cache_creation_input", "reasoning_output"]
        return {"invoke": details, "stream": details}

    def invoke_with_reasoning_output(self, *, stream: bool = False) -> AIMessage:
        llm = ChatBedrockConverse(
            **self.chat_model_params,
            max_tokens=4000,
            additional_model_request_fields={"thinking": {"type": "enabled", "budget_tokens": 2000}},
            additional_model_response_field_paths=["/usage"],
        )
        return merged(llm.stream("Why is granite hard?")) if stream else llm.invoke("Why is granite hard?")


class TestNova(Multimodal, Caching, Converse):
    model_id = NOVA
    other_model_id = NOVA_REASONING

    @property
    def structured_output_kwargs(self) -> dict[str, Any]:
        return {"method": "function_calling"}


class TestLlama(Converse):
    model_id = LLAMA
    other_model_id = "us.meta.llama4-maverick-17b-instruct-v1:0"

    @property
    def has_tool_choice(self) -> bool:
        return False  # Llama on Bedrock decides itself

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @pytest.mark.xfail(reason="Llama takes no forced tool call, and this test forces one")
    def test_structured_few_shot_examples(self, model: Any, my_adder_tool: Any) -> None:
        super().test_structured_few_shot_examples(model, my_adder_tool=my_adder_tool)

    @pytest.mark.xfail(reason="Llama takes no forced tool call, and this test forces one")
    def test_unicode_tool_call_integration(self, model: Any, **arguments: Any) -> None:
        super().test_unicode_tool_call_integration(model, **arguments)


class TestVoxtral(Converse):
    model_id = "mistral.voxtral-small-24b-2507"
    other_model_id = "mistral.mistral-large-3-675b-instruct"

    @property
    def chat_model_params(self) -> dict[str, Any]:
        # Nothing is known of this model's tool choice; this is how a user says what it takes.
        return {**super().chat_model_params, "supports_tool_choice_values": ["auto", "any", "tool"]}

    @property
    def supports_audio_inputs(self) -> bool:
        return True


class TestOpenAI(Converse):
    model_id = "us.openai.gpt-6-astra"
    other_model_id = "us.openai.gpt-6.1-sol"

    @property
    def standard_chat_model_params(self) -> dict[str, Any]:
        return {"max_tokens": 4000, "timeout": 60, "stop": [], "max_retries": 2}  # it has no temperature

    @property
    def supports_image_inputs(self) -> bool:
        return True
