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
    AccountEnforcedGuardrailInferenceInputConfiguration,
    AdvancedPromptOptimizationInputConfig,
    AdvancedPromptOptimizationOutputConfig,
    ApplicationType,
    ArchiveProjectResponse,
    AutomatedReasoningCheckResultType,
    AutomatedReasoningPolicyAnnotationUnion,
    AutomatedReasoningPolicyBuildResultAssetType,
    AutomatedReasoningPolicyBuildWorkflowSource,
    AutomatedReasoningPolicyBuildWorkflowType,
    AutomatedReasoningPolicyDefinitionUnion,
    BatchDeleteAdvancedPromptOptimizationJobResponse,
    BatchDeleteEvaluationJobResponse,
    CancelAutomatedReasoningPolicyBuildWorkflowResponse,
    CommitmentDurationType,
    CreateAdvancedPromptOptimizationJobResponse,
    CreateAutomatedReasoningPolicyResponse,
    CreateAutomatedReasoningPolicyTestCaseResponse,
    CreateAutomatedReasoningPolicyVersionResponse,
    CreateCustomModelDeploymentResponse,
    CreateCustomModelResponse,
    CreateEvaluationJobResponse,
    CreateFoundationModelAgreementResponse,
    CreateGuardrailResponse,
    CreateGuardrailVersionResponse,
    CreateInferenceProfileResponse,
    CreateMarketplaceModelEndpointResponse,
    CreateModelCopyJobResponse,
    CreateModelCustomizationJobResponse,
    CreateModelImportJobResponse,
    CreateModelInvocationJobResponse,
    CreateProjectResponse,
    CreatePromptRouterResponse,
    CreateProvisionedModelThroughputResponse,
    CustomizationConfigUnion,
    CustomizationType,
    CustomModelDataSource,
    CustomModelDeploymentStatusType,
    DataRetentionModeType,
    DataRetentionStorageConfiguration,
    DataRetentionStorageDestinationType,
    DataRetentionStorageModelProviderType,
    DeleteAccountDataRetentionStorageResponse,
    DeleteAutomatedReasoningPolicyBuildWorkflowResponse,
    DeleteAutomatedReasoningPolicyResponse,
    DeleteAutomatedReasoningPolicyTestCaseResponse,
    DeleteCustomModelDeploymentResponse,
    DeleteCustomModelResponse,
    DeleteEnforcedGuardrailConfigurationResponse,
    DeleteFoundationModelAgreementResponse,
    DeleteGuardrailResponse,
    DeleteImportedModelResponse,
    DeleteInferenceProfileResponse,
    DeleteMarketplaceModelEndpointResponse,
    DeleteModelInvocationLoggingConfigurationResponse,
    DeleteOrganizationDataRetentionStorageResponse,
    DeleteProjectDataRetentionStorageResponse,
    DeletePromptRouterResponse,
    DeleteProvisionedModelThroughputResponse,
    DeleteResourcePolicyResponse,
    DeregisterMarketplaceModelEndpointResponse,
    EndpointConfigUnion,
    EvaluationConfigUnion,
    EvaluationInferenceConfigUnion,
    EvaluationJobStatusType,
    EvaluationOutputDataConfig,
    ExportAutomatedReasoningPolicyVersionResponse,
    FineTuningJobStatusType,
    GetAccountDataRetentionResponse,
    GetAccountDataRetentionStorageResponse,
    GetAdvancedPromptOptimizationJobResponse,
    GetAutomatedReasoningPolicyAnnotationsResponse,
    GetAutomatedReasoningPolicyBuildWorkflowResponse,
    GetAutomatedReasoningPolicyBuildWorkflowResultAssetsResponse,
    GetAutomatedReasoningPolicyNextScenarioResponse,
    GetAutomatedReasoningPolicyResponse,
    GetAutomatedReasoningPolicyTestCaseResponse,
    GetAutomatedReasoningPolicyTestResultResponse,
    GetCustomModelDeploymentResponse,
    GetCustomModelResponse,
    GetEvaluationJobResponse,
    GetFoundationModelAvailabilityResponse,
    GetFoundationModelResponse,
    GetGuardrailResponse,
    GetImportedModelResponse,
    GetInferenceProfileResponse,
    GetMarketplaceModelEndpointResponse,
    GetModelCopyJobResponse,
    GetModelCustomizationJobResponse,
    GetModelImportJobResponse,
    GetModelInvocationJobResponse,
    GetModelInvocationLoggingConfigurationResponse,
    GetOrganizationDataRetentionStorageResponse,
    GetProjectDataRetentionStorageResponse,
    GetProjectResponse,
    GetPromptRouterResponse,
    GetProvisionedModelThroughputResponse,
    GetResourcePolicyResponse,
    GetTrustedAccessProgramAccountEnrollmentResponse,
    GetTrustedAccessProgramOrganizationEnrollmentResponse,
    GetTrustedAccessProgramProjectEnrollmentResponse,
    GetTrustedAccessProgramResponse,
    GetUseCaseForModelAccessResponse,
    GuardrailAutomatedReasoningPolicyConfig,
    GuardrailContentPolicyConfig,
    GuardrailContextualGroundingPolicyConfig,
    GuardrailCrossRegionConfig,
    GuardrailSensitiveInformationPolicyConfig,
    GuardrailTopicPolicyConfig,
    GuardrailWordPolicyConfig,
    InferenceProfileModelSource,
    InferenceProfileType,
    InferenceType,
    ListAdvancedPromptOptimizationJobsResponse,
    ListAutomatedReasoningPoliciesResponse,
    ListAutomatedReasoningPolicyBuildWorkflowsResponse,
    ListAutomatedReasoningPolicyTestCasesResponse,
    ListAutomatedReasoningPolicyTestResultsResponse,
    ListCustomModelDeploymentsResponse,
    ListCustomModelsResponse,
    ListEnforcedGuardrailsConfigurationResponse,
    ListEvaluationJobsResponse,
    ListFoundationModelAgreementOffersResponse,
    ListFoundationModelsResponse,
    ListGuardrailsResponse,
    ListImportedModelsResponse,
    ListInferenceProfilesResponse,
    ListMarketplaceModelEndpointsResponse,
    ListModelCopyJobsResponse,
    ListModelCustomizationJobsResponse,
    ListModelImportJobsResponse,
    ListModelInvocationJobsResponse,
    ListProjectsResponse,
    ListPromptRoutersResponse,
    ListProvisionedModelThroughputsResponse,
    ListTagsForResourceResponse,
    ListTrustedAccessProgramsResponse,
    LoggingConfig,
    ModelConfigurationUnion,
    ModelCopyJobStatusType,
    ModelCustomizationType,
    ModelDataSourceUnion,
    ModelImportJobStatusType,
    ModelInvocationJobInputDataConfigUnion,
    ModelInvocationJobOutputDataConfigUnion,
    ModelInvocationJobStatusType,
    ModelInvocationType,
    ModelModalityType,
    ModelStatusType,
    OfferType,
    OutputDataConfig,
    ProjectDataRetention,
    ProjectStatusType,
    PromptRouterTargetModel,
    PromptRouterType,
    ProvisionedModelStatusType,
    PutAccountDataRetentionResponse,
    PutAccountDataRetentionStorageResponse,
    PutEnforcedGuardrailConfigurationResponse,
    PutModelInvocationLoggingConfigurationResponse,
    PutOrganizationDataRetentionStorageResponse,
    PutProjectDataRetentionStorageResponse,
    PutResourcePolicyResponse,
    PutTrustedAccessProgramAccountEnrollmentResponse,
    PutTrustedAccessProgramOrganizationEnrollmentResponse,
    PutTrustedAccessProgramProjectEnrollmentResponse,
    PutUseCaseForModelAccessResponse,
    RegisterMarketplaceModelEndpointResponse,
    RoutingCriteria,
    SortByProvisionedModelsType,
    SortJobsByType,
    SortModelsByType,
    SortOrderType,
    StartAutomatedReasoningPolicyBuildWorkflowResponse,
    StartAutomatedReasoningPolicyTestWorkflowResponse,
    StartTrustedAccessProgramAccountApplicationResponse,
    StartTrustedAccessProgramOrganizationApplicationResponse,
    StartTrustedAccessProgramProjectApplicationResponse,
    StopAdvancedPromptOptimizationJobResponse,
    StopEvaluationJobResponse,
    StopModelCustomizationJobResponse,
    StopModelInvocationJobResponse,
    Tag,
    TagResourceResponse,
    TrainingDataConfigUnion,
    TrustedAccessProgramOptInType,
    UntagResourceResponse,
    UpdateAutomatedReasoningPolicyAnnotationsResponse,
    UpdateAutomatedReasoningPolicyResponse,
    UpdateAutomatedReasoningPolicyTestCaseResponse,
    UpdateCustomModelDeploymentResponse,
    UpdateGuardrailResponse,
    UpdateMarketplaceModelEndpointResponse,
    UpdateProjectResponse,
    UpdateProvisionedModelThroughputResponse,
    ValidationDataConfigUnion,
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

class _ListAdvancedPromptOptimizationJobsPaginator:
    def paginate(
        self,
        *,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAdvancedPromptOptimizationJobsResponse]: ...

class _AsyncListAdvancedPromptOptimizationJobsPaginator:
    def paginate(
        self,
        *,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAdvancedPromptOptimizationJobsResponse]: ...

class _ListAutomatedReasoningPoliciesPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAutomatedReasoningPoliciesResponse]: ...

class _AsyncListAutomatedReasoningPoliciesPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAutomatedReasoningPoliciesResponse]: ...

class _ListAutomatedReasoningPolicyBuildWorkflowsPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAutomatedReasoningPolicyBuildWorkflowsResponse]: ...

class _AsyncListAutomatedReasoningPolicyBuildWorkflowsPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAutomatedReasoningPolicyBuildWorkflowsResponse]: ...

class _ListAutomatedReasoningPolicyTestCasesPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAutomatedReasoningPolicyTestCasesResponse]: ...

class _AsyncListAutomatedReasoningPolicyTestCasesPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAutomatedReasoningPolicyTestCasesResponse]: ...

class _ListAutomatedReasoningPolicyTestResultsPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        buildWorkflowId: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListAutomatedReasoningPolicyTestResultsResponse]: ...

