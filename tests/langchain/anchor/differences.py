"""Where our classes differ from langchain-aws's own tests on purpose, and why. `*` stands for any parameters."""

DIFFERENCES = {
    "test_bedrock_converse.py::test_set_disable_streaming[*": "every model streams: there is no list",
    "test_bedrock_converse.py::test_set_disable_streaming_warning[*": "every model streams: nothing to warn of",
    "test_bedrock_converse.py::test_disable_streaming_with_arn[*": "every model streams, whatever names it",
    "test_bedrock_converse.py::test__get_provider": "an ARN without provider= is no error: it is read, or asked about",
    "test_bedrock_converse.py::test_standard_tracing_params": "`foo` is no id of Bedrock's: it has no provider",
    "test_bedrock_converse.py::test_get_num_tokens_from_messages_unsupported_model_fallback": (
        "CountTokens is asked for every model; Bedrock knows which it counts for"
    ),
    "test_bedrock_converse.py::test_get_num_tokens_from_messages_api_error_fallback": (
        "the fallback is an estimate with a warning, and not the tokenizer of GPT-2, which has to be downloaded"
    ),
    "test_bedrock_converse.py::test_stream_reraises_other_event_stream_errors": (
        "the error is of the same class and also of langchain-core's, so it is not the same object; it is its cause"
    ),
    "test_bedrock_converse.py::test_ls_invocation_params_infers_region_from_client": (
        "the test replaces boto3, which is not used"
    ),
    "test_bedrock_cohere.py::TestCohereEmbeddings::test_aembed_documents_uses_document_embedding": (
        "the test replaces a private method"
    ),
    "test_standard.py::TestBedrock*Standard::test_serdes": "the dump names outcrop's class",
}
