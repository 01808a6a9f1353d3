"""Where our classes differ from langchain-aws's own tests on purpose, and why. `*` stands for any parameters."""

_STREAMS = "every model streams: there is no list"
_LAZY = "clients are made, and application profiles asked about, at the first call and not when the model is made"
_TEXT = "the same refusal in outcrop's words, which begin in lower case and say the way out"
_LOG = "the same lines in outcrop's words, through its logger"
_BOTH = "the error is of the same class and also of langchain-core's, so it is not the same object; it is its cause"

_REDACTED = "redacted thoughts are base64 text in messages, which can be saved, and not bytes"
_INVALID = "arguments that are no JSON are kept, and sent under a key of their own"

DIFFERENCES = {
    "test_bedrock_converse.py::test_set_disable_streaming[*": _STREAMS,
    "test_bedrock_converse.py::test_set_disable_streaming_warning[*": _STREAMS,
    "test_bedrock_converse.py::test_disable_streaming_with_arn[*": _STREAMS,
    "test_bedrock_converse.py::test_configure_streaming_for_resolved_model_no_*": _STREAMS,
    "test_bedrock_converse.py::test__get_provider": "an ARN without provider= is no error: it is read, or asked about",
    "test_bedrock.py::test__get_provider[*custom-model*": "the ARN of a custom model names its base model: it is read",
    "test_bedrock_converse.py::test_standard_tracing_params": "`foo` is no id of Bedrock's: it has no provider",
    "test_bedrock_converse.py::test_get_num_tokens_from_messages_unsupported_model_fallback": (
        "CountTokens is asked for every model; Bedrock knows which it counts for"
    ),
    "test_bedrock.py::test_get_num_tokens_from_messages_fallback": "CountTokens is asked for every model",
    "test_bedrock_converse.py::test_get_num_tokens_from_messages_api_error_fallback": (
        "the fallback is an estimate with a warning, and not the tokenizer of GPT-2, which has to be downloaded"
    ),
    "test_bedrock_converse.py::test_stream_reraises_other_event_stream_errors": _BOTH,
    "test_bedrock_converse.py::test_iam_permission_error_other_access_denied": _BOTH,
    "test_bedrock_converse.py::test_iam_permission_error_non_access_denied": _BOTH,
    "test_bedrock_converse.py::test_context_overflow_ignores_other_validation_errors[*": _BOTH,
    "test_bedrock_converse.py::test_context_overflow_requires_validation_exception": _BOTH,
    "test_bedrock_converse.py::test_ls_invocation_params_infers_region_from_client": _LAZY,
    "test_bedrock_converse.py::test_langsmith_gateway_configures_bedrock_clients[*": _LAZY,
    "test_bedrock_converse.py::test_profile_with_application_inference_profile": _LAZY,
    "test_bedrock_converse.py::test_tracing_params_with_application_inference_profile": _LAZY,
    "test_bedrock_converse.py::test_bedrock_client_inherits_from_runtime_client": _LAZY,
    "test_bedrock_converse.py::test_bedrock_client_uses_explicit_values_over_runtime_client": _LAZY,
    "test_bedrock_converse.py::test_timeout_retries_passed_to_client": _LAZY,
    "test_bedrock.py::test_beta_use_converse_api_with_inference_profile*": _LAZY,
    "test_bedrock.py::test_profile_with_application_inference_profile": _LAZY,
    "test_bedrock_converse.py::test_profile_prefers_exact_model_id[*": "the test replaces langchain-aws's own table",
    "test_bedrock_converse.py::test__messages_to_bedrock_rejects_unsupported_non_ai_content[*": _TEXT,
    "test_bedrock_converse.py::test__messages_to_bedrock_rejects_malformed_ai_block[*": _TEXT,
    "test_bedrock_converse.py::test__messages_to_bedrock_unnamed_file_name_is_stable_across_requests": _TEXT,
    "test_bedrock_converse.py::test__lc_content_to_bedrock_mime_types_invalid": _TEXT,
    "test_bedrock_converse.py::test__lc_content_to_bedrock_text_mime_type_image_still_rejected": _TEXT,
    "test_bedrock_converse.py::test__format_data_content_block_video_no_base64": _TEXT,
    "test_bedrock_converse.py::test__messages_to_bedrock_warns_once_per_dropped_block_type": _LOG,
    "test_bedrock_converse.py::test__messages_to_bedrock_warns_per_distinct_non_standard_block": _LOG,
    "test_bedrock_converse.py::test__messages_to_bedrock_warns_when_assistant_turn_is_erased": _LOG,
    "test_bedrock_converse.py::test_tool_conversion_warning_integration": "a conversation begins with a user turn",
    "test_bedrock_converse.py::test_set_additional_properties_false_composition_keywords": (
        "Bedrock's native schemas have no oneOf: it is sent as anyOf"
    ),
    "test_bedrock_converse.py::test__messages_to_bedrock": "calls keep the order of their messages",
    "test_bedrock_converse.py::test__messages_to_bedrock_keeps_invalid_tool_call_for_error_result": _INVALID,
    "test_bedrock_converse.py::test__bedrock_to_lc_redacted_reasoning_delta": _REDACTED,
    "test_bedrock_converse.py::test__bedrock_to_lc_redacted_only_reasoning_content": _REDACTED,
    "test_bedrock_converse.py::test_openai_supports_tool_choice_values[*gpt-oss*": "gpt-oss takes forced tools",
    "test_bedrock_converse.py::test__messages_to_bedrock_drops_unidentified_invalid_tool_call": (
        "a call without an id is given one, and answered by an error"
    ),
    "test_bedrock_converse.py::test__messages_to_bedrock_replays_streamed_tool_use_with_invalid_json": _INVALID,
    "test_bedrock.py::test__format_anthropic_messages_strips_streaming_fields_on_invalid_tool": _INVALID,
    "test_bedrock_converse.py::test__bedrock_to_lc_anthropic_reasoning": (
        "answers have Converse's names, also from a boto3 client: names in snake case are nobody's"
    ),
    "test_bedrock_converse.py::test__format_data_content_block_unsupported_type": "audio is supported",
    "test_bedrock.py::test__format_anthropic_nonconsecutive_system_messages": "system messages may stand anywhere",
    "test_bedrock_cohere.py::TestCohereEmbeddings::test_aembed_documents_uses_document_embedding": (
        "the test replaces a private method"
    ),
    "test_standard.py::TestBedrock*Standard::test_serdes": "the dump names outcrop's class",
}

