//! One call while it is under way.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::Value;

use super::{Metrics, Outcome, Usage, tokens};
use crate::{
    apis,
    call::{Answer, Call, Head},
    error::Error,
    observation::Observation,
    stream::Event,
};

/// One call while it is under way. Dropped before its end, it counts as `abandoned`: cancelled, or a stream that nobody
/// read to its end.
#[derive(Debug)]
pub struct Running {
    /// Among whose calls under way it is.
    under_way: Arc<Metrics>,
    /// Where it is counted when it has ended.
    metrics: Arc<Metrics>,
    observation: Option<Arc<Observation>>,
    operation: &'static str,
    started: Instant,
    attempts: u32,
    first_event: Option<Duration>,
    events: u64,
    usage: Usage,
    last: Option<Bytes>,
    /// A stream has brought all that it had to.
    complete: bool,
    ended: bool,
}

impl Running {
    /// A call begins, to be counted where it says, or else in `metrics`.
    #[must_use]
    pub fn of(call: &Call, metrics: &Arc<Metrics>) -> Self {
        let metrics = call.metrics.as_ref().unwrap_or(metrics);
        let mut running = Self::start(metrics, call.operation.name);
        running.observation.clone_from(&call.observation);
        running
    }

    /// A call begins.
    #[must_use]
    pub fn start(metrics: &Arc<Metrics>, operation: &'static str) -> Self {
        metrics.in_flight.fetch_add(1, Ordering::Relaxed);
        Self {
            under_way: Arc::clone(metrics),
            metrics: Arc::clone(metrics),
            observation: None,
            operation,
            started: Instant::now(),
            attempts: 1,
            first_event: None,
            events: 0,
            usage: Usage::default(),
            last: None,
            complete: false,
            ended: false,
        }
    }

    /// The call has its whole answer, or none.
    pub fn answered(mut self, answer: &Result<Answer, Error>) {
        match answer {
            Ok(answer) => {
                self.begun(&answer.head);
                self.usage = answer.usage;
                self.end("ok".into());
            }
            Err(error) => self.failed(error),
        }
    }

    /// A stream began.
    pub fn begun(&mut self, head: &Head) {
        self.attempts = head.attempts;
    }

    /// So many attempts were made.
    pub(crate) fn tried(&mut self, attempts: u32) {
        self.attempts = attempts;
    }

    /// It is counted there when it has ended.
    pub(crate) fn counts_in(&mut self, metrics: Arc<Metrics>) {
        self.metrics = metrics;
    }

    /// A stream's first event is here.
    pub(crate) fn first(&mut self) {
        let first = *self
            .first_event
            .get_or_insert_with(|| self.started.elapsed());
        if let Some(observation) = &self.observation {
            observation.seen().first_event = Some(first);
        }
    }

    /// Events arrived.
    pub fn arrived(&mut self, events: &[Event]) {
        let Some(last) = events.last() else { return };
        if self.first_event.is_none() {
            self.first();
        }
        self.events += events.len() as u64;
        if let Some(metadata) = events.iter().find(|event| event.kind == "metadata") {
            self.usage.add(Usage::of_body(&metadata.payload));
        }
        if let Some(observation) = &self.observation
            && let Some(stop) = events.iter().find(|event| event.kind == "messageStop")
        {
            let json: Value = serde_json::from_slice(&stop.payload).unwrap_or_default();
            let reason = json.get("stopReason").and_then(Value::as_str);
            observation.seen().stop_reason = reason.map(str::to_owned);
        }
        for event in events
            .iter()
            .filter(|it| matches!(&*it.kind, apis::USAGE | apis::END))
        {
            self.told(event);
        }
        // The measurements of InvokeModel's stream stand in its last chunk, whichever that will be.
        self.last = (last.kind == "chunk").then(|| last.payload.clone());
    }

    /// What an event of the other APIs says of the whole: the last word counts, since each says it all.
    fn told(&mut self, event: &Event) {
        self.complete |= event.kind == apis::END;
        let (usage, reason) = tokens::told(&event.payload);
        self.usage = usage.unwrap_or(self.usage);
        if let (Some(observation), Some(reason)) = (&self.observation, reason) {
            observation.seen().stop_reason = Some(reason);
        }
    }

    /// A stream came to its end.
    pub fn done(&mut self) {
        if let Some(chunk) = self.last.take() {
            self.usage.add(Usage::of_chunk(&chunk));
        }
        self.end("ok".into());
    }

    /// The call failed.
    pub fn failed(&mut self, error: &Error) {
        if let Error::Routed { record, .. } = error {
            self.attempts = u32::try_from(record.attempts.len()).unwrap_or(u32::MAX);
        }
        self.end(error.outcome());
    }

