//! Amazon Nova: Converse's messages with settings and an answer of its own.

use serde_json::{Value, json};

use super::{converse, limit, malformed, named, required, texts};
use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::model::{Block, Prompt, Reply, arguments_text, tokens};

/// The conversation in a body.
pub fn prompt(body: &Value, model: &Model) -> Result<Prompt, ServiceError> {
    let messages = required(body, "messages")?.as_array();
    for (turn, message) in messages.into_iter().flatten().enumerate() {
        if let Some(content) = message.get("content").filter(|it| !it.is_array()) {
            let found = named(content);
            return Err(malformed(&format!(
                "#/messages/{turn}/content: expected type: JSONArray, found: {found}"
            )));
        }
    }
    let mut prompt = converse::prompt(body, model)?;
    let settings = body.get("inferenceConfig").cloned().unwrap_or(Value::Null);
    prompt.max_tokens = match limit(&settings, "maxTokens")? {
        Some(limit) => Some(limit),
        None => limit(&settings, "max_new_tokens")?,
    };
    prompt.stop_sequences = texts(settings.get("stopSequences"));
    prompt.reasoning = converse::thinks(body);
    Ok(prompt)
}

fn usage(reply: &Reply) -> Value {
    json!({
        "inputTokens": reply.usage.input,
        "outputTokens": reply.usage.output,
        "totalTokens": reply.usage.total(),
        "cacheReadInputTokenCount": reply.usage.cache_read,
        "cacheWriteInputTokenCount": reply.usage.cache_write,
    })
}

/// A whole answer.
pub fn answer(reply: &Reply) -> Value {
    let blocks: Vec<Value> = reply.blocks.iter().map(Block::converse).collect();
    json!({
        "output": {"message": {"content": blocks, "role": "assistant"}},
        "stopReason": reply.stop_reason.name(),
        "usage": usage(reply),
    })
}

/// The events of a streamed answer.
pub fn events(reply: &Reply) -> Vec<Value> {
    let mut events = vec![json!({"messageStart": {"role": "assistant"}})];
    // Each piece is a block of its own, as recorded; a block that starts with an event of its own has one piece.
    let mut index = 0;
    let mut piece = |start: Option<Value>, delta: Value| {
        if let Some(start) = start {
            events.push(json!({"contentBlockStart": {"start": start, "contentBlockIndex": index}}));
        }
        events.push(json!({"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}}));
        events.push(json!({"contentBlockStop": {"contentBlockIndex": index}}));
        index += 1;
    };
    for block in &reply.blocks {
        match block {
            Block::Text(text) | Block::Cited { text, .. } => {
                tokens::split(text).for_each(|text| piece(None, json!({"text": text})));
            }
            Block::Reasoning { text, .. } => {
                tokens::split(text)
                    .for_each(|text| piece(None, json!({"reasoningContent": {"text": text}})));
            }
            Block::ToolUse { id, name, input } => {
                let start = json!({"toolUse": {"toolUseId": id, "name": name}});
                piece(
                    Some(start),
                    json!({"toolUse": {"input": arguments_text(input)}}),
                );
            }
            Block::Redacted(pieces) => {
                for content in pieces {
                    piece(
                        None,
                        json!({"reasoningContent": {"redactedContent": content}}),
                    );
                }
            }
            Block::Raw(value) => piece(None, value.clone()),
        }
    }
    events.push(json!({"messageStop": {"stopReason": reply.stop_reason.name()}}));
    let mut usage = usage(reply);
    if let Some(members) = usage.as_object_mut() {
        // The whole answer has the sum, the stream has not.
        members.remove("totalTokens");
    }
    events.push(json!({"metadata": {"usage": usage, "metrics": {}, "trace": {}}}));
    events
}
