//! One call on its way: what it brings, what it has seen of targets, and what was written down.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    breaker::Outcome,
    classify::{self, Kind},
    core::{Core, Reservation},
    failover::{Concluded, Lost, Transport},
    permit::Verdict,
    pins::Bound,
    record::{Attempt, Record},
    sticky::Sticky,
    target::Target,
    tenants::Tenants,
};
use crate::{error::Error, signing::Signers};

/// Tells why a call is not for a target of another model.
pub(super) type Misfit<'a> = dyn Fn(Option<&str>, &Target) -> Option<String> + Sync + 'a;

/// One call on its way.
pub(super) struct Journey<'a> {
    pub(super) started: Instant,
    pub(super) deadline: Option<Instant>,
    pub(super) demand: f64,
    pub(super) verdict: Option<Arc<Verdict>>,
    pub(super) signers: Option<Signers>,
    pub(super) tenants: Tenants,
    /// Which of the router's models the caller named, and that model's base id: those before it are not asked.
    pub(super) model: usize,
    pub(super) own: Option<String>,
    pub(super) misfit: &'a Misfit<'a>,
    pub(super) bound: Bound,
    /// The conversation that it is a turn of, for a router that goes by them.
    pub(super) sticky: Option<Sticky>,
    pub(super) record: Record,
    pub(super) tried: Vec<Tried>,
    pub(super) repeated: bool,
    pub(super) spent: u32,
}

/// What another target in the place of one that failed would lack as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacks {
    Nothing,
    /// Its endpoint was not reached: no other model would be.
    Endpoint,
    /// Its account's keys are not taken, or not had: nothing else would be signed with them.
    Keys,
}

/// What this call has seen of a target.
pub(super) struct Tried {
    pub(super) target: Arc<Target>,
    pub(super) times: u32,
    pub(super) throttled: bool,
    pub(super) retry_after: Option<Duration>,
    pub(super) lacks: Lacks,
    /// This call does not come back to it.
    pub(super) given_up: bool,
}

impl<'a> Journey<'a> {
    /// A call that begins now. `named` is what the caller called the model; `demand` is how many tokens it may use.
    pub(super) fn begin<T: Transport>(
        core: &Core,
        transport: &T,
        misfit: &'a Misfit<'a>,
        named: Option<&str>,
        demand: f64,
    ) -> Result<Self, Error> {
        let model = core.check_name(named)?;
        let verdict = transport.verdict().map(|verdict| &**verdict);
        core.check_guardrails(verdict, || transport.guardrails())?;
        core.count_call();
        let started = core.clock.now();
        let mut journey = Self {
            started,
            deadline: core.options.total.map(|total| started + total),
            demand,
            verdict: transport.verdict().cloned(),
            signers: transport.signers().cloned(),
            tenants: Tenants::of_call(transport.signers()),
            model,
            own: core.own_of(model),
            misfit,
            bound: core.pins.bound(transport.brings())?,
            sticky: None,
            record: Record::default(),
            tried: vec![],
            repeated: false,
            spent: 0,
        };
        if let Some(conversation) = transport.conversation() {
            let sticky = core.sticky(conversation, &journey.tenants, started);
            journey.sticky = Some(sticky);
        }
        Ok(journey)
    }
}

impl Journey<'_> {
    pub(super) fn of(&self, target: &Target) -> Option<&Tried> {
        self.tried.iter().find(|tried| tried.target.is_same(target))
    }

    fn note(&mut self, target: &Arc<Target>, error: &Error, kind: Kind) {
        if self.of(target).is_none() {
            self.tried.push(Tried {
                target: Arc::clone(target),
                times: 0,
                throttled: false,
                retry_after: None,
                lacks: Lacks::Nothing,
                given_up: false,
            });
        }
        let mut all = self.tried.iter_mut();
        let tried = all
            .find(|tried| tried.target.is_same(target))
            .expect("it is there, or was just added");
        tried.times += 1;
        tried.throttled = kind == Kind::Throttled;
        tried.retry_after = classify::retry_after(error);
        tried.lacks = match error {
            _ if classify::is_the_keys(error) => Lacks::Keys,
            _ if !classify::was_reached(error) => Lacks::Endpoint,
            _ => Lacks::Nothing,
        };
        tried.given_up = matches!(kind, Kind::Denied | Kind::DailyQuota | Kind::NotTheirs);
    }

    /// Why the call is not for a target of another model than it was written for.
    pub(super) fn misfit(&self, target: &Target) -> Option<String> {
        if target.chosen.number == self.model {
            return None;
        }
        (self.misfit)(self.own.as_deref(), target)
    }

    /// Whether a target may do better than those that were asked before: an endpoint that was not reached is not reached
    /// for another model's sake either.
    pub(super) fn may_cure(&self, target: &Target) -> bool {
        let as_bad = |tried: &Tried| {
            let other = &tried.target;
            match tried.lacks {
                Lacks::Keys => other.source.session == target.source.session,
                Lacks::Endpoint => {
                    other.source.number == target.source.number
                        && other.chosen.number < target.chosen.number
                }
                Lacks::Nothing => false,
            }
        };
        !self.tried.iter().any(as_bad)
    }

    /// Whether the call may be for a target at all, whatever becomes of it there.
    pub(super) fn is_for(&self, target: &Target) -> bool {
        target.chosen.number >= self.model && self.misfit(target).is_none()
    }

    /// Writes an attempt down, and tells its breaker.
    pub(super) fn conclude(
        &mut self,
        held: &mut Reservation,
        back_off: Duration,
        lost: Lost,
    ) -> Concluded {
        let Lost { error, request_id } = lost;
        let now = held.core.clock.now();
        let mut kind = classify::kind(&error);
        let core = &held.core;
        let is_cured = || {
            (classify::is_the_models(&error) && core.has_next(self, &held.target))
                || (classify::is_the_keys(&error) && core.has_other_keys(self, &held.target))
        };
        if kind == Kind::Caller && is_cured() {
            kind = Kind::NotTheirs;
        }
        let passes_denied = held.core.options.pass_denied;
        let name = error.name();
        held.report(match classify::outcome(kind, &name, passes_denied) {
            Some(outcome) => outcome,
            // Whoever refuses a request is well.
            None if matches!(error, Error::Service(_) | Error::Stream { .. }) => {
                Outcome::Answered(now - held.since)
            }
            None => Outcome::Unknown,
        });
        if kind == Kind::DailyQuota {
            held.core.exhaust(&held.target, &self.tenants);
        }
        held.release(
            Some(0.0).filter(|_| kind != Kind::PaidFor),
            kind.is_throttling(),
        );
        self.record.attempts.push(Attempt {
            target: Arc::clone(&held.target),
            error: Some(name),
            request_id,
            begun: held.since - self.started,
            duration: now - held.since,
            back_off,
        });
        self.note(&held.target, &error, kind);
        (error, kind)
    }
}
