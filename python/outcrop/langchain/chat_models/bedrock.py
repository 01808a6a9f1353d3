"""`ChatBedrock`: the chat model on InvokeModel, or on Converse under the same name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import BaseModel, PrivateAttr, model_validator
from typing_extensions import Self

from outcrop.langchain.bodies.common import PROVIDER, Call, Format
from outcrop.langchain.bodies.registry import COMPLETIONS, format_of
from outcrop.langchain.chat_models.bedrock_fields import BedrockFields
from outcrop.langchain.chat_models.converse import ChatBedrockConverse
from outcrop.langchain.chat_models.target import VERSION, ModelTarget, with_signature
from outcrop.langchain.errors import translated
from outcrop.langchain.identity import answered_by, identify
from outcrop.langchain.invoke import intervention, request_options, result, was_kept
from outcrop.langchain.messages.usage import mark_as_paid
from outcrop.langchain.parameters import refused_sampling, usable_stops
from outcrop.langchain.repairs import settled, told
from outcrop.langchain.request import Target
from outcrop.langchain.serialization import loadable

if TYPE_CHECKING:
    from langchain_core.language_models import ModelProfile
    from langchain_core.tools import BaseTool

_TO_CONVERSE = (
    "stop", "stop_sequences", "max_tokens", "temperature", "top_p", "additional_model_request_fields",
    "additional_model_response_field_paths", "performance_config", "request_metadata", "service_tier",
)  # fmt: skip
"""Parameters of InvokeModel bodies that Converse has as well."""


class ChatBedrock(ModelTarget, BedrockFields, BaseChatModel):
    """Chat through InvokeModel bodies of each publisher's own format; a drop-in for `langchain_aws.ChatBedrock`.

    New code is better off with `ChatBedrockConverse`, which serves every model the same way.

    Args:
        model: Any id or ARN that Bedrock takes; `bedrock_fields.BedrockFields` describes every argument.

    Example:
        >>> from outcrop.langchain import ChatBedrock
        >>> llm = ChatBedrock(model="us.anthropic.claude-3-5-haiku-20241022-v1:0", region_name="us-east-1")
        >>> llm.beta_use_converse_api
        False
    """

    _converse: tuple[dict[str, Any], ChatBedrockConverse] | None = PrivateAttr(default=None)

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        return {**state, "__pydantic_private__": {**state["__pydantic_private__"], "_converse": None}}

    @model_validator(mode="after")
    def _settle(self) -> Self:
        """Fill what follows from other fields, asking nobody."""
        self._remember()
        self._settle_for(self._known_base(self.model_id))
        self._add_version("outcrop", VERSION)
        return self

    def _settle_for(self, base: str | None) -> None:
        super()._settle_for(base)
        if "beta_use_converse_api" not in self.model_fields_set:
            # Not by assignment, after which it would count as given.
            vars(self)["beta_use_converse_api"] = "amazon.nova" in (base or self.model_id)
        if self.profile and "profile" not in self._given and not self._has_native_schemas:
            # Agents go by it, and would ask for a native schema where a tool call serves.
            self.profile = cast("ModelProfile", {**self.profile, "structured_output": False})

    @property
    def _has_native_schemas(self) -> bool:
        """Whether a call's `response_format` means something to the format of the model."""
        return self._is_on_converse or self._target_from(self.model_id).provider in ("anthropic", *COMPLETIONS)

    @property
    def _llm_type(self) -> str:
        return "amazon_bedrock_chat"

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """Attributes that serialization keeps beside what the constructor was given."""
        return {**super().lc_attributes, **({"region_name": self.region_name} if self.region_name else {})}

    @property
    def _as_converse(self) -> ChatBedrockConverse:
        """The same model on Converse, with this model's clients: none is made for it."""
        given = {key: value for key, value in (self.model_kwargs or {}).items() if key in _TO_CONVERSE}
        own = {
            name: getattr(self, name)
            for name in ("max_tokens", "temperature", "stop_sequences", "service_tier", "request_metadata")
        }
        shared = {name: self.__dict__[name] for name in self._shared_fields() if name in self.__dict__}
        values = {**given, **shared, **{key: value for key, value in own.items() if value is not None}}
        values["provider"] = self.provider or ""
        if self._guardrails_enabled:
            values["guardrail_config"] = {
                key: value for key, value in dict(self.guardrails or {}).items() if value is not None
            }
            if "trace" in values["guardrail_config"]:  # a flag here, a word there
                trace = values["guardrail_config"]["trace"]
                values["guardrail_config"]["trace"] = (
                    trace if isinstance(trace, str) else "enabled" if trace else "disabled"
                )
        # Fields may be set at any time, and dicts be changed in place.
        made_of, converse = self._converse or (None, None)
        if converse is None or made_of != values or converse._made is not self._made:
            converse = ChatBedrockConverse(**values)
            converse._made = self._made
            kept = {name: copy(value) if isinstance(value, (dict, list)) else value for name, value in values.items()}
            self._converse = (kept, converse)
        return converse

    @staticmethod
    def _shared_fields() -> set[str]:
        common = set(ChatBedrock.model_fields) & set(ChatBedrockConverse.model_fields)
        return (
            common
            - {"streaming", "provider"}
            - {"max_tokens", "temperature", "stop_sequences", "service_tier", "request_metadata"}
        )

    def _uses_converse(self, target: Target) -> bool:
        """Whether a call goes to Converse: Nova does, also behind an application profile, once that is resolved."""
        decided = "beta_use_converse_api" in self.model_fields_set or self.beta_use_converse_api
        return self.beta_use_converse_api if decided else "amazon.nova" in (target.base_model_id or "")

    # --- one call -----------------------------------------------------------------------------------------------------

    def _call(
        self,
        target: Target,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        kwargs: dict[str, Any],
        stream: bool,
    ) -> Call:
        if target.provider is None:
            raise ValueError(
                f"the provider of {target.model_id} is unknown, and with it the format of its bodies: pass provider= "
                "or base_model_id=, or use ChatBedrockConverse, which needs neither."
            )
        given = {
            key: value
            for key, value in kwargs.items()
            if key not in ("model", "model_id", "stream", "disable_streaming")
        }
        if given.get("tools"):
            from outcrop.langchain.structured_output.invoke import tool_parameters

            given = tool_parameters(self, target, given)
        parameters = {**(self.model_kwargs or {}), **given}
        cache = parameters.pop("cache_control", None)
        stops = usable_stops(target.base_model_id or "", stop or parameters.pop("stop", None) or self.stop_sequences)
        key = self.provider_stop_sequence_key_name_map.get(target.provider)
        if stream and stops and key is None:
            raise ValueError(
                f"stop sequence key name for {target.provider} is not supported: its format has none, and a stream "
                "cannot be cut afterwards. Use ChatBedrockConverse."
            )
        limit, temperature = parameters.pop("max_tokens", None), parameters.pop("temperature", None)
        temperature = self.temperature if temperature is None else temperature
        model_id, sampling = target.base_model_id or "", {**parameters, "temperature": temperature}
        for name in refused_sampling(model_id, target.profile, parameters, sampling):
            parameters.pop(name, None)
            temperature = None if name == "temperature" else temperature
        return Call(
            messages=messages,
            model_id=target.base_model_id or target.model_id,
            parameters=parameters,
            max_tokens=self.max_tokens if limit is None else limit,
            temperature=temperature,
            stop=list(stops) if stops else None,
            stop_key=key,
            stream=stream,
            cache_control=cache,
            extra_system=self.system_prompt_with_tools,
        )

    def _invocation(
        self,
        target: Target,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        kwargs: dict[str, Any],
        *,
        stream: bool = False,
    ) -> tuple[dict[str, Any], Call]:
        call = self._call(target, messages, stop, kwargs, stream)
        body = format_of(target.provider, call.model_id).request(call)
        call.notes = settled(call.notes, self.strict_history)
        return request_options(self, target.model_id, body), call

    def _reading(self, target: Target, answering: Target, call: Call) -> tuple[Format, Call]:
        """Return what reads an answer: the format of the model that gave it, which may be a router's next one."""
        if answering is not target and answering.provider is not None:
            key = self.provider_stop_sequence_key_name_map.get(answering.provider)
            call = replace(call, model_id=answering.base_model_id or answering.model_id, stop_key=key)
            return format_of(answering.provider, call.model_id), call
        return format_of(target.provider, call.model_id), call

    def _answering(self, target: Target, response: dict[str, Any]) -> Target:
        name = answered_by(response, target.model_id)
        return target if name == target.model_id else self._target(name)

    async def _aanswering(self, target: Target, response: dict[str, Any]) -> Target:
        name = answered_by(response, target.model_id)
        return target if name == target.model_id else await self._atarget(name)

    def _result(
        self, reading: tuple[Format, Call], target: Target, response: dict[str, Any], body: dict[str, Any]
    ) -> ChatResult:
        form, call = reading
        return result(target.model_id, form.answer(body, call), response, call)

    @with_signature
    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        target = self._target(kwargs.get("model") or kwargs.get("model_id"))
        if self._uses_converse(target):
            return self._as_converse._generate(messages, stop, run_manager, **kwargs)
        options, call = self._invocation(target, messages, stop, kwargs)
        with translated():
            response = self._runtime().invoke_model(**options)
            body = json.loads(response.get("body").read().decode())
        if run_manager and (signal := intervention(self, body)):
            run_manager.on_llm_error(_intervened(), **signal)
        reading = self._reading(target, self._answering(target, response), call)
        return self._result(reading, target, response, body)

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
        target = await self._atarget(kwargs.get("model") or kwargs.get("model_id"))
        if self._uses_converse(target):
            return await self._as_converse._agenerate(messages, stop, run_manager, **kwargs)
        options, call = self._invocation(target, messages, stop, kwargs)
        with translated():
            response = await client.invoke_model(**options)
            body = json.loads((await response.get("body").read()).decode())
        if run_manager and (signal := intervention(self, body)):
            await run_manager.on_llm_error(_intervened(), **signal)
        reading = self._reading(target, await self._aanswering(target, response), call)
        return self._result(reading, target, response, body)

    # --- streams ------------------------------------------------------------------------------------------------------

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        target = self._target(kwargs.get("model") or kwargs.get("model_id"))
        if self._uses_converse(target):
            yield from self._as_converse._stream(messages, stop, run_manager, **kwargs)
            return
        options, call = self._invocation(target, messages, stop, kwargs, stream=True)
        with translated():
            response = self._runtime().invoke_model_with_response_stream(**options)
            stream = response.get("body")
            reader = self._reading(target, self._answering(target, response), call)
            reading = _Reading(self, target, response, reader)
            try:
                for event in stream:
                    for chunk in reading.read(event):
                        if run_manager:
                            run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                        yield chunk
                reading.finish()
            finally:
                if hasattr(stream, "close"):
                    stream.close()
        if run_manager and reading.signal:
            run_manager.on_llm_error(_intervened(), **reading.signal)

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
        target = await self._atarget(kwargs.get("model") or kwargs.get("model_id"))
        if self._uses_converse(target):
            async for chunk in self._as_converse._astream(messages, stop, run_manager, **kwargs):
                yield chunk
            return
        options, call = self._invocation(target, messages, stop, kwargs, stream=True)
        with translated():
            response = await client.invoke_model_with_response_stream(**options)
            stream = response.get("body")
            reader = self._reading(target, await self._aanswering(target, response), call)
            reading = _Reading(self, target, response, reader)
            try:
                async for event in stream:
                    for chunk in reading.read(event):
                        if run_manager:
                            await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                        yield chunk
                reading.finish()
            finally:
                if hasattr(stream, "aclose"):
                    await stream.aclose()
        if run_manager and reading.signal:
            await run_manager.on_llm_error(_intervened(), **reading.signal)

    # Content-block events: Converse's own. langchain-core looks for these by name; at `None` it makes events of chunks.

    @property
    def _stream_chat_model_events(self) -> Callable[..., Iterator[dict[str, Any]]] | None:
        return self._as_converse._stream_chat_model_events if self._is_on_converse else None

    @property
    def _astream_chat_model_events(self) -> Callable[..., AsyncIterator[dict[str, Any]]] | None:
        return self._as_converse._astream_chat_model_events if self._is_on_converse else None

    @property
    def _is_on_converse(self) -> bool:
        return self._uses_converse(self._target_from(self.model_id))

    # --- what is built on calls ---------------------------------------------------------------------------------------

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: dict[str, Any] | str | bool | None = None,
        strict: bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools to the model, in the format of its publisher.

        Args:
            tools: Tools, functions, Pydantic classes, TypedDicts or dicts.
            tool_choice: `auto`, `any`, the name of a tool, or a dict.
            strict: Whether the model must keep to the tools' schemas; on Converse only.
            **kwargs: Further parameters of the calls.

        Raises:
            ValueError: If the model does not take this tool choice.
        """
        self._base_or_none()  # what is behind an application profile decides the format
        if self._is_on_converse:
            return self._as_converse.bind_tools(tools, tool_choice=tool_choice, strict=strict, **kwargs)
        from outcrop.langchain.structured_output.invoke import bind_invoke_tools

        return bind_invoke_tools(self, tools, tool_choice, strict, kwargs)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, strict: bool | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Return a runnable that answers in a schema's shape, by a forced tool call.

        Args:
            schema: A Pydantic class, TypedDict or JSON schema.
            include_raw: Whether to return `raw`, `parsed` and `parsing_error` instead of raising on a bad answer.
            strict: Whether the model must keep to the schema; on Converse only.
            **kwargs: Further parameters of the calls; on Converse also `method`.

        Raises:
            ValueError: For a model whose format has no tools.
        """
        self._base_or_none()
        if self._is_on_converse:
            return self._as_converse.with_structured_output(schema, include_raw=include_raw, strict=strict, **kwargs)
        from outcrop.langchain.structured_output.invoke import structured_invoke

        return structured_invoke(self, schema, include_raw, strict, kwargs)

    def set_system_prompt_with_tools(self, xml_tools_system_prompt: str) -> None:
        """Set the system prompt that precedes that of the messages."""
        self.system_prompt_with_tools = xml_tools_system_prompt

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
        target = self._target()
        if self._uses_converse(target):
            return self._as_converse.get_num_tokens_from_messages(messages, tools)
        from outcrop.langchain.token_count import counted

        bound: Any = self.bind_tools(tools) if tools else None
        options, call = self._invocation(target, messages, None, {"tools": bound.kwargs["tools"]} if bound else {})
        return counted(self._runtime(), call.model_id, {"invokeModel": {"body": options["body"]}}, messages, tools)

    def _combine_llm_outputs(self, llm_outputs: list[dict[str, Any] | None]) -> dict[str, Any]:
        total: dict[str, int] = {}
        combined: dict[str, Any] = {}
        for output in llm_outputs:
            combined.update(output or {})
            for key, count in ((output or {}).get("usage") or {}).items():
                total[key] = total.get(key, 0) + count
        return {**combined, "usage": total}


