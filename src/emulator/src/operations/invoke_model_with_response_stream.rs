//! `InvokeModelWithResponseStream`: the provider's own events.

use serde_json::{Value, json};

use super::{Call, inference};
use crate::bodies::{self, Family, converse};
use crate::error::ServiceError;
use crate::http::Answer;
use crate::stream;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let target = inference::target(call)?;
    converse::needs_streaming(&target.model)?;
    let body = bodies::read(&call.request.body)?;
    let family = Family::of(&target.model, &body);
    let prompt = inference::body(call, &target, family, &body)?;
    let served = inference::serve(call, target, &prompt)?;
    let context = served.context(call);
    let mut events = family.events(&served.reply, &context);
    if let Some(guarding) = &served.guarding {
        for event in &mut events {
            inference::note_action(event, guarding);
        }
    }
    if let Some(last) = events.last_mut() {
        last["amazon-bedrock-invocationMetrics"] = metrics(&served);
        if let Some(guarding) = &served.guarding {
            inference::note_guardrail(last, guarding);
        }
    }
    let chunks = stream::chunks(&events, served.pace, served.seed);
    let answer = inference::streamed(
        call,
        &served,
        chunks,
        Value::Array(events),
        stream::CONTENT_TYPE,
    )
    .with_header("x-amzn-bedrock-content-type", "application/json");
    Ok(answer)
}

fn metrics(served: &inference::Served) -> Value {
    let usage = served.reply.usage;
    let first_byte = u64::try_from(served.first_byte.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let mut metrics = json!({
        "inputTokenCount": usage.input,
        "outputTokenCount": usage.output,
        "invocationLatency": served.latency_milliseconds(),
        "firstByteLatency": first_byte,
    });
    if usage.tells_cache {
        metrics["cacheReadInputTokenCount"] = json!(usage.cache_read);
        metrics["cacheWriteInputTokenCount"] = json!(usage.cache_write);
    }
    metrics
}
