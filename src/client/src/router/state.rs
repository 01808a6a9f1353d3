//! How a target fares: shared by all routers of a process that call it with the same account.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use super::{
    assignments,
    breaker::{Breaker, Change},
    day::Day,
    lending::{Borrower, Drawn},
    limiter::Limiter,
    options::{BreakerOptions, Limits},
    queue::Queue,
    tenants::{States, Tenancy},
};
use crate::identity::Who;

/// Room at a quota: targets that draw on one quota share it.
#[derive(Debug)]
pub struct Gate {
    /// What is given to do at once.
    pub limiter: Limiter,
    /// The calls that wait for room.
    pub(super) queue: Arc<Queue>,
    /// On what it draws, where processes share it.
    pub(super) drawn: Option<(Drawn, String)>,
}

impl Gate {
    /// Room that processes share, if they are to and it is known on what it draws: whose that is, and what.
    pub(super) fn new(limits: &Limits, drawn: Option<(Drawn, String)>) -> Self {
        let queue = Arc::<Queue>::default();
        let borrower = limits.shared.as_ref().zip(drawn.as_ref());
        let borrower = borrower.map(|(path, (drawn, quota))| {
            Borrower::new(path, drawn.clone(), quota, Arc::clone(&queue))
        });
        Self {
            limiter: Limiter::with(limits, borrower),
            queue,
            drawn,
        }
    }
}

/// What is known of one target.
#[derive(Debug)]
pub struct State {
    /// Whether it is left alone.
    pub breaker: Breaker,
    /// What it is given to do at once.
    pub gate: Arc<Gate>,
    /// The source Region that it is called through.
    pub(super) day: Arc<Day>,
    /// How it fares for those whose calls bring credentials of their own.
    pub(super) tenants: States,
}

impl State {
    /// A target of which nothing is known yet.
    #[must_use]
    pub fn new(breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        let shares = (Arc::new(Gate::new(limits, None)), Arc::default());
        let state = Self::with(breaker, limits, Tenancy::All, shares);
        state.day.join(&state, None);
        state
    }

    pub(super) fn with(
        breaker: &BreakerOptions,
        limits: &Limits,
        tenancy: Tenancy,
        (gate, day): (Arc<Gate>, Arc<Day>),
    ) -> Arc<Self> {
        Arc::new(Self {
            breaker: Breaker::new(breaker.clone()),
            gate,
            day,
            tenants: States::new(breaker, limits, tenancy),
        })
    }

    /// The one that all routers of this process share. Routers with other options have their own.
    #[must_use]
    pub fn shared(whose: &Whose<'_>, breaker: &BreakerOptions, limits: &Limits) -> Arc<Self> {
        shared().state(whose, breaker, limits)
    }

    /// Leaves all targets of its source alone until then, for the calls of one account; gives what that changed.
    pub(super) fn exhaust_source(
        &self,
        tenant: Option<Who>,
        until: Instant,
    ) -> Vec<(Arc<Self>, Change)> {
        self.day.exhaust(tenant, until)
    }
}

/// Whose target it is, and on what it draws.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The account and the endpoint of the source Region.
    pub source: &'a str,
    /// What is sent as `modelId`.
    pub model_id: &'a str,
    /// The quota that it draws on, where that is known: several targets may draw on one.
    pub quota: Option<&'a str>,
    /// Whose that is, where processes share it.
    pub drawn: Option<&'a Drawn>,
}

/// States that no router has, kept at most: a program that makes a router for each request learns from all of them.
const KEPT: usize = 1000;

/// What is known of targets, and when it was asked for last.
#[derive(Debug, Default)]
pub struct Registry {
    states: HashMap<String, (u64, Arc<State>)>,
    gates: HashMap<String, Weak<Gate>>,
    sources: HashMap<String, Weak<Day>>,
    asked: u64,
    /// From this size on it is looked at.
    limit: usize,
}

impl Registry {
    /// What is known of a target; routers with other options have their own.
    pub fn state(
        &mut self,
        whose: &Whose<'_>,
        breaker: &BreakerOptions,
        limits: &Limits,
    ) -> Arc<State> {
        let Whose {
            source,
            model_id,
            quota,
            drawn,
        } = whose;
        let process = std::process::id();
        let key = format!("{process} {source} {model_id} {quota:?} {breaker:?} {limits:?}");
        self.asked += 1;
        let asked = self.asked;
        if let Some((last, state)) = self.states.get_mut(&key) {
            *last = asked;
            return Arc::clone(state);
        }
        let drawn_on = quota.unwrap_or(model_id);
        let gate = format!("{process} {source} {drawn_on} {limits:?}");
        let drawn = drawn.map(|drawn| (drawn.clone(), drawn_on.to_owned()));
        let gate = kept(&mut self.gates, gate, || Gate::new(limits, drawn));
        let day = kept(
            &mut self.sources,
            format!("{process} {source}"),
            Day::default,
        );
        let state = State::with(breaker, limits, Tenancy::All, (gate, day));
        state.day.join(&state, None);
        self.states.insert(key, (asked, Arc::clone(&state)));
        self.shrink();
        state
    }

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
        self.gates.retain(|_, gate| gate.strong_count() > 0);
        self.sources.retain(|_, source| source.strong_count() > 0);
        // Looked at again when as many have come as may be kept.
        self.limit = self.states.len() + KEPT / 2;
    }
}

/// The one under a key, made where it is not there or nobody has it any more.
fn kept<T>(known: &mut HashMap<String, Weak<T>>, key: String, new: impl FnOnce() -> T) -> Arc<T> {
    let found = known.get(&key).and_then(Weak::upgrade);
    found.unwrap_or_else(|| {
        let made = Arc::new(new());
        known.insert(key, Arc::downgrade(&made));
        made
    })
}

static SHARED: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

fn shared() -> MutexGuard<'static, Registry> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets what is shared; routers that are there keep theirs.
pub fn forget() {
    *shared() = Registry::default();
    assignments::forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_router_has_is_forgotten_in_the_end() {
        let of = |model_id: &str| {
            let whose = Whose {
                source: "a",
                model_id,
                quota: None,
                drawn: None,
            };
            State::shared(&whose, &BreakerOptions::default(), &Limits::default())
        };
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

    #[test]
    fn targets_that_draw_on_one_quota_share_its_room() {
        let limits = Limits {
            tokens_per_minute: Some(100),
            ..Limits::default()
        };
        let of = |source, model_id, quota| {
            let whose = Whose {
                source,
                model_id,
                quota,
                drawn: None,
            };
            State::shared(&whose, &BreakerOptions::default(), &limits)
        };
        let (one, other) = (of("q", "us.a", Some("L-1")), of("q", "arn:a", Some("L-1")));
        assert!(Arc::ptr_eq(&one.gate, &other.gate) && !Arc::ptr_eq(&one, &other));
        assert!(!Arc::ptr_eq(
            &one.gate,
            &of("q", "global.a", Some("L-2")).gate
        ));
        assert!(!Arc::ptr_eq(&one.gate, &of("r", "us.a", Some("L-1")).gate));
        assert!(!Arc::ptr_eq(&one.gate, &of("q", "us.b", None).gate));
    }
}
