//! How a target fares: shared by all routers of a process that call it with the same account.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use super::{
    breaker::Breaker,
    limiter::Limiter,
    options::{BreakerOptions, Limits},
    queue::Queue,
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
}

impl State {
    /// A target of which nothing is known yet.
    #[must_use]
    pub fn new(breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            breaker: Breaker::new(breaker.clone()),
            limiter: Limiter::new(limits),
            queue: Queue::default(),
        })
    }

    /// The one that all routers of this process share under `key`, which says whose target it is. Routers with other
    /// options have their own.
    #[must_use]
    pub fn shared(key: &str, breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        let key = format!("{} {key} {breaker:?} {limits:?}", std::process::id());
        let mut states = STATES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            states
                .entry(key)
                .or_insert_with(|| Self::new(breaker, limits)),
        )
    }
}

static STATES: LazyLock<Mutex<HashMap<String, Arc<State>>>> = LazyLock::new(Mutex::default);

/// Forgets what is shared; routers that are there keep theirs.
pub fn forget() {
    STATES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clear();
}
