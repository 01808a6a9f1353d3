//! Converse's own messages: read them, and refuse them with Converse's texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::model::prompt::{Document, Lifetime, Part, Prompt, Role, Tool, ToolChoice, Turn};
use crate::model::{Block, Reply};

/// Refuses to stream what cannot be streamed.
pub fn needs_streaming(model: &Model) -> Result<(), ServiceError> {
    if model.streaming {
        return Ok(());
    }
    Err(ServiceError::validation(format!(
        "The model {} does not support response streaming.",
        model.id
    )))
}

/// An answer, but for the time it took.
pub fn answer(reply: &Reply, model: &Model) -> Value {
    let mut blocks: Vec<Value> = reply.blocks.iter().map(Block::converse).collect();
    if model.is_newer_claude() {
        for call in blocks.iter_mut().filter_map(|it| it.get_mut("toolUse")) {
            call["type"] = json!("tool_use");
        }
    }
    json!({
        "output": {"message": {"content": blocks, "role": "assistant"}},
        "stopReason": reply.stop_reason.name(),
        "usage": reply.usage.converse(),
    })
}

/// The conversation in a request's members.
pub fn prompt(input: &Value, model: &Model) -> Result<Prompt, ServiceError> {
    if model.embeds()
        || model.reranks()
        || !model
            .output_modalities
            .iter()
            .any(|modality| modality == "TEXT")
    {
        return Err(ServiceError::validation(
            "This model doesn't support the Converse API. Try a different model.",
        ));
    }
    let mut prompt = Prompt {
        system: list(input, "system").iter().filter_map(part).collect(),
        ..Prompt::default()
    };
    for message in list(input, "messages") {
        let turn = turn(message);
        match message.get("role").and_then(Value::as_str) {
            Some("system") => prompt.system.extend(turn.parts),
            _ => prompt.turns.push(turn),
        }
    }
    read_tools(input, &mut prompt);
    let settings = input.get("inferenceConfig");
    let setting = |name: &str| settings.and_then(|settings| settings.get(name));
    prompt.max_tokens = setting("maxTokens")
        .and_then(Value::as_u64)
        .and_then(|limit| usize::try_from(limit).ok());
    prompt.stop_sequences = super::texts(setting("stopSequences"));
    let fields = input.get("additionalModelRequestFields");
    prompt.reasoning = fields.is_some_and(thinks);
    prompt.schema = schema(input)?;
    Ok(prompt)
}

fn list<'a>(input: &'a Value, name: &str) -> &'a [Value] {
    input
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn turn(message: &Value) -> Turn {
    let role = match message.get("role").and_then(Value::as_str) {
        Some("assistant") => Role::Assistant,
        _ => Role::User,
    };
    Turn {
        role,
        parts: list(message, "content")
            .iter()
            .flat_map(|block| part(block).into_iter().chain(found_by_tool(block)))
            .collect(),
    }
}

/// Search results that a tool gave, which are cited as if they stood beside its result.
fn found_by_tool(block: &Value) -> impl Iterator<Item = Part> {
    let content = block
        .pointer("/toolResult/content")
        .and_then(Value::as_array);
    let found = content.into_iter().flatten();
    found.filter_map(|content| {
        let result = search_result(content.get("searchResult")?);
        result.cited.then_some(Part::Document(result))
    })
}

