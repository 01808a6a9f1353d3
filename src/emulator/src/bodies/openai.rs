//! Chat completions, which `OpenAI`'s models and most other providers on Bedrock speak.

use serde_json::{Value, json};

use super::{Context, limit, malformed, named, required, texts};
use crate::error::ServiceError;
use crate::model::prompt::{Part, Prompt, Role, Tool, ToolChoice, Turn};
use crate::model::{Block, Reply, arguments_text, tokens};

/// The conversation in a body.
pub fn prompt(body: &Value) -> Result<Prompt, ServiceError> {
    let messages = required(body, "messages")?;
    let messages = messages.as_array().ok_or_else(|| {
        malformed(&format!(
            "#/messages: expected type: JSONArray, found: {}",
            named(messages)
        ))
    })?;
    if messages.is_empty() {
        return Err(malformed(
            "#/messages: expected minimum item count: 1, found: 0",
        ));
    }
    let mut prompt = Prompt::default();
    for message in messages {
        let mut parts = content(message.get("content"));
        match message.get("role").and_then(Value::as_str) {
            Some("system" | "developer") => prompt.system.extend(parts),
            Some("assistant") => {
                parts.extend(calls(message));
                prompt.turns.push(Turn {
                    role: Role::Assistant,
                    parts,
                });
            }
            Some("tool") => {
                let text = parts.iter().filter_map(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                let text = text.collect::<Vec<_>>().join(" ");
                let part = Part::ToolResult {
                    id: text_of(message, "tool_call_id"),
                    text,
                    failed: false,
                };
                prompt.turns.push(Turn {
                    role: Role::User,
                    parts: vec![part],
                });
            }
            Some("user") => prompt.turns.push(Turn {
                role: Role::User,
                parts,
            }),
            other => return Err(malformed(&format!("#/messages: {other:?} is no role"))),
        }
    }
    prompt.tools = tools(body);
    prompt.tool_choice = match body.get("tool_choice") {
        Some(Value::String(choice)) if choice == "required" => ToolChoice::Any,
        Some(Value::String(choice)) if choice == "none" => ToolChoice::Never,
        Some(choice @ Value::Object(_)) => ToolChoice::Tool(text_of(&choice["function"], "name")),
        _ => ToolChoice::Auto,
    };
    prompt.max_tokens = match limit(body, "max_completion_tokens")? {
        Some(limit) => Some(limit),
        None => limit(body, "max_tokens")?,
    };
    prompt.stop_sequences = texts(body.get("stop"));
    prompt.schema = schema(body.get("response_format"), "/json_schema/schema");
    prompt.reasoning = body
        .get("reasoning_effort")
        .is_some_and(|effort| effort != "none" && !effort.is_null());
    Ok(prompt)
}

pub fn text_of(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn content(value: Option<&Value>) -> Vec<Part> {
    match value {
        Some(Value::String(text)) => vec![Part::Text(text.clone())],
        Some(Value::Array(blocks)) => blocks
            .iter()
            .filter_map(|block| match block.get("type").and_then(Value::as_str) {
                Some("text") => Some(Part::Text(text_of(block, "text"))),
                Some("image_url") => Some(image(&text_of(&block["image_url"], "url"))),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// An image by its URL, which holds it or says where it is.
pub fn image(url: &str) -> Part {
    let format = url
        .strip_prefix("data:image/")
        .and_then(|rest| rest.split(';').next())
        .unwrap_or("url");
    let size = url
        .split_once("base64,")
        .map_or(0, |(_, data)| data.len() / 4 * 3);
    Part::Media {
        kind: "image",
        format: format.to_owned(),
        size,
    }
}

/// The schema of a wished format: the caller's own, or any object where JSON alone is wished for.
pub fn schema(format: Option<&Value>, place: &str) -> Option<Value> {
    let format = format?;
    match format.get("type")?.as_str()? {
        "json_object" => Some(json!({
            "type": "object",
            "properties": {"answer": {"type": "string"}},
            "required": ["answer"],
        })),
        _ => format.pointer(place).cloned(),
    }
}

fn calls(message: &Value) -> Vec<Part> {
    let calls = message
        .get("tool_calls")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    calls
        .map(|call| Part::ToolUse {
            id: text_of(call, "id"),
            name: text_of(&call["function"], "name"),
            input: serde_json::from_str(&text_of(&call["function"], "arguments"))
                .unwrap_or(Value::Null),
        })
        .collect()
}

fn tools(body: &Value) -> Vec<Tool> {
    let tools = body
        .get("tools")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    tools
        .filter_map(|tool| tool.get("function"))
        .map(|function| Tool {
            name: text_of(function, "name"),
            description: text_of(function, "description"),
            schema: function
                .get("parameters")
                .cloned()
                .unwrap_or(Value::Bool(true)),
        })
        .collect()
}

fn usage(reply: &Reply) -> Value {
    let read = reply.usage.input + reply.usage.cache_read + reply.usage.cache_write;
    json!({
        "prompt_tokens": read,
        "completion_tokens": reply.usage.output,
        "total_tokens": reply.usage.total(),
    })
}

fn tool_calls(reply: &Reply) -> Vec<Value> {
    let calls = reply.blocks.iter().filter_map(|block| match block {
        Block::ToolUse { id, name, input } => {
            let function = json!({"name": name, "arguments": arguments_text(input)});
            Some(json!({"id": id, "type": "function", "function": function}))
        }
        _ => None,
    });
    calls.collect()
}

fn reasoning(reply: &Reply) -> Option<&str> {
    reply.blocks.iter().find_map(|block| match block {
        Block::Reasoning { text, .. } => Some(text.as_str()),
        _ => None,
    })
}

fn model_name(context: &Context) -> &str {
    context
        .model
        .split_once('.')
        .map_or(context.model.as_str(), |(_, name)| name)
}

/// A whole answer.
pub fn answer(reply: &Reply, context: &Context) -> Value {
    let text = reply.text();
    let mut message = json!({"role": "assistant", "content": if text.is_empty() { Value::Null } else { json!(text) }});
    let calls = tool_calls(reply);
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    if let Some(thought) = reasoning(reply) {
        message["reasoning"] = json!(thought);
    }
    json!({
        "id": context.id("chatcmpl-", 24),
        "object": "chat.completion",
        "created": context.now.epoch_seconds(),
        "model": model_name(context),
        "choices": [{"index": 0, "message": message, "finish_reason": reply.stop_reason.finish_reason()}],
        "usage": usage(reply),
    })
}

/// The events of a streamed answer.
pub fn events(reply: &Reply, context: &Context) -> Vec<Value> {
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": context.id("chatcmpl-", 24),
            "object": "chat.completion.chunk",
            "created": context.now.epoch_seconds(),
            "model": model_name(context),
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        })
    };
    let mut events = vec![chunk(
        json!({"role": "assistant", "content": ""}),
        Value::Null,
    )];
    if let Some(thought) = reasoning(reply) {
        events.extend(
            tokens::split(thought).map(|piece| chunk(json!({"reasoning": piece}), Value::Null)),
        );
    }
    let pieces = reply.pieces().into_iter();
    events.extend(pieces.map(|piece| chunk(json!({"content": piece}), Value::Null)));
    for (index, mut call) in tool_calls(reply).into_iter().enumerate() {
        call["index"] = json!(index);
        events.push(chunk(json!({"tool_calls": [call]}), Value::Null));
    }
    let mut last = chunk(json!({}), json!(reply.stop_reason.finish_reason()));
    last["usage"] = usage(reply);
    events.push(last);
    events
}
