"""The types of `bedrock`'s requests and answers. Written by tools/stubs.py: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from outcrop.types._common import ResponseMetadata
from outcrop.types._typing import NotRequired, TypedDict

__all__ = [
    "AccountEnforcedGuardrailInferenceInputConfiguration",
    "AccountEnforcedGuardrailOutputConfiguration",
    "AdvancedPromptOptimizationInputConfig",
    "AdvancedPromptOptimizationJobStatusType",
    "AdvancedPromptOptimizationJobSummary",
    "AdvancedPromptOptimizationOutputConfig",
    "AgreementAvailability",
    "AgreementStatusType",
    "ApplicationType",
    "ArchiveProjectRequest",
    "ArchiveProjectResponse",
    "AttributeType",
    "AuthorizationStatusType",
    "AutomatedEvaluationConfig",
    "AutomatedEvaluationConfigOutput",
    "AutomatedEvaluationConfigUnion",
    "AutomatedEvaluationCustomMetricConfig",
    "AutomatedEvaluationCustomMetricConfigOutput",
    "AutomatedEvaluationCustomMetricConfigUnion",
    "AutomatedEvaluationCustomMetricSource",
    "AutomatedEvaluationCustomMetricSourceOutput",
    "AutomatedEvaluationCustomMetricSourceUnion",
    "AutomatedReasoningCheckFinding",
    "AutomatedReasoningCheckImpossibleFinding",
    "AutomatedReasoningCheckInputTextReference",
    "AutomatedReasoningCheckInvalidFinding",
    "AutomatedReasoningCheckLogicWarning",
    "AutomatedReasoningCheckLogicWarningType",
    "AutomatedReasoningCheckNoTranslationsFinding",
    "AutomatedReasoningCheckResultType",
    "AutomatedReasoningCheckRule",
    "AutomatedReasoningCheckSatisfiableFinding",
    "AutomatedReasoningCheckScenario",
    "AutomatedReasoningCheckTooComplexFinding",
    "AutomatedReasoningCheckTranslation",
    "AutomatedReasoningCheckTranslationAmbiguousFinding",
    "AutomatedReasoningCheckTranslationOption",
    "AutomatedReasoningCheckValidFinding",
    "AutomatedReasoningLogicStatement",
    "AutomatedReasoningPolicyAddRuleAnnotation",
    "AutomatedReasoningPolicyAddRuleFromNaturalLanguageAnnotation",
    "AutomatedReasoningPolicyAddRuleMutation",
    "AutomatedReasoningPolicyAddTypeAnnotation",
    "AutomatedReasoningPolicyAddTypeAnnotationOutput",
    "AutomatedReasoningPolicyAddTypeAnnotationUnion",
    "AutomatedReasoningPolicyAddTypeMutation",
    "AutomatedReasoningPolicyAddTypeValue",
    "AutomatedReasoningPolicyAddVariableAnnotation",
    "AutomatedReasoningPolicyAddVariableMutation",
    "AutomatedReasoningPolicyAnnotatedChunk",
    "AutomatedReasoningPolicyAnnotatedContent",
    "AutomatedReasoningPolicyAnnotatedLine",
    "AutomatedReasoningPolicyAnnotation",
    "AutomatedReasoningPolicyAnnotationOutput",
    "AutomatedReasoningPolicyAnnotationStatusType",
    "AutomatedReasoningPolicyAnnotationUnion",
    "AutomatedReasoningPolicyAtomicStatement",
    "AutomatedReasoningPolicyBuildDocumentContentType",
    "AutomatedReasoningPolicyBuildLog",
    "AutomatedReasoningPolicyBuildLogEntry",
    "AutomatedReasoningPolicyBuildMessageType",
    "AutomatedReasoningPolicyBuildResultAssetManifest",
    "AutomatedReasoningPolicyBuildResultAssetManifestEntry",
    "AutomatedReasoningPolicyBuildResultAssetType",
    "AutomatedReasoningPolicyBuildResultAssets",
    "AutomatedReasoningPolicyBuildStep",
    "AutomatedReasoningPolicyBuildStepContext",
    "AutomatedReasoningPolicyBuildStepMessage",
    "AutomatedReasoningPolicyBuildWorkflowDocument",
    "AutomatedReasoningPolicyBuildWorkflowRepairContent",
    "AutomatedReasoningPolicyBuildWorkflowSource",
    "AutomatedReasoningPolicyBuildWorkflowStatusType",
    "AutomatedReasoningPolicyBuildWorkflowSummary",
    "AutomatedReasoningPolicyBuildWorkflowType",
    "AutomatedReasoningPolicyDefinition",
    "AutomatedReasoningPolicyDefinitionElement",
    "AutomatedReasoningPolicyDefinitionOutput",
    "AutomatedReasoningPolicyDefinitionQualityReport",
    "AutomatedReasoningPolicyDefinitionRule",
    "AutomatedReasoningPolicyDefinitionType",
    "AutomatedReasoningPolicyDefinitionTypeOutput",
    "AutomatedReasoningPolicyDefinitionTypeUnion",
    "AutomatedReasoningPolicyDefinitionTypeValue",
    "AutomatedReasoningPolicyDefinitionTypeValuePair",
    "AutomatedReasoningPolicyDefinitionUnion",
    "AutomatedReasoningPolicyDefinitionVariable",
    "AutomatedReasoningPolicyDeleteRuleAnnotation",
    "AutomatedReasoningPolicyDeleteRuleMutation",
    "AutomatedReasoningPolicyDeleteTypeAnnotation",
    "AutomatedReasoningPolicyDeleteTypeMutation",
    "AutomatedReasoningPolicyDeleteTypeValue",
    "AutomatedReasoningPolicyDeleteVariableAnnotation",
    "AutomatedReasoningPolicyDeleteVariableMutation",
    "AutomatedReasoningPolicyDisjointRuleSet",
    "AutomatedReasoningPolicyFidelityReport",
    "AutomatedReasoningPolicyGenerateFidelityReportContent",
    "AutomatedReasoningPolicyGeneratedTestCase",
    "AutomatedReasoningPolicyGeneratedTestCases",
    "AutomatedReasoningPolicyIngestContentAnnotation",
    "AutomatedReasoningPolicyIterativeRefinementContent",
    "AutomatedReasoningPolicyMutation",
    "AutomatedReasoningPolicyPlanning",
    "AutomatedReasoningPolicyReportSourceDocument",
    "AutomatedReasoningPolicyRuleReport",
    "AutomatedReasoningPolicyScenario",
    "AutomatedReasoningPolicyScenarios",
    "AutomatedReasoningPolicySourceDocument",
    "AutomatedReasoningPolicyStatementLocation",
    "AutomatedReasoningPolicyStatementReference",
    "AutomatedReasoningPolicySummary",
    "AutomatedReasoningPolicyTestCase",
    "AutomatedReasoningPolicyTestResult",
    "AutomatedReasoningPolicyTestRunResultType",
    "AutomatedReasoningPolicyTestRunStatusType",
    "AutomatedReasoningPolicyTypeValueAnnotation",
    "AutomatedReasoningPolicyTypeValueAnnotationOutput",
    "AutomatedReasoningPolicyTypeValueAnnotationUnion",
    "AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotation",
    "AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationOutput",
    "AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationUnion",
    "AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotation",
    "AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationOutput",
    "AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationUnion",
    "AutomatedReasoningPolicyUpdateRuleAnnotation",
    "AutomatedReasoningPolicyUpdateRuleMutation",
    "AutomatedReasoningPolicyUpdateTypeAnnotation",
    "AutomatedReasoningPolicyUpdateTypeAnnotationOutput",
    "AutomatedReasoningPolicyUpdateTypeAnnotationUnion",
    "AutomatedReasoningPolicyUpdateTypeMutation",
    "AutomatedReasoningPolicyUpdateTypeValue",
    "AutomatedReasoningPolicyUpdateVariableAnnotation",
    "AutomatedReasoningPolicyUpdateVariableMutation",
    "AutomatedReasoningPolicyVariableReport",
    "AutomatedReasoningPolicyWorkflowTypeContent",
    "BatchDeleteAdvancedPromptOptimizationJobError",
    "BatchDeleteAdvancedPromptOptimizationJobItem",
    "BatchDeleteAdvancedPromptOptimizationJobRequest",
    "BatchDeleteAdvancedPromptOptimizationJobResponse",
    "BatchDeleteEvaluationJobError",
    "BatchDeleteEvaluationJobItem",
    "BatchDeleteEvaluationJobRequest",
    "BatchDeleteEvaluationJobResponse",
    "BedrockEvaluatorModel",
    "ByteContentDoc",
    "ByteContentDocOutput",
    "ByteContentDocUnion",
    "CancelAutomatedReasoningPolicyBuildWorkflowRequest",
    "CancelAutomatedReasoningPolicyBuildWorkflowResponse",
    "CloudWatchConfig",
    "CommitmentDurationType",
    "ConfigurationOwnerType",
    "CreateAdvancedPromptOptimizationJobRequest",
    "CreateAdvancedPromptOptimizationJobResponse",
    "CreateAutomatedReasoningPolicyRequest",
    "CreateAutomatedReasoningPolicyResponse",
    "CreateAutomatedReasoningPolicyTestCaseRequest",
    "CreateAutomatedReasoningPolicyTestCaseResponse",
    "CreateAutomatedReasoningPolicyVersionRequest",
    "CreateAutomatedReasoningPolicyVersionResponse",
    "CreateCustomModelDeploymentRequest",
    "CreateCustomModelDeploymentResponse",
    "CreateCustomModelRequest",
    "CreateCustomModelResponse",
    "CreateEvaluationJobRequest",
    "CreateEvaluationJobResponse",
    "CreateFoundationModelAgreementRequest",
    "CreateFoundationModelAgreementResponse",
    "CreateGuardrailRequest",
    "CreateGuardrailResponse",
    "CreateGuardrailVersionRequest",
    "CreateGuardrailVersionResponse",
    "CreateInferenceProfileRequest",
    "CreateInferenceProfileResponse",
    "CreateMarketplaceModelEndpointRequest",
    "CreateMarketplaceModelEndpointResponse",
    "CreateModelCopyJobRequest",
    "CreateModelCopyJobResponse",
    "CreateModelCustomizationJobRequest",
    "CreateModelCustomizationJobResponse",
    "CreateModelImportJobRequest",
    "CreateModelImportJobResponse",
    "CreateModelInvocationJobRequest",
    "CreateModelInvocationJobResponse",
    "CreateProjectRequest",
    "CreateProjectResponse",
    "CreatePromptRouterRequest",
    "CreatePromptRouterResponse",
    "CreateProvisionedModelThroughputRequest",
    "CreateProvisionedModelThroughputResponse",
    "CustomMetricBedrockEvaluatorModel",
    "CustomMetricDefinition",
    "CustomMetricDefinitionOutput",
    "CustomMetricDefinitionUnion",
    "CustomMetricEvaluatorModelConfig",
    "CustomMetricEvaluatorModelConfigOutput",
    "CustomMetricEvaluatorModelConfigUnion",
    "CustomModelDataSource",
    "CustomModelDeploymentStatusType",
    "CustomModelDeploymentSummary",
    "CustomModelDeploymentUpdateDetails",
    "CustomModelDeploymentUpdateStatusType",
    "CustomModelSummary",
    "CustomModelUnits",
    "CustomizationConfig",
    "CustomizationConfigOutput",
    "CustomizationConfigUnion",
    "CustomizationType",
    "DataProcessingDetails",
    "DataRetentionModeType",
    "DataRetentionStorageConfiguration",
    "DataRetentionStorageDestinationType",
    "DataRetentionStorageModelProviderType",
    "DataRetentionStorageResourceStatusType",
    "DataRetentionStorageScopeType",
    "DeleteAccountDataRetentionStorageRequest",
    "DeleteAccountDataRetentionStorageResponse",
    "DeleteAutomatedReasoningPolicyBuildWorkflowRequest",
    "DeleteAutomatedReasoningPolicyBuildWorkflowResponse",
    "DeleteAutomatedReasoningPolicyRequest",
    "DeleteAutomatedReasoningPolicyResponse",
    "DeleteAutomatedReasoningPolicyTestCaseRequest",
    "DeleteAutomatedReasoningPolicyTestCaseResponse",
    "DeleteCustomModelDeploymentRequest",
    "DeleteCustomModelDeploymentResponse",
    "DeleteCustomModelRequest",
    "DeleteCustomModelResponse",
    "DeleteEnforcedGuardrailConfigurationRequest",
    "DeleteEnforcedGuardrailConfigurationResponse",
    "DeleteFoundationModelAgreementRequest",
    "DeleteFoundationModelAgreementResponse",
    "DeleteGuardrailRequest",
    "DeleteGuardrailResponse",
    "DeleteImportedModelRequest",
    "DeleteImportedModelResponse",
    "DeleteInferenceProfileRequest",
    "DeleteInferenceProfileResponse",
    "DeleteMarketplaceModelEndpointRequest",
    "DeleteMarketplaceModelEndpointResponse",
    "DeleteModelInvocationLoggingConfigurationRequest",
    "DeleteModelInvocationLoggingConfigurationResponse",
    "DeleteOrganizationDataRetentionStorageRequest",
    "DeleteOrganizationDataRetentionStorageResponse",
    "DeleteProjectDataRetentionStorageRequest",
    "DeleteProjectDataRetentionStorageResponse",
    "DeletePromptRouterRequest",
    "DeletePromptRouterResponse",
    "DeleteProvisionedModelThroughputRequest",
    "DeleteProvisionedModelThroughputResponse",
    "DeleteResourcePolicyRequest",
    "DeleteResourcePolicyResponse",
    "DeregisterMarketplaceModelEndpointRequest",
    "DeregisterMarketplaceModelEndpointResponse",
    "DimensionalPriceRate",
    "DistillationConfig",
    "EndpointConfig",
    "EndpointConfigOutput",
    "EndpointConfigUnion",
    "EntitlementAvailabilityType",
    "EvaluationBedrockModel",
    "EvaluationConfig",
    "EvaluationConfigOutput",
    "EvaluationConfigUnion",
    "EvaluationDataset",
    "EvaluationDatasetLocation",
    "EvaluationDatasetLocationOutput",
    "EvaluationDatasetLocationUnion",
    "EvaluationDatasetMetricConfig",
    "EvaluationDatasetMetricConfigOutput",
    "EvaluationDatasetMetricConfigUnion",
    "EvaluationDatasetOutput",
    "EvaluationDatasetUnion",
    "EvaluationInferenceConfig",
    "EvaluationInferenceConfigOutput",
    "EvaluationInferenceConfigSummary",
    "EvaluationInferenceConfigUnion",
    "EvaluationJobStatusType",
    "EvaluationJobType",
    "EvaluationModelConfig",
    "EvaluationModelConfigOutput",
    "EvaluationModelConfigSummary",
    "EvaluationModelConfigUnion",
    "EvaluationOutputDataConfig",
    "EvaluationPrecomputedInferenceSource",
    "EvaluationPrecomputedRagSourceConfig",
    "EvaluationPrecomputedRagSourceConfigOutput",
    "EvaluationPrecomputedRagSourceConfigUnion",
    "EvaluationPrecomputedRetrieveAndGenerateSourceConfig",
    "EvaluationPrecomputedRetrieveSourceConfig",
    "EvaluationRagConfigSummary",
    "EvaluationSummary",
    "EvaluationTaskType",
    "EvaluatorModelConfig",
    "EvaluatorModelConfigOutput",
    "EvaluatorModelConfigUnion",
    "ExportAutomatedReasoningPolicyVersionRequest",
    "ExportAutomatedReasoningPolicyVersionResponse",
    "ExternalSource",
    "ExternalSourceOutput",
    "ExternalSourceType",
    "ExternalSourceUnion",
    "ExternalSourcesGenerationConfiguration",
    "ExternalSourcesGenerationConfigurationOutput",
    "ExternalSourcesGenerationConfigurationUnion",
    "ExternalSourcesRetrieveAndGenerateConfiguration",
    "ExternalSourcesRetrieveAndGenerateConfigurationOutput",
    "ExternalSourcesRetrieveAndGenerateConfigurationUnion",
    "FieldForReranking",
    "FilterAttribute",
    "FineTuningJobStatusType",
    "FoundationModelDetails",
    "FoundationModelLifecycle",
    "FoundationModelLifecycleStatusType",
    "FoundationModelSummary",
    "GenerationConfiguration",
    "GenerationConfigurationOutput",
    "GenerationConfigurationUnion",
    "GetAccountDataRetentionRequest",
    "GetAccountDataRetentionResponse",
    "GetAccountDataRetentionStorageRequest",
    "GetAccountDataRetentionStorageResponse",
    "GetAdvancedPromptOptimizationJobRequest",
    "GetAdvancedPromptOptimizationJobResponse",
    "GetAutomatedReasoningPolicyAnnotationsRequest",
    "GetAutomatedReasoningPolicyAnnotationsResponse",
    "GetAutomatedReasoningPolicyBuildWorkflowRequest",
    "GetAutomatedReasoningPolicyBuildWorkflowResponse",
    "GetAutomatedReasoningPolicyBuildWorkflowResultAssetsRequest",
    "GetAutomatedReasoningPolicyBuildWorkflowResultAssetsResponse",
    "GetAutomatedReasoningPolicyNextScenarioRequest",
    "GetAutomatedReasoningPolicyNextScenarioResponse",
    "GetAutomatedReasoningPolicyRequest",
    "GetAutomatedReasoningPolicyResponse",
    "GetAutomatedReasoningPolicyTestCaseRequest",
    "GetAutomatedReasoningPolicyTestCaseResponse",
    "GetAutomatedReasoningPolicyTestResultRequest",
    "GetAutomatedReasoningPolicyTestResultResponse",
    "GetCustomModelDeploymentRequest",
    "GetCustomModelDeploymentResponse",
    "GetCustomModelRequest",
    "GetCustomModelResponse",
    "GetEvaluationJobRequest",
    "GetEvaluationJobResponse",
    "GetFoundationModelAvailabilityRequest",
    "GetFoundationModelAvailabilityResponse",
    "GetFoundationModelRequest",
    "GetFoundationModelResponse",
    "GetGuardrailRequest",
    "GetGuardrailResponse",
    "GetImportedModelRequest",
    "GetImportedModelResponse",
    "GetInferenceProfileRequest",
    "GetInferenceProfileResponse",
    "GetMarketplaceModelEndpointRequest",
    "GetMarketplaceModelEndpointResponse",
    "GetModelCopyJobRequest",
    "GetModelCopyJobResponse",
    "GetModelCustomizationJobRequest",
    "GetModelCustomizationJobResponse",
    "GetModelImportJobRequest",
    "GetModelImportJobResponse",
    "GetModelInvocationJobRequest",
    "GetModelInvocationJobResponse",
    "GetModelInvocationLoggingConfigurationRequest",
    "GetModelInvocationLoggingConfigurationResponse",
    "GetOrganizationDataRetentionStorageRequest",
    "GetOrganizationDataRetentionStorageResponse",
    "GetProjectDataRetentionStorageRequest",
    "GetProjectDataRetentionStorageResponse",
    "GetProjectRequest",
    "GetProjectResponse",
    "GetPromptRouterRequest",
    "GetPromptRouterResponse",
    "GetProvisionedModelThroughputRequest",
    "GetProvisionedModelThroughputResponse",
    "GetResourcePolicyRequest",
    "GetResourcePolicyResponse",
    "GetTrustedAccessProgramAccountEnrollmentRequest",
    "GetTrustedAccessProgramAccountEnrollmentResponse",
    "GetTrustedAccessProgramOrganizationEnrollmentRequest",
    "GetTrustedAccessProgramOrganizationEnrollmentResponse",
    "GetTrustedAccessProgramProjectEnrollmentRequest",
    "GetTrustedAccessProgramProjectEnrollmentResponse",
    "GetTrustedAccessProgramRequest",
    "GetTrustedAccessProgramResponse",
    "GetUseCaseForModelAccessRequest",
    "GetUseCaseForModelAccessResponse",
    "GraderConfig",
    "GraderConfigOutput",
    "GraderConfigUnion",
    "GuardrailAutomatedReasoningPolicy",
    "GuardrailAutomatedReasoningPolicyConfig",
    "GuardrailConfiguration",
    "GuardrailContentFilter",
    "GuardrailContentFilterActionType",
    "GuardrailContentFilterConfig",
    "GuardrailContentFilterType",
    "GuardrailContentFiltersTier",
    "GuardrailContentFiltersTierConfig",
    "GuardrailContentFiltersTierNameType",
    "GuardrailContentPolicy",
    "GuardrailContentPolicyConfig",
    "GuardrailContextualGroundingActionType",
    "GuardrailContextualGroundingFilter",
    "GuardrailContextualGroundingFilterConfig",
    "GuardrailContextualGroundingFilterType",
    "GuardrailContextualGroundingPolicy",
    "GuardrailContextualGroundingPolicyConfig",
    "GuardrailContextualGroundingTier",
    "GuardrailContextualGroundingTierConfig",
    "GuardrailContextualGroundingTierNameType",
    "GuardrailCrossRegionConfig",
    "GuardrailCrossRegionDetails",
    "GuardrailFilterStrengthType",
    "GuardrailManagedWords",
    "GuardrailManagedWordsConfig",
    "GuardrailManagedWordsType",
    "GuardrailModalityType",
    "GuardrailPiiEntity",
    "GuardrailPiiEntityConfig",
    "GuardrailPiiEntityType",
    "GuardrailRegex",
    "GuardrailRegexConfig",
    "GuardrailSensitiveInformationActionType",
    "GuardrailSensitiveInformationPolicy",
    "GuardrailSensitiveInformationPolicyConfig",
    "GuardrailStatusType",
    "GuardrailSummary",
    "GuardrailTopic",
    "GuardrailTopicActionType",
    "GuardrailTopicConfig",
    "GuardrailTopicPolicy",
    "GuardrailTopicPolicyConfig",
    "GuardrailTopicType",
    "GuardrailTopicsTier",
    "GuardrailTopicsTierConfig",
    "GuardrailTopicsTierNameType",
    "GuardrailWord",
    "GuardrailWordActionType",
    "GuardrailWordConfig",
    "GuardrailWordPolicy",
    "GuardrailWordPolicyConfig",
    "HumanEvaluationConfig",
    "HumanEvaluationConfigOutput",
    "HumanEvaluationConfigUnion",
    "HumanEvaluationCustomMetric",
    "HumanWorkflowConfig",
    "ImplicitFilterConfiguration",
    "ImplicitFilterConfigurationOutput",
    "ImplicitFilterConfigurationUnion",
    "ImportedModelSummary",
    "InferenceConfiguration",
    "InferenceConfigurationOutput",
    "InferenceConfigurationUnion",
    "InferenceProfileModel",
    "InferenceProfileModelSource",
    "InferenceProfileStatusType",
    "InferenceProfileSummary",
    "InferenceProfileType",
    "InferenceType",
    "InputTagsType",
    "InvocationLogSource",
    "InvocationLogSourceOutput",
    "InvocationLogSourceUnion",
    "InvocationLogsConfig",
    "InvocationLogsConfigOutput",
    "InvocationLogsConfigUnion",
    "JobStatusDetailsType",
    "KbInferenceConfig",
    "KbInferenceConfigOutput",
    "KbInferenceConfigUnion",
    "KnowledgeBaseConfig",
    "KnowledgeBaseConfigOutput",
    "KnowledgeBaseConfigUnion",
    "KnowledgeBaseRetrievalConfiguration",
    "KnowledgeBaseRetrievalConfigurationOutput",
    "KnowledgeBaseRetrievalConfigurationUnion",
    "KnowledgeBaseRetrieveAndGenerateConfiguration",
    "KnowledgeBaseRetrieveAndGenerateConfigurationOutput",
    "KnowledgeBaseRetrieveAndGenerateConfigurationUnion",
    "KnowledgeBaseVectorSearchConfiguration",
    "KnowledgeBaseVectorSearchConfigurationOutput",
    "KnowledgeBaseVectorSearchConfigurationUnion",
    "LambdaGraderConfig",
    "LegalTerm",
    "ListAdvancedPromptOptimizationJobsRequest",
    "ListAdvancedPromptOptimizationJobsResponse",
    "ListAutomatedReasoningPoliciesRequest",
    "ListAutomatedReasoningPoliciesResponse",
    "ListAutomatedReasoningPolicyBuildWorkflowsRequest",
    "ListAutomatedReasoningPolicyBuildWorkflowsResponse",
    "ListAutomatedReasoningPolicyTestCasesRequest",
    "ListAutomatedReasoningPolicyTestCasesResponse",
    "ListAutomatedReasoningPolicyTestResultsRequest",
    "ListAutomatedReasoningPolicyTestResultsResponse",
    "ListCustomModelDeploymentsRequest",
    "ListCustomModelDeploymentsResponse",
    "ListCustomModelsRequest",
    "ListCustomModelsResponse",
    "ListEnforcedGuardrailsConfigurationRequest",
    "ListEnforcedGuardrailsConfigurationResponse",
    "ListEvaluationJobsRequest",
    "ListEvaluationJobsResponse",
    "ListFoundationModelAgreementOffersRequest",
    "ListFoundationModelAgreementOffersResponse",
    "ListFoundationModelsRequest",
    "ListFoundationModelsResponse",
    "ListGuardrailsRequest",
    "ListGuardrailsResponse",
    "ListImportedModelsRequest",
    "ListImportedModelsResponse",
    "ListInferenceProfilesRequest",
    "ListInferenceProfilesResponse",
    "ListMarketplaceModelEndpointsRequest",
    "ListMarketplaceModelEndpointsResponse",
    "ListModelCopyJobsRequest",
    "ListModelCopyJobsResponse",
    "ListModelCustomizationJobsRequest",
    "ListModelCustomizationJobsResponse",
    "ListModelImportJobsRequest",
    "ListModelImportJobsResponse",
    "ListModelInvocationJobsRequest",
    "ListModelInvocationJobsResponse",
    "ListProjectsRequest",
    "ListProjectsResponse",
    "ListPromptRoutersRequest",
    "ListPromptRoutersResponse",
    "ListProvisionedModelThroughputsRequest",
    "ListProvisionedModelThroughputsResponse",
    "ListTagsForResourceRequest",
    "ListTagsForResourceResponse",
    "ListTrustedAccessProgramsRequest",
    "ListTrustedAccessProgramsResponse",
    "LoggingConfig",
    "MarketplaceModelEndpoint",
    "MarketplaceModelEndpointSummary",
    "MetadataAttributeSchema",
    "MetadataConfigurationForReranking",
    "MetadataConfigurationForRerankingOutput",
    "MetadataConfigurationForRerankingUnion",
    "ModelConfiguration",
    "ModelConfigurationOutput",
    "ModelConfigurationUnion",
    "ModelCopyJobStatusType",
    "ModelCopyJobSummary",
    "ModelCustomizationJobStatusType",
    "ModelCustomizationJobSummary",
    "ModelCustomizationType",
    "ModelDataSource",
    "ModelDataSourceOutput",
    "ModelDataSourceUnion",
    "ModelEnforcement",
    "ModelEnforcementOutput",
    "ModelEnforcementUnion",
    "ModelImportJobStatusType",
    "ModelImportJobSummary",
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
    "ModelPackageArnDataSource",
    "ModelStatusType",
    "Offer",
    "OfferType",
    "OrchestrationConfiguration",
    "OutputDataConfig",
    "PerformanceConfigLatencyType",
    "PerformanceConfiguration",
    "PricingTerm",
    "ProjectDataRetention",
    "ProjectStatusType",
    "ProjectSummary",
    "PromptRouterStatusType",
    "PromptRouterSummary",
    "PromptRouterTargetModel",
    "PromptRouterType",
    "PromptTemplate",
    "ProvisionedModelStatusType",
    "ProvisionedModelSummary",
    "PutAccountDataRetentionRequest",
    "PutAccountDataRetentionResponse",
    "PutAccountDataRetentionStorageRequest",
    "PutAccountDataRetentionStorageResponse",
    "PutEnforcedGuardrailConfigurationRequest",
    "PutEnforcedGuardrailConfigurationResponse",
    "PutModelInvocationLoggingConfigurationRequest",
    "PutModelInvocationLoggingConfigurationResponse",
    "PutOrganizationDataRetentionStorageRequest",
    "PutOrganizationDataRetentionStorageResponse",
    "PutProjectDataRetentionStorageRequest",
    "PutProjectDataRetentionStorageResponse",
    "PutResourcePolicyRequest",
    "PutResourcePolicyResponse",
    "PutTrustedAccessProgramAccountEnrollmentRequest",
    "PutTrustedAccessProgramAccountEnrollmentResponse",
    "PutTrustedAccessProgramOrganizationEnrollmentRequest",
    "PutTrustedAccessProgramOrganizationEnrollmentResponse",
    "PutTrustedAccessProgramProjectEnrollmentRequest",
    "PutTrustedAccessProgramProjectEnrollmentResponse",
    "PutUseCaseForModelAccessRequest",
    "PutUseCaseForModelAccessResponse",
    "QueryTransformationConfiguration",
    "QueryTransformationType",
    "RAGConfig",
    "RAGConfigOutput",
    "RAGConfigUnion",
    "RFTConfig",
    "RFTConfigOutput",
    "RFTConfigUnion",
    "RFTHyperParameters",
    "RatingScaleItem",
    "RatingScaleItemOutput",
    "RatingScaleItemUnion",
    "RatingScaleItemValue",
    "RatingScaleItemValueOutput",
    "RatingScaleItemValueUnion",
    "ReasoningEffortType",
    "RegionAvailabilityType",
    "RegisterMarketplaceModelEndpointRequest",
    "RegisterMarketplaceModelEndpointResponse",
    "RequestMetadataBaseFilters",
    "RequestMetadataBaseFiltersOutput",
    "RequestMetadataBaseFiltersUnion",
    "RequestMetadataFilters",
    "RequestMetadataFiltersOutput",
    "RequestMetadataFiltersUnion",
    "RerankingMetadataSelectionModeType",
    "RerankingMetadataSelectiveModeConfiguration",
    "RerankingMetadataSelectiveModeConfigurationOutput",
    "RerankingMetadataSelectiveModeConfigurationUnion",
    "RetrievalFilter",
    "RetrievalFilterOutput",
    "RetrievalFilterUnion",
    "RetrieveAndGenerateConfiguration",
    "RetrieveAndGenerateConfigurationOutput",
    "RetrieveAndGenerateConfigurationUnion",
    "RetrieveAndGenerateType",
    "RetrieveConfig",
    "RetrieveConfigOutput",
    "RetrieveConfigUnion",
    "RoutingCriteria",
    "S3Config",
    "S3DataSource",
    "S3InputFormatType",
    "S3ObjectDoc",
    "SageMakerEndpoint",
    "SageMakerEndpointOutput",
    "SageMakerEndpointUnion",
    "SearchType",
    "SelectiveContentGuarding",
    "SelectiveGuardingModeType",
    "SortByProvisionedModelsType",
    "SortJobsByType",
    "SortModelsByType",
    "SortOrderType",
    "StartAutomatedReasoningPolicyBuildWorkflowRequest",
    "StartAutomatedReasoningPolicyBuildWorkflowResponse",
    "StartAutomatedReasoningPolicyTestWorkflowRequest",
    "StartAutomatedReasoningPolicyTestWorkflowResponse",
    "StartTrustedAccessProgramAccountApplicationRequest",
    "StartTrustedAccessProgramAccountApplicationResponse",
    "StartTrustedAccessProgramOrganizationApplicationRequest",
    "StartTrustedAccessProgramOrganizationApplicationResponse",
    "StartTrustedAccessProgramProjectApplicationRequest",
    "StartTrustedAccessProgramProjectApplicationResponse",
    "StatusDetails",
    "StatusType",
    "StopAdvancedPromptOptimizationJobRequest",
    "StopAdvancedPromptOptimizationJobResponse",
    "StopEvaluationJobRequest",
    "StopEvaluationJobResponse",
    "StopModelCustomizationJobRequest",
    "StopModelCustomizationJobResponse",
    "StopModelInvocationJobRequest",
    "StopModelInvocationJobResponse",
    "SupportTerm",
    "Tag",
    "TagResourceRequest",
    "TagResourceResponse",
    "TeacherModelConfig",
    "TermDetails",
    "TextInferenceConfig",
    "TextInferenceConfigOutput",
    "TextInferenceConfigUnion",
    "TrainingDataConfig",
    "TrainingDataConfigOutput",
    "TrainingDataConfigUnion",
    "TrainingDetails",
    "TrainingMetrics",
    "TrustedAccessProgramApplicationResult",
    "TrustedAccessProgramOptInType",
    "TrustedAccessProgramProviderHandoff",
    "TrustedAccessProgramScopeType",
    "TrustedAccessProgramStatusType",
    "TrustedAccessProgramSummary",
    "TrustedAccessResolutionContext",
    "UntagResourceRequest",
    "UntagResourceResponse",
    "UpdateAutomatedReasoningPolicyAnnotationsRequest",
    "UpdateAutomatedReasoningPolicyAnnotationsResponse",
    "UpdateAutomatedReasoningPolicyRequest",
    "UpdateAutomatedReasoningPolicyResponse",
    "UpdateAutomatedReasoningPolicyTestCaseRequest",
    "UpdateAutomatedReasoningPolicyTestCaseResponse",
    "UpdateCustomModelDeploymentRequest",
    "UpdateCustomModelDeploymentResponse",
    "UpdateGuardrailRequest",
    "UpdateGuardrailResponse",
    "UpdateMarketplaceModelEndpointRequest",
    "UpdateMarketplaceModelEndpointResponse",
    "UpdateProjectRequest",
    "UpdateProjectResponse",
    "UpdateProvisionedModelThroughputRequest",
    "UpdateProvisionedModelThroughputResponse",
    "ValidationDataConfig",
    "ValidationDataConfigOutput",
    "ValidationDataConfigUnion",
    "ValidationDetails",
    "Validator",
    "ValidatorMetric",
    "ValidityTerm",
    "VectorSearchBedrockRerankingConfiguration",
    "VectorSearchBedrockRerankingConfigurationOutput",
    "VectorSearchBedrockRerankingConfigurationUnion",
    "VectorSearchBedrockRerankingModelConfiguration",
    "VectorSearchBedrockRerankingModelConfigurationOutput",
    "VectorSearchBedrockRerankingModelConfigurationUnion",
    "VectorSearchRerankingConfiguration",
    "VectorSearchRerankingConfigurationOutput",
    "VectorSearchRerankingConfigurationType",
    "VectorSearchRerankingConfigurationUnion",
    "VpcConfig",
    "VpcConfigOutput",
    "VpcConfigUnion",
]

AdvancedPromptOptimizationJobStatusType: TypeAlias = (
    Literal["InProgress", "Completed", "Failed", "PartiallyCompleted", "Stopping", "Stopped", "Deleting"] | str
)
AgreementStatusType: TypeAlias = Literal["AVAILABLE", "PENDING", "NOT_AVAILABLE", "ERROR"] | str
ApplicationType: TypeAlias = Literal["ModelEvaluation", "RagEvaluation"] | str
AttributeType: TypeAlias = Literal["STRING", "NUMBER", "BOOLEAN", "STRING_LIST"] | str
AuthorizationStatusType: TypeAlias = Literal["AUTHORIZED", "NOT_AUTHORIZED"] | str
AutomatedReasoningCheckLogicWarningType: TypeAlias = Literal["ALWAYS_TRUE", "ALWAYS_FALSE"] | str
AutomatedReasoningCheckResultType: TypeAlias = (
    Literal["VALID", "INVALID", "SATISFIABLE", "IMPOSSIBLE", "TRANSLATION_AMBIGUOUS", "TOO_COMPLEX", "NO_TRANSLATION"]
    | str
)
AutomatedReasoningPolicyAnnotationStatusType: TypeAlias = Literal["APPLIED", "FAILED"] | str
AutomatedReasoningPolicyBuildDocumentContentType: TypeAlias = Literal["pdf", "txt"] | str
AutomatedReasoningPolicyBuildMessageType: TypeAlias = Literal["INFO", "WARNING", "ERROR"] | str
AutomatedReasoningPolicyBuildResultAssetType: TypeAlias = (
    Literal[
        "BUILD_LOG",
        "QUALITY_REPORT",
        "POLICY_DEFINITION",
        "GENERATED_TEST_CASES",
        "POLICY_SCENARIOS",
        "FIDELITY_REPORT",
        "ASSET_MANIFEST",
        "SOURCE_DOCUMENT",
    ]
    | str
)
AutomatedReasoningPolicyBuildWorkflowStatusType: TypeAlias = (
    Literal["SCHEDULED", "CANCEL_REQUESTED", "PREPROCESSING", "BUILDING", "TESTING", "COMPLETED", "FAILED", "CANCELLED"]
    | str
)
AutomatedReasoningPolicyBuildWorkflowType: TypeAlias = (
    Literal[
        "INGEST_CONTENT",
        "REFINE_POLICY",
        "IMPORT_POLICY",
        "GENERATE_FIDELITY_REPORT",
        "GENERATE_POLICY_SCENARIOS",
        "RESOLVE_POLICY_AMBIGUITIES",
        "ITERATIVELY_REFINE_POLICY",
    ]
    | str
)
AutomatedReasoningPolicyTestRunResultType: TypeAlias = Literal["PASSED", "FAILED"] | str
AutomatedReasoningPolicyTestRunStatusType: TypeAlias = (
    Literal["NOT_STARTED", "SCHEDULED", "IN_PROGRESS", "COMPLETED", "FAILED"] | str
)
CommitmentDurationType: TypeAlias = Literal["OneMonth", "SixMonths"] | str
ConfigurationOwnerType: TypeAlias = Literal["ACCOUNT"] | str
CustomModelDeploymentStatusType: TypeAlias = Literal["Creating", "Active", "Failed"] | str
CustomModelDeploymentUpdateStatusType: TypeAlias = Literal["Updating", "UpdateCompleted", "UpdateFailed"] | str
CustomizationType: TypeAlias = (
    Literal["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION", "REINFORCEMENT_FINE_TUNING", "IMPORTED"] | str
)
DataRetentionModeType: TypeAlias = Literal["default", "none", "aws_review", "provider_data_share", "inherit"] | str
DataRetentionStorageDestinationType: TypeAlias = Literal["customer_managed", "amazon_managed"] | str
DataRetentionStorageModelProviderType: TypeAlias = Literal["anthropic", "openai"] | str
DataRetentionStorageResourceStatusType: TypeAlias = Literal["pending", "active", "access_denied"] | str
DataRetentionStorageScopeType: TypeAlias = Literal["account", "organization", "project"] | str
EntitlementAvailabilityType: TypeAlias = Literal["AVAILABLE", "NOT_AVAILABLE"] | str
EvaluationJobStatusType: TypeAlias = (
    Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"] | str
)
EvaluationJobType: TypeAlias = Literal["Human", "Automated"] | str
EvaluationTaskType: TypeAlias = (
    Literal["Summarization", "Classification", "QuestionAndAnswer", "Generation", "Custom"] | str
)
ExternalSourceType: TypeAlias = Literal["S3", "BYTE_CONTENT"] | str
FineTuningJobStatusType: TypeAlias = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"] | str
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
InputTagsType: TypeAlias = Literal["HONOR", "IGNORE"] | str
JobStatusDetailsType: TypeAlias = (
    Literal["InProgress", "Completed", "Stopping", "Stopped", "Failed", "NotStarted"] | str
)
ModelCopyJobStatusType: TypeAlias = Literal["InProgress", "Completed", "Failed"] | str
ModelCustomizationJobStatusType: TypeAlias = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"] | str
ModelCustomizationType: TypeAlias = Literal["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"] | str
ModelImportJobStatusType: TypeAlias = Literal["InProgress", "Completed", "Failed"] | str
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
ModelStatusType: TypeAlias = Literal["Active", "Creating", "Failed"] | str
OfferType: TypeAlias = Literal["ALL", "PUBLIC"] | str
PerformanceConfigLatencyType: TypeAlias = Literal["standard", "optimized"] | str
ProjectStatusType: TypeAlias = Literal["active", "archived"] | str
PromptRouterStatusType: TypeAlias = Literal["AVAILABLE"] | str
PromptRouterType: TypeAlias = Literal["custom", "default"] | str
ProvisionedModelStatusType: TypeAlias = Literal["Creating", "InService", "Updating", "Failed"] | str
QueryTransformationType: TypeAlias = Literal["QUERY_DECOMPOSITION"] | str
ReasoningEffortType: TypeAlias = Literal["low", "medium", "high"] | str
RegionAvailabilityType: TypeAlias = Literal["AVAILABLE", "NOT_AVAILABLE"] | str
RerankingMetadataSelectionModeType: TypeAlias = Literal["SELECTIVE", "ALL"] | str
RetrieveAndGenerateType: TypeAlias = Literal["KNOWLEDGE_BASE", "EXTERNAL_SOURCES"] | str
S3InputFormatType: TypeAlias = Literal["JSONL"] | str
SearchType: TypeAlias = Literal["HYBRID", "SEMANTIC"] | str
SelectiveGuardingModeType: TypeAlias = Literal["SELECTIVE", "COMPREHENSIVE"] | str
SortByProvisionedModelsType: TypeAlias = Literal["CreationTime"] | str
SortJobsByType: TypeAlias = Literal["CreationTime"] | str
SortModelsByType: TypeAlias = Literal["CreationTime"] | str
SortOrderType: TypeAlias = Literal["Ascending", "Descending"] | str
StatusType: TypeAlias = Literal["REGISTERED", "INCOMPATIBLE_ENDPOINT"] | str
TrustedAccessProgramOptInType: TypeAlias = Literal["inherit", "enabled", "disabled"] | str
TrustedAccessProgramScopeType: TypeAlias = Literal["organization", "account", "project", "program_default"] | str
TrustedAccessProgramStatusType: TypeAlias = Literal["requestable", "eligible", "enabled", "disabled", "revoked"] | str
VectorSearchRerankingConfigurationType: TypeAlias = Literal["BEDROCK_RERANKING_MODEL"] | str


class AccountEnforcedGuardrailInferenceInputConfiguration(TypedDict):
    guardrailIdentifier: str
    guardrailVersion: str
    selectiveContentGuarding: NotRequired[SelectiveContentGuarding]
    modelEnforcement: NotRequired[ModelEnforcementUnion]


class AccountEnforcedGuardrailOutputConfiguration(TypedDict):
    configId: NotRequired[str]
    guardrailArn: NotRequired[str]
    guardrailId: NotRequired[str]
    inputTags: NotRequired[InputTagsType]
    selectiveContentGuarding: NotRequired[SelectiveContentGuarding]
    guardrailVersion: NotRequired[str]
    createdAt: NotRequired[datetime]
    createdBy: NotRequired[str]
    updatedAt: NotRequired[datetime]
    updatedBy: NotRequired[str]
    owner: NotRequired[ConfigurationOwnerType]
    modelEnforcement: NotRequired[ModelEnforcementOutput]


class AdvancedPromptOptimizationInputConfig(TypedDict):
    s3Uri: str


class AdvancedPromptOptimizationJobSummary(TypedDict):
    jobArn: str
    jobName: str
    jobStatus: AdvancedPromptOptimizationJobStatusType
    creationTime: datetime
    lastModifiedTime: NotRequired[datetime]


class AdvancedPromptOptimizationOutputConfig(TypedDict):
    s3Uri: str


class AgreementAvailability(TypedDict):
    status: AgreementStatusType
    errorMessage: NotRequired[str]


class ArchiveProjectRequest(TypedDict):
    projectIdentifier: str


class ArchiveProjectResponse(TypedDict):
    id: str
    arn: str
    name: str
    status: ProjectStatusType
    createdAt: datetime
    archivedAt: NotRequired[datetime]
    dataRetention: ProjectDataRetention
    ResponseMetadata: ResponseMetadata


class AutomatedEvaluationConfig(TypedDict):
    datasetMetricConfigs: Sequence[EvaluationDatasetMetricConfigUnion]
    evaluatorModelConfig: NotRequired[EvaluatorModelConfigUnion]
    customMetricConfig: NotRequired[AutomatedEvaluationCustomMetricConfigUnion]


class AutomatedEvaluationConfigOutput(TypedDict):
    datasetMetricConfigs: list[EvaluationDatasetMetricConfigOutput]
    evaluatorModelConfig: NotRequired[EvaluatorModelConfigOutput]
    customMetricConfig: NotRequired[AutomatedEvaluationCustomMetricConfigOutput]


class AutomatedEvaluationCustomMetricConfig(TypedDict):
    customMetrics: Sequence[AutomatedEvaluationCustomMetricSourceUnion]
    evaluatorModelConfig: CustomMetricEvaluatorModelConfigUnion


class AutomatedEvaluationCustomMetricConfigOutput(TypedDict):
    customMetrics: list[AutomatedEvaluationCustomMetricSourceOutput]
    evaluatorModelConfig: CustomMetricEvaluatorModelConfigOutput


class AutomatedEvaluationCustomMetricSource(TypedDict):
    customMetricDefinition: NotRequired[CustomMetricDefinitionUnion]


class AutomatedEvaluationCustomMetricSourceOutput(TypedDict):
    customMetricDefinition: CustomMetricDefinitionOutput


class AutomatedReasoningCheckFinding(TypedDict):
    valid: NotRequired[AutomatedReasoningCheckValidFinding]
    invalid: NotRequired[AutomatedReasoningCheckInvalidFinding]
    satisfiable: NotRequired[AutomatedReasoningCheckSatisfiableFinding]
    impossible: NotRequired[AutomatedReasoningCheckImpossibleFinding]
    translationAmbiguous: NotRequired[AutomatedReasoningCheckTranslationAmbiguousFinding]
    tooComplex: NotRequired[AutomatedReasoningCheckTooComplexFinding]
    noTranslations: NotRequired[AutomatedReasoningCheckNoTranslationsFinding]


class AutomatedReasoningCheckImpossibleFinding(TypedDict):
    translation: NotRequired[AutomatedReasoningCheckTranslation]
    contradictingRules: NotRequired[list[AutomatedReasoningCheckRule]]
    logicWarning: NotRequired[AutomatedReasoningCheckLogicWarning]


class AutomatedReasoningCheckInputTextReference(TypedDict):
    text: NotRequired[str]


class AutomatedReasoningCheckInvalidFinding(TypedDict):
    translation: NotRequired[AutomatedReasoningCheckTranslation]
    contradictingRules: NotRequired[list[AutomatedReasoningCheckRule]]
    logicWarning: NotRequired[AutomatedReasoningCheckLogicWarning]


class AutomatedReasoningCheckLogicWarning(TypedDict):
    type: NotRequired[AutomatedReasoningCheckLogicWarningType]
    premises: NotRequired[list[AutomatedReasoningLogicStatement]]
    claims: NotRequired[list[AutomatedReasoningLogicStatement]]


class AutomatedReasoningCheckNoTranslationsFinding(TypedDict): ...


class AutomatedReasoningCheckRule(TypedDict):
    id: NotRequired[str]
    policyVersionArn: NotRequired[str]


class AutomatedReasoningCheckSatisfiableFinding(TypedDict):
    translation: NotRequired[AutomatedReasoningCheckTranslation]
    claimsTrueScenario: NotRequired[AutomatedReasoningCheckScenario]
    claimsFalseScenario: NotRequired[AutomatedReasoningCheckScenario]
    logicWarning: NotRequired[AutomatedReasoningCheckLogicWarning]


class AutomatedReasoningCheckScenario(TypedDict):
    statements: NotRequired[list[AutomatedReasoningLogicStatement]]


class AutomatedReasoningCheckTooComplexFinding(TypedDict): ...


class AutomatedReasoningCheckTranslation(TypedDict):
    premises: NotRequired[list[AutomatedReasoningLogicStatement]]
    claims: list[AutomatedReasoningLogicStatement]
    untranslatedPremises: NotRequired[list[AutomatedReasoningCheckInputTextReference]]
    untranslatedClaims: NotRequired[list[AutomatedReasoningCheckInputTextReference]]
    confidence: float


class AutomatedReasoningCheckTranslationAmbiguousFinding(TypedDict):
    options: NotRequired[list[AutomatedReasoningCheckTranslationOption]]
    differenceScenarios: NotRequired[list[AutomatedReasoningCheckScenario]]


class AutomatedReasoningCheckTranslationOption(TypedDict):
    translations: NotRequired[list[AutomatedReasoningCheckTranslation]]


class AutomatedReasoningCheckValidFinding(TypedDict):
    translation: NotRequired[AutomatedReasoningCheckTranslation]
    claimsTrueScenario: NotRequired[AutomatedReasoningCheckScenario]
    supportingRules: NotRequired[list[AutomatedReasoningCheckRule]]
    logicWarning: NotRequired[AutomatedReasoningCheckLogicWarning]


class AutomatedReasoningLogicStatement(TypedDict):
    logic: str
    naturalLanguage: NotRequired[str]


class AutomatedReasoningPolicyAddRuleAnnotation(TypedDict):
    expression: str


class AutomatedReasoningPolicyAddRuleFromNaturalLanguageAnnotation(TypedDict):
    naturalLanguage: str


class AutomatedReasoningPolicyAddRuleMutation(TypedDict):
    rule: AutomatedReasoningPolicyDefinitionRule


class AutomatedReasoningPolicyAddTypeAnnotation(TypedDict):
    name: str
    description: str
    values: Sequence[AutomatedReasoningPolicyDefinitionTypeValue]


class AutomatedReasoningPolicyAddTypeAnnotationOutput(TypedDict):
    name: str
    description: str
    values: list[AutomatedReasoningPolicyDefinitionTypeValue]


class AutomatedReasoningPolicyAddTypeMutation(TypedDict):
    type: AutomatedReasoningPolicyDefinitionTypeOutput


class AutomatedReasoningPolicyAddTypeValue(TypedDict):
    value: str
    description: NotRequired[str]


class AutomatedReasoningPolicyAddVariableAnnotation(TypedDict):
    name: str
    type: str
    description: str


class AutomatedReasoningPolicyAddVariableMutation(TypedDict):
    variable: AutomatedReasoningPolicyDefinitionVariable


class AutomatedReasoningPolicyAnnotatedChunk(TypedDict):
    pageNumber: NotRequired[int]
    content: list[AutomatedReasoningPolicyAnnotatedContent]


class AutomatedReasoningPolicyAnnotatedContent(TypedDict):
    line: AutomatedReasoningPolicyAnnotatedLine


class AutomatedReasoningPolicyAnnotatedLine(TypedDict):
    lineNumber: NotRequired[int]
    lineText: NotRequired[str]


class AutomatedReasoningPolicyAnnotation(TypedDict):
    addType: NotRequired[AutomatedReasoningPolicyAddTypeAnnotationUnion]
    updateType: NotRequired[AutomatedReasoningPolicyUpdateTypeAnnotationUnion]
    deleteType: NotRequired[AutomatedReasoningPolicyDeleteTypeAnnotation]
    addVariable: NotRequired[AutomatedReasoningPolicyAddVariableAnnotation]
    updateVariable: NotRequired[AutomatedReasoningPolicyUpdateVariableAnnotation]
    deleteVariable: NotRequired[AutomatedReasoningPolicyDeleteVariableAnnotation]
    addRule: NotRequired[AutomatedReasoningPolicyAddRuleAnnotation]
    updateRule: NotRequired[AutomatedReasoningPolicyUpdateRuleAnnotation]
    deleteRule: NotRequired[AutomatedReasoningPolicyDeleteRuleAnnotation]
    addRuleFromNaturalLanguage: NotRequired[AutomatedReasoningPolicyAddRuleFromNaturalLanguageAnnotation]
    updateFromRulesFeedback: NotRequired[AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationUnion]
    updateFromScenarioFeedback: NotRequired[AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationUnion]
    ingestContent: NotRequired[AutomatedReasoningPolicyIngestContentAnnotation]


class AutomatedReasoningPolicyAnnotationOutput(TypedDict):
    addType: NotRequired[AutomatedReasoningPolicyAddTypeAnnotationOutput]
    updateType: NotRequired[AutomatedReasoningPolicyUpdateTypeAnnotationOutput]
    deleteType: NotRequired[AutomatedReasoningPolicyDeleteTypeAnnotation]
    addVariable: NotRequired[AutomatedReasoningPolicyAddVariableAnnotation]
    updateVariable: NotRequired[AutomatedReasoningPolicyUpdateVariableAnnotation]
    deleteVariable: NotRequired[AutomatedReasoningPolicyDeleteVariableAnnotation]
    addRule: NotRequired[AutomatedReasoningPolicyAddRuleAnnotation]
    updateRule: NotRequired[AutomatedReasoningPolicyUpdateRuleAnnotation]
    deleteRule: NotRequired[AutomatedReasoningPolicyDeleteRuleAnnotation]
    addRuleFromNaturalLanguage: NotRequired[AutomatedReasoningPolicyAddRuleFromNaturalLanguageAnnotation]
    updateFromRulesFeedback: NotRequired[AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationOutput]
    updateFromScenarioFeedback: NotRequired[AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationOutput]
    ingestContent: NotRequired[AutomatedReasoningPolicyIngestContentAnnotation]


class AutomatedReasoningPolicyAtomicStatement(TypedDict):
    id: str
    text: str
    location: AutomatedReasoningPolicyStatementLocation


class AutomatedReasoningPolicyBuildLog(TypedDict):
    entries: list[AutomatedReasoningPolicyBuildLogEntry]


class AutomatedReasoningPolicyBuildLogEntry(TypedDict):
    annotation: AutomatedReasoningPolicyAnnotationOutput
    status: AutomatedReasoningPolicyAnnotationStatusType
    buildSteps: list[AutomatedReasoningPolicyBuildStep]


class AutomatedReasoningPolicyBuildResultAssetManifest(TypedDict):
    entries: list[AutomatedReasoningPolicyBuildResultAssetManifestEntry]


class AutomatedReasoningPolicyBuildResultAssetManifestEntry(TypedDict):
    assetType: AutomatedReasoningPolicyBuildResultAssetType
    assetName: NotRequired[str]
    assetId: NotRequired[str]


class AutomatedReasoningPolicyBuildResultAssets(TypedDict):
    policyDefinition: NotRequired[AutomatedReasoningPolicyDefinitionOutput]
    qualityReport: NotRequired[AutomatedReasoningPolicyDefinitionQualityReport]
    buildLog: NotRequired[AutomatedReasoningPolicyBuildLog]
    generatedTestCases: NotRequired[AutomatedReasoningPolicyGeneratedTestCases]
    policyScenarios: NotRequired[AutomatedReasoningPolicyScenarios]
    assetManifest: NotRequired[AutomatedReasoningPolicyBuildResultAssetManifest]
    document: NotRequired[AutomatedReasoningPolicySourceDocument]
    fidelityReport: NotRequired[AutomatedReasoningPolicyFidelityReport]


class AutomatedReasoningPolicyBuildStep(TypedDict):
    context: AutomatedReasoningPolicyBuildStepContext
    priorElement: NotRequired[AutomatedReasoningPolicyDefinitionElement]
    messages: list[AutomatedReasoningPolicyBuildStepMessage]


class AutomatedReasoningPolicyBuildStepContext(TypedDict):
    planning: NotRequired[AutomatedReasoningPolicyPlanning]
    mutation: NotRequired[AutomatedReasoningPolicyMutation]


class AutomatedReasoningPolicyBuildStepMessage(TypedDict):
    message: str
    messageType: AutomatedReasoningPolicyBuildMessageType


class AutomatedReasoningPolicyBuildWorkflowDocument(TypedDict):
    document: bytes | bytearray
    documentContentType: AutomatedReasoningPolicyBuildDocumentContentType
    documentName: str
    documentDescription: NotRequired[str]


class AutomatedReasoningPolicyBuildWorkflowRepairContent(TypedDict):
    annotations: Sequence[AutomatedReasoningPolicyAnnotationUnion]


class AutomatedReasoningPolicyBuildWorkflowSource(TypedDict):
    policyDefinition: NotRequired[AutomatedReasoningPolicyDefinitionUnion]
    workflowContent: NotRequired[AutomatedReasoningPolicyWorkflowTypeContent]


class AutomatedReasoningPolicyBuildWorkflowSummary(TypedDict):
    policyArn: str
    buildWorkflowId: str
    status: AutomatedReasoningPolicyBuildWorkflowStatusType
    buildWorkflowType: AutomatedReasoningPolicyBuildWorkflowType
    createdAt: datetime
    updatedAt: datetime


class AutomatedReasoningPolicyDefinition(TypedDict):
    version: NotRequired[str]
    types: NotRequired[Sequence[AutomatedReasoningPolicyDefinitionTypeUnion]]
    rules: NotRequired[Sequence[AutomatedReasoningPolicyDefinitionRule]]
    variables: NotRequired[Sequence[AutomatedReasoningPolicyDefinitionVariable]]


class AutomatedReasoningPolicyDefinitionElement(TypedDict):
    policyDefinitionVariable: NotRequired[AutomatedReasoningPolicyDefinitionVariable]
    policyDefinitionType: NotRequired[AutomatedReasoningPolicyDefinitionTypeOutput]
    policyDefinitionRule: NotRequired[AutomatedReasoningPolicyDefinitionRule]


class AutomatedReasoningPolicyDefinitionOutput(TypedDict):
    version: NotRequired[str]
    types: NotRequired[list[AutomatedReasoningPolicyDefinitionTypeOutput]]
    rules: NotRequired[list[AutomatedReasoningPolicyDefinitionRule]]
    variables: NotRequired[list[AutomatedReasoningPolicyDefinitionVariable]]


class AutomatedReasoningPolicyDefinitionQualityReport(TypedDict):
    typeCount: int
    variableCount: int
    ruleCount: int
    unusedTypes: list[str]
    unusedTypeValues: list[AutomatedReasoningPolicyDefinitionTypeValuePair]
    unusedVariables: list[str]
    conflictingRules: list[str]
    disjointRuleSets: list[AutomatedReasoningPolicyDisjointRuleSet]


class AutomatedReasoningPolicyDefinitionRule(TypedDict):
    id: str
    expression: str
    alternateExpression: NotRequired[str]


class AutomatedReasoningPolicyDefinitionType(TypedDict):
    name: str
    description: NotRequired[str]
    values: Sequence[AutomatedReasoningPolicyDefinitionTypeValue]


class AutomatedReasoningPolicyDefinitionTypeOutput(TypedDict):
    name: str
    description: NotRequired[str]
    values: list[AutomatedReasoningPolicyDefinitionTypeValue]


class AutomatedReasoningPolicyDefinitionTypeValue(TypedDict):
    value: str
    description: NotRequired[str]


class AutomatedReasoningPolicyDefinitionTypeValuePair(TypedDict):
    typeName: str
    valueName: str


class AutomatedReasoningPolicyDefinitionVariable(TypedDict):
    name: str
    type: str
    description: str


class AutomatedReasoningPolicyDeleteRuleAnnotation(TypedDict):
    ruleId: str


class AutomatedReasoningPolicyDeleteRuleMutation(TypedDict):
    id: str


class AutomatedReasoningPolicyDeleteTypeAnnotation(TypedDict):
    name: str


class AutomatedReasoningPolicyDeleteTypeMutation(TypedDict):
    name: str


class AutomatedReasoningPolicyDeleteTypeValue(TypedDict):
    value: str


class AutomatedReasoningPolicyDeleteVariableAnnotation(TypedDict):
    name: str


class AutomatedReasoningPolicyDeleteVariableMutation(TypedDict):
    name: str


class AutomatedReasoningPolicyDisjointRuleSet(TypedDict):
    variables: list[str]
    rules: list[str]


class AutomatedReasoningPolicyFidelityReport(TypedDict):
    coverageScore: float
    accuracyScore: float
    ruleReports: dict[str, AutomatedReasoningPolicyRuleReport]
    variableReports: dict[str, AutomatedReasoningPolicyVariableReport]
    documentSources: list[AutomatedReasoningPolicyReportSourceDocument]


class AutomatedReasoningPolicyGenerateFidelityReportContent(TypedDict):
    documents: NotRequired[Sequence[AutomatedReasoningPolicyBuildWorkflowDocument]]


class AutomatedReasoningPolicyGeneratedTestCase(TypedDict):
    queryContent: str
    guardContent: str
    expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType


class AutomatedReasoningPolicyGeneratedTestCases(TypedDict):
    generatedTestCases: list[AutomatedReasoningPolicyGeneratedTestCase]


class AutomatedReasoningPolicyIngestContentAnnotation(TypedDict):
    content: str


class AutomatedReasoningPolicyIterativeRefinementContent(TypedDict):
    documents: Sequence[AutomatedReasoningPolicyBuildWorkflowDocument]
    feedback: NotRequired[str]


class AutomatedReasoningPolicyMutation(TypedDict):
    addType: NotRequired[AutomatedReasoningPolicyAddTypeMutation]
    updateType: NotRequired[AutomatedReasoningPolicyUpdateTypeMutation]
    deleteType: NotRequired[AutomatedReasoningPolicyDeleteTypeMutation]
    addVariable: NotRequired[AutomatedReasoningPolicyAddVariableMutation]
    updateVariable: NotRequired[AutomatedReasoningPolicyUpdateVariableMutation]
    deleteVariable: NotRequired[AutomatedReasoningPolicyDeleteVariableMutation]
    addRule: NotRequired[AutomatedReasoningPolicyAddRuleMutation]
    updateRule: NotRequired[AutomatedReasoningPolicyUpdateRuleMutation]
    deleteRule: NotRequired[AutomatedReasoningPolicyDeleteRuleMutation]


class AutomatedReasoningPolicyPlanning(TypedDict): ...


class AutomatedReasoningPolicyReportSourceDocument(TypedDict):
    documentName: str
    documentHash: str
    documentId: str
    atomicStatements: list[AutomatedReasoningPolicyAtomicStatement]
    documentContent: list[AutomatedReasoningPolicyAnnotatedChunk]


class AutomatedReasoningPolicyRuleReport(TypedDict):
    rule: str
    groundingStatements: NotRequired[list[AutomatedReasoningPolicyStatementReference]]
    groundingJustifications: NotRequired[list[str]]
    accuracyScore: NotRequired[float]
    accuracyJustification: NotRequired[str]


class AutomatedReasoningPolicyScenario(TypedDict):
    expression: str
    alternateExpression: str
    expectedResult: AutomatedReasoningCheckResultType
    ruleIds: list[str]


class AutomatedReasoningPolicyScenarios(TypedDict):
    policyScenarios: list[AutomatedReasoningPolicyScenario]


class AutomatedReasoningPolicySourceDocument(TypedDict):
    document: bytes
    documentContentType: AutomatedReasoningPolicyBuildDocumentContentType
    documentName: str
    documentDescription: NotRequired[str]
    documentHash: str


class AutomatedReasoningPolicyStatementLocation(TypedDict):
    lines: list[int]


class AutomatedReasoningPolicyStatementReference(TypedDict):
    documentId: str
    statementId: str


class AutomatedReasoningPolicySummary(TypedDict):
    policyArn: str
    name: str
    description: NotRequired[str]
    version: str
    policyId: str
    createdAt: datetime
    updatedAt: datetime


class AutomatedReasoningPolicyTestCase(TypedDict):
    testCaseId: str
    guardContent: str
    queryContent: NotRequired[str]
    expectedAggregatedFindingsResult: NotRequired[AutomatedReasoningCheckResultType]
    createdAt: datetime
    updatedAt: datetime
    confidenceThreshold: NotRequired[float]


class AutomatedReasoningPolicyTestResult(TypedDict):
    testCase: AutomatedReasoningPolicyTestCase
    policyArn: str
    testRunStatus: AutomatedReasoningPolicyTestRunStatusType
    testFindings: NotRequired[list[AutomatedReasoningCheckFinding]]
    testRunResult: NotRequired[AutomatedReasoningPolicyTestRunResultType]
    aggregatedTestFindingsResult: NotRequired[AutomatedReasoningCheckResultType]
    updatedAt: datetime


class AutomatedReasoningPolicyTypeValueAnnotation(TypedDict):
    addTypeValue: NotRequired[AutomatedReasoningPolicyAddTypeValue]
    updateTypeValue: NotRequired[AutomatedReasoningPolicyUpdateTypeValue]
    deleteTypeValue: NotRequired[AutomatedReasoningPolicyDeleteTypeValue]


class AutomatedReasoningPolicyTypeValueAnnotationOutput(TypedDict):
    addTypeValue: NotRequired[AutomatedReasoningPolicyAddTypeValue]
    updateTypeValue: NotRequired[AutomatedReasoningPolicyUpdateTypeValue]
    deleteTypeValue: NotRequired[AutomatedReasoningPolicyDeleteTypeValue]


class AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotation(TypedDict):
    ruleIds: NotRequired[Sequence[str]]
    feedback: str


class AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationOutput(TypedDict):
    ruleIds: NotRequired[list[str]]
    feedback: str


class AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotation(TypedDict):
    ruleIds: NotRequired[Sequence[str]]
    scenarioExpression: str
    feedback: NotRequired[str]


class AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationOutput(TypedDict):
    ruleIds: NotRequired[list[str]]
    scenarioExpression: str
    feedback: NotRequired[str]


class AutomatedReasoningPolicyUpdateRuleAnnotation(TypedDict):
    ruleId: str
    expression: str


class AutomatedReasoningPolicyUpdateRuleMutation(TypedDict):
    rule: AutomatedReasoningPolicyDefinitionRule


class AutomatedReasoningPolicyUpdateTypeAnnotation(TypedDict):
    name: str
    newName: NotRequired[str]
    description: NotRequired[str]
    values: Sequence[AutomatedReasoningPolicyTypeValueAnnotationUnion]


class AutomatedReasoningPolicyUpdateTypeAnnotationOutput(TypedDict):
    name: str
    newName: NotRequired[str]
    description: NotRequired[str]
    values: list[AutomatedReasoningPolicyTypeValueAnnotationOutput]


class AutomatedReasoningPolicyUpdateTypeMutation(TypedDict):
    type: AutomatedReasoningPolicyDefinitionTypeOutput


class AutomatedReasoningPolicyUpdateTypeValue(TypedDict):
    value: str
    newValue: NotRequired[str]
    description: NotRequired[str]


class AutomatedReasoningPolicyUpdateVariableAnnotation(TypedDict):
    name: str
    newName: NotRequired[str]
    description: NotRequired[str]


class AutomatedReasoningPolicyUpdateVariableMutation(TypedDict):
    variable: AutomatedReasoningPolicyDefinitionVariable


class AutomatedReasoningPolicyVariableReport(TypedDict):
    policyVariable: str
    groundingStatements: NotRequired[list[AutomatedReasoningPolicyStatementReference]]
    groundingJustifications: NotRequired[list[str]]
    accuracyScore: NotRequired[float]
    accuracyJustification: NotRequired[str]


class AutomatedReasoningPolicyWorkflowTypeContent(TypedDict):
    documents: NotRequired[Sequence[AutomatedReasoningPolicyBuildWorkflowDocument]]
    policyRepairAssets: NotRequired[AutomatedReasoningPolicyBuildWorkflowRepairContent]
    generateFidelityReportContent: NotRequired[AutomatedReasoningPolicyGenerateFidelityReportContent]
    iterativeRefinementContent: NotRequired[AutomatedReasoningPolicyIterativeRefinementContent]


class BatchDeleteAdvancedPromptOptimizationJobError(TypedDict):
    jobIdentifier: str
    code: str
    message: NotRequired[str]


class BatchDeleteAdvancedPromptOptimizationJobItem(TypedDict):
    jobIdentifier: str
    jobStatus: AdvancedPromptOptimizationJobStatusType


class BatchDeleteAdvancedPromptOptimizationJobRequest(TypedDict):
    jobIdentifiers: Sequence[str]


class BatchDeleteAdvancedPromptOptimizationJobResponse(TypedDict):
    errors: list[BatchDeleteAdvancedPromptOptimizationJobError]
    advancedPromptOptimizationJobs: list[BatchDeleteAdvancedPromptOptimizationJobItem]
    ResponseMetadata: ResponseMetadata


class BatchDeleteEvaluationJobError(TypedDict):
    jobIdentifier: str
    code: str
    message: NotRequired[str]


class BatchDeleteEvaluationJobItem(TypedDict):
    jobIdentifier: str
    jobStatus: EvaluationJobStatusType


class BatchDeleteEvaluationJobRequest(TypedDict):
    jobIdentifiers: Sequence[str]


class BatchDeleteEvaluationJobResponse(TypedDict):
    errors: list[BatchDeleteEvaluationJobError]
    evaluationJobs: list[BatchDeleteEvaluationJobItem]
    ResponseMetadata: ResponseMetadata


class BedrockEvaluatorModel(TypedDict):
    modelIdentifier: str


class ByteContentDoc(TypedDict):
    identifier: str
    contentType: str
    data: bytes | bytearray


class ByteContentDocOutput(TypedDict):
    identifier: str
    contentType: str
    data: bytes


class CancelAutomatedReasoningPolicyBuildWorkflowRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str


class CancelAutomatedReasoningPolicyBuildWorkflowResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class CloudWatchConfig(TypedDict):
    logGroupName: str
    roleArn: str
    largeDataDeliveryS3Config: NotRequired[S3Config]


class CreateAdvancedPromptOptimizationJobRequest(TypedDict):
    jobName: str
    jobDescription: NotRequired[str]
    clientToken: NotRequired[str]
    inputConfig: AdvancedPromptOptimizationInputConfig
    outputConfig: AdvancedPromptOptimizationOutputConfig
    encryptionKeyArn: NotRequired[str]
    tags: NotRequired[Sequence[Tag]]
    modelConfigurations: Sequence[ModelConfigurationUnion]


class CreateAdvancedPromptOptimizationJobResponse(TypedDict):
    jobArn: str
    ResponseMetadata: ResponseMetadata


class CreateAutomatedReasoningPolicyRequest(TypedDict):
    name: str
    description: NotRequired[str]
    clientRequestToken: NotRequired[str]
    policyDefinition: NotRequired[AutomatedReasoningPolicyDefinitionUnion]
    kmsKeyId: NotRequired[str]
    tags: NotRequired[Sequence[Tag]]


class CreateAutomatedReasoningPolicyResponse(TypedDict):
    policyArn: str
    version: str
    name: str
    description: NotRequired[str]
    definitionHash: NotRequired[str]
    createdAt: datetime
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class CreateAutomatedReasoningPolicyTestCaseRequest(TypedDict):
    policyArn: str
    guardContent: str
    queryContent: NotRequired[str]
    expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType
    clientRequestToken: NotRequired[str]
    confidenceThreshold: NotRequired[float]


class CreateAutomatedReasoningPolicyTestCaseResponse(TypedDict):
    policyArn: str
    testCaseId: str
    ResponseMetadata: ResponseMetadata


class CreateAutomatedReasoningPolicyVersionRequest(TypedDict):
    policyArn: str
    clientRequestToken: NotRequired[str]
    lastUpdatedDefinitionHash: str
    tags: NotRequired[Sequence[Tag]]


class CreateAutomatedReasoningPolicyVersionResponse(TypedDict):
    policyArn: str
    version: str
    name: str
    description: NotRequired[str]
    definitionHash: str
    createdAt: datetime
    ResponseMetadata: ResponseMetadata


class CreateCustomModelDeploymentRequest(TypedDict):
    modelDeploymentName: str
    modelArn: str
    description: NotRequired[str]
    tags: NotRequired[Sequence[Tag]]
    clientRequestToken: NotRequired[str]


class CreateCustomModelDeploymentResponse(TypedDict):
    customModelDeploymentArn: str
    ResponseMetadata: ResponseMetadata


class CreateCustomModelRequest(TypedDict):
    modelName: str
    modelSourceConfig: NotRequired[ModelDataSourceUnion]
    customModelDataSource: NotRequired[CustomModelDataSource]
    modelKmsKeyArn: NotRequired[str]
    roleArn: NotRequired[str]
    modelTags: NotRequired[Sequence[Tag]]
    clientRequestToken: NotRequired[str]


class CreateCustomModelResponse(TypedDict):
    modelArn: str
    ResponseMetadata: ResponseMetadata


class CreateEvaluationJobRequest(TypedDict):
    jobName: str
    jobDescription: NotRequired[str]
    clientRequestToken: NotRequired[str]
    roleArn: str
    customerEncryptionKeyId: NotRequired[str]
    jobTags: NotRequired[Sequence[Tag]]
    applicationType: NotRequired[ApplicationType]
    evaluationConfig: EvaluationConfigUnion
    inferenceConfig: EvaluationInferenceConfigUnion
    outputDataConfig: EvaluationOutputDataConfig


class CreateEvaluationJobResponse(TypedDict):
    jobArn: str
    ResponseMetadata: ResponseMetadata


class CreateFoundationModelAgreementRequest(TypedDict):
    offerToken: str
    modelId: str


class CreateFoundationModelAgreementResponse(TypedDict):
    modelId: str
    ResponseMetadata: ResponseMetadata


class CreateGuardrailRequest(TypedDict):
    name: str
    description: NotRequired[str]
    topicPolicyConfig: NotRequired[GuardrailTopicPolicyConfig]
    contentPolicyConfig: NotRequired[GuardrailContentPolicyConfig]
    wordPolicyConfig: NotRequired[GuardrailWordPolicyConfig]
    sensitiveInformationPolicyConfig: NotRequired[GuardrailSensitiveInformationPolicyConfig]
    contextualGroundingPolicyConfig: NotRequired[GuardrailContextualGroundingPolicyConfig]
    automatedReasoningPolicyConfig: NotRequired[GuardrailAutomatedReasoningPolicyConfig]
    crossRegionConfig: NotRequired[GuardrailCrossRegionConfig]
    blockedInputMessaging: str
    blockedOutputsMessaging: str
    kmsKeyId: NotRequired[str]
    tags: NotRequired[Sequence[Tag]]
    clientRequestToken: NotRequired[str]


class CreateGuardrailResponse(TypedDict):
    guardrailId: str
    guardrailArn: str
    version: str
    createdAt: datetime
    ResponseMetadata: ResponseMetadata


class CreateGuardrailVersionRequest(TypedDict):
    guardrailIdentifier: str
    description: NotRequired[str]
    clientRequestToken: NotRequired[str]


class CreateGuardrailVersionResponse(TypedDict):
    guardrailId: str
    version: str
    ResponseMetadata: ResponseMetadata


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


class CreateMarketplaceModelEndpointRequest(TypedDict):
    modelSourceIdentifier: str
    endpointConfig: EndpointConfigUnion
    acceptEula: NotRequired[bool]
    endpointName: str
    clientRequestToken: NotRequired[str]
    tags: NotRequired[Sequence[Tag]]


class CreateMarketplaceModelEndpointResponse(TypedDict):
    marketplaceModelEndpoint: MarketplaceModelEndpoint
    ResponseMetadata: ResponseMetadata


class CreateModelCopyJobRequest(TypedDict):
    sourceModelArn: str
    targetModelName: str
    modelKmsKeyId: NotRequired[str]
    targetModelTags: NotRequired[Sequence[Tag]]
    clientRequestToken: NotRequired[str]


class CreateModelCopyJobResponse(TypedDict):
    jobArn: str
    ResponseMetadata: ResponseMetadata


class CreateModelCustomizationJobRequest(TypedDict):
    jobName: str
    customModelName: str
    roleArn: str
    clientRequestToken: NotRequired[str]
    baseModelIdentifier: str
    customizationType: NotRequired[CustomizationType]
    customModelKmsKeyId: NotRequired[str]
    jobTags: NotRequired[Sequence[Tag]]
    customModelTags: NotRequired[Sequence[Tag]]
    trainingDataConfig: TrainingDataConfigUnion
    validationDataConfig: NotRequired[ValidationDataConfigUnion]
    outputDataConfig: OutputDataConfig
    hyperParameters: NotRequired[Mapping[str, str]]
    vpcConfig: NotRequired[VpcConfigUnion]
    customizationConfig: NotRequired[CustomizationConfigUnion]


class CreateModelCustomizationJobResponse(TypedDict):
    jobArn: str
    ResponseMetadata: ResponseMetadata


class CreateModelImportJobRequest(TypedDict):
    jobName: str
    importedModelName: str
    roleArn: str
    modelDataSource: ModelDataSourceUnion
    jobTags: NotRequired[Sequence[Tag]]
    importedModelTags: NotRequired[Sequence[Tag]]
    clientRequestToken: NotRequired[str]
    vpcConfig: NotRequired[VpcConfigUnion]
    importedModelKmsKeyId: NotRequired[str]


class CreateModelImportJobResponse(TypedDict):
    jobArn: str
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


class CreateProjectRequest(TypedDict):
    name: str
    tags: NotRequired[Sequence[Tag]]
    dataRetention: NotRequired[ProjectDataRetention]


class CreateProjectResponse(TypedDict):
    id: str
    arn: str
    name: str
    status: ProjectStatusType
    createdAt: datetime
    archivedAt: NotRequired[datetime]
    dataRetention: ProjectDataRetention
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


class CreateProvisionedModelThroughputRequest(TypedDict):
    clientRequestToken: NotRequired[str]
    modelUnits: int
    provisionedModelName: str
    modelId: str
    commitmentDuration: NotRequired[CommitmentDurationType]
    tags: NotRequired[Sequence[Tag]]


class CreateProvisionedModelThroughputResponse(TypedDict):
    provisionedModelArn: str
    ResponseMetadata: ResponseMetadata


class CustomMetricBedrockEvaluatorModel(TypedDict):
    modelIdentifier: str


class CustomMetricDefinition(TypedDict):
    name: str
    instructions: str
    ratingScale: NotRequired[Sequence[RatingScaleItemUnion]]


class CustomMetricDefinitionOutput(TypedDict):
    name: str
    instructions: str
    ratingScale: NotRequired[list[RatingScaleItemOutput]]


class CustomMetricEvaluatorModelConfig(TypedDict):
    bedrockEvaluatorModels: Sequence[CustomMetricBedrockEvaluatorModel]


class CustomMetricEvaluatorModelConfigOutput(TypedDict):
    bedrockEvaluatorModels: list[CustomMetricBedrockEvaluatorModel]


class CustomModelDataSource(TypedDict):
    modelPackageArnDataSource: NotRequired[ModelPackageArnDataSource]


class CustomModelDeploymentSummary(TypedDict):
    customModelDeploymentArn: str
    customModelDeploymentName: str
    modelArn: str
    createdAt: datetime
    status: CustomModelDeploymentStatusType
    lastUpdatedAt: NotRequired[datetime]
    failureMessage: NotRequired[str]


class CustomModelDeploymentUpdateDetails(TypedDict):
    modelArn: str
    updateStatus: CustomModelDeploymentUpdateStatusType


class CustomModelSummary(TypedDict):
    modelArn: str
    modelName: str
    creationTime: datetime
    baseModelArn: str
    baseModelName: str
    customizationType: NotRequired[CustomizationType]
    ownerAccountId: NotRequired[str]
    modelStatus: NotRequired[ModelStatusType]


class CustomModelUnits(TypedDict):
    customModelUnitsPerModelCopy: NotRequired[int]
    customModelUnitsVersion: NotRequired[str]


class CustomizationConfig(TypedDict):
    distillationConfig: NotRequired[DistillationConfig]
    rftConfig: NotRequired[RFTConfigUnion]


class CustomizationConfigOutput(TypedDict):
    distillationConfig: NotRequired[DistillationConfig]
    rftConfig: NotRequired[RFTConfigOutput]


class DataProcessingDetails(TypedDict):
    status: NotRequired[JobStatusDetailsType]
    creationTime: NotRequired[datetime]
    lastModifiedTime: NotRequired[datetime]


class DataRetentionStorageConfiguration(TypedDict):
    kmsKeyArn: str
    s3BucketArn: str
    s3BucketOwner: str


class DeleteAccountDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType


class DeleteAccountDataRetentionStorageResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteAutomatedReasoningPolicyBuildWorkflowRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    lastUpdatedAt: datetime | str | float


class DeleteAutomatedReasoningPolicyBuildWorkflowResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteAutomatedReasoningPolicyRequest(TypedDict):
    policyArn: str
    force: NotRequired[bool]


class DeleteAutomatedReasoningPolicyResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteAutomatedReasoningPolicyTestCaseRequest(TypedDict):
    policyArn: str
    testCaseId: str
    lastUpdatedAt: datetime | str | float


class DeleteAutomatedReasoningPolicyTestCaseResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteCustomModelDeploymentRequest(TypedDict):
    customModelDeploymentIdentifier: str


class DeleteCustomModelDeploymentResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteCustomModelRequest(TypedDict):
    modelIdentifier: str


class DeleteCustomModelResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteEnforcedGuardrailConfigurationRequest(TypedDict):
    configId: str


class DeleteEnforcedGuardrailConfigurationResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteFoundationModelAgreementRequest(TypedDict):
    modelId: str


class DeleteFoundationModelAgreementResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteGuardrailRequest(TypedDict):
    guardrailIdentifier: str
    guardrailVersion: NotRequired[str]


class DeleteGuardrailResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteImportedModelRequest(TypedDict):
    modelIdentifier: str


class DeleteImportedModelResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteInferenceProfileRequest(TypedDict):
    inferenceProfileIdentifier: str


class DeleteInferenceProfileResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteMarketplaceModelEndpointRequest(TypedDict):
    endpointArn: str


class DeleteMarketplaceModelEndpointResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteModelInvocationLoggingConfigurationRequest(TypedDict): ...


class DeleteModelInvocationLoggingConfigurationResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteOrganizationDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType


class DeleteOrganizationDataRetentionStorageResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteProjectDataRetentionStorageRequest(TypedDict):
    projectIdentifier: str
    modelProvider: DataRetentionStorageModelProviderType


class DeleteProjectDataRetentionStorageResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeletePromptRouterRequest(TypedDict):
    promptRouterArn: str


class DeletePromptRouterResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteProvisionedModelThroughputRequest(TypedDict):
    provisionedModelId: str


class DeleteProvisionedModelThroughputResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeleteResourcePolicyRequest(TypedDict):
    resourceArn: str


class DeleteResourcePolicyResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DeregisterMarketplaceModelEndpointRequest(TypedDict):
    endpointArn: str


class DeregisterMarketplaceModelEndpointResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class DimensionalPriceRate(TypedDict):
    dimension: NotRequired[str]
    price: NotRequired[str]
    description: NotRequired[str]
    unit: NotRequired[str]


class DistillationConfig(TypedDict):
    teacherModelConfig: TeacherModelConfig


class EndpointConfig(TypedDict):
    sageMaker: NotRequired[SageMakerEndpointUnion]


class EndpointConfigOutput(TypedDict):
    sageMaker: SageMakerEndpointOutput


class EvaluationBedrockModel(TypedDict):
    modelIdentifier: str
    inferenceParams: NotRequired[str]
    performanceConfig: NotRequired[PerformanceConfiguration]


class EvaluationConfig(TypedDict):
    automated: NotRequired[AutomatedEvaluationConfigUnion]
    human: NotRequired[HumanEvaluationConfigUnion]


class EvaluationConfigOutput(TypedDict):
    automated: NotRequired[AutomatedEvaluationConfigOutput]
    human: NotRequired[HumanEvaluationConfigOutput]


class EvaluationDataset(TypedDict):
    name: str
    datasetLocation: NotRequired[EvaluationDatasetLocationUnion]


class EvaluationDatasetLocation(TypedDict):
    s3Uri: NotRequired[str]


class EvaluationDatasetLocationOutput(TypedDict):
    s3Uri: str


class EvaluationDatasetMetricConfig(TypedDict):
    taskType: EvaluationTaskType
    dataset: EvaluationDatasetUnion
    metricNames: Sequence[str]


class EvaluationDatasetMetricConfigOutput(TypedDict):
    taskType: EvaluationTaskType
    dataset: EvaluationDatasetOutput
    metricNames: list[str]


class EvaluationDatasetOutput(TypedDict):
    name: str
    datasetLocation: NotRequired[EvaluationDatasetLocationOutput]


class EvaluationInferenceConfig(TypedDict):
    models: NotRequired[Sequence[EvaluationModelConfigUnion]]
    ragConfigs: NotRequired[Sequence[RAGConfigUnion]]


class EvaluationInferenceConfigOutput(TypedDict):
    models: NotRequired[list[EvaluationModelConfigOutput]]
    ragConfigs: NotRequired[list[RAGConfigOutput]]


class EvaluationInferenceConfigSummary(TypedDict):
    modelConfigSummary: NotRequired[EvaluationModelConfigSummary]
    ragConfigSummary: NotRequired[EvaluationRagConfigSummary]


class EvaluationModelConfig(TypedDict):
    bedrockModel: NotRequired[EvaluationBedrockModel]
    precomputedInferenceSource: NotRequired[EvaluationPrecomputedInferenceSource]


class EvaluationModelConfigOutput(TypedDict):
    bedrockModel: NotRequired[EvaluationBedrockModel]
    precomputedInferenceSource: NotRequired[EvaluationPrecomputedInferenceSource]


class EvaluationModelConfigSummary(TypedDict):
    bedrockModelIdentifiers: NotRequired[list[str]]
    precomputedInferenceSourceIdentifiers: NotRequired[list[str]]


class EvaluationOutputDataConfig(TypedDict):
    s3Uri: str


class EvaluationPrecomputedInferenceSource(TypedDict):
    inferenceSourceIdentifier: str


class EvaluationPrecomputedRagSourceConfig(TypedDict):
    retrieveSourceConfig: NotRequired[EvaluationPrecomputedRetrieveSourceConfig]
    retrieveAndGenerateSourceConfig: NotRequired[EvaluationPrecomputedRetrieveAndGenerateSourceConfig]


class EvaluationPrecomputedRagSourceConfigOutput(TypedDict):
    retrieveSourceConfig: NotRequired[EvaluationPrecomputedRetrieveSourceConfig]
    retrieveAndGenerateSourceConfig: NotRequired[EvaluationPrecomputedRetrieveAndGenerateSourceConfig]


class EvaluationPrecomputedRetrieveAndGenerateSourceConfig(TypedDict):
    ragSourceIdentifier: str


class EvaluationPrecomputedRetrieveSourceConfig(TypedDict):
    ragSourceIdentifier: str


class EvaluationRagConfigSummary(TypedDict):
    bedrockKnowledgeBaseIdentifiers: NotRequired[list[str]]
    precomputedRagSourceIdentifiers: NotRequired[list[str]]


class EvaluationSummary(TypedDict):
    jobArn: str
    jobName: str
    status: EvaluationJobStatusType
    creationTime: datetime
    jobType: EvaluationJobType
    evaluationTaskTypes: list[EvaluationTaskType]
    modelIdentifiers: NotRequired[list[str]]
    ragIdentifiers: NotRequired[list[str]]
    evaluatorModelIdentifiers: NotRequired[list[str]]
    customMetricsEvaluatorModelIdentifiers: NotRequired[list[str]]
    inferenceConfigSummary: NotRequired[EvaluationInferenceConfigSummary]
    applicationType: NotRequired[ApplicationType]


class EvaluatorModelConfig(TypedDict):
    bedrockEvaluatorModels: NotRequired[Sequence[BedrockEvaluatorModel]]


class EvaluatorModelConfigOutput(TypedDict):
    bedrockEvaluatorModels: list[BedrockEvaluatorModel]


class ExportAutomatedReasoningPolicyVersionRequest(TypedDict):
    policyArn: str


class ExportAutomatedReasoningPolicyVersionResponse(TypedDict):
    policyDefinition: AutomatedReasoningPolicyDefinitionOutput
    ResponseMetadata: ResponseMetadata


class ExternalSource(TypedDict):
    sourceType: ExternalSourceType
    s3Location: NotRequired[S3ObjectDoc]
    byteContent: NotRequired[ByteContentDocUnion]


class ExternalSourceOutput(TypedDict):
    sourceType: ExternalSourceType
    s3Location: NotRequired[S3ObjectDoc]
    byteContent: NotRequired[ByteContentDocOutput]


class ExternalSourcesGenerationConfiguration(TypedDict):
    promptTemplate: NotRequired[PromptTemplate]
    guardrailConfiguration: NotRequired[GuardrailConfiguration]
    kbInferenceConfig: NotRequired[KbInferenceConfigUnion]
    additionalModelRequestFields: NotRequired[Mapping[str, Any]]


class ExternalSourcesGenerationConfigurationOutput(TypedDict):
    promptTemplate: NotRequired[PromptTemplate]
    guardrailConfiguration: NotRequired[GuardrailConfiguration]
    kbInferenceConfig: NotRequired[KbInferenceConfigOutput]
    additionalModelRequestFields: NotRequired[dict[str, Any]]


class ExternalSourcesRetrieveAndGenerateConfiguration(TypedDict):
    modelArn: str
    sources: Sequence[ExternalSourceUnion]
    generationConfiguration: NotRequired[ExternalSourcesGenerationConfigurationUnion]


class ExternalSourcesRetrieveAndGenerateConfigurationOutput(TypedDict):
    modelArn: str
    sources: list[ExternalSourceOutput]
    generationConfiguration: NotRequired[ExternalSourcesGenerationConfigurationOutput]


class FieldForReranking(TypedDict):
    fieldName: str


class FilterAttribute(TypedDict):
    key: str
    value: Any


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


class GenerationConfiguration(TypedDict):
    promptTemplate: NotRequired[PromptTemplate]
    guardrailConfiguration: NotRequired[GuardrailConfiguration]
    kbInferenceConfig: NotRequired[KbInferenceConfigUnion]
    additionalModelRequestFields: NotRequired[Mapping[str, Any]]


class GenerationConfigurationOutput(TypedDict):
    promptTemplate: NotRequired[PromptTemplate]
    guardrailConfiguration: NotRequired[GuardrailConfiguration]
    kbInferenceConfig: NotRequired[KbInferenceConfigOutput]
    additionalModelRequestFields: NotRequired[dict[str, Any]]


class GetAccountDataRetentionRequest(TypedDict): ...


class GetAccountDataRetentionResponse(TypedDict):
    mode: DataRetentionModeType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetAccountDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType


class GetAccountDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    ResponseMetadata: ResponseMetadata


class GetAdvancedPromptOptimizationJobRequest(TypedDict):
    jobIdentifier: str


class GetAdvancedPromptOptimizationJobResponse(TypedDict):
    jobArn: str
    jobName: str
    jobDescription: NotRequired[str]
    jobStatus: AdvancedPromptOptimizationJobStatusType
    inputConfig: AdvancedPromptOptimizationInputConfig
    outputConfig: AdvancedPromptOptimizationOutputConfig
    encryptionKeyArn: NotRequired[str]
    creationTime: datetime
    lastModifiedTime: NotRequired[datetime]
    failureMessage: NotRequired[str]
    modelConfigurations: list[ModelConfigurationOutput]
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyAnnotationsRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str


class GetAutomatedReasoningPolicyAnnotationsResponse(TypedDict):
    policyArn: str
    name: str
    buildWorkflowId: str
    annotations: list[AutomatedReasoningPolicyAnnotationOutput]
    annotationSetHash: str
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyBuildWorkflowRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str


class GetAutomatedReasoningPolicyBuildWorkflowResponse(TypedDict):
    policyArn: str
    buildWorkflowId: str
    status: AutomatedReasoningPolicyBuildWorkflowStatusType
    buildWorkflowType: AutomatedReasoningPolicyBuildWorkflowType
    documentName: NotRequired[str]
    documentContentType: NotRequired[AutomatedReasoningPolicyBuildDocumentContentType]
    documentDescription: NotRequired[str]
    createdAt: datetime
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyBuildWorkflowResultAssetsRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    assetType: AutomatedReasoningPolicyBuildResultAssetType
    assetId: NotRequired[str]


class GetAutomatedReasoningPolicyBuildWorkflowResultAssetsResponse(TypedDict):
    policyArn: str
    buildWorkflowId: str
    buildWorkflowAssets: NotRequired[AutomatedReasoningPolicyBuildResultAssets]
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyNextScenarioRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str


class GetAutomatedReasoningPolicyNextScenarioResponse(TypedDict):
    policyArn: str
    scenario: NotRequired[AutomatedReasoningPolicyScenario]
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyRequest(TypedDict):
    policyArn: str


class GetAutomatedReasoningPolicyResponse(TypedDict):
    policyArn: str
    name: str
    version: str
    policyId: str
    description: NotRequired[str]
    definitionHash: str
    kmsKeyArn: NotRequired[str]
    createdAt: NotRequired[datetime]
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyTestCaseRequest(TypedDict):
    policyArn: str
    testCaseId: str


class GetAutomatedReasoningPolicyTestCaseResponse(TypedDict):
    policyArn: str
    testCase: AutomatedReasoningPolicyTestCase
    ResponseMetadata: ResponseMetadata


class GetAutomatedReasoningPolicyTestResultRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    testCaseId: str


class GetAutomatedReasoningPolicyTestResultResponse(TypedDict):
    testResult: AutomatedReasoningPolicyTestResult
    ResponseMetadata: ResponseMetadata


class GetCustomModelDeploymentRequest(TypedDict):
    customModelDeploymentIdentifier: str


class GetCustomModelDeploymentResponse(TypedDict):
    customModelDeploymentArn: str
    modelDeploymentName: str
    modelArn: str
    createdAt: datetime
    status: CustomModelDeploymentStatusType
    description: NotRequired[str]
    updateDetails: NotRequired[CustomModelDeploymentUpdateDetails]
    failureMessage: NotRequired[str]
    lastUpdatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetCustomModelRequest(TypedDict):
    modelIdentifier: str


class GetCustomModelResponse(TypedDict):
    modelArn: str
    modelName: str
    jobName: NotRequired[str]
    jobArn: NotRequired[str]
    baseModelArn: NotRequired[str]
    customizationType: NotRequired[CustomizationType]
    modelKmsKeyArn: NotRequired[str]
    hyperParameters: NotRequired[dict[str, str]]
    trainingDataConfig: NotRequired[TrainingDataConfigOutput]
    validationDataConfig: NotRequired[ValidationDataConfigOutput]
    outputDataConfig: NotRequired[OutputDataConfig]
    trainingMetrics: NotRequired[TrainingMetrics]
    validationMetrics: NotRequired[list[ValidatorMetric]]
    creationTime: datetime
    customizationConfig: NotRequired[CustomizationConfigOutput]
    modelStatus: NotRequired[ModelStatusType]
    failureMessage: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class GetEvaluationJobRequest(TypedDict):
    jobIdentifier: str


class GetEvaluationJobResponse(TypedDict):
    jobName: str
    status: EvaluationJobStatusType
    jobArn: str
    jobDescription: NotRequired[str]
    roleArn: str
    customerEncryptionKeyId: NotRequired[str]
    jobType: EvaluationJobType
    applicationType: NotRequired[ApplicationType]
    evaluationConfig: EvaluationConfigOutput
    inferenceConfig: EvaluationInferenceConfigOutput
    outputDataConfig: EvaluationOutputDataConfig
    creationTime: datetime
    lastModifiedTime: NotRequired[datetime]
    failureMessages: NotRequired[list[str]]
    ResponseMetadata: ResponseMetadata


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
    projectIdentifier: NotRequired[str]


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


class GetImportedModelRequest(TypedDict):
    modelIdentifier: str


class GetImportedModelResponse(TypedDict):
    modelArn: str
    modelName: str
    jobName: str
    jobArn: str
    modelDataSource: ModelDataSourceOutput
    creationTime: datetime
    modelArchitecture: str
    modelKmsKeyArn: str
    instructSupported: bool
    customModelUnits: CustomModelUnits
    ResponseMetadata: ResponseMetadata


class GetInferenceProfileRequest(TypedDict):
    inferenceProfileIdentifier: str
    projectIdentifier: NotRequired[str]


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


class GetMarketplaceModelEndpointRequest(TypedDict):
    endpointArn: str


class GetMarketplaceModelEndpointResponse(TypedDict):
    marketplaceModelEndpoint: MarketplaceModelEndpoint
    ResponseMetadata: ResponseMetadata


class GetModelCopyJobRequest(TypedDict):
    jobArn: str


class GetModelCopyJobResponse(TypedDict):
    jobArn: str
    status: ModelCopyJobStatusType
    creationTime: datetime
    targetModelArn: str
    targetModelName: NotRequired[str]
    sourceAccountId: str
    sourceModelArn: str
    targetModelKmsKeyArn: NotRequired[str]
    targetModelTags: NotRequired[list[Tag]]
    failureMessage: NotRequired[str]
    sourceModelName: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class GetModelCustomizationJobRequest(TypedDict):
    jobIdentifier: str


class GetModelCustomizationJobResponse(TypedDict):
    jobArn: str
    jobName: str
    outputModelName: str
    outputModelArn: NotRequired[str]
    clientRequestToken: NotRequired[str]
    roleArn: str
    status: NotRequired[ModelCustomizationJobStatusType]
    statusDetails: NotRequired[StatusDetails]
    failureMessage: NotRequired[str]
    creationTime: datetime
    lastModifiedTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    baseModelArn: str
    hyperParameters: NotRequired[dict[str, str]]
    trainingDataConfig: TrainingDataConfigOutput
    validationDataConfig: ValidationDataConfigOutput
    outputDataConfig: OutputDataConfig
    customizationType: NotRequired[CustomizationType]
    outputModelKmsKeyArn: NotRequired[str]
    trainingMetrics: NotRequired[TrainingMetrics]
    validationMetrics: NotRequired[list[ValidatorMetric]]
    vpcConfig: NotRequired[VpcConfigOutput]
    customizationConfig: NotRequired[CustomizationConfigOutput]
    ResponseMetadata: ResponseMetadata


class GetModelImportJobRequest(TypedDict):
    jobIdentifier: str


class GetModelImportJobResponse(TypedDict):
    jobArn: str
    jobName: str
    importedModelName: str
    importedModelArn: str
    roleArn: str
    modelDataSource: ModelDataSourceOutput
    status: ModelImportJobStatusType
    failureMessage: str
    creationTime: datetime
    lastModifiedTime: datetime
    endTime: datetime
    vpcConfig: VpcConfigOutput
    importedModelKmsKeyArn: str
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


class GetOrganizationDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType


class GetOrganizationDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    ResponseMetadata: ResponseMetadata


class GetProjectDataRetentionStorageRequest(TypedDict):
    projectIdentifier: str
    modelProvider: DataRetentionStorageModelProviderType


class GetProjectDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    projectArn: str
    ResponseMetadata: ResponseMetadata


class GetProjectRequest(TypedDict):
    projectIdentifier: str


class GetProjectResponse(TypedDict):
    id: str
    arn: str
    name: str
    status: ProjectStatusType
    createdAt: datetime
    archivedAt: NotRequired[datetime]
    dataRetention: ProjectDataRetention
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


class GetProvisionedModelThroughputRequest(TypedDict):
    provisionedModelId: str


class GetProvisionedModelThroughputResponse(TypedDict):
    modelUnits: int
    desiredModelUnits: int
    provisionedModelName: str
    provisionedModelArn: str
    modelArn: str
    desiredModelArn: str
    foundationModelArn: str
    status: ProvisionedModelStatusType
    creationTime: datetime
    lastModifiedTime: datetime
    failureMessage: NotRequired[str]
    commitmentDuration: NotRequired[CommitmentDurationType]
    commitmentExpirationTime: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetResourcePolicyRequest(TypedDict):
    resourceArn: str


class GetResourcePolicyResponse(TypedDict):
    resourcePolicy: str
    ResponseMetadata: ResponseMetadata


class GetTrustedAccessProgramAccountEnrollmentRequest(TypedDict):
    programIdentifier: str


class GetTrustedAccessProgramAccountEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetTrustedAccessProgramOrganizationEnrollmentRequest(TypedDict):
    programIdentifier: str


class GetTrustedAccessProgramOrganizationEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetTrustedAccessProgramProjectEnrollmentRequest(TypedDict):
    programIdentifier: str
    projectIdentifier: str


class GetTrustedAccessProgramProjectEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetTrustedAccessProgramRequest(TypedDict):
    programIdentifier: str
    projectIdentifier: NotRequired[str]


class GetTrustedAccessProgramResponse(TypedDict):
    programId: str
    name: str
    description: str
    providerName: str
    detailsUrl: str
    enrollmentUrl: NotRequired[str]
    status: TrustedAccessProgramStatusType
    statusReason: NotRequired[str]
    source: TrustedAccessProgramScopeType
    eligibilityScope: NotRequired[TrustedAccessProgramScopeType]
    resolvedFor: TrustedAccessResolutionContext
    optIn: TrustedAccessProgramOptInType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class GetUseCaseForModelAccessRequest(TypedDict): ...


class GetUseCaseForModelAccessResponse(TypedDict):
    formData: bytes
    ResponseMetadata: ResponseMetadata


class GraderConfig(TypedDict):
    lambdaGrader: NotRequired[LambdaGraderConfig]


class GraderConfigOutput(TypedDict):
    lambdaGrader: LambdaGraderConfig


class GuardrailAutomatedReasoningPolicy(TypedDict):
    policies: list[str]
    confidenceThreshold: NotRequired[float]


class GuardrailAutomatedReasoningPolicyConfig(TypedDict):
    policies: Sequence[str]
    confidenceThreshold: NotRequired[float]


class GuardrailConfiguration(TypedDict):
    guardrailId: str
    guardrailVersion: str


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


class GuardrailContentFilterConfig(TypedDict):
    type: GuardrailContentFilterType
    inputStrength: GuardrailFilterStrengthType
    outputStrength: GuardrailFilterStrengthType
    inputModalities: NotRequired[Sequence[GuardrailModalityType]]
    outputModalities: NotRequired[Sequence[GuardrailModalityType]]
    inputAction: NotRequired[GuardrailContentFilterActionType]
    outputAction: NotRequired[GuardrailContentFilterActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailContentFiltersTier(TypedDict):
    tierName: GuardrailContentFiltersTierNameType


class GuardrailContentFiltersTierConfig(TypedDict):
    tierName: GuardrailContentFiltersTierNameType


class GuardrailContentPolicy(TypedDict):
    filters: NotRequired[list[GuardrailContentFilter]]
    tier: NotRequired[GuardrailContentFiltersTier]


class GuardrailContentPolicyConfig(TypedDict):
    filtersConfig: Sequence[GuardrailContentFilterConfig]
    tierConfig: NotRequired[GuardrailContentFiltersTierConfig]


class GuardrailContextualGroundingFilter(TypedDict):
    type: GuardrailContextualGroundingFilterType
    threshold: float
    action: NotRequired[GuardrailContextualGroundingActionType]
    enabled: NotRequired[bool]


class GuardrailContextualGroundingFilterConfig(TypedDict):
    type: GuardrailContextualGroundingFilterType
    threshold: float
    action: NotRequired[GuardrailContextualGroundingActionType]
    enabled: NotRequired[bool]


class GuardrailContextualGroundingPolicy(TypedDict):
    filters: list[GuardrailContextualGroundingFilter]
    tier: NotRequired[GuardrailContextualGroundingTier]


class GuardrailContextualGroundingPolicyConfig(TypedDict):
    filtersConfig: Sequence[GuardrailContextualGroundingFilterConfig]
    tierConfig: NotRequired[GuardrailContextualGroundingTierConfig]


class GuardrailContextualGroundingTier(TypedDict):
    tierName: GuardrailContextualGroundingTierNameType


class GuardrailContextualGroundingTierConfig(TypedDict):
    tierName: GuardrailContextualGroundingTierNameType


class GuardrailCrossRegionConfig(TypedDict):
    guardrailProfileIdentifier: str


class GuardrailCrossRegionDetails(TypedDict):
    guardrailProfileId: NotRequired[str]
    guardrailProfileArn: NotRequired[str]


class GuardrailManagedWords(TypedDict):
    type: GuardrailManagedWordsType
    inputAction: NotRequired[GuardrailWordActionType]
    outputAction: NotRequired[GuardrailWordActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailManagedWordsConfig(TypedDict):
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


class GuardrailPiiEntityConfig(TypedDict):
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


class GuardrailRegexConfig(TypedDict):
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


class GuardrailSensitiveInformationPolicyConfig(TypedDict):
    piiEntitiesConfig: NotRequired[Sequence[GuardrailPiiEntityConfig]]
    regexesConfig: NotRequired[Sequence[GuardrailRegexConfig]]


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


class GuardrailTopicConfig(TypedDict):
    name: str
    definition: str
    examples: NotRequired[Sequence[str]]
    type: GuardrailTopicType
    inputAction: NotRequired[GuardrailTopicActionType]
    outputAction: NotRequired[GuardrailTopicActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailTopicPolicy(TypedDict):
    topics: list[GuardrailTopic]
    tier: NotRequired[GuardrailTopicsTier]


class GuardrailTopicPolicyConfig(TypedDict):
    topicsConfig: Sequence[GuardrailTopicConfig]
    tierConfig: NotRequired[GuardrailTopicsTierConfig]


class GuardrailTopicsTier(TypedDict):
    tierName: GuardrailTopicsTierNameType


class GuardrailTopicsTierConfig(TypedDict):
    tierName: GuardrailTopicsTierNameType


class GuardrailWord(TypedDict):
    text: str
    inputAction: NotRequired[GuardrailWordActionType]
    outputAction: NotRequired[GuardrailWordActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailWordConfig(TypedDict):
    text: str
    inputAction: NotRequired[GuardrailWordActionType]
    outputAction: NotRequired[GuardrailWordActionType]
    inputEnabled: NotRequired[bool]
    outputEnabled: NotRequired[bool]


class GuardrailWordPolicy(TypedDict):
    words: NotRequired[list[GuardrailWord]]
    managedWordLists: NotRequired[list[GuardrailManagedWords]]


class GuardrailWordPolicyConfig(TypedDict):
    wordsConfig: NotRequired[Sequence[GuardrailWordConfig]]
    managedWordListsConfig: NotRequired[Sequence[GuardrailManagedWordsConfig]]


class HumanEvaluationConfig(TypedDict):
    humanWorkflowConfig: NotRequired[HumanWorkflowConfig]
    customMetrics: NotRequired[Sequence[HumanEvaluationCustomMetric]]
    datasetMetricConfigs: Sequence[EvaluationDatasetMetricConfigUnion]


class HumanEvaluationConfigOutput(TypedDict):
    humanWorkflowConfig: NotRequired[HumanWorkflowConfig]
    customMetrics: NotRequired[list[HumanEvaluationCustomMetric]]
    datasetMetricConfigs: list[EvaluationDatasetMetricConfigOutput]


class HumanEvaluationCustomMetric(TypedDict):
    name: str
    description: NotRequired[str]
    ratingMethod: str


class HumanWorkflowConfig(TypedDict):
    flowDefinitionArn: str
    instructions: NotRequired[str]


class ImplicitFilterConfiguration(TypedDict):
    metadataAttributes: Sequence[MetadataAttributeSchema]
    modelArn: str


class ImplicitFilterConfigurationOutput(TypedDict):
    metadataAttributes: list[MetadataAttributeSchema]
    modelArn: str


class ImportedModelSummary(TypedDict):
    modelArn: str
    modelName: str
    creationTime: datetime
    instructSupported: NotRequired[bool]
    modelArchitecture: NotRequired[str]


class InferenceConfiguration(TypedDict):
    maxTokens: NotRequired[int]
    temperature: NotRequired[float]
    topP: NotRequired[float]
    stopSequences: NotRequired[Sequence[str]]


class InferenceConfigurationOutput(TypedDict):
    maxTokens: NotRequired[int]
    temperature: NotRequired[float]
    topP: NotRequired[float]
    stopSequences: NotRequired[list[str]]


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


class InvocationLogSource(TypedDict):
    s3Uri: NotRequired[str]


class InvocationLogSourceOutput(TypedDict):
    s3Uri: str


class InvocationLogsConfig(TypedDict):
    usePromptResponse: NotRequired[bool]
    invocationLogSource: InvocationLogSourceUnion
    requestMetadataFilters: NotRequired[RequestMetadataFiltersUnion]


class InvocationLogsConfigOutput(TypedDict):
    usePromptResponse: NotRequired[bool]
    invocationLogSource: InvocationLogSourceOutput
    requestMetadataFilters: NotRequired[RequestMetadataFiltersOutput]


class KbInferenceConfig(TypedDict):
    textInferenceConfig: NotRequired[TextInferenceConfigUnion]


class KbInferenceConfigOutput(TypedDict):
    textInferenceConfig: NotRequired[TextInferenceConfigOutput]


class KnowledgeBaseConfig(TypedDict):
    retrieveConfig: NotRequired[RetrieveConfigUnion]
    retrieveAndGenerateConfig: NotRequired[RetrieveAndGenerateConfigurationUnion]


class KnowledgeBaseConfigOutput(TypedDict):
    retrieveConfig: NotRequired[RetrieveConfigOutput]
    retrieveAndGenerateConfig: NotRequired[RetrieveAndGenerateConfigurationOutput]


class KnowledgeBaseRetrievalConfiguration(TypedDict):
    vectorSearchConfiguration: KnowledgeBaseVectorSearchConfigurationUnion


class KnowledgeBaseRetrievalConfigurationOutput(TypedDict):
    vectorSearchConfiguration: KnowledgeBaseVectorSearchConfigurationOutput


class KnowledgeBaseRetrieveAndGenerateConfiguration(TypedDict):
    knowledgeBaseId: str
    modelArn: str
    retrievalConfiguration: NotRequired[KnowledgeBaseRetrievalConfigurationUnion]
    generationConfiguration: NotRequired[GenerationConfigurationUnion]
    orchestrationConfiguration: NotRequired[OrchestrationConfiguration]


class KnowledgeBaseRetrieveAndGenerateConfigurationOutput(TypedDict):
    knowledgeBaseId: str
    modelArn: str
    retrievalConfiguration: NotRequired[KnowledgeBaseRetrievalConfigurationOutput]
    generationConfiguration: NotRequired[GenerationConfigurationOutput]
    orchestrationConfiguration: NotRequired[OrchestrationConfiguration]


class KnowledgeBaseVectorSearchConfiguration(TypedDict):
    numberOfResults: NotRequired[int]
    overrideSearchType: NotRequired[SearchType]
    filter: NotRequired[RetrievalFilterUnion]
    implicitFilterConfiguration: NotRequired[ImplicitFilterConfigurationUnion]
    rerankingConfiguration: NotRequired[VectorSearchRerankingConfigurationUnion]


class KnowledgeBaseVectorSearchConfigurationOutput(TypedDict):
    numberOfResults: NotRequired[int]
    overrideSearchType: NotRequired[SearchType]
    filter: NotRequired[RetrievalFilterOutput]
    implicitFilterConfiguration: NotRequired[ImplicitFilterConfigurationOutput]
    rerankingConfiguration: NotRequired[VectorSearchRerankingConfigurationOutput]


class LambdaGraderConfig(TypedDict):
    lambdaArn: str


class LegalTerm(TypedDict):
    url: NotRequired[str]


class ListAdvancedPromptOptimizationJobsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListAdvancedPromptOptimizationJobsResponse(TypedDict):
    jobSummaries: list[AdvancedPromptOptimizationJobSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListAutomatedReasoningPoliciesRequest(TypedDict):
    policyArn: NotRequired[str]
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]


class ListAutomatedReasoningPoliciesResponse(TypedDict):
    automatedReasoningPolicySummaries: list[AutomatedReasoningPolicySummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListAutomatedReasoningPolicyBuildWorkflowsRequest(TypedDict):
    policyArn: str
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]


class ListAutomatedReasoningPolicyBuildWorkflowsResponse(TypedDict):
    automatedReasoningPolicyBuildWorkflowSummaries: list[AutomatedReasoningPolicyBuildWorkflowSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListAutomatedReasoningPolicyTestCasesRequest(TypedDict):
    policyArn: str
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]


class ListAutomatedReasoningPolicyTestCasesResponse(TypedDict):
    testCases: list[AutomatedReasoningPolicyTestCase]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListAutomatedReasoningPolicyTestResultsRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]


class ListAutomatedReasoningPolicyTestResultsResponse(TypedDict):
    testResults: list[AutomatedReasoningPolicyTestResult]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListCustomModelDeploymentsRequest(TypedDict):
    createdBefore: NotRequired[datetime | str | float]
    createdAfter: NotRequired[datetime | str | float]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortModelsByType]
    sortOrder: NotRequired[SortOrderType]
    statusEquals: NotRequired[CustomModelDeploymentStatusType]
    modelArnEquals: NotRequired[str]


class ListCustomModelDeploymentsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelDeploymentSummaries: list[CustomModelDeploymentSummary]
    ResponseMetadata: ResponseMetadata


class ListCustomModelsRequest(TypedDict):
    creationTimeBefore: NotRequired[datetime | str | float]
    creationTimeAfter: NotRequired[datetime | str | float]
    nameContains: NotRequired[str]
    baseModelArnEquals: NotRequired[str]
    foundationModelArnEquals: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortModelsByType]
    sortOrder: NotRequired[SortOrderType]
    isOwned: NotRequired[bool]
    modelStatus: NotRequired[ModelStatusType]


class ListCustomModelsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelSummaries: list[CustomModelSummary]
    ResponseMetadata: ResponseMetadata


class ListEnforcedGuardrailsConfigurationRequest(TypedDict):
    nextToken: NotRequired[str]


class ListEnforcedGuardrailsConfigurationResponse(TypedDict):
    guardrailsConfig: list[AccountEnforcedGuardrailOutputConfiguration]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListEvaluationJobsRequest(TypedDict):
    creationTimeAfter: NotRequired[datetime | str | float]
    creationTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[EvaluationJobStatusType]
    applicationTypeEquals: NotRequired[ApplicationType]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListEvaluationJobsResponse(TypedDict):
    nextToken: NotRequired[str]
    jobSummaries: list[EvaluationSummary]
    ResponseMetadata: ResponseMetadata


class ListFoundationModelAgreementOffersRequest(TypedDict):
    modelId: str
    offerType: NotRequired[OfferType]


class ListFoundationModelAgreementOffersResponse(TypedDict):
    modelId: str
    offers: list[Offer]
    ResponseMetadata: ResponseMetadata


class ListFoundationModelsRequest(TypedDict):
    byProvider: NotRequired[str]
    byCustomizationType: NotRequired[ModelCustomizationType]
    byOutputModality: NotRequired[ModelModalityType]
    byInferenceType: NotRequired[InferenceType]
    projectIdentifier: NotRequired[str]


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


class ListImportedModelsRequest(TypedDict):
    creationTimeBefore: NotRequired[datetime | str | float]
    creationTimeAfter: NotRequired[datetime | str | float]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortModelsByType]
    sortOrder: NotRequired[SortOrderType]


class ListImportedModelsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelSummaries: list[ImportedModelSummary]
    ResponseMetadata: ResponseMetadata


class ListInferenceProfilesRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    typeEquals: NotRequired[InferenceProfileType]
    projectIdentifier: NotRequired[str]


class ListInferenceProfilesResponse(TypedDict):
    inferenceProfileSummaries: list[InferenceProfileSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListMarketplaceModelEndpointsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    modelSourceEquals: NotRequired[str]


class ListMarketplaceModelEndpointsResponse(TypedDict):
    marketplaceModelEndpoints: list[MarketplaceModelEndpointSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListModelCopyJobsRequest(TypedDict):
    creationTimeAfter: NotRequired[datetime | str | float]
    creationTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[ModelCopyJobStatusType]
    sourceAccountEquals: NotRequired[str]
    sourceModelArnEquals: NotRequired[str]
    targetModelNameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListModelCopyJobsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelCopyJobSummaries: list[ModelCopyJobSummary]
    ResponseMetadata: ResponseMetadata


class ListModelCustomizationJobsRequest(TypedDict):
    creationTimeAfter: NotRequired[datetime | str | float]
    creationTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[FineTuningJobStatusType]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListModelCustomizationJobsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelCustomizationJobSummaries: list[ModelCustomizationJobSummary]
    ResponseMetadata: ResponseMetadata


class ListModelImportJobsRequest(TypedDict):
    creationTimeAfter: NotRequired[datetime | str | float]
    creationTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[ModelImportJobStatusType]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortJobsByType]
    sortOrder: NotRequired[SortOrderType]


class ListModelImportJobsResponse(TypedDict):
    nextToken: NotRequired[str]
    modelImportJobSummaries: list[ModelImportJobSummary]
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


class ListProjectsRequest(TypedDict):
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]
    statusFilter: NotRequired[ProjectStatusType]


class ListProjectsResponse(TypedDict):
    projectSummaries: list[ProjectSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListPromptRoutersRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    type: NotRequired[PromptRouterType]


class ListPromptRoutersResponse(TypedDict):
    promptRouterSummaries: list[PromptRouterSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class ListProvisionedModelThroughputsRequest(TypedDict):
    creationTimeAfter: NotRequired[datetime | str | float]
    creationTimeBefore: NotRequired[datetime | str | float]
    statusEquals: NotRequired[ProvisionedModelStatusType]
    modelArnEquals: NotRequired[str]
    nameContains: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    sortBy: NotRequired[SortByProvisionedModelsType]
    sortOrder: NotRequired[SortOrderType]


class ListProvisionedModelThroughputsResponse(TypedDict):
    nextToken: NotRequired[str]
    provisionedModelSummaries: list[ProvisionedModelSummary]
    ResponseMetadata: ResponseMetadata


class ListTagsForResourceRequest(TypedDict):
    resourceARN: str


class ListTagsForResourceResponse(TypedDict):
    tags: list[Tag]
    ResponseMetadata: ResponseMetadata


class ListTrustedAccessProgramsRequest(TypedDict):
    projectIdentifier: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]


class ListTrustedAccessProgramsResponse(TypedDict):
    programSummaries: list[TrustedAccessProgramSummary]
    nextToken: NotRequired[str]
    ResponseMetadata: ResponseMetadata


class LoggingConfig(TypedDict):
    cloudWatchConfig: NotRequired[CloudWatchConfig]
    s3Config: NotRequired[S3Config]
    textDataDeliveryEnabled: NotRequired[bool]
    imageDataDeliveryEnabled: NotRequired[bool]
    embeddingDataDeliveryEnabled: NotRequired[bool]
    videoDataDeliveryEnabled: NotRequired[bool]
    audioDataDeliveryEnabled: NotRequired[bool]


class MarketplaceModelEndpoint(TypedDict):
    endpointArn: str
    modelSourceIdentifier: str
    status: NotRequired[StatusType]
    statusMessage: NotRequired[str]
    createdAt: datetime
    updatedAt: datetime
    endpointConfig: EndpointConfigOutput
    endpointStatus: str
    endpointStatusMessage: NotRequired[str]


class MarketplaceModelEndpointSummary(TypedDict):
    endpointArn: str
    modelSourceIdentifier: str
    status: NotRequired[StatusType]
    statusMessage: NotRequired[str]
    createdAt: datetime
    updatedAt: datetime


class MetadataAttributeSchema(TypedDict):
    key: str
    type: AttributeType
    description: str


class MetadataConfigurationForReranking(TypedDict):
    selectionMode: RerankingMetadataSelectionModeType
    selectiveModeConfiguration: NotRequired[RerankingMetadataSelectiveModeConfigurationUnion]


class MetadataConfigurationForRerankingOutput(TypedDict):
    selectionMode: RerankingMetadataSelectionModeType
    selectiveModeConfiguration: NotRequired[RerankingMetadataSelectiveModeConfigurationOutput]


class ModelConfiguration(TypedDict):
    modelId: str
    inferenceConfig: NotRequired[InferenceConfigurationUnion]
    additionalModelRequestFields: NotRequired[Mapping[str, Any]]


class ModelConfigurationOutput(TypedDict):
    modelId: str
    inferenceConfig: NotRequired[InferenceConfigurationOutput]
    additionalModelRequestFields: NotRequired[dict[str, Any]]


class ModelCopyJobSummary(TypedDict):
    jobArn: str
    status: ModelCopyJobStatusType
    creationTime: datetime
    targetModelArn: str
    targetModelName: NotRequired[str]
    sourceAccountId: str
    sourceModelArn: str
    targetModelKmsKeyArn: NotRequired[str]
    targetModelTags: NotRequired[list[Tag]]
    failureMessage: NotRequired[str]
    sourceModelName: NotRequired[str]


class ModelCustomizationJobSummary(TypedDict):
    jobArn: str
    baseModelArn: str
    jobName: str
    status: ModelCustomizationJobStatusType
    statusDetails: NotRequired[StatusDetails]
    lastModifiedTime: NotRequired[datetime]
    creationTime: datetime
    endTime: NotRequired[datetime]
    customModelArn: NotRequired[str]
    customModelName: NotRequired[str]
    customizationType: NotRequired[CustomizationType]


class ModelDataSource(TypedDict):
    s3DataSource: NotRequired[S3DataSource]


class ModelDataSourceOutput(TypedDict):
    s3DataSource: S3DataSource


class ModelEnforcement(TypedDict):
    includedModels: Sequence[str]
    excludedModels: Sequence[str]


class ModelEnforcementOutput(TypedDict):
    includedModels: list[str]
    excludedModels: list[str]


class ModelImportJobSummary(TypedDict):
    jobArn: str
    jobName: str
    status: ModelImportJobStatusType
    lastModifiedTime: NotRequired[datetime]
    creationTime: datetime
    endTime: NotRequired[datetime]
    importedModelArn: NotRequired[str]
    importedModelName: NotRequired[str]


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


class ModelPackageArnDataSource(TypedDict):
    modelPackageArn: str


class Offer(TypedDict):
    offerId: NotRequired[str]
    offerToken: str
    termDetails: TermDetails


class OrchestrationConfiguration(TypedDict):
    queryTransformationConfiguration: QueryTransformationConfiguration


class OutputDataConfig(TypedDict):
    s3Uri: str


class PerformanceConfiguration(TypedDict):
    latency: NotRequired[PerformanceConfigLatencyType]


class PricingTerm(TypedDict):
    rateCard: list[DimensionalPriceRate]


class ProjectDataRetention(TypedDict):
    mode: DataRetentionModeType


class ProjectSummary(TypedDict):
    id: str
    arn: str
    name: str
    status: ProjectStatusType
    createdAt: datetime
    archivedAt: NotRequired[datetime]
    dataRetention: ProjectDataRetention


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


class PromptTemplate(TypedDict):
    textPromptTemplate: NotRequired[str]


class ProvisionedModelSummary(TypedDict):
    provisionedModelName: str
    provisionedModelArn: str
    modelArn: str
    desiredModelArn: str
    foundationModelArn: str
    modelUnits: int
    desiredModelUnits: int
    status: ProvisionedModelStatusType
    commitmentDuration: NotRequired[CommitmentDurationType]
    commitmentExpirationTime: NotRequired[datetime]
    creationTime: datetime
    lastModifiedTime: datetime


class PutAccountDataRetentionRequest(TypedDict):
    mode: DataRetentionModeType


class PutAccountDataRetentionResponse(TypedDict):
    mode: DataRetentionModeType
    updatedAt: NotRequired[datetime]
    ResponseMetadata: ResponseMetadata


class PutAccountDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]


class PutAccountDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    ResponseMetadata: ResponseMetadata


class PutEnforcedGuardrailConfigurationRequest(TypedDict):
    configId: NotRequired[str]
    guardrailInferenceConfig: AccountEnforcedGuardrailInferenceInputConfiguration


class PutEnforcedGuardrailConfigurationResponse(TypedDict):
    configId: str
    updatedAt: datetime
    updatedBy: str
    ResponseMetadata: ResponseMetadata


class PutModelInvocationLoggingConfigurationRequest(TypedDict):
    loggingConfig: LoggingConfig


class PutModelInvocationLoggingConfigurationResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class PutOrganizationDataRetentionStorageRequest(TypedDict):
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]


class PutOrganizationDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    ResponseMetadata: ResponseMetadata


class PutProjectDataRetentionStorageRequest(TypedDict):
    projectIdentifier: str
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]


class PutProjectDataRetentionStorageResponse(TypedDict):
    scope: DataRetentionStorageScopeType
    modelProvider: DataRetentionStorageModelProviderType
    storageDestination: DataRetentionStorageDestinationType
    storageConfiguration: NotRequired[DataRetentionStorageConfiguration]
    updatedAt: datetime
    kmsKeyStatus: NotRequired[DataRetentionStorageResourceStatusType]
    s3BucketStatus: NotRequired[DataRetentionStorageResourceStatusType]
    projectArn: str
    ResponseMetadata: ResponseMetadata


class PutResourcePolicyRequest(TypedDict):
    resourceArn: str
    resourcePolicy: str


class PutResourcePolicyResponse(TypedDict):
    resourceArn: str
    ResponseMetadata: ResponseMetadata


class PutTrustedAccessProgramAccountEnrollmentRequest(TypedDict):
    programIdentifier: str
    optIn: TrustedAccessProgramOptInType


class PutTrustedAccessProgramAccountEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class PutTrustedAccessProgramOrganizationEnrollmentRequest(TypedDict):
    programIdentifier: str
    optIn: TrustedAccessProgramOptInType


class PutTrustedAccessProgramOrganizationEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class PutTrustedAccessProgramProjectEnrollmentRequest(TypedDict):
    programIdentifier: str
    projectIdentifier: str
    optIn: TrustedAccessProgramOptInType


class PutTrustedAccessProgramProjectEnrollmentResponse(TypedDict):
    optIn: TrustedAccessProgramOptInType
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class PutUseCaseForModelAccessRequest(TypedDict):
    formData: bytes | bytearray


class PutUseCaseForModelAccessResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class QueryTransformationConfiguration(TypedDict):
    type: QueryTransformationType


class RAGConfig(TypedDict):
    knowledgeBaseConfig: NotRequired[KnowledgeBaseConfigUnion]
    precomputedRagSourceConfig: NotRequired[EvaluationPrecomputedRagSourceConfigUnion]


class RAGConfigOutput(TypedDict):
    knowledgeBaseConfig: NotRequired[KnowledgeBaseConfigOutput]
    precomputedRagSourceConfig: NotRequired[EvaluationPrecomputedRagSourceConfigOutput]


class RFTConfig(TypedDict):
    graderConfig: NotRequired[GraderConfigUnion]
    hyperParameters: NotRequired[RFTHyperParameters]


class RFTConfigOutput(TypedDict):
    graderConfig: NotRequired[GraderConfigOutput]
    hyperParameters: NotRequired[RFTHyperParameters]


class RFTHyperParameters(TypedDict):
    epochCount: NotRequired[int]
    batchSize: NotRequired[int]
    learningRate: NotRequired[float]
    maxPromptLength: NotRequired[int]
    trainingSamplePerPrompt: NotRequired[int]
    inferenceMaxTokens: NotRequired[int]
    reasoningEffort: NotRequired[ReasoningEffortType]
    evalInterval: NotRequired[int]


class RatingScaleItem(TypedDict):
    definition: str
    value: RatingScaleItemValueUnion


class RatingScaleItemOutput(TypedDict):
    definition: str
    value: RatingScaleItemValueOutput


class RatingScaleItemValue(TypedDict):
    stringValue: NotRequired[str]
    floatValue: NotRequired[float]


class RatingScaleItemValueOutput(TypedDict):
    stringValue: NotRequired[str]
    floatValue: NotRequired[float]


class RegisterMarketplaceModelEndpointRequest(TypedDict):
    endpointIdentifier: str
    modelSourceIdentifier: str


class RegisterMarketplaceModelEndpointResponse(TypedDict):
    marketplaceModelEndpoint: MarketplaceModelEndpoint
    ResponseMetadata: ResponseMetadata


class RequestMetadataBaseFilters(TypedDict):
    equals: NotRequired[Mapping[str, str]]
    notEquals: NotRequired[Mapping[str, str]]


class RequestMetadataBaseFiltersOutput(TypedDict):
    equals: NotRequired[dict[str, str]]
    notEquals: NotRequired[dict[str, str]]


class RequestMetadataFilters(TypedDict):
    equals: NotRequired[Mapping[str, str]]
    notEquals: NotRequired[Mapping[str, str]]
    andAll: NotRequired[Sequence[RequestMetadataBaseFiltersUnion]]
    orAll: NotRequired[Sequence[RequestMetadataBaseFiltersUnion]]


class RequestMetadataFiltersOutput(TypedDict):
    equals: NotRequired[dict[str, str]]
    notEquals: NotRequired[dict[str, str]]
    andAll: NotRequired[list[RequestMetadataBaseFiltersOutput]]
    orAll: NotRequired[list[RequestMetadataBaseFiltersOutput]]


class RerankingMetadataSelectiveModeConfiguration(TypedDict):
    fieldsToInclude: NotRequired[Sequence[FieldForReranking]]
    fieldsToExclude: NotRequired[Sequence[FieldForReranking]]


class RerankingMetadataSelectiveModeConfigurationOutput(TypedDict):
    fieldsToInclude: NotRequired[list[FieldForReranking]]
    fieldsToExclude: NotRequired[list[FieldForReranking]]


RetrievalFilter = TypedDict(
    "RetrievalFilter",
    {
        "equals": "NotRequired[FilterAttribute]",
        "notEquals": "NotRequired[FilterAttribute]",
        "greaterThan": "NotRequired[FilterAttribute]",
        "greaterThanOrEquals": "NotRequired[FilterAttribute]",
        "lessThan": "NotRequired[FilterAttribute]",
        "lessThanOrEquals": "NotRequired[FilterAttribute]",
        "in": "NotRequired[FilterAttribute]",
        "notIn": "NotRequired[FilterAttribute]",
        "startsWith": "NotRequired[FilterAttribute]",
        "listContains": "NotRequired[FilterAttribute]",
        "stringContains": "NotRequired[FilterAttribute]",
        "andAll": "NotRequired[Sequence[RetrievalFilterUnion]]",
        "orAll": "NotRequired[Sequence[RetrievalFilterUnion]]",
    },
)


RetrievalFilterOutput = TypedDict(
    "RetrievalFilterOutput",
    {
        "equals": "NotRequired[FilterAttribute]",
        "notEquals": "NotRequired[FilterAttribute]",
        "greaterThan": "NotRequired[FilterAttribute]",
        "greaterThanOrEquals": "NotRequired[FilterAttribute]",
        "lessThan": "NotRequired[FilterAttribute]",
        "lessThanOrEquals": "NotRequired[FilterAttribute]",
        "in": "NotRequired[FilterAttribute]",
        "notIn": "NotRequired[FilterAttribute]",
        "startsWith": "NotRequired[FilterAttribute]",
        "listContains": "NotRequired[FilterAttribute]",
        "stringContains": "NotRequired[FilterAttribute]",
        "andAll": "NotRequired[list[RetrievalFilterOutput]]",
        "orAll": "NotRequired[list[RetrievalFilterOutput]]",
    },
)


class RetrieveAndGenerateConfiguration(TypedDict):
    type: RetrieveAndGenerateType
    knowledgeBaseConfiguration: NotRequired[KnowledgeBaseRetrieveAndGenerateConfigurationUnion]
    externalSourcesConfiguration: NotRequired[ExternalSourcesRetrieveAndGenerateConfigurationUnion]


class RetrieveAndGenerateConfigurationOutput(TypedDict):
    type: RetrieveAndGenerateType
    knowledgeBaseConfiguration: NotRequired[KnowledgeBaseRetrieveAndGenerateConfigurationOutput]
    externalSourcesConfiguration: NotRequired[ExternalSourcesRetrieveAndGenerateConfigurationOutput]


class RetrieveConfig(TypedDict):
    knowledgeBaseId: str
    knowledgeBaseRetrievalConfiguration: KnowledgeBaseRetrievalConfigurationUnion


class RetrieveConfigOutput(TypedDict):
    knowledgeBaseId: str
    knowledgeBaseRetrievalConfiguration: KnowledgeBaseRetrievalConfigurationOutput


class RoutingCriteria(TypedDict):
    responseQualityDifference: float


class S3Config(TypedDict):
    bucketName: str
    keyPrefix: NotRequired[str]


class S3DataSource(TypedDict):
    s3Uri: str


class S3ObjectDoc(TypedDict):
    uri: str


class SageMakerEndpoint(TypedDict):
    initialInstanceCount: int
    instanceType: str
    executionRole: str
    kmsEncryptionKey: NotRequired[str]
    vpc: NotRequired[VpcConfigUnion]


class SageMakerEndpointOutput(TypedDict):
    initialInstanceCount: int
    instanceType: str
    executionRole: str
    kmsEncryptionKey: NotRequired[str]
    vpc: NotRequired[VpcConfigOutput]


class SelectiveContentGuarding(TypedDict):
    system: NotRequired[SelectiveGuardingModeType]
    messages: NotRequired[SelectiveGuardingModeType]


class StartAutomatedReasoningPolicyBuildWorkflowRequest(TypedDict):
    policyArn: str
    buildWorkflowType: AutomatedReasoningPolicyBuildWorkflowType
    clientRequestToken: NotRequired[str]
    sourceContent: AutomatedReasoningPolicyBuildWorkflowSource


class StartAutomatedReasoningPolicyBuildWorkflowResponse(TypedDict):
    policyArn: str
    buildWorkflowId: str
    ResponseMetadata: ResponseMetadata


class StartAutomatedReasoningPolicyTestWorkflowRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    testCaseIds: NotRequired[Sequence[str]]
    clientRequestToken: NotRequired[str]


class StartAutomatedReasoningPolicyTestWorkflowResponse(TypedDict):
    policyArn: str
    ResponseMetadata: ResponseMetadata


class StartTrustedAccessProgramAccountApplicationRequest(TypedDict):
    programIdentifier: str


class StartTrustedAccessProgramAccountApplicationResponse(TypedDict):
    result: TrustedAccessProgramApplicationResult
    ResponseMetadata: ResponseMetadata


class StartTrustedAccessProgramOrganizationApplicationRequest(TypedDict):
    programIdentifier: str


class StartTrustedAccessProgramOrganizationApplicationResponse(TypedDict):
    result: TrustedAccessProgramApplicationResult
    ResponseMetadata: ResponseMetadata


class StartTrustedAccessProgramProjectApplicationRequest(TypedDict):
    programIdentifier: str
    projectIdentifier: str


class StartTrustedAccessProgramProjectApplicationResponse(TypedDict):
    result: TrustedAccessProgramApplicationResult
    ResponseMetadata: ResponseMetadata


class StatusDetails(TypedDict):
    validationDetails: NotRequired[ValidationDetails]
    dataProcessingDetails: NotRequired[DataProcessingDetails]
    trainingDetails: NotRequired[TrainingDetails]


class StopAdvancedPromptOptimizationJobRequest(TypedDict):
    jobIdentifier: str


class StopAdvancedPromptOptimizationJobResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class StopEvaluationJobRequest(TypedDict):
    jobIdentifier: str


class StopEvaluationJobResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class StopModelCustomizationJobRequest(TypedDict):
    jobIdentifier: str


class StopModelCustomizationJobResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class StopModelInvocationJobRequest(TypedDict):
    jobIdentifier: str


class StopModelInvocationJobResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class SupportTerm(TypedDict):
    refundPolicyDescription: NotRequired[str]


class Tag(TypedDict):
    key: str
    value: str


class TagResourceRequest(TypedDict):
    resourceARN: str
    tags: Sequence[Tag]


class TagResourceResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class TeacherModelConfig(TypedDict):
    teacherModelIdentifier: str
    maxResponseLengthForInference: NotRequired[int]


class TermDetails(TypedDict):
    usageBasedPricingTerm: PricingTerm
    legalTerm: LegalTerm
    supportTerm: SupportTerm
    validityTerm: NotRequired[ValidityTerm]


class TextInferenceConfig(TypedDict):
    temperature: NotRequired[float]
    topP: NotRequired[float]
    maxTokens: NotRequired[int]
    stopSequences: NotRequired[Sequence[str]]


class TextInferenceConfigOutput(TypedDict):
    temperature: NotRequired[float]
    topP: NotRequired[float]
    maxTokens: NotRequired[int]
    stopSequences: NotRequired[list[str]]


class TrainingDataConfig(TypedDict):
    s3Uri: NotRequired[str]
    invocationLogsConfig: NotRequired[InvocationLogsConfigUnion]


class TrainingDataConfigOutput(TypedDict):
    s3Uri: NotRequired[str]
    invocationLogsConfig: NotRequired[InvocationLogsConfigOutput]


class TrainingDetails(TypedDict):
    status: NotRequired[JobStatusDetailsType]
    creationTime: NotRequired[datetime]
    lastModifiedTime: NotRequired[datetime]


class TrainingMetrics(TypedDict):
    trainingLoss: NotRequired[float]


class TrustedAccessProgramApplicationResult(TypedDict):
    providerHandoff: TrustedAccessProgramProviderHandoff


class TrustedAccessProgramProviderHandoff(TypedDict):
    enrollmentUrl: NotRequired[str]
    applicationToken: str
    applicationTokenExpiresAt: datetime


class TrustedAccessProgramSummary(TypedDict):
    programId: str
    name: str
    description: str
    providerName: str
    detailsUrl: str
    enrollmentUrl: NotRequired[str]
    status: TrustedAccessProgramStatusType
    statusReason: NotRequired[str]
    source: TrustedAccessProgramScopeType
    eligibilityScope: NotRequired[TrustedAccessProgramScopeType]
    resolvedFor: TrustedAccessResolutionContext
    optIn: TrustedAccessProgramOptInType
    updatedAt: NotRequired[datetime]


class TrustedAccessResolutionContext(TypedDict):
    accountId: str
    projectArn: NotRequired[str]


class UntagResourceRequest(TypedDict):
    resourceARN: str
    tagKeys: Sequence[str]


class UntagResourceResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class UpdateAutomatedReasoningPolicyAnnotationsRequest(TypedDict):
    policyArn: str
    buildWorkflowId: str
    annotations: Sequence[AutomatedReasoningPolicyAnnotationUnion]
    lastUpdatedAnnotationSetHash: str


class UpdateAutomatedReasoningPolicyAnnotationsResponse(TypedDict):
    policyArn: str
    buildWorkflowId: str
    annotationSetHash: str
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class UpdateAutomatedReasoningPolicyRequest(TypedDict):
    policyArn: str
    policyDefinition: AutomatedReasoningPolicyDefinitionUnion
    name: NotRequired[str]
    description: NotRequired[str]


class UpdateAutomatedReasoningPolicyResponse(TypedDict):
    policyArn: str
    name: str
    definitionHash: str
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class UpdateAutomatedReasoningPolicyTestCaseRequest(TypedDict):
    policyArn: str
    testCaseId: str
    guardContent: str
    queryContent: NotRequired[str]
    lastUpdatedAt: datetime | str | float
    expectedAggregatedFindingsResult: AutomatedReasoningCheckResultType
    confidenceThreshold: NotRequired[float]
    clientRequestToken: NotRequired[str]


class UpdateAutomatedReasoningPolicyTestCaseResponse(TypedDict):
    policyArn: str
    testCaseId: str
    ResponseMetadata: ResponseMetadata


class UpdateCustomModelDeploymentRequest(TypedDict):
    modelArn: str
    customModelDeploymentIdentifier: str


class UpdateCustomModelDeploymentResponse(TypedDict):
    customModelDeploymentArn: str
    ResponseMetadata: ResponseMetadata


class UpdateGuardrailRequest(TypedDict):
    guardrailIdentifier: str
    name: str
    description: NotRequired[str]
    topicPolicyConfig: NotRequired[GuardrailTopicPolicyConfig]
    contentPolicyConfig: NotRequired[GuardrailContentPolicyConfig]
    wordPolicyConfig: NotRequired[GuardrailWordPolicyConfig]
    sensitiveInformationPolicyConfig: NotRequired[GuardrailSensitiveInformationPolicyConfig]
    contextualGroundingPolicyConfig: NotRequired[GuardrailContextualGroundingPolicyConfig]
    automatedReasoningPolicyConfig: NotRequired[GuardrailAutomatedReasoningPolicyConfig]
    crossRegionConfig: NotRequired[GuardrailCrossRegionConfig]
    blockedInputMessaging: str
    blockedOutputsMessaging: str
    kmsKeyId: NotRequired[str]


class UpdateGuardrailResponse(TypedDict):
    guardrailId: str
    guardrailArn: str
    version: str
    updatedAt: datetime
    ResponseMetadata: ResponseMetadata


class UpdateMarketplaceModelEndpointRequest(TypedDict):
    endpointArn: str
    endpointConfig: EndpointConfigUnion
    clientRequestToken: NotRequired[str]


class UpdateMarketplaceModelEndpointResponse(TypedDict):
    marketplaceModelEndpoint: MarketplaceModelEndpoint
    ResponseMetadata: ResponseMetadata


class UpdateProjectRequest(TypedDict):
    projectIdentifier: str
    name: NotRequired[str]
    dataRetention: NotRequired[ProjectDataRetention]


class UpdateProjectResponse(TypedDict):
    id: str
    arn: str
    name: str
    status: ProjectStatusType
    createdAt: datetime
    archivedAt: NotRequired[datetime]
    dataRetention: ProjectDataRetention
    ResponseMetadata: ResponseMetadata


class UpdateProvisionedModelThroughputRequest(TypedDict):
    provisionedModelId: str
    desiredProvisionedModelName: NotRequired[str]
    desiredModelId: NotRequired[str]


class UpdateProvisionedModelThroughputResponse(TypedDict):
    ResponseMetadata: ResponseMetadata


class ValidationDataConfig(TypedDict):
    validators: Sequence[Validator]


class ValidationDataConfigOutput(TypedDict):
    validators: list[Validator]


class ValidationDetails(TypedDict):
    status: NotRequired[JobStatusDetailsType]
    creationTime: NotRequired[datetime]
    lastModifiedTime: NotRequired[datetime]


class Validator(TypedDict):
    s3Uri: str


class ValidatorMetric(TypedDict):
    validationLoss: NotRequired[float]


class ValidityTerm(TypedDict):
    agreementDuration: NotRequired[str]


class VectorSearchBedrockRerankingConfiguration(TypedDict):
    modelConfiguration: VectorSearchBedrockRerankingModelConfigurationUnion
    numberOfRerankedResults: NotRequired[int]
    metadataConfiguration: NotRequired[MetadataConfigurationForRerankingUnion]


class VectorSearchBedrockRerankingConfigurationOutput(TypedDict):
    modelConfiguration: VectorSearchBedrockRerankingModelConfigurationOutput
    numberOfRerankedResults: NotRequired[int]
    metadataConfiguration: NotRequired[MetadataConfigurationForRerankingOutput]


class VectorSearchBedrockRerankingModelConfiguration(TypedDict):
    modelArn: str
    additionalModelRequestFields: NotRequired[Mapping[str, Any]]


class VectorSearchBedrockRerankingModelConfigurationOutput(TypedDict):
    modelArn: str
    additionalModelRequestFields: NotRequired[dict[str, Any]]


class VectorSearchRerankingConfiguration(TypedDict):
    type: VectorSearchRerankingConfigurationType
    bedrockRerankingConfiguration: NotRequired[VectorSearchBedrockRerankingConfigurationUnion]


class VectorSearchRerankingConfigurationOutput(TypedDict):
    type: VectorSearchRerankingConfigurationType
    bedrockRerankingConfiguration: NotRequired[VectorSearchBedrockRerankingConfigurationOutput]


class VpcConfig(TypedDict):
    subnetIds: Sequence[str]
    securityGroupIds: Sequence[str]


class VpcConfigOutput(TypedDict):
    subnetIds: list[str]
    securityGroupIds: list[str]


AutomatedEvaluationConfigUnion: TypeAlias = AutomatedEvaluationConfig | AutomatedEvaluationConfigOutput
AutomatedEvaluationCustomMetricConfigUnion: TypeAlias = (
    AutomatedEvaluationCustomMetricConfig | AutomatedEvaluationCustomMetricConfigOutput
)
AutomatedEvaluationCustomMetricSourceUnion: TypeAlias = (
    AutomatedEvaluationCustomMetricSource | AutomatedEvaluationCustomMetricSourceOutput
)
AutomatedReasoningPolicyAddTypeAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyAddTypeAnnotation | AutomatedReasoningPolicyAddTypeAnnotationOutput
)
AutomatedReasoningPolicyAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyAnnotation | AutomatedReasoningPolicyAnnotationOutput
)
AutomatedReasoningPolicyDefinitionTypeUnion: TypeAlias = (
    AutomatedReasoningPolicyDefinitionType | AutomatedReasoningPolicyDefinitionTypeOutput
)
AutomatedReasoningPolicyDefinitionUnion: TypeAlias = (
    AutomatedReasoningPolicyDefinition | AutomatedReasoningPolicyDefinitionOutput
)
AutomatedReasoningPolicyTypeValueAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyTypeValueAnnotation | AutomatedReasoningPolicyTypeValueAnnotationOutput
)
AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotation
    | AutomatedReasoningPolicyUpdateFromRuleFeedbackAnnotationOutput
)
AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotation
    | AutomatedReasoningPolicyUpdateFromScenarioFeedbackAnnotationOutput
)
AutomatedReasoningPolicyUpdateTypeAnnotationUnion: TypeAlias = (
    AutomatedReasoningPolicyUpdateTypeAnnotation | AutomatedReasoningPolicyUpdateTypeAnnotationOutput
)
ByteContentDocUnion: TypeAlias = ByteContentDoc | ByteContentDocOutput
CustomMetricDefinitionUnion: TypeAlias = CustomMetricDefinition | CustomMetricDefinitionOutput
CustomMetricEvaluatorModelConfigUnion: TypeAlias = (
    CustomMetricEvaluatorModelConfig | CustomMetricEvaluatorModelConfigOutput
)
CustomizationConfigUnion: TypeAlias = CustomizationConfig | CustomizationConfigOutput
EndpointConfigUnion: TypeAlias = EndpointConfig | EndpointConfigOutput
EvaluationConfigUnion: TypeAlias = EvaluationConfig | EvaluationConfigOutput
EvaluationDatasetLocationUnion: TypeAlias = EvaluationDatasetLocation | EvaluationDatasetLocationOutput
EvaluationDatasetMetricConfigUnion: TypeAlias = EvaluationDatasetMetricConfig | EvaluationDatasetMetricConfigOutput
EvaluationDatasetUnion: TypeAlias = EvaluationDataset | EvaluationDatasetOutput
EvaluationInferenceConfigUnion: TypeAlias = EvaluationInferenceConfig | EvaluationInferenceConfigOutput
EvaluationModelConfigUnion: TypeAlias = EvaluationModelConfig | EvaluationModelConfigOutput
EvaluationPrecomputedRagSourceConfigUnion: TypeAlias = (
    EvaluationPrecomputedRagSourceConfig | EvaluationPrecomputedRagSourceConfigOutput
)
EvaluatorModelConfigUnion: TypeAlias = EvaluatorModelConfig | EvaluatorModelConfigOutput
ExternalSourceUnion: TypeAlias = ExternalSource | ExternalSourceOutput
ExternalSourcesGenerationConfigurationUnion: TypeAlias = (
    ExternalSourcesGenerationConfiguration | ExternalSourcesGenerationConfigurationOutput
)
ExternalSourcesRetrieveAndGenerateConfigurationUnion: TypeAlias = (
    ExternalSourcesRetrieveAndGenerateConfiguration | ExternalSourcesRetrieveAndGenerateConfigurationOutput
)
GenerationConfigurationUnion: TypeAlias = GenerationConfiguration | GenerationConfigurationOutput
GraderConfigUnion: TypeAlias = GraderConfig | GraderConfigOutput
HumanEvaluationConfigUnion: TypeAlias = HumanEvaluationConfig | HumanEvaluationConfigOutput
ImplicitFilterConfigurationUnion: TypeAlias = ImplicitFilterConfiguration | ImplicitFilterConfigurationOutput
InferenceConfigurationUnion: TypeAlias = InferenceConfiguration | InferenceConfigurationOutput
InvocationLogSourceUnion: TypeAlias = InvocationLogSource | InvocationLogSourceOutput
InvocationLogsConfigUnion: TypeAlias = InvocationLogsConfig | InvocationLogsConfigOutput
KbInferenceConfigUnion: TypeAlias = KbInferenceConfig | KbInferenceConfigOutput
KnowledgeBaseConfigUnion: TypeAlias = KnowledgeBaseConfig | KnowledgeBaseConfigOutput
KnowledgeBaseRetrievalConfigurationUnion: TypeAlias = (
    KnowledgeBaseRetrievalConfiguration | KnowledgeBaseRetrievalConfigurationOutput
)
KnowledgeBaseRetrieveAndGenerateConfigurationUnion: TypeAlias = (
    KnowledgeBaseRetrieveAndGenerateConfiguration | KnowledgeBaseRetrieveAndGenerateConfigurationOutput
)
KnowledgeBaseVectorSearchConfigurationUnion: TypeAlias = (
    KnowledgeBaseVectorSearchConfiguration | KnowledgeBaseVectorSearchConfigurationOutput
)
MetadataConfigurationForRerankingUnion: TypeAlias = (
    MetadataConfigurationForReranking | MetadataConfigurationForRerankingOutput
)
ModelConfigurationUnion: TypeAlias = ModelConfiguration | ModelConfigurationOutput
ModelDataSourceUnion: TypeAlias = ModelDataSource | ModelDataSourceOutput
ModelEnforcementUnion: TypeAlias = ModelEnforcement | ModelEnforcementOutput
ModelInvocationJobInputDataConfigUnion: TypeAlias = (
    ModelInvocationJobInputDataConfig | ModelInvocationJobInputDataConfigOutput
)
ModelInvocationJobOutputDataConfigUnion: TypeAlias = (
    ModelInvocationJobOutputDataConfig | ModelInvocationJobOutputDataConfigOutput
)
RAGConfigUnion: TypeAlias = RAGConfig | RAGConfigOutput
RFTConfigUnion: TypeAlias = RFTConfig | RFTConfigOutput
RatingScaleItemUnion: TypeAlias = RatingScaleItem | RatingScaleItemOutput
RatingScaleItemValueUnion: TypeAlias = RatingScaleItemValue | RatingScaleItemValueOutput
RequestMetadataBaseFiltersUnion: TypeAlias = RequestMetadataBaseFilters | RequestMetadataBaseFiltersOutput
RequestMetadataFiltersUnion: TypeAlias = RequestMetadataFilters | RequestMetadataFiltersOutput
RerankingMetadataSelectiveModeConfigurationUnion: TypeAlias = (
    RerankingMetadataSelectiveModeConfiguration | RerankingMetadataSelectiveModeConfigurationOutput
)
RetrievalFilterUnion: TypeAlias = RetrievalFilter | RetrievalFilterOutput
RetrieveAndGenerateConfigurationUnion: TypeAlias = (
    RetrieveAndGenerateConfiguration | RetrieveAndGenerateConfigurationOutput
)
RetrieveConfigUnion: TypeAlias = RetrieveConfig | RetrieveConfigOutput
SageMakerEndpointUnion: TypeAlias = SageMakerEndpoint | SageMakerEndpointOutput
TextInferenceConfigUnion: TypeAlias = TextInferenceConfig | TextInferenceConfigOutput
TrainingDataConfigUnion: TypeAlias = TrainingDataConfig | TrainingDataConfigOutput
ValidationDataConfigUnion: TypeAlias = ValidationDataConfig | ValidationDataConfigOutput
VectorSearchBedrockRerankingConfigurationUnion: TypeAlias = (
    VectorSearchBedrockRerankingConfiguration | VectorSearchBedrockRerankingConfigurationOutput
)
VectorSearchBedrockRerankingModelConfigurationUnion: TypeAlias = (
    VectorSearchBedrockRerankingModelConfiguration | VectorSearchBedrockRerankingModelConfigurationOutput
)
VectorSearchRerankingConfigurationUnion: TypeAlias = (
    VectorSearchRerankingConfiguration | VectorSearchRerankingConfigurationOutput
)
VpcConfigUnion: TypeAlias = VpcConfig | VpcConfigOutput
