//! What fits into a minute.

use std::time::Duration;

use serde::Deserialize;

use crate::clock::Instant;

/// A minute starts with the first call in it, not with the clock's: what a test may send does not depend on when it starts.
const LENGTH: Duration = Duration::from_mins(1);

/// Limits for one minute; nothing means no limit.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Limits {
    /// Calls.
    pub requests: Option<u64>,
    /// Input tokens and reserved output tokens.
    pub tokens: Option<u64>,
}

impl Limits {
    /// Whether anything is limited.
    #[must_use]
    pub fn any(&self) -> bool {
        self.requests.is_some() || self.tokens.is_some()
    }

    /// What is used up (`requests` or `tokens`) when a call of that many tokens has no room.
    pub(super) fn refusal(
        &self,
        window: Option<&Window>,
        tokens: u64,
        now: Instant,
    ) -> Option<&'static str> {
        let (requests, taken) = window.map_or((0, 0), |window| window.counts(now));
        if self.requests.is_some_and(|limit| requests >= limit) {
            return Some("requests");
        }
        self.tokens
            .is_some_and(|limit| taken + tokens > limit)
            .then_some("tokens")
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    started: Option<Instant>,
    requests: u64,
    tokens: u64,
}

impl Window {
    fn counts(&self, now: Instant) -> (u64, u64) {
        match self.started {
            Some(started) if now.since(started) < LENGTH => (self.requests, self.tokens),
            _ => (0, 0),
        }
    }

    pub fn take(&mut self, tokens: u64, now: Instant) {
        if self
            .started
            .is_none_or(|started| now.since(started) >= LENGTH)
        {
            *self = Self {
                started: Some(now),
                requests: 0,
                tokens: 0,
            };
        }
        self.requests += 1;
        self.tokens += tokens;
    }

    pub fn settle(&mut self, reserved: u64, used: u64, placed_at: Instant) {
        if self.started.is_some_and(|started| started <= placed_at) {
            self.tokens = (self.tokens + used).saturating_sub(reserved);
        }
    }
}