class _AsyncListAutomatedReasoningPolicyTestResultsPaginator:
    def paginate(
        self,
        *,
        policyArn: str = ...,
        buildWorkflowId: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListAutomatedReasoningPolicyTestResultsResponse]: ...

class _ListCustomModelDeploymentsPaginator:
    def paginate(
        self,
        *,
        createdBefore: datetime | str | float = ...,
        createdAfter: datetime | str | float = ...,
        nameContains: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        statusEquals: CustomModelDeploymentStatusType = ...,
        modelArnEquals: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListCustomModelDeploymentsResponse]: ...

class _AsyncListCustomModelDeploymentsPaginator:
    def paginate(
        self,
        *,
        createdBefore: datetime | str | float = ...,
        createdAfter: datetime | str | float = ...,
        nameContains: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        statusEquals: CustomModelDeploymentStatusType = ...,
        modelArnEquals: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListCustomModelDeploymentsResponse]: ...

class _ListCustomModelsPaginator:
    def paginate(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        baseModelArnEquals: str = ...,
        foundationModelArnEquals: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        isOwned: bool = ...,
        modelStatus: ModelStatusType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListCustomModelsResponse]: ...

class _AsyncListCustomModelsPaginator:
    def paginate(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        baseModelArnEquals: str = ...,
        foundationModelArnEquals: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        isOwned: bool = ...,
        modelStatus: ModelStatusType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListCustomModelsResponse]: ...

class _ListEnforcedGuardrailsConfigurationPaginator:
    def paginate(
        self,
        *,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListEnforcedGuardrailsConfigurationResponse]: ...

class _AsyncListEnforcedGuardrailsConfigurationPaginator:
    def paginate(
        self,
        *,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListEnforcedGuardrailsConfigurationResponse]: ...

class _ListEvaluationJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: EvaluationJobStatusType = ...,
        applicationTypeEquals: ApplicationType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListEvaluationJobsResponse]: ...

class _AsyncListEvaluationJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: EvaluationJobStatusType = ...,
        applicationTypeEquals: ApplicationType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListEvaluationJobsResponse]: ...

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

class _ListImportedModelsPaginator:
    def paginate(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListImportedModelsResponse]: ...

class _AsyncListImportedModelsPaginator:
    def paginate(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListImportedModelsResponse]: ...

class _ListInferenceProfilesPaginator:
    def paginate(
        self,
        *,
        typeEquals: InferenceProfileType = ...,
        projectIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListInferenceProfilesResponse]: ...

class _AsyncListInferenceProfilesPaginator:
    def paginate(
        self,
        *,
        typeEquals: InferenceProfileType = ...,
        projectIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListInferenceProfilesResponse]: ...

class _ListMarketplaceModelEndpointsPaginator:
    def paginate(
        self,
        *,
        modelSourceEquals: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListMarketplaceModelEndpointsResponse]: ...

class _AsyncListMarketplaceModelEndpointsPaginator:
    def paginate(
        self,
        *,
        modelSourceEquals: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListMarketplaceModelEndpointsResponse]: ...

class _ListModelCopyJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelCopyJobStatusType = ...,
        sourceAccountEquals: str = ...,
        sourceModelArnEquals: str = ...,
        targetModelNameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListModelCopyJobsResponse]: ...

class _AsyncListModelCopyJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelCopyJobStatusType = ...,
        sourceAccountEquals: str = ...,
        sourceModelArnEquals: str = ...,
        targetModelNameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListModelCopyJobsResponse]: ...

class _ListModelCustomizationJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: FineTuningJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListModelCustomizationJobsResponse]: ...

class _AsyncListModelCustomizationJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: FineTuningJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListModelCustomizationJobsResponse]: ...

class _ListModelImportJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelImportJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListModelImportJobsResponse]: ...

class _AsyncListModelImportJobsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelImportJobStatusType = ...,
        nameContains: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListModelImportJobsResponse]: ...

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

class _ListProjectsPaginator:
    def paginate(
        self,
        *,
        statusFilter: ProjectStatusType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListProjectsResponse]: ...

class _AsyncListProjectsPaginator:
    def paginate(
        self,
        *,
        statusFilter: ProjectStatusType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListProjectsResponse]: ...

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

class _ListProvisionedModelThroughputsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ProvisionedModelStatusType = ...,
        modelArnEquals: str = ...,
        nameContains: str = ...,
        sortBy: SortByProvisionedModelsType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListProvisionedModelThroughputsResponse]: ...

class _AsyncListProvisionedModelThroughputsPaginator:
    def paginate(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ProvisionedModelStatusType = ...,
        modelArnEquals: str = ...,
        nameContains: str = ...,
        sortBy: SortByProvisionedModelsType = ...,
        sortOrder: SortOrderType = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListProvisionedModelThroughputsResponse]: ...

