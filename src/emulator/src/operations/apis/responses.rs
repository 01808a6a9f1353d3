//! `OpenAI`'s responses, as recorded in September 2026: no `event:` lines, a number in each event, and kept unless told otherwise.

use serde_json::{Value, json};

use super::output::{Item, Output};
use super::{Api, encrypted, errors, stored};
use crate::bodies::responses as body_of;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::model::{Reply, StopReason};
use crate::operations::{Call, inference};
use crate::stream::{self, Sse};

const SSE: Sse = Sse {
    named: false,
    done: true,
    failing: errors::in_response,
};

/// Members of a request that its response repeats, and what stands there otherwise.
fn usual() -> Value {
    json!({
        "background": false,
        "completed_at": null,
        "error": null,
        "frequency_penalty": 0.0,
        "incomplete_details": null,
        "instructions": null,
        "max_output_tokens": null,
        "max_tool_calls": null,
        "metadata": {},
        "moderation": null,
        "parallel_tool_calls": true,
        "presence_penalty": 0.0,
        "previous_response_id": null,
        "prompt_cache_key": null,
        "reasoning": {"effort": "medium", "summary": null},
        "safety_identifier": null,
        "service_tier": "default",
        "store": true,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 0.98,
        "truncation": "disabled",
        "user": null,
    })
}

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut body = super::read(call, Api::Responses)?;
    let target = super::target(call, Api::Responses)?;
    let keeps = stored::wished(call, &body)?;
    if body.get("input").is_some_and(|input| !input.is_null()) {
        let mut items = stored::before(call, &body)?;
        items.extend(body_of::items(&body)?);
        body["input"] = Value::Array(items);
    }
    let origins = origins(&body)?;
    let mut prompt = super::prompt(call, Api::Responses, &target, &body)?;
    let grok = target.model.id.starts_with("xai.");
    prompt.reasoning |= grok;
    let served = inference::serve(call, target, &prompt)?;
    let region = call.notes.entry.serving_region.clone().unwrap_or_default();
    if origins.iter().any(|origin| *origin != region) {
        call.notes.settlement.tokens = 0;
        return Err(encrypted::elsewhere());
    }
    // Grok's thoughts always come along, sealed; a GPT's come when they are asked for, those of GPT 5.6 Sol never.
    let wished = body["include"]
        .as_array()
        .is_some_and(|wishes| wishes.iter().any(|it| it == "reasoning.encrypted_content"));
    let sol = served.target.model.id.contains("gpt-5.6-sol");
    let output = Output {
        body: &body,
        seals_for: (grok || (wished && !sol)).then_some(region.as_str()),
        seed: served.seed,
    };
    let items = output.items(&served.reply);
    let response = Response {
        start: start(call, &body, keeps),
        items: &items,
        reply: &served.reply,
    };
    let done = response.done();
    if keeps {
        let mut all = body["input"].as_array().cloned().unwrap_or_default();
        all.extend(items.iter().map(Item::whole));
        stored::keep(call, &done, all);
    }
    if !call.streams {
        return Ok(inference::whole(call, &served, &done));
    }
    let events = response.events(served.seed, &done);
    Ok(super::streamed(call, &served, &SSE, events))
}

/// The Regions whose sealed reasoning a body brings along.
fn origins(body: &Value) -> Result<Vec<String>, ServiceError> {
    let items = body["input"].as_array().into_iter().flatten();
    items
        .filter(|item| item["type"] == "reasoning")
        .filter_map(|item| item.get("encrypted_content")?.as_str())
        .map(encrypted::origin)
        .collect()
}

/// A response that has just been begun.
fn start(call: &Call<'_>, body: &Value, keeps: bool) -> Value {
    let mut response = usual();
    if let Some(members) = response.as_object_mut() {
        for (member, value) in members {
            match (body.get(member.as_str()), value) {
                (Some(given), Value::Object(usual)) if given.is_object() => {
                    for (name, value) in given.as_object().into_iter().flatten() {
                        usual.insert(name.clone(), value.clone());
                    }
                }
                (Some(given), value) if !given.is_null() => *value = given.clone(),
                _ => {}
            }
        }
    }
    let id = ids::lower_case(call.service.ids.number(), 52);
    response["id"] = json!(format!("resp_{id}"));
    response["object"] = json!("response");
    response["created_at"] = json!(call.now.epoch_seconds());
    response["model"] = json!(call.text("modelId"));
    response["status"] = json!("in_progress");
    response["store"] = json!(keeps);
    response["output"] = json!([]);
    response["usage"] = Value::Null;
    response
}

/// A response that is to be written.
struct Response<'a> {
    start: Value,
    items: &'a [Item],
    reply: &'a Reply,
}

impl Response<'_> {
    /// The whole of it.
    fn done(&self) -> Value {
        let mut response = self.start.clone();
        response["output"] = self.items.iter().map(Item::whole).collect();
        if self.reply.stop_reason == StopReason::MaxTokens {
            response["status"] = json!("incomplete");
            response["incomplete_details"] = json!({"reason": "max_output_tokens"});
        } else {
            response["status"] = json!("completed");
            response["completed_at"] = response["created_at"].clone();
        }
        let usage = &self.reply.usage;
        let read = usage.input + usage.cache_read + usage.cache_write;
        response["usage"] = json!({
            "input_tokens": read,
            "input_tokens_details": {
                "cached_tokens": usage.cache_read,
                "cache_write_tokens": usage.cache_write,
            },
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": self.reply.thinking_tokens()},
            "total_tokens": read + usage.output,
        });
        response
    }

    /// Its events.
    fn events(&self, seed: u64, done: &Value) -> Vec<Value> {
        let mut events = vec![
            json!({"type": "response.created", "response": self.start}),
            json!({"type": "response.in_progress", "response": self.start}),
        ];
        for (index, item) in self.items.iter().enumerate() {
            events.extend(item.events(index));
        }
        let status = done["status"].as_str().unwrap_or_default();
        events.push(json!({"type": format!("response.{status}"), "response": done}));
        for (number, event) in events.iter_mut().enumerate() {
            event["sequence_number"] = json!(number);
            if event.get("delta").is_some() {
                event["obfuscation"] = json!(stream::padding(ids::mix(seed ^ number as u64)));
            }
        }
        events
    }
}
