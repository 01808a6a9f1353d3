//! What every conversation must have: messages that say something, tools that are defined, and a result for each call.

use super::view::{Asked, Form};
use crate::model::prompt::ToolChoice;
use crate::model::{Part, Role};

pub fn no_messages(asked: &Asked<'_>) -> Option<String> {
    asked.prompt.turns.is_empty().then(|| {
        "A conversation must have at least one message. Try again with a conversation that contains at least one message."
            .to_owned()
    })
}

pub fn empty_message(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .turns
        .iter()
        .position(|(_, pieces)| pieces.is_empty())?;
    Some(match asked.form {
        Form::Messages => format!("messages.{found}: all messages must have non-empty content"),
        _ => format!(
            "The content field in the Message object at messages.{found} is empty. Add a ContentBlock object to the content \
             field and try again."
        ),
    })
}

/// White space is taken by Converse beside something else, nothing at all is not; Anthropic's messages take neither.
pub fn blank_text(asked: &Asked<'_>) -> Option<String> {
    let blank = |text: &str| text.trim().is_empty();
    for (_, pieces) in &asked.turns {
        let says = asked.form != Form::Messages
            && !pieces
                .iter()
                .all(|piece| piece.kind == "cachePoint" || piece.text().is_some_and(blank));
        let found = pieces.iter().find(|piece| {
            piece
                .text()
                .is_some_and(|text| text.is_empty() || (blank(text) && !says))
        });
        let Some(found) = found else { continue };
        return Some(match asked.form {
            Form::Messages => {
                "messages: text content blocks must contain non-whitespace text".to_owned()
            }
            _ => format!(
                "The text field in the ContentBlock object at {} is blank. Add text to the text field, and try again.",
                found.path()
            ),
        });
    }
    None
}

pub fn document_alone(asked: &Asked<'_>) -> Option<String> {
    let says = |kind: &str| matches!(kind, "text" | "guardContent" | "citationsContent");
    let alone = asked.turns.iter().any(|(role, pieces)| {
        *role == Role::User
            && pieces.iter().any(|piece| piece.kind == "document")
            && !pieces.iter().any(|piece| says(piece.kind))
    });
    alone.then(|| "A text block must be included when using documents.".to_owned())
}

pub fn tools_undefined(asked: &Asked<'_>) -> Option<String> {
    let uses = asked
        .pieces()
        .any(|piece| matches!(piece.kind, "toolUse" | "toolResult"));
    (uses && asked.input.get("toolConfig").is_none()).then(|| {
        "The toolConfig field must be defined when using toolUse and toolResult content blocks."
            .to_owned()
    })
}

pub fn choice_undefined(asked: &Asked<'_>) -> Option<String> {
    let ToolChoice::Tool(name) = &asked.prompt.tool_choice else {
        return None;
    };
    let defined = asked.prompt.tools.iter().any(|tool| tool.name == *name);
    (!defined).then(|| {
        format!(
            "The toolChoice field names the tool {name}, which the tools field does not define."
        )
    })
}

pub fn defined_twice(asked: &Asked<'_>) -> Option<String> {
    let mut names: Vec<&str> = asked
        .prompt
        .tools
        .iter()
        .map(|tool| tool.name.as_str())
        .collect();
    names.sort_unstable();
    let [twice, _] = names.array_windows().find(|[name, next]| name == next)?;
    Some(format!(
        "The tool {twice} is already defined at toolConfig.tools."
    ))
}

/// Calls in Anthropic's messages that the next one has no result for.
pub fn unanswered(asked: &Asked<'_>) -> Option<String> {
    asked
        .prompt
        .turns
        .array_windows()
        .enumerate()
        .find_map(|(turn, [calling, next])| {
            let answered = |id: &str| {
                let mut parts = calling.parts.iter().chain(&next.parts);
                parts.any(|part| matches!(part, Part::ToolResult { id: of, .. } if of == id))
            };
            let calls = calling.parts.iter().filter_map(|part| match part {
                Part::ToolUse { id, .. } if !answered(id) => Some(id.as_str()),
                _ => None,
            });
            let open: Vec<&str> = calls.collect();
            (!open.is_empty()).then(|| {
                format!(
                    "messages.{turn}: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each \
                     `tool_use` block must have a corresponding `tool_result` block in the next message.",
                    open.join(", ")
                )
            })
        })
}

/// Every call of a tool is answered in the very next turn of Converse, and nothing else is.
pub fn unpaired(asked: &Asked<'_>) -> Option<String> {
    let mut called: Vec<&str> = Vec::new();
    for (index, turn) in asked.prompt.turns.iter().enumerate() {
        let calls = turn.parts.iter().filter_map(|part| match part {
            Part::ToolUse { id, .. } => Some(id.as_str()),
            _ => None,
        });
        let mut calls: Vec<&str> = calls.collect();
        let mut results: Vec<&str> = turn
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::ToolResult { id, .. } => Some(id.as_str()),
                _ => None,
            })
            .collect();
        if turn.role == Role::Assistant && !calls.is_empty() {
            // A model that runs its own tools has the results in the turn of the calls.
            calls.retain(|id| !results.contains(id));
            results.clear();
        }
        let missing: Vec<&str> = called
            .iter()
            .copied()
            .filter(|id| !results.contains(id))
            .collect();
        if turn.role == Role::User && !missing.is_empty() {
            return Some(format!(
                "Expected toolResult blocks at messages.{index}.content for the following Ids: {}",
                missing.join(", ")
            ));
        }
        if results.iter().any(|id| !called.contains(id)) || results.len() > called.len() {
            return Some(format!(
                "The number of toolResult blocks at messages.{index}.content exceeds the number of toolUse blocks of \
                 previous turn."
            ));
        }
        called = if turn.role == Role::Assistant {
            calls
        } else {
            Vec::new()
        };
    }
    None
}
