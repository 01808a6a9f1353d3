"""`ChatBedrockAnthropic`: LangChain's `ChatAnthropic` on Bedrock's own endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

try:
    from langchain_anthropic import ChatAnthropic  # pyright: ignore[reportMissingImports]
except ImportError as _error:
    raise ImportError(
        "ChatBedrockAnthropic needs langchain-anthropic: pip install 'outcrop[langchain-anthropic]'",
        name="langchain_anthropic",
    ) from _error
from pydantic import SecretStr, model_validator
from typing_extensions import Self

from outcrop.langchain.apis.carried import Carried, most_output
from outcrop.langchain.serialization import loadable


class ChatBedrockAnthropic(Carried, ChatAnthropic):
    """Chat with Claude by Anthropic's Messages API on Bedrock, by profile or model id.

    All of `ChatAnthropic` but how Anthropic is reached: calls are signed with AWS credentials or a Bedrock key and
    carried by outcrop, through one Region or a router of several.

    Args:
        model: An inference profile's or a model's id; the path takes ids without a date.
        bedrock_runtime: A client of outcrop's, or a router.
        cross_region: Options of `outcrop.CrossRegion`.
        region_name: The source Region. `connection_fields.AccountFields` describes it and its like.

    Raises:
        ValueError: A field would lead calls elsewhere than to Bedrock, or a router's option is no such option.

    Example:
        >>> from outcrop.langchain import ChatBedrockAnthropic
        >>> llm = ChatBedrockAnthropic(model="us.anthropic.claude-sonnet-5", region_name="us-east-1")
        >>> llm.max_tokens
        128000
    """

    _blank: ClassVar[Mapping[str, Any]] = {"anthropic_api_key": SecretStr(""), "anthropic_api_url": None}

    @classmethod
    def _with_usual(cls, given: dict[str, Any]) -> dict[str, Any]:
        said = given.get("max_tokens") or given.get("max_tokens_to_sample")
        most = most_output(str(given.get("model") or given.get("model_name") or ""))
        if not said and most:
            given["max_tokens"] = most
        return given

    @model_validator(mode="after")
    def _carry(self) -> Self:
        self._connect()
        return self

    @property
    def _id(self) -> str:
        return self.model

    @property
    def _client(self) -> Any:
        return self._client_of("client", is_async=False)

    @property
    def _async_client(self) -> Any:
        return self._client_of("async_client", is_async=True)

    def _make_official(self, carrier: Any, *, is_async: bool) -> Any:
        from outcrop.httpx2 import anthropic, async_anthropic

        options: dict[str, Any] = {"default_headers": {**self._client_params["default_headers"], **self._headers()}}
        if "timeout" in self._client_params:
            options["timeout"] = self._client_params["timeout"]
        return (async_anthropic if is_async else anthropic)(carrier, **options)


loadable(ChatBedrockAnthropic)
