//! Anthropic's messages API, version `bedrock-2023-05-31`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Context, converse, limit, malformed, named, required, texts};
use crate::catalogue::{self, Model};
use crate::error::ServiceError;
use crate::ids;
use crate::model::prompt::{Document, Lifetime, Part, Prompt, Role, Tool, ToolChoice, Turn};
use crate::model::{Block, GENERATED_CALL_ID, Reply, arguments, arguments_text, joined, tokens};

/// Bedrock's own version of the API, and those that Anthropic's clients say.
const VERSIONS: &[&str] = &["bedrock-2023-05-31", "2023-06-01", "2026-10-21"];

/// Claude that takes system messages among the others.
const TAKES_SYSTEM_MESSAGES: &[&str] = &["claude-opus-4-8", "claude-opus-5", "claude-sonnet-5"];

/// The conversation in a body of `InvokeModel`, which says its version.
pub fn prompt(body: &Value, model: &Model) -> Result<Prompt, ServiceError> {
    let version = required(body, "anthropic_version")?;
    if !VERSIONS.iter().any(|known| version == known) {
        return Err(malformed(&format!(
            "#/anthropic_version: {version} is not a valid enum value"
        )));
    }
    conversation(body, model)
}

/// The conversation in a body.
pub fn conversation(body: &Value, model: &Model) -> Result<Prompt, ServiceError> {
    required(body, "max_tokens")?;
    let messages = required(body, "messages")?;
    let messages = messages.as_array().ok_or_else(|| {
        malformed(&format!(
            "#/messages: expected type: JSONArray, found: {}",
            named(messages)
        ))
    })?;
    if messages.is_empty() {
        return Err(ServiceError::validation(
            "messages: at least one message is required",
        ));
    }
    let mut system = content(body.get("system"));
    let mut turns: Vec<Turn> = Vec::with_capacity(messages.len());
    for (index, message) in messages.iter().enumerate() {
        let is_system = message.get("role").is_some_and(|role| role == "system");
        if is_system
            && TAKES_SYSTEM_MESSAGES
                .iter()
                .any(|name| model.id.contains(name))
        {
            system.extend(content(message.get("content")));
        } else {
            turns.push(turn(message, index)?);
        }
    }
    let prompt = Prompt {
        system,
        turns,
        tools: tools(body),
        tool_cache_points: tool_cache_points(body),
        tool_choice: tool_choice(body),
        max_tokens: limit(body, "max_tokens")?,
        stop_sequences: texts(body.get("stop_sequences")),
        schema: body
            .pointer("/output_config/format/schema")
            .or_else(|| body.pointer("/output_format/schema"))
            .cloned(),
        reasoning: converse::thinks(body),
        caches_itself: false,
    };
    Ok(prompt)
}

fn turn(message: &Value, index: usize) -> Result<Turn, ServiceError> {
    let role = match message.get("role").and_then(Value::as_str) {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some(other) => {
            let text = format!(
                "messages: Unexpected role \"{other}\". Allowed roles are \"user\" or \"assistant\"."
            );
            return Err(ServiceError::validation(text));
        }
        None => {
            return Err(ServiceError::validation(format!(
                "messages.{index}.role: Field required"
            )));
        }
    };
    if message.get("content").is_none() {
        return Err(ServiceError::validation(format!(
            "messages.{index}.content: Field required"
        )));
    }
    let parts = content(message.get("content"));
    Ok(Turn { role, parts })
}

