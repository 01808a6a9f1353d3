//! What a response says, item by item.

use serde_json::{Map, Value, json};

use super::encrypted;
use crate::bodies::responses as body_of;
use crate::ids;
use crate::model::{Block, Reply, StopReason, arguments_text, tokens};

/// What an answer's items depend on beside what is said.
pub struct Output<'a> {
    /// The request.
    pub body: &'a Value,
    /// The Region that seals thoughts, where they come along.
    pub seals_for: Option<&'a str>,
    /// A number that depends on the conversation alone.
    pub seed: u64,
}

/// One item.
pub struct Item {
    kind: Kind,
    /// Its members but those that grow.
    head: Map<String, Value>,
    /// What grows: a text, or the arguments of a call.
    text: String,
    /// Whether the limit of tokens cut it.
    cut: bool,
    /// The pieces in which it grows, where a script says.
    chunks: Option<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Reasoning,
    /// A call with arguments in JSON.
    Function,
    /// A call with plain text.
    Custom,
}

impl Output<'_> {
    /// The items of a reply.
    pub fn items(&self, reply: &Reply) -> Vec<Item> {
        let calls = reply
            .blocks
            .iter()
            .any(|block| matches!(block, Block::ToolUse { .. }));
        let phase = if calls { "commentary" } else { "final_answer" };
        let blocks = reply.blocks.iter().enumerate();
        let mut items: Vec<Item> = Vec::new();
        for (index, block) in blocks {
            let seed = ids::mix(self.seed ^ index as u64);
            let id = |prefix: &str| format!("{prefix}_{}", ids::lower_case(seed, 32));
            match block {
                Block::Text(text) | Block::Cited { text, .. } => {
                    let head = json!({"id": id("msg"), "type": "message", "role": "assistant", "phase": phase});
                    let mut item = Item::new(Kind::Message, head, text.clone());
                    item.chunks = reply.chunks.clone().filter(|_| index == 0);
                    items.push(item);
                }
                Block::Reasoning { text, .. } => {
                    if let Some(region) = self.seals_for {
                        let sealed = encrypted::seal(region, text);
                        let head = json!({"id": id("rs"), "type": "reasoning", "summary": [], "encrypted_content": sealed});
                        items.push(Item::new(Kind::Reasoning, head, String::new()));
                    }
                }
                Block::ToolUse {
                    id: call,
                    name,
                    input,
                } => items.push(self.call(&id("fc"), call, name, input)),
                Block::Redacted(_) | Block::Raw(_) => {}
            }
        }
        if let Some(last) = items.last_mut() {
            last.cut = reply.stop_reason == StopReason::MaxTokens;
        }
        items
    }

    fn call(&self, id: &str, call: &str, name: &str, input: &Value) -> Item {
        let tool = body_of::functions(self.body).find(|(_, tool)| tool["name"] == name);
        let custom = tool.is_some_and(|(_, tool)| tool["type"] == "custom");
        let (kind, named) = if custom {
            (Kind::Custom, "custom_tool_call")
        } else {
            (Kind::Function, "function_call")
        };
        let call = call.replace("tooluse_", "call_");
        let mut head = json!({"id": id, "type": named, "call_id": call, "name": name});
        if let Some(space) = tool.and_then(|(space, _)| space) {
            head["namespace"] = json!(space);
        }
        let text = match input.get("input").filter(|_| custom) {
            Some(Value::String(text)) => text.clone(),
            _ => arguments_text(input),
        };
        Item::new(kind, head, text)
    }
}

impl Item {
    fn new(kind: Kind, head: Value, text: String) -> Self {
        let head = match head {
            Value::Object(head) => head,
            _ => Map::new(),
        };
        Self {
            kind,
            head,
            text,
            cut: false,
            chunks: None,
        }
    }

    fn with(&self, status: &str, text: &str) -> Value {
        let mut item = Value::Object(self.head.clone());
        item["status"] = json!(status);
        match self.kind {
            Kind::Message if text.is_empty() && status == "in_progress" => {
                item["content"] = json!([]);
            }
            Kind::Message => item["content"] = json!([part(text)]),
            Kind::Function => item["arguments"] = json!(text),
            Kind::Custom => item["input"] = json!(text),
            Kind::Reasoning => {}
        }
        item
    }

    /// The item when all of it is said.
    pub fn whole(&self) -> Value {
        let status = if self.cut { "incomplete" } else { "completed" };
        self.with(status, &self.text)
    }

    /// Its events as the item of that number.
    pub fn events(&self, index: usize) -> Vec<Value> {
        let id = &self.head["id"];
        let about = |kind: &str, mut event: Value| {
            event["type"] = json!(format!("response.{kind}"));
            event["output_index"] = json!(index);
            event["item_id"] = id.clone();
            if self.kind == Kind::Message {
                event["content_index"] = json!(0);
            }
            event
        };
        let frame = |kind: &str, item: Value| json!({"type": format!("response.output_item.{kind}"), "output_index": index, "item": item});
        let pieces = || -> Vec<&str> {
            match &self.chunks {
                Some(chunks) => chunks.iter().map(String::as_str).collect(),
                None => tokens::split(&self.text).collect(),
            }
        };
        let mut events = vec![frame("added", self.with("in_progress", ""))];
        match self.kind {
            Kind::Message => {
                events.push(about("content_part.added", json!({"part": part("")})));
                events.extend(pieces().into_iter().map(|piece| {
                    about("output_text.delta", json!({"delta": piece, "logprobs": []}))
                }));
                let text = json!({"text": self.text, "logprobs": []});
                events.push(about("output_text.done", text));
                let part = json!({"part": part(&self.text)});
                events.push(about("content_part.done", part));
            }
            Kind::Function => {
                let name = "function_call_arguments";
                events.extend(
                    pieces()
                        .into_iter()
                        .map(|piece| about(&format!("{name}.delta"), json!({"delta": piece}))),
                );
                let whole = json!({"arguments": self.text, "name": self.head["name"]});
                events.push(about(&format!("{name}.done"), whole));
            }
            Kind::Custom => {
                let name = "custom_tool_call_input";
                events.extend(
                    pieces()
                        .into_iter()
                        .map(|piece| about(&format!("{name}.delta"), json!({"delta": piece}))),
                );
                let whole = json!({"input": self.text});
                events.push(about(&format!("{name}.done"), whole));
            }
            Kind::Reasoning => {}
        }
        events.push(frame("done", self.whole()));
        events
    }
}

fn part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}
