//! Converse: a whole answer in Bedrock's own form.

use serde_json::{Map, Value, json};

use super::{Call, inference};
use crate::bodies::converse;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::operations::inference::Served;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let target = inference::target(call)?;
    let prompt = inference::conversation(call, &target)?;
    let served = inference::serve(call, target, &prompt)?;
    let mut body = converse::answer(&served.reply, &served.target.model);
    body["metrics"] = json!({"latencyMs": served.latency_milliseconds()});
    if let Some(fields) = response_fields(call, &served) {
        body["additionalModelResponseFields"] = fields;
    }
    add_common(call, &served, &mut body);
    Ok(inference::whole(call, &served, &body))
}

/// The members that Converse and the end of `ConverseStream` share.
pub(super) fn add_common(call: &Call<'_>, served: &Served, body: &mut Value) {
    for member in ["performanceConfig", "serviceTier"] {
        if let Some(value) = call.input.get(member) {
            body[member] = value.clone();
        }
    }
    if let Some(model) = &served.target.routed_to {
        body["trace"]["promptRouter"] = json!({"invokedModelId": model});
    }
    if let Some(guarding) = served.guarding.as_ref().filter(|guarding| guarding.traced) {
        body["trace"]["guardrail"] = guarding.trace();
    }
}

/// What the caller asked for by JSON pointers into the model's own answer.
pub(super) fn response_fields(call: &Call<'_>, served: &Served) -> Option<Value> {
    let pointers = call
        .input
        .get("additionalModelResponseFieldPaths")?
        .as_array()?;
    let native = json!({
        "stop_reason": served.reply.stop_reason.name(),
        "stop_sequence": served.reply.stop_sequence,
        "usage": {
            "input_tokens": served.reply.usage.input,
            "output_tokens": served.reply.usage.output,
            "output_tokens_details": {"thinking_tokens": served.reply.thinking_tokens()},
        },
    });
    let mut fields = Map::new();
    for pointer in pointers.iter().filter_map(Value::as_str) {
        let value = native.pointer(pointer).filter(|value| !value.is_null());
        if let (Some(value), Some(name)) = (value, pointer.rsplit('/').next()) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
    (!fields.is_empty()).then_some(Value::Object(fields))
}
