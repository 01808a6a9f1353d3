//! An answer as `ConverseStream`'s events.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Events, Kind};
use crate::model::{Block, Reply, arguments_text, tokens};

struct Writer {
    events: Events,
    typed_calls: bool,
}

impl Writer {
    fn delta(&mut self, index: usize, delta: &Value) {
        let event = json!({"contentBlockIndex": index, "delta": delta});
        self.events.push(Kind::BlockDelta, &event, true);
    }

    fn text(&mut self, index: usize, text: &str, chunks: Option<&[String]>) {
        match chunks {
            Some(chunks) => chunks
                .iter()
                .for_each(|chunk| self.delta(index, &json!({"text": chunk}))),
            None => {
                tokens::split(text).for_each(|piece| self.delta(index, &json!({"text": piece})));
            }
        }
    }

    fn block(&mut self, index: usize, block: &Block, chunks: Option<&[String]>) {
        match block {
            Block::Text(text) => self.text(index, text, chunks),
            Block::Cited { text, citations } => {
                for citation in citations {
                    self.delta(index, &json!({"citation": citation}));
                }
                self.text(index, text, None);
            }
            Block::Reasoning { text, signature } => {
                for piece in tokens::split(text) {
                    self.delta(index, &json!({"reasoningContent": {"text": piece}}));
                }
                if let Some(signature) = signature {
                    self.delta(
                        index,
                        &json!({"reasoningContent": {"signature": signature}}),
                    );
                }
            }
            Block::ToolUse { id, name, input } => self.tool_use(index, id, name, input),
            Block::Redacted(pieces) => {
                for piece in pieces {
                    self.delta(
                        index,
                        &json!({"reasoningContent": {"redactedContent": piece}}),
                    );
                }
            }
            // A script's block without a form in streams comes as one delta under its own name.
            Block::Raw(value) => self.delta(index, value),
        }
        let event = json!({"contentBlockIndex": index});
        self.events.push(Kind::BlockStop, &event, false);
    }

    fn tool_use(&mut self, index: usize, id: &str, name: &str, input: &Value) {
        let mut start = json!({"toolUse": {"toolUseId": id, "name": name}});
        if self.typed_calls {
            start["toolUse"]["type"] = json!("tool_use");
        }
        let event = json!({"contentBlockIndex": index, "start": start});
        self.events.push(Kind::BlockStart, &event, false);
        for piece in tokens::split(&arguments_text(input)) {
            self.delta(index, &json!({"toolUse": {"input": piece}}));
        }
    }
}

/// An answer that is to be streamed.
pub struct Converse<'a> {
    /// What is said.
    pub reply: &'a Reply,
    /// Whether calls of tools have a type.
    pub typed_calls: bool,
    /// The payload of `messageStop`.
    pub stop: &'a Value,
    /// The payload of the last event.
    pub metadata: &'a Value,
}

impl Converse<'_> {
    /// All its events.
    #[must_use]
    pub fn events(&self, pace: Duration, seed: u64) -> Events {
        let mut writer = Writer {
            events: Events::new(pace, seed),
            typed_calls: self.typed_calls,
        };
        let start = json!({"role": "assistant"});
        writer.events.push(Kind::MessageStart, &start, false);
        for (index, block) in self.reply.blocks.iter().enumerate() {
            // A script's chunks are the text of its first block.
            let chunks = self.reply.chunks.as_deref().filter(|_| index == 0);
            writer.block(index, block, chunks);
        }
        writer.events.push(Kind::MessageStop, self.stop, false);
        writer.events.push(Kind::Metadata, self.metadata, false);
        writer.events
    }
}

/// Events that a script gave, as they are.
#[must_use]
pub fn scripted(given: &[Map<String, Value>], pace: Duration, seed: u64) -> Events {
    let mut events = Events::new(pace, seed);
    for (name, payload) in given.iter().flatten() {
        events.push_named(name, payload);
    }
    events
}
