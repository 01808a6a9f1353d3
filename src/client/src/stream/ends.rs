//! How streams end, so that one that stopped halfway does not pass for an answer.
//!
//! A stream of Converse ends with `messageStop`. One of `InvokeModel` carries the words of the model's family; Bedrock
//! puts its measurements into the last chunk, and each family has a word of its own for the end. A family that nobody
//! here knows is trusted.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::Value;

use super::{Event, chunk};
use crate::model::Operation;

/// How many of the last events are looked at: families send no more than this after their end.
const LAST: usize = 4;

/// What a stream has to bring before it may end.
#[derive(Debug)]
pub enum End {
    /// Nothing.
    Any,
    /// An event of this kind.
    Kind(&'static str),
    /// The end of a model's own stream. Its last events are kept and read when it has ended, so that others cost nothing.
    Chunks(VecDeque<Bytes>),
}

impl End {
    /// That of an operation's streams.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        match operation.name {
            "ConverseStream" => Self::Kind("messageStop"),
            "InvokeModelWithResponseStream" => Self::Chunks(VecDeque::with_capacity(LAST)),
            _ => Self::Any,
        }
    }

    /// Takes note of an event.
    pub fn seen(&mut self, event: &Event) {
        match self {
            Self::Kind(kind) if *kind == event.kind => *self = Self::Any,
            Self::Chunks(last) => {
                if last.len() == LAST {
                    last.pop_front();
                }
                last.push_back(event.payload.clone());
            }
            _ => {}
        }
    }

    /// What is missing, if the stream ended now.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Kind(kind) => Some(format!(
                "the stream ended without {kind}, so the answer is not whole"
            )),
            Self::Chunks(last) if last.is_empty() => {
                Some("the stream ended without an event, so there is no answer".into())
            }
            Self::Chunks(last) => {
                let mut word = None;
                for payload in last {
                    match read(payload) {
                        Chunk::End => return None,
                        Chunk::Part(of) => word = Some(of),
                        Chunk::Unknown => {}
                    }
                }
                word.map(|word| {
                    format!("the stream ended without {word}, so the answer is not whole")
                })
            }
        }
    }
}

