//! Tools: who has them, who is made to call them, what they are called, and what their schemas may be.

use std::collections::HashSet;

use serde_json::Value;

use super::view::{Asked, Form};
use crate::model::prompt::ToolChoice;

pub fn any(asked: &Asked<'_>) -> Option<String> {
    (!asked.prompt.tools.is_empty()).then(|| "This model doesn't support tool use.".to_owned())
}

pub fn streamed(asked: &Asked<'_>) -> Option<String> {
    (asked.streams && !asked.prompt.tools.is_empty())
        .then(|| "This model doesn't support tool use in streaming mode.".to_owned())
}

pub fn any_demanded(asked: &Asked<'_>) -> Option<String> {
    (asked.prompt.tool_choice == ToolChoice::Any).then(|| unfit_choice("any"))
}

pub fn one_demanded(asked: &Asked<'_>) -> Option<String> {
    matches!(asked.prompt.tool_choice, ToolChoice::Tool(_)).then(|| unfit_choice("tool"))
}

fn unfit_choice(kind: &str) -> String {
    format!(
        "This model doesn't support the toolConfig.toolChoice.{kind} field. Remove toolConfig.toolChoice.{kind} and try again."
    )
}

/// A result that says nothing, or what is no JSON object.
pub fn blank_result(asked: &Asked<'_>) -> Option<String> {
    let found = asked.pieces().find_map(|piece| {
        let blocks = super::view::results(piece).enumerate();
        let blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        blocks.into_iter().find_map(|(index, (kind, value))| {
            (kind == "text" && blank(value))
                .then(|| format!("{}.toolResult.content.{index}", piece.path()))
        })
    })?;
    Some(format!(
        "The text field in the ContentBlock object at {found} is blank. Add text to the text field, and try again."
    ))
}

/// Arguments and results in JSON are objects.
pub fn no_object(asked: &Asked<'_>) -> Option<String> {
    let found = asked.pieces().find_map(|piece| {
        let input = piece.value.get("input").filter(|_| piece.kind == "toolUse");
        if input.is_some_and(|input| !input.is_object()) {
            return Some(format!("{}.toolUse.input", piece.path()));
        }
        super::view::results(piece)
            .enumerate()
            .find(|(_, (kind, value))| *kind == "json" && !value.is_object())
            .map(|(index, _)| format!("{}.toolResult.content.{index}.json", piece.path()))
    })?;
    Some(format!(
        "The format of the value at {found} is invalid. Provide a json object for the field and try again."
    ))
}

fn is_of(text: &str, more: &str, longest: usize) -> bool {
    let taken = |character: char| character.is_ascii_alphanumeric() || more.contains(character);
    (1..=longest).contains(&text.len()) && text.chars().all(taken)
}

/// What Anthropic's messages take for names and ids; Converse's shapes have rules of their own.
pub fn names(asked: &Asked<'_>) -> Option<String> {
    for (index, tool) in asked.prompt.tools.iter().enumerate() {
        if !is_of(&tool.name, "_-", 128) {
            return Some(format!(
                "tools.{index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'"
            ));
        }
    }
    let calls = asked.pieces().filter(|piece| piece.kind == "toolUse");
    for piece in calls {
        if !piece
            .value
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| is_of(name, "_-", 200))
        {
            return Some(format!(
                "{}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{{1,200}}$'",
                piece.path()
            ));
        }
    }
    None
}

pub fn ids(asked: &Asked<'_>) -> Option<String> {
    let mut calls = asked.pieces().filter(|piece| piece.kind == "toolUse");
    let found = calls.find(|piece| !piece.call().is_some_and(|id| is_of(id, "_-", usize::MAX)))?;
    Some(format!(
        "{}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
        found.path()
    ))
}

pub fn ids_twice(asked: &Asked<'_>) -> Option<String> {
    let mut seen = HashSet::new();
    let mut calls = asked.pieces().filter(|piece| piece.kind == "toolUse");
    let found = calls.find(|piece| !seen.insert(piece.call()))?;
    Some(match asked.form {
        Form::Converse => format!(
            "The toolUse blocks at messages.{}.content contain duplicate Ids: {}",
            found.turn,
            found.call().unwrap_or_default()
        ),
        _ => format!("{}: `tool_use` ids must be unique", found.path()),
    })
}

pub fn twice(asked: &Asked<'_>) -> Option<String> {
    let mut seen = HashSet::new();
    asked
        .prompt
        .tools
        .iter()
        .any(|tool| !seen.insert(&tool.name))
        .then(|| "tools: Tool names must be unique.".to_owned())
}

/// The root of a schema describes an object.
pub fn root(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .tools()
        .find(|tool| tool.schema.get("type").is_none_or(|kind| kind != "object"))?;
    Some(match asked.form {
        Form::Messages => match found.schema.get("type") {
            None => format!(
                "tools.{}.custom.input_schema.type: Field required",
                found.index
            ),
            Some(_) => format!(
                "tools.{}.custom.input_schema.type: Input should be 'object'",
                found.index
            ),
        },
        _ => format!(
            "The value at toolConfig.tools.{}.toolSpec.inputSchema.json.type must be one of the following: object.",
            found.index
        ),
    })
}

pub fn properties(asked: &Asked<'_>) -> Option<String> {
    let unfit = |schema: &Value| schema.get("properties").is_some_and(|it| !it.is_object());
    let found = asked.tools().find(|tool| unfit(tool.schema))?;
    Some(format!(
        "tools.{}.custom.input_schema.properties: Input should be a valid dictionary",
        found.index
    ))
}

pub fn union_at_root(asked: &Asked<'_>) -> Option<String> {
    let union = |schema: &Value| {
        ["anyOf", "oneOf", "allOf"]
            .iter()
            .any(|name| schema.get(name).is_some())
    };
    let found = asked.tools().find(|tool| union(tool.schema))?;
    Some(format!(
        "tools.{}.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
        found.index
    ))
}
