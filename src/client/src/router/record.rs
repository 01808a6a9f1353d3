//! What became of a call: every target it was sent to, and how that went.

use std::{sync::Arc, time::Duration};

use super::{sticky::Affinity, target::Target};

/// The record of one call.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// In the order in which they were begun.
    pub attempts: Vec<Attempt>,
    /// From the call to the first event of a stream, or to a whole answer.
    pub first_event: Option<Duration>,
    /// Whether a second target was asked at the same time.
    pub hedged: bool,
    /// Why there was no further attempt after the last.
    pub stopped: Option<&'static str>,
    /// How long the call waited for room before it was sent.
    pub waited: Duration,
    /// The targets of next models that the call was not for, and why.
    pub passed_over: Vec<(Arc<Target>, String)>,
    /// The target whose answer was kept and given again; nothing was sent.
    pub reused: Option<Arc<Target>>,
    /// Whether the call's conversation is where it was, for a router that keeps them together.
    pub affinity: Option<Affinity>,
}

/// One request to one target.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Where it went.
    pub target: Arc<Target>,
    /// The error's name; `None` for an answer.
    pub error: Option<String>,
    /// The id under which AWS knows it.
    pub request_id: Option<String>,
    /// From the call to this.
    pub begun: Duration,
    /// How long it took, to the first event of a stream.
    pub duration: Duration,
    /// The pause before it.
    pub back_off: Duration,
}

impl Record {
    /// The target that answered, or else the last that was asked.
    #[must_use]
    pub fn last(&self) -> Option<&Arc<Target>> {
        let last = || self.attempts.last().map(|attempt| &attempt.target);
        self.answered().or_else(last)
    }

    /// The target that answered.
    #[must_use]
    pub fn answered(&self) -> Option<&Arc<Target>> {
        let attempt = self.attempts.iter().find(|attempt| attempt.error.is_none());
        attempt
            .map(|attempt| &attempt.target)
            .or(self.reused.as_ref())
    }
}