fn text_of(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Content as one text or as blocks.
fn content(value: Option<&Value>) -> Vec<Part> {
    match value {
        Some(Value::String(text)) => vec![Part::Text(text.clone())],
        Some(Value::Array(blocks)) => blocks.iter().flat_map(parts).collect(),
        _ => Vec::new(),
    }
}

fn size(block: &Value) -> usize {
    let data = block
        .pointer("/source/data")
        .and_then(Value::as_str)
        .unwrap_or_default();
    STANDARD
        .decode(data)
        .map_or(data.len(), |bytes| bytes.len())
}

fn parts(block: &Value) -> Vec<Part> {
    let mut parts: Vec<Part> = match block.get("type").and_then(Value::as_str) {
        Some("text") => vec![Part::Text(text_of(block, "text"))],
        Some("image") => {
            let media = block
                .pointer("/source/media_type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let format = media.rsplit('/').next().unwrap_or_default().to_owned();
            vec![Part::Media {
                kind: "image",
                format,
                size: size(block),
            }]
        }
        Some("document") => vec![Part::Document(document(block))],
        Some("tool_use") => vec![Part::ToolUse {
            id: text_of(block, "id"),
            name: text_of(block, "name"),
            input: block.get("input").cloned().unwrap_or(Value::Null),
        }],
        Some("tool_result") => {
            let texts: Vec<String> = content(block.get("content"))
                .into_iter()
                .filter_map(|part| match part {
                    Part::Text(text) => Some(text),
                    _ => None,
                })
                .collect();
            let failed = block
                .get("is_error")
                .and_then(Value::as_bool)
                .unwrap_or_default();
            vec![Part::ToolResult {
                id: text_of(block, "tool_use_id"),
                text: texts.join(" "),
                failed,
            }]
        }
        Some("thinking") => vec![Part::Reasoning(text_of(block, "thinking"))],
        _ => Vec::new(),
    };
    parts.extend(cache_point(block).map(Part::CachePoint));
    parts
}

fn cache_point(block: &Value) -> Option<Lifetime> {
    let control = block.get("cache_control").filter(|it| it.is_object())?;
    Some(Lifetime::named(control.get("ttl").and_then(Value::as_str)))
}

fn document(block: &Value) -> Document {
    let media = block
        .pointer("/source/media_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let plain = block.pointer("/source/type").and_then(Value::as_str) == Some("text");
    let text = plain.then(|| {
        block
            .pointer("/source/data")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    });
    Document {
        format: if plain {
            "txt".to_owned()
        } else {
            media.rsplit('/').next().unwrap_or_default().to_owned()
        },
        name: text_of(block, "title"),
        size: text.as_ref().map_or_else(|| size(block), String::len),
        text,
        cited: block
            .pointer("/citations/enabled")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        in_pieces: false,
        search_source: None,
    }
}

fn listed_tools(body: &Value) -> impl Iterator<Item = &Value> {
    let tools = body.get("tools").and_then(Value::as_array);
    tools.into_iter().flatten()
}

fn tool_cache_points(body: &Value) -> Vec<(usize, Lifetime)> {
    listed_tools(body)
        .enumerate()
        .filter_map(|(index, tool)| Some((index + 1, cache_point(tool)?)))
        .collect()
}

fn tools(body: &Value) -> Vec<Tool> {
    listed_tools(body)
        .map(|tool| Tool {
            name: text_of(tool, "name"),
            description: text_of(tool, "description"),
            schema: tool
                .get("input_schema")
                .cloned()
                .unwrap_or(Value::Bool(true)),
        })
        .collect()
}

fn tool_choice(body: &Value) -> ToolChoice {
    match body.pointer("/tool_choice/type").and_then(Value::as_str) {
        Some("any") => ToolChoice::Any,
        Some("tool") => ToolChoice::Tool(text_of(&body["tool_choice"], "name")),
        Some("none") => ToolChoice::Never,
        _ => ToolChoice::Auto,
    }
}

fn blocks(reply: &Reply) -> Vec<Value> {
    reply
        .blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) => json!({"type": "text", "text": text}),
            Block::Cited { text, citations } => {
                let cited: Vec<Value> = citations.iter().map(citation).collect();
                json!({"type": "text", "text": text, "citations": cited})
            }
            Block::Reasoning { text, signature } => {
                json!({"type": "thinking", "thinking": text, "signature": signature})
            }
            Block::ToolUse { id, name, input } => {
                json!({"type": "tool_use", "id": call_id(id), "name": name, "input": arguments(input)})
            }
            Block::Redacted(pieces) => json!({"type": "redacted_thinking", "data": joined(pieces)}),
            Block::Raw(value) => value.clone(),
        })
        .collect()
}

/// The id of a call in the form that it has here; one that a script gave stays as it is.
fn call_id(id: &str) -> String {
    match id.strip_prefix(GENERATED_CALL_ID) {
        Some(_) => format!("toolu_bdrk_{}", ids::letters(ids::hash(id.as_bytes()), 24)),
        None => id.to_owned(),
    }
}

/// A citation in Anthropic's words.
fn citation(citation: &Value) -> Value {
    let text = citation
        .pointer("/sourceContent/0/text")
        .cloned()
        .unwrap_or_default();
    let title = &citation["title"];
    if let Some(place) = citation.pointer("/location/documentChar") {
        return json!({"type": "char_location", "cited_text": text, "document_title": title,
            "document_index": place["documentIndex"], "start_char_index": place["start"], "end_char_index": place["end"]});
    }
    if let Some(place) = citation.pointer("/location/documentChunk") {
        return json!({"type": "content_block_location", "cited_text": text, "document_title": title,
            "document_index": place["documentIndex"], "start_block_index": place["start"],
            "end_block_index": place["end"]});
    }
    let place = citation
        .pointer("/location/documentPage")
        .cloned()
        .unwrap_or_default();
    json!({"type": "page_location", "cited_text": text, "document_title": title,
        "document_index": place["documentIndex"], "start_page_number": place["start"], "end_page_number": place["end"]})
}

