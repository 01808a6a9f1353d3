//! What all retries of a router may cost together, so that they cannot become the load that keeps a Region down.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a retry after throttling takes.
pub const THROTTLED: u32 = 5;
/// What any other retry takes.
pub const FAILED: u32 = 14;
/// What a call that needed no retry gives.
pub const EARNED: u32 = 1;

/// A bucket of tokens, as AWS's SDKs have it: a retry takes some, success gives back.
#[derive(Debug)]
pub struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

impl Budget {
    /// A full bucket.
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Takes `cost`, if there is as much.
    pub fn take(&self, cost: u32) -> bool {
        self.tokens
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |tokens| {
                tokens.checked_sub(cost)
            })
            .is_ok()
    }

    /// Gives back, up to the capacity.
    pub fn give(&self, tokens: u32) {
        if self.left() == self.capacity {
            return;
        }
        // An update that always says something cannot fail.
        let _ = self
            .tokens
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |held| {
                Some(held.saturating_add(tokens).min(self.capacity))
            });
    }

    /// What is left.
    pub fn left(&self) -> u32 {
        self.tokens.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_lends_and_never_holds_more_than_its_capacity() {
        let mut random = fastrand::Rng::with_seed(6);
        for _ in 0..200 {
            let capacity = random.u32(0..600);
            let budget = Budget::new(capacity);
            let mut held = capacity;
            for _ in 0..300 {
                let tokens = random.u32(0..40);
                if random.bool() {
                    assert_eq!(budget.take(tokens), held >= tokens);
                    held = held.checked_sub(tokens).unwrap_or(held);
                } else {
                    budget.give(tokens);
                    held = (held + tokens).min(capacity);
                }
                assert_eq!(budget.left(), held);
            }
        }
    }
}
