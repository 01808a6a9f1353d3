# The four clients. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import IO, Any, Literal, Protocol

from typing_extensions import Self

from outcrop import _native, exceptions
from outcrop._batch import AsyncBatch, Batch
from outcrop._metrics import Metrics
from outcrop._paging import AsyncPaginator, Paginator

class ClientMeta:
    service_name: str
    region_name: str
    endpoint_url: str
    method_to_api_mapping: dict[str, str]
    def __init__(self, service_name: str, region_name: str, endpoint_url: str, methods: dict[str, str]) -> None: ...

class ClientExceptions:
    ClientError: type[exceptions.ClientError]
    def __init__(self, names: list[str]) -> None: ...
    def __getattr__(self, name: str) -> type[exceptions.ClientError]: ...
    def from_code(self, code: str) -> type[exceptions.ClientError]: ...

class ClientMaker(Protocol):
    @property
    def region_name(self) -> str: ...
    @property
    def client(self) -> Callable[..., Any]: ...
    @property
    def async_client(self) -> Callable[..., Any]: ...

class BaseClient:
    meta: ClientMeta
    exceptions: ClientExceptions
    _session: ClientMaker
    def __init__(self, session: ClientMaker, native: _native.Client) -> None: ...
    def can_paginate(self, operation_name: str) -> bool: ...
    def metrics(self) -> Metrics: ...

class Client(BaseClient):
    def get_paginator(self, operation_name: str) -> Paginator: ...
    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return", "raise"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...

class AsyncClient(BaseClient):
    def get_paginator(self, operation_name: str) -> AsyncPaginator: ...
    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]] | AsyncIterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return", "raise"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: object) -> None: ...

class BedrockClient(Client):
    def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: Mapping[str, Any],
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...
    def create_model_invocation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        modelId: str,
        inputDataConfig: Mapping[str, Any],
        outputDataConfig: Mapping[str, Any],
        clientRequestToken: str = ...,
        vpcConfig: Mapping[str, Any] = ...,
        timeoutDurationInHours: int = ...,
        tags: Sequence[Any] = ...,
        modelInvocationType: str = ...,
    ) -> dict[str, Any]: ...
    def create_prompt_router(
        self,
        *,
        promptRouterName: str,
        models: Sequence[Any],
        routingCriteria: Mapping[str, Any],
        fallbackModel: Mapping[str, Any],
        clientRequestToken: str = ...,
        description: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...
    def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> dict[str, Any]: ...
    def delete_model_invocation_logging_configuration(self) -> dict[str, Any]: ...
    def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> dict[str, Any]: ...
    def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
    ) -> dict[str, Any]: ...
    def get_foundation_model_availability(
        self,
        *,
        modelId: str,
    ) -> dict[str, Any]: ...
    def get_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> dict[str, Any]: ...
    def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> dict[str, Any]: ...
    def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> dict[str, Any]: ...
    def get_model_invocation_logging_configuration(self) -> dict[str, Any]: ...
    def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> dict[str, Any]: ...
    def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: str = ...,
        byOutputModality: str = ...,
        byInferenceType: str = ...,
    ) -> dict[str, Any]: ...
    def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> dict[str, Any]: ...
    def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: str = ...,
    ) -> dict[str, Any]: ...
    def list_model_invocation_jobs(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: str = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: str = ...,
        sortOrder: str = ...,
    ) -> dict[str, Any]: ...
    def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: str = ...,
    ) -> dict[str, Any]: ...
    def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> dict[str, Any]: ...
    def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    def stop_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> dict[str, Any]: ...
    def tag_resource(
        self,
        *,
        resourceARN: str,
        tags: Sequence[Any],
    ) -> dict[str, Any]: ...
    def untag_resource(
        self,
        *,
        resourceARN: str,
        tagKeys: Sequence[Any],
    ) -> dict[str, Any]: ...

