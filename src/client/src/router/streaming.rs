//! Streams: which of their events are a delta, and what becomes of them after the first.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{classify, core::Held, record::Record};
use crate::{
    call::Answer,
    error::Error,
    metrics::Running,
    stream::{Event, Watch, chunk_json},
};

/// Whether an event brings a part of the answer. Until one has been handed out, a stream can begin anew elsewhere.
pub(super) fn is_delta(event: &Event) -> bool {
    match event.kind.as_str() {
        "messageStart" | "contentBlockStart" => false,
        "chunk" => !opens(&event.payload).unwrap_or(false),
        _ => true,
    }
}

/// Whether a chunk of `InvokeModelWithResponseStream` only opens the answer: each family of models has words of its own.
fn opens(payload: &[u8]) -> Option<bool> {
    let body = chunk_json(payload)?;
    let kind = body.get("type").and_then(Value::as_str);
    Some(
        kind.is_some_and(|kind| kind.ends_with("_start") || kind == "ping")
            || body.get("messageStart").is_some()
            || body.get("contentBlockStart").is_some(),
    )
}

/// Watches a stream that has begun, for its target's sake.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) held: Held,
    /// The call as its caller sees it; the stream itself counts the attempt.
    pub(super) running: Running,
    pub(super) record: Arc<Record>,
    pub(super) used: Option<f64>,
}

impl Watch for Watched {
    fn seen(&mut self, events: &[Event]) {
        self.running.arrived(events);
        let Some(burndown) = self.held.counts_tokens() else {
            return;
        };
        for event in events {
            let used = match event.kind.as_str() {
                "metadata" => tokens(&event.payload, burndown),
                "chunk" => chunk_json(&event.payload).and_then(|body| counted(&body, burndown)),
                _ => None,
            };
            self.used = used.or(self.used);
        }
    }

    fn failed(&mut self, error: Error) -> Error {
        self.running.failed(&error);
        let (kind, name) = (classify::kind(&error), classify::name(&error));
        let passes_denied = self.held.core.options.pass_denied;
        if let Some(outcome) = classify::outcome(kind, &name, passes_denied) {
            self.held.report_again(outcome);
        }
        self.held.release(self.used, kind.is_throttling());
        Error::Routed {
            error: Box::new(error),
            record: Arc::clone(&self.record),
        }
    }

    fn ended(&mut self) {
        self.running.done();
        self.held.release(self.used, false);
    }
}

/// The tokens of a quota that a whole answer took: its `usage`, or what Bedrock's headers say of a model with other words
/// for it. `burndown` is what one token of the answer takes.
pub(super) fn used(answer: &Answer, burndown: f64) -> Option<f64> {
    let header = |name: &str| answer.head.header(name)?.parse().ok();
    tokens(&answer.body, burndown).or_else(|| {
        sum([
            header("x-amzn-bedrock-input-token-count"),
            header("x-amzn-bedrock-output-token-count").map(|output: f64| output * burndown),
            header("x-amzn-bedrock-cache-write-input-token-count"),
        ])
    })
}

/// The same of the `usage` in an answer. Cached reads are not counted, as quotas do not count them.
fn tokens(json: &[u8], burndown: f64) -> Option<f64> {
    let value: Value = serde_json::from_slice(json).ok()?;
    let usage = value.get("usage")?;
    let count = |names: [&str; 2]| names.iter().find_map(|name| usage.get(name)?.as_f64());
    sum([
        count(["inputTokens", "input_tokens"]),
        count(["outputTokens", "output_tokens"]).map(|output| output * burndown),
        count(["cacheWriteInputTokens", "cache_creation_input_tokens"]),
    ])
}

/// The same of what Bedrock counts in the last chunk of a model's own stream.
fn counted(body: &Value, burndown: f64) -> Option<f64> {
    let metrics = body.get("amazon-bedrock-invocationMetrics")?;
    let count = |name: &str| metrics.get(name)?.as_f64();
    sum([
        count("inputTokenCount"),
        count("outputTokenCount").map(|output| output * burndown),
        count("cacheWriteInputTokenCount"),
    ])
}

/// The sum of what is known; `None` where nothing is. A server may say any number: what no answer can have taken is none.
fn sum(counts: [Option<f64>; 3]) -> Option<f64> {
    const MOST: f64 = 1e12;
    let counts = counts.map(|count| count.filter(|it| (0.0..=MOST).contains(it)));
    let known = counts.iter().any(Option::is_some);
    known.then(|| counts.into_iter().flatten().sum())
}

/// How late a stream may be, from its deadline.
pub(super) fn left(held: &Held, started: std::time::Instant) -> Option<(Duration, Duration)> {
    let total = held.core.options.total?;
    let deadline = started + total;
    Some((
        deadline.saturating_duration_since(held.core.clock.now()),
        total,
    ))
}
