//! What a request carries that not every model takes: asked where a call goes on to another model than the one that it was
//! written for.
//!
//! Which model refuses what is told from outside, in the words of [`Feature::named`]. Some of a request belongs to the model
//! that it was written for, whatever the other takes: that never goes along.

use std::sync::OnceLock;

use serde_json::Value;

use crate::call::Call;

/// Something that some models refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature(usize);

type Finds = fn(&Asked<'_>) -> bool;

/// In the words of errors and of whoever says what a model refuses.
const FEATURES: &[(&str, Finds)] = &[
    ("temperature", |it| it.sets("temperature", "temperature")),
    ("top_p", |it| it.sets("topP", "top_p")),
    ("top_k", |it| it.sets("topK", "top_k")),
    ("temperature with top_p", |it| {
        it.sets("temperature", "temperature") && it.sets("topP", "top_p")
    }),
    ("prefill", |it| it.ends_with_the_model()),
    ("system", |it| is_something(it.body.get("system"))),
    ("tools", |it| it.has_tools()),
    ("forced tools", |it| it.forces_a_tool()),
    ("streamed tools", |it| it.streams && it.has_tools()),
    ("cache points", |it| {
        any(it.body, &mut |name, _| {
            matches!(name, "cachePoint" | "cache_control")
        })
    }),
    ("image", |it| it.has_block("image")),
    ("video", |it| it.has_block("video")),
    ("audio", |it| it.has_block("audio")),
    ("data on S3", |it| it.has_block("s3Location")),
    ("reasoning", |it| {
        it.has_block("reasoningContent") || it.has_type(&["thinking", "redacted_thinking"])
    }),
    ("images in tool results", |it| {
        any(it.body, &mut |name, value| {
            name == "toolResult" && any(value, &mut |name, _| name == "image")
        })
    }),
];

impl Feature {
    /// The feature of that name, if requests are looked through for it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FEATURES.iter().position(|(it, _)| *it == name).map(Self)
    }

    /// The names of all.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FEATURES.iter().map(|(name, _)| *name)
    }

    fn name(self) -> &'static str {
        FEATURES[self.0].0
    }
}

/// What a call carries, looked for once and only if somebody asks.
#[derive(Debug, Default)]
pub(super) struct Carried(OnceLock<Found>);

#[derive(Debug)]
struct Found {
    features: [bool; FEATURES.len()],
    bound: Option<&'static str>,
}

impl Carried {
    /// Why a call that was written for a model of base id `own` is not for one of base id `other`; nothing where it is.
    pub(super) fn misfit(
        &self,
        call: &Call,
        own: Option<&str>,
        (other, refuses): (Option<&str>, &[Feature]),
    ) -> Option<String> {
        if call.operation.name == "CountTokens" {
            return Some("its tokens are counted otherwise than the first model's".into());
        }
        if own.is_some() && own == other {
            return None;
        }
        if call.operation.takes_bytes() && !is_one_family(own, other) {
            let other = other.unwrap_or("a model that nobody knows");
            return Some(format!(
                "the body is one of {}, which {other} does not read: adapt= can write another",
                own.unwrap_or("another model")
            ));
        }
        let found = self.0.get_or_init(|| Found::of(call));
        let carried = refuses.iter().find(|it| found.features[it.0]);
        if let Some(carried) = carried {
            let name = carried.name();
            return Some(format!(
                "the request carries {name}, which it refuses: adapt= can write it without"
            ));
        }
        let bound = found.bound?;
        Some(format!(
            "the request carries {bound}, which belong to one model: adapt= can write it otherwise"
        ))
    }
}

impl Found {
    fn of(call: &Call) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(&call.body) else {
            return Self {
                features: [false; FEATURES.len()],
                bound: Some("bytes that are no JSON"),
            };
        };
        let asked = Asked {
            body: &body,
            streams: call.operation.stream().is_some(),
        };
        let mut features = [false; FEATURES.len()];
        for (found, (_, finds)) in features.iter_mut().zip(FEATURES) {
            *found = finds(&asked);
        }
        Self {
            features,
            bound: asked.bound(),
        }
    }
}

