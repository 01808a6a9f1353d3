"""LangChain's standard suites on the models that speak OpenAI's and Anthropic's APIs, against the local Bedrock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

pytest.importorskip("langchain_openai", reason="make test-apis makes the environment that has it")
pytest.importorskip("langchain_anthropic", reason="as above")

from langchain_tests.integration_tests import ChatModelIntegrationTests
from langchain_tests.unit_tests import ChatModelUnitTests

from outcrop.langchain import ChatBedrockAnthropic, ChatBedrockOpenAI
from tests.langchain.standard.conftest import connection, no_downloads, shared_bedrock

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["connection", "no_downloads", "shared_bedrock"]

# What LangChain's own classes say when the suite tries what they do not have.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Received a Pydantic BaseModel V1 schema"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings"),
    pytest.mark.filterwarnings("ignore:Unrecognized structured output method"),
]
BARE = "Bedrock's answer names Claude without its profile"


class _Model:
    """A model on the local Bedrock; settings that thinking models do not have are left out."""

    connection: ClassVar[dict[str, str]]
    kind: ClassVar[type[BaseChatModel]]
    name: ClassVar[str]
    other: ClassVar[str]

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return self.kind

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": self.name, **self.connection}

    @property
    def standard_chat_model_params(self) -> dict[str, Any]:
        return {"max_tokens": 4000, "timeout": 60, "max_retries": 2}

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @property
    def supports_model_override(self) -> bool:
        return True

    @property
    def model_override_value(self) -> str:
        return self.other


class TestGptByResponses(_Model, ChatModelIntegrationTests):
    """The Responses API, which is usual for GPT."""

    kind, name, other = ChatBedrockOpenAI, "us.openai.gpt-6-sol", "us.openai.gpt-6.1-sol"

    @property
    def supports_json_mode(self) -> bool:
        return True


class TestGrokByChatCompletions(_Model, ChatModelIntegrationTests):
    """Chat completions, which are usual for all others."""

    kind, name, other = ChatBedrockOpenAI, "us.xai.grok-4.6", "us.xai.grok-4.7"

    @property
    def supports_json_mode(self) -> bool:
        return True

    @pytest.mark.xfail(reason="Grok takes no stop sequences on Bedrock", strict=True)
    def test_stop_sequence(self, model: BaseChatModel) -> None:
        super().test_stop_sequence(model)


class TestClaudeByMessages(_Model, ChatModelIntegrationTests):
    """Anthropic's Messages API."""

    kind, name, other = ChatBedrockAnthropic, "us.anthropic.claude-sonnet-5", "us.anthropic.claude-opus-5"

    @property
    def supports_image_tool_message(self) -> bool:
        return True

    @property
    def supports_pdf_inputs(self) -> bool:
        return True

    @property
    def supports_anthropic_inputs(self) -> bool:
        return True

    @pytest.mark.xfail(reason=BARE, strict=True)
    def test_invoke_with_model_override(self, model: BaseChatModel) -> None:
        super().test_invoke_with_model_override(model)

    @pytest.mark.xfail(reason=BARE, strict=True)
    async def test_ainvoke_with_model_override(self, model: BaseChatModel) -> None:
        await super().test_ainvoke_with_model_override(model)

    @pytest.mark.xfail(reason=BARE, strict=True)
    def test_stream_with_model_override(self, model: BaseChatModel) -> None:
        super().test_stream_with_model_override(model)

    @pytest.mark.xfail(reason=BARE, strict=True)
    async def test_astream_with_model_override(self, model: BaseChatModel) -> None:
        await super().test_astream_with_model_override(model)


class _Unit(_Model):
    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": self.name, "region_name": "us-east-1"}

    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        keys = {"AWS_ACCESS_KEY_ID": "key_id", "AWS_SECRET_ACCESS_KEY": "secret_key", "AWS_SESSION_TOKEN": "token"}
        read = {"aws_access_key_id": "key_id", "aws_secret_access_key": "secret_key", "aws_session_token": "token"}
        return keys, {"model": self.name, "region_name": "us-east-1"}, read


class TestUnitsOfOpenAI(_Unit, ChatModelUnitTests):
    """What can be told without a call."""

    kind, name, other = ChatBedrockOpenAI, "us.openai.gpt-6-sol", "us.openai.gpt-6.1-sol"


class TestUnitsOfAnthropic(_Unit, ChatModelUnitTests):
    """What can be told without a call."""

    kind, name, other = ChatBedrockAnthropic, "us.anthropic.claude-sonnet-5", "us.anthropic.claude-opus-5"