class AsyncBedrockClient(AsyncClient):
    async def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: Mapping[str, Any],
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...
    async def create_model_invocation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        modelId: str,
        inputDataConfig: Mapping[str, Any],
        outputDataConfig: Mapping[str, Any],
        clientRequestToken: str = ...,
        vpcConfig: Mapping[str, Any] = ...,
        timeoutDurationInHours: int = ...,
        tags: Sequence[Any] = ...,
        modelInvocationType: str = ...,
    ) -> dict[str, Any]: ...
    async def create_prompt_router(
        self,
        *,
        promptRouterName: str,
        models: Sequence[Any],
        routingCriteria: Mapping[str, Any],
        fallbackModel: Mapping[str, Any],
        clientRequestToken: str = ...,
        description: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...
    async def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> dict[str, Any]: ...
    async def delete_model_invocation_logging_configuration(self) -> dict[str, Any]: ...
    async def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> dict[str, Any]: ...
    async def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
    ) -> dict[str, Any]: ...
    async def get_foundation_model_availability(
        self,
        *,
        modelId: str,
    ) -> dict[str, Any]: ...
    async def get_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> dict[str, Any]: ...
    async def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> dict[str, Any]: ...
    async def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> dict[str, Any]: ...
    async def get_model_invocation_logging_configuration(self) -> dict[str, Any]: ...
    async def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> dict[str, Any]: ...
    async def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: str = ...,
        byOutputModality: str = ...,
        byInferenceType: str = ...,
    ) -> dict[str, Any]: ...
    async def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> dict[str, Any]: ...
    async def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: str = ...,
    ) -> dict[str, Any]: ...
    async def list_model_invocation_jobs(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: str = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: str = ...,
        sortOrder: str = ...,
    ) -> dict[str, Any]: ...
    async def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: str = ...,
    ) -> dict[str, Any]: ...
    async def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> dict[str, Any]: ...
    async def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    async def stop_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> dict[str, Any]: ...
    async def tag_resource(
        self,
        *,
        resourceARN: str,
        tags: Sequence[Any],
    ) -> dict[str, Any]: ...
    async def untag_resource(
        self,
        *,
        resourceARN: str,
        tagKeys: Sequence[Any],
    ) -> dict[str, Any]: ...

class BedrockRuntimeClient(Client):
    def apply_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str,
        source: str,
        content: Sequence[Any],
        outputScope: str = ...,
    ) -> dict[str, Any]: ...
    def converse(
        self,
        *,
        modelId: str,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    def converse_stream(
        self,
        *,
        modelId: str,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    def count_tokens(
        self,
        *,
        modelId: str,
        input: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    def get_async_invoke(
        self,
        *,
        invocationArn: str,
    ) -> dict[str, Any]: ...
    def invoke_guardrail_checks(
        self,
        *,
        messages: Sequence[Any],
        checks: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    def invoke_model(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    def invoke_model_with_response_stream(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    def list_async_invokes(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: str = ...,
        sortOrder: str = ...,
    ) -> dict[str, Any]: ...
    def start_async_invoke(
        self,
        *,
        modelId: str,
        modelInput: Any,
        outputDataConfig: Mapping[str, Any],
        clientRequestToken: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...

class AsyncBedrockRuntimeClient(AsyncClient):
    async def apply_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str,
        source: str,
        content: Sequence[Any],
        outputScope: str = ...,
    ) -> dict[str, Any]: ...
    async def converse(
        self,
        *,
        modelId: str,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    async def converse_stream(
        self,
        *,
        modelId: str,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    async def count_tokens(
        self,
        *,
        modelId: str,
        input: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    async def get_async_invoke(
        self,
        *,
        invocationArn: str,
    ) -> dict[str, Any]: ...
    async def invoke_guardrail_checks(
        self,
        *,
        messages: Sequence[Any],
        checks: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    async def invoke_model(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    async def invoke_model_with_response_stream(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    async def list_async_invokes(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: str = ...,
        sortOrder: str = ...,
    ) -> dict[str, Any]: ...
    async def start_async_invoke(
        self,
        *,
        modelId: str,
        modelInput: Any,
        outputDataConfig: Mapping[str, Any],
        clientRequestToken: str = ...,
        tags: Sequence[Any] = ...,
    ) -> dict[str, Any]: ...
