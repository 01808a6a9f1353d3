//! Errors in an API's own words.

use serde_json::{Value, json};

use super::Api;
use crate::error::ServiceError;
use crate::http::{Answer, Request};
use crate::stream::sse_text;

/// What `OpenAI`'s APIs call an error, its code and its type, and what Anthropic's calls it. The words for 400, 401, 404 and 500
/// were seen in recorded answers; nobody has published those for 429 and 503, so there the companies' own stand here.
const NAMES: &[(&str, &str, &str, &str)] = &[
    (
        "ValidationException",
        "validation_error",
        "invalid_request_error",
        "invalid_request_error",
    ),
    (
        "ResourceNotFoundException",
        "model_not_found",
        "not_found_error",
        "not_found_error",
    ),
    (
        "access_denied",
        "access_denied",
        "authentication_error",
        "authentication_error",
    ),
    (
        "ThrottlingException",
        "rate_limit_exceeded",
        "rate_limit_error",
        "rate_limit_error",
    ),
    (
        "ModelNotReadyException",
        "rate_limit_exceeded",
        "rate_limit_error",
        "rate_limit_error",
    ),
    (
        "ServiceUnavailableException",
        "service_unavailable",
        "server_error",
        "overloaded_error",
    ),
    (
        "overloaded_error",
        "overloaded_error",
        "server_error",
        "overloaded_error",
    ),
    (
        "RequestEntityTooLargeException",
        "request_too_large",
        "invalid_request_error",
        "request_too_large",
    ),
];

/// What all others are called.
const OTHERS: (&str, &str, &str) = ("internal_server_error", "server_error", "api_error");

/// Refused before any API is asked, in AWS's own form.
const FRONT_DOOR: &[&str] = &[
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
];

/// The answer for an error, in the form of the API that was called.
pub fn refusal(request: &Request, error: &ServiceError) -> Answer {
    match Api::of_path(&request.path) {
        Some(api) if !FRONT_DOOR.contains(&error.code.as_str()) => {
            Answer::json(error.status, &body(api, error))
        }
        _ => Answer::error(error),
    }
}

fn names(code: &str, status: u16) -> (&'static str, &'static str, &'static str) {
    let found = NAMES.iter().find(|(name, ..)| *name == code);
    found.map_or_else(
        || match status {
            400..500 => (NAMES[0].1, NAMES[0].2, NAMES[0].3),
            _ => OTHERS,
        },
        |(_, code, openai, anthropic)| (code, openai, anthropic),
    )
}

fn body(api: Api, error: &ServiceError) -> Value {
    let (code, openai, anthropic) = names(&error.code, error.status);
    let message = &error.message;
    if api == Api::Messages {
        return json!({"type": "error", "error": {"type": anthropic, "message": message}});
    }
    let mut said = json!({"code": code, "message": message, "param": null, "type": openai});
    for (member, value) in &error.members {
        said[member] = value.clone();
    }
    json!({"error": said})
}

/// An error inside a stream of chat completions: what `OpenAI`'s clients take for one, since nobody has recorded one of Bedrock's.
pub fn in_chat(error: &ServiceError) -> String {
    sse_text(&body(Api::Chat, error), false)
}

/// An error inside a stream of a response.
pub fn in_response(error: &ServiceError) -> String {
    let mut event = body(Api::Responses, error)["error"].take();
    event["type"] = json!("error");
    sse_text(&event, false)
}

/// An error inside a stream of messages.
pub fn in_messages(error: &ServiceError) -> String {
    sse_text(&body(Api::Messages, error), true)
}
