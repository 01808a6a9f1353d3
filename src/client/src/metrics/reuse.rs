//! Answers out of a cache, which are no calls to Bedrock.

use std::sync::atomic::{AtomicU64, Ordering};

/// How often a cache had an answer, and how often not.
#[derive(Default)]
pub struct Reuses {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Reuses {
    /// An answer was given again, or shared with a call that was under way.
    pub fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    /// There was none.
    pub fn missed(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// Hits and misses up to now.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (
            self.hits.load(Ordering::Relaxed),
            self.misses.load(Ordering::Relaxed),
        )
    }
}