loadable(ChatBedrock)


class _Reading:
    """The reading of one InvokeModel stream, for the sync and the async loop alike."""

    def __init__(
        self, model: ChatBedrock, target: Target, response: dict[str, Any], reading: tuple[Format, Call]
    ) -> None:
        form, self.call = reading
        self.model, self.target = model, target
        self.reader = form.chunks(self.call)
        self._kept = was_kept(response)
        self._model_name = answered_by(response, target.model_id)
        self.signal: dict[str, Any] | None = None
        self._named = False

    def read(self, event: dict[str, Any]) -> list[ChatGenerationChunk]:
        data = (event.get("chunk") or {}).get("bytes")
        if not data:
            return []
        body = json.loads(data.decode())
        self.signal = intervention(self.model, body) or self.signal
        return [self._generation(chunk) for chunk in self.reader.read(body)]

    def finish(self) -> None:
        if not self.reader.complete:
            raise ConnectionError(
                "Incomplete Bedrock response stream: it ended before the model said that it stopped. Ask again."
            )

    def _generation(self, chunk: AIMessageChunk) -> ChatGenerationChunk:
        chunk.response_metadata["model_provider"] = PROVIDER
        if chunk.usage_metadata and self._kept:
            mark_as_paid(chunk.usage_metadata)
        if chunk.usage_metadata and not self._named:
            self._named = True
            chunk.response_metadata["model_name"] = self._model_name
            if identify(self.target.model_id).is_application_profile:
                chunk.response_metadata["inference_profile_id"] = self.target.model_id
            chunk.response_metadata.update(told(self.call.notes))
        return ChatGenerationChunk(message=chunk)


def _intervened() -> Exception:
    return RuntimeError("a guardrail of Bedrock intervened: GUARDRAIL_INTERVENED")