    fn end(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let elapsed = self.started.elapsed();
        self.under_way.in_flight.fetch_sub(1, Ordering::Relaxed);
        if let Some(observation) = &self.observation {
            observation.seen().usage = self.usage;
        }
        let milliseconds = elapsed.as_secs_f64() * 1e3;
        let (operation, attempts) = (self.operation, self.attempts);
        if outcome == "ok" && attempts > 1 {
            tracing::info!(target: "outcrop::client", "{operation} was answered after {attempts} attempts in {milliseconds:.1} ms");
        } else {
            tracing::debug!(target: "outcrop::client", "{operation} ended in {milliseconds:.1} ms: {outcome}");
        }
        let mut all = self.metrics.series();
        let series = all.entry((self.operation, outcome)).or_default();
        series.calls += 1;
        series.retries += u64::from(self.attempts.saturating_sub(1));
        series.latency.add(elapsed);
        if let Some(first) = self.first_event {
            series.first_event.add(first);
        }
        series.events += self.events;
        series.usage.add(self.usage);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let outcome = if self.complete { "ok" } else { "abandoned" };
        self.end(outcome.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, payload: &'static [u8]) -> Event {
        Event {
            kind: kind.to_owned(),
            payload: Bytes::from_static(payload),
        }
    }

    #[test]
    fn a_whole_answer_is_counted_once_with_its_tokens_and_retries() {
        let metrics = Arc::new(Metrics::default());
        let running = Running::start(&metrics, "Converse");
        assert_eq!(metrics.in_flight(), 1);
        let head = Head {
            attempts: 3,
            ..Head::default()
        };
        let usage = Usage {
            input: 2,
            output: 3,
            ..Usage::default()
        };
        let body = Bytes::new();
        running.answered(&Ok(Answer { head, body, usage }));
        assert_eq!(metrics.in_flight(), 0);
        let [(operation, outcome, series)] = &metrics.snapshot()[..] else {
            panic!("one series")
        };
        assert_eq!((*operation, outcome.as_str()), ("Converse", "ok"));
        assert_eq!((series.calls, series.retries), (1, 2));
        assert_eq!((series.usage.input, series.usage.output), (2, 3));
    }

    #[test]
    fn a_stream_counts_its_events_and_ends_once() {
        let metrics = Arc::new(Metrics::default());
        let mut running = Running::start(&metrics, "ConverseStream");
        running.arrived(&[
            event("messageStart", b"{}"),
            event("contentBlockDelta", b"{}"),
        ]);
        running.arrived(&[event("metadata", br#"{"usage":{"outputTokens":7}}"#)]);
        running.done();
        running.failed(&Error::NoCredentials);
        drop(running);
        let [(_, outcome, series)] = &metrics.snapshot()[..] else {
            panic!("one series")
        };
        assert_eq!((outcome.as_str(), series.calls), ("ok", 1));
        assert_eq!((series.events, series.usage.output), (3, 7));
        assert!(series.first_event.quantile(0.5).is_some());
    }

    #[test]
    fn a_call_that_nobody_waits_for_is_abandoned() {
        let metrics = Arc::new(Metrics::default());
        drop(Running::start(&metrics, "Converse"));
        let mut failed = Running::start(&metrics, "Converse");
        failed.failed(&Error::NoCredentials);
        drop(failed);
        let outcomes: Vec<_> = metrics.snapshot().into_iter().map(|it| it.1).collect();
        assert_eq!(outcomes, ["abandoned", "no_credentials"]);
        assert_eq!(metrics.in_flight(), 0);
    }

    #[test]
    fn a_call_is_under_way_where_it_began_and_counted_where_it_ended() {
        let (began, ended) = (Arc::new(Metrics::default()), Arc::new(Metrics::default()));
        let mut running = Running::start(&began, "ConverseStream");
        running.counts_in(Arc::clone(&ended));
        assert_eq!((began.in_flight(), ended.in_flight()), (1, 0));
        running.done();
        assert_eq!((began.in_flight(), ended.in_flight()), (0, 0));
        assert!(began.snapshot().is_empty());
        assert_eq!(ended.snapshot().len(), 1);
    }

    #[test]
    fn who_observes_a_stream_learns_its_first_event_its_tokens_and_why_it_stopped() {
        let observation = Arc::new(Observation::default());
        let mut running = Running::start(&Arc::new(Metrics::default()), "ConverseStream");
        running.observation = Some(Arc::clone(&observation));
        running.arrived(&[
            event("messageStart", b"{}"),
            event("messageStop", br#"{"stopReason":"end_turn"}"#),
            event("metadata", br#"{"usage":{"outputTokens":7}}"#),
        ]);
        assert!(observation.seen().first_event.is_some());
        running.done();
        let seen = observation.seen().clone();
        assert_eq!(seen.stop_reason.as_deref(), Some("end_turn"));
        assert_eq!(seen.usage.output, 7);
    }
}
