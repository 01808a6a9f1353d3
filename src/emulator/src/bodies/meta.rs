//! Meta's Llama: one prompt in, its continuation out.

use serde_json::{Value, json};

use super::{limit, plain_prompt, text_of};
use crate::error::ServiceError;
use crate::model::{Prompt, Reply, tokens};

/// The prompt in a body.
pub fn prompt(body: &Value) -> Result<Prompt, ServiceError> {
    let mut prompt = plain_prompt(&text_of(body, "prompt")?);
    prompt.max_tokens = limit(body, "max_gen_len")?;
    Ok(prompt)
}

/// A whole answer.
pub fn answer(reply: &Reply) -> Value {
    json!({
        "generation": reply.text(),
        "prompt_token_count": reply.usage.input,
        "generation_token_count": reply.usage.output,
        "stop_reason": reply.stop_reason.completion(),
    })
}

/// The events of a streamed answer.
pub fn events(reply: &Reply) -> Vec<Value> {
    let text = reply.text();
    let mut events: Vec<Value> = tokens::split(&text)
        .enumerate()
        .map(|(index, piece)| {
            // The prompt is counted once, with the first piece.
            let read = (index == 0).then_some(reply.usage.input);
            json!({"generation": piece, "prompt_token_count": read, "generation_token_count": index + 1, "stop_reason": null})
        })
        .collect();
    events.push(json!({
        "generation": "",
        "prompt_token_count": if events.is_empty() { json!(reply.usage.input) } else { Value::Null },
        "generation_token_count": reply.usage.output,
        "stop_reason": reply.stop_reason.completion(),
    }));
    events
}
