"""langchain-tests' unit suites: construction, serialization, tracing parameters."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_tests.unit_tests import ChatModelUnitTests, EmbeddingsUnitTests

from outcrop.langchain import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse
from tests.langchain.standard.capabilities import CLAUDE, LLAMA, NOVA

# The suite asks every method for strictness; those that have none say so.
pytestmark = pytest.mark.filterwarnings("ignore:[Tt]he 'strict' parameter")

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_key",
    "AWS_SESSION_TOKEN": "token",
    "AWS_BEARER_TOKEN_BEDROCK": "api_key",
    "AWS_REGION": "us-west-1",
}
EXPECTED = {
    "aws_access_key_id": "key_id",
    "aws_secret_access_key": "secret_key",
    "aws_session_token": "token",
    "bedrock_api_key": "api_key",
}


class Model(ChatModelUnitTests):
    model_id = CLAUDE
    other_model_id = NOVA

    @property
    def chat_model_class(self) -> type[Any]:
        return ChatBedrockConverse

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": self.model_id, "region_name": "us-west-1"}

    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        return ENVIRONMENT, {"model": self.model_id}, EXPECTED

    @property
    def supports_model_override(self) -> bool:
        return True

    @property
    def model_override_value(self) -> str:
        return self.other_model_id


class TestConverseClaude(Model):
    pass


class TestConverseNova(Model):
    model_id = NOVA
    other_model_id = CLAUDE


class TestConverseLlama(Model):
    model_id = LLAMA

    @property
    def chat_model_params(self) -> dict[str, Any]:
        # The suite forces a tool whatever the model takes; this is how a user says that Bedrock has learnt it.
        return {**super().chat_model_params, "supports_tool_choice_values": ["auto", "any"]}


@pytest.mark.filterwarnings("ignore:.*does not support temperature")
class TestConverseOpenAI(Model):
    model_id = "us.openai.gpt-6-astra"


class TestBedrock(Model):
    @property
    def chat_model_class(self) -> type[Any]:
        return ChatBedrock


class TestBedrockOnConverse(TestBedrock):
    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**super().chat_model_params, "beta_use_converse_api": True}


class TestEmbeddings(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[BedrockEmbeddings]:
        return BedrockEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"model_id": "amazon.titan-embed-text-v2:0", "region_name": "us-west-1"}

    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        return ENVIRONMENT, self.embedding_model_params, EXPECTED
