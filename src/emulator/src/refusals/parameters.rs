//! Settings that some models refuse, alone or together, and Claude's ways of thinking.

use serde_json::Value;

use super::view::{Asked, Form};
use crate::model::Role;
use crate::model::prompt::ToolChoice;

const TOP_P: (&str, &str) = ("top_p", "topP");
const TEMPERATURE: (&str, &str) = ("temperature", "temperature");
const TOP_K: (&str, &str) = ("top_k", "topK");

/// Members that Anthropic's messages have on Bedrock. `reasoning_config` is Converse's name of `thinking`.
const MEMBERS: &[&str] = &[
    "anthropic_beta",
    "anthropic_version",
    "cache_control",
    "container",
    "context_management",
    "inference_geo",
    "max_tokens",
    "mcp_servers",
    "messages",
    "metadata",
    "output_config",
    "output_format",
    "reasoning_config",
    "service_tier",
    "speed",
    "stop_sequences",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];

fn set<'a>(asked: &Asked<'a>, (name, in_converse): (&str, &str)) -> Option<&'a Value> {
    asked.setting(name, in_converse)
}

pub fn sampling(asked: &Asked<'_>) -> Option<String> {
    let found = [TEMPERATURE, TOP_P, TOP_K]
        .into_iter()
        .find(|setting| set(asked, *setting).is_some())?;
    Some(format!("`{}` is deprecated for this model.", found.0))
}

pub fn temperature_with_top_p(asked: &Asked<'_>) -> Option<String> {
    let both = set(asked, TEMPERATURE).is_some() && set(asked, TOP_P).is_some();
    (both && asked.model.is_newer_claude()).then(|| {
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.".to_owned()
    })
}

pub fn blank_stops(asked: &Asked<'_>) -> Option<String> {
    let mut stops = asked.prompt.stop_sequences.iter();
    stops
        .any(|stop| stop.trim().is_empty())
        .then(|| "stop_sequences: each stop sequence must contain non-whitespace".to_owned())
}

pub fn unknown_member(asked: &Asked<'_>) -> Option<String> {
    let members = match asked.form {
        Form::Converse => asked.input.get("additionalModelRequestFields")?,
        _ => asked.input,
    };
    let mut names = members.as_object()?.keys();
    let found = names
        .find(|name| !MEMBERS.contains(&name.as_str()) && !name.starts_with("amazon-bedrock-"))?;
    Some(format!("{found}: Extra inputs are not permitted"))
}

pub fn thinking(asked: &Asked<'_>) -> Option<String> {
    asked
        .thinking()
        .map(|_| "thinking: Extra inputs are not permitted".to_owned())
}

pub fn enabled_thinking(asked: &Asked<'_>) -> Option<String> {
    (asked.thinking() == Some("enabled")).then(|| {
        "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \
         \"output_config.effort\" to control thinking behavior."
            .to_owned()
    })
}

pub fn adaptive_thinking(asked: &Asked<'_>) -> Option<String> {
    (asked.thinking() == Some("adaptive"))
        .then(|| "adaptive thinking is not supported on this model".to_owned())
}

pub fn thinking_budget(asked: &Asked<'_>) -> Option<String> {
    let wish = asked
        .field("thinking")
        .or_else(|| asked.field("reasoning_config"))?;
    if asked.thinking() != Some("enabled") {
        return None;
    }
    let Some(budget) = wish.get("budget_tokens") else {
        return Some("thinking.enabled.budget_tokens: Field required".to_owned());
    };
    if budget.as_u64().is_none_or(|tokens| tokens < 1_024) {
        return Some(
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
                .to_owned(),
        );
    }
    let limit = asked.prompt.max_tokens? as u64;
    (budget.as_u64()? >= limit && asked.field("anthropic_beta").is_none()).then(|| {
        "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at \
         https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size"
            .to_owned()
    })
}

pub fn thinking_with_forced_tool(asked: &Asked<'_>) -> Option<String> {
    let forced = matches!(
        asked.prompt.tool_choice,
        ToolChoice::Any | ToolChoice::Tool(_)
    );
    (forced && asked.thinking().is_some())
        .then(|| "Thinking may not be enabled when tool_choice forces tool use.".to_owned())
}

pub fn thinking_with_sampling(asked: &Asked<'_>) -> Option<String> {
    asked.thinking()?;
    if set(asked, TEMPERATURE)
        .and_then(Value::as_f64)
        .is_some_and(|it| (it - 1.0).abs() > f64::EPSILON)
    {
        return Some("`temperature` may only be set to 1 when thinking is enabled.".to_owned());
    }
    if set(asked, TOP_P)
        .and_then(Value::as_f64)
        .is_some_and(|it| it < 0.95)
    {
        return Some(
            "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled."
                .to_owned(),
        );
    }
    set(asked, TOP_K).map(|_| "`top_k` must be unset when thinking is enabled.".to_owned())
}

fn ends_with_model(asked: &Asked<'_>) -> bool {
    asked
        .turns
        .last()
        .is_some_and(|(role, _)| *role == Role::Assistant)
}

pub fn prefill(asked: &Asked<'_>) -> Option<String> {
    ends_with_model(asked).then(|| {
        "This model does not support assistant message prefill. The conversation must end with a user message.".to_owned()
    })
}

pub fn last_turn_of_model(asked: &Asked<'_>) -> Option<String> {
    ends_with_model(asked).then(|| {
        "A conversation must end with a user message. Try again with a conversation that ends with a user message."
            .to_owned()
    })
}

pub fn prefill_while_thinking(asked: &Asked<'_>) -> Option<String> {
    let (_, last) = asked.turns.last()?;
    let thought = last
        .first()
        .is_some_and(|piece| piece.kind == "reasoningContent");
    (ends_with_model(asked) && asked.thinking() == Some("enabled") && !thought).then(|| {
        format!(
            "messages.{}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is \
             enabled, a final `assistant` message must start with a thinking block.",
            asked.turns.len() - 1
        )
    })
}

pub fn white_space_at_end(asked: &Asked<'_>) -> Option<String> {
    let (role, pieces) = asked.turns.last()?;
    let text = pieces.last()?.text()?;
    (*role == Role::Assistant && text.ends_with(char::is_whitespace))
        .then(|| "messages: final assistant content cannot end with trailing whitespace".to_owned())
}

pub fn system(asked: &Asked<'_>) -> Option<String> {
    (!asked.prompt.system.is_empty()).then(|| {
        "This model doesn't support system messages. Try again without including system messages.".to_owned()
    })
}