fn text_of(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// One content block; blocks that say nothing to a model give nothing.
fn part(block: &Value) -> Option<Part> {
    let (kind, value) = block.as_object()?.iter().next()?;
    match kind.as_str() {
        "text" => value.as_str().map(|text| Part::Text(text.to_owned())),
        "guardContent" => value
            .pointer("/text/text")
            .and_then(Value::as_str)
            .map(|text| Part::Text(text.to_owned())),
        "image" => Some(media("image", value)),
        "video" => Some(media("video", value)),
        "audio" => Some(media("audio", value)),
        "document" => Some(Part::Document(document(value))),
        "searchResult" => Some(Part::Document(search_result(value))),
        "toolUse" => Some(Part::ToolUse {
            id: text_of(value, "toolUseId"),
            name: text_of(value, "name"),
            input: value.get("input").cloned().unwrap_or(Value::Null),
        }),
        "toolResult" => Some(Part::ToolResult {
            id: text_of(value, "toolUseId"),
            text: list(value, "content")
                .iter()
                .map(result_text)
                .collect::<Vec<_>>()
                .join(" "),
            failed: value.get("status").and_then(Value::as_str) == Some("error"),
        }),
        "reasoningContent" => {
            let text = value
                .pointer("/reasoningText/text")
                .and_then(Value::as_str)
                .unwrap_or_default();
            Some(Part::Reasoning(text.to_owned()))
        }
        "citationsContent" => {
            let texts: Vec<String> = list(value, "content")
                .iter()
                .map(|content| text_of(content, "text"))
                .collect();
            Some(Part::Text(texts.join(" ")))
        }
        "cachePoint" => Some(Part::CachePoint(Lifetime::named(
            value.get("ttl").and_then(Value::as_str),
        ))),
        _ => None,
    }
}

fn result_text(content: &Value) -> String {
    match content
        .as_object()
        .and_then(|members| members.iter().next())
    {
        Some((kind, value)) if kind == "text" => value.as_str().unwrap_or_default().to_owned(),
        Some((kind, value)) if kind == "json" => value.to_string(),
        Some((kind, value)) => format!(
            "{kind} ({}, {} bytes)",
            text_of(value, "format"),
            size(value)
        ),
        None => String::new(),
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    STANDARD
        .decode(value.pointer("/source/bytes")?.as_str()?)
        .ok()
}

fn size(value: &Value) -> usize {
    bytes(value).map_or(0, |bytes| bytes.len())
}

fn media(kind: &'static str, value: &Value) -> Part {
    Part::Media {
        kind,
        format: text_of(value, "format"),
        size: size(value),
    }
}

fn document(value: &Value) -> Document {
    let format = text_of(value, "format");
    let given = value
        .pointer("/source/text")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let pieces: Vec<String> = value
        .pointer("/source/content")
        .and_then(Value::as_array)
        .map(|pieces| pieces.iter().map(|piece| text_of(piece, "text")).collect())
        .unwrap_or_default();
    let in_pieces = !pieces.is_empty();
    let content = bytes(value);
    let readable = matches!(format.as_str(), "txt" | "md" | "csv" | "html");
    let decoded = content
        .as_ref()
        .filter(|_| readable)
        .and_then(|bytes| String::from_utf8(bytes.clone()).ok());
    let text = given
        .or_else(|| (!pieces.is_empty()).then(|| pieces.join(" ")))
        .or(decoded);
    Document {
        size: content.map_or_else(|| text.as_deref().map_or(0, str::len), |bytes| bytes.len()),
        name: text_of(value, "name"),
        in_pieces,
        cited: value
            .pointer("/citations/enabled")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        search_source: None,
        format,
        text,
    }
}

fn search_result(value: &Value) -> Document {
    let texts: Vec<String> = list(value, "content")
        .iter()
        .map(|content| text_of(content, "text"))
        .collect();
    let text = texts.join(" ");
    Document {
        format: "txt".to_owned(),
        name: text_of(value, "title"),
        size: text.len(),
        text: Some(text),
        in_pieces: false,
        cited: value
            .pointer("/citations/enabled")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        search_source: Some(text_of(value, "source")),
    }
}

fn read_tools(input: &Value, prompt: &mut Prompt) {
    let Some(configuration) = input.get("toolConfig") else {
        return;
    };
    for tool in list(configuration, "tools") {
        if let Some(specification) = tool.get("toolSpec") {
            prompt.tools.push(Tool {
                name: text_of(specification, "name"),
                description: text_of(specification, "description"),
                schema: specification
                    .pointer("/inputSchema/json")
                    .cloned()
                    .unwrap_or(Value::Bool(true)),
            });
        } else if let Some(point) = tool.get("cachePoint") {
            let lifetime = Lifetime::named(point.get("ttl").and_then(Value::as_str));
            prompt
                .tool_cache_points
                .push((prompt.tools.len(), lifetime));
        }
    }
    prompt.tool_choice = match configuration
        .get("toolChoice")
        .and_then(Value::as_object)
        .and_then(|c| c.iter().next())
    {
        Some((kind, _)) if kind == "any" => ToolChoice::Any,
        Some((kind, value)) if kind == "tool" => ToolChoice::Tool(text_of(value, "name")),
        _ => ToolChoice::Auto,
    };
}

/// Whether additional fields ask a model to think, in Anthropic's, Nova's or `OpenAI`'s words.
pub fn thinks(fields: &Value) -> bool {
    let kind = |name: &str| {
        fields
            .get(name)
            .and_then(|value| value.get("type"))
            .and_then(Value::as_str)
    };
    let on = |kind: Option<&str>| matches!(kind, Some("enabled" | "adaptive"));
    let effort = |name: &str| fields.get(name).is_some_and(Value::is_string);
    on(kind("thinking"))
        || on(kind("reasoning_config"))
        || effort("reasoning_config")
        || on(kind("reasoningConfig"))
        || fields.get("reasoning_effort").is_some()
}

fn schema(input: &Value) -> Result<Option<Value>, ServiceError> {
    let Some(structure) = input.pointer("/outputConfig/textFormat/structure/jsonSchema") else {
        return Ok(None);
    };
    let text = structure
        .get("schema")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let schema = serde_json::from_str(text).map_err(|_| {
        ServiceError::validation(
            "The schema at outputConfig.textFormat.structure.jsonSchema is no valid JSON.",
        )
    })?;
    Ok(Some(schema))
}
