//! An answer as `ConverseStream`'s events.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Frames, padding};
use crate::ids;
use crate::model::{Block, Reply, tokens};

/// Writes one event with its padding.
struct Writer {
    frames: Frames,
    pace: Duration,
    seed: u64,
}

impl Writer {
    fn event(&mut self, name: &str, mut payload: Value, wait: Duration) {
        self.seed = ids::mix(self.seed);
        payload["p"] = json!(padding(self.seed));
        self.frames
            .event(name, payload.to_string().into_bytes(), wait);
    }

    fn delta(&mut self, index: usize, delta: &Value) {
        let pace = self.pace;
        self.event(
            "contentBlockDelta",
            json!({"contentBlockIndex": index, "delta": delta}),
            pace,
        );
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
        self.event(
            "contentBlockStop",
            json!({"contentBlockIndex": index}),
            Duration::ZERO,
        );
    }

    fn tool_use(&mut self, index: usize, id: &str, name: &str, input: &Value) {
        let start = json!({"toolUse": {"toolUseId": id, "name": name}});
        self.event(
            "contentBlockStart",
            json!({"contentBlockIndex": index, "start": start}),
            Duration::ZERO,
        );
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
pub fn converse(reply: &Reply, stop: &Value, metadata: Value, pace: Duration, seed: u64) -> Frames {
    let mut writer = Writer {
        frames: Frames::default(),
        pace,
        seed,
    };
    writer.event("messageStart", json!({"role": "assistant"}), Duration::ZERO);
    for (index, block) in reply.blocks.iter().enumerate() {
        // A script's chunks are the text of its first block.
        writer.block(index, block, reply.chunks.as_deref().filter(|_| index == 0));
    }
    writer.event("messageStop", stop.clone(), Duration::ZERO);
    writer.event("metadata", metadata, Duration::ZERO);
    writer.frames
}
