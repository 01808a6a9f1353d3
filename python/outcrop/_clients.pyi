# The four clients. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import IO, Any, Literal, NoReturn, Protocol, overload

from typing_extensions import Self

from outcrop import _native, exceptions
from outcrop._batch import AsyncBatch, Batch
from outcrop._metrics import Metrics
from outcrop._paging import AsyncPageIterator, PageIterator
from outcrop.types import PaginatorConfig
from outcrop.types.bedrock import (
    CreateInferenceProfileRequest,
    CreateInferenceProfileResponse,
    CreateModelInvocationJobRequest,
    CreateModelInvocationJobResponse,
    CreatePromptRouterRequest,
    CreatePromptRouterResponse,
    DeleteInferenceProfileRequest,
    DeleteInferenceProfileResponse,
    DeleteModelInvocationLoggingConfigurationRequest,
    DeleteModelInvocationLoggingConfigurationResponse,
    DeletePromptRouterRequest,
    DeletePromptRouterResponse,
    GetFoundationModelAvailabilityRequest,
    GetFoundationModelAvailabilityResponse,
    GetFoundationModelRequest,
    GetFoundationModelResponse,
    GetGuardrailRequest,
    GetGuardrailResponse,
    GetInferenceProfileRequest,
    GetInferenceProfileResponse,
    GetModelInvocationJobRequest,
    GetModelInvocationJobResponse,
    GetModelInvocationLoggingConfigurationRequest,
    GetModelInvocationLoggingConfigurationResponse,
    GetPromptRouterRequest,
    GetPromptRouterResponse,
    InferenceProfileModelSource,
    InferenceProfileType,
    InferenceType,
    ListFoundationModelsRequest,
    ListFoundationModelsResponse,
    ListGuardrailsRequest,
    ListGuardrailsResponse,
    ListInferenceProfilesRequest,
    ListInferenceProfilesResponse,
    ListModelInvocationJobsRequest,
    ListModelInvocationJobsResponse,
    ListPromptRoutersRequest,
    ListPromptRoutersResponse,
    ListTagsForResourceRequest,
    ListTagsForResourceResponse,
    LoggingConfig,
    ModelCustomizationType,
    ModelInvocationJobInputDataConfigUnion,
    ModelInvocationJobOutputDataConfigUnion,
    ModelInvocationJobStatusType,
    ModelInvocationType,
    ModelModalityType,
    PromptRouterTargetModel,
    PromptRouterType,
    PutModelInvocationLoggingConfigurationRequest,
    PutModelInvocationLoggingConfigurationResponse,
    RoutingCriteria,
    SortJobsByType,
    SortOrderType,
    StopModelInvocationJobRequest,
    StopModelInvocationJobResponse,
    Tag,
    TagResourceRequest,
    TagResourceResponse,
    UntagResourceRequest,
    UntagResourceResponse,
    VpcConfigUnion,
)
from outcrop.types.bedrock_runtime import (
    ApplyGuardrailRequest,
    ApplyGuardrailResponse,
    AsyncConverseStreamResponse,
    AsyncInvokeModelResponse,
    AsyncInvokeModelWithResponseStreamResponse,
    AsyncInvokeOutputDataConfigUnion,
    AsyncInvokeStatusType,
    ConverseRequest,
    ConverseResponse,
    ConverseStreamResponse,
    CountTokensInput,
    CountTokensRequest,
    CountTokensResponse,
    GetAsyncInvokeRequest,
    GetAsyncInvokeResponse,
    GuardrailChecksConfig,
    GuardrailChecksMessage,
    GuardrailConfiguration,
    GuardrailContentBlock,
    GuardrailContentSourceType,
    GuardrailOutputScopeType,
    GuardrailStreamConfiguration,
    InferenceConfiguration,
    InvokeGuardrailChecksRequest,
    InvokeGuardrailChecksResponse,
    InvokeModelRequest,
    InvokeModelResponse,
    InvokeModelWithResponseStreamResponse,
    ListAsyncInvokesRequest,
    ListAsyncInvokesResponse,
    MessageUnion,
    OutputConfig,
    PerformanceConfigLatencyType,
    PerformanceConfiguration,
    PromptVariableValues,
    ServiceTier,
    ServiceTierType,
    SortAsyncInvocationByType,
    StartAsyncInvokeRequest,
    StartAsyncInvokeResponse,
    SystemContentBlock,
    ToolConfiguration,
    TraceType,
)

