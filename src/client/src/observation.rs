//! What somebody who traces a call learns of it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{metrics::Usage, router::record::Record};

/// One request of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The Region whose endpoint was asked.
    pub region: String,
    /// What was sent as `modelId`.
    pub model_id: String,
    /// The error's name; `None` for an answer.
    pub error: Option<String>,
    /// The id under which AWS knows it.
    pub request_id: Option<String>,
    /// From the call to this.
    pub begun: Duration,
    /// How long it took, to the head of an answer or the first delta of a router's stream.
    pub duration: Duration,
    /// The pause before it.
    pub back_off: Duration,
}

/// What is seen of one call while it is under way.
#[derive(Debug, Default)]
pub struct Observation(Mutex<Seen>);

/// What has been seen up to now.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// All attempts where there was more than one, or one that failed; none otherwise.
    pub attempts: Vec<Attempt>,
    /// From the call to a stream's first event.
    pub first_event: Option<Duration>,
    /// Tokens, as a stream tells them.
    pub usage: Usage,
    /// Why a stream of Converse stopped.
    pub stop_reason: Option<String>,
}

impl Observation {
    /// What has been seen up to now.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a router did.
    pub(crate) fn routed(&self, record: &Record) {
        let of = |attempt: &crate::router::record::Attempt| Attempt {
            region: attempt.target.source.region.clone(),
            model_id: attempt.target.model_id.clone(),
            error: attempt.error.clone(),
            request_id: attempt.request_id.clone(),
            begun: attempt.begun,
            duration: attempt.duration,
            back_off: attempt.back_off,
        };
        self.seen().attempts = record.attempts.iter().map(of).collect();
    }
}
