//! `ConverseStream`: the same answer in events.

use serde_json::json;

use super::converse::{add_common, response_fields};
use super::{Call, inference};
use crate::bodies::converse;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::stream;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let target = inference::target(call)?;
    converse::needs_streaming(&target.model)?;
    let prompt = inference::conversation(call, &target)?;
    let served = inference::serve(call, target, &prompt)?;
    let mut stop = json!({"stopReason": served.reply.stop_reason.name()});
    if let Some(fields) = response_fields(call, &served) {
        stop["additionalModelResponseFields"] = fields;
    }
    let mut metadata = json!({
        "metrics": {"latencyMs": served.latency_milliseconds()},
        "usage": served.reply.usage.converse(),
    });
    add_common(call, &served, &mut metadata);
    let mut logged = converse::answer(&served.reply, &served.target.model);
    logged["metrics"] = metadata["metrics"].clone();
    let written = stream::Converse {
        reply: &served.reply,
        typed_calls: served.target.model.is_newer_claude(),
        stop: &stop,
        metadata: &metadata,
    };
    let script = call.notes.effects.reply.as_ref();
    let events = match script.and_then(|reply| reply.events.as_deref()) {
        Some(given) => stream::scripted(given, served.pace, served.seed),
        None => written.events(served.pace, served.seed),
    };
    Ok(inference::streamed(
        call,
        &served,
        events,
        logged,
        stream::CONTENT_TYPE,
    ))
}