class ClientMeta:
    service_name: str
    region_name: str
    endpoint_url: str
    method_to_api_mapping: dict[str, str]
    # botocore's own, where it is installed.
    events: Any
    config: Any
    def __init__(
        self, service_name: str, region_name: str, endpoint_url: str, methods: dict[str, str], owner: Any
    ) -> None: ...
    @property
    def service_model(self) -> Any: ...
    @property
    def partition(self) -> str: ...

class ClientExceptions:
    ClientError: type[exceptions.ClientError]
    def __init__(self, names: list[str]) -> None: ...
    def from_code(self, code: str) -> type[exceptions.ClientError]: ...

class ClientMaker(Protocol):
    @property
    def region_name(self) -> str: ...
    @property
    def client(self) -> Callable[..., Any]: ...
    @property
    def async_client(self) -> Callable[..., Any]: ...
    @property
    def get_credentials(self) -> Callable[[], Any]: ...

class BaseClient:
    meta: ClientMeta
    _native: Any
    _session: ClientMaker
    def __init__(self, session: ClientMaker, native: _native.Client) -> None: ...
    @property
    def waiter_names(self) -> list[str]: ...
    def get_waiter(self, waiter_name: str) -> NoReturn: ...
    def can_paginate(self, operation_name: str) -> bool: ...
    def metrics(self) -> Metrics: ...

class Client(BaseClient):
    def get_paginator(self, operation_name: Any) -> Any: ...
    def batch(self, *args: Any, **options: Any) -> Batch[Any]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...

class AsyncClient(BaseClient):
    def get_paginator(self, operation_name: Any) -> Any: ...
    def batch(self, *args: Any, **options: Any) -> AsyncBatch[Any]: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: object) -> None: ...

class _BedrockExceptions(ClientExceptions):
    AccessDeniedException: type[exceptions.AccessDeniedException]
    ConflictException: type[exceptions.ConflictException]
    InternalServerException: type[exceptions.InternalServerException]
    ResourceInUseException: type[exceptions.ResourceInUseException]
    ResourceNotFoundException: type[exceptions.ResourceNotFoundException]
    ServiceQuotaExceededException: type[exceptions.ServiceQuotaExceededException]
    ServiceUnavailableException: type[exceptions.ServiceUnavailableException]
    ThrottlingException: type[exceptions.ThrottlingException]
    TooManyTagsException: type[exceptions.TooManyTagsException]
    ValidationException: type[exceptions.ValidationException]

class _ListGuardrailsPaginator:
    def paginate(
        self,
        *,
        guardrailIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListGuardrailsResponse]: ...

class _AsyncListGuardrailsPaginator:
    def paginate(
        self,
        *,
        guardrailIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListGuardrailsResponse]: ...

class _ListInferenceProfilesPaginator:
    def paginate(
        self,
        *,
        typeEquals: InferenceProfileType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListInferenceProfilesResponse]: ...

class _AsyncListInferenceProfilesPaginator:
    def paginate(
        self,
        *,
        typeEquals: InferenceProfileType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListInferenceProfilesResponse]: ...

class _ListModelInvocationJobsPaginator:
    def paginate(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: ModelInvocationJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListModelInvocationJobsResponse]: ...

class _AsyncListModelInvocationJobsPaginator:
    def paginate(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: ModelInvocationJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListModelInvocationJobsResponse]: ...

class _ListPromptRoutersPaginator:
    def paginate(
        self,
        *,
        type: PromptRouterType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListPromptRoutersResponse]: ...

class _AsyncListPromptRoutersPaginator:
    def paginate(
        self,
        *,
        type: PromptRouterType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListPromptRoutersResponse]: ...

