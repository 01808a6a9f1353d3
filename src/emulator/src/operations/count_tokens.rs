//! `CountTokens`: what a request would take, without making it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::reading::Reading;
use super::{Call, inference};
use crate::bodies::{self, Family};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call. A model is counted for by its own id, also where it is reached only through a profile; a profile is not.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let identifier = call.text("modelId").to_owned();
    let base = crate::read(&call.service.catalogue)
        .models
        .get(&identifier)
        .cloned();
    let Some(model) = base else {
        // An id that is nobody's is refused as everywhere.
        inference::target(call)?;
        return Err(ServiceError::validation(
            "The provided model doesn't support counting tokens.",
        ));
    };
    call.notes.entry.model_id = Some(identifier);
    call.notes.entry.model = Some(model.id.clone());
    let reading = Reading {
        model: &model,
        evidence: call.service.evidence,
        streams: false,
        counts: true,
    };
    let prompt = if let Some(input) = call.input.pointer("/input/converse") {
        reading.conversation(input)?
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
        reading.body(Family::of(&model, &body), &body)?
    };
    let tokens = prompt.input_tokens();
    call.notes.entry.input_tokens = tokens as u64;
    Ok(call.answer(200, &json!({"inputTokens": tokens})))
}
