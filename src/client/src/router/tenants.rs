//! One target, as it is for each of the accounts that a router's calls go out from.
//!
//! Where a function of the program's says who makes a call, one router serves several accounts. Each has a quota of its
//! own in a Region and may be denied what another is not, so one account's throttling must not close the way of the others.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use lru::LruCache;

use super::{
    breaker::{Change, Health, Phase},
    limiter::Load,
    options::{BreakerOptions, Limits},
    state::{Gate, State},
};
use crate::{
    account::Account,
    identity::Who,
    signing::{Signer, Signers},
};

/// Accounts that are remembered, beside those with calls under way; whoever did not call for longest begins anew.
const KEPT: usize = 1000;
/// How many are looked at for one to let go of.
const TRIES: usize = 4;

/// Whose a state is.
#[derive(Debug)]
pub enum Tenancy {
    /// Everybody's whose calls bring no credentials.
    All,
    /// One account's; and the state of which it is a part.
    One(Weak<State>),
}

/// Who calls, and whose quotas that uses.
pub(super) type Tenant = (Who, Account);

/// Who calls by what a call brings, session by session.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenants(Option<Arc<[Option<Tenant>]>>);

impl Tenants {
    pub(super) fn of_call(signers: Option<&Signers>) -> Self {
        let of = |signer: &Signer| (Who::tenant(signer), Account::of_signer(signer));
        Self(signers.map(|signers| signers.all().map(|it| it.map(of)).collect()))
    }

    /// Who calls in place of a session.
    pub(super) fn of(&self, session: usize) -> Option<&Tenant> {
        self.0.as_ref()?.get(session)?.as_ref()
    }

    /// Whether all calls are the sessions' own.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// All of them as one.
    pub(super) fn together(&self) -> Option<Who> {
        let all = self.0.iter().flat_map(|all| all.iter().flatten());
        Who::together(all.map(|(who, _)| *who).collect())
    }
}

/// How a target fares for each account that calls it.
#[derive(Debug)]
pub struct States {
    options: Box<(BreakerOptions, Limits)>,
    tenancy: Tenancy,
    known: Mutex<LruCache<Who, Arc<State>>>,
}

/// How a target fares for all who call it.
#[derive(Debug)]
pub struct Fares {
    /// The breakers' calls together, and the state of the one that lets the fewest through.
    pub health: Health,
    /// Calls under way, and the least that one account may have and has left.
    pub load: Load,
    /// Which processes share its limits, in words.
    pub shared: Option<String>,
}

impl States {
    pub(super) fn new(breaker: &BreakerOptions, limits: &Limits, tenancy: Tenancy) -> Self {
        Self {
            options: Box::new((breaker.clone(), limits.clone())),
            tenancy,
            known: Mutex::new(LruCache::unbounded()),
        }
    }

    fn states(&self) -> MutexGuard<'_, LruCache<Who, Arc<State>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How the target fares for one account.
    pub(super) fn of(self: &Arc<Self>, tenant: Who, account: &Account) -> Arc<Self> {
        let mut states = self.tenants.states();
        if let Some(known) = states.get(&tenant) {
            return Arc::clone(known);
        }
        let (breaker, limits) = &*self.tenants.options;
        let drawn = self.gate.drawn.as_ref();
        let drawn = drawn.map(|(it, quota)| (it.of_tenant(tenant, account), quota.clone()));
        let (gate, day) = (Arc::new(Gate::new(limits, drawn)), Arc::clone(&self.day));
        let tenancy = Tenancy::One(Arc::downgrade(self));
        let state = Self::with(breaker, limits, tenancy, (gate, day));
        self.day.join(&state, Some(tenant));
        if let Some(phase) = self.breaker.forced() {
            state.breaker.force(Some(phase));
        }
        states.put(tenant, Arc::clone(&state));
        // One with calls under way goes to the end of the line, and the next is looked at.
        for _ in 0..TRIES {
            if states.len() <= KEPT {
                break;
            }
            if let Some((who, oldest)) = states.pop_lru()
                && Arc::strong_count(&oldest) > 1
            {
                states.put(who, oldest);
            }
        }
        state
    }

    /// The target for all accounts together.
    pub(crate) fn whole(self: &Arc<Self>) -> Arc<Self> {
        match &self.tenants.tenancy {
            Tenancy::All => Arc::clone(self),
            Tenancy::One(whole) => whole.upgrade().unwrap_or_else(|| Arc::clone(self)),
        }
    }

    /// Tells all who wait for it: where they may go is another matter now.
    pub(super) fn wake_all(&self) {
        self.gate.queue.wake_all();
        for (_, state) in self.tenants.states().iter() {
            state.gate.queue.wake_all();
        }
    }