NOT_RUN = {
    "test_bedrock.py": {
        "ChatPromptAdapter",
        "_client_config",
        "_convert_one_message_to_text_openai",
        "_convert_one_message_to_text_qwen",
        "_merge_messages",
        "convert_messages_to_prompt_anthropic",
        "convert_messages_to_prompt_qwen",
    },
    "test_bedrock_cohere.py": {
        "_batch_cohere_embedding_texts", "_cohere_multi_embedding", "_embedding_func", "_is_cohere_v4",
    },
    "test_bedrock_converse.py": {"_extract_response_metadata", "_get_effective_config"},
    "test_bedrock_dimensions.py": {"_cohere_multi_embedding", "_embedding_func", "_get_dimensions_params"},
    "test_bedrock_multimodal.py": {
        "_detect_media_format", "_extract_media_embedding", "_is_marengo", "_is_titan_multimodal", "_load_media",
        "_supports_audio", "_supports_image", "_supports_s3_input", "_supports_video",
    },
    "test_bedrock_nova.py": {"_embedding_func", "_is_nova_embed"},
    "test_prompt_caching.py": {"_get_trace_policy", "_should_apply_caching", "prompt_caching"},
}  # fmt: skip
"""Private names of langchain-aws for steps that are cut otherwise here: the tests that call them are not run.

Texts for the first Claude, OpenAI's and Qwen's old prompts, which are messages here; botocore's settings, which are not
used; and steps inside embeddings and the middleware, whose public tests run.
"""
