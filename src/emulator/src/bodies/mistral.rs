//! Mistral's older models: one prompt in, outputs out. The newer ones speak chat completions.

use serde_json::{Value, json};

use super::{limit, plain_prompt, text_of, texts};
use crate::error::ServiceError;
use crate::model::{Prompt, Reply, StopReason, tokens};

/// The prompt in a body.
pub fn prompt(body: &Value) -> Result<Prompt, ServiceError> {
    let mut prompt = plain_prompt(&text_of(body, "prompt")?);
    prompt.max_tokens = limit(body, "max_tokens")?;
    prompt.stop_sequences = texts(body.get("stop"));
    Ok(prompt)
}

fn stop_reason(reply: &Reply) -> &'static str {
    if reply.stop_reason == StopReason::MaxTokens {
        "length"
    } else {
        "stop"
    }
}

/// A whole answer.
pub fn answer(reply: &Reply) -> Value {
    json!({"outputs": [{"text": reply.text(), "stop_reason": stop_reason(reply)}]})
}

/// The events of a streamed answer.
pub fn events(reply: &Reply) -> Vec<Value> {
    let text = reply.text();
    let mut events: Vec<Value> = tokens::split(&text)
        .map(|piece| json!({"outputs": [{"text": piece, "stop_reason": null}]}))
        .collect();
    events.push(json!({"outputs": [{"text": "", "stop_reason": stop_reason(reply)}]}));
    events
}
