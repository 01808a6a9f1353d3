//! `CountTokens`: what a request would take, without making it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{Call, inference};
use crate::bodies::{self, Family, converse};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call. Profiles cannot be counted for, and neither can models that are reached only through one.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let unsupported =
        || ServiceError::validation("The provided model doesn't support counting tokens.");
    let target = inference::target(call).map_err(|error| {
        if error.message.contains("on-demand throughput") {
            unsupported()
        } else {
            error
        }
    })?;
    if target.profile.is_some() || target.routed_to.is_some() {
        return Err(unsupported());
    }
    let prompt = if let Some(input) = call.input.pointer("/input/converse") {
        converse::prompt(input, &target.model)?
    } else {
        let encoded = call
            .input
            .pointer("/input/invokeModel/body")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let body = STANDARD
            .decode(encoded)
            .map(Bytes::from)
            .unwrap_or_default();
        let body = bodies::read(&body)?;
        Family::of(&target.model, &body).prompt(&body, &target.model)?
    };
    let tokens = prompt.input_tokens();
    call.notes.entry.input_tokens = tokens as u64;
    Ok(call.answer(200, &json!({"inputTokens": tokens})))
}
