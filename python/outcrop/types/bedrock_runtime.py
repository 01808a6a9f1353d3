"""The types of `bedrock-runtime`'s requests and answers. Written by tools/stubs.py: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal, TypeAlias

from outcrop._streams import AsyncEventStream, AsyncStreamingBody, EventStream, StreamingBody
from outcrop.types._common import ResponseMetadata
from outcrop.types._typing import NotRequired, TypedDict

__all__ = [
    "AnyToolChoice",
    "AppliedGuardrailDetails",
    "ApplyGuardrailRequest",
    "ApplyGuardrailResponse",
    "AsyncConverseStreamResponse",
    "AsyncInvokeModelResponse",
    "AsyncInvokeModelWithResponseStreamResponse",
    "AsyncInvokeOutputDataConfig",
    "AsyncInvokeOutputDataConfigOutput",
    "AsyncInvokeOutputDataConfigUnion",
    "AsyncInvokeS3OutputDataConfig",
    "AsyncInvokeStatusType",
    "AsyncInvokeSummary",
    "AudioBlock",
    "AudioBlockOutput",
    "AudioBlockUnion",
    "AudioFormatType",
    "AudioSource",
    "AudioSourceOutput",
    "AudioSourceUnion",
    "AutoToolChoice",
    "CacheDetail",
    "CachePointBlock",
    "CachePointType",
    "CacheTTLType",
    "Citation",
    "CitationGeneratedContent",
    "CitationGeneratedContentOutput",
    "CitationGeneratedContentUnion",
    "CitationLocation",
    "CitationLocationOutput",
    "CitationLocationUnion",
    "CitationOutput",
    "CitationSourceContent",
    "CitationSourceContentDelta",
    "CitationSourceContentOutput",
    "CitationSourceContentUnion",
    "CitationUnion",
    "CitationsConfig",
    "CitationsContentBlock",
    "CitationsContentBlockOutput",
    "CitationsContentBlockUnion",
    "CitationsDelta",
    "ContentBlock",
    "ContentBlockDelta",
    "ContentBlockDeltaEvent",
    "ContentBlockOutput",
    "ContentBlockStart",
    "ContentBlockStartEvent",
    "ContentBlockStopEvent",
    "ContentBlockUnion",
    "ConversationRoleType",
    "ConverseMetrics",
    "ConverseOutput",
    "ConverseRequest",
    "ConverseResponse",
    "ConverseStreamMetadataEvent",
    "ConverseStreamMetrics",
    "ConverseStreamOutput",
    "ConverseStreamRequest",
    "ConverseStreamResponse",
    "ConverseStreamTrace",
    "ConverseTokensRequest",
    "ConverseTrace",
    "CountTokensInput",
    "CountTokensRequest",
    "CountTokensResponse",
    "DocumentBlock",
    "DocumentBlockOutput",
    "DocumentBlockUnion",
    "DocumentCharLocation",
    "DocumentChunkLocation",
    "DocumentContentBlock",
    "DocumentContentBlockOutput",
    "DocumentContentBlockUnion",
    "DocumentFormatType",
    "DocumentPageLocation",
    "DocumentSource",
    "DocumentSourceOutput",
    "DocumentSourceUnion",
    "ErrorBlock",
    "GetAsyncInvokeRequest",
    "GetAsyncInvokeResponse",
    "GuardrailActionType",
    "GuardrailAssessment",
    "GuardrailAutomatedReasoningFinding",
    "GuardrailAutomatedReasoningImpossibleFinding",
    "GuardrailAutomatedReasoningInputTextReference",
    "GuardrailAutomatedReasoningInvalidFinding",
    "GuardrailAutomatedReasoningLogicWarning",
    "GuardrailAutomatedReasoningLogicWarningType",
    "GuardrailAutomatedReasoningNoTranslationsFinding",
    "GuardrailAutomatedReasoningPolicyAssessment",
    "GuardrailAutomatedReasoningRule",
    "GuardrailAutomatedReasoningSatisfiableFinding",
    "GuardrailAutomatedReasoningScenario",
    "GuardrailAutomatedReasoningStatement",
    "GuardrailAutomatedReasoningTooComplexFinding",
    "GuardrailAutomatedReasoningTranslation",
    "GuardrailAutomatedReasoningTranslationAmbiguousFinding",
    "GuardrailAutomatedReasoningTranslationOption",
    "GuardrailAutomatedReasoningValidFinding",
    "GuardrailChecksConfig",
    "GuardrailChecksContentBlock",
    "GuardrailChecksContentFilterCategoryConfig",
    "GuardrailChecksContentFilterCategoryType",
    "GuardrailChecksContentFilterConfig",
    "GuardrailChecksContentFilterResult",
    "GuardrailChecksContentFilterResultEntry",
    "GuardrailChecksContentFilterUsage",
    "GuardrailChecksMessage",
    "GuardrailChecksPromptAttackCategoryConfig",
    "GuardrailChecksPromptAttackCategoryType",
    "GuardrailChecksPromptAttackConfig",
    "GuardrailChecksPromptAttackResult",
    "GuardrailChecksPromptAttackResultEntry",
    "GuardrailChecksPromptAttackUsage",
    "GuardrailChecksResults",
    "GuardrailChecksRoleType",
    "GuardrailChecksSensitiveInformationConfig",
    "GuardrailChecksSensitiveInformationEntityConfig",
    "GuardrailChecksSensitiveInformationEntityType",
    "GuardrailChecksSensitiveInformationResult",
    "GuardrailChecksSensitiveInformationResultEntry",
    "GuardrailChecksSensitiveInformationUsage",
    "GuardrailChecksUsageResults",
    "GuardrailConfiguration",
    "GuardrailContentBlock",
    "GuardrailContentFilter",
    "GuardrailContentFilterConfidenceType",
    "GuardrailContentFilterStrengthType",
    "GuardrailContentFilterType",
    "GuardrailContentPolicyActionType",
    "GuardrailContentPolicyAssessment",
    "GuardrailContentQualifierType",
    "GuardrailContentSourceType",
    "GuardrailContextualGroundingFilter",
    "GuardrailContextualGroundingFilterType",
    "GuardrailContextualGroundingPolicyActionType",
    "GuardrailContextualGroundingPolicyAssessment",
    "GuardrailConverseContentBlock",
    "GuardrailConverseContentBlockOutput",
    "GuardrailConverseContentBlockUnion",
    "GuardrailConverseContentQualifierType",
    "GuardrailConverseImageBlock",
    "GuardrailConverseImageBlockOutput",
    "GuardrailConverseImageBlockUnion",
    "GuardrailConverseImageFormatType",
    "GuardrailConverseImageSource",
    "GuardrailConverseImageSourceOutput",
    "GuardrailConverseImageSourceUnion",
    "GuardrailConverseTextBlock",
    "GuardrailConverseTextBlockOutput",
    "GuardrailConverseTextBlockUnion",
    "GuardrailCoverage",
    "GuardrailCustomWord",
    "GuardrailImageBlock",
    "GuardrailImageCoverage",
    "GuardrailImageFormatType",
    "GuardrailImageSource",
    "GuardrailInvocationMetrics",
    "GuardrailManagedWord",
    "GuardrailManagedWordType",
    "GuardrailOriginType",
    "GuardrailOutputContent",
    "GuardrailOutputScopeType",
    "GuardrailOwnershipType",
    "GuardrailPiiEntityFilter",
    "GuardrailPiiEntityType",
    "GuardrailRegexFilter",
    "GuardrailSensitiveInformationPolicyActionType",
    "GuardrailSensitiveInformationPolicyAssessment",
    "GuardrailStreamConfiguration",
    "GuardrailStreamProcessingModeType",
    "GuardrailTextBlock",
    "GuardrailTextCharactersCoverage",
    "GuardrailTopic",
    "GuardrailTopicPolicyActionType",
    "GuardrailTopicPolicyAssessment",
    "GuardrailTopicType",
    "GuardrailTraceAssessment",
    "GuardrailTraceType",
    "GuardrailUsage",
    "GuardrailWordPolicyActionType",
    "GuardrailWordPolicyAssessment",
    "ImageBlock",
    "ImageBlockDelta",
    "ImageBlockOutput",
    "ImageBlockStart",
    "ImageBlockUnion",
    "ImageFormatType",
    "ImageSource",
    "ImageSourceOutput",
    "ImageSourceUnion",
    "InferenceConfiguration",
    "InvokeGuardrailChecksRequest",
    "InvokeGuardrailChecksResponse",
    "InvokeModelRequest",
    "InvokeModelResponse",
    "InvokeModelTokensRequest",
    "InvokeModelWithResponseStreamRequest",
    "InvokeModelWithResponseStreamResponse",
    "JsonSchemaDefinition",
    "ListAsyncInvokesRequest",
    "ListAsyncInvokesResponse",
    "Message",
    "MessageOutput",
    "MessageStartEvent",
    "MessageStopEvent",
    "MessageUnion",
    "OutputConfig",
    "OutputFormat",
    "OutputFormatStructure",
    "OutputFormatType",
    "PayloadPart",
    "PerformanceConfigLatencyType",
    "PerformanceConfiguration",
    "PromptRouterTrace",
    "PromptVariableValues",
    "ReasoningContentBlock",
    "ReasoningContentBlockDelta",
    "ReasoningContentBlockOutput",
    "ReasoningContentBlockUnion",
    "ReasoningTextBlock",
    "ResponseStream",
    "RoutedConverseRequest",
    "RoutedConverseStreamRequest",
    "RoutedCountTokensRequest",
    "RoutedInvokeModelRequest",
    "RoutedInvokeModelWithResponseStreamRequest",
    "S3Location",
    "SearchResultBlock",
    "SearchResultBlockOutput",
    "SearchResultBlockUnion",
    "SearchResultContentBlock",
    "SearchResultLocation",
    "ServiceTier",
    "ServiceTierType",
    "SortAsyncInvocationByType",
    "SortOrderType",
    "SpecificToolChoice",
    "StartAsyncInvokeRequest",
    "StartAsyncInvokeResponse",
    "StopReasonType",
    "SystemContentBlock",
    "SystemTool",
    "Tag",
    "TokenUsage",
    "Tool",
    "ToolAdditionBlock",
    "ToolChoice",
    "ToolConfiguration",
    "ToolInputSchema",
    "ToolReference",
    "ToolRemovalBlock",
    "ToolResultBlock",
    "ToolResultBlockDelta",
    "ToolResultBlockOutput",
    "ToolResultBlockStart",
    "ToolResultBlockUnion",
    "ToolResultContentBlock",
    "ToolResultContentBlockOutput",
    "ToolResultContentBlockUnion",
    "ToolResultStatusType",
    "ToolSpecification",
    "ToolUseBlock",
    "ToolUseBlockDelta",
    "ToolUseBlockStart",
    "ToolUseType",
    "TraceType",
    "VideoBlock",
    "VideoBlockOutput",
    "VideoBlockUnion",
    "VideoFormatType",
    "VideoSource",
    "VideoSourceOutput",
    "VideoSourceUnion",
    "WebLocation",
]

AsyncInvokeStatusType: TypeAlias = Literal["InProgress", "Completed", "Failed"] | str
AudioFormatType: TypeAlias = (
    Literal[
        "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"
    ]
    | str
)
CachePointType: TypeAlias = Literal["default"] | str
CacheTTLType: TypeAlias = Literal["5m", "1h"] | str
ConversationRoleType: TypeAlias = Literal["user", "assistant", "system"] | str
DocumentFormatType: TypeAlias = Literal["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"] | str
GuardrailActionType: TypeAlias = Literal["NONE", "GUARDRAIL_INTERVENED"] | str
GuardrailAutomatedReasoningLogicWarningType: TypeAlias = Literal["ALWAYS_FALSE", "ALWAYS_TRUE"] | str
GuardrailChecksContentFilterCategoryType: TypeAlias = (
    Literal["VIOLENCE", "HATE", "SEXUAL", "MISCONDUCT", "INSULTS"] | str
)
GuardrailChecksPromptAttackCategoryType: TypeAlias = Literal["JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE"] | str
GuardrailChecksRoleType: TypeAlias = Literal["user", "assistant", "system"] | str
GuardrailChecksSensitiveInformationEntityType: TypeAlias = (
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
GuardrailContentFilterConfidenceType: TypeAlias = Literal["NONE", "LOW", "MEDIUM", "HIGH"] | str
GuardrailContentFilterStrengthType: TypeAlias = Literal["NONE", "LOW", "MEDIUM", "HIGH"] | str
GuardrailContentFilterType: TypeAlias = (
    Literal["INSULTS", "HATE", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"] | str
)
GuardrailContentPolicyActionType: TypeAlias = Literal["BLOCKED", "NONE"] | str
GuardrailContentQualifierType: TypeAlias = Literal["grounding_source", "query", "guard_content"] | str
GuardrailContentSourceType: TypeAlias = Literal["INPUT", "OUTPUT"] | str
GuardrailContextualGroundingFilterType: TypeAlias = Literal["GROUNDING", "RELEVANCE"] | str
GuardrailContextualGroundingPolicyActionType: TypeAlias = Literal["BLOCKED", "NONE"] | str
GuardrailConverseContentQualifierType: TypeAlias = Literal["grounding_source", "query", "guard_content"] | str
GuardrailConverseImageFormatType: TypeAlias = Literal["png", "jpeg"] | str
GuardrailImageFormatType: TypeAlias = Literal["png", "jpeg"] | str
GuardrailManagedWordType: TypeAlias = Literal["PROFANITY"] | str
GuardrailOriginType: TypeAlias = Literal["REQUEST", "ACCOUNT_ENFORCED", "ORGANIZATION_ENFORCED"] | str
GuardrailOutputScopeType: TypeAlias = Literal["INTERVENTIONS", "FULL"] | str
GuardrailOwnershipType: TypeAlias = Literal["SELF", "CROSS_ACCOUNT"] | str
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
GuardrailSensitiveInformationPolicyActionType: TypeAlias = Literal["ANONYMIZED", "BLOCKED", "NONE"] | str
GuardrailStreamProcessingModeType: TypeAlias = Literal["sync", "async"] | str
GuardrailTopicPolicyActionType: TypeAlias = Literal["BLOCKED", "NONE"] | str
GuardrailTopicType: TypeAlias = Literal["DENY"] | str
GuardrailTraceType: TypeAlias = Literal["enabled", "disabled", "enabled_full"] | str
GuardrailWordPolicyActionType: TypeAlias = Literal["BLOCKED", "NONE"] | str
ImageFormatType: TypeAlias = Literal["png", "jpeg", "gif", "webp"] | str
OutputFormatType: TypeAlias = Literal["json_schema"] | str
PerformanceConfigLatencyType: TypeAlias = Literal["standard", "optimized"] | str
ServiceTierType: TypeAlias = Literal["priority", "default", "flex", "reserved"] | str
SortAsyncInvocationByType: TypeAlias = Literal["SubmissionTime"] | str
SortOrderType: TypeAlias = Literal["Ascending", "Descending"] | str
StopReasonType: TypeAlias = (
    Literal[
        "end_turn",
        "tool_use",
        "max_tokens",
        "stop_sequence",
        "guardrail_intervened",
        "content_filtered",
        "malformed_model_output",
        "malformed_tool_use",
        "model_context_window_exceeded",
    ]
    | str
)
ToolResultStatusType: TypeAlias = Literal["success", "error"] | str
ToolUseType: TypeAlias = Literal["server_tool_use"] | str
TraceType: TypeAlias = Literal["ENABLED", "DISABLED", "ENABLED_FULL"] | str
VideoFormatType: TypeAlias = Literal["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"] | str


class AnyToolChoice(TypedDict): ...


class AppliedGuardrailDetails(TypedDict):
    guardrailId: NotRequired[str]
    guardrailVersion: NotRequired[str]
    guardrailArn: NotRequired[str]
    guardrailOrigin: NotRequired[list[GuardrailOriginType]]
    guardrailOwnership: NotRequired[GuardrailOwnershipType]


class ApplyGuardrailRequest(TypedDict):
    guardrailIdentifier: str
    guardrailVersion: str
    source: GuardrailContentSourceType
    content: Sequence[GuardrailContentBlock]
    outputScope: NotRequired[GuardrailOutputScopeType]


class ApplyGuardrailResponse(TypedDict):
    usage: GuardrailUsage
    action: GuardrailActionType
    actionReason: NotRequired[str]
    outputs: list[GuardrailOutputContent]
    assessments: list[GuardrailAssessment]
    guardrailCoverage: NotRequired[GuardrailCoverage]
    ResponseMetadata: ResponseMetadata


class AsyncConverseStreamResponse(TypedDict):
    stream: AsyncEventStream[ConverseStreamOutput]
    ResponseMetadata: ResponseMetadata


class AsyncInvokeModelResponse(TypedDict):
    body: AsyncStreamingBody
    contentType: str
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    ResponseMetadata: ResponseMetadata


class AsyncInvokeModelWithResponseStreamResponse(TypedDict):
    body: AsyncEventStream[ResponseStream]
    contentType: str
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    ResponseMetadata: ResponseMetadata


class AsyncInvokeOutputDataConfig(TypedDict):
    s3OutputDataConfig: NotRequired[AsyncInvokeS3OutputDataConfig]


class AsyncInvokeOutputDataConfigOutput(TypedDict):
    s3OutputDataConfig: AsyncInvokeS3OutputDataConfig


class AsyncInvokeS3OutputDataConfig(TypedDict):
    s3Uri: str
    kmsKeyId: NotRequired[str]
    bucketOwner: NotRequired[str]


class AsyncInvokeSummary(TypedDict):
    invocationArn: str
    modelArn: str
    clientRequestToken: NotRequired[str]
    status: NotRequired[AsyncInvokeStatusType]
    failureMessage: NotRequired[str]
    submitTime: datetime
    lastModifiedTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    outputDataConfig: AsyncInvokeOutputDataConfigOutput


class AudioBlock(TypedDict):
    format: AudioFormatType
    source: AudioSourceUnion
    error: NotRequired[ErrorBlock]


class AudioBlockOutput(TypedDict):
    format: AudioFormatType
    source: AudioSourceOutput
    error: NotRequired[ErrorBlock]


class AudioSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]
    s3Location: NotRequired[S3Location]


class AudioSourceOutput(TypedDict):
    bytes: NotRequired[bytes]
    s3Location: NotRequired[S3Location]


class AutoToolChoice(TypedDict): ...


class CacheDetail(TypedDict):
    ttl: CacheTTLType
    inputTokens: int


class CachePointBlock(TypedDict):
    type: CachePointType
    ttl: NotRequired[CacheTTLType]


class Citation(TypedDict):
    title: NotRequired[str]
    source: NotRequired[str]
    sourceContent: NotRequired[Sequence[CitationSourceContentUnion]]
    location: NotRequired[CitationLocationUnion]


class CitationGeneratedContent(TypedDict):
    text: NotRequired[str]


class CitationGeneratedContentOutput(TypedDict):
    text: str


class CitationLocation(TypedDict):
    web: NotRequired[WebLocation]
    documentChar: NotRequired[DocumentCharLocation]
    documentPage: NotRequired[DocumentPageLocation]
    documentChunk: NotRequired[DocumentChunkLocation]
    searchResultLocation: NotRequired[SearchResultLocation]


class CitationLocationOutput(TypedDict):
    web: NotRequired[WebLocation]
    documentChar: NotRequired[DocumentCharLocation]
    documentPage: NotRequired[DocumentPageLocation]
    documentChunk: NotRequired[DocumentChunkLocation]
    searchResultLocation: NotRequired[SearchResultLocation]


class CitationOutput(TypedDict):
    title: NotRequired[str]
    source: NotRequired[str]
    sourceContent: NotRequired[list[CitationSourceContentOutput]]
    location: NotRequired[CitationLocationOutput]


class CitationSourceContent(TypedDict):
    text: NotRequired[str]


class CitationSourceContentDelta(TypedDict):
    text: NotRequired[str]


class CitationSourceContentOutput(TypedDict):
    text: str


class CitationsConfig(TypedDict):
    enabled: bool


class CitationsContentBlock(TypedDict):
    content: NotRequired[Sequence[CitationGeneratedContentUnion]]
    citations: NotRequired[Sequence[CitationUnion]]


class CitationsContentBlockOutput(TypedDict):
    content: NotRequired[list[CitationGeneratedContentOutput]]
    citations: NotRequired[list[CitationOutput]]


class CitationsDelta(TypedDict):
    title: NotRequired[str]
    source: NotRequired[str]
    sourceContent: NotRequired[list[CitationSourceContentDelta]]
    location: NotRequired[CitationLocationOutput]


class ContentBlock(TypedDict):
    text: NotRequired[str]
    image: NotRequired[ImageBlockUnion]
    document: NotRequired[DocumentBlockUnion]
    video: NotRequired[VideoBlockUnion]
    audio: NotRequired[AudioBlockUnion]
    toolUse: NotRequired[ToolUseBlock]
    toolResult: NotRequired[ToolResultBlockUnion]
    guardContent: NotRequired[GuardrailConverseContentBlockUnion]
    cachePoint: NotRequired[CachePointBlock]
    reasoningContent: NotRequired[ReasoningContentBlockUnion]
    citationsContent: NotRequired[CitationsContentBlockUnion]
    searchResult: NotRequired[SearchResultBlockUnion]
    toolAddition: NotRequired[ToolAdditionBlock]
    toolRemoval: NotRequired[ToolRemovalBlock]


class ContentBlockDelta(TypedDict):
    text: NotRequired[str]
    toolUse: NotRequired[ToolUseBlockDelta]
    toolResult: NotRequired[list[ToolResultBlockDelta]]
    reasoningContent: NotRequired[ReasoningContentBlockDelta]
    citation: NotRequired[CitationsDelta]
    image: NotRequired[ImageBlockDelta]


class ContentBlockDeltaEvent(TypedDict):
    delta: ContentBlockDelta
    contentBlockIndex: int


class ContentBlockOutput(TypedDict):
    text: NotRequired[str]
    image: NotRequired[ImageBlockOutput]
    document: NotRequired[DocumentBlockOutput]
    video: NotRequired[VideoBlockOutput]
    audio: NotRequired[AudioBlockOutput]
    toolUse: NotRequired[ToolUseBlock]
    toolResult: NotRequired[ToolResultBlockOutput]
    guardContent: NotRequired[GuardrailConverseContentBlockOutput]
    cachePoint: NotRequired[CachePointBlock]
    reasoningContent: NotRequired[ReasoningContentBlockOutput]
    citationsContent: NotRequired[CitationsContentBlockOutput]
    searchResult: NotRequired[SearchResultBlockOutput]
    toolAddition: NotRequired[ToolAdditionBlock]
    toolRemoval: NotRequired[ToolRemovalBlock]


class ContentBlockStart(TypedDict):
    toolUse: NotRequired[ToolUseBlockStart]
    toolResult: NotRequired[ToolResultBlockStart]
    image: NotRequired[ImageBlockStart]


class ContentBlockStartEvent(TypedDict):
    start: ContentBlockStart
    contentBlockIndex: int


class ContentBlockStopEvent(TypedDict):
    contentBlockIndex: int


class ConverseMetrics(TypedDict):
    latencyMs: int


class ConverseOutput(TypedDict):
    message: MessageOutput


class ConverseRequest(TypedDict):
    modelId: str
    messages: NotRequired[Sequence[MessageUnion]]
    system: NotRequired[Sequence[SystemContentBlock]]
    inferenceConfig: NotRequired[InferenceConfiguration]
    toolConfig: NotRequired[ToolConfiguration]
    guardrailConfig: NotRequired[GuardrailConfiguration]
    projectIdentifier: NotRequired[str]
    additionalModelRequestFields: NotRequired[Any]
    promptVariables: NotRequired[Mapping[str, PromptVariableValues]]
    additionalModelResponseFieldPaths: NotRequired[Sequence[str]]
    requestMetadata: NotRequired[Mapping[str, str]]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]
    outputConfig: NotRequired[OutputConfig]


class ConverseResponse(TypedDict):
    output: ConverseOutput
    stopReason: StopReasonType
    usage: TokenUsage
    metrics: ConverseMetrics
    additionalModelResponseFields: NotRequired[Any]
    trace: NotRequired[ConverseTrace]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]
    ResponseMetadata: ResponseMetadata


class ConverseStreamMetadataEvent(TypedDict):
    usage: TokenUsage
    metrics: ConverseStreamMetrics
    trace: NotRequired[ConverseStreamTrace]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]


class ConverseStreamMetrics(TypedDict):
    latencyMs: int


class ConverseStreamOutput(TypedDict):
    messageStart: NotRequired[MessageStartEvent]
    contentBlockStart: NotRequired[ContentBlockStartEvent]
    contentBlockDelta: NotRequired[ContentBlockDeltaEvent]
    contentBlockStop: NotRequired[ContentBlockStopEvent]
    messageStop: NotRequired[MessageStopEvent]
    metadata: NotRequired[ConverseStreamMetadataEvent]


class ConverseStreamRequest(TypedDict):
    modelId: str
    messages: NotRequired[Sequence[MessageUnion]]
    system: NotRequired[Sequence[SystemContentBlock]]
    inferenceConfig: NotRequired[InferenceConfiguration]
    toolConfig: NotRequired[ToolConfiguration]
    guardrailConfig: NotRequired[GuardrailStreamConfiguration]
    projectIdentifier: NotRequired[str]
    additionalModelRequestFields: NotRequired[Any]
    promptVariables: NotRequired[Mapping[str, PromptVariableValues]]
    additionalModelResponseFieldPaths: NotRequired[Sequence[str]]
    requestMetadata: NotRequired[Mapping[str, str]]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]
    outputConfig: NotRequired[OutputConfig]


class ConverseStreamResponse(TypedDict):
    stream: EventStream[ConverseStreamOutput]
    ResponseMetadata: ResponseMetadata


class ConverseStreamTrace(TypedDict):
    guardrail: NotRequired[GuardrailTraceAssessment]
    promptRouter: NotRequired[PromptRouterTrace]


class ConverseTokensRequest(TypedDict):
    messages: NotRequired[Sequence[MessageUnion]]
    system: NotRequired[Sequence[SystemContentBlock]]
    toolConfig: NotRequired[ToolConfiguration]
    additionalModelRequestFields: NotRequired[Any]


class ConverseTrace(TypedDict):
    guardrail: NotRequired[GuardrailTraceAssessment]
    promptRouter: NotRequired[PromptRouterTrace]


class CountTokensInput(TypedDict):
    invokeModel: NotRequired[InvokeModelTokensRequest]
    converse: NotRequired[ConverseTokensRequest]


class CountTokensRequest(TypedDict):
    modelId: str
    input: CountTokensInput


class CountTokensResponse(TypedDict):
    inputTokens: int
    ResponseMetadata: ResponseMetadata


class DocumentBlock(TypedDict):
    format: NotRequired[DocumentFormatType]
    name: str
    source: DocumentSourceUnion
    context: NotRequired[str]
    citations: NotRequired[CitationsConfig]


class DocumentBlockOutput(TypedDict):
    format: NotRequired[DocumentFormatType]
    name: str
    source: DocumentSourceOutput
    context: NotRequired[str]
    citations: NotRequired[CitationsConfig]


class DocumentCharLocation(TypedDict):
    documentIndex: NotRequired[int]
    start: NotRequired[int]
    end: NotRequired[int]


class DocumentChunkLocation(TypedDict):
    documentIndex: NotRequired[int]
    start: NotRequired[int]
    end: NotRequired[int]


class DocumentContentBlock(TypedDict):
    text: NotRequired[str]


class DocumentContentBlockOutput(TypedDict):
    text: str


class DocumentPageLocation(TypedDict):
    documentIndex: NotRequired[int]
    start: NotRequired[int]
    end: NotRequired[int]


class DocumentSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]
    s3Location: NotRequired[S3Location]
    text: NotRequired[str]
    content: NotRequired[Sequence[DocumentContentBlockUnion]]


class DocumentSourceOutput(TypedDict):
    bytes: NotRequired[bytes]
    s3Location: NotRequired[S3Location]
    text: NotRequired[str]
    content: NotRequired[list[DocumentContentBlockOutput]]


class ErrorBlock(TypedDict):
    message: NotRequired[str]


class GetAsyncInvokeRequest(TypedDict):
    invocationArn: str


class GetAsyncInvokeResponse(TypedDict):
    invocationArn: str
    modelArn: str
    clientRequestToken: NotRequired[str]
    status: AsyncInvokeStatusType
    failureMessage: NotRequired[str]
    submitTime: datetime
    lastModifiedTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    outputDataConfig: AsyncInvokeOutputDataConfigOutput
    ResponseMetadata: ResponseMetadata


class GuardrailAssessment(TypedDict):
    topicPolicy: NotRequired[GuardrailTopicPolicyAssessment]
    contentPolicy: NotRequired[GuardrailContentPolicyAssessment]
    wordPolicy: NotRequired[GuardrailWordPolicyAssessment]
    sensitiveInformationPolicy: NotRequired[GuardrailSensitiveInformationPolicyAssessment]
    contextualGroundingPolicy: NotRequired[GuardrailContextualGroundingPolicyAssessment]
    automatedReasoningPolicy: NotRequired[GuardrailAutomatedReasoningPolicyAssessment]
    invocationMetrics: NotRequired[GuardrailInvocationMetrics]
    appliedGuardrailDetails: NotRequired[AppliedGuardrailDetails]


class GuardrailAutomatedReasoningFinding(TypedDict):
    valid: NotRequired[GuardrailAutomatedReasoningValidFinding]
    invalid: NotRequired[GuardrailAutomatedReasoningInvalidFinding]
    satisfiable: NotRequired[GuardrailAutomatedReasoningSatisfiableFinding]
    impossible: NotRequired[GuardrailAutomatedReasoningImpossibleFinding]
    translationAmbiguous: NotRequired[GuardrailAutomatedReasoningTranslationAmbiguousFinding]
    tooComplex: NotRequired[GuardrailAutomatedReasoningTooComplexFinding]
    noTranslations: NotRequired[GuardrailAutomatedReasoningNoTranslationsFinding]


class GuardrailAutomatedReasoningImpossibleFinding(TypedDict):
    translation: NotRequired[GuardrailAutomatedReasoningTranslation]
    contradictingRules: NotRequired[list[GuardrailAutomatedReasoningRule]]
    logicWarning: NotRequired[GuardrailAutomatedReasoningLogicWarning]


class GuardrailAutomatedReasoningInputTextReference(TypedDict):
    text: NotRequired[str]


class GuardrailAutomatedReasoningInvalidFinding(TypedDict):
    translation: NotRequired[GuardrailAutomatedReasoningTranslation]
    contradictingRules: NotRequired[list[GuardrailAutomatedReasoningRule]]
    logicWarning: NotRequired[GuardrailAutomatedReasoningLogicWarning]


class GuardrailAutomatedReasoningLogicWarning(TypedDict):
    type: NotRequired[GuardrailAutomatedReasoningLogicWarningType]
    premises: NotRequired[list[GuardrailAutomatedReasoningStatement]]
    claims: NotRequired[list[GuardrailAutomatedReasoningStatement]]


class GuardrailAutomatedReasoningNoTranslationsFinding(TypedDict): ...


class GuardrailAutomatedReasoningPolicyAssessment(TypedDict):
    findings: NotRequired[list[GuardrailAutomatedReasoningFinding]]


class GuardrailAutomatedReasoningRule(TypedDict):
    identifier: NotRequired[str]
    policyVersionArn: NotRequired[str]


class GuardrailAutomatedReasoningSatisfiableFinding(TypedDict):
    translation: NotRequired[GuardrailAutomatedReasoningTranslation]
    claimsTrueScenario: NotRequired[GuardrailAutomatedReasoningScenario]
    claimsFalseScenario: NotRequired[GuardrailAutomatedReasoningScenario]
    logicWarning: NotRequired[GuardrailAutomatedReasoningLogicWarning]


class GuardrailAutomatedReasoningScenario(TypedDict):
    statements: NotRequired[list[GuardrailAutomatedReasoningStatement]]


class GuardrailAutomatedReasoningStatement(TypedDict):
    logic: NotRequired[str]
    naturalLanguage: NotRequired[str]


class GuardrailAutomatedReasoningTooComplexFinding(TypedDict): ...


class GuardrailAutomatedReasoningTranslation(TypedDict):
    premises: NotRequired[list[GuardrailAutomatedReasoningStatement]]
    claims: NotRequired[list[GuardrailAutomatedReasoningStatement]]
    untranslatedPremises: NotRequired[list[GuardrailAutomatedReasoningInputTextReference]]
    untranslatedClaims: NotRequired[list[GuardrailAutomatedReasoningInputTextReference]]
    confidence: NotRequired[float]


class GuardrailAutomatedReasoningTranslationAmbiguousFinding(TypedDict):
    options: NotRequired[list[GuardrailAutomatedReasoningTranslationOption]]
    differenceScenarios: NotRequired[list[GuardrailAutomatedReasoningScenario]]


class GuardrailAutomatedReasoningTranslationOption(TypedDict):
    translations: NotRequired[list[GuardrailAutomatedReasoningTranslation]]


class GuardrailAutomatedReasoningValidFinding(TypedDict):
    translation: NotRequired[GuardrailAutomatedReasoningTranslation]
    claimsTrueScenario: NotRequired[GuardrailAutomatedReasoningScenario]
    supportingRules: NotRequired[list[GuardrailAutomatedReasoningRule]]
    logicWarning: NotRequired[GuardrailAutomatedReasoningLogicWarning]


class GuardrailChecksConfig(TypedDict):
    contentFilter: NotRequired[GuardrailChecksContentFilterConfig]
    promptAttack: NotRequired[GuardrailChecksPromptAttackConfig]
    sensitiveInformation: NotRequired[GuardrailChecksSensitiveInformationConfig]


class GuardrailChecksContentBlock(TypedDict):
    text: NotRequired[str]


class GuardrailChecksContentFilterCategoryConfig(TypedDict):
    category: GuardrailChecksContentFilterCategoryType


class GuardrailChecksContentFilterConfig(TypedDict):
    categories: Sequence[GuardrailChecksContentFilterCategoryConfig]


class GuardrailChecksContentFilterResult(TypedDict):
    results: list[GuardrailChecksContentFilterResultEntry]


class GuardrailChecksContentFilterResultEntry(TypedDict):
    category: GuardrailChecksContentFilterCategoryType
    severityScore: float


class GuardrailChecksContentFilterUsage(TypedDict):
    textUnits: int


class GuardrailChecksMessage(TypedDict):
    role: GuardrailChecksRoleType
    content: Sequence[GuardrailChecksContentBlock]


class GuardrailChecksPromptAttackCategoryConfig(TypedDict):
    category: GuardrailChecksPromptAttackCategoryType


class GuardrailChecksPromptAttackConfig(TypedDict):
    categories: Sequence[GuardrailChecksPromptAttackCategoryConfig]


class GuardrailChecksPromptAttackResult(TypedDict):
    results: list[GuardrailChecksPromptAttackResultEntry]


class GuardrailChecksPromptAttackResultEntry(TypedDict):
    category: GuardrailChecksPromptAttackCategoryType
    severityScore: float


class GuardrailChecksPromptAttackUsage(TypedDict):
    textUnits: int


class GuardrailChecksResults(TypedDict):
    contentFilter: NotRequired[GuardrailChecksContentFilterResult]
    promptAttack: NotRequired[GuardrailChecksPromptAttackResult]
    sensitiveInformation: NotRequired[GuardrailChecksSensitiveInformationResult]


class GuardrailChecksSensitiveInformationConfig(TypedDict):
    entities: Sequence[GuardrailChecksSensitiveInformationEntityConfig]


class GuardrailChecksSensitiveInformationEntityConfig(TypedDict):
    type: GuardrailChecksSensitiveInformationEntityType


class GuardrailChecksSensitiveInformationResult(TypedDict):
    results: list[GuardrailChecksSensitiveInformationResultEntry]
    truncated: NotRequired[bool]


class GuardrailChecksSensitiveInformationResultEntry(TypedDict):
    type: GuardrailChecksSensitiveInformationEntityType
    confidenceScore: float
    beginOffset: int
    endOffset: int
    messageIndex: int
    contentIndex: int


class GuardrailChecksSensitiveInformationUsage(TypedDict):
    textUnits: int


class GuardrailChecksUsageResults(TypedDict):
    contentFilter: NotRequired[GuardrailChecksContentFilterUsage]
    promptAttack: NotRequired[GuardrailChecksPromptAttackUsage]
    sensitiveInformation: NotRequired[GuardrailChecksSensitiveInformationUsage]


class GuardrailConfiguration(TypedDict):
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    trace: NotRequired[GuardrailTraceType]


class GuardrailContentBlock(TypedDict):
    text: NotRequired[GuardrailTextBlock]
    image: NotRequired[GuardrailImageBlock]


class GuardrailContentFilter(TypedDict):
    type: GuardrailContentFilterType
    confidence: GuardrailContentFilterConfidenceType
    filterStrength: NotRequired[GuardrailContentFilterStrengthType]
    action: GuardrailContentPolicyActionType
    detected: NotRequired[bool]


class GuardrailContentPolicyAssessment(TypedDict):
    filters: list[GuardrailContentFilter]


class GuardrailContextualGroundingFilter(TypedDict):
    type: GuardrailContextualGroundingFilterType
    threshold: float
    score: float
    action: GuardrailContextualGroundingPolicyActionType
    detected: NotRequired[bool]


class GuardrailContextualGroundingPolicyAssessment(TypedDict):
    filters: NotRequired[list[GuardrailContextualGroundingFilter]]


class GuardrailConverseContentBlock(TypedDict):
    text: NotRequired[GuardrailConverseTextBlockUnion]
    image: NotRequired[GuardrailConverseImageBlockUnion]


class GuardrailConverseContentBlockOutput(TypedDict):
    text: NotRequired[GuardrailConverseTextBlockOutput]
    image: NotRequired[GuardrailConverseImageBlockOutput]


class GuardrailConverseImageBlock(TypedDict):
    format: GuardrailConverseImageFormatType
    source: GuardrailConverseImageSourceUnion


class GuardrailConverseImageBlockOutput(TypedDict):
    format: GuardrailConverseImageFormatType
    source: GuardrailConverseImageSourceOutput


class GuardrailConverseImageSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]


class GuardrailConverseImageSourceOutput(TypedDict):
    bytes: bytes


class GuardrailConverseTextBlock(TypedDict):
    text: str
    qualifiers: NotRequired[Sequence[GuardrailConverseContentQualifierType]]


class GuardrailConverseTextBlockOutput(TypedDict):
    text: str
    qualifiers: NotRequired[list[GuardrailConverseContentQualifierType]]


class GuardrailCoverage(TypedDict):
    textCharacters: NotRequired[GuardrailTextCharactersCoverage]
    images: NotRequired[GuardrailImageCoverage]


class GuardrailCustomWord(TypedDict):
    match: str
    action: GuardrailWordPolicyActionType
    detected: NotRequired[bool]


class GuardrailImageBlock(TypedDict):
    format: GuardrailImageFormatType
    source: GuardrailImageSource


class GuardrailImageCoverage(TypedDict):
    guarded: NotRequired[int]
    total: NotRequired[int]


class GuardrailImageSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]


class GuardrailInvocationMetrics(TypedDict):
    guardrailProcessingLatency: NotRequired[int]
    usage: NotRequired[GuardrailUsage]
    guardrailCoverage: NotRequired[GuardrailCoverage]


class GuardrailManagedWord(TypedDict):
    match: str
    type: GuardrailManagedWordType
    action: GuardrailWordPolicyActionType
    detected: NotRequired[bool]


class GuardrailOutputContent(TypedDict):
    text: NotRequired[str]


class GuardrailPiiEntityFilter(TypedDict):
    match: str
    type: GuardrailPiiEntityType
    action: GuardrailSensitiveInformationPolicyActionType
    detected: NotRequired[bool]


class GuardrailRegexFilter(TypedDict):
    name: NotRequired[str]
    match: NotRequired[str]
    regex: NotRequired[str]
    action: GuardrailSensitiveInformationPolicyActionType
    detected: NotRequired[bool]


class GuardrailSensitiveInformationPolicyAssessment(TypedDict):
    piiEntities: list[GuardrailPiiEntityFilter]
    regexes: list[GuardrailRegexFilter]


class GuardrailStreamConfiguration(TypedDict):
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    trace: NotRequired[GuardrailTraceType]
    streamProcessingMode: NotRequired[GuardrailStreamProcessingModeType]


class GuardrailTextBlock(TypedDict):
    text: str
    qualifiers: NotRequired[Sequence[GuardrailContentQualifierType]]


class GuardrailTextCharactersCoverage(TypedDict):
    guarded: NotRequired[int]
    total: NotRequired[int]


class GuardrailTopic(TypedDict):
    name: str
    type: GuardrailTopicType
    action: GuardrailTopicPolicyActionType
    detected: NotRequired[bool]


class GuardrailTopicPolicyAssessment(TypedDict):
    topics: list[GuardrailTopic]


class GuardrailTraceAssessment(TypedDict):
    modelOutput: NotRequired[list[str]]
    inputAssessment: NotRequired[dict[str, GuardrailAssessment]]
    outputAssessments: NotRequired[dict[str, list[GuardrailAssessment]]]
    actionReason: NotRequired[str]


class GuardrailUsage(TypedDict):
    topicPolicyUnits: int
    contentPolicyUnits: int
    wordPolicyUnits: int
    sensitiveInformationPolicyUnits: int
    sensitiveInformationPolicyFreeUnits: int
    contextualGroundingPolicyUnits: int
    contentPolicyImageUnits: NotRequired[int]
    automatedReasoningPolicyUnits: NotRequired[int]
    automatedReasoningPolicies: NotRequired[int]


class GuardrailWordPolicyAssessment(TypedDict):
    customWords: list[GuardrailCustomWord]
    managedWordLists: list[GuardrailManagedWord]


class ImageBlock(TypedDict):
    format: ImageFormatType
    source: ImageSourceUnion
    error: NotRequired[ErrorBlock]


class ImageBlockDelta(TypedDict):
    source: NotRequired[ImageSourceOutput]
    error: NotRequired[ErrorBlock]


class ImageBlockOutput(TypedDict):
    format: ImageFormatType
    source: ImageSourceOutput
    error: NotRequired[ErrorBlock]


class ImageBlockStart(TypedDict):
    format: ImageFormatType


class ImageSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]
    s3Location: NotRequired[S3Location]


class ImageSourceOutput(TypedDict):
    bytes: NotRequired[bytes]
    s3Location: NotRequired[S3Location]


class InferenceConfiguration(TypedDict):
    maxTokens: NotRequired[int]
    temperature: NotRequired[float]
    topP: NotRequired[float]
    stopSequences: NotRequired[Sequence[str]]


class InvokeGuardrailChecksRequest(TypedDict):
    messages: Sequence[GuardrailChecksMessage]
    checks: GuardrailChecksConfig


class InvokeGuardrailChecksResponse(TypedDict):
    results: GuardrailChecksResults
    usage: GuardrailChecksUsageResults
    ResponseMetadata: ResponseMetadata


class InvokeModelRequest(TypedDict):
    body: NotRequired[bytes | bytearray | str | IO[bytes] | IO[str]]
    contentType: NotRequired[str]
    accept: NotRequired[str]
    modelId: str
    trace: NotRequired[TraceType]
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    requestMetadata: NotRequired[str]
    projectIdentifier: NotRequired[str]


class InvokeModelResponse(TypedDict):
    body: StreamingBody
    contentType: str
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    ResponseMetadata: ResponseMetadata


class InvokeModelTokensRequest(TypedDict):
    body: bytes | bytearray


class InvokeModelWithResponseStreamRequest(TypedDict):
    body: NotRequired[bytes | bytearray | str | IO[bytes] | IO[str]]
    contentType: NotRequired[str]
    accept: NotRequired[str]
    modelId: str
    trace: NotRequired[TraceType]
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    requestMetadata: NotRequired[str]
    projectIdentifier: NotRequired[str]


class InvokeModelWithResponseStreamResponse(TypedDict):
    body: EventStream[ResponseStream]
    contentType: str
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    ResponseMetadata: ResponseMetadata


class JsonSchemaDefinition(TypedDict):
    schema: str
    name: NotRequired[str]
    description: NotRequired[str]


class ListAsyncInvokesRequest(TypedDict):
    submitTimeAfter: NotRequired[datetime | str | float]
    submitTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[AsyncInvokeStatusType]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortAsyncInvocationByType]
    sortOrder: NotRequired[SortOrderType]


class ListAsyncInvokesResponse(TypedDict):
    nextToken: NotRequired[str]
    asyncInvokeSummaries: list[AsyncInvokeSummary]
    ResponseMetadata: ResponseMetadata


class Message(TypedDict):
    role: ConversationRoleType
    content: Sequence[ContentBlockUnion]


class MessageOutput(TypedDict):
    role: ConversationRoleType
    content: list[ContentBlockOutput]


class MessageStartEvent(TypedDict):
    role: ConversationRoleType


class MessageStopEvent(TypedDict):
    stopReason: StopReasonType
    additionalModelResponseFields: NotRequired[Any]


class OutputConfig(TypedDict):
    textFormat: NotRequired[OutputFormat]
    effort: NotRequired[str]


class OutputFormat(TypedDict):
    type: OutputFormatType
    structure: OutputFormatStructure


class OutputFormatStructure(TypedDict):
    jsonSchema: NotRequired[JsonSchemaDefinition]


class PayloadPart(TypedDict):
    bytes: NotRequired[bytes]


class PerformanceConfiguration(TypedDict):
    latency: NotRequired[PerformanceConfigLatencyType]


class PromptRouterTrace(TypedDict):
    invokedModelId: NotRequired[str]


class PromptVariableValues(TypedDict):
    text: NotRequired[str]


class ReasoningContentBlock(TypedDict):
    reasoningText: NotRequired[ReasoningTextBlock]
    redactedContent: NotRequired[bytes | bytearray]


class ReasoningContentBlockDelta(TypedDict):
    text: NotRequired[str]
    redactedContent: NotRequired[bytes]
    signature: NotRequired[str]


class ReasoningContentBlockOutput(TypedDict):
    reasoningText: NotRequired[ReasoningTextBlock]
    redactedContent: NotRequired[bytes]


class ReasoningTextBlock(TypedDict):
    text: str
    signature: NotRequired[str]


class ResponseStream(TypedDict):
    chunk: PayloadPart


class RoutedConverseRequest(TypedDict):
    modelId: NotRequired[str]
    messages: NotRequired[Sequence[MessageUnion]]
    system: NotRequired[Sequence[SystemContentBlock]]
    inferenceConfig: NotRequired[InferenceConfiguration]
    toolConfig: NotRequired[ToolConfiguration]
    guardrailConfig: NotRequired[GuardrailConfiguration]
    projectIdentifier: NotRequired[str]
    additionalModelRequestFields: NotRequired[Any]
    promptVariables: NotRequired[Mapping[str, PromptVariableValues]]
    additionalModelResponseFieldPaths: NotRequired[Sequence[str]]
    requestMetadata: NotRequired[Mapping[str, str]]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]
    outputConfig: NotRequired[OutputConfig]


class RoutedConverseStreamRequest(TypedDict):
    modelId: NotRequired[str]
    messages: NotRequired[Sequence[MessageUnion]]
    system: NotRequired[Sequence[SystemContentBlock]]
    inferenceConfig: NotRequired[InferenceConfiguration]
    toolConfig: NotRequired[ToolConfiguration]
    guardrailConfig: NotRequired[GuardrailStreamConfiguration]
    projectIdentifier: NotRequired[str]
    additionalModelRequestFields: NotRequired[Any]
    promptVariables: NotRequired[Mapping[str, PromptVariableValues]]
    additionalModelResponseFieldPaths: NotRequired[Sequence[str]]
    requestMetadata: NotRequired[Mapping[str, str]]
    performanceConfig: NotRequired[PerformanceConfiguration]
    serviceTier: NotRequired[ServiceTier]
    outputConfig: NotRequired[OutputConfig]


class RoutedCountTokensRequest(TypedDict):
    modelId: NotRequired[str]
    input: CountTokensInput


class RoutedInvokeModelRequest(TypedDict):
    body: NotRequired[bytes | bytearray | str | IO[bytes] | IO[str]]
    contentType: NotRequired[str]
    accept: NotRequired[str]
    modelId: NotRequired[str]
    trace: NotRequired[TraceType]
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    requestMetadata: NotRequired[str]
    projectIdentifier: NotRequired[str]


class RoutedInvokeModelWithResponseStreamRequest(TypedDict):
    body: NotRequired[bytes | bytearray | str | IO[bytes] | IO[str]]
    contentType: NotRequired[str]
    accept: NotRequired[str]
    modelId: NotRequired[str]
    trace: NotRequired[TraceType]
    guardrailIdentifier: NotRequired[str]
    guardrailVersion: NotRequired[str]
    performanceConfigLatency: NotRequired[PerformanceConfigLatencyType]
    serviceTier: NotRequired[ServiceTierType]
    requestMetadata: NotRequired[str]
    projectIdentifier: NotRequired[str]


class S3Location(TypedDict):
    uri: str
    bucketOwner: NotRequired[str]


class SearchResultBlock(TypedDict):
    source: str
    title: str
    content: Sequence[SearchResultContentBlock]
    citations: NotRequired[CitationsConfig]


class SearchResultBlockOutput(TypedDict):
    source: str
    title: str
    content: list[SearchResultContentBlock]
    citations: NotRequired[CitationsConfig]


class SearchResultContentBlock(TypedDict):
    text: str


class SearchResultLocation(TypedDict):
    searchResultIndex: NotRequired[int]
    start: NotRequired[int]
    end: NotRequired[int]


class ServiceTier(TypedDict):
    type: ServiceTierType


class SpecificToolChoice(TypedDict):
    name: str


class StartAsyncInvokeRequest(TypedDict):
    clientRequestToken: NotRequired[str]
    modelId: str
    modelInput: Any
    outputDataConfig: AsyncInvokeOutputDataConfigUnion
    tags: NotRequired[Sequence[Tag]]


class StartAsyncInvokeResponse(TypedDict):
    invocationArn: str
    ResponseMetadata: ResponseMetadata


class SystemContentBlock(TypedDict):
    text: NotRequired[str]
    guardContent: NotRequired[GuardrailConverseContentBlockUnion]
    cachePoint: NotRequired[CachePointBlock]


class SystemTool(TypedDict):
    name: str


class Tag(TypedDict):
    key: str
    value: str


class TokenUsage(TypedDict):
    inputTokens: int
    outputTokens: int
    totalTokens: int
    cacheReadInputTokens: NotRequired[int]
    cacheWriteInputTokens: NotRequired[int]
    cacheDetails: NotRequired[list[CacheDetail]]


class Tool(TypedDict):
    toolSpec: NotRequired[ToolSpecification]
    systemTool: NotRequired[SystemTool]
    cachePoint: NotRequired[CachePointBlock]


class ToolAdditionBlock(TypedDict):
    tool: ToolReference


class ToolChoice(TypedDict):
    auto: NotRequired[AutoToolChoice]
    any: NotRequired[AnyToolChoice]
    tool: NotRequired[SpecificToolChoice]


class ToolConfiguration(TypedDict):
    tools: Sequence[Tool]
    toolChoice: NotRequired[ToolChoice]


class ToolInputSchema(TypedDict):
    json: NotRequired[Any]


class ToolReference(TypedDict):
    type: NotRequired[str]
    name: NotRequired[str]
    serverName: NotRequired[str]


class ToolRemovalBlock(TypedDict):
    tool: ToolReference


class ToolResultBlock(TypedDict):
    toolUseId: str
    content: Sequence[ToolResultContentBlockUnion]
    status: NotRequired[ToolResultStatusType]
    type: NotRequired[str]


class ToolResultBlockDelta(TypedDict):
    text: NotRequired[str]
    json: NotRequired[Any]


class ToolResultBlockOutput(TypedDict):
    toolUseId: str
    content: list[ToolResultContentBlockOutput]
    status: NotRequired[ToolResultStatusType]
    type: NotRequired[str]


class ToolResultBlockStart(TypedDict):
    toolUseId: str
    type: NotRequired[str]
    status: NotRequired[ToolResultStatusType]


class ToolResultContentBlock(TypedDict):
    json: NotRequired[Any]
    text: NotRequired[str]
    image: NotRequired[ImageBlockUnion]
    document: NotRequired[DocumentBlockUnion]
    video: NotRequired[VideoBlockUnion]
    searchResult: NotRequired[SearchResultBlockUnion]


class ToolResultContentBlockOutput(TypedDict):
    json: NotRequired[Any]
    text: NotRequired[str]
    image: NotRequired[ImageBlockOutput]
    document: NotRequired[DocumentBlockOutput]
    video: NotRequired[VideoBlockOutput]
    searchResult: NotRequired[SearchResultBlockOutput]


class ToolSpecification(TypedDict):
    name: str
    description: NotRequired[str]
    inputSchema: ToolInputSchema
    strict: NotRequired[bool]


class ToolUseBlock(TypedDict):
    toolUseId: str
    name: str
    input: Any
    type: NotRequired[ToolUseType]


class ToolUseBlockDelta(TypedDict):
    input: str


class ToolUseBlockStart(TypedDict):
    toolUseId: str
    name: str
    type: NotRequired[ToolUseType]


class VideoBlock(TypedDict):
    format: VideoFormatType
    source: VideoSourceUnion


class VideoBlockOutput(TypedDict):
    format: VideoFormatType
    source: VideoSourceOutput


class VideoSource(TypedDict):
    bytes: NotRequired[bytes | bytearray]
    s3Location: NotRequired[S3Location]


class VideoSourceOutput(TypedDict):
    bytes: NotRequired[bytes]
    s3Location: NotRequired[S3Location]


class WebLocation(TypedDict):
    url: NotRequired[str]
    domain: NotRequired[str]


AsyncInvokeOutputDataConfigUnion: TypeAlias = AsyncInvokeOutputDataConfig | AsyncInvokeOutputDataConfigOutput
AudioBlockUnion: TypeAlias = AudioBlock | AudioBlockOutput
AudioSourceUnion: TypeAlias = AudioSource | AudioSourceOutput
CitationGeneratedContentUnion: TypeAlias = CitationGeneratedContent | CitationGeneratedContentOutput
CitationLocationUnion: TypeAlias = CitationLocation | CitationLocationOutput
CitationSourceContentUnion: TypeAlias = CitationSourceContent | CitationSourceContentOutput
CitationUnion: TypeAlias = Citation | CitationOutput
CitationsContentBlockUnion: TypeAlias = CitationsContentBlock | CitationsContentBlockOutput
ContentBlockUnion: TypeAlias = ContentBlock | ContentBlockOutput
DocumentBlockUnion: TypeAlias = DocumentBlock | DocumentBlockOutput
DocumentContentBlockUnion: TypeAlias = DocumentContentBlock | DocumentContentBlockOutput
DocumentSourceUnion: TypeAlias = DocumentSource | DocumentSourceOutput
GuardrailConverseContentBlockUnion: TypeAlias = GuardrailConverseContentBlock | GuardrailConverseContentBlockOutput
GuardrailConverseImageBlockUnion: TypeAlias = GuardrailConverseImageBlock | GuardrailConverseImageBlockOutput
GuardrailConverseImageSourceUnion: TypeAlias = GuardrailConverseImageSource | GuardrailConverseImageSourceOutput
GuardrailConverseTextBlockUnion: TypeAlias = GuardrailConverseTextBlock | GuardrailConverseTextBlockOutput
ImageBlockUnion: TypeAlias = ImageBlock | ImageBlockOutput
ImageSourceUnion: TypeAlias = ImageSource | ImageSourceOutput
MessageUnion: TypeAlias = Message | MessageOutput
ReasoningContentBlockUnion: TypeAlias = ReasoningContentBlock | ReasoningContentBlockOutput
SearchResultBlockUnion: TypeAlias = SearchResultBlock | SearchResultBlockOutput
ToolResultBlockUnion: TypeAlias = ToolResultBlock | ToolResultBlockOutput
ToolResultContentBlockUnion: TypeAlias = ToolResultContentBlock | ToolResultContentBlockOutput
VideoBlockUnion: TypeAlias = VideoBlock | VideoBlockOutput
VideoSourceUnion: TypeAlias = VideoSource | VideoSourceOutput