class _ListTrustedAccessProgramsPaginator:
    def paginate(
        self,
        *,
        projectIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> PageIterator[ListTrustedAccessProgramsResponse]: ...

class _AsyncListTrustedAccessProgramsPaginator:
    def paginate(
        self,
        *,
        projectIdentifier: str = ...,
        PaginationConfig: PaginatorConfig = ...,
    ) -> AsyncPageIterator[ListTrustedAccessProgramsResponse]: ...

class BedrockClient(Client):
    @property
    def exceptions(self) -> _BedrockExceptions: ...
    def archive_project(
        self,
        *,
        projectIdentifier: str,
    ) -> ArchiveProjectResponse: ...
    def batch_delete_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifiers: Sequence[str],
    ) -> BatchDeleteAdvancedPromptOptimizationJobResponse: ...
    def batch_delete_evaluation_job(
        self,
        *,
        jobIdentifiers: Sequence[str],
    ) -> BatchDeleteEvaluationJobResponse: ...
    def cancel_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> CancelAutomatedReasoningPolicyBuildWorkflowResponse: ...
    def create_advanced_prompt_optimization_job(
        self,
        *,
        jobName: str,
        inputConfig: AdvancedPromptOptimizationInputConfig,
        outputConfig: AdvancedPromptOptimizationOutputConfig,
        modelConfigurations: Sequence[ModelConfigurationUnion],
        jobDescription: str = ...,
        clientToken: str = ...,
        encryptionKeyArn: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAdvancedPromptOptimizationJobResponse: ...
    def create_automated_reasoning_policy(
        self,
        *,
        name: str,
        description: str = ...,
        clientRequestToken: str = ...,
        policyDefinition: AutomatedReasoningPolicyDefinitionUnion = ...,
        kmsKeyId: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAutomatedReasoningPolicyResponse: ...
    def create_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        guardContent: str,
        expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType,
        queryContent: str = ...,
        clientRequestToken: str = ...,
        confidenceThreshold: float = ...,
    ) -> CreateAutomatedReasoningPolicyTestCaseResponse: ...
    def create_automated_reasoning_policy_version(
        self,
        *,
        policyArn: str,
        lastUpdatedDefinitionHash: str,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAutomatedReasoningPolicyVersionResponse: ...
    def create_custom_model(
        self,
        *,
        modelName: str,
        modelSourceConfig: ModelDataSourceUnion = ...,
        customModelDataSource: CustomModelDataSource = ...,
        modelKmsKeyArn: str = ...,
        roleArn: str = ...,
        modelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateCustomModelResponse: ...
    def create_custom_model_deployment(
        self,
        *,
        modelDeploymentName: str,
        modelArn: str,
        description: str = ...,
        tags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateCustomModelDeploymentResponse: ...
    def create_evaluation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        evaluationConfig: EvaluationConfigUnion,
        inferenceConfig: EvaluationInferenceConfigUnion,
        outputDataConfig: EvaluationOutputDataConfig,
        jobDescription: str = ...,
        clientRequestToken: str = ...,
        customerEncryptionKeyId: str = ...,
        jobTags: Sequence[Tag] = ...,
        applicationType: ApplicationType = ...,
    ) -> CreateEvaluationJobResponse: ...
    def create_foundation_model_agreement(
        self,
        *,
        offerToken: str,
        modelId: str,
    ) -> CreateFoundationModelAgreementResponse: ...
    def create_guardrail(
        self,
        *,
        name: str,
        blockedInputMessaging: str,
        blockedOutputsMessaging: str,
        description: str = ...,
        topicPolicyConfig: GuardrailTopicPolicyConfig = ...,
        contentPolicyConfig: GuardrailContentPolicyConfig = ...,
        wordPolicyConfig: GuardrailWordPolicyConfig = ...,
        sensitiveInformationPolicyConfig: GuardrailSensitiveInformationPolicyConfig = ...,
        contextualGroundingPolicyConfig: GuardrailContextualGroundingPolicyConfig = ...,
        automatedReasoningPolicyConfig: GuardrailAutomatedReasoningPolicyConfig = ...,
        crossRegionConfig: GuardrailCrossRegionConfig = ...,
        kmsKeyId: str = ...,
        tags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateGuardrailResponse: ...
    def create_guardrail_version(
        self,
        *,
        guardrailIdentifier: str,
        description: str = ...,
        clientRequestToken: str = ...,
    ) -> CreateGuardrailVersionResponse: ...
    def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: InferenceProfileModelSource,
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateInferenceProfileResponse: ...
    def create_marketplace_model_endpoint(
        self,
        *,
        modelSourceIdentifier: str,
        endpointConfig: EndpointConfigUnion,
        endpointName: str,
        acceptEula: bool = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateMarketplaceModelEndpointResponse: ...
    def create_model_copy_job(
        self,
        *,
        sourceModelArn: str,
        targetModelName: str,
        modelKmsKeyId: str = ...,
        targetModelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateModelCopyJobResponse: ...
    def create_model_customization_job(
        self,
        *,
        jobName: str,
        customModelName: str,
        roleArn: str,
        baseModelIdentifier: str,
        trainingDataConfig: TrainingDataConfigUnion,
        outputDataConfig: OutputDataConfig,
        clientRequestToken: str = ...,
        customizationType: CustomizationType = ...,
        customModelKmsKeyId: str = ...,
        jobTags: Sequence[Tag] = ...,
        customModelTags: Sequence[Tag] = ...,
        validationDataConfig: ValidationDataConfigUnion = ...,
        hyperParameters: Mapping[str, str] = ...,
        vpcConfig: VpcConfigUnion = ...,
        customizationConfig: CustomizationConfigUnion = ...,
    ) -> CreateModelCustomizationJobResponse: ...
    def create_model_import_job(
        self,
        *,
        jobName: str,
        importedModelName: str,
        roleArn: str,
        modelDataSource: ModelDataSourceUnion,
        jobTags: Sequence[Tag] = ...,
        importedModelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
        vpcConfig: VpcConfigUnion = ...,
        importedModelKmsKeyId: str = ...,
    ) -> CreateModelImportJobResponse: ...
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
    def create_project(
        self,
        *,
        name: str,
        tags: Sequence[Tag] = ...,
        dataRetention: ProjectDataRetention = ...,
    ) -> CreateProjectResponse: ...
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
    def create_provisioned_model_throughput(
        self,
        *,
        modelUnits: int,
        provisionedModelName: str,
        modelId: str,
        clientRequestToken: str = ...,
        commitmentDuration: CommitmentDurationType = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateProvisionedModelThroughputResponse: ...
    def delete_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteAccountDataRetentionStorageResponse: ...
    def delete_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
        force: bool = ...,
    ) -> DeleteAutomatedReasoningPolicyResponse: ...
    def delete_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        lastUpdatedAt: datetime | str | float,
    ) -> DeleteAutomatedReasoningPolicyBuildWorkflowResponse: ...
    def delete_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
        lastUpdatedAt: datetime | str | float,
    ) -> DeleteAutomatedReasoningPolicyTestCaseResponse: ...
    def delete_custom_model(
        self,
        *,
        modelIdentifier: str,
    ) -> DeleteCustomModelResponse: ...
    def delete_custom_model_deployment(
        self,
        *,
        customModelDeploymentIdentifier: str,
    ) -> DeleteCustomModelDeploymentResponse: ...
    def delete_enforced_guardrail_configuration(
        self,
        *,
        configId: str,
    ) -> DeleteEnforcedGuardrailConfigurationResponse: ...
    def delete_foundation_model_agreement(
        self,
        *,
        modelId: str,
    ) -> DeleteFoundationModelAgreementResponse: ...
    def delete_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> DeleteGuardrailResponse: ...
    def delete_imported_model(
        self,
        *,
        modelIdentifier: str,
    ) -> DeleteImportedModelResponse: ...
    def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> DeleteInferenceProfileResponse: ...
    def delete_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> DeleteMarketplaceModelEndpointResponse: ...
    def delete_model_invocation_logging_configuration(self) -> DeleteModelInvocationLoggingConfigurationResponse: ...
    def delete_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteOrganizationDataRetentionStorageResponse: ...
    def delete_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteProjectDataRetentionStorageResponse: ...
    def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> DeletePromptRouterResponse: ...
    def delete_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
    ) -> DeleteProvisionedModelThroughputResponse: ...
    def delete_resource_policy(
        self,
        *,
        resourceArn: str,
    ) -> DeleteResourcePolicyResponse: ...
    def deregister_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> DeregisterMarketplaceModelEndpointResponse: ...
    def export_automated_reasoning_policy_version(
        self,
        *,
        policyArn: str,
    ) -> ExportAutomatedReasoningPolicyVersionResponse: ...
    def get_account_data_retention(self) -> GetAccountDataRetentionResponse: ...
    def get_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetAccountDataRetentionStorageResponse: ...
    def get_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetAdvancedPromptOptimizationJobResponse: ...
    def get_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
    ) -> GetAutomatedReasoningPolicyResponse: ...
    def get_automated_reasoning_policy_annotations(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyAnnotationsResponse: ...
    def get_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyBuildWorkflowResponse: ...
    def get_automated_reasoning_policy_build_workflow_result_assets(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        assetType: AutomatedReasoningPolicyBuildResultAssetType,
        assetId: str = ...,
    ) -> GetAutomatedReasoningPolicyBuildWorkflowResultAssetsResponse: ...
    def get_automated_reasoning_policy_next_scenario(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyNextScenarioResponse: ...
    def get_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
    ) -> GetAutomatedReasoningPolicyTestCaseResponse: ...
    def get_automated_reasoning_policy_test_result(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        testCaseId: str,
    ) -> GetAutomatedReasoningPolicyTestResultResponse: ...
    def get_custom_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetCustomModelResponse: ...
    def get_custom_model_deployment(
        self,
        *,
        customModelDeploymentIdentifier: str,
    ) -> GetCustomModelDeploymentResponse: ...
    def get_evaluation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetEvaluationJobResponse: ...
    def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
        projectIdentifier: str = ...,
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
    def get_imported_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetImportedModelResponse: ...
    def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
        projectIdentifier: str = ...,
    ) -> GetInferenceProfileResponse: ...
    def get_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> GetMarketplaceModelEndpointResponse: ...
    def get_model_copy_job(
        self,
        *,
        jobArn: str,
    ) -> GetModelCopyJobResponse: ...
    def get_model_customization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelCustomizationJobResponse: ...
    def get_model_import_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelImportJobResponse: ...
    def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelInvocationJobResponse: ...
    def get_model_invocation_logging_configuration(self) -> GetModelInvocationLoggingConfigurationResponse: ...
    def get_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetOrganizationDataRetentionStorageResponse: ...
    def get_project(
        self,
        *,
        projectIdentifier: str,
    ) -> GetProjectResponse: ...
    def get_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetProjectDataRetentionStorageResponse: ...
    def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> GetPromptRouterResponse: ...
    def get_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
    ) -> GetProvisionedModelThroughputResponse: ...
    def get_resource_policy(
        self,
        *,
        resourceArn: str,
    ) -> GetResourcePolicyResponse: ...
    def get_trusted_access_program(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str = ...,
    ) -> GetTrustedAccessProgramResponse: ...
    def get_trusted_access_program_account_enrollment(
        self,
        *,
        programIdentifier: str,
    ) -> GetTrustedAccessProgramAccountEnrollmentResponse: ...
    def get_trusted_access_program_organization_enrollment(
        self,
        *,
        programIdentifier: str,
    ) -> GetTrustedAccessProgramOrganizationEnrollmentResponse: ...
    def get_trusted_access_program_project_enrollment(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
    ) -> GetTrustedAccessProgramProjectEnrollmentResponse: ...
    def get_use_case_for_model_access(self) -> GetUseCaseForModelAccessResponse: ...
    def list_advanced_prompt_optimization_jobs(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListAdvancedPromptOptimizationJobsResponse: ...
    def list_automated_reasoning_policies(
        self,
        *,
        policyArn: str = ...,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPoliciesResponse: ...
    def list_automated_reasoning_policy_build_workflows(
        self,
        *,
        policyArn: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyBuildWorkflowsResponse: ...
    def list_automated_reasoning_policy_test_cases(
        self,
        *,
        policyArn: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyTestCasesResponse: ...
    def list_automated_reasoning_policy_test_results(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyTestResultsResponse: ...
    def list_custom_model_deployments(
        self,
        *,
        createdBefore: datetime | str | float = ...,
        createdAfter: datetime | str | float = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        statusEquals: CustomModelDeploymentStatusType = ...,
        modelArnEquals: str = ...,
    ) -> ListCustomModelDeploymentsResponse: ...
    def list_custom_models(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        baseModelArnEquals: str = ...,
        foundationModelArnEquals: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        isOwned: bool = ...,
        modelStatus: ModelStatusType = ...,
    ) -> ListCustomModelsResponse: ...
    def list_enforced_guardrails_configuration(
        self,
        *,
        nextToken: str = ...,
    ) -> ListEnforcedGuardrailsConfigurationResponse: ...
    def list_evaluation_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: EvaluationJobStatusType = ...,
        applicationTypeEquals: ApplicationType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListEvaluationJobsResponse: ...
    def list_foundation_model_agreement_offers(
        self,
        *,
        modelId: str,
        offerType: OfferType = ...,
    ) -> ListFoundationModelAgreementOffersResponse: ...
    def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: ModelCustomizationType = ...,
        byOutputModality: ModelModalityType = ...,
        byInferenceType: InferenceType = ...,
        projectIdentifier: str = ...,
    ) -> ListFoundationModelsResponse: ...
    def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListGuardrailsResponse: ...
    def list_imported_models(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListImportedModelsResponse: ...
    def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: InferenceProfileType = ...,
        projectIdentifier: str = ...,
    ) -> ListInferenceProfilesResponse: ...
    def list_marketplace_model_endpoints(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        modelSourceEquals: str = ...,
    ) -> ListMarketplaceModelEndpointsResponse: ...
    def list_model_copy_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelCopyJobStatusType = ...,
        sourceAccountEquals: str = ...,
        sourceModelArnEquals: str = ...,
        targetModelNameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelCopyJobsResponse: ...
    def list_model_customization_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: FineTuningJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelCustomizationJobsResponse: ...
    def list_model_import_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelImportJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelImportJobsResponse: ...
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
    def list_projects(
        self,
        *,
        nextToken: str = ...,
        maxResults: int = ...,
        statusFilter: ProjectStatusType = ...,
    ) -> ListProjectsResponse: ...
    def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: PromptRouterType = ...,
    ) -> ListPromptRoutersResponse: ...
    def list_provisioned_model_throughputs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ProvisionedModelStatusType = ...,
        modelArnEquals: str = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortByProvisionedModelsType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListProvisionedModelThroughputsResponse: ...
    def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> ListTagsForResourceResponse: ...
    def list_trusted_access_programs(
        self,
        *,
        projectIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListTrustedAccessProgramsResponse: ...
    def put_account_data_retention(
        self,
        *,
        mode: DataRetentionModeType,
    ) -> PutAccountDataRetentionResponse: ...
    def put_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutAccountDataRetentionStorageResponse: ...
    def put_enforced_guardrail_configuration(
        self,
        *,
        guardrailInferenceConfig: AccountEnforcedGuardrailInferenceInputConfiguration,
        configId: str = ...,
    ) -> PutEnforcedGuardrailConfigurationResponse: ...
    def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: LoggingConfig,
    ) -> PutModelInvocationLoggingConfigurationResponse: ...
    def put_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutOrganizationDataRetentionStorageResponse: ...
    def put_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutProjectDataRetentionStorageResponse: ...
    def put_resource_policy(
        self,
        *,
        resourceArn: str,
        resourcePolicy: str,
    ) -> PutResourcePolicyResponse: ...
    def put_trusted_access_program_account_enrollment(
        self,
        *,
        programIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramAccountEnrollmentResponse: ...
    def put_trusted_access_program_organization_enrollment(
        self,
        *,
        programIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramOrganizationEnrollmentResponse: ...
    def put_trusted_access_program_project_enrollment(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramProjectEnrollmentResponse: ...
    def put_use_case_for_model_access(
        self,
        *,
        formData: bytes | bytearray,
    ) -> PutUseCaseForModelAccessResponse: ...
    def register_marketplace_model_endpoint(
        self,
        *,
        endpointIdentifier: str,
        modelSourceIdentifier: str,
    ) -> RegisterMarketplaceModelEndpointResponse: ...
    def start_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowType: AutomatedReasoningPolicyBuildWorkflowType,
        sourceContent: AutomatedReasoningPolicyBuildWorkflowSource,
        clientRequestToken: str = ...,
    ) -> StartAutomatedReasoningPolicyBuildWorkflowResponse: ...
    def start_automated_reasoning_policy_test_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        testCaseIds: Sequence[str] = ...,
        clientRequestToken: str = ...,
    ) -> StartAutomatedReasoningPolicyTestWorkflowResponse: ...
    def start_trusted_access_program_account_application(
        self,
        *,
        programIdentifier: str,
    ) -> StartTrustedAccessProgramAccountApplicationResponse: ...
    def start_trusted_access_program_organization_application(
        self,
        *,
        programIdentifier: str,
    ) -> StartTrustedAccessProgramOrganizationApplicationResponse: ...
    def start_trusted_access_program_project_application(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
    ) -> StartTrustedAccessProgramProjectApplicationResponse: ...
    def stop_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopAdvancedPromptOptimizationJobResponse: ...
    def stop_evaluation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopEvaluationJobResponse: ...
    def stop_model_customization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopModelCustomizationJobResponse: ...
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
    def update_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
        policyDefinition: AutomatedReasoningPolicyDefinitionUnion,
        name: str = ...,
        description: str = ...,
    ) -> UpdateAutomatedReasoningPolicyResponse: ...
    def update_automated_reasoning_policy_annotations(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        annotations: Sequence[AutomatedReasoningPolicyAnnotationUnion],
        lastUpdatedAnnotationSetHash: str,
    ) -> UpdateAutomatedReasoningPolicyAnnotationsResponse: ...
    def update_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
        guardContent: str,
        lastUpdatedAt: datetime | str | float,
        expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType,
        queryContent: str = ...,
        confidenceThreshold: float = ...,
        clientRequestToken: str = ...,
    ) -> UpdateAutomatedReasoningPolicyTestCaseResponse: ...
    def update_custom_model_deployment(
        self,
        *,
        modelArn: str,
        customModelDeploymentIdentifier: str,
    ) -> UpdateCustomModelDeploymentResponse: ...
    def update_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        name: str,
        blockedInputMessaging: str,
        blockedOutputsMessaging: str,
        description: str = ...,
        topicPolicyConfig: GuardrailTopicPolicyConfig = ...,
        contentPolicyConfig: GuardrailContentPolicyConfig = ...,
        wordPolicyConfig: GuardrailWordPolicyConfig = ...,
        sensitiveInformationPolicyConfig: GuardrailSensitiveInformationPolicyConfig = ...,
        contextualGroundingPolicyConfig: GuardrailContextualGroundingPolicyConfig = ...,
        automatedReasoningPolicyConfig: GuardrailAutomatedReasoningPolicyConfig = ...,
        crossRegionConfig: GuardrailCrossRegionConfig = ...,
        kmsKeyId: str = ...,
    ) -> UpdateGuardrailResponse: ...
    def update_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
        endpointConfig: EndpointConfigUnion,
        clientRequestToken: str = ...,
    ) -> UpdateMarketplaceModelEndpointResponse: ...
    def update_project(
        self,
        *,
        projectIdentifier: str,
        name: str = ...,
        dataRetention: ProjectDataRetention = ...,
    ) -> UpdateProjectResponse: ...
    def update_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
        desiredProvisionedModelName: str = ...,
        desiredModelId: str = ...,
    ) -> UpdateProvisionedModelThroughputResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal[
            "archive_project",
            "batch_delete_advanced_prompt_optimization_job",
            "batch_delete_evaluation_job",
            "cancel_automated_reasoning_policy_build_workflow",
            "create_advanced_prompt_optimization_job",
            "create_automated_reasoning_policy",
            "create_automated_reasoning_policy_test_case",
            "create_automated_reasoning_policy_version",
            "create_custom_model",
            "create_custom_model_deployment",
            "create_evaluation_job",
            "create_foundation_model_agreement",
            "create_guardrail",
            "create_guardrail_version",
            "create_inference_profile",
            "create_marketplace_model_endpoint",
            "create_model_copy_job",
            "create_model_customization_job",
            "create_model_import_job",
            "create_model_invocation_job",
            "create_project",
            "create_prompt_router",
            "create_provisioned_model_throughput",
            "delete_account_data_retention_storage",
            "delete_automated_reasoning_policy",
            "delete_automated_reasoning_policy_build_workflow",
            "delete_automated_reasoning_policy_test_case",
            "delete_custom_model",
            "delete_custom_model_deployment",
            "delete_enforced_guardrail_configuration",
            "delete_foundation_model_agreement",
            "delete_guardrail",
            "delete_imported_model",
            "delete_inference_profile",
            "delete_marketplace_model_endpoint",
            "delete_model_invocation_logging_configuration",
            "delete_organization_data_retention_storage",
            "delete_project_data_retention_storage",
            "delete_prompt_router",
            "delete_provisioned_model_throughput",
            "delete_resource_policy",
            "deregister_marketplace_model_endpoint",
            "export_automated_reasoning_policy_version",
            "get_account_data_retention",
            "get_account_data_retention_storage",
            "get_advanced_prompt_optimization_job",
            "get_automated_reasoning_policy",
            "get_automated_reasoning_policy_annotations",
            "get_automated_reasoning_policy_build_workflow",
            "get_automated_reasoning_policy_build_workflow_result_assets",
            "get_automated_reasoning_policy_next_scenario",
            "get_automated_reasoning_policy_test_case",
            "get_automated_reasoning_policy_test_result",
            "get_custom_model",
            "get_custom_model_deployment",
            "get_evaluation_job",
            "get_foundation_model",
            "get_foundation_model_availability",
            "get_guardrail",
            "get_imported_model",
            "get_inference_profile",
            "get_marketplace_model_endpoint",
            "get_model_copy_job",
            "get_model_customization_job",
            "get_model_import_job",
            "get_model_invocation_job",
            "get_model_invocation_logging_configuration",
            "get_organization_data_retention_storage",
            "get_project",
            "get_project_data_retention_storage",
            "get_prompt_router",
            "get_provisioned_model_throughput",
            "get_resource_policy",
            "get_trusted_access_program",
            "get_trusted_access_program_account_enrollment",
            "get_trusted_access_program_organization_enrollment",
            "get_trusted_access_program_project_enrollment",
            "get_use_case_for_model_access",
            "list_advanced_prompt_optimization_jobs",
            "list_automated_reasoning_policies",
            "list_automated_reasoning_policy_build_workflows",
            "list_automated_reasoning_policy_test_cases",
            "list_automated_reasoning_policy_test_results",
            "list_custom_model_deployments",
            "list_custom_models",
            "list_enforced_guardrails_configuration",
            "list_evaluation_jobs",
            "list_foundation_model_agreement_offers",
            "list_foundation_models",
            "list_guardrails",
            "list_imported_models",
            "list_inference_profiles",
            "list_marketplace_model_endpoints",
            "list_model_copy_jobs",
            "list_model_customization_jobs",
            "list_model_import_jobs",
            "list_model_invocation_jobs",
            "list_projects",
            "list_prompt_routers",
            "list_provisioned_model_throughputs",
            "list_tags_for_resource",
            "list_trusted_access_programs",
            "put_account_data_retention",
            "put_account_data_retention_storage",
            "put_enforced_guardrail_configuration",
            "put_model_invocation_logging_configuration",
            "put_organization_data_retention_storage",
            "put_project_data_retention_storage",
            "put_resource_policy",
            "put_trusted_access_program_account_enrollment",
            "put_trusted_access_program_organization_enrollment",
            "put_trusted_access_program_project_enrollment",
            "put_use_case_for_model_access",
            "register_marketplace_model_endpoint",
            "start_automated_reasoning_policy_build_workflow",
            "start_automated_reasoning_policy_test_workflow",
            "start_trusted_access_program_account_application",
            "start_trusted_access_program_organization_application",
            "start_trusted_access_program_project_application",
            "stop_advanced_prompt_optimization_job",
            "stop_evaluation_job",
            "stop_model_customization_job",
            "stop_model_invocation_job",
            "tag_resource",
            "untag_resource",
            "update_automated_reasoning_policy",
            "update_automated_reasoning_policy_annotations",
            "update_automated_reasoning_policy_test_case",
            "update_custom_model_deployment",
            "update_guardrail",
            "update_marketplace_model_endpoint",
            "update_project",
            "update_provisioned_model_throughput",
        ],
        requests: Iterable[Mapping[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[dict[str, Any] | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal[
            "archive_project",
            "batch_delete_advanced_prompt_optimization_job",
            "batch_delete_evaluation_job",
            "cancel_automated_reasoning_policy_build_workflow",
            "create_advanced_prompt_optimization_job",
            "create_automated_reasoning_policy",
            "create_automated_reasoning_policy_test_case",
            "create_automated_reasoning_policy_version",
            "create_custom_model",
            "create_custom_model_deployment",
            "create_evaluation_job",
            "create_foundation_model_agreement",
            "create_guardrail",
            "create_guardrail_version",
            "create_inference_profile",
            "create_marketplace_model_endpoint",
            "create_model_copy_job",
            "create_model_customization_job",
            "create_model_import_job",
            "create_model_invocation_job",
            "create_project",
            "create_prompt_router",
            "create_provisioned_model_throughput",
            "delete_account_data_retention_storage",
            "delete_automated_reasoning_policy",
            "delete_automated_reasoning_policy_build_workflow",
            "delete_automated_reasoning_policy_test_case",
            "delete_custom_model",
            "delete_custom_model_deployment",
            "delete_enforced_guardrail_configuration",
            "delete_foundation_model_agreement",
            "delete_guardrail",
            "delete_imported_model",
            "delete_inference_profile",
            "delete_marketplace_model_endpoint",
            "delete_model_invocation_logging_configuration",
            "delete_organization_data_retention_storage",
            "delete_project_data_retention_storage",
            "delete_prompt_router",
            "delete_provisioned_model_throughput",
            "delete_resource_policy",
            "deregister_marketplace_model_endpoint",
            "export_automated_reasoning_policy_version",
            "get_account_data_retention",
            "get_account_data_retention_storage",
            "get_advanced_prompt_optimization_job",
            "get_automated_reasoning_policy",
            "get_automated_reasoning_policy_annotations",
            "get_automated_reasoning_policy_build_workflow",
            "get_automated_reasoning_policy_build_workflow_result_assets",
            "get_automated_reasoning_policy_next_scenario",
            "get_automated_reasoning_policy_test_case",
            "get_automated_reasoning_policy_test_result",
            "get_custom_model",
            "get_custom_model_deployment",
            "get_evaluation_job",
            "get_foundation_model",
            "get_foundation_model_availability",
            "get_guardrail",
            "get_imported_model",
            "get_inference_profile",
            "get_marketplace_model_endpoint",
            "get_model_copy_job",
            "get_model_customization_job",
            "get_model_import_job",
            "get_model_invocation_job",
            "get_model_invocation_logging_configuration",
            "get_organization_data_retention_storage",
            "get_project",
            "get_project_data_retention_storage",
            "get_prompt_router",
            "get_provisioned_model_throughput",
            "get_resource_policy",
            "get_trusted_access_program",
            "get_trusted_access_program_account_enrollment",
            "get_trusted_access_program_organization_enrollment",
            "get_trusted_access_program_project_enrollment",
            "get_use_case_for_model_access",
            "list_advanced_prompt_optimization_jobs",
            "list_automated_reasoning_policies",
            "list_automated_reasoning_policy_build_workflows",
            "list_automated_reasoning_policy_test_cases",
            "list_automated_reasoning_policy_test_results",
            "list_custom_model_deployments",
            "list_custom_models",
            "list_enforced_guardrails_configuration",
            "list_evaluation_jobs",
            "list_foundation_model_agreement_offers",
            "list_foundation_models",
            "list_guardrails",
            "list_imported_models",
            "list_inference_profiles",
            "list_marketplace_model_endpoints",
            "list_model_copy_jobs",
            "list_model_customization_jobs",
            "list_model_import_jobs",
            "list_model_invocation_jobs",
            "list_projects",
            "list_prompt_routers",
            "list_provisioned_model_throughputs",
            "list_tags_for_resource",
            "list_trusted_access_programs",
            "put_account_data_retention",
            "put_account_data_retention_storage",
            "put_enforced_guardrail_configuration",
            "put_model_invocation_logging_configuration",
            "put_organization_data_retention_storage",
            "put_project_data_retention_storage",
            "put_resource_policy",
            "put_trusted_access_program_account_enrollment",
            "put_trusted_access_program_organization_enrollment",
            "put_trusted_access_program_project_enrollment",
            "put_use_case_for_model_access",
            "register_marketplace_model_endpoint",
            "start_automated_reasoning_policy_build_workflow",
            "start_automated_reasoning_policy_test_workflow",
            "start_trusted_access_program_account_application",
            "start_trusted_access_program_organization_application",
            "start_trusted_access_program_project_application",
            "stop_advanced_prompt_optimization_job",
            "stop_evaluation_job",
            "stop_model_customization_job",
            "stop_model_invocation_job",
            "tag_resource",
            "untag_resource",
            "update_automated_reasoning_policy",
            "update_automated_reasoning_policy_annotations",
            "update_automated_reasoning_policy_test_case",
            "update_custom_model_deployment",
            "update_guardrail",
            "update_marketplace_model_endpoint",
            "update_project",
            "update_provisioned_model_throughput",
        ],
        requests: Iterable[Mapping[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch[dict[str, Any]]: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_advanced_prompt_optimization_jobs"]
    ) -> _ListAdvancedPromptOptimizationJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policies"]
    ) -> _ListAutomatedReasoningPoliciesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_build_workflows"]
    ) -> _ListAutomatedReasoningPolicyBuildWorkflowsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_test_cases"]
    ) -> _ListAutomatedReasoningPolicyTestCasesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_test_results"]
    ) -> _ListAutomatedReasoningPolicyTestResultsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_custom_model_deployments"]
    ) -> _ListCustomModelDeploymentsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_custom_models"]) -> _ListCustomModelsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_enforced_guardrails_configuration"]
    ) -> _ListEnforcedGuardrailsConfigurationPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_evaluation_jobs"]) -> _ListEvaluationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_guardrails"]) -> _ListGuardrailsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_imported_models"]) -> _ListImportedModelsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_inference_profiles"]) -> _ListInferenceProfilesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_marketplace_model_endpoints"]
    ) -> _ListMarketplaceModelEndpointsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_model_copy_jobs"]) -> _ListModelCopyJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_customization_jobs"]
    ) -> _ListModelCustomizationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_model_import_jobs"]) -> _ListModelImportJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_invocation_jobs"]
    ) -> _ListModelInvocationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_projects"]) -> _ListProjectsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_prompt_routers"]) -> _ListPromptRoutersPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_provisioned_model_throughputs"]
    ) -> _ListProvisionedModelThroughputsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_trusted_access_programs"]
    ) -> _ListTrustedAccessProgramsPaginator: ...

