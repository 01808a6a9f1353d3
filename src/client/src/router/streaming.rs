//! Streams: which of their events are a delta, and what becomes of them after the first.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{
    classify, core::Reservation, demand::Guess, pins::may_bind, record::Record, tenants::Tenants,
    used::Used,
};
use crate::{
    apis,
    error::Error,
    metrics::{Running, told},
    stream::{Event, Watch, chunk_json},
};

/// Whether an event brings a part of the answer. Until one has been handed out, a stream can begin anew elsewhere.
pub(super) fn is_delta(event: &Event) -> bool {
    match event.kind.as_str() {
        "messageStart" | "contentBlockStart" | apis::OPENING => false,
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
    /// Whose quotas the call uses, where it brings credentials of its own.
    pub(super) tenants: Tenants,
    pub(super) held: Reservation,
    /// The call as its caller sees it; the stream itself counts the attempt.
    pub(super) running: Running,
    pub(super) record: Arc<Record>,
    pub(super) guess: Guess,
    pub(super) used: Option<Used>,
    /// Whether calls can go on with the answer.
    pub(super) binds: bool,
}

impl Watched {
    fn give_back(&mut self, throttled: bool) {
        let used = self
            .used
            .and_then(|used| self.held.taken(&self.guess, used));
        self.held.release(used, throttled);
    }
}

impl Watch for Watched {
    fn seen(&mut self, events: &[Event]) {
        self.running.arrived(events);
        if self.binds {
            let may = |event: &&Event| may_bind(event);
            for event in events.iter().filter(may) {
                self.held
                    .gave(|| apis::said_in_answer(&apis::data(&event.payload)));
            }
        }
        if !self.held.counts_tokens() {
            return;
        }
        for event in events {
            let used = match event.kind.as_str() {
                "metadata" => Used::of_usage(&event.payload),
                "chunk" => Used::of_chunk(&event.payload),
                apis::USAGE | apis::END => told(&event.payload).0.map(Used::from),
                _ => None,
            };
            self.used = used.or(self.used);
        }
    }

    fn failed(&mut self, error: Error) -> Error {
        self.running.failed(&error);
        let (kind, name) = (classify::kind(&error), error.name());
        let passes_denied = self.held.core.options.pass_denied;
        if let Some(outcome) = classify::outcome(kind, &name, passes_denied) {
            self.held.report_again(outcome);
        }
        if kind == classify::Kind::DailyQuota {
            let core = Arc::clone(&self.held.core);
            core.exhaust(&self.held.target, &self.tenants);
        }
        self.give_back(kind.is_throttling());
        Error::Routed {
            error: Box::new(error),
            record: Arc::clone(&self.record),
        }
    }

    fn ended(&mut self) {
        self.running.done();
        self.give_back(false);
    }
}

/// How late a stream may be, from its deadline.
pub(super) fn left(
    held: &Reservation,
    started: std::time::Instant,
) -> Option<(Duration, Duration)> {
    let total = held.core.options.total?;
    let deadline = started + total;
    Some((
        deadline.saturating_duration_since(held.core.clock.now()),
        total,
    ))
}
