//! `InvokeModel`: a whole answer in the provider's own form.

use serde_json::Value;

use super::{Call, inference};
use crate::bodies::{self, Family};
use crate::error::ServiceError;
use crate::http::Answer;
use crate::targets::Target;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let target = inference::target(call)?;
    let body = bodies::read(&call.request.body)?;
    if target.model.embeds() {
        return embeddings(call, target, &body);
    }
    if target.model.reranks() {
        return rerank(call, target, &body);
    }
    let family = Family::of(&target.model, &body);
    let prompt = inference::body(call, &target, family, &body)?;
    let served = inference::serve(call, target, &prompt)?;
    let context = served.context(call);
    let mut written = family.answer(&served.reply, &context);
    if let Some(guarding) = &served.guarding {
        inference::note_guardrail(&mut written, guarding);
    }
    let answer = inference::whole(call, &served, &written);
    Ok(with_headers(call, answer, &served))
}

/// Vectors instead of words.
fn embeddings(call: &mut Call<'_>, target: Target, body: &Value) -> Result<Answer, ServiceError> {
    let wanted = bodies::embeddings::read(body, &target.model)?;
    let served = inference::serve(call, target, &wanted.prompt())?;
    let written = wanted.answer(&served.target.model.id, served.seed);
    let answer = inference::whole(call, &served, &written);
    Ok(with_headers(call, answer, &served))
}

/// An order instead of words.
fn rerank(call: &mut Call<'_>, target: Target, body: &Value) -> Result<Answer, ServiceError> {
    let wanted = bodies::rerank::read(body, &target.model.id)?;
    let served = inference::serve(call, target, &wanted.prompt())?;
    let answer = inference::whole(call, &served, &wanted.answer());
    Ok(with_headers(call, answer, &served))
}

/// The headers that tell usage and latency, and those that repeat what was asked for.
fn with_headers(call: &Call<'_>, answer: Answer, served: &inference::Served) -> Answer {
    let usage = served.reply.usage;
    let mut counts = vec![("x-amzn-bedrock-input-token-count", usage.input)];
    if !served.target.model.embeds() && !served.target.model.reranks() {
        counts.push(("x-amzn-bedrock-output-token-count", usage.output));
    }
    if usage.tells_cache {
        counts.push((
            "x-amzn-bedrock-cache-read-input-token-count",
            usage.cache_read,
        ));
        counts.push((
            "x-amzn-bedrock-cache-write-input-token-count",
            usage.cache_write,
        ));
    }
    let mut answer = answer.with_header(
        "x-amzn-bedrock-invocation-latency",
        &served.latency_milliseconds().to_string(),
    );
    for (name, count) in counts {
        answer = answer.with_header(name, &count.to_string());
    }
    for name in [
        "x-amzn-bedrock-performanceconfig-latency",
        "x-amzn-bedrock-service-tier",
    ] {
        if let Some(value) = call.request.header(name) {
            answer = answer.with_header(name, value);
        }
    }
    answer
}
