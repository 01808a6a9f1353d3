"""`ChatBedrockOpenAI`: LangChain's `ChatOpenAI` on Bedrock's own endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

try:
    from langchain_openai import ChatOpenAI  # pyright: ignore[reportMissingImports]
except ImportError as _error:
    raise ImportError(
        "ChatBedrockOpenAI needs langchain-openai: pip install 'outcrop[langchain-openai]'", name="langchain_openai"
    ) from _error
from pydantic import model_validator
from typing_extensions import Self

from outcrop.langchain.apis.carried import Carried
from outcrop.langchain.identity import identify
from outcrop.langchain.serialization import loadable

_CLIENTS = {
    "client": ("root_client", False),
    "root_client": ("root_client", False),
    "async_client": ("root_async_client", True),
    "root_async_client": ("root_async_client", True),
}


class ChatBedrockOpenAI(Carried, ChatOpenAI):
    """Chat with models that speak OpenAI's APIs on Bedrock (GPT, Grok, gpt-oss, …), by profile or model id.

    All of `ChatOpenAI` but how OpenAI is reached: calls are signed with AWS credentials or a Bedrock key and carried by
    outcrop, through one Region or a router of several. Where nothing else is said, GPT answers by the Responses API,
    all others by chat completions, and no response is kept at Bedrock (`store=False`).

    Args:
        model: An inference profile's or a model's id.
        bedrock_runtime: A client of outcrop's, or a router.
        cross_region: Options of `outcrop.CrossRegion`.
        region_name: The source Region. `connection_fields.AccountFields` describes it and its like.

    Raises:
        ValueError: A field would lead calls elsewhere than to Bedrock, or a router's option is no such option.

    Example:
        >>> from outcrop.langchain import ChatBedrockOpenAI
        >>> llm = ChatBedrockOpenAI(model="us.openai.gpt-6-sol", cross_region={"sources": ["us-east-1", "us-west-2"]})
        >>> llm.use_responses_api, llm.store
        (True, False)
    """

    _blank: ClassVar[Mapping[str, Any]] = {"openai_api_base": None, "openai_api_key": None, "openai_organization": None}

    @classmethod
    def _with_usual(cls, given: dict[str, Any]) -> dict[str, Any]:
        # The class below makes no clients where there are some; the real ones are made when they are used.
        given |= {"client": True, "async_client": True}
        if given.get("stream_usage") is None:
            given["stream_usage"] = True
        base = identify(str(given.get("model") or given.get("model_name") or "")).base_model_id or ""
        guarded = given.get("guardrail_config") or given.get("guardrails")
        gpt = base.startswith("openai.gpt-") and "gpt-oss" not in base
        if given.get("use_responses_api") is None and gpt:
            # A guardrail would be passed over by responses, in silence.
            given["use_responses_api"] = not guarded
        if given.get("use_responses_api") and guarded:
            raise ValueError(
                "guardrail_config= and use_responses_api=True exclude each other: Bedrock takes no notice of a "
                "guardrail on responses"
            )
        keeps = given.get("store") is not None or given.get("use_previous_response_id")
        if given.get("use_responses_api") and not keeps:
            given["store"] = False
        return given

    @model_validator(mode="after")
    def _carry(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> None:
        super()._connect()
        for name in _CLIENTS:  # absent from `__dict__`, an attribute is looked up by `__getattr__` below
            self.__dict__.pop(name, None)

    def __getattr__(self, name: str) -> Any:
        if name not in _CLIENTS:
            return super().__getattr__(name)
        root = self._client_of(*_CLIENTS[name])
        return root if name.startswith("root") else root.chat.completions

    def _convert_chunk_to_generation_chunk(self, chunk: dict[str, Any], *others: Any) -> Any:
        """Read a chunk. Bedrock tells the usage twice, at the end of the choice and after it: it counts once."""
        if chunk.get("choices") and chunk.get("usage"):
            chunk = {**chunk, "usage": None}
        return super()._convert_chunk_to_generation_chunk(chunk, *others)

    @property
    def _id(self) -> str:
        return self.model_name

    def _make_official(self, carrier: Any, *, is_async: bool) -> Any:
        from outcrop.httpx2 import async_openai, openai

        options: dict[str, Any] = {"default_headers": self._headers(), "default_query": self.default_query}
        if self.request_timeout is not None:
            options["timeout"] = self.request_timeout
        return (async_openai if is_async else openai)(carrier, **options)


loadable(ChatBedrockOpenAI)
