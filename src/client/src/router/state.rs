//! How a target fares: shared by all routers of a process that call it with the same account.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use super::{
    breaker::Breaker,
    limiter::Limiter,
    options::{BreakerOptions, Limits},
    queue::Queue,
    tenants::{States, Tenancy},
};

/// What is known of one target.
#[derive(Debug)]
pub struct State {
    /// Whether it is left alone.
    pub breaker: Breaker,
    /// What it is given to do at once.
    pub limiter: Limiter,
    /// The calls that wait for room in it.
    pub(super) queue: Queue,
    /// How it fares for those whose calls bring credentials of their own.
    pub(super) tenants: States,
}

impl State {
    /// A target of which nothing is known yet.
    #[must_use]
    pub fn new(breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        Self::with(breaker, limits, Tenancy::All)
    }

    pub(super) fn with(breaker: &BreakerOptions, limits: &Limits, tenancy: Tenancy) -> Arc<Self> {
        Arc::new(Self {
            breaker: Breaker::new(breaker.clone()),
            limiter: Limiter::new(limits),
            queue: Queue::default(),
            tenants: States::new(breaker, limits, tenancy),
        })
    }

    /// The one that all routers of this process share under `key`, which says whose target it is. Routers with other
    /// options have their own.
    #[must_use]
    pub fn shared(key: &str, breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        let key = format!("{} {key} {breaker:?} {limits:?}", std::process::id());
        let mut shared = shared();
        shared.asked += 1;
        let asked = shared.asked;
        let (last, state) = shared
            .states
            .entry(key)
            .or_insert_with(|| (asked, Self::new(breaker, limits)));
        *last = asked;
        let state = Arc::clone(state);
        shared.shrink();
        state
    }
}

/// States that no router has, kept at most: a program that makes a router for each request learns from all of them.
const KEPT: usize = 1000;

/// What is shared, and when it was asked for last.
#[derive(Default)]
struct Shared {
    states: HashMap<String, (u64, Arc<State>)>,
    asked: u64,
    /// From this size on it is looked at.
    limit: usize,
}

impl Shared {
    /// Lets go of those that no router has, the longest unused first, where there are too many.
    fn shrink(&mut self) {
        if self.states.len() <= self.limit.max(KEPT) {
            return;
        }
        let idle = |state: &Arc<State>| Arc::strong_count(state) == 1;
        let mut unused: Vec<u64> = self
            .states
            .values()
            .filter(|(_, state)| idle(state))
            .map(|(last, _)| *last)
            .collect();
        unused.sort_unstable();
        let gone = unused.len().saturating_sub(KEPT / 2);
        let from = unused.get(gone).copied().unwrap_or(u64::MAX);
        self.states
            .retain(|_, (last, state)| *last >= from || !idle(state));
        // Looked at again when as many have come as may be kept.
        self.limit = self.states.len() + KEPT / 2;
    }
}

static SHARED: LazyLock<Mutex<Shared>> = LazyLock::new(Mutex::default);

fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets what is shared; routers that are there keep theirs.
pub fn forget() {
    *shared() = Shared::default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_router_has_is_forgotten_in_the_end() {
        let of = |key: &str| State::shared(key, &BreakerOptions::default(), &Limits::default());
        let held = of("held");
        for number in 0..5 * KEPT {
            drop(of(&number.to_string()));
            assert!(shared().states.len() <= 2 * KEPT + 1);
        }
        assert!(Arc::ptr_eq(&held, &of("held")));
        let last = (5 * KEPT - 1).to_string();
        let state = Arc::as_ptr(&of(&last));
        assert_eq!(state, Arc::as_ptr(&of(&last)));
        assert!(!shared().states.keys().any(|key| key.contains(" 17 ")));
    }
}
