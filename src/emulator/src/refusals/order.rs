//! Who speaks when, and what follows what inside a message.

use serde_json::Value;

use super::view::{Asked, Form, Piece};
use crate::error::malformed;
use crate::model::Role;

pub fn first_turn(asked: &Asked<'_>) -> Option<String> {
    let (role, _) = asked.turns.first()?;
    (*role == Role::Assistant && !asked.model.is_newer_claude()).then(|| match asked.form {
        Form::Messages => "messages: first message must use the \"user\" role".to_owned(),
        _ => "A conversation must start with a user message. Try again with a conversation that starts with a user message."
            .to_owned(),
    })
}

/// Kinds of blocks that Anthropic's messages have.
const KINDS: &[&str] = &[
    "bash_code_execution_tool_result",
    "code_execution_tool_result",
    "container_upload",
    "document",
    "image",
    "mcp_tool_result",
    "mcp_tool_use",
    "redacted_thinking",
    "search_result",
    "server_tool_use",
    "text",
    "text_editor_code_execution_tool_result",
    "thinking",
    "tool_reference",
    "tool_result",
    "tool_search_tool_result",
    "tool_use",
    "web_fetch_tool_result",
    "web_search_tool_result",
];

pub fn unknown_blocks(asked: &Asked<'_>) -> Option<String> {
    let (piece, kind) = asked.pieces().find_map(|piece| {
        let kind = piece.value.get("type")?.as_str()?;
        (!piece.value.is_string() && !KINDS.contains(&kind)).then_some((piece, kind))
    })?;
    Some(format!(
        "{}: Input tag '{kind}' found using 'type' does not match any of the expected tags: '{}'",
        piece.path(),
        KINDS.join("', '")
    ))
}

pub fn calls_of_user(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .pieces()
        .find(|piece| piece.role == Role::User && piece.kind == "toolUse")?;
    Some(format!(
        "{}: `tool_use` blocks can only be in `assistant` messages",
        found.path()
    ))
}

pub fn results_of_model(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .pieces()
        .find(|piece| piece.role == Role::Assistant && piece.kind == "toolResult")?;
    Some(format!(
        "{}: `tool_result` blocks can only be in `user` messages",
        found.path()
    ))
}

pub fn reasoning_of_user(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .pieces()
        .find(|piece| piece.role == Role::User && piece.kind == "reasoningContent")?;
    Some(format!(
        "{}: `thinking` blocks can only be in `assistant` messages",
        found.path()
    ))
}

pub fn reasoning(asked: &Asked<'_>) -> Option<String> {
    asked.pieces().find(|piece| piece.kind == "reasoningContent").map(|_| {
        "This model doesn't support the reasoningContent field. Remove reasoningContent and try again.".to_owned()
    })
}

pub fn unsigned_reasoning(asked: &Asked<'_>) -> Option<String> {
    let text = |piece: &&Piece<'_>| {
        let thought = piece.value.get("reasoningText").unwrap_or(piece.value);
        piece.kind == "reasoningContent"
            && (thought.get("text").is_some() || thought.get("thinking").is_some())
            && thought
                .get("signature")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
    };
    let found = asked.pieces().find(text)?;
    Some(format!(
        "{}.thinking.signature: Field required",
        found.path()
    ))
}

/// Calls that have no results right behind them: something stands between, or nothing comes.
pub fn unanswered(asked: &Asked<'_>) -> Option<String> {
    for (turn, (role, pieces)) in asked.turns.iter().enumerate() {
        let calls: Vec<&str> = pieces
            .iter()
            .filter(|piece| piece.kind == "toolUse")
            .filter_map(Piece::call)
            .collect();
        let inside = pieces.iter().any(|piece| piece.kind == "toolResult");
        if *role == Role::User || calls.is_empty() || inside {
            continue;
        }
        let first = pieces
            .iter()
            .position(|piece| piece.kind == "toolUse")
            .unwrap_or_default();
        let others = pieces[first..]
            .iter()
            .any(|piece| !matches!(piece.kind, "toolUse" | "cachePoint"));
        let next = asked.turns.get(turn + 1).map_or(&[][..], |(_, next)| next);
        let leading = next
            .iter()
            .take_while(|piece| matches!(piece.kind, "toolResult" | "cachePoint"));
        let leading = leading.filter(|piece| piece.kind == "toolResult").count();
        if others || leading < calls.len() {
            return Some(format!(
                "messages.{turn}: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each \
                 `tool_use` block must have a corresponding `tool_result` block in the next message.",
                calls.join(", ")
            ));
        }
    }
    None
}

/// Blocks of Nova's own body: each has one member, and it is one that Nova knows.
pub fn nova_blocks(asked: &Asked<'_>) -> Option<String> {
    const KNOWN: &[&str] = &[
        "text",
        "image",
        "video",
        "audio",
        "document",
        "toolUse",
        "toolResult",
        "reasoningContent",
        "cachePoint",
        "guardContent",
        "citationsContent",
    ];
    let broken = |place: &str, what: &str| Some(malformed(&format!("#/{place}: {what}")));
    for (turn, message) in asked.input.get("messages")?.as_array()?.iter().enumerate() {
        let Some(blocks) = message.get("content").and_then(Value::as_array) else {
            continue;
        };
        for (place, block) in blocks.iter().enumerate() {
            let at = format!("messages/{turn}/content/{place}");
            let Some(members) = block.as_object() else {
                return broken(&at, "expected type: JSONObject, found: String");
            };
            let known = members
                .keys()
                .filter(|name| KNOWN.contains(&name.as_str()))
                .count();
            if known == 0 {
                return broken(&at, "required key [toolUse] not found");
            }
            if let Some(more) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
                return broken(&at, &format!("extraneous key [{more}] is not permitted"));
            }
        }
    }
    None
}

/// Settings of other families in Nova's body.
pub fn nova_members(asked: &Asked<'_>) -> Option<String> {
    const FOREIGN: &[&str] = &[
        "anthropic_version",
        "inputText",
        "max_gen_len",
        "max_tokens",
        "prompt",
        "temperature",
        "textGenerationConfig",
        "top_p",
    ];
    let found = asked
        .input
        .as_object()?
        .keys()
        .find(|name| FOREIGN.contains(&name.as_str()))?;
    Some(malformed(&format!(
        "#: extraneous key [{found}] is not permitted"
    )))
}
