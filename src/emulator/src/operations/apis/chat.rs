//! `OpenAI`'s chat completions. The chunks are as recorded in September 2026: `service_tier`, `system_fingerprint` and padding in each,
//! calls of tools numbered from `call_0` in every answer of a GPT, the usage twice.

use serde_json::{Value, json};

use super::{Api, errors};
use crate::bodies::{Context, openai};
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::model::{Block, GENERATED_CALL_ID, Reply, Usage, tokens};
use crate::operations::{Call, inference};
use crate::stream::{self, Sse};

const SSE: Sse = Sse {
    named: false,
    done: true,
    failing: errors::in_chat,
};

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let body = super::read(call, Api::Chat)?;
    let target = super::target(call, Api::Chat)?;
    let prompt = super::prompt(call, Api::Chat, &target, &body)?;
    let served = inference::serve(call, target, &prompt)?;
    let context = served.context(call);
    let blocked = served
        .guarding
        .as_ref()
        .is_some_and(|guarding| guarding.intervened);
    let prefix = if blocked {
        "bedrock-guardrails-"
    } else {
        "chatcmpl-"
    };
    let completion = Completion {
        reply: said(&served.reply, &served.target.model.id),
        usage: usage(&served.reply.usage, served.reply.thinking_tokens()),
        id: format!("{prefix}{}", ids::lower_case(served.seed, 52)),
        model: call.text("modelId").to_owned(),
        tier: body
            .get("service_tier")
            .and_then(Value::as_str)
            .filter(|tier| *tier != "auto")
            .unwrap_or("default")
            .to_owned(),
        context,
    };
    if !call.streams {
        let mut whole = completion.whole();
        if let Some(guarding) = served.guarding.as_ref().filter(|guarding| guarding.traced) {
            inference::note_guardrail(&mut whole, guarding);
        }
        return Ok(inference::whole(call, &served, &whole));
    }
    let wanted = body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true));
    let chunks = completion.chunks(wanted);
    Ok(super::streamed(call, &served, &SSE, chunks))
}

/// An answer that is to be written.
struct Completion {
    reply: Reply,
    usage: Value,
    id: String,
    model: String,
    tier: String,
    context: Context,
}

impl Completion {
    fn name(&self, body: &mut Value) {
        body["id"] = json!(self.id);
        body["model"] = json!(self.model);
        body["service_tier"] = json!(self.tier);
        body["system_fingerprint"] = Value::Null;
    }

    fn whole(&self) -> Value {
        let mut body = openai::answer(&self.reply, &self.context);
        self.name(&mut body);
        body["usage"] = self.usage.clone();
        let choice = &mut body["choices"][0];
        choice["logprobs"] = Value::Null;
        choice["message"]["refusal"] = Value::Null;
        choice["message"]["annotations"] = json!([]);
        body
    }

    fn chunks(&self, with_usage: bool) -> Vec<Value> {
        let written = openai::events(&self.reply, &self.context);
        let mut chunks: Vec<Value> = written.into_iter().flat_map(in_pieces).collect();
        if let Some(first) = chunks.first_mut() {
            first["choices"][0]["delta"]["refusal"] = Value::Null;
        }
        for (index, chunk) in chunks.iter_mut().enumerate() {
            self.name(chunk);
            // Only the last has it, and who did not ask for it does not get it.
            let members = chunk.as_object_mut();
            let last = members.and_then(|members| members.remove("usage"));
            if with_usage {
                chunk["usage"] = last.map_or(Value::Null, |_| self.usage.clone());
            }
            let padding = stream::padding(ids::mix(self.context.seed ^ index as u64));
            chunk["obfuscation"] = json!(padding);
        }
        if let Some(mut last) = chunks.last().filter(|_| with_usage).cloned() {
            last["choices"] = json!([]);
            chunks.push(last);
        }
        chunks
    }
}

/// A chunk with a whole call of a tool, as the pieces in which it is streamed.
fn in_pieces(chunk: Value) -> Vec<Value> {
    let Some(arguments) = chunk
        .pointer("/choices/0/delta/tool_calls/0/function/arguments")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        return vec![chunk];
    };
    let mut start = chunk;
    let index = start["choices"][0]["delta"]["tool_calls"][0]["index"].clone();
    start["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"] = json!("");
    let pieces = tokens::split(&arguments).map(|piece| {
        let mut next = start.clone();
        next["choices"][0]["delta"] =
            json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]});
        next
    });
    let pieces: Vec<Value> = pieces.collect();
    [start].into_iter().chain(pieces).collect()
}

/// A reply as this API shows it: gpt-oss thinks aloud in its text, GPT and Grok keep their thoughts to themselves.
fn said(reply: &Reply, model: &str) -> Reply {
    let mut said = reply.clone();
    let aloud = model.contains("gpt-oss");
    let hidden = !aloud && (model.starts_with("openai.") || model.starts_with("xai."));
    let mut thoughts = String::new();
    said.blocks.retain_mut(|block| match block {
        Block::Reasoning { text, .. } if aloud => {
            thoughts = format!("<reasoning>{text}</reasoning>");
            false
        }
        Block::Reasoning { .. } => !hidden,
        _ => true,
    });
    if !thoughts.is_empty() {
        said.blocks.insert(0, Block::Text(thoughts));
    }
    let calls = said.blocks.iter_mut().filter_map(|block| match block {
        Block::ToolUse { id, .. } => Some(id),
        _ => None,
    });
    for (index, id) in calls.enumerate() {
        if id.starts_with(GENERATED_CALL_ID) {
            *id = format!("call_{index}");
        }
    }
    said
}

/// The usage: what came from the prompt cache or went into it is part of what was read.
fn usage(usage: &Usage, thinking: usize) -> Value {
    let read = usage.input + usage.cache_read + usage.cache_write;
    json!({
        "prompt_tokens": read,
        "completion_tokens": usage.output,
        "total_tokens": read + usage.output,
        "prompt_tokens_details": {
            "audio_tokens": 0,
            "cached_tokens": usage.cache_read,
            "cache_write_tokens": usage.cache_write,
        },
        "completion_tokens_details": {
            "accepted_prediction_tokens": 0,
            "audio_tokens": 0,
            "reasoning_tokens": thinking,
            "rejected_prediction_tokens": 0,
        },
    })
}
