"""Where the emulator and MiniStack 1.5.33 answer differently, who is right, and by which source.

The suite runs every test on both; a test named here is expected to fail on MiniStack, and failing to fail is an error.
"""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """One difference. In all that are known the emulator is right, or this list would hold a bug of it."""

    ministack: str
    """What MiniStack does."""
    source: str
    """Why that is not what Bedrock does."""


_INFERENCE = "Bedrock User Guide, 'Supported Regions and models for inference profiles'"
_CONVERSE = "Bedrock User Guide, 'Carry out a conversation with the Converse API operations'"
_API = "Bedrock API Reference"

DIFFERENCES: dict[str, Difference] = {
    "test_an_answer_keeps_to_max_tokens": Difference(
        "answers in full whatever maxTokens says", f"{_API}, InferenceConfiguration: maxTokens is the maximum"
    ),
    "test_a_tool_is_called_with_arguments_that_fit": Difference(
        "calls no tool, not even one that toolChoice demands", f"{_API}, ToolChoice: any and tool force a call"
    ),
    "test_an_unknown_model_is_refused": Difference(
        "answers for any model id", "seen of Bedrock: 'The provided model identifier is invalid.'"
    ),
    "test_a_profile_only_model_called_directly_is_refused": Difference(
        "has no profile-only models", f"{_INFERENCE}, and Bedrock's own text of the refusal"
    ),
    "test_a_profile_called_from_a_region_that_is_no_source_is_refused": Difference(
        "serves every profile in every Region", f"{_INFERENCE}: each profile has its source Regions"
    ),
    "test_a_conversation_starts_with_the_user": Difference(
        "takes any order of turns", f"{_CONVERSE}: a conversation starts with a user message"
    ),
    "test_a_missing_tool_result_is_refused": Difference(
        "takes a tool call without its result", f"{_CONVERSE}: a toolUse is answered by a toolResult"
    ),
    "test_tokens_are_counted_as_they_are_charged": Difference("has no CountTokens", f"{_API}, CountTokens"),
    "test_a_stream_carries_the_familys_events": Difference(
        "ends a stream without amazon-bedrock-invocationMetrics", "recorded Bedrock traffic of langchain-aws"
    ),
    "test_a_stream_joins_to_the_whole_answer[ministack-nova]": Difference(
        "streams Nova's answers in Anthropic's events", "Amazon Nova User Guide, 'Complete request schema'"
    ),
    "test_a_stream_joins_to_the_whole_answer[ministack-openai]": Difference(
        "answers in a form of its own", "Bedrock User Guide, 'OpenAI models': chat completions"
    ),
    "test_an_answer_keeps_to_the_familys_limit": Difference(
        "answers in full whatever the limit", "Bedrock User Guide, 'Inference request parameters and response fields'"
    ),
    "test_an_openai_style_model_calls_tools_and_reads_their_results": Difference(
        "answers in a form of its own", "Bedrock User Guide, 'OpenAI models': chat completions"
    ),
    "test_an_answer_in_the_familys_form[ministack-openai]": Difference(
        "answers in a form of its own", "Bedrock User Guide, 'OpenAI models': chat completions"
    ),
    "test_an_embedding_is_a_vector_of_the_models_length": Difference(
        "has no embeddings", "Bedrock User Guide, 'Amazon Titan Text Embeddings', 'Cohere Embed' and 'Nova embeddings'"
    ),
    "test_a_body_without_messages_is_refused": Difference(
        "does not check bodies", "Bedrock User Guide, 'Anthropic Claude Messages API': messages is required"
    ),
    "test_profile_only_models_say_so": Difference(
        "gives every model the type ON_DEMAND and knows few", f"{_API}, FoundationModelDetails"
    ),
    "test_a_system_profile_tells_its_models": Difference(
        "shows the source Region's model only", f"{_API}, GetInferenceProfile: a model for each Region"
    ),
    "test_a_system_profile_is_found_by_its_arn": Difference(
        "finds profiles by id only", f"{_API}, GetInferenceProfile: the ID or ARN"
    ),
    "test_a_global_profile_has_the_arn_without_a_region": Difference("has no global profiles", _INFERENCE),
    "test_pages_join_to_the_whole_list": Difference(
        "gives everything at once", f"{_API}, ListInferenceProfiles: maxResults"
    ),
    "test_profiles_are_listed_by_type": Difference(
        "does not filter", f"{_API}, ListInferenceProfiles: the query parameter is `type`"
    ),
    "test_each_region_lists_what_can_be_called_from_it": Difference("lists the same in every Region", _INFERENCE),
    "test_a_guardrail_is_shown_and_listed": Difference(
        "shows policies under the request's names", f"{_API}, GetGuardrail: wordPolicy.words"
    ),
    "test_a_version_keeps_what_the_draft_was": Difference(
        "shows the draft's description for a version that has its own",
        f"{_API}, CreateGuardrailVersion: description is the version's",
    ),
    "test_versions_are_listed_and_deleted": Difference(
        "lists drafts only", f"{_API}, ListGuardrails: guardrailIdentifier lists all versions"
    ),
    "test_checks_without_a_guardrail_give_scores": Difference(
        "has no InvokeGuardrailChecks", f"{_API}, InvokeGuardrailChecks"
    ),
    "test_a_content_filter_blocks_an_attack": Difference(
        "ignores content filters", "Bedrock User Guide, 'Detect prompt attacks with Amazon Bedrock Guardrails'"
    ),
    "test_a_text_without_anything_passes": Difference(
        "repeats a text that passes", "Bedrock User Guide, 'Use the ApplyGuardrail API': outputs is empty"
    ),
    "test_converse_stops_at_a_forbidden_question": Difference("ignores guardrailConfig", f"{_API}, Converse"),
    "test_a_stream_stops_at_a_forbidden_question": Difference("ignores guardrailConfig", f"{_API}, ConverseStream"),
    "test_invoke_model_tells_what_the_guardrail_did": Difference(
        "does not tell it", "Bedrock User Guide, 'Use your guardrail with inference operations'"
    ),
    "test_a_batch_job_is_made_shown_listed_and_stopped": Difference(
        "finds jobs by ARN only", f"{_API}, GetModelInvocationJob: the pattern of jobIdentifier takes the id too"
    ),
    "test_a_prompt_router_is_made_used_and_deleted": Difference(
        "answers without trace.promptRouter", f"{_API}, ConverseTrace"
    ),
    "test_data_retention_is_the_regions": Difference("has no data retention", f"{_API}, GetAccountDataRetention"),
    "test_an_application_profile_is_called_by_its_arn": Difference(
        "does not find the ARN that it gave", f"{_API}, GetInferenceProfile: the ID or ARN"
    ),
    "test_an_application_profile_is_not_called_by_its_id": Difference(
        "does not find the ARN that it gave", f"{_API}, GetInferenceProfile: the ID or ARN"
    ),
    "test_a_deleted_profile_is_gone": Difference(
        "does not delete by the ARN that it gave", f"{_API}, DeleteInferenceProfile: the ARN or ID"
    ),
    "test_a_name_is_taken_once": Difference(
        "makes two profiles of one name", f"{_API}, CreateInferenceProfile: ConflictException"
    ),
    "test_a_token_makes_a_profile_once": Difference(
        "does not keep idempotency tokens", f"{_API}, CreateInferenceProfile: clientRequestToken"
    ),
}
