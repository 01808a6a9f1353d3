//! What is settled once an answer is on its way out, however it goes.

use std::sync::{Arc, Mutex};

use crate::invocation_log::Record;
use crate::journal::Outcome;
use crate::regions::Placement;

/// What is settled when an answer ends.
#[derive(Debug, Default)]
pub struct Settlement {
    /// The room that the call held.
    pub placement: Option<Placement>,
    /// The tokens it really took.
    pub tokens: u64,
    /// Its record in the invocation log.
    pub record: Option<Record>,
}

/// What is done with it.
type Settle = dyn Fn(&Settlement, Outcome) + Send + Sync;

/// Settles a call exactly once: when it is said how it went, or as abandoned when it is dropped.
pub struct Completion {
    settlement: Mutex<Option<Settlement>>,
    settle: Box<Settle>,
}

impl std::fmt::Debug for Completion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Completion")
            .field("settlement", &self.settlement)
            .finish_non_exhaustive()
    }
}

impl Completion {
    /// A completion of a call, and what it does.
    #[must_use]
    pub fn new(
        settlement: Settlement,
        settle: impl Fn(&Settlement, Outcome) + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            settlement: Mutex::new(Some(settlement)),
            settle: Box::new(settle),
        })
    }

    /// Says how the call went; only the first word counts.
    pub fn finish(&self, outcome: Outcome) {
        if let Some(settlement) = crate::lock(&self.settlement).take() {
            (self.settle)(&settlement, outcome);
        }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        self.finish(Outcome::Abandoned);
    }
}
