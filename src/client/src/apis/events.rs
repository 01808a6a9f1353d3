//! What an event of a stream means: whether it brings a part of the answer, ends it, or says that there is none.

use memchr::memmem;
use serde_json::{Deserializer, Value};

use super::{Api, faults};
use crate::json_check;

/// An event before the answer: it carries ids, and one target's must not precede another's answer.
pub(crate) const OPENING: &str = "sse.opening";
/// A part of the answer.
pub(crate) const CONTENT: &str = "sse.content";
/// One that tells tokens, too.
pub(crate) const USAGE: &str = "sse.usage";
/// The last that matters; it may tell tokens.
pub(crate) const END: &str = "sse.end";

/// What an event means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Opening,
    Content,
    Usage,
    End,
    /// An error in the answer's place.
    Fault(String, String),
}

impl Meaning {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Opening => OPENING,
            Self::Content | Self::Fault(..) => CONTENT,
            Self::Usage => USAGE,
            Self::End => END,
        }
    }
}

/// What it means. Once an answer has begun, most events are not looked into.
pub(crate) fn meaning(api: Api, name: Option<&[u8]>, data: &[u8], begun: bool) -> Meaning {
    match api {
        Api::Chat => of_chat(data, begun),
        Api::Responses | Api::Stored => of_responses(data),
        Api::Messages => of_messages(name, data),
        Api::Other => Meaning::Content,
    }
}

fn of_chat(data: &[u8], begun: bool) -> Meaning {
    if data.starts_with(b"[DONE]") {
        return Meaning::End;
    }
    // In a text these would have escapes before their quotation marks.
    let has = |name: &[u8]| memmem::find(data, name).is_some();
    if begun && !has(b"\"error\"") && !has(b"\"usage\"") {
        return Meaning::Content;
    }
    let Ok(chunk) = serde_json::from_slice::<Value>(data) else {
        return Meaning::Content;
    };
    if let Some((code, message)) = faults::said(&chunk) {
        return Meaning::Fault(code, message);
    }
    if chunk.get("usage").is_some_and(Value::is_object) {
        return Meaning::Usage;
    }
    let choices = chunk.get("choices").and_then(Value::as_array);
    let mut choices = choices.into_iter().flatten();
    let brings = |choice: &Value| {
        let delta = choice.get("delta").and_then(Value::as_object);
        let mut members = delta.into_iter().flatten();
        members.any(|(name, value)| name != "role" && is_something(value))
            || choice.get("finish_reason").is_some_and(is_something)
    };
    if begun || choices.any(brings) {
        Meaning::Content
    } else {
        Meaning::Opening
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => true,
    }
}

fn of_responses(data: &[u8]) -> Meaning {
    if data.starts_with(b"[DONE]") {
        return Meaning::Content;
    }
    let kind = member(data, b"type").unwrap_or_default();
    match kind.as_str() {
        "response.created" | "response.in_progress" | "response.queued" | "keepalive" | "ping" => {
            Meaning::Opening
        }
        "response.completed" | "response.incomplete" => Meaning::End,
        "response.failed" | "error" => {
            let event: Value = serde_json::from_slice(data).unwrap_or_default();
            let (code, message) = faults::of_event(&event);
            Meaning::Fault(code, message)
        }
        _ => Meaning::Content,
    }
}

fn of_messages(name: Option<&[u8]>, data: &[u8]) -> Meaning {
    let kind = name.map(|name| String::from_utf8_lossy(name).into_owned());
    let kind = kind.or_else(|| member(data, b"type")).unwrap_or_default();
    match kind.as_str() {
        "message_start" | "ping" => Meaning::Opening,
        "message_delta" => Meaning::Usage,
        "message_stop" => Meaning::End,
        "error" => {
            let event: Value = serde_json::from_slice(data).unwrap_or_default();
            let (code, message) = faults::of_event(&event);
            Meaning::Fault(code, message)
        }
        _ => Meaning::Content,
    }
}

/// A member at the top that is a text. Nothing else is built: some events repeat all of a request.
fn member(data: &[u8], wanted: &[u8]) -> Option<String> {
    let mut found = None;
    let _ = json_check::check(data, usize::MAX, |name, value| {
        if name == wanted && found.is_none() {
            let first = Deserializer::from_slice(value).into_iter().next();
            found = first.and_then(Result::ok);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(api: Api, name: Option<&str>, data: &str, begun: bool) -> &'static str {
        match meaning(api, name.map(str::as_bytes), data.as_bytes(), begun) {
            Meaning::Fault(..) => "fault",
            meaning => meaning.kind(),
        }
    }

    #[test]
    fn chat_begins_with_the_first_delta_that_is_not_empty() {
        for (data, expected) in [
            (
                r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
                OPENING,
            ),
            (
                r#"{"choices":[{"delta":{"role":"assistant","content":null},"finish_reason":null}]}"#,
                OPENING,
            ),
            (r#"{"choices":[]}"#, OPENING),
            (r#"{"choices":[{"delta":{"content":"a"}}]}"#, CONTENT),
            (
                r#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#,
                CONTENT,
            ),
            (
                r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
                CONTENT,
            ),
            (r#"{"choices":[],"usage":{"prompt_tokens":1}}"#, USAGE),
            (r#"{"error":{"message":"m","code":"c"}}"#, "fault"),
            (
                r#"{"choices":[{"delta":{"content":"\"error\" \"usage\""}}],"error":null}"#,
                CONTENT,
            ),
            ("no JSON", CONTENT),
            ("[DONE]", END),
        ] {
            assert_eq!(of(Api::Chat, None, data, false), expected, "{data}");
        }
        let empty = r#"{"choices":[{"delta":{"content":""}}],"usage":null}"#;
        assert_eq!(of(Api::Chat, None, empty, true), CONTENT);
    }

    #[test]
    fn responses_are_told_apart_by_type() {
        for (data, expected) in [
            (
                r#"{"type":"response.created","response":{"error":null}}"#,
                OPENING,
            ),
            (
                r#"{"sequence_number":1,"type":"response.in_progress"}"#,
                OPENING,
            ),
            (r#"{"type":"response.output_item.added"}"#, CONTENT),
            (r#"{"type":"response.new_thing"}"#, CONTENT),
            (
                r#"{"response":{"type":"error"},"type":"response.completed"}"#,
                END,
            ),
            (r#"{"type":"response.incomplete"}"#, END),
            (
                r#"{"type":"response.failed","response":{"error":{"code":"server_error","message":"m"}}}"#,
                "fault",
            ),
            (
                r#"{"type":"error","code":"server_error","message":"m"}"#,
                "fault",
            ),
            ("[DONE]", CONTENT),
        ] {
            assert_eq!(of(Api::Responses, None, data, false), expected, "{data}");
        }
    }

    #[test]
    fn messages_are_told_apart_by_the_events_name() {
        for (name, expected) in [
            ("message_start", OPENING),
            ("ping", OPENING),
            ("content_block_start", CONTENT),
            ("content_block_delta", CONTENT),
            ("message_delta", USAGE),
            ("message_stop", END),
            ("error", "fault"),
        ] {
            assert_eq!(of(Api::Messages, Some(name), "{}", false), expected);
            let data = format!(r#"{{"type":"{name}"}}"#);
            assert_eq!(of(Api::Messages, None, &data, false), expected);
        }
    }
}
