"""langchain-aws, with its own client, passes langchain-tests' integration suite against the emulator."""

from __future__ import annotations

import gc
import warnings

import httpx
import pytest
from langchain_aws import ChatBedrockConverse
from langchain_tests.integration_tests import ChatModelIntegrationTests

from outcrop.emulator import Emulator


@pytest.fixture(scope="module")
def bedrock():
    with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def files_from_here(monkeypatch):
    """The suite fetches a picture and a document from the network; their content is nothing to the tests."""

    def get(url, **_):
        content = b"%PDF-1.4 made up" if url.endswith(".pdf") else b"\x89PNG made up"
        return httpx.Response(200, content=content, request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", get)


@pytest.fixture(autouse=True)
def left_streams():
    """A stream that is left early is langchain-aws's to close, and it leaves its socket to the garbage collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
# The suite gives its document no name.
@pytest.mark.filterwarnings("ignore:Bedrock Converse may require a filename")
class TestChatBedrockConverse(ChatModelIntegrationTests):
    """As far as it passes against AWS: the settings are those of langchain-aws's own run of this suite there."""

    @pytest.fixture(autouse=True)
    def environment(self, bedrock, monkeypatch):
        """One test makes a model of its own, with no more than the suite's parameters."""
        for name, value in bedrock.environment.items():
            monkeypatch.setenv(name, value)

    @pytest.fixture
    def model(self, bedrock, request):
        """The suite's own fixture, with a client of the emulator."""
        extra = getattr(request, "param", None) or {}
        return ChatBedrockConverse(
            **self.standard_chat_model_params, **self.chat_model_params, **bedrock.connection, **extra
        )

    @property
    def chat_model_class(self):
        return ChatBedrockConverse

    @property
    def chat_model_params(self):
        return {"model": "us.anthropic.claude-haiku-4-5-20251001-v1:0"}

    @property
    def standard_chat_model_params(self):
        return {"temperature": 0, "max_tokens": 100, "stop": []}

    @property
    def supports_image_inputs(self):
        return True

    @property
    def supports_pdf_tool_message(self):
        return True