fn usage(reply: &Reply) -> Value {
    let mut usage = json!({
        "input_tokens": reply.usage.input,
        "output_tokens": reply.usage.output,
    });
    if reply.usage.tells_cache {
        let [(_, short), (_, long)] = reply.usage.written();
        usage["cache_creation_input_tokens"] = json!(reply.usage.cache_write);
        usage["cache_read_input_tokens"] = json!(reply.usage.cache_read);
        usage["cache_creation"] =
            json!({"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long});
    }
    usage
}

/// A whole answer.
pub fn answer(reply: &Reply, context: &Context) -> Value {
    json!({
        "id": context.id("msg_bdrk_", 24),
        "type": "message",
        "role": "assistant",
        "model": catalogue::bare_name(&context.model),
        "content": blocks(reply),
        "stop_reason": reply.stop_reason.name(),
        "stop_sequence": reply.stop_sequence,
        "usage": usage(reply),
    })
}

/// The events of a streamed answer.
pub fn events(reply: &Reply, context: &Context) -> Vec<Value> {
    let mut message = answer(reply, context);
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    message["stop_sequence"] = Value::Null;
    message["usage"]["output_tokens"] = json!(1);
    let mut events = vec![json!({"type": "message_start", "message": message})];
    for (index, block) in reply.blocks.iter().enumerate() {
        let (start, mut deltas) = pieces(block);
        if let (0, Some(chunks)) = (index, &reply.chunks) {
            // A script's chunks are the text of its first block.
            let chunks = chunks.iter();
            deltas = chunks
                .map(|chunk| json!({"type": "text_delta", "text": chunk}))
                .collect();
        }
        events.push(json!({"type": "content_block_start", "index": index, "content_block": start}));
        events.extend(
            deltas.into_iter().map(
                |delta| json!({"type": "content_block_delta", "index": index, "delta": delta}),
            ),
        );
        events.push(json!({"type": "content_block_stop", "index": index}));
    }
    let stop =
        json!({"stop_reason": reply.stop_reason.name(), "stop_sequence": reply.stop_sequence});
    events.push(json!({"type": "message_delta", "delta": stop, "usage": {"output_tokens": reply.usage.output}}));
    events.push(json!({"type": "message_stop"}));
    events
}

/// How a block starts, and what follows.
fn pieces(block: &Block) -> (Value, Vec<Value>) {
    let text_deltas = |text: &str| -> Vec<Value> {
        tokens::split(text)
            .map(|piece| json!({"type": "text_delta", "text": piece}))
            .collect()
    };
    match block {
        Block::Text(text) => (json!({"type": "text", "text": ""}), text_deltas(text)),
        Block::Cited { text, citations } => {
            let cited = citations
                .iter()
                .map(|cited| json!({"type": "citations_delta", "citation": citation(cited)}));
            let mut deltas: Vec<Value> = cited.collect();
            deltas.extend(text_deltas(text));
            (json!({"type": "text", "text": "", "citations": []}), deltas)
        }
        Block::Reasoning { text, signature } => {
            let mut deltas: Vec<Value> = tokens::split(text)
                .map(|piece| json!({"type": "thinking_delta", "thinking": piece}))
                .collect();
            deltas.extend(
                signature
                    .iter()
                    .map(|signature| json!({"type": "signature_delta", "signature": signature})),
            );
            (
                json!({"type": "thinking", "thinking": "", "signature": ""}),
                deltas,
            )
        }
        Block::ToolUse { id, name, input } => {
            let start = json!({"type": "tool_use", "id": call_id(id), "name": name, "input": {}});
            let text = arguments_text(input);
            let parts = tokens::split(&text)
                .map(|piece| json!({"type": "input_json_delta", "partial_json": piece}));
            (start, parts.collect())
        }
        Block::Redacted(pieces) => {
            let whole = json!({"type": "redacted_thinking", "data": joined(pieces)});
            (whole, Vec::new())
        }
        Block::Raw(value) => (value.clone(), Vec::new()),
    }
}
