//! Models that have reached their end: Bedrock tells them from ids that never were.

use crate::error::ServiceError;

/// Parts of their ids, from AWS's "Model lifecycle" (October 2026); the answer is recorded (2026). A model that the
/// catalogue has in the Region that is called is not asked about here.
const RETIRED: &[&str] = &[
    "ai21.j2-",
    "ai21.jamba-instruct",
    "amazon.titan-image-generator",
    "amazon.titan-text-",
    "amazon.titan-tg1-",
    "anthropic.claude-3-5-haiku-20241022",
    "anthropic.claude-3-5-sonnet-20240620",
    "anthropic.claude-3-5-sonnet-20241022",
    "anthropic.claude-3-7-sonnet-20250219",
    "anthropic.claude-3-opus-20240229",
    "anthropic.claude-instant-v1",
    "anthropic.claude-opus-4-20250514",
    "anthropic.claude-v1",
    "anthropic.claude-v2",
    "cohere.command-light-text-",
    "cohere.command-text-",
    "meta.llama2-",
    "stability.stable-diffusion-xl",
];

/// The refusal of an id that names nothing in the Region that is called.
pub fn refusal(id: &str) -> ServiceError {
    let named = |name: &str| {
        let rest = id.split_once('.').map_or("", |(_, rest)| rest);
        id.starts_with(name) || rest.starts_with(name)
    };
    if RETIRED.iter().any(|name| named(name)) {
        return ServiceError::not_found(
            "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
        );
    }
    ServiceError::invalid_model_identifier()
}
