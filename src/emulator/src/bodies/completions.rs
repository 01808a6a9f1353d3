//! Text completions of `DeepSeek`: one prompt in, choices of texts out.

use serde_json::{Value, json};

use super::{limit, malformed, plain_prompt, text_of, texts};
use crate::error::ServiceError;
use crate::model::{Prompt, Reply, StopReason, tokens};

const MOST_STOPS: usize = 10;

/// The prompt in a body.
pub fn prompt(body: &Value) -> Result<Prompt, ServiceError> {
    let mut prompt = plain_prompt(&text_of(body, "prompt")?);
    prompt.max_tokens = limit(body, "max_tokens")?;
    prompt.stop_sequences = texts(body.get("stop"));
    let stops = prompt.stop_sequences.len();
    if stops > MOST_STOPS {
        return Err(malformed(&format!(
            "#/stop: expected maximum item count: {MOST_STOPS}, found: {stops}"
        )));
    }
    Ok(prompt)
}

fn choice(text: &str, stop_reason: Option<&str>) -> Value {
    json!({"choices": [{"text": text, "stop_reason": stop_reason}]})
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
    choice(&reply.text(), Some(stop_reason(reply)))
}

/// The events of a streamed answer.
pub fn events(reply: &Reply) -> Vec<Value> {
    let text = reply.text();
    let mut events: Vec<Value> = tokens::split(&text)
        .map(|piece| choice(piece, None))
        .collect();
    events.push(choice("", Some(stop_reason(reply))));
    events
}
