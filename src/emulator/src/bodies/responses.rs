//! `OpenAI`'s responses: items instead of messages.

use serde_json::{Value, json};

use super::{limit, malformed, named, openai};
use crate::error::ServiceError;
use crate::model::prompt::{Part, Prompt, Role, Tool, ToolChoice, Turn};

/// The schema under which a tool that takes plain text is called.
fn plain_schema() -> Value {
    json!({"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]})
}

/// The conversation in a body whose `input` holds all of it.
pub fn prompt(body: &Value) -> Result<Prompt, ServiceError> {
    let mut prompt = Prompt::default();
    if let Some(told) = body.get("instructions").and_then(Value::as_str) {
        prompt.system.push(Part::Text(told.to_owned()));
    }
    for item in items(body)? {
        add(&mut prompt, &item)?;
    }
    prompt.tools = functions(body)
        .map(|(_, tool)| Tool {
            name: openai::text_of(tool, "name"),
            description: openai::text_of(tool, "description"),
            schema: match tool.get("parameters") {
                Some(schema) if !schema.is_null() => schema.clone(),
                _ if tool["type"] == "custom" => plain_schema(),
                _ => Value::Bool(true),
            },
        })
        .collect();
    prompt.tool_choice = match body.get("tool_choice") {
        Some(Value::String(choice)) if choice == "required" => ToolChoice::Any,
        Some(Value::String(choice)) if choice == "none" => ToolChoice::Never,
        Some(choice) if choice["type"] == "allowed_tools" && choice["mode"] == "required" => {
            ToolChoice::Any
        }
        Some(choice) if choice.get("name").is_some() => {
            ToolChoice::Tool(openai::text_of(choice, "name"))
        }
        _ => ToolChoice::Auto,
    };
    prompt.max_tokens = limit(body, "max_output_tokens")?;
    prompt.schema = openai::schema(body.pointer("/text/format"), "/schema");
    prompt.reasoning = body
        .pointer("/reasoning/effort")
        .is_some_and(|effort| effort != "none" && !effort.is_null());
    Ok(prompt)
}

/// The items of a body's `input`; a text is a message of the user.
pub fn items(body: &Value) -> Result<Vec<Value>, ServiceError> {
    match &body["input"] {
        Value::String(text) => Ok(vec![json!({"role": "user", "content": text})]),
        Value::Array(items) => Ok(items.clone()),
        other => Err(malformed(&format!(
            "#/input: expected type: JSONArray, found: {}",
            named(other)
        ))),
    }
}

/// All tools that the model may call, those inside namespaces too, each with the name of its own.
pub fn functions(body: &Value) -> impl Iterator<Item = (Option<&str>, &Value)> {
    fn list(value: &Value) -> &[Value] {
        value
            .get("tools")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
    let inside = list(body)
        .iter()
        .filter(|tool| tool["type"] == "namespace")
        .flat_map(|space| {
            let name = space.get("name").and_then(Value::as_str);
            list(space).iter().map(move |tool| (name, tool))
        });
    let outside = list(body).iter().map(|tool| (None, tool));
    outside
        .chain(inside)
        .filter(|(_, tool)| tool["type"] == "function" || tool["type"] == "custom")
}

/// Adds what an item says; items of one speaker that are no messages belong to one turn.
fn add(prompt: &mut Prompt, item: &Value) -> Result<(), ServiceError> {
    let kind = item.get("type").and_then(Value::as_str);
    let text = |name: &str| openai::text_of(item, name);
    let (role, part) = match kind.unwrap_or("message") {
        "message" => return message(prompt, item),
        "function_call" => (
            Role::Assistant,
            Part::ToolUse {
                id: text("call_id"),
                name: text("name"),
                input: serde_json::from_str(&text("arguments")).unwrap_or(Value::Null),
            },
        ),
        "custom_tool_call" => (
            Role::Assistant,
            Part::ToolUse {
                id: text("call_id"),
                name: text("name"),
                input: item["input"].clone(),
            },
        ),
        "function_call_output" | "custom_tool_call_output" => (
            Role::User,
            Part::ToolResult {
                id: text("call_id"),
                text: joined(&item["output"]),
                failed: false,
            },
        ),
        "reasoning" => (Role::Assistant, Part::Reasoning(joined(&item["summary"]))),
        // Tomorrow's items, and those of tools that servers run, say nothing to this model.
        _ => return Ok(()),
    };
    let results = |turn: &Turn| {
        turn.parts
            .iter()
            .all(|part| matches!(part, Part::ToolResult { .. }))
    };
    match prompt.turns.last_mut() {
        Some(turn) if turn.role == role && (role == Role::Assistant || results(turn)) => {
            turn.parts.push(part);
        }
        _ => prompt.turns.push(Turn {
            role,
            parts: vec![part],
        }),
    }
    Ok(())
}

fn message(prompt: &mut Prompt, item: &Value) -> Result<(), ServiceError> {
    let parts = content(&item["content"]);
    match item.get("role").and_then(Value::as_str) {
        Some("system" | "developer") => prompt.system.extend(parts),
        Some("user") => prompt.turns.push(Turn {
            role: Role::User,
            parts,
        }),
        Some("assistant") => prompt.turns.push(Turn {
            role: Role::Assistant,
            parts,
        }),
        other => {
            return Err(malformed(&format!(
                "#/input: {} is no role",
                other.unwrap_or("none")
            )));
        }
    }
    Ok(())
}

fn content(value: &Value) -> Vec<Part> {
    match value {
        Value::String(text) => vec![Part::Text(text.clone())],
        Value::Array(blocks) => blocks.iter().filter_map(part).collect(),
        _ => Vec::new(),
    }
}

fn part(block: &Value) -> Option<Part> {
    match block.get("type")?.as_str()? {
        "input_text" | "output_text" | "text" => Some(Part::Text(openai::text_of(block, "text"))),
        "refusal" => Some(Part::Text(openai::text_of(block, "refusal"))),
        "input_image" => Some(openai::image(&openai::text_of(block, "image_url"))),
        "input_file" => Some(Part::Media {
            kind: "file",
            format: "file".to_owned(),
            size: openai::text_of(block, "file_data").len() / 4 * 3,
        }),
        _ => None,
    }
}

/// All text in a text, or in a list of blocks.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts = blocks
                .iter()
                .filter_map(|block| block.get("text")?.as_str());
            texts.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}