/// What a chunk says of its stream's end.
#[derive(Debug, PartialEq, Eq)]
enum Chunk {
    /// Here it is.
    End,
    /// It is a part, of a family whose end is this word.
    Part(&'static str),
    /// Nobody knows.
    Unknown,
}

fn read(payload: &[u8]) -> Chunk {
    let Some(bytes) = chunk(payload) else {
        return Chunk::Unknown;
    };
    if bytes.trim_ascii().ends_with(b"[DONE]") {
        return Chunk::End;
    }
    match serde_json::from_slice(&bytes) {
        Ok(json) => told(&json),
        Err(_) => Chunk::Unknown,
    }
}

fn told(json: &Value) -> Chunk {
    let said = |object: &Value, name: &str| object.get(name).is_some_and(|it| !it.is_null());
    if said(json, "amazon-bedrock-invocationMetrics")
        || json
            .get("amazon-bedrock-guardrailAction")
            .and_then(Value::as_str)
            == Some("INTERVENED")
    {
        return Chunk::End;
    }
    let ends = |ended: bool, word: &'static str| if ended { Chunk::End } else { Chunk::Part(word) };
    // Claude's messages, and Cohere's of its second version.
    if let Some(kind) = json.get("type").and_then(Value::as_str) {
        let claude = ["message_", "content_block_"]
            .iter()
            .any(|it| kind.starts_with(it));
        let cohere = ["message-", "content-", "tool-", "citation-"]
            .iter()
            .any(|it| kind.starts_with(it));
        if claude || kind == "ping" || kind == "error" {
            return ends(kind == "message_stop", "message_stop");
        }
        if cohere {
            return ends(kind == "message-end", "message-end");
        }
    }
    // Nova speaks as Converse does.
    let nova = [
        "messageStart",
        "contentBlockStart",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ];
    if nova.iter().any(|name| said(json, name)) {
        return ends(
            said(json, "messageStop") || said(json, "metadata"),
            "messageStop",
        );
    }
    // Cohere's of its first version.
    if let Some(finished) = json.get("is_finished").and_then(Value::as_bool) {
        return ends(finished, "is_finished");
    }
    // A list of answers under way, each with the reason why it stopped: Mistral, and all that follow OpenAI.
    for name in ["choices", "outputs"] {
        if let Some(Value::Array(answers)) = json.get(name) {
            let mut answers = answers.iter();
            let stopped = answers.any(|it| said(it, "finish_reason") || said(it, "stop_reason"));
            return ends(
                stopped,
                if name == "choices" {
                    "finish_reason"
                } else {
                    "stop_reason"
                },
            );
        }
    }
    // Llama, Titan, and Claude's text completions: a piece of text, and the reason beside it.
    for (text, reason) in [
        ("generation", "stop_reason"),
        ("outputText", "completionReason"),
        ("completion", "stop_reason"),
    ] {
        if json.get(text).is_some_and(Value::is_string) {
            return ends(said(json, reason), reason);
        }
    }
    Chunk::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::base64;
    use serde_json::json;

    fn event(text: &str) -> Event {
        Event {
            kind: "chunk".into(),
            payload: json!({"bytes": base64::encode(text)}).to_string().into(),
        }
    }

    fn missing(texts: &[&str]) -> Option<String> {
        let mut end = End::Chunks(VecDeque::new());
        for text in texts {
            end.seen(&event(text));
        }
        end.missing()
    }

    /// Each family's stream as it is recorded, without Bedrock's measurements; the second number counts the chunks
    /// without which it is not whole.
    const FAMILIES: &[(&[&str], usize)] = &[
        (
            &[
                r#"{"type":"message_start","message":{"role":"assistant"}}"#,
                r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
                r#"{"type":"content_block_stop","index":0}"#,
                r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}"#,
                r#"{"type":"message_stop"}"#,
            ],
            6,
        ),
        (
            &[
                r#"{"messageStart":{"role":"assistant"}}"#,
                r#"{"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0}}"#,
                r#"{"contentBlockStop":{"contentBlockIndex":0}}"#,
                r#"{"messageStop":{"stopReason":"end_turn"}}"#,
                r#"{"metadata":{"usage":{"inputTokens":1}}}"#,
            ],
            4,
        ),
        (
            &[
                r#"{"generation":"a","prompt_token_count":3,"generation_token_count":1,"stop_reason":null}"#,
                r#"{"generation":"","prompt_token_count":null,"generation_token_count":2,"stop_reason":"stop"}"#,
            ],
            2,
        ),
        (
            &[
                r#"{"outputs":[{"text":"a","stop_reason":null}]}"#,
                r#"{"outputs":[{"text":"","stop_reason":"length"}]}"#,
            ],
            2,
        ),
        (
            &[
                r#"{"text":"a","is_finished":false,"event_type":"text-generation"}"#,
                r#"{"is_finished":true,"event_type":"stream-end","finish_reason":"COMPLETE"}"#,
            ],
            2,
        ),
        (
            &[
                r#"{"outputText":"a","index":0,"completionReason":null}"#,
                r#"{"outputText":"b","index":0,"completionReason":"FINISH"}"#,
            ],
            2,
        ),
        (
            &[
                r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
                r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#,
                r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                r#"{"choices":[],"usage":{"prompt_tokens":1}}"#,
                "[DONE]",
            ],
            3,
        ),
        (
            &[
                r#"{"completion":" a","stop_reason":null,"stop":null}"#,
                r#"{"completion":"","stop_reason":"stop_sequence","stop":"\n\nHuman:"}"#,
            ],
            2,
        ),
        (
            &[
                r#"{"type":"message-start","id":"x"}"#,
                r#"{"type":"content-delta","delta":{}}"#,
                r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#,
            ],
            3,
        ),
    ];

    #[test]
    fn a_familys_stream_is_whole_with_its_end_and_never_before() {
        for (chunks, least) in FAMILIES {
            for length in 1..=chunks.len() {
                let found = missing(&chunks[..length]);
                assert_eq!(found.is_none(), length >= *least, "{found:?} {chunks:?}");
            }
        }
    }

    #[test]
    fn bedrocks_measurements_are_an_end_for_any_family() {
        let measured = r#"{"zz":1,"amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}"#;
        for (chunks, _) in FAMILIES {
            assert_eq!(missing(&[chunks[0], measured]), None);
        }
        let stopped = r#"{"amazon-bedrock-guardrailAction":"INTERVENED"}"#;
        assert_eq!(missing(&[FAMILIES[0].0[0], stopped]), None);
    }

    #[test]
    fn what_nobody_knows_is_trusted_if_there_is_anything() {
        for text in [
            "{}",
            "7",
            "a text",
            "",
            r#"{"zzz":null}"#,
            r#"{"type":"zz"}"#,
        ] {
            assert_eq!(missing(&[text]), None, "{text}");
        }
        assert!(missing(&[]).is_some());
    }
}