/// Whether one body serves both models: `claude` of Anthropic, `nova` of Amazon, but none of those that draw or embed.
fn is_one_family(one: Option<&str>, other: Option<&str>) -> bool {
    one.and_then(family)
        .is_some_and(|one| other.and_then(family) == Some(one))
}

fn family(model: &str) -> Option<(&str, &str, bool)> {
    let (provider, name) = model.split_once('.')?;
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let other = ["embed", "canvas", "reel", "sonic", "image", "rerank"];
    Some((
        provider,
        &name[..letters],
        other.iter().any(|part| name.contains(part)),
    ))
}

/// A request, in Converse's form or one of the models' own.
struct Asked<'a> {
    body: &'a Value,
    streams: bool,
}

impl Asked<'_> {
    /// A setting, by its name in Converse and in the models' own bodies.
    fn sets(&self, in_converse: &str, own: &str) -> bool {
        let inside = |name: &str| self.body.get(name);
        let config = inside("inferenceConfig").and_then(|it| it.get(in_converse));
        let fields = inside("additionalModelRequestFields").and_then(|it| it.get(own));
        is_something(config) || is_something(fields) || is_something(inside(own))
    }

    fn messages(&self) -> &[Value] {
        let messages = self.body.get("messages").and_then(Value::as_array);
        messages.map_or(&[], Vec::as_slice)
    }

    fn ends_with_the_model(&self) -> bool {
        let last = self.messages().last();
        last.and_then(|it| it.get("role")?.as_str()) == Some("assistant")
    }

    fn has_tools(&self) -> bool {
        let converse = self
            .body
            .pointer("/toolConfig/tools")
            .or_else(|| self.body.get("tools"));
        is_something(converse)
            || self.has_block("toolUse")
            || self.has_block("toolResult")
            || self.has_type(&["tool_use", "tool_result"])
    }

    fn forces_a_tool(&self) -> bool {
        let choice = self.body.pointer("/toolConfig/toolChoice");
        let forced = |choice: &Value| choice.get("any").is_some() || choice.get("tool").is_some();
        let own = self.body.pointer("/tool_choice/type");
        choice.is_some_and(forced)
            || own.is_some_and(|kind| matches!(kind.as_str(), Some("any" | "tool")))
    }

    /// A member of that name in a message.
    fn has_block(&self, name: &str) -> bool {
        self.messages()
            .iter()
            .any(|it| any(it, &mut |found, _| found == name))
    }

    /// A block of Anthropic's form.
    fn has_type(&self, kinds: &[&str]) -> bool {
        let is = |name: &str, value: &Value| {
            name == "type" && value.as_str().is_some_and(|kind| kinds.contains(&kind))
        };
        self.messages()
            .iter()
            .any(|it| any(it, &mut |name, value| is(name, value)))
    }

    /// What belongs to the model that the request was written for.
    fn bound(&self) -> Option<&'static str> {
        let fields = self.body.get("additionalModelRequestFields");
        if is_something(fields) {
            return Some("additionalModelRequestFields");
        }
        if is_something(self.body.get("thinking")) {
            return Some("settings of its thinking");
        }
        let signed = |name: &str, value: &Value| match name {
            "signature" | "redactedContent" => is_something(Some(value)),
            "type" => value == "redacted_thinking",
            _ => false,
        };
        let mut messages = self.messages().iter();
        messages
            .any(|it| any(it, &mut |name, value| signed(name, value)))
            .then_some("signatures of reasoning")
    }
}

/// Neither left out nor empty.
fn is_something(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Array(values)) => !values.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

