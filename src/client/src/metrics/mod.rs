//! What the calls of a client add up to: counts, latencies and tokens by operation and outcome.
//!
//! A call takes a lock twice, for some tens of nanoseconds; nothing is handed to anybody until somebody asks.

mod histogram;
mod reuse;
mod running;
mod tokens;
mod usage;

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

pub use histogram::{BOUNDS, Histogram};
pub use reuse::Reuses;
pub use running::Running;
pub(crate) use tokens::told;
pub use usage::Usage;

/// How a call ended: `ok`, Bedrock's error code, or one of [`crate::error::Error::outcome`]'s words.
pub type Outcome = Cow<'static, str>;

/// What the calls of one operation with one outcome add up to.
#[derive(Clone, Default)]
pub struct Series {
    /// Calls.
    pub calls: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// From the call to its answer's last byte.
    pub latency: Histogram,
    /// From the call to a stream's first event.
    pub first_event: Histogram,
    /// Events of streams.
    pub events: u64,
    /// Tokens.
    pub usage: Usage,
}

/// What the calls of a client add up to.
#[derive(Default)]
pub struct Metrics {
    in_flight: AtomicU64,
    series: Mutex<HashMap<(&'static str, Outcome), Series>>,
    /// Answers out of a cache.
    pub cache: Reuses,
}

impl Metrics {
    /// Calls that are under way.
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// All that was counted so far, by operation and outcome, sorted by both.
    pub fn snapshot(&self) -> Vec<(&'static str, String, Series)> {
        let mut found: Vec<_> = self
            .series()
            .iter()
            .map(|((operation, outcome), series)| {
                (*operation, outcome.clone().into_owned(), series.clone())
            })
            .collect();
        found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        found
    }

    fn series(&self) -> MutexGuard<'_, HashMap<(&'static str, Outcome), Series>> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Metrics")
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}
