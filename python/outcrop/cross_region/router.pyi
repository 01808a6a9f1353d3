# The two routers. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from os import PathLike
from typing import IO, Any, Literal, overload

from outcrop._batch import AsyncBatch, Batch
from outcrop._clients import AsyncClient, Client, _BedrockRuntimeExceptions
from outcrop.cross_region._base import Routed
from outcrop.cross_region.planning import Plan
from outcrop.types.bedrock_runtime import (
    AsyncConverseStreamResponse,
    AsyncInvokeModelResponse,
    AsyncInvokeModelWithResponseStreamResponse,
    ConverseResponse,
    ConverseStreamResponse,
    CountTokensInput,
    CountTokensResponse,
    GuardrailConfiguration,
    GuardrailStreamConfiguration,
    InferenceConfiguration,
    InvokeModelResponse,
    InvokeModelWithResponseStreamResponse,
    MessageUnion,
    OutputConfig,
    PerformanceConfigLatencyType,
    PerformanceConfiguration,
    PromptVariableValues,
    RoutedConverseRequest,
    RoutedCountTokensRequest,
    RoutedInvokeModelRequest,
    ServiceTier,
    ServiceTierType,
    SystemContentBlock,
    ToolConfiguration,
    TraceType,
)

class CrossRegion(Routed, Client):
    def plan(self) -> Plan: ...
    @property
    def exceptions(self) -> _BedrockRuntimeExceptions: ...
    def converse(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailConfiguration = ...,
        projectIdentifier: str = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, PromptVariableValues] = ...,
        additionalModelResponseFieldPaths: Sequence[str] = ...,
        requestMetadata: Mapping[str, str] = ...,
        performanceConfig: PerformanceConfiguration = ...,
        serviceTier: ServiceTier = ...,
        outputConfig: OutputConfig = ...,
    ) -> ConverseResponse: ...
    def converse_stream(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailStreamConfiguration = ...,
        projectIdentifier: str = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, PromptVariableValues] = ...,
        additionalModelResponseFieldPaths: Sequence[str] = ...,
        requestMetadata: Mapping[str, str] = ...,
        performanceConfig: PerformanceConfiguration = ...,
        serviceTier: ServiceTier = ...,
        outputConfig: OutputConfig = ...,
    ) -> ConverseStreamResponse: ...
    def count_tokens(
        self,
        *,
        input: CountTokensInput,
        modelId: str = ...,
    ) -> CountTokensResponse: ...
    def invoke_model(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
        projectIdentifier: str = ...,
    ) -> InvokeModelResponse: ...
    def invoke_model_with_response_stream(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
        projectIdentifier: str = ...,
    ) -> InvokeModelWithResponseStreamResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[RoutedConverseRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ConverseResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[RoutedConverseRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ConverseResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["count_tokens"],
        requests: Iterable[RoutedCountTokensRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CountTokensResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["count_tokens"],
        requests: Iterable[RoutedCountTokensRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CountTokensResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[RoutedInvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[InvokeModelResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[RoutedInvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[InvokeModelResponse]: ...

class AsyncCrossRegion(Routed, AsyncClient):
    async def plan(self) -> Plan: ...
    @property
    def exceptions(self) -> _BedrockRuntimeExceptions: ...
    async def converse(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailConfiguration = ...,
        projectIdentifier: str = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, PromptVariableValues] = ...,
        additionalModelResponseFieldPaths: Sequence[str] = ...,
        requestMetadata: Mapping[str, str] = ...,
        performanceConfig: PerformanceConfiguration = ...,
        serviceTier: ServiceTier = ...,
        outputConfig: OutputConfig = ...,
    ) -> ConverseResponse: ...
    async def converse_stream(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailStreamConfiguration = ...,
        projectIdentifier: str = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, PromptVariableValues] = ...,
        additionalModelResponseFieldPaths: Sequence[str] = ...,
        requestMetadata: Mapping[str, str] = ...,
        performanceConfig: PerformanceConfiguration = ...,
        serviceTier: ServiceTier = ...,
        outputConfig: OutputConfig = ...,
    ) -> AsyncConverseStreamResponse: ...
    async def count_tokens(
        self,
        *,
        input: CountTokensInput,
        modelId: str = ...,
    ) -> CountTokensResponse: ...
    async def invoke_model(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
        projectIdentifier: str = ...,
    ) -> AsyncInvokeModelResponse: ...
    async def invoke_model_with_response_stream(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
        projectIdentifier: str = ...,
    ) -> AsyncInvokeModelWithResponseStreamResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[RoutedConverseRequest] | AsyncIterable[RoutedConverseRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ConverseResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[RoutedConverseRequest] | AsyncIterable[RoutedConverseRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ConverseResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["count_tokens"],
        requests: Iterable[RoutedCountTokensRequest] | AsyncIterable[RoutedCountTokensRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CountTokensResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["count_tokens"],
        requests: Iterable[RoutedCountTokensRequest] | AsyncIterable[RoutedCountTokensRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CountTokensResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[RoutedInvokeModelRequest] | AsyncIterable[RoutedInvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[AsyncInvokeModelResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[RoutedInvokeModelRequest] | AsyncIterable[RoutedInvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[AsyncInvokeModelResponse]: ...
