//! What happens once an answer is on its way out: the journal, capacity and the invocation log learn how it went.

use std::sync::{Arc, Mutex};

use crate::invocation_log::Record;
use crate::journal::Outcome;
use crate::regions::Placement;
use crate::service::Service;

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

/// Settles a call exactly once: when told how it went, or as abandoned when it is dropped.
pub struct Completion {
    service: Arc<Service>,
    sequence: u64,
    settlement: Mutex<Option<Settlement>>,
}

impl std::fmt::Debug for Completion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Completion")
            .field("sequence", &self.sequence)
            .finish_non_exhaustive()
    }
}

impl Completion {
    /// A completion for the request with that number in the journal.
    #[must_use]
    pub fn new(service: Arc<Service>, sequence: u64, settlement: Settlement) -> Arc<Self> {
        Arc::new(Self {
            service,
            sequence,
            settlement: Mutex::new(Some(settlement)),
        })
    }

    /// Tells how the call went; only the first word counts.
    pub fn finish(&self, outcome: Outcome) {
        let Some(settlement) = crate::lock(&self.settlement).take() else {
            return;
        };
        if let Some(placement) = &settlement.placement {
            self.service.regions.settle(placement, settlement.tokens);
        }
        self.service.journal.end(self.sequence, outcome);
        if let Some(record) = &settlement.record {
            self.service.invocation_log.deliver(record);
        }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        self.finish(Outcome::Abandoned);
    }
}