/// Whether a member anywhere inside is of that kind. What a tool was called with is its own affair.
fn any(value: &Value, is: &mut dyn FnMut(&str, &Value) -> bool) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| {
            is(name, value)
                || (!matches!(name.as_str(), "input" | "json" | "inputSchema") && any(value, is))
        }),
        Value::Array(values) => values.iter().any(|value| any(value, is)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::model::Service;

    const CLAUDE: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    const NOVA: &str = "amazon.nova-lite-v1:0";

    fn call(operation: &str, body: &str) -> Call {
        let operation = Service::BedrockRuntime.operation(operation);
        Call {
            body: Bytes::copy_from_slice(body.as_bytes()),
            ..Call::new(operation.expect("it exists"))
        }
    }

    fn misfit(operation: &str, body: &str, other: &str, refuses: &[&str]) -> Option<String> {
        let refuses = refuses
            .iter()
            .map(|it| Feature::named(it).expect("it is one"));
        let refuses: Vec<_> = refuses.collect();
        let call = call(operation, body);
        Carried::default().misfit(&call, Some(CLAUDE), (Some(other), &refuses))
    }

    #[test]
    fn each_feature_is_found_where_it_is() {
        let text = r#"{"role":"user","content":[{"text":"temperature, toolUse"}]}"#;
        for (feature, body) in [
            (
                "temperature",
                r#"{"inferenceConfig":{"temperature":0}}"#.to_owned(),
            ),
            ("temperature", r#"{"temperature":0.5}"#.to_owned()),
            ("top_p", r#"{"inferenceConfig":{"topP":0.5}}"#.to_owned()),
            ("top_p", r#"{"top_p":0.5}"#.to_owned()),
            ("top_k", r#"{"top_k":5}"#.to_owned()),
            (
                "top_k",
                r#"{"additionalModelRequestFields":{"top_k":5}}"#.to_owned(),
            ),
            (
                "temperature with top_p",
                r#"{"inferenceConfig":{"temperature":0,"topP":1}}"#.to_owned(),
            ),
            (
                "prefill",
                format!(r#"{{"messages":[{text},{{"role":"assistant","content":[]}}]}}"#),
            ),
            ("system", r#"{"system":[{"text":"be brief"}]}"#.to_owned()),
            (
                "tools",
                r#"{"toolConfig":{"tools":[{"toolSpec":{}}]}}"#.to_owned(),
            ),
            ("tools", r#"{"tools":[{"name":"a"}]}"#.to_owned()),
            (
                "tools",
                r#"{"messages":[{"role":"assistant","content":[{"toolUse":{}}]}]}"#.to_owned(),
            ),
            (
                "tools",
                r#"{"messages":[{"content":[{"type":"tool_result"}]}]}"#.to_owned(),
            ),
            (
                "forced tools",
                r#"{"toolConfig":{"toolChoice":{"any":{}}}}"#.to_owned(),
            ),
            (
                "forced tools",
                r#"{"toolConfig":{"toolChoice":{"tool":{"name":"a"}}}}"#.to_owned(),
            ),
            (
                "forced tools",
                r#"{"tool_choice":{"type":"any"}}"#.to_owned(),
            ),
            (
                "cache points",
                r#"{"system":[{"cachePoint":{"type":"default"}}]}"#.to_owned(),
            ),
            (
                "cache points",
                r#"{"messages":[{"content":[{"type":"text","cache_control":{}}]}]}"#.to_owned(),
            ),
            (
                "image",
                r#"{"messages":[{"content":[{"image":{}}]}]}"#.to_owned(),
            ),
            (
                "video",
                r#"{"messages":[{"content":[{"video":{}}]}]}"#.to_owned(),
            ),
            (
                "audio",
                r#"{"messages":[{"content":[{"audio":{}}]}]}"#.to_owned(),
            ),
            (
                "data on S3",
                r#"{"messages":[{"content":[{"document":{"source":{"s3Location":{}}}}]}]}"#
                    .to_owned(),
            ),
            (
                "reasoning",
                r#"{"messages":[{"content":[{"reasoningContent":{}}]}]}"#.to_owned(),
            ),
            (
                "reasoning",
                r#"{"messages":[{"content":[{"type":"thinking"}]}]}"#.to_owned(),
            ),
            (
                "images in tool results",
                r#"{"messages":[{"content":[{"toolResult":{"content":[{"image":{}}]}}]}]}"#
                    .to_owned(),
            ),
        ] {
            let reason = misfit("Converse", &body, NOVA, &[feature]);
            let expected = format!("the request carries {feature}, which it refuses");
            assert!(reason.is_some_and(|it| it.starts_with(&expected)), "{body}");
        }
    }

    #[test]
    fn what_is_said_or_empty_is_no_feature() {
        let text = r#"{"role":"user","content":[{"text":"temperature, toolUse"}]}"#;
        let all: Vec<_> = Feature::names().collect();
        let plain = format!(
            r#"{{"messages":[{text}],"system":[],"toolConfig":{{"tools":[]}},"inferenceConfig":{{"maxTokens":5}}}}"#
        );
        assert_eq!(misfit("Converse", &plain, NOVA, &all), None);
        // What a tool was called with is no part of the request's form.
        let odd = r#"{"messages":[{"content":[{"toolUse":{"input":{"image":1,"cachePoint":2,"signature":"3"}}}]}]}"#;
        assert_eq!(
            misfit("Converse", odd, NOVA, &["image", "cache points"]),
            None
        );
    }

    #[test]
    fn tools_in_a_stream_are_another_matter_than_tools() {
        let body = r#"{"toolConfig":{"tools":[{"toolSpec":{}}]}}"#;
        assert_eq!(misfit("Converse", body, NOVA, &["streamed tools"]), None);
        assert!(misfit("ConverseStream", body, NOVA, &["streamed tools"]).is_some());
    }

    #[test]
    fn what_belongs_to_one_model_never_goes_to_another() {
        for (bound, body) in [
            (
                "additionalModelRequestFields",
                r#"{"additionalModelRequestFields":{"thinking":{"type":"adaptive"}}}"#,
            ),
            (
                "signatures of reasoning",
                r#"{"messages":[{"content":[{"reasoningContent":{"reasoningText":{"text":"a","signature":"b"}}}]}]}"#,
            ),
            (
                "signatures of reasoning",
                r#"{"messages":[{"content":[{"reasoningContent":{"redactedContent":"AAAA"}}]}]}"#,
            ),
        ] {
            let reason = misfit("Converse", body, NOVA, &[]).expect("it is passed over");
            assert!(reason.starts_with(&format!(
                "the request carries {bound}, which belong to one model"
            )));
            // The same model through another profile is none other.
            assert_eq!(misfit("Converse", body, CLAUDE, &["reasoning"]), None);
        }
        let unsigned =
            r#"{"messages":[{"content":[{"reasoningContent":{"reasoningText":{"text":"a"}}}]}]}"#;
        assert_eq!(misfit("Converse", unsigned, NOVA, &[]), None);
    }

    #[test]
    fn a_body_goes_to_models_of_its_family() {
        let body = r#"{"max_tokens":5,"messages":[]}"#;
        let newer = "anthropic.claude-opus-4-8";
        for operation in ["InvokeModel", "InvokeModelWithResponseStream"] {
            assert_eq!(misfit(operation, body, newer, &["temperature"]), None);
            let reason = misfit(operation, body, NOVA, &[]).expect("it is passed over");
            assert!(reason.starts_with("the body is one of anthropic.claude-sonnet-4-5"));
        }
        let hot = r#"{"max_tokens":5,"temperature":0,"messages":[]}"#;
        assert!(misfit("InvokeModel", hot, newer, &["temperature"]).is_some());
        assert!(misfit("InvokeModel", "no JSON", newer, &[]).is_some());
        let thinking = r#"{"thinking":{"type":"enabled","budget_tokens":1024}}"#;
        assert!(misfit("InvokeModel", thinking, newer, &[]).is_some());
        let same = |one, other| is_one_family(Some(one), Some(other));
        assert!(same("meta.llama3-1-8b-instruct-v1:0", "meta.llama4-scout"));
        assert!(same(NOVA, "amazon.nova-pro-v1:0"));
        assert!(!same(NOVA, "amazon.nova-canvas-v1:0"));
        assert!(!same("cohere.command-r-v1:0", "cohere.embed-v4:0"));
        assert!(!same(
            "amazon.titan-text-express-v1",
            "amazon.titan-embed-text-v2:0"
        ));
        assert!(!is_one_family(None, None));
    }

    #[test]
    fn tokens_are_counted_by_the_model_that_was_asked() {
        assert!(misfit("CountTokens", "{}", NOVA, &[]).is_some());
        assert!(misfit("CountTokens", "{}", CLAUDE, &[]).is_some());
    }
}