class AsyncBedrockClient(AsyncClient):
    @property
    def exceptions(self) -> _BedrockExceptions: ...
    async def archive_project(
        self,
        *,
        projectIdentifier: str,
    ) -> ArchiveProjectResponse: ...
    async def batch_delete_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifiers: Sequence[str],
    ) -> BatchDeleteAdvancedPromptOptimizationJobResponse: ...
    async def batch_delete_evaluation_job(
        self,
        *,
        jobIdentifiers: Sequence[str],
    ) -> BatchDeleteEvaluationJobResponse: ...
    async def cancel_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> CancelAutomatedReasoningPolicyBuildWorkflowResponse: ...
    async def create_advanced_prompt_optimization_job(
        self,
        *,
        jobName: str,
        inputConfig: AdvancedPromptOptimizationInputConfig,
        outputConfig: AdvancedPromptOptimizationOutputConfig,
        modelConfigurations: Sequence[ModelConfigurationUnion],
        jobDescription: str = ...,
        clientToken: str = ...,
        encryptionKeyArn: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAdvancedPromptOptimizationJobResponse: ...
    async def create_automated_reasoning_policy(
        self,
        *,
        name: str,
        description: str = ...,
        clientRequestToken: str = ...,
        policyDefinition: AutomatedReasoningPolicyDefinitionUnion = ...,
        kmsKeyId: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAutomatedReasoningPolicyResponse: ...
    async def create_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        guardContent: str,
        expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType,
        queryContent: str = ...,
        clientRequestToken: str = ...,
        confidenceThreshold: float = ...,
    ) -> CreateAutomatedReasoningPolicyTestCaseResponse: ...
    async def create_automated_reasoning_policy_version(
        self,
        *,
        policyArn: str,
        lastUpdatedDefinitionHash: str,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateAutomatedReasoningPolicyVersionResponse: ...
    async def create_custom_model(
        self,
        *,
        modelName: str,
        modelSourceConfig: ModelDataSourceUnion = ...,
        customModelDataSource: CustomModelDataSource = ...,
        modelKmsKeyArn: str = ...,
        roleArn: str = ...,
        modelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateCustomModelResponse: ...
    async def create_custom_model_deployment(
        self,
        *,
        modelDeploymentName: str,
        modelArn: str,
        description: str = ...,
        tags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateCustomModelDeploymentResponse: ...
    async def create_evaluation_job(
        self,
        *,
        jobName: str,
        roleArn: str,
        evaluationConfig: EvaluationConfigUnion,
        inferenceConfig: EvaluationInferenceConfigUnion,
        outputDataConfig: EvaluationOutputDataConfig,
        jobDescription: str = ...,
        clientRequestToken: str = ...,
        customerEncryptionKeyId: str = ...,
        jobTags: Sequence[Tag] = ...,
        applicationType: ApplicationType = ...,
    ) -> CreateEvaluationJobResponse: ...
    async def create_foundation_model_agreement(
        self,
        *,
        offerToken: str,
        modelId: str,
    ) -> CreateFoundationModelAgreementResponse: ...
    async def create_guardrail(
        self,
        *,
        name: str,
        blockedInputMessaging: str,
        blockedOutputsMessaging: str,
        description: str = ...,
        topicPolicyConfig: GuardrailTopicPolicyConfig = ...,
        contentPolicyConfig: GuardrailContentPolicyConfig = ...,
        wordPolicyConfig: GuardrailWordPolicyConfig = ...,
        sensitiveInformationPolicyConfig: GuardrailSensitiveInformationPolicyConfig = ...,
        contextualGroundingPolicyConfig: GuardrailContextualGroundingPolicyConfig = ...,
        automatedReasoningPolicyConfig: GuardrailAutomatedReasoningPolicyConfig = ...,
        crossRegionConfig: GuardrailCrossRegionConfig = ...,
        kmsKeyId: str = ...,
        tags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateGuardrailResponse: ...
    async def create_guardrail_version(
        self,
        *,
        guardrailIdentifier: str,
        description: str = ...,
        clientRequestToken: str = ...,
    ) -> CreateGuardrailVersionResponse: ...
    async def create_inference_profile(
        self,
        *,
        inferenceProfileName: str,
        modelSource: InferenceProfileModelSource,
        description: str = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateInferenceProfileResponse: ...
    async def create_marketplace_model_endpoint(
        self,
        *,
        modelSourceIdentifier: str,
        endpointConfig: EndpointConfigUnion,
        endpointName: str,
        acceptEula: bool = ...,
        clientRequestToken: str = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateMarketplaceModelEndpointResponse: ...
    async def create_model_copy_job(
        self,
        *,
        sourceModelArn: str,
        targetModelName: str,
        modelKmsKeyId: str = ...,
        targetModelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
    ) -> CreateModelCopyJobResponse: ...
    async def create_model_customization_job(
        self,
        *,
        jobName: str,
        customModelName: str,
        roleArn: str,
        baseModelIdentifier: str,
        trainingDataConfig: TrainingDataConfigUnion,
        outputDataConfig: OutputDataConfig,
        clientRequestToken: str = ...,
        customizationType: CustomizationType = ...,
        customModelKmsKeyId: str = ...,
        jobTags: Sequence[Tag] = ...,
        customModelTags: Sequence[Tag] = ...,
        validationDataConfig: ValidationDataConfigUnion = ...,
        hyperParameters: Mapping[str, str] = ...,
        vpcConfig: VpcConfigUnion = ...,
        customizationConfig: CustomizationConfigUnion = ...,
    ) -> CreateModelCustomizationJobResponse: ...
    async def create_model_import_job(
        self,
        *,
        jobName: str,
        importedModelName: str,
        roleArn: str,
        modelDataSource: ModelDataSourceUnion,
        jobTags: Sequence[Tag] = ...,
        importedModelTags: Sequence[Tag] = ...,
        clientRequestToken: str = ...,
        vpcConfig: VpcConfigUnion = ...,
        importedModelKmsKeyId: str = ...,
    ) -> CreateModelImportJobResponse: ...
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
    async def create_project(
        self,
        *,
        name: str,
        tags: Sequence[Tag] = ...,
        dataRetention: ProjectDataRetention = ...,
    ) -> CreateProjectResponse: ...
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
    async def create_provisioned_model_throughput(
        self,
        *,
        modelUnits: int,
        provisionedModelName: str,
        modelId: str,
        clientRequestToken: str = ...,
        commitmentDuration: CommitmentDurationType = ...,
        tags: Sequence[Tag] = ...,
    ) -> CreateProvisionedModelThroughputResponse: ...
    async def delete_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteAccountDataRetentionStorageResponse: ...
    async def delete_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
        force: bool = ...,
    ) -> DeleteAutomatedReasoningPolicyResponse: ...
    async def delete_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        lastUpdatedAt: datetime | str | float,
    ) -> DeleteAutomatedReasoningPolicyBuildWorkflowResponse: ...
    async def delete_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
        lastUpdatedAt: datetime | str | float,
    ) -> DeleteAutomatedReasoningPolicyTestCaseResponse: ...
    async def delete_custom_model(
        self,
        *,
        modelIdentifier: str,
    ) -> DeleteCustomModelResponse: ...
    async def delete_custom_model_deployment(
        self,
        *,
        customModelDeploymentIdentifier: str,
    ) -> DeleteCustomModelDeploymentResponse: ...
    async def delete_enforced_guardrail_configuration(
        self,
        *,
        configId: str,
    ) -> DeleteEnforcedGuardrailConfigurationResponse: ...
    async def delete_foundation_model_agreement(
        self,
        *,
        modelId: str,
    ) -> DeleteFoundationModelAgreementResponse: ...
    async def delete_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        guardrailVersion: str = ...,
    ) -> DeleteGuardrailResponse: ...
    async def delete_imported_model(
        self,
        *,
        modelIdentifier: str,
    ) -> DeleteImportedModelResponse: ...
    async def delete_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
    ) -> DeleteInferenceProfileResponse: ...
    async def delete_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> DeleteMarketplaceModelEndpointResponse: ...
    async def delete_model_invocation_logging_configuration(
        self,
    ) -> DeleteModelInvocationLoggingConfigurationResponse: ...
    async def delete_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteOrganizationDataRetentionStorageResponse: ...
    async def delete_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> DeleteProjectDataRetentionStorageResponse: ...
    async def delete_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> DeletePromptRouterResponse: ...
    async def delete_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
    ) -> DeleteProvisionedModelThroughputResponse: ...
    async def delete_resource_policy(
        self,
        *,
        resourceArn: str,
    ) -> DeleteResourcePolicyResponse: ...
    async def deregister_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> DeregisterMarketplaceModelEndpointResponse: ...
    async def export_automated_reasoning_policy_version(
        self,
        *,
        policyArn: str,
    ) -> ExportAutomatedReasoningPolicyVersionResponse: ...
    async def get_account_data_retention(self) -> GetAccountDataRetentionResponse: ...
    async def get_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetAccountDataRetentionStorageResponse: ...
    async def get_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetAdvancedPromptOptimizationJobResponse: ...
    async def get_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
    ) -> GetAutomatedReasoningPolicyResponse: ...
    async def get_automated_reasoning_policy_annotations(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyAnnotationsResponse: ...
    async def get_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyBuildWorkflowResponse: ...
    async def get_automated_reasoning_policy_build_workflow_result_assets(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        assetType: AutomatedReasoningPolicyBuildResultAssetType,
        assetId: str = ...,
    ) -> GetAutomatedReasoningPolicyBuildWorkflowResultAssetsResponse: ...
    async def get_automated_reasoning_policy_next_scenario(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
    ) -> GetAutomatedReasoningPolicyNextScenarioResponse: ...
    async def get_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
    ) -> GetAutomatedReasoningPolicyTestCaseResponse: ...
    async def get_automated_reasoning_policy_test_result(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        testCaseId: str,
    ) -> GetAutomatedReasoningPolicyTestResultResponse: ...
    async def get_custom_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetCustomModelResponse: ...
    async def get_custom_model_deployment(
        self,
        *,
        customModelDeploymentIdentifier: str,
    ) -> GetCustomModelDeploymentResponse: ...
    async def get_evaluation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetEvaluationJobResponse: ...
    async def get_foundation_model(
        self,
        *,
        modelIdentifier: str,
        projectIdentifier: str = ...,
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
    async def get_imported_model(
        self,
        *,
        modelIdentifier: str,
    ) -> GetImportedModelResponse: ...
    async def get_inference_profile(
        self,
        *,
        inferenceProfileIdentifier: str,
        projectIdentifier: str = ...,
    ) -> GetInferenceProfileResponse: ...
    async def get_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
    ) -> GetMarketplaceModelEndpointResponse: ...
    async def get_model_copy_job(
        self,
        *,
        jobArn: str,
    ) -> GetModelCopyJobResponse: ...
    async def get_model_customization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelCustomizationJobResponse: ...
    async def get_model_import_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelImportJobResponse: ...
    async def get_model_invocation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> GetModelInvocationJobResponse: ...
    async def get_model_invocation_logging_configuration(self) -> GetModelInvocationLoggingConfigurationResponse: ...
    async def get_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetOrganizationDataRetentionStorageResponse: ...
    async def get_project(
        self,
        *,
        projectIdentifier: str,
    ) -> GetProjectResponse: ...
    async def get_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
    ) -> GetProjectDataRetentionStorageResponse: ...
    async def get_prompt_router(
        self,
        *,
        promptRouterArn: str,
    ) -> GetPromptRouterResponse: ...
    async def get_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
    ) -> GetProvisionedModelThroughputResponse: ...
    async def get_resource_policy(
        self,
        *,
        resourceArn: str,
    ) -> GetResourcePolicyResponse: ...
    async def get_trusted_access_program(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str = ...,
    ) -> GetTrustedAccessProgramResponse: ...
    async def get_trusted_access_program_account_enrollment(
        self,
        *,
        programIdentifier: str,
    ) -> GetTrustedAccessProgramAccountEnrollmentResponse: ...
    async def get_trusted_access_program_organization_enrollment(
        self,
        *,
        programIdentifier: str,
    ) -> GetTrustedAccessProgramOrganizationEnrollmentResponse: ...
    async def get_trusted_access_program_project_enrollment(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
    ) -> GetTrustedAccessProgramProjectEnrollmentResponse: ...
    async def get_use_case_for_model_access(self) -> GetUseCaseForModelAccessResponse: ...
    async def list_advanced_prompt_optimization_jobs(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListAdvancedPromptOptimizationJobsResponse: ...
    async def list_automated_reasoning_policies(
        self,
        *,
        policyArn: str = ...,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPoliciesResponse: ...
    async def list_automated_reasoning_policy_build_workflows(
        self,
        *,
        policyArn: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyBuildWorkflowsResponse: ...
    async def list_automated_reasoning_policy_test_cases(
        self,
        *,
        policyArn: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyTestCasesResponse: ...
    async def list_automated_reasoning_policy_test_results(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        nextToken: str = ...,
        maxResults: int = ...,
    ) -> ListAutomatedReasoningPolicyTestResultsResponse: ...
    async def list_custom_model_deployments(
        self,
        *,
        createdBefore: datetime | str | float = ...,
        createdAfter: datetime | str | float = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        statusEquals: CustomModelDeploymentStatusType = ...,
        modelArnEquals: str = ...,
    ) -> ListCustomModelDeploymentsResponse: ...
    async def list_custom_models(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        baseModelArnEquals: str = ...,
        foundationModelArnEquals: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
        isOwned: bool = ...,
        modelStatus: ModelStatusType = ...,
    ) -> ListCustomModelsResponse: ...
    async def list_enforced_guardrails_configuration(
        self,
        *,
        nextToken: str = ...,
    ) -> ListEnforcedGuardrailsConfigurationResponse: ...
    async def list_evaluation_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: EvaluationJobStatusType = ...,
        applicationTypeEquals: ApplicationType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListEvaluationJobsResponse: ...
    async def list_foundation_model_agreement_offers(
        self,
        *,
        modelId: str,
        offerType: OfferType = ...,
    ) -> ListFoundationModelAgreementOffersResponse: ...
    async def list_foundation_models(
        self,
        *,
        byProvider: str = ...,
        byCustomizationType: ModelCustomizationType = ...,
        byOutputModality: ModelModalityType = ...,
        byInferenceType: InferenceType = ...,
        projectIdentifier: str = ...,
    ) -> ListFoundationModelsResponse: ...
    async def list_guardrails(
        self,
        *,
        guardrailIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListGuardrailsResponse: ...
    async def list_imported_models(
        self,
        *,
        creationTimeBefore: datetime | str | float = ...,
        creationTimeAfter: datetime | str | float = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortModelsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListImportedModelsResponse: ...
    async def list_inference_profiles(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        typeEquals: InferenceProfileType = ...,
        projectIdentifier: str = ...,
    ) -> ListInferenceProfilesResponse: ...
    async def list_marketplace_model_endpoints(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        modelSourceEquals: str = ...,
    ) -> ListMarketplaceModelEndpointsResponse: ...
    async def list_model_copy_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelCopyJobStatusType = ...,
        sourceAccountEquals: str = ...,
        sourceModelArnEquals: str = ...,
        targetModelNameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelCopyJobsResponse: ...
    async def list_model_customization_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: FineTuningJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelCustomizationJobsResponse: ...
    async def list_model_import_jobs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ModelImportJobStatusType = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortJobsByType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListModelImportJobsResponse: ...
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
    async def list_projects(
        self,
        *,
        nextToken: str = ...,
        maxResults: int = ...,
        statusFilter: ProjectStatusType = ...,
    ) -> ListProjectsResponse: ...
    async def list_prompt_routers(
        self,
        *,
        maxResults: int = ...,
        nextToken: str = ...,
        type: PromptRouterType = ...,
    ) -> ListPromptRoutersResponse: ...
    async def list_provisioned_model_throughputs(
        self,
        *,
        creationTimeAfter: datetime | str | float = ...,
        creationTimeBefore: datetime | str | float = ...,
        statusEquals: ProvisionedModelStatusType = ...,
        modelArnEquals: str = ...,
        nameContains: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
        sortBy: SortByProvisionedModelsType = ...,
        sortOrder: SortOrderType = ...,
    ) -> ListProvisionedModelThroughputsResponse: ...
    async def list_tags_for_resource(
        self,
        *,
        resourceARN: str,
    ) -> ListTagsForResourceResponse: ...
    async def list_trusted_access_programs(
        self,
        *,
        projectIdentifier: str = ...,
        maxResults: int = ...,
        nextToken: str = ...,
    ) -> ListTrustedAccessProgramsResponse: ...
    async def put_account_data_retention(
        self,
        *,
        mode: DataRetentionModeType,
    ) -> PutAccountDataRetentionResponse: ...
    async def put_account_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutAccountDataRetentionStorageResponse: ...
    async def put_enforced_guardrail_configuration(
        self,
        *,
        guardrailInferenceConfig: AccountEnforcedGuardrailInferenceInputConfiguration,
        configId: str = ...,
    ) -> PutEnforcedGuardrailConfigurationResponse: ...
    async def put_model_invocation_logging_configuration(
        self,
        *,
        loggingConfig: LoggingConfig,
    ) -> PutModelInvocationLoggingConfigurationResponse: ...
    async def put_organization_data_retention_storage(
        self,
        *,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutOrganizationDataRetentionStorageResponse: ...
    async def put_project_data_retention_storage(
        self,
        *,
        projectIdentifier: str,
        modelProvider: DataRetentionStorageModelProviderType,
        storageDestination: DataRetentionStorageDestinationType,
        storageConfiguration: DataRetentionStorageConfiguration = ...,
    ) -> PutProjectDataRetentionStorageResponse: ...
    async def put_resource_policy(
        self,
        *,
        resourceArn: str,
        resourcePolicy: str,
    ) -> PutResourcePolicyResponse: ...
    async def put_trusted_access_program_account_enrollment(
        self,
        *,
        programIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramAccountEnrollmentResponse: ...
    async def put_trusted_access_program_organization_enrollment(
        self,
        *,
        programIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramOrganizationEnrollmentResponse: ...
    async def put_trusted_access_program_project_enrollment(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
        optIn: TrustedAccessProgramOptInType,
    ) -> PutTrustedAccessProgramProjectEnrollmentResponse: ...
    async def put_use_case_for_model_access(
        self,
        *,
        formData: bytes | bytearray,
    ) -> PutUseCaseForModelAccessResponse: ...
    async def register_marketplace_model_endpoint(
        self,
        *,
        endpointIdentifier: str,
        modelSourceIdentifier: str,
    ) -> RegisterMarketplaceModelEndpointResponse: ...
    async def start_automated_reasoning_policy_build_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowType: AutomatedReasoningPolicyBuildWorkflowType,
        sourceContent: AutomatedReasoningPolicyBuildWorkflowSource,
        clientRequestToken: str = ...,
    ) -> StartAutomatedReasoningPolicyBuildWorkflowResponse: ...
    async def start_automated_reasoning_policy_test_workflow(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        testCaseIds: Sequence[str] = ...,
        clientRequestToken: str = ...,
    ) -> StartAutomatedReasoningPolicyTestWorkflowResponse: ...
    async def start_trusted_access_program_account_application(
        self,
        *,
        programIdentifier: str,
    ) -> StartTrustedAccessProgramAccountApplicationResponse: ...
    async def start_trusted_access_program_organization_application(
        self,
        *,
        programIdentifier: str,
    ) -> StartTrustedAccessProgramOrganizationApplicationResponse: ...
    async def start_trusted_access_program_project_application(
        self,
        *,
        programIdentifier: str,
        projectIdentifier: str,
    ) -> StartTrustedAccessProgramProjectApplicationResponse: ...
    async def stop_advanced_prompt_optimization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopAdvancedPromptOptimizationJobResponse: ...
    async def stop_evaluation_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopEvaluationJobResponse: ...
    async def stop_model_customization_job(
        self,
        *,
        jobIdentifier: str,
    ) -> StopModelCustomizationJobResponse: ...
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
    async def update_automated_reasoning_policy(
        self,
        *,
        policyArn: str,
        policyDefinition: AutomatedReasoningPolicyDefinitionUnion,
        name: str = ...,
        description: str = ...,
    ) -> UpdateAutomatedReasoningPolicyResponse: ...
    async def update_automated_reasoning_policy_annotations(
        self,
        *,
        policyArn: str,
        buildWorkflowId: str,
        annotations: Sequence[AutomatedReasoningPolicyAnnotationUnion],
        lastUpdatedAnnotationSetHash: str,
    ) -> UpdateAutomatedReasoningPolicyAnnotationsResponse: ...
    async def update_automated_reasoning_policy_test_case(
        self,
        *,
        policyArn: str,
        testCaseId: str,
        guardContent: str,
        lastUpdatedAt: datetime | str | float,
        expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType,
        queryContent: str = ...,
        confidenceThreshold: float = ...,
        clientRequestToken: str = ...,
    ) -> UpdateAutomatedReasoningPolicyTestCaseResponse: ...
    async def update_custom_model_deployment(
        self,
        *,
        modelArn: str,
        customModelDeploymentIdentifier: str,
    ) -> UpdateCustomModelDeploymentResponse: ...
    async def update_guardrail(
        self,
        *,
        guardrailIdentifier: str,
        name: str,
        blockedInputMessaging: str,
        blockedOutputsMessaging: str,
        description: str = ...,
        topicPolicyConfig: GuardrailTopicPolicyConfig = ...,
        contentPolicyConfig: GuardrailContentPolicyConfig = ...,
        wordPolicyConfig: GuardrailWordPolicyConfig = ...,
        sensitiveInformationPolicyConfig: GuardrailSensitiveInformationPolicyConfig = ...,
        contextualGroundingPolicyConfig: GuardrailContextualGroundingPolicyConfig = ...,
        automatedReasoningPolicyConfig: GuardrailAutomatedReasoningPolicyConfig = ...,
        crossRegionConfig: GuardrailCrossRegionConfig = ...,
        kmsKeyId: str = ...,
    ) -> UpdateGuardrailResponse: ...
    async def update_marketplace_model_endpoint(
        self,
        *,
        endpointArn: str,
        endpointConfig: EndpointConfigUnion,
        clientRequestToken: str = ...,
    ) -> UpdateMarketplaceModelEndpointResponse: ...
    async def update_project(
        self,
        *,
        projectIdentifier: str,
        name: str = ...,
        dataRetention: ProjectDataRetention = ...,
    ) -> UpdateProjectResponse: ...
    async def update_provisioned_model_throughput(
        self,
        *,
        provisionedModelId: str,
        desiredProvisionedModelName: str = ...,
        desiredModelId: str = ...,
    ) -> UpdateProvisionedModelThroughputResponse: ...
    @overload
    def batch(
        self,
        operation_name: Literal[
            "archive_project",
            "batch_delete_advanced_prompt_optimization_job",
            "batch_delete_evaluation_job",
            "cancel_automated_reasoning_policy_build_workflow",
            "create_advanced_prompt_optimization_job",
            "create_automated_reasoning_policy",
            "create_automated_reasoning_policy_test_case",
            "create_automated_reasoning_policy_version",
            "create_custom_model",
            "create_custom_model_deployment",
            "create_evaluation_job",
            "create_foundation_model_agreement",
            "create_guardrail",
            "create_guardrail_version",
            "create_inference_profile",
            "create_marketplace_model_endpoint",
            "create_model_copy_job",
            "create_model_customization_job",
            "create_model_import_job",
            "create_model_invocation_job",
            "create_project",
            "create_prompt_router",
            "create_provisioned_model_throughput",
            "delete_account_data_retention_storage",
            "delete_automated_reasoning_policy",
            "delete_automated_reasoning_policy_build_workflow",
            "delete_automated_reasoning_policy_test_case",
            "delete_custom_model",
            "delete_custom_model_deployment",
            "delete_enforced_guardrail_configuration",
            "delete_foundation_model_agreement",
            "delete_guardrail",
            "delete_imported_model",
            "delete_inference_profile",
            "delete_marketplace_model_endpoint",
            "delete_model_invocation_logging_configuration",
            "delete_organization_data_retention_storage",
            "delete_project_data_retention_storage",
            "delete_prompt_router",
            "delete_provisioned_model_throughput",
            "delete_resource_policy",
            "deregister_marketplace_model_endpoint",
            "export_automated_reasoning_policy_version",
            "get_account_data_retention",
            "get_account_data_retention_storage",
            "get_advanced_prompt_optimization_job",
            "get_automated_reasoning_policy",
            "get_automated_reasoning_policy_annotations",
            "get_automated_reasoning_policy_build_workflow",
            "get_automated_reasoning_policy_build_workflow_result_assets",
            "get_automated_reasoning_policy_next_scenario",
            "get_automated_reasoning_policy_test_case",
            "get_automated_reasoning_policy_test_result",
            "get_custom_model",
            "get_custom_model_deployment",
            "get_evaluation_job",
            "get_foundation_model",
            "get_foundation_model_availability",
            "get_guardrail",
            "get_imported_model",
            "get_inference_profile",
            "get_marketplace_model_endpoint",
            "get_model_copy_job",
            "get_model_customization_job",
            "get_model_import_job",
            "get_model_invocation_job",
            "get_model_invocation_logging_configuration",
            "get_organization_data_retention_storage",
            "get_project",
            "get_project_data_retention_storage",
            "get_prompt_router",
            "get_provisioned_model_throughput",
            "get_resource_policy",
            "get_trusted_access_program",
            "get_trusted_access_program_account_enrollment",
            "get_trusted_access_program_organization_enrollment",
            "get_trusted_access_program_project_enrollment",
            "get_use_case_for_model_access",
            "list_advanced_prompt_optimization_jobs",
            "list_automated_reasoning_policies",
            "list_automated_reasoning_policy_build_workflows",
            "list_automated_reasoning_policy_test_cases",
            "list_automated_reasoning_policy_test_results",
            "list_custom_model_deployments",
            "list_custom_models",
            "list_enforced_guardrails_configuration",
            "list_evaluation_jobs",
            "list_foundation_model_agreement_offers",
            "list_foundation_models",
            "list_guardrails",
            "list_imported_models",
            "list_inference_profiles",
            "list_marketplace_model_endpoints",
            "list_model_copy_jobs",
            "list_model_customization_jobs",
            "list_model_import_jobs",
            "list_model_invocation_jobs",
            "list_projects",
            "list_prompt_routers",
            "list_provisioned_model_throughputs",
            "list_tags_for_resource",
            "list_trusted_access_programs",
            "put_account_data_retention",
            "put_account_data_retention_storage",
            "put_enforced_guardrail_configuration",
            "put_model_invocation_logging_configuration",
            "put_organization_data_retention_storage",
            "put_project_data_retention_storage",
            "put_resource_policy",
            "put_trusted_access_program_account_enrollment",
            "put_trusted_access_program_organization_enrollment",
            "put_trusted_access_program_project_enrollment",
            "put_use_case_for_model_access",
            "register_marketplace_model_endpoint",
            "start_automated_reasoning_policy_build_workflow",
            "start_automated_reasoning_policy_test_workflow",
            "start_trusted_access_program_account_application",
            "start_trusted_access_program_organization_application",
            "start_trusted_access_program_project_application",
            "stop_advanced_prompt_optimization_job",
            "stop_evaluation_job",
            "stop_model_customization_job",
            "stop_model_invocation_job",
            "tag_resource",
            "untag_resource",
            "update_automated_reasoning_policy",
            "update_automated_reasoning_policy_annotations",
            "update_automated_reasoning_policy_test_case",
            "update_custom_model_deployment",
            "update_guardrail",
            "update_marketplace_model_endpoint",
            "update_project",
            "update_provisioned_model_throughput",
        ],
        requests: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[dict[str, Any] | Exception]: ...
    @overload
    def batch(
        self,
        operation_name: Literal[
            "archive_project",
            "batch_delete_advanced_prompt_optimization_job",
            "batch_delete_evaluation_job",
            "cancel_automated_reasoning_policy_build_workflow",
            "create_advanced_prompt_optimization_job",
            "create_automated_reasoning_policy",
            "create_automated_reasoning_policy_test_case",
            "create_automated_reasoning_policy_version",
            "create_custom_model",
            "create_custom_model_deployment",
            "create_evaluation_job",
            "create_foundation_model_agreement",
            "create_guardrail",
            "create_guardrail_version",
            "create_inference_profile",
            "create_marketplace_model_endpoint",
            "create_model_copy_job",
            "create_model_customization_job",
            "create_model_import_job",
            "create_model_invocation_job",
            "create_project",
            "create_prompt_router",
            "create_provisioned_model_throughput",
            "delete_account_data_retention_storage",
            "delete_automated_reasoning_policy",
            "delete_automated_reasoning_policy_build_workflow",
            "delete_automated_reasoning_policy_test_case",
            "delete_custom_model",
            "delete_custom_model_deployment",
            "delete_enforced_guardrail_configuration",
            "delete_foundation_model_agreement",
            "delete_guardrail",
            "delete_imported_model",
            "delete_inference_profile",
            "delete_marketplace_model_endpoint",
            "delete_model_invocation_logging_configuration",
            "delete_organization_data_retention_storage",
            "delete_project_data_retention_storage",
            "delete_prompt_router",
            "delete_provisioned_model_throughput",
            "delete_resource_policy",
            "deregister_marketplace_model_endpoint",
            "export_automated_reasoning_policy_version",
            "get_account_data_retention",
            "get_account_data_retention_storage",
            "get_advanced_prompt_optimization_job",
            "get_automated_reasoning_policy",
            "get_automated_reasoning_policy_annotations",
            "get_automated_reasoning_policy_build_workflow",
            "get_automated_reasoning_policy_build_workflow_result_assets",
            "get_automated_reasoning_policy_next_scenario",
            "get_automated_reasoning_policy_test_case",
            "get_automated_reasoning_policy_test_result",
            "get_custom_model",
            "get_custom_model_deployment",
            "get_evaluation_job",
            "get_foundation_model",
            "get_foundation_model_availability",
            "get_guardrail",
            "get_imported_model",
            "get_inference_profile",
            "get_marketplace_model_endpoint",
            "get_model_copy_job",
            "get_model_customization_job",
            "get_model_import_job",
            "get_model_invocation_job",
            "get_model_invocation_logging_configuration",
            "get_organization_data_retention_storage",
            "get_project",
            "get_project_data_retention_storage",
            "get_prompt_router",
            "get_provisioned_model_throughput",
            "get_resource_policy",
            "get_trusted_access_program",
            "get_trusted_access_program_account_enrollment",
            "get_trusted_access_program_organization_enrollment",
            "get_trusted_access_program_project_enrollment",
            "get_use_case_for_model_access",
            "list_advanced_prompt_optimization_jobs",
            "list_automated_reasoning_policies",
            "list_automated_reasoning_policy_build_workflows",
            "list_automated_reasoning_policy_test_cases",
            "list_automated_reasoning_policy_test_results",
            "list_custom_model_deployments",
            "list_custom_models",
            "list_enforced_guardrails_configuration",
            "list_evaluation_jobs",
            "list_foundation_model_agreement_offers",
            "list_foundation_models",
            "list_guardrails",
            "list_imported_models",
            "list_inference_profiles",
            "list_marketplace_model_endpoints",
            "list_model_copy_jobs",
            "list_model_customization_jobs",
            "list_model_import_jobs",
            "list_model_invocation_jobs",
            "list_projects",
            "list_prompt_routers",
            "list_provisioned_model_throughputs",
            "list_tags_for_resource",
            "list_trusted_access_programs",
            "put_account_data_retention",
            "put_account_data_retention_storage",
            "put_enforced_guardrail_configuration",
            "put_model_invocation_logging_configuration",
            "put_organization_data_retention_storage",
            "put_project_data_retention_storage",
            "put_resource_policy",
            "put_trusted_access_program_account_enrollment",
            "put_trusted_access_program_organization_enrollment",
            "put_trusted_access_program_project_enrollment",
            "put_use_case_for_model_access",
            "register_marketplace_model_endpoint",
            "start_automated_reasoning_policy_build_workflow",
            "start_automated_reasoning_policy_test_workflow",
            "start_trusted_access_program_account_application",
            "start_trusted_access_program_organization_application",
            "start_trusted_access_program_project_application",
            "stop_advanced_prompt_optimization_job",
            "stop_evaluation_job",
            "stop_model_customization_job",
            "stop_model_invocation_job",
            "tag_resource",
            "untag_resource",
            "update_automated_reasoning_policy",
            "update_automated_reasoning_policy_annotations",
            "update_automated_reasoning_policy_test_case",
            "update_custom_model_deployment",
            "update_guardrail",
            "update_marketplace_model_endpoint",
            "update_project",
            "update_provisioned_model_throughput",
        ],
        requests: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["raise"],
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch[dict[str, Any]]: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_advanced_prompt_optimization_jobs"]
    ) -> _AsyncListAdvancedPromptOptimizationJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policies"]
    ) -> _AsyncListAutomatedReasoningPoliciesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_build_workflows"]
    ) -> _AsyncListAutomatedReasoningPolicyBuildWorkflowsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_test_cases"]
    ) -> _AsyncListAutomatedReasoningPolicyTestCasesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_automated_reasoning_policy_test_results"]
    ) -> _AsyncListAutomatedReasoningPolicyTestResultsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_custom_model_deployments"]
    ) -> _AsyncListCustomModelDeploymentsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_custom_models"]) -> _AsyncListCustomModelsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_enforced_guardrails_configuration"]
    ) -> _AsyncListEnforcedGuardrailsConfigurationPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_evaluation_jobs"]) -> _AsyncListEvaluationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_guardrails"]) -> _AsyncListGuardrailsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_imported_models"]) -> _AsyncListImportedModelsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_inference_profiles"]
    ) -> _AsyncListInferenceProfilesPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_marketplace_model_endpoints"]
    ) -> _AsyncListMarketplaceModelEndpointsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_model_copy_jobs"]) -> _AsyncListModelCopyJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_customization_jobs"]
    ) -> _AsyncListModelCustomizationJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_import_jobs"]
    ) -> _AsyncListModelImportJobsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_model_invocation_jobs"]
    ) -> _AsyncListModelInvocationJobsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_projects"]) -> _AsyncListProjectsPaginator: ...
    @overload
    def get_paginator(self, operation_name: Literal["list_prompt_routers"]) -> _AsyncListPromptRoutersPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_provisioned_model_throughputs"]
    ) -> _AsyncListProvisionedModelThroughputsPaginator: ...
    @overload
    def get_paginator(
        self, operation_name: Literal["list_trusted_access_programs"]
    ) -> _AsyncListTrustedAccessProgramsPaginator: ...

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
        modelId: str,
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
        projectIdentifier: str = ...,
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
        projectIdentifier: str = ...,
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
        modelId: str,
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
        projectIdentifier: str = ...,
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
        projectIdentifier: str = ...,
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
