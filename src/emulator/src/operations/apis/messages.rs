//! Anthropic's messages at Anthropic's path, as recorded in September 2026.

use serde_json::{Value, json};

use super::{Api, errors};
use crate::bodies::anthropic;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::operations::{Call, inference};
use crate::stream::Sse;

const SSE: Sse = Sse {
    named: true,
    done: false,
    failing: errors::in_messages,
};

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let body = super::read(call, Api::Messages)?;
    let target = super::target(call, Api::Messages)?;
    let prompt = super::prompt(call, Api::Messages, &target, &body)?;
    let served = inference::serve(call, target, &prompt)?;
    let context = served.context(call);
    let thinking = json!({"thinking_tokens": served.reply.thinking_tokens()});
    if !call.streams {
        let mut whole = anthropic::answer(&served.reply, &context);
        complete(&mut whole);
        whole["usage"]["output_tokens_details"] = thinking;
        if let Some(guarding) = &served.guarding {
            inference::note_guardrail(&mut whole, guarding);
        }
        return Ok(inference::whole(call, &served, &whole));
    }
    let mut events = anthropic::events(&served.reply, &context);
    let mut read = Value::Null;
    for event in &mut events {
        if event["type"] == "message_start" {
            complete(&mut event["message"]);
            read = event["message"]["usage"].clone();
        }
        if event["type"] == "message_delta" {
            // It repeats what was read.
            event["delta"]["stop_details"] = Value::Null;
            for name in [
                "input_tokens",
                "cache_creation_input_tokens",
                "cache_read_input_tokens",
            ] {
                if let Some(count) = read.get(name) {
                    event["usage"][name] = count.clone();
                }
            }
            event["usage"]["output_tokens_details"] = thinking.clone();
        }
    }
    Ok(super::streamed(call, &served, &SSE, events))
}

/// What this path says beside what `InvokeModel` says.
fn complete(message: &mut Value) {
    message["stop_details"] = Value::Null;
    message["usage"]["service_tier"] = json!("standard");
}
