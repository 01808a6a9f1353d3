"""`ChatBedrockConverse`: the chat model on Bedrock's Converse API.

What a plain call does not need (structured output, content-block events, counting) is imported where it is used, for a
first answer that comes sooner.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.base import LangSmithParams
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import BaseModel, model_validator
from typing_extensions import Self

from outcrop.langchain.capabilities import inline_reasoning_tags, thinking_enabled, tool_choices
from outcrop.langchain.chat_models.fields import ConverseFields
from outcrop.langchain.chat_models.target import VERSION, ModelTarget, with_signature
from outcrop.langchain.errors import translated, warn
from outcrop.langchain.identity import answered_by, identify
from outcrop.langchain.messages.inbound import answer
from outcrop.langchain.reasoning_effort import check_nova_reasoning, effort_fields
from outcrop.langchain.repairs import told
from outcrop.langchain.request import Prepared, Target, build_request, call_parameters
from outcrop.langchain.serialization import loadable
from outcrop.langchain.streaming import StreamReader
from outcrop.langchain.tools import bound_tool, checked_tool_choice, system_tool, tool_choice_entry, tool_entry

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from outcrop.langchain.protocol import ProtocolWriter


class ChatBedrockConverse(ModelTarget, ConverseFields, BaseChatModel):
    """Chat with any model on Amazon Bedrock, natively sync and async.

    A drop-in for `langchain_aws.ChatBedrockConverse`: the same fields, messages and errors.

    Args:
        model: Any id or ARN that Bedrock takes; `fields.ConverseFields` describes every argument.

    Example:
        >>> from outcrop.langchain import ChatBedrockConverse
        >>> llm = ChatBedrockConverse(model="us.amazon.nova-lite-v1:0", region_name="us-east-1", max_tokens=200)
        >>> llm.profile["max_input_tokens"]
        300000
    """

    @model_validator(mode="after")
    def _settle(self) -> Self:
        """Fill what follows from other fields, asking nobody."""
        self._remember()
        self._settle_for(self._known_base(self.model_id))
        if self.guard_last_turn_only and not self.guardrail_config:
            raise ValueError(
                "`guard_last_turn_only=True` needs a guardrail: no `guardrail_config` supplied. Pass one, or leave it "
                "off."
            )
        self._add_version("outcrop", VERSION)
        return self

    def _settle_for(self, base: str | None) -> None:
        super()._settle_for(base)
        if not self.provider:
            self.provider = identify(base or self.model_id).provider or ""
        if self.reasoning_effort is not None and (base or self.profile):
            levels = (self.profile or {}).get("reasoning_effort_levels")
            fields = effort_fields(self.reasoning_effort, base, levels)
            if fields:
                self.additional_model_request_fields = {**fields, **(self.additional_model_request_fields or {})}
        if self.supports_tool_choice_values is None:
            self.supports_tool_choice_values = tool_choices(base, self.additional_model_request_fields or {})  # type: ignore[assignment]
        check_nova_reasoning(base, self.additional_model_request_fields)

    @property
    def _llm_type(self) -> str:
        return "amazon_bedrock_converse_chat"

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        """Return what tracing shows: the same fields for every provider, and where the calls go."""
        about = {"provider": self.provider, "region_name": self._region()}
        shown = {key: value for key, value in about.items() if value}
        return cast("LangSmithParams", {**super()._get_ls_params(stop=stop, **kwargs), "ls_invocation_params": shown})

    @classmethod
    def create_cache_point(cls, cache_type: str = "default") -> dict[str, Any]:
        """Return a block that caches the prompt up to where it stands.

        Args:
            cache_type: Bedrock knows `default`.

        Returns:
            A block for the content of a message, the system prompt or the tools.
        """
        return {"cachePoint": {"type": cache_type}}

    # --- one call -----------------------------------------------------------------------------------------------------

    def _call(
        self, target: Target, messages: Sequence[BaseMessage], stop: list[str] | None, call: dict[str, Any]
    ) -> Prepared:
        return build_request(self, target, messages, stop, call)

    def _request(self, messages: Sequence[BaseMessage], stop: list[str] | None, kwargs: dict[str, Any]) -> Prepared:
        call = call_parameters(kwargs)
        return self._call(self._target(call.get("model") or call.get("model_id")), messages, stop, call)

    async def _arequest(
        self, messages: Sequence[BaseMessage], stop: list[str] | None, kwargs: dict[str, Any]
    ) -> Prepared:
        call = call_parameters(kwargs)
        return self._call(await self._atarget(call.get("model") or call.get("model_id")), messages, stop, call)

    def _about(self, call: Prepared, response: dict[str, Any]) -> dict[str, Any]:
        """Return what an answer says of its call."""
        naming = self._naming(call.target)
        if (model := answered_by(response, call.target.model_id)) != call.target.model_id:
            naming = {"model_name": model}
        return {**naming, **told(call.repaired)}

    def _result(self, response: dict[str, Any], call: Prepared) -> ChatResult:
        message = answer(response, inline_reasoning_tags((call.target.base_model_id or "").lower()), call.names)
        message.response_metadata.update(self._about(call, response))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _streaming(self, response: dict[str, Any], call: Prepared) -> tuple[StreamReader, Any]:
        return StreamReader(response, self._about(call, response), call.names), response["stream"]

    def _writing(self, response: dict[str, Any], call: Prepared) -> tuple[ProtocolWriter, Any]:
        from outcrop.langchain.protocol import ProtocolWriter

        return ProtocolWriter(response, self._about(call, response), call.names), response["stream"]

    @with_signature
    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        call = self._request(messages, stop, kwargs)
        with translated():
            response = self._runtime().converse(**call.request)
        return self._result(response, call)

    @with_signature
    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        client = self._async_runtime()
        if client is None:
            return await super()._agenerate(messages, stop, run_manager, **kwargs)
        call = await self._arequest(messages, stop, kwargs)
        with translated():
            response = await client.converse(**call.request)
        return self._result(response, call)

    # --- streams ------------------------------------------------------------------------------------------------------

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        call = self._request(messages, stop, kwargs)
        if not call.streams:
            with translated():
                chunk = _as_chunk(self._result(self._runtime().converse(**call.request), call))
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk
            return
        with translated():
            reader, stream = self._streaming(self._runtime().converse_stream(**call.request), call)
            try:
                for event in stream:
                    chunk = ChatGenerationChunk(message=reader.read(event))
                    if run_manager:
                        run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                    yield chunk
                reader.finish()
            finally:
                _close(stream)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        client = self._async_runtime()
        if client is None:
            async for chunk in super()._astream(messages, stop, run_manager, **kwargs):
                yield chunk
            return
        call = await self._arequest(messages, stop, kwargs)
        if not call.streams:
            with translated():
                chunk = _as_chunk(self._result(await client.converse(**call.request), call))
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk
            return
        with translated():
            reader, stream = self._streaming(await client.converse_stream(**call.request), call)
            try:
                async for event in stream:
                    chunk = ChatGenerationChunk(message=reader.read(event))
                    if run_manager:
                        await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                    yield chunk
                reader.finish()
            finally:
                await _aclose(stream)

    def _stream_chat_model_events(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[dict[str, Any]]:
        """Stream content-block events: langchain-core looks for this method by name."""
        call = self._request(messages, stop, kwargs)
        if not call.streams:
            for bridged in _bridge().chunks_to_events(self._stream(messages, stop=stop, **kwargs)):
                yield cast("dict[str, Any]", bridged)
            return
        with translated():
            writer, stream = self._writing(self._runtime().converse_stream(**call.request), call)
            try:
                for event in stream:
                    yield from writer.write(event)
            finally:
                _close(stream)  # before the last event: who reads it may not come back
            yield from writer.close()

    async def _astream_chat_model_events(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[dict[str, Any]]:
        """Stream content-block events: langchain-core looks for this method by name."""
        client = self._async_runtime()
        call = None if client is None else await self._arequest(messages, stop, kwargs)
        if client is None or call is None or not call.streams:
            async for bridged in _bridge().achunks_to_events(self._astream(messages, stop=stop, **kwargs)):
                yield cast("dict[str, Any]", bridged)
            return
        with translated():
            writer, stream = self._writing(await client.converse_stream(**call.request), call)
            try:
                async for event in stream:
                    for made in writer.write(event):
                        yield made
            finally:
                await _aclose(stream)
            for made in writer.close():
                yield made

    # --- what is built on calls ---------------------------------------------------------------------------------------

    def _tool_choices(self) -> Sequence[str] | None:
        """Return the kinds of tool choice that the model takes; `None` if nobody knows."""
        if self.supports_tool_choice_values is not None:
            return self.supports_tool_choice_values
        return tool_choices(self._base_or_none(), self.additional_model_request_fields or {})

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool | str],
        *,
        tool_choice: dict[str, Any] | str | bool | None = None,
        strict: bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools to the model.

        Args:
            tools: Tools, functions, Pydantic classes, TypedDicts, dicts in OpenAI's, Anthropic's or Converse's style,
                cache points, and the names of tools that Bedrock runs itself (`nova_grounding`,
                `nova_code_interpreter`).
            tool_choice: `auto`, `any`, the name of a tool, or a dict.
            strict: Whether the model must keep to the tools' schemas.
            **kwargs: Further parameters of the calls.

        Returns:
            A runnable that calls the model with the tools.

        Raises:
            ValueError: If the model does not take this tool choice.
        """
        base = self._get_base_model()
        entry = tool_choice_entry(tool_choice)
        thinking = thinking_enabled(base, self.additional_model_request_fields or {})
        choice = checked_tool_choice(entry, self._tool_choices() if entry else None, base, thinking)
        inside = [entry for entry in map(system_tool, tools) if entry]
        own = [tool for tool in tools if not system_tool(tool)]
        if not inside:
            return self.bind(tools=[bound_tool(tool, strict) for tool in own], tool_choice=choice, **kwargs)
        if choice and not own and not choice.keys() <= {"auto"}:
            warn(
                f"tool_choice={next(iter(choice))} is not supported when only systemTools are bound; 'auto' is sent "
                "instead."
            )
            choice = {"auto": {}}
        config: dict[str, Any] = {"tools": [*(tool_entry(tool, strict) for tool in own), *inside]}
        return self.bind(toolConfig={**config, "toolChoice": choice} if choice else config, **kwargs)

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        method: Literal["function_calling", "json_schema", "json_mode", "prompt_prefill"] = "function_calling",
        strict: bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Return a runnable that answers in a schema's shape.

        Args:
            schema: A Pydantic class (answers are its objects), a TypedDict or a JSON schema (answers are dicts).
            include_raw: Whether to return `raw`, `parsed` and `parsing_error` instead of raising on a bad answer.
            method: `function_calling` forces a tool; `json_schema` uses Bedrock's native output format (Claude 4.5 and
                later, and some open-weight models); `json_mode` asks for JSON in the prompt and works with every
                model; `prompt_prefill` also begins the answer as a JSON block, for models that take that (Amazon Nova).
            strict: Whether the model must keep to the tool's schema; for `function_calling`.
            **kwargs: Further parameters of the calls.

        Raises:
            ValueError: For a method that there is not, or a schema that cannot be read.
        """
        from outcrop.langchain.structured_output.methods import structured

        return structured(self, schema, method, include_raw=include_raw, strict=strict, kwargs=kwargs)

    def get_num_tokens_from_messages(self, messages: list[BaseMessage], tools: Sequence[Any] | None = None) -> int:
        """Count the tokens of a prompt by Bedrock's CountTokens.

        Args:
            messages: The prompt.
            tools: Tools that would be bound.

        Returns:
            The model's own count; where Bedrock gives none, an estimate, with a warning.
        """
        if self.custom_get_token_ids is not None:
            return super().get_num_tokens_from_messages(messages, tools)
        from outcrop.langchain.token_count import count_tokens

        target = self._target()
        call = self._call(target, messages, None, {"tools": tools} if tools else {})
        return count_tokens(self._runtime(), target, call.request, messages, tools)


loadable(ChatBedrockConverse)


def _bridge() -> Any:
    from langchain_core.language_models import _compat_bridge

    return _compat_bridge


def _as_chunk(whole: ChatResult) -> ChatGenerationChunk:
    """Hand over an answer that came whole as the one chunk of a stream."""
    message = cast("AIMessage", whole.generations[0].message)
    fields = {name: value for name, value in vars(message).items() if name != "type"}
    return ChatGenerationChunk(message=AIMessageChunk(**fields))


def _close(stream: Any) -> None:
    if hasattr(stream, "close"):
        stream.close()


async def _aclose(stream: Any) -> None:
    if hasattr(stream, "aclose"):
        await stream.aclose()