    /// Forces its breakers open or closed, or lets them go by themselves again.
    pub fn force(&self, phase: Option<Phase>) -> Change {
        let states = self.tenants.states();
        let change = self.breaker.force(phase);
        for (_, state) in states.iter() {
            state.breaker.force(phase);
            state.gate.queue.wake_all();
        }
        change
    }

    /// How it fares for all who call it.
    #[must_use]
    pub fn fares(&self, now: Instant) -> Fares {
        let states: Vec<Arc<Self>> = self
            .tenants
            .states()
            .iter()
            .map(|it| it.1.clone())
            .collect();
        let mut fares = self.alone(now);
        // Where calls bring credentials, all do.
        let mut others = states.iter().map(|state| state.alone(now));
        if let Some(first) = others.next() {
            fares = others.fold(first, |one, other| one.and(&other));
            if states.len() > 1 && !fares.health.reason.is_empty() && !fares.health.forced {
                fares.health.reason += ", for one of several accounts";
            }
        }
        fares
    }

    fn alone(&self, now: Instant) -> Fares {
        Fares {
            health: self.breaker.health(now),
            load: self.gate.limiter.load(now),
            shared: self.gate.limiter.shared(),
        }
    }
}

impl Fares {
    fn and(self, other: &Self) -> Self {
        let closed = |fares: &Self| match fares.health.phase {
            Phase::Closed => 0,
            Phase::HalfOpen => 1,
            Phase::Open => 2,
        };
        let (one, two) = (&self.health, &other.health);
        let worst = if closed(other) > closed(&self) {
            two
        } else {
            one
        };
        let least =
            |one: Option<f64>, two: Option<f64>| one.into_iter().chain(two).reduce(f64::min);
        Self {
            health: Health {
                calls: one.calls + two.calls,
                failures: one.failures + two.failures,
                throttled: one.throttled + two.throttled,
                slow: one.slow + two.slow,
                ..worst.clone()
            },
            load: Load {
                under_way: self.load.under_way + other.load.under_way,
                limit: least(self.load.limit, other.load.limit),
                tokens: least(self.load.tokens, other.load.tokens),
                requests: least(self.load.requests, other.load.requests),
                quotas: [0, 1].map(|it| least(self.load.quotas[it], other.load.quotas[it])),
            },
            shared: self.shared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::breaker::Outcome;

    fn whole() -> Arc<State> {
        State::new(&BreakerOptions::default(), &Limits::default())
    }

    fn failing(state: &State, now: Instant) {
        for _ in 0..5 {
            let (pass, _) = state.breaker.admit(now);
            let pass = pass.expect("it is closed");
            state
                .breaker
                .record(pass, Outcome::Failed("no".into()), now, 0.5);
        }
    }

    #[test]
    fn what_one_account_meets_is_none_of_another_s() {
        let (target, now) = (whole(), Instant::now());
        let [one, other] =
            [Who::named("one"), Who::named("other")].map(|who| target.of(who, &Account::default()));
        failing(&one, now);
        assert_eq!(one.breaker.health(now).phase, Phase::Open);
        assert_eq!(other.breaker.health(now).phase, Phase::Closed);
        let fares = target.fares(now);
        assert_eq!(fares.health.phase, Phase::Open);
        assert_eq!(fares.health.failures, 5);
        assert!(
            fares
                .health
                .reason
                .ends_with(", for one of several accounts")
        );
        assert!(Arc::ptr_eq(
            &one,
            &target.of(Who::named("one"), &Account::default())
        ));
        assert!(Arc::ptr_eq(&one.whole(), &target));
        assert!(Arc::ptr_eq(&target.whole(), &target));
    }

    #[test]
    fn what_is_forced_is_forced_for_all_who_come_later_too() {
        let (target, now) = (whole(), Instant::now());
        let one = target.of(Who::named("one"), &Account::default());
        target.force(Some(Phase::Open));
        let other = target.of(Who::named("other"), &Account::default());
        for state in [&one, &other] {
            assert_eq!(state.breaker.health(now).phase, Phase::Open);
        }
        target.force(None);
        assert_eq!(other.breaker.health(now).phase, Phase::Closed);
        assert_eq!(
            target
                .of(Who::named("third"), &Account::default())
                .breaker
                .health(now)
                .phase,
            Phase::Closed
        );
    }

    #[test]
    fn the_memory_of_accounts_is_bounded_and_keeps_those_with_calls_under_way() {
        let target = whole();
        let held = target.of(Who::named("held"), &Account::default());
        for number in 0..2 * KEPT {
            target.of(Who::named(&number.to_string()), &Account::default());
        }
        assert!(target.tenants.states().len() == KEPT);
        assert!(Arc::ptr_eq(
            &held,
            &target.of(Who::named("held"), &Account::default())
        ));
    }
}
