"""The types of `bedrock`'s requests and answers. Written by tools/stubs.py: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from outcrop.types._common import ResponseMetadata
from outcrop.types._typing import NotRequired, TypedDict

__all__ = [
    "AgreementAvailability",
    "AgreementStatusType",
    "AuthorizationStatusType",
    "CloudWatchConfig",
    "CreateInferenceProfileRequest",
    "CreateInferenceProfileResponse",
    "CreateModelInvocationJobRequest",
    "CreateModelInvocationJobResponse",
    "CreatePromptRouterRequest",
    "CreatePromptRouterResponse",
    "DeleteInferenceProfileRequest",
    "DeleteInferenceProfileResponse",
    "DeleteModelInvocationLoggingConfigurationRequest",
    "DeleteModelInvocationLoggingConfigurationResponse",
    "DeletePromptRouterRequest",
    "DeletePromptRouterResponse",
    "EntitlementAvailabilityType",
    "FoundationModelDetails",
    "FoundationModelLifecycle",
    "FoundationModelLifecycleStatusType",
    "FoundationModelSummary",
    "GetFoundationModelAvailabilityRequest",
    "GetFoundationModelAvailabilityResponse",
    "GetFoundationModelRequest",
    "GetFoundationModelResponse",
    "GetGuardrailRequest",
    "GetGuardrailResponse",
    "GetInferenceProfileRequest",
    "GetInferenceProfileResponse",
    "GetModelInvocationJobRequest",
    "GetModelInvocationJobResponse",
    "GetModelInvocationLoggingConfigurationRequest",
    "GetModelInvocationLoggingConfigurationResponse",
    "GetPromptRouterRequest",
    "GetPromptRouterResponse",
    "GuardrailAutomatedReasoningPolicy",
    "GuardrailContentFilter",
    "GuardrailContentFilterActionType",
    "GuardrailContentFilterType",
    "GuardrailContentFiltersTier",
    "GuardrailContentFiltersTierNameType",
    "GuardrailContentPolicy",
    "GuardrailContextualGroundingActionType",
    "GuardrailContextualGroundingFilter",
    "GuardrailContextualGroundingFilterType",
    "GuardrailContextualGroundingPolicy",
    "GuardrailContextualGroundingTier",
    "GuardrailContextualGroundingTierNameType",
    "GuardrailCrossRegionDetails",
    "GuardrailFilterStrengthType",
    "GuardrailManagedWords",
    "GuardrailManagedWordsType",
    "GuardrailModalityType",
    "GuardrailPiiEntity",
    "GuardrailPiiEntityType",
    "GuardrailRegex",
    "GuardrailSensitiveInformationActionType",
    "GuardrailSensitiveInformationPolicy",
    "GuardrailStatusType",
    "GuardrailSummary",
    "GuardrailTopic",
    "GuardrailTopicActionType",
    "GuardrailTopicPolicy",
    "GuardrailTopicType",
    "GuardrailTopicsTier",
    "GuardrailTopicsTierNameType",
    "GuardrailWord",
    "GuardrailWordActionType",
    "GuardrailWordPolicy",
    "InferenceProfileModel",
    "InferenceProfileModelSource",
    "InferenceProfileStatusType",
    "InferenceProfileSummary",
    "InferenceProfileType",
    "InferenceType",
    "ListFoundationModelsRequest",
    "ListFoundationModelsResponse",
    "ListGuardrailsRequest",
    "ListGuardrailsResponse",
    "ListInferenceProfilesRequest",
    "ListInferenceProfilesResponse",
    "ListModelInvocationJobsRequest",
    "ListModelInvocationJobsResponse",
    "ListPromptRoutersRequest",
    "ListPromptRoutersResponse",
    "ListTagsForResourceRequest",
    "ListTagsForResourceResponse",
    "LoggingConfig",
    "ModelCustomizationType",
    "ModelInvocationJobInputDataConfig",
    "ModelInvocationJobInputDataConfigOutput",
    "ModelInvocationJobInputDataConfigUnion",
    "ModelInvocationJobOutputDataConfig",
    "ModelInvocationJobOutputDataConfigOutput",
    "ModelInvocationJobOutputDataConfigUnion",
    "ModelInvocationJobS3InputDataConfig",
    "ModelInvocationJobS3OutputDataConfig",
    "ModelInvocationJobStatusType",
    "ModelInvocationJobSummary",
    "ModelInvocationType",
    "ModelModalityType",
    "PromptRouterStatusType",
    "PromptRouterSummary",
    "PromptRouterTargetModel",
    "PromptRouterType",
    "PutModelInvocationLoggingConfigurationRequest",
    "PutModelInvocationLoggingConfigurationResponse",
    "RegionAvailabilityType",
    "RoutingCriteria",
    "S3Config",
    "S3InputFormatType",
    "SortJobsByType",
    "SortOrderType",
    "StopModelInvocationJobRequest",
    "StopModelInvocationJobResponse",
    "Tag",
    "TagResourceRequest",
    "TagResourceResponse",
    "UntagResourceRequest",
    "UntagResourceResponse",
    "VpcConfig",
    "VpcConfigOutput",
    "VpcConfigUnion",
]

AgreementStatusType: TypeAlias = Literal["AVAILABLE", "PENDING", "NOT_AVAILABLE", "ERROR"] | str
AuthorizationStatusType: TypeAlias = Literal["AUTHORIZED", "NOT_AUTHORIZED"] | str
EntitlementAvailabilityType: TypeAlias = Literal["AVAILABLE", "NOT_AVAILABLE"] | str
FoundationModelLifecycleStatusType: TypeAlias = Literal["ACTIVE", "LEGACY"] | str
GuardrailContentFilterActionType: TypeAlias = Literal["BLOCK", "NONE"] | str
GuardrailContentFilterType: TypeAlias = (
    Literal["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT", "PROMPT_ATTACK"] | str
)
GuardrailContentFiltersTierNameType: TypeAlias = Literal["CLASSIC", "STANDARD"] | str
GuardrailContextualGroundingActionType: TypeAlias = Literal["BLOCK", "NONE"] | str
GuardrailContextualGroundingFilterType: TypeAlias = Literal["GROUNDING", "RELEVANCE"] | str
GuardrailContextualGroundingTierNameType: TypeAlias = Literal["CLASSIC", "STANDARD"] | str
GuardrailFilterStrengthType: TypeAlias = Literal["NONE", "LOW", "MEDIUM", "HIGH"] | str
GuardrailManagedWordsType: TypeAlias = Literal["PROFANITY"] | str
GuardrailModalityType: TypeAlias = Literal["TEXT", "IMAGE"] | str
GuardrailPiiEntityType: TypeAlias = (
    Literal[
        "ADDRESS",
        "AGE",
        "AWS_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "CA_HEALTH_NUMBER",
        "CA_SOCIAL_INSURANCE_NUMBER",
        "CREDIT_DEBIT_CARD_CVV",
        "CREDIT_DEBIT_CARD_EXPIRY",
        "CREDIT_DEBIT_CARD_NUMBER",
        "DRIVER_ID",
        "EMAIL",
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        "IP_ADDRESS",
        "LICENSE_PLATE",
        "MAC_ADDRESS",
        "NAME",
        "PASSWORD",
        "PHONE",
        "PIN",
        "SWIFT_CODE",
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        "UK_NATIONAL_INSURANCE_NUMBER",
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        "URL",
        "USERNAME",
        "US_BANK_ACCOUNT_NUMBER",
        "US_BANK_ROUTING_NUMBER",
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        "US_PASSPORT_NUMBER",
        "US_SOCIAL_SECURITY_NUMBER",
        "VEHICLE_IDENTIFICATION_NUMBER",
    ]
    | str
)
GuardrailSensitiveInformationActionType: TypeAlias = Literal["BLOCK", "ANONYMIZE", "NONE"] | str
GuardrailStatusType: TypeAlias = Literal["CREATING", "UPDATING", "VERSIONING", "READY", "FAILED", "DELETING"] | str
GuardrailTopicActionType: TypeAlias = Literal["BLOCK", "NONE"] | str
GuardrailTopicType: TypeAlias = Literal["DENY"] | str
GuardrailTopicsTierNameType: TypeAlias = Literal["CLASSIC", "STANDARD"] | str
GuardrailWordActionType: TypeAlias = Literal["BLOCK", "NONE"] | str
InferenceProfileStatusType: TypeAlias = Literal["ACTIVE"] | str
InferenceProfileType: TypeAlias = Literal["SYSTEM_DEFINED", "APPLICATION"] | str
InferenceType: TypeAlias = Literal["ON_DEMAND", "PROVISIONED"] | str
ModelCustomizationType: TypeAlias = Literal["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"] | str
ModelInvocationJobStatusType: TypeAlias = (
    Literal[
        "Submitted",
        "InProgress",
        "Completed",
        "Failed",
        "Stopping",
        "Stopped",
        "PartiallyCompleted",
        "Expired",
        "Validating",
        "Scheduled",
    ]
    | str
)
ModelInvocationType: TypeAlias = Literal["InvokeModel", "Converse"] | str
ModelModalityType: TypeAlias = Literal["TEXT", "IMAGE", "EMBEDDING"] | str
PromptRouterStatusType: TypeAlias = Literal["AVAILABLE"] | str
PromptRouterType: TypeAlias = Literal["custom", "default"] | str
RegionAvailabilityType: TypeAlias = Literal["AVAILABLE", "NOT_AVAILABLE"] | str
S3InputFormatType: TypeAlias = Literal["JSONL"] | str
SortJobsByType: TypeAlias = Literal["CreationTime"] | str
SortOrderType: TypeAlias = Literal["Ascending", "Descending"] | str


class AgreementAvailability(TypedDict):
    status: AgreementStatusType
    errorMessage: NotRequired[str]


class CloudWatchConfig(TypedDict):
    logGroupName: str
    roleArn: str
    largeDataDeliveryS3Config: NotRequired[S3Config]


class CreateInferenceProfileRequest(TypedDict):
    inferenceProfileName: str
    description: NotRequired[str]
    clientRequestToken: NotRequired[str]
    modelSource: InferenceProfileModelSource
    tags: NotRequired[Sequence[Tag]]


class CreateInferenceProfileResponse(TypedDict):
    inferenceProfileArn: str
    status: NotRequired[InferenceProfileStatusType]
    ResponseMetadata: ResponseMetadata


class CreateModelInvocationJobRequest(TypedDict):
    jobName: str
    roleArn: str
    clientRequestToken: NotRequired[str]
    modelId: str
    inputDataConfig: ModelInvocationJobInputDataConfigUnion
    outputDataConfig: ModelInvocationJobOutputDataConfigUnion
    vpcConfig: NotRequired[VpcConfigUnion]
    timeoutDurationInHours: NotRequired[int]
    tags: NotRequired[Sequence[Tag]]
    modelInvocationType: NotRequired[ModelInvocationType]


class CreateModelInvocationJobResponse(TypedDict):
    jobArn: str
    ResponseMetadata: ResponseMetadata


class CreatePromptRouterRequest(TypedDict):
    clientRequestToken: NotRequired[str]
    promptRouterName: str
    models: Sequence[PromptRouterTargetModel]
    description: NotRequired[str]
    routingCriteria: RoutingCriteria
    fallbackModel: PromptRouterTargetModel
    tags: NotRequired[Sequence[Tag]]


class CreatePromptRouterResponse(TypedDict):
    promptRouterArn: str
    ResponseMetadata: ResponseMetadata


class DeleteInferenceProfileRequest(TypedDict):
    inferenceProfileIdentifier: str


class DeleteInferenceProfileResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteModelInvocationLoggingConfigurationRequest(TypedDict): ...


class DeleteModelInvocationLoggingConfigurationResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeletePromptRouterRequest(TypedDict):
    promptRouterArn: str


class DeletePromptRouterResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class FoundationModelDetails(TypedDict):
    modelArn: str
    modelId: str
    modelName: NotRequired[str]
    providerName: NotRequired[str]
    inputModalities: NotRequired[list[ModelModalityType]]
    outputModalities: NotRequired[list[ModelModalityType]]
    responseStreamingSupported: NotRequired[bool]
    customizationsSupported: NotRequired[list[ModelCustomizationType]]
    inferenceTypesSupported: NotRequired[list[InferenceType]]
    modelLifecycle: NotRequired[FoundationModelLifecycle]


class FoundationModelLifecycle(TypedDict):
    status: FoundationModelLifecycleStatusType
    startOfLifeTime: NotRequired[datetime]
    endOfLifeTime: NotRequired[datetime]
    legacyTime: NotRequired[datetime]
    publicExtendedAccessTime: NotRequired[datetime]


class FoundationModelSummary(TypedDict):
    modelArn: str
    modelId: str
    modelName: NotRequired[str]
    providerName: NotRequired[str]
    inputModalities: NotRequired[list[ModelModalityType]]
    outputModalities: NotRequired[list[ModelModalityType]]
    responseStreamingSupported: NotRequired[bool]
    customizationsSupported: NotRequired[list[ModelCustomizationType]]
    inferenceTypesSupported: NotRequired[list[InferenceType]]
    modelLifecycle: NotRequired[FoundationModelLifecycle]


class GetFoundationModelAvailabilityRequest(TypedDict):
    modelId: str


class GetFoundationModelAvailabilityResponse(TypedDict):
    modelId: str
    agreementAvailability: AgreementAvailability
    authorizationStatus: AuthorizationStatusType
    entitlementAvailability: EntitlementAvailabilityType
    regionAvailability: RegionAvailabilityType
    ResponseMetadata: ResponseMetadata


class GetFoundationModelRequest(TypedDict):
    modelIdentifier: str


class GetFoundationModelResponse(TypedDict):
    modelDetails: FoundationModelDetails
    ResponseMetadata: ResponseMetadata


class GetGuardrailRequest(TypedDict):
    guardrailIdentifier: str
    guardrailVersion: NotRequired[str]


class GetGuardrailResponse(TypedDict):
    name: str
    description: NotRequired[str]
    guardrailId: str
    guardrailArn: str
    version: str
    status: GuardrailStatusType
    topicPolicy: NotRequired[GuardrailTopicPolicy]
    contentPolicy: NotRequired[GuardrailContentPolicy]
    wordPolicy: NotRequired[GuardrailWordPolicy]
    sensitiveInformationPolicy: NotRequired[GuardrailSensitiveInformationPolicy]
    contextualGroundingPolicy: NotRequired[GuardrailContextualGroundingPolicy]
    automatedReasoningPolicy: NotRequired[GuardrailAutomatedReasoningPolicy]
    crossRegionDetails: NotRequired[GuardrailCrossRegionDetails]
    createdAt: datetime
    updatedAt: datetime
    statusReasons: NotRequired[list[str]]
    failureRecommendations: NotRequired[list[str]]
    blockedInputMessaging: str
    blockedOutputsMessaging: str
    kmsKeyArn: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class GetInferenceProfileRequest(TypedDict):
    inferenceProfileIdentifier: str


class GetInferenceProfileResponse(TypedDict):
    inferenceProfileName: str
    description: NotRequired[str]
    createdAt: NotRequired[datetime]
    updatedAt: NotRequired[datetime]
    inferenceProfileArn: str
    models: list[InferenceProfileModel]
    inferenceProfileId: str
    status: InferenceProfileStatusType
    type: InferenceProfileType
    ResponseMetadata: ResponseMetadata


class GetModelInvocationJobRequest(TypedDict):
    jobIdentifier: str


class GetModelInvocationJobResponse(TypedDict):
    jobArn: str
    jobName: NotRequired[str]
    modelId: str
    clientRequestToken: NotRequired[str]
    roleArn: str
    status: NotRequired[ModelInvocationJobStatusType]
    message: NotRequired[str]
    submitTime: datetime
    lastModifiedTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    inputDataConfig: ModelInvocationJobInputDataConfigOutput
    outputDataConfig: ModelInvocationJobOutputDataConfigOutput
    vpcConfig: NotRequired[VpcConfigOutput]
    timeoutDurationInHours: NotRequired[int]
    jobExpirationTime: NotRequired[datetime]
    modelInvocationType: NotRequired[ModelInvocationType]
    totalRecordCount: NotRequired[int]
    processedRecordCount: NotRequired[int]
    successRecordCount: NotRequired[int]
    errorRecordCount: NotRequired[int]
    ResponseMetadata: ResponseMetadata


class GetModelInvocationLoggingConfigurationRequest(TypedDict): ...


class GetModelInvocationLoggingConfigurationResponse(TypedDict):
    loggingConfig: LoggingConfig
    ResponseMetadata: ResponseMetadata


class GetPromptRouterRequest(TypedDict):
    promptRouterArn: str


class GetPromptRouterResponse(TypedDict):
    promptRouterName: str
    routingCriteria: RoutingCriteria
    description: NotRequired[str]
    createdAt: NotRequired[datetime]
    updatedAt: NotRequired[datetime]
    promptRouterArn: str
    models: list[PromptRouterTargetModel]
    fallbackModel: PromptRouterTargetModel
    status: PromptRouterStatusType
    type: PromptRouterType
    ResponseMetadata: ResponseMetadata


class GuardrailAutomatedReasoningPolicy(TypedDict):
    policies: list[str]
    confidenceThreshold: NotRequired[float]


class GuardrailContentFilter(TypedDict):
    type: GuardrailContentFilterType
    inputStrength: GuardrailFilterStrengthType
    outputStrength: GuardrailFilterStrengthType
    inputModalities: NotRequired[list[GuardrailModalityType]]
    outputModalities: NotRequired[list[GuardrailModalityType]]
    inputAction: NotRequired[GuardrailContentFilterActionType]
    outputAction: NotRequired[GuardrailContentFilterActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailContentFiltersTier(TypedDict):
    tierName: GuardrailContentFiltersTierNameType


class GuardrailContentPolicy(TypedDict):
    filters: NotRequired[list[GuardrailContentFilter]]
    tier: NotRequired[GuardrailContentFiltersTier]


class GuardrailContextualGroundingFilter(TypedDict):
    type: GuardrailContextualGroundingFilterType
    threshold: float
    action: NotRequired[GuardrailContextualGroundingActionType]
    enabled: NotRequired[bool]


class GuardrailContextualGroundingPolicy(TypedDict):
    filters: list[GuardrailContextualGroundingFilter]
    tier: NotRequired[GuardrailContextualGroundingTier]


class GuardrailContextualGroundingTier(TypedDict):
    tierName: GuardrailContextualGroundingTierNameType


class GuardrailCrossRegionDetails(TypedDict):
    guardrailProfileId: NotRequired[str]
    guardrailProfileArn: NotRequired[str]


class GuardrailManagedWords(TypedDict):
    type: GuardrailManagedWordsType
    inputAction: NotRequired[GuardrailWordActionType]
    outputAction: NotRequired[GuardrailWordActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailPiiEntity(TypedDict):
    type: GuardrailPiiEntityType
    action: GuardrailSensitiveInformationActionType
    inputAction: NotRequired[GuardrailSensitiveInformationActionType]
    outputAction: NotRequired[GuardrailSensitiveInformationActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailRegex(TypedDict):
    name: str
    description: NotRequired[str]
    pattern: str
    action: GuardrailSensitiveInformationActionType
    inputAction: NotRequired[GuardrailSensitiveInformationActionType]
    outputAction: NotRequired[GuardrailSensitiveInformationActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailSensitiveInformationPolicy(TypedDict):
    piiEntities: NotRequired[list[GuardrailPiiEntity]]
    regexes: NotRequired[list[GuardrailRegex]]


class GuardrailSummary(TypedDict):
    id: str
    arn: str
    status: GuardrailStatusType
    name: str
    description: NotRequired[str]
    version: str
    createdAt: datetime
    updatedAt: datetime
    crossRegionDetails: NotRequired[GuardrailCrossRegionDetails]


class GuardrailTopic(TypedDict):
    name: str
    definition: str
    examples: NotRequired[list[str]]
    type: NotRequired[GuardrailTopicType]
    inputAction: NotRequired[GuardrailTopicActionType]
    outputAction: NotRequired[GuardrailTopicActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailTopicPolicy(TypedDict):
    topics: list[GuardrailTopic]
    tier: NotRequired[GuardrailTopicsTier]


class GuardrailTopicsTier(TypedDict):
    tierName: GuardrailTopicsTierNameType


class GuardrailWord(TypedDict):
    text: str
    inputAction: NotRequired[GuardrailWordActionType]
    outputAction: NotRequired[GuardrailWordActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailWordPolicy(TypedDict):
    words: NotRequired[list[GuardrailWord]]
    managedWordLists: NotRequired[list[GuardrailManagedWords]]


class InferenceProfileModel(TypedDict):
    modelArn: NotRequired[str]


class InferenceProfileModelSource(TypedDict):
    copyFrom: NotRequired[str]


class InferenceProfileSummary(TypedDict):
    inferenceProfileName: str
    description: NotRequired[str]
    createdAt: NotRequired[datetime]
    updatedAt: NotRequired[datetime]
    inferenceProfileArn: str
    models: list[InferenceProfileModel]
    inferenceProfileId: str
    status: InferenceProfileStatusType
    type: InferenceProfileType


class ListFoundationModelsRequest(TypedDict):
    byProvider: NotRequired[str]
    byCustomizationType: NotRequired[ModelCustomizationType]
    byOutputModality: NotRequired[ModelModalityType]
    byInferenceType: NotRequired[InferenceType]


class ListFoundationModelsResponse(TypedDict):
    modelSummaries: list[FoundationModelSummary]
    ResponseMetadata: ResponseMetadata


class ListGuardrailsRequest(TypedDict):
    guardrailIdentifier: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]


class ListGuardrailsResponse(TypedDict):
    guardrails: list[GuardrailSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListInferenceProfilesRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    typeEquals: NotRequired[InferenceProfileType]


class ListInferenceProfilesResponse(TypedDict):
    inferenceProfileSummaries: list[InferenceProfileSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListModelInvocationJobsRequest(TypedDict):
    submitTimeAfter: NotRequired[datetime | str | float]
    submitTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[ModelInvocationJobStatusType]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListModelInvocationJobsResponse(TypedDict):
    nextToken: NotRequired[str]
    invocationJobSummaries: list[ModelInvocationJobSummary]
    ResponseMetadata: ResponseMetadata


class ListPromptRoutersRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    type: NotRequired[PromptRouterType]


class ListPromptRoutersResponse(TypedDict):
    promptRouterSummaries: list[PromptRouterSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListTagsForResourceRequest(TypedDict):
    resourceARN: str


class ListTagsForResourceResponse(TypedDict):
    tags: list[Tag]
    ResponseMetadata: ResponseMetadata


class LoggingConfig(TypedDict):
    cloudWatchConfig: NotRequired[CloudWatchConfig]
    s3Config: NotRequired[S3Config]
    textDataDeliveryEnabled: NotRequired[bool]
    imageDataDeliveryEnabled: NotRequired[bool]
    embeddingDataDeliveryEnabled: NotRequired[bool]
    videoDataDeliveryEnabled: NotRequired[bool]
    audioDataDeliveryEnabled: NotRequired[bool]


class ModelInvocationJobInputDataConfig(TypedDict):
    s3InputDataConfig: NotRequired[ModelInvocationJobS3InputDataConfig]


class ModelInvocationJobInputDataConfigOutput(TypedDict):
    s3InputDataConfig: ModelInvocationJobS3InputDataConfig


class ModelInvocationJobOutputDataConfig(TypedDict):
    s3OutputDataConfig: NotRequired[ModelInvocationJobS3OutputDataConfig]


class ModelInvocationJobOutputDataConfigOutput(TypedDict):
    s3OutputDataConfig: ModelInvocationJobS3OutputDataConfig


class ModelInvocationJobS3InputDataConfig(TypedDict):
    s3InputFormat: NotRequired[S3InputFormatType]
    s3Uri: str
    s3BucketOwner: NotRequired[str]


class ModelInvocationJobS3OutputDataConfig(TypedDict):
    s3Uri: str
    s3EncryptionKeyId: NotRequired[str]
    s3BucketOwner: NotRequired[str]


class ModelInvocationJobSummary(TypedDict):
    jobArn: str
    jobName: str
    modelId: str
    clientRequestToken: NotRequired[str]
    roleArn: str
    status: NotRequired[ModelInvocationJobStatusType]
    message: NotRequired[str]
    submitTime: datetime
    lastModifiedTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    inputDataConfig: ModelInvocationJobInputDataConfigOutput
    outputDataConfig: ModelInvocationJobOutputDataConfigOutput
    vpcConfig: NotRequired[VpcConfigOutput]
    timeoutDurationInHours: NotRequired[int]
    jobExpirationTime: NotRequired[datetime]
    modelInvocationType: NotRequired[ModelInvocationType]
    totalRecordCount: NotRequired[int]
    processedRecordCount: NotRequired[int]
    successRecordCount: NotRequired[int]
    errorRecordCount: NotRequired[int]


class PromptRouterSummary(TypedDict):
    promptRouterName: str
    routingCriteria: RoutingCriteria
    description: NotRequired[str]
    createdAt: NotRequired[datetime]
    updatedAt: NotRequired[datetime]
    promptRouterArn: str
    models: list[PromptRouterTargetModel]
    fallbackModel: PromptRouterTargetModel
    status: PromptRouterStatusType
    type: PromptRouterType


class PromptRouterTargetModel(TypedDict):
    modelArn: str


class PutModelInvocationLoggingConfigurationRequest(TypedDict):
    loggingConfig: LoggingConfig


class PutModelInvocationLoggingConfigurationResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class RoutingCriteria(TypedDict):
    responseQualityDifference: float


class S3Config(TypedDict):
    bucketName: str
    keyPrefix: NotRequired[str]


class StopModelInvocationJobRequest(TypedDict):
    jobIdentifier: str


class StopModelInvocationJobResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class Tag(TypedDict):
    key: str
    value: str


class TagResourceRequest(TypedDict):
    resourceARN: str
    tags: Sequence[Tag]


class TagResourceResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class UntagResourceRequest(TypedDict):
    resourceARN: str
    tagKeys: Sequence[str]


class UntagResourceResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class VpcConfig(TypedDict):
    subnetIds: Sequence[str]
    securityGroupIds: Sequence[str]


class VpcConfigOutput(TypedDict):
    subnetIds: list[str]
    securityGroupIds: list[str]


ModelInvocationJobInputDataConfigUnion: TypeAlias = (
    ModelInvocationJobInputDataConfig | ModelInvocationJobInputDataConfigOutput
)
ModelInvocationJobOutputDataConfigUnion: TypeAlias = (
    ModelInvocationJobOutputDataConfig | ModelInvocationJobOutputDataConfigOutput
)
VpcConfigUnion: TypeAlias = VpcConfig | VpcConfigOutput