class BedrockClient(Client):
    @property
    def exceptions(self) -> _BedrockExceptions: ...
    def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: InferenceProfileModelSource,
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateInferenceProfileResponse: ...
    def create_model_invocation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        modelId: str,
        inputDataConfig: ModelInvocationJobInputDataConfigUnion,
        outputDataConfig: ModelInvocationJobOutputDataConfigUnion,
        clientRequestToken: str = ...,
        vpcConfig: VpcConfigUnion = ...,
        timeoutDurationInHours: int = ...,
        tags: Sequence[Tag] = ...,
        modelInvocationType: ModelInvocationType = ...,
    ) -> CreateModelInvocationJobResponse: ...
    def create_prompt_router(
        self,
        *,
        promptRouterName: str,
        models: Sequence[PromptRouterTargetModel],
        routingCriteria: RoutingCriteria,
        fallbackModel: PromptRouterTargetModel,
        clientRequestToken: str = ...,
        description: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreatePromptRouterResponse: ...
    def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> DeleteInferenceProfileResponse: ...
    def delete_model_invocation_logging_configuration(self) -> DeleteModelInvocationLoggingConfigurationResponse: ...
    def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> DeletePromptRouterResponse: ...
    def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetFoundationModelResponse: ...
    def get_foundation_model_availability(
        self,
        *,
        modelId: str,
    ) -> GetFoundationModelAvailabilityResponse: ...
    def get_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> GetGuardrailResponse: ...
    def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> GetInferenceProfileResponse: ...
    def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelInvocationJobResponse: ...
    def get_model_invocation_logging_configuration(self) -> GetModelInvocationLoggingConfigurationResponse: ...
    def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> GetPromptRouterResponse: ...
    def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: ModelCustomizationType = ...,
        byOutputModality: ModelModalityType = ...,
        byInferenceType: InferenceType = ...,
    ) -> ListFoundationModelsResponse: ...
    def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListGuardrailsResponse: ...
    def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: InferenceProfileType = ...,
    ) -> ListInferenceProfilesResponse: ...
    def list_model_invocation_jobs(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: ModelInvocationJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelInvocationJobsResponse: ...
    def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: PromptRouterType = ...,
    ) -> ListPromptRoutersResponse: ...
    def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> ListTagsForResourceResponse: ...
    def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: LoggingConfig,
    ) -> PutModelInvocationLoggingConfigurationResponse: ...
    def stop_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopModelInvocationJobResponse: ...
    def tag_resource(
        self,
        *,
        resourceARN: str,
        tags: Sequence[Tag],
    ) -> TagResourceResponse: ...
    def untag_resource(
        self,
        *,
        resourceARN: str,
        tagKeys: Sequence[str],
    ) -> UntagResourceResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_inference_profile"],
        requests: Iterable[CreateInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreateInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_inference_profile"],
        requests: Iterable[CreateInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreateInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_model_invocation_job"],
        requests: Iterable[CreateModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreateModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_model_invocation_job"],
        requests: Iterable[CreateModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreateModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_prompt_router"],
        requests: Iterable[CreatePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreatePromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_prompt_router"],
        requests: Iterable[CreatePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[CreatePromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_inference_profile"],
        requests: Iterable[DeleteInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeleteInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_inference_profile"],
        requests: Iterable[DeleteInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeleteInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_model_invocation_logging_configuration"],
        requests: Iterable[DeleteModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeleteModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_model_invocation_logging_configuration"],
        requests: Iterable[DeleteModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeleteModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_prompt_router"],
        requests: Iterable[DeletePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeletePromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_prompt_router"],
        requests: Iterable[DeletePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[DeletePromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model"],
        requests: Iterable[GetFoundationModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetFoundationModelResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model"],
        requests: Iterable[GetFoundationModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetFoundationModelResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model_availability"],
        requests: Iterable[GetFoundationModelAvailabilityRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetFoundationModelAvailabilityResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model_availability"],
        requests: Iterable[GetFoundationModelAvailabilityRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetFoundationModelAvailabilityResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_guardrail"],
        requests: Iterable[GetGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetGuardrailResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_guardrail"],
        requests: Iterable[GetGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetGuardrailResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_inference_profile"],
        requests: Iterable[GetInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_inference_profile"],
        requests: Iterable[GetInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_job"],
        requests: Iterable[GetModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_job"],
        requests: Iterable[GetModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_logging_configuration"],
        requests: Iterable[GetModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_logging_configuration"],
        requests: Iterable[GetModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_prompt_router"],
        requests: Iterable[GetPromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetPromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_prompt_router"],
        requests: Iterable[GetPromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetPromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_foundation_models"],
        requests: Iterable[ListFoundationModelsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListFoundationModelsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_foundation_models"],
        requests: Iterable[ListFoundationModelsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListFoundationModelsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_guardrails"],
        requests: Iterable[ListGuardrailsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListGuardrailsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_guardrails"],
        requests: Iterable[ListGuardrailsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListGuardrailsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_inference_profiles"],
        requests: Iterable[ListInferenceProfilesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListInferenceProfilesResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_inference_profiles"],
        requests: Iterable[ListInferenceProfilesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListInferenceProfilesResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_model_invocation_jobs"],
        requests: Iterable[ListModelInvocationJobsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListModelInvocationJobsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_model_invocation_jobs"],
        requests: Iterable[ListModelInvocationJobsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListModelInvocationJobsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_prompt_routers"],
        requests: Iterable[ListPromptRoutersRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListPromptRoutersResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_prompt_routers"],
        requests: Iterable[ListPromptRoutersRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListPromptRoutersResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_tags_for_resource"],
        requests: Iterable[ListTagsForResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListTagsForResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_tags_for_resource"],
        requests: Iterable[ListTagsForResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListTagsForResourceResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["put_model_invocation_logging_configuration"],
        requests: Iterable[PutModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[PutModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["put_model_invocation_logging_configuration"],
        requests: Iterable[PutModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[PutModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["stop_model_invocation_job"],
        requests: Iterable[StopModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[StopModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["stop_model_invocation_job"],
        requests: Iterable[StopModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[StopModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["tag_resource"],
        requests: Iterable[TagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[TagResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["tag_resource"],
        requests: Iterable[TagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[TagResourceResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["untag_resource"],
        requests: Iterable[UntagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[UntagResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["untag_resource"],
        requests: Iterable[UntagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[UntagResourceResponse]: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_guardrails"]) -> _ListGuardrailsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_inference_profiles"]) -> _ListInferenceProfilesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_invocation_jobs"]
    ) -> _ListModelInvocationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_prompt_routers"]) -> _ListPromptRoutersPaginator: ...

class AsyncBedrockClient(AsyncClient):
    @property
    def exceptions(self) -> _BedrockExceptions: ...
    async def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: InferenceProfileModelSource,
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateInferenceProfileResponse: ...
    async def create_model_invocation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        modelId: str,
        inputDataConfig: ModelInvocationJobInputDataConfigUnion,
        outputDataConfig: ModelInvocationJobOutputDataConfigUnion,
        clientRequestToken: str = ...,
        vpcConfig: VpcConfigUnion = ...,
        timeoutDurationInHours: int = ...,
        tags: Sequence[Tag] = ...,
        modelInvocationType: ModelInvocationType = ...,
    ) -> CreateModelInvocationJobResponse: ...
    async def create_prompt_router(
        self,
        *,
        promptRouterName: str,
        models: Sequence[PromptRouterTargetModel],
        routingCriteria: RoutingCriteria,
        fallbackModel: PromptRouterTargetModel,
        clientRequestToken: str = ...,
        description: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreatePromptRouterResponse: ...
    async def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> DeleteInferenceProfileResponse: ...
    async def delete_model_invocation_logging_configuration(
        self,
    ) -> DeleteModelInvocationLoggingConfigurationResponse: ...
    async def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> DeletePromptRouterResponse: ...
    async def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetFoundationModelResponse: ...
    async def get_foundation_model_availability(
        self,
        *,
        modelId: str,
    ) -> GetFoundationModelAvailabilityResponse: ...
    async def get_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> GetGuardrailResponse: ...
    async def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> GetInferenceProfileResponse: ...
    async def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelInvocationJobResponse: ...
    async def get_model_invocation_logging_configuration(self) -> GetModelInvocationLoggingConfigurationResponse: ...
    async def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> GetPromptRouterResponse: ...
    async def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: ModelCustomizationType = ...,
        byOutputModality: ModelModalityType = ...,
        byInferenceType: InferenceType = ...,
    ) -> ListFoundationModelsResponse: ...
    async def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListGuardrailsResponse: ...
    async def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: InferenceProfileType = ...,
    ) -> ListInferenceProfilesResponse: ...
    async def list_model_invocation_jobs(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: ModelInvocationJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelInvocationJobsResponse: ...
    async def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: PromptRouterType = ...,
    ) -> ListPromptRoutersResponse: ...
    async def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> ListTagsForResourceResponse: ...
    async def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: LoggingConfig,
    ) -> PutModelInvocationLoggingConfigurationResponse: ...
    async def stop_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopModelInvocationJobResponse: ...
    async def tag_resource(
        self,
        *,
        resourceARN: str,
        tags: Sequence[Tag],
    ) -> TagResourceResponse: ...
    async def untag_resource(
        self,
        *,
        resourceARN: str,
        tagKeys: Sequence[str],
    ) -> UntagResourceResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_inference_profile"],
        requests: Iterable[CreateInferenceProfileRequest] | AsyncIterable[CreateInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreateInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_inference_profile"],
        requests: Iterable[CreateInferenceProfileRequest] | AsyncIterable[CreateInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreateInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_model_invocation_job"],
        requests: Iterable[CreateModelInvocationJobRequest] | AsyncIterable[CreateModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreateModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_model_invocation_job"],
        requests: Iterable[CreateModelInvocationJobRequest] | AsyncIterable[CreateModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreateModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_prompt_router"],
        requests: Iterable[CreatePromptRouterRequest] | AsyncIterable[CreatePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreatePromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["create_prompt_router"],
        requests: Iterable[CreatePromptRouterRequest] | AsyncIterable[CreatePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[CreatePromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_inference_profile"],
        requests: Iterable[DeleteInferenceProfileRequest] | AsyncIterable[DeleteInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeleteInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_inference_profile"],
        requests: Iterable[DeleteInferenceProfileRequest] | AsyncIterable[DeleteInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeleteInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_model_invocation_logging_configuration"],
        requests: Iterable[DeleteModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[DeleteModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeleteModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_model_invocation_logging_configuration"],
        requests: Iterable[DeleteModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[DeleteModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeleteModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_prompt_router"],
        requests: Iterable[DeletePromptRouterRequest] | AsyncIterable[DeletePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeletePromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["delete_prompt_router"],
        requests: Iterable[DeletePromptRouterRequest] | AsyncIterable[DeletePromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[DeletePromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model"],
        requests: Iterable[GetFoundationModelRequest] | AsyncIterable[GetFoundationModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetFoundationModelResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model"],
        requests: Iterable[GetFoundationModelRequest] | AsyncIterable[GetFoundationModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetFoundationModelResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model_availability"],
        requests: Iterable[GetFoundationModelAvailabilityRequest]
        | AsyncIterable[GetFoundationModelAvailabilityRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetFoundationModelAvailabilityResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_foundation_model_availability"],
        requests: Iterable[GetFoundationModelAvailabilityRequest]
        | AsyncIterable[GetFoundationModelAvailabilityRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetFoundationModelAvailabilityResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_guardrail"],
        requests: Iterable[GetGuardrailRequest] | AsyncIterable[GetGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetGuardrailResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_guardrail"],
        requests: Iterable[GetGuardrailRequest] | AsyncIterable[GetGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetGuardrailResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_inference_profile"],
        requests: Iterable[GetInferenceProfileRequest] | AsyncIterable[GetInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetInferenceProfileResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_inference_profile"],
        requests: Iterable[GetInferenceProfileRequest] | AsyncIterable[GetInferenceProfileRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetInferenceProfileResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_job"],
        requests: Iterable[GetModelInvocationJobRequest] | AsyncIterable[GetModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_job"],
        requests: Iterable[GetModelInvocationJobRequest] | AsyncIterable[GetModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_logging_configuration"],
        requests: Iterable[GetModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[GetModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_model_invocation_logging_configuration"],
        requests: Iterable[GetModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[GetModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_prompt_router"],
        requests: Iterable[GetPromptRouterRequest] | AsyncIterable[GetPromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetPromptRouterResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_prompt_router"],
        requests: Iterable[GetPromptRouterRequest] | AsyncIterable[GetPromptRouterRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetPromptRouterResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_foundation_models"],
        requests: Iterable[ListFoundationModelsRequest] | AsyncIterable[ListFoundationModelsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListFoundationModelsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_foundation_models"],
        requests: Iterable[ListFoundationModelsRequest] | AsyncIterable[ListFoundationModelsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListFoundationModelsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_guardrails"],
        requests: Iterable[ListGuardrailsRequest] | AsyncIterable[ListGuardrailsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListGuardrailsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_guardrails"],
        requests: Iterable[ListGuardrailsRequest] | AsyncIterable[ListGuardrailsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListGuardrailsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_inference_profiles"],
        requests: Iterable[ListInferenceProfilesRequest] | AsyncIterable[ListInferenceProfilesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListInferenceProfilesResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_inference_profiles"],
        requests: Iterable[ListInferenceProfilesRequest] | AsyncIterable[ListInferenceProfilesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListInferenceProfilesResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_model_invocation_jobs"],
        requests: Iterable[ListModelInvocationJobsRequest] | AsyncIterable[ListModelInvocationJobsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListModelInvocationJobsResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_model_invocation_jobs"],
        requests: Iterable[ListModelInvocationJobsRequest] | AsyncIterable[ListModelInvocationJobsRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListModelInvocationJobsResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_prompt_routers"],
        requests: Iterable[ListPromptRoutersRequest] | AsyncIterable[ListPromptRoutersRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListPromptRoutersResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_prompt_routers"],
        requests: Iterable[ListPromptRoutersRequest] | AsyncIterable[ListPromptRoutersRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListPromptRoutersResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_tags_for_resource"],
        requests: Iterable[ListTagsForResourceRequest] | AsyncIterable[ListTagsForResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListTagsForResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_tags_for_resource"],
        requests: Iterable[ListTagsForResourceRequest] | AsyncIterable[ListTagsForResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListTagsForResourceResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["put_model_invocation_logging_configuration"],
        requests: Iterable[PutModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[PutModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[PutModelInvocationLoggingConfigurationResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["put_model_invocation_logging_configuration"],
        requests: Iterable[PutModelInvocationLoggingConfigurationRequest]
        | AsyncIterable[PutModelInvocationLoggingConfigurationRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[PutModelInvocationLoggingConfigurationResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["stop_model_invocation_job"],
        requests: Iterable[StopModelInvocationJobRequest] | AsyncIterable[StopModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[StopModelInvocationJobResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["stop_model_invocation_job"],
        requests: Iterable[StopModelInvocationJobRequest] | AsyncIterable[StopModelInvocationJobRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[StopModelInvocationJobResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["tag_resource"],
        requests: Iterable[TagResourceRequest] | AsyncIterable[TagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[TagResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["tag_resource"],
        requests: Iterable[TagResourceRequest] | AsyncIterable[TagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[TagResourceResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["untag_resource"],
        requests: Iterable[UntagResourceRequest] | AsyncIterable[UntagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[UntagResourceResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["untag_resource"],
        requests: Iterable[UntagResourceRequest] | AsyncIterable[UntagResourceRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[UntagResourceResponse]: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_guardrails"]) -> _AsyncListGuardrailsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_inference_profiles"]
    ) -> _AsyncListInferenceProfilesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_invocation_jobs"]
    ) -> _AsyncListModelInvocationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_prompt_routers"]) -> _AsyncListPromptRoutersPaginator: ...

class _BedrockRuntimeExceptions(ClientExceptions):
    AccessDeniedException: type[exceptions.AccessDeniedException]
    ConflictException: type[exceptions.ConflictException]
    InternalServerException: type[exceptions.InternalServerException]
    ModelErrorException: type[exceptions.ModelErrorException]
    ModelNotReadyException: type[exceptions.ModelNotReadyException]
    ModelStreamErrorException: type[exceptions.ModelStreamErrorException]
    ModelTimeoutException: type[exceptions.ModelTimeoutException]
    ResourceNotFoundException: type[exceptions.ResourceNotFoundException]
    ServiceQuotaExceededException: type[exceptions.ServiceQuotaExceededException]
    ServiceUnavailableException: type[exceptions.ServiceUnavailableException]
    ThrottlingException: type[exceptions.ThrottlingException]
    ValidationException: type[exceptions.ValidationException]

class _ListAsyncInvokesPaginator:
    def paginate(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: AsyncInvokeStatusType = ...,
        sortBy: SortAsyncInvocationByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAsyncInvokesResponse]: ...

class _AsyncListAsyncInvokesPaginator:
    def paginate(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: AsyncInvokeStatusType = ...,
        sortBy: SortAsyncInvocationByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAsyncInvokesResponse]: ...

class BedrockRuntimeClient(Client):
    @property
    def exceptions(self) -> _BedrockRuntimeExceptions: ...
    def apply_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str,
        source: GuardrailContentSourceType,
        content: Sequence[GuardrailContentBlock],
        outputScope: GuardrailOutputScopeType = ...,
    ) -> ApplyGuardrailResponse: ...
    def converse(
        self,
        *,
        modelId: str,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailConfiguration = ...,
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
        modelId: str,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailStreamConfiguration = ...,
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
        modelId: str,
        input: CountTokensInput,
    ) -> CountTokensResponse: ...
    def get_async_invoke(
        self,
        *,
        invocationArn: str,
    ) -> GetAsyncInvokeResponse: ...
    def invoke_guardrail_checks(
        self,
        *,
        messages: Sequence[GuardrailChecksMessage],
        checks: GuardrailChecksConfig,
    ) -> InvokeGuardrailChecksResponse: ...
    def invoke_model(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
    ) -> InvokeModelResponse: ...
    def invoke_model_with_response_stream(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
    ) -> InvokeModelWithResponseStreamResponse: ...
    def list_async_invokes(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: AsyncInvokeStatusType = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortAsyncInvocationByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListAsyncInvokesResponse: ...
    def start_async_invoke(
        self,
        *,
        modelId: str,
        modelInput: Any,
        outputDataConfig: AsyncInvokeOutputDataConfigUnion,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> StartAsyncInvokeResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["apply_guardrail"],
        requests: Iterable[ApplyGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ApplyGuardrailResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["apply_guardrail"],
        requests: Iterable[ApplyGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ApplyGuardrailResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[ConverseRequest],
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
        requests: Iterable[ConverseRequest],
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
        requests: Iterable[CountTokensRequest],
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
        requests: Iterable[CountTokensRequest],
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
        operation_name: Literal["get_async_invoke"],
        requests: Iterable[GetAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetAsyncInvokeResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_async_invoke"],
        requests: Iterable[GetAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[GetAsyncInvokeResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_guardrail_checks"],
        requests: Iterable[InvokeGuardrailChecksRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[InvokeGuardrailChecksResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_guardrail_checks"],
        requests: Iterable[InvokeGuardrailChecksRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[InvokeGuardrailChecksResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[InvokeModelRequest],
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
        requests: Iterable[InvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[InvokeModelResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_async_invokes"],
        requests: Iterable[ListAsyncInvokesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListAsyncInvokesResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_async_invokes"],
        requests: Iterable[ListAsyncInvokesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[ListAsyncInvokesResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["start_async_invoke"],
        requests: Iterable[StartAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[StartAsyncInvokeResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["start_async_invoke"],
        requests: Iterable[StartAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[StartAsyncInvokeResponse]: ...
    def get_paginator(self, operation_name: Literal["list_async_invokes"]) -> _ListAsyncInvokesPaginator: ...

class AsyncBedrockRuntimeClient(AsyncClient):
    @property
    def exceptions(self) -> _BedrockRuntimeExceptions: ...
    async def apply_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str,
        source: GuardrailContentSourceType,
        content: Sequence[GuardrailContentBlock],
        outputScope: GuardrailOutputScopeType = ...,
    ) -> ApplyGuardrailResponse: ...
    async def converse(
        self,
        *,
        modelId: str,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailConfiguration = ...,
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
        modelId: str,
        messages: Sequence[MessageUnion] = ...,
        system: Sequence[SystemContentBlock] = ...,
        inferenceConfig: InferenceConfiguration = ...,
        toolConfig: ToolConfiguration = ...,
        guardrailConfig: GuardrailStreamConfiguration = ...,
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
        modelId: str,
        input: CountTokensInput,
    ) -> CountTokensResponse: ...
    async def get_async_invoke(
        self,
        *,
        invocationArn: str,
    ) -> GetAsyncInvokeResponse: ...
    async def invoke_guardrail_checks(
        self,
        *,
        messages: Sequence[GuardrailChecksMessage],
        checks: GuardrailChecksConfig,
    ) -> InvokeGuardrailChecksResponse: ...
    async def invoke_model(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
    ) -> AsyncInvokeModelResponse: ...
    async def invoke_model_with_response_stream(
        self,
        *,
        modelId: str,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        trace: TraceType = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: PerformanceConfigLatencyType = ...,
        serviceTier: ServiceTierType = ...,
        requestMetadata: str = ...,
    ) -> AsyncInvokeModelWithResponseStreamResponse: ...
    async def list_async_invokes(
        self,
        *,
        submitTimeAfter: datetime | str | float = ...,
        submitTimeBefore: datetime | str | float = ...,
        statusEquals: AsyncInvokeStatusType = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortAsyncInvocationByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListAsyncInvokesResponse: ...
    async def start_async_invoke(
        self,
        *,
        modelId: str,
        modelInput: Any,
        outputDataConfig: AsyncInvokeOutputDataConfigUnion,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> StartAsyncInvokeResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal["apply_guardrail"],
        requests: Iterable[ApplyGuardrailRequest] | AsyncIterable[ApplyGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ApplyGuardrailResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["apply_guardrail"],
        requests: Iterable[ApplyGuardrailRequest] | AsyncIterable[ApplyGuardrailRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ApplyGuardrailResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["converse"],
        requests: Iterable[ConverseRequest] | AsyncIterable[ConverseRequest],
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
        requests: Iterable[ConverseRequest] | AsyncIterable[ConverseRequest],
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
        requests: Iterable[CountTokensRequest] | AsyncIterable[CountTokensRequest],
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
        requests: Iterable[CountTokensRequest] | AsyncIterable[CountTokensRequest],
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
        operation_name: Literal["get_async_invoke"],
        requests: Iterable[GetAsyncInvokeRequest] | AsyncIterable[GetAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetAsyncInvokeResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["get_async_invoke"],
        requests: Iterable[GetAsyncInvokeRequest] | AsyncIterable[GetAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[GetAsyncInvokeResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_guardrail_checks"],
        requests: Iterable[InvokeGuardrailChecksRequest] | AsyncIterable[InvokeGuardrailChecksRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[InvokeGuardrailChecksResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_guardrail_checks"],
        requests: Iterable[InvokeGuardrailChecksRequest] | AsyncIterable[InvokeGuardrailChecksRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[InvokeGuardrailChecksResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["invoke_model"],
        requests: Iterable[InvokeModelRequest] | AsyncIterable[InvokeModelRequest],
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
        requests: Iterable[InvokeModelRequest] | AsyncIterable[InvokeModelRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[AsyncInvokeModelResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_async_invokes"],
        requests: Iterable[ListAsyncInvokesRequest] | AsyncIterable[ListAsyncInvokesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListAsyncInvokesResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["list_async_invokes"],
        requests: Iterable[ListAsyncInvokesRequest] | AsyncIterable[ListAsyncInvokesRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[ListAsyncInvokesResponse]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["start_async_invoke"],
        requests: Iterable[StartAsyncInvokeRequest] | AsyncIterable[StartAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[StartAsyncInvokeResponse | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal["start_async_invoke"],
        requests: Iterable[StartAsyncInvokeRequest] | AsyncIterable[StartAsyncInvokeRequest],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[StartAsyncInvokeResponse]: ...
    def get_paginator(self, operation_name: Literal["list_async_invokes"]) -> _AsyncListAsyncInvokesPaginator: ...
