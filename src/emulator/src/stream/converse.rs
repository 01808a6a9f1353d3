//! An answer as `ConverseStream`'s events.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Events, Kind};
use crate::model::{Block, Reply, tokens};

struct Writer(Events);

impl Writer {
    fn delta(&mut self, index: usize, delta: &Value) {
        let event = json!({"contentBlockIndex": index, "delta": delta});
        self.0.push(Kind::BlockDelta, &event, true);
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
                self.text(index, text, None);
                for citation in citations {
                    self.delta(index, &json!({"citation": citation}));
                }
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
            Block::Raw(value) => self.raw(index, value),
        }
        let event = json!({"contentBlockIndex": index});
        self.0.push(Kind::BlockStop, &event, false);
    }

    fn tool_use(&mut self, index: usize, id: &str, name: &str, input: &Value) {
        let start = json!({"toolUse": {"toolUseId": id, "name": name}});
        let event = json!({"contentBlockIndex": index, "start": start});
        self.0.push(Kind::BlockStart, &event, false);
        for piece in tokens::split(&input.to_string()) {
            self.delta(index, &json!({"toolUse": {"input": piece}}));
        }
    }

    /// A scripted block: those with a streamed form are streamed, the others come as one delta under their own name.
    fn raw(&mut self, index: usize, value: &Value) {
        let text = value.get("text").and_then(Value::as_str);
        let tool = value.get("toolUse");
        let reasoning = value.pointer("/reasoningContent/reasoningText");
        if let Some(text) = text {
            self.text(index, text, None);
        } else if let Some(tool) = tool {
            let part = |key: &str| {
                tool.get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            self.tool_use(
                index,
                &part("toolUseId"),
                &part("name"),
                tool.get("input").unwrap_or(&Value::Null),
            );
        } else if let Some(reasoning) = reasoning {
            for key in ["text", "signature"] {
                if let Some(said) = reasoning.get(key) {
                    self.delta(index, &json!({"reasoningContent": {key: said}}));
                }
            }
        } else if let Some(content) = value.pointer("/reasoningContent/redactedContent") {
            self.delta(
                index,
                &json!({"reasoningContent": {"redactedContent": content}}),
            );
        } else {
            self.delta(index, value);
        }
    }
}

/// All events of an answer; `metadata` is the last one's payload.
#[must_use]
pub fn converse(
    reply: &Reply,
    stop: &Value,
    metadata: &Value,
    pace: Duration,
    seed: u64,
) -> Events {
    let mut writer = Writer(Events::new(pace, seed));
    let start = json!({"role": "assistant"});
    writer.0.push(Kind::MessageStart, &start, false);
    for (index, block) in reply.blocks.iter().enumerate() {
        // A script's chunks are the text of its first block.
        writer.block(index, block, reply.chunks.as_deref().filter(|_| index == 0));
    }
    writer.0.push(Kind::MessageStop, stop, false);
    writer.0.push(Kind::Metadata, metadata, false);
    writer.0
}
