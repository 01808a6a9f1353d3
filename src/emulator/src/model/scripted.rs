//! Answers that a script gives.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::compose::{finish, tool_use_id};
use super::prompt::Prompt;
use super::reply::{Block, Reply, StopReason};

/// An answer that a script gives instead of the model.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct ScriptedReply {
    /// Blocks in Converse's form.
    #[serde(default)]
    pub content: Vec<Value>,
    /// Pieces in which its text is streamed.
    pub chunks: Option<Vec<String>>,
    /// Why it ends, where that is not plain from what it holds.
    pub stop_reason: Option<StopReason>,
    /// The events of `ConverseStream`, each under its name; nothing else is sent.
    pub events: Option<Vec<Map<String, Value>>>,
}

impl ScriptedReply {
    /// The answer, with usage counted and limits kept as for any other.
    #[must_use]
    pub fn reply(&self, prompt: &Prompt) -> Reply {
        let seed = prompt.seed("script");
        let mut blocks: Vec<Block> = Vec::new();
        if let Some(chunks) = &self.chunks {
            blocks.push(Block::Text(chunks.concat()));
        }
        blocks.extend(
            self.content
                .iter()
                .enumerate()
                .map(|(index, block)| read(block, seed, index)),
        );
        let calls = blocks
            .iter()
            .any(|block| matches!(block, Block::ToolUse { .. }));
        let reason = if calls {
            StopReason::ToolUse
        } else {
            StopReason::EndTurn
        };
        let mut reply = finish(prompt, blocks, reason, None);
        if let Some(reason) = self.stop_reason {
            reply.stop_reason = reason;
        }
        if reply.stop_reason != StopReason::MaxTokens {
            reply.chunks.clone_from(&self.chunks);
        }
        reply
    }
}

/// A block in Converse's form as the model would have said it.
fn read(block: &Value, seed: u64, index: usize) -> Block {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(said) = block.get("text") {
        return Block::Text(text(said));
    }
    if let Some(call) = block.get("toolUse") {
        let id = call
            .get("toolUseId")
            .map_or_else(|| tool_use_id(seed, index), text);
        let input = call
            .get("input")
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        return Block::ToolUse {
            id,
            name: text(&call["name"]),
            input,
        };
    }
    if let Some(reasoning) = block.pointer("/reasoningContent/reasoningText") {
        return Block::Reasoning {
            text: text(&reasoning["text"]),
            signature: reasoning.get("signature").map(text),
        };
    }
    if let Some(content) = block.pointer("/reasoningContent/redactedContent") {
        return Block::Redacted(match content {
            Value::Array(pieces) => pieces.iter().map(text).collect(),
            whole => vec![text(whole)],
        });
    }
    Block::Raw(block.clone())
}
