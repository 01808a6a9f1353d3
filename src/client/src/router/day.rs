//! The quota of the day of an account in a source Region: what one target says of all.
//!
//! Since September 2026 the quota of the day is one over all models of an account in a Region ("Cross-Model Max Tokens Per
//! Day"), so one error about it speaks for every target there, in whichever router of this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Instant,
};

use super::{breaker::Change, state::State};
use crate::identity::Who;

const REASON: &str = "the quota of the day is used up in its source Region";

/// The targets of a source Region, by the accounts that call them.
#[derive(Debug, Default)]
pub struct Day(Mutex<HashMap<Option<Who>, Account>>);

#[derive(Debug, Default)]
struct Account {
    targets: Vec<Weak<State>>,
    until: Option<Instant>,
}

impl Day {
    /// Takes a target in; where the day's quota is used up, that holds for it, too.
    pub(super) fn join(&self, state: &Arc<State>, tenant: Option<Who>) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(tenant).or_default();
        account.targets.retain(|it| it.strong_count() > 0);
        account.targets.push(Arc::downgrade(state));
        if let Some(until) = account.until {
            state.breaker.open_until(until, REASON);
        }
        // Accounts that are gone leave nothing behind but what is used up.
        if tenant.is_some() {
            accounts.retain(|_, it| {
                it.until.is_some() || it.targets.iter().any(|state| state.strong_count() > 0)
            });
        }
    }

    /// Leaves all of an account's targets alone until then; gives those for which that is new.
    pub(super) fn exhaust(&self, tenant: Option<Who>, until: Instant) -> Vec<(Arc<State>, Change)> {
        let targets: Vec<Arc<State>> = {
            let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let account = accounts.entry(tenant).or_default();
            account.until = Some(until);
            account.targets.iter().filter_map(Weak::upgrade).collect()
        };
        let opened = targets.into_iter().filter_map(|state| {
            let change = state.breaker.open_until(until, REASON)?;
            state.gate.queue.wake_all();
            Some((state, change))
        });
        opened.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::router::{
        breaker::Phase,
        options::{BreakerOptions, Limits},
        state::{Registry, Whose},
    };

    #[test]
    fn a_used_up_day_holds_for_every_target_of_the_source_and_no_other() {
        let mut registry = Registry::default();
        let mut of = |source, model_id| {
            let whose = Whose {
                source,
                model_id,
                quota: None,
                drawn: None,
            };
            registry.state(&whose, &BreakerOptions::default(), &Limits::default())
        };
        let now = Instant::now();
        let (one, other, elsewhere) = (of("a", "x"), of("a", "y"), of("b", "x"));
        let tenants = one.of(Who::named("one"), &crate::account::Account::default());
        let opened = one.exhaust_source(None, now + Duration::from_hours(1));
        assert_eq!(opened.len(), 2);
        let late = of("a", "z");
        let phase = |state: &State| state.breaker.health(now).phase;
        for state in [&one, &other, &late] {
            assert_eq!(phase(state), Phase::Open);
            assert_eq!(state.breaker.health(now).reason, REASON);
        }
        for state in [&elsewhere, &tenants] {
            assert_eq!(phase(state), Phase::Closed);
        }
        // One account of several has used its own up.
        let opened = one.exhaust_source(Some(Who::named("one")), now + Duration::from_hours(1));
        assert_eq!(opened.len(), 1);
        assert_eq!(phase(&tenants), Phase::Open);
        assert_eq!(
            phase(&other.of(Who::named("two"), &crate::account::Account::default())),
            Phase::Closed
        );
        assert_eq!(
            phase(&other.of(Who::named("one"), &crate::account::Account::default())),
            Phase::Open
        );
        // When it is over, each is tried.
        let later = now + Duration::from_hours(1);
        assert!(late.breaker.admit(later).0.is_some());
    }
}
