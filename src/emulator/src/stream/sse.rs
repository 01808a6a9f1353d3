//! Server-sent events: lines of text, as the APIs of `OpenAI` and of Anthropic stream.

use std::time::Duration;

use serde_json::Value;

use super::Events;
use crate::error::ServiceError;

/// How an API writes its events.
pub struct Sse {
    /// Whether each event says its name in a line of its own.
    pub named: bool,
    /// Whether `[DONE]` ends the stream.
    pub done: bool,
    /// How an error inside the stream is written.
    pub failing: fn(&ServiceError) -> String,
}

impl Sse {
    /// The content type of such a stream.
    pub const CONTENT_TYPE: &'static str = "text/event-stream; charset=utf-8";

    /// The events of an answer; each piece of it waits `pace`, what goes around it does not.
    #[must_use]
    pub fn events(&self, events: &[Value], pace: Duration, seed: u64) -> Events {
        let mut written = Events::new(pace, seed);
        for event in events {
            written.push_written(&text(event, self.named), is_piece(event));
        }
        if self.done {
            written.push_written("data: [DONE]\n\n", false);
        }
        written.fail_by(self.failing);
        written
    }
}

/// One event as text.
#[must_use]
pub fn text(event: &Value, named: bool) -> String {
    match event.get("type").and_then(Value::as_str) {
        Some(name) if named => format!("event: {name}\ndata: {event}\n\n"),
        _ => format!("data: {event}\n\n"),
    }
}

/// Whether an event brings a piece of the answer.
fn is_piece(event: &Value) -> bool {
    if let Some(name) = event.get("type").and_then(Value::as_str) {
        return name.split('.').next_back() == Some("delta") || name == "content_block_delta";
    }
    let delta = event.pointer("/choices/0/delta").and_then(Value::as_object);
    delta.is_some_and(|delta| !delta.is_empty() && !delta.contains_key("role"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_lines_and_only_pieces_wait() {
        let sse = Sse {
            named: true,
            done: true,
            failing: |error| format!("event: error\ndata: {}\n\n", error.message),
        };
        let start = json!({"type": "message_start"});
        let piece = json!({"type": "content_block_delta", "index": 0});
        let mut events = sse.events(&[start, piece], Duration::from_millis(5), 1);
        let waits: Vec<_> = (0..3).map(|index| events.wait(index).as_millis()).collect();
        assert_eq!(waits, [0, 5, 0]);
        events.end_with(1, &ServiceError::validation("x"));
        let mut bytes = Vec::new();
        (0..events.len()).for_each(|index| events.write(index, &mut bytes));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "event: message_start\ndata: {\"type\":\"message_start\"}\n\nevent: error\ndata: x\n\n"
        );
    }

    #[test]
    fn chunks_wait_by_what_they_bring() {
        let chunk = |delta: Value| json!({"choices": [{"delta": delta}]});
        assert!(is_piece(&chunk(json!({"content": "x"}))));
        assert!(!is_piece(&chunk(
            json!({"role": "assistant", "content": ""})
        )));
        assert!(!is_piece(&chunk(json!({}))));
        assert!(!is_piece(&json!({"choices": []})));
    }
}
