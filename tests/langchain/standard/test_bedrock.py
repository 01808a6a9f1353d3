"""langchain-tests' integration suite, for ChatBedrock on InvokeModel and on Converse."""

from __future__ import annotations

from typing import Any

import pytest

from outcrop.langchain import ChatBedrock
from tests.langchain.standard.capabilities import CLAUDE, Caching, EmulatedModel, Multimodal

pytestmark = pytest.mark.filterwarnings("ignore:a document has no name")


class Bedrock(EmulatedModel):
    model_id = CLAUDE
    other_model_id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

    @property
    def chat_model_class(self) -> type[ChatBedrock]:
        return ChatBedrock

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @property
    def supports_anthropic_inputs(self) -> bool:
        return True

    @property
    def supports_json_mode(self) -> bool:
        return False  # Claude has none, and its InvokeModel bodies are sent as they are


class TestInvokeModel(Caching, Bedrock):
    @property
    def supports_pdf_inputs(self) -> bool:
        return True

    @property
    def supports_image_tool_message(self) -> bool:
        return True

    @property
    def supports_pdf_tool_message(self) -> bool:
        return True


class TestConverse(Multimodal, Caching, Bedrock):
    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**super().chat_model_params, "beta_use_converse_api": True}

    @property
    def supports_json_mode(self) -> bool:
        return True
