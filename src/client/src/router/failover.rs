//! From target to target until one answers, within one budget and one deadline.

use std::{sync::Arc, time::Duration};

use super::{
    back_off::pause,
    breaker::Outcome,
    budget,
    classify::{self, Kind},
    conversation::Conversation,
    core::{Core, Reservation},
    journey::Journey,
    permit::{Permit, Verdict},
    record::{Attempt, Record},
    target::Target,
};
use crate::{
    error::{Error, Timeout},
    signing::Signers,
};

/// Sends a call to one target.
pub trait Transport: Sync {
    /// What a target answers with.
    type Answer: Send;

    /// Sends the call, once, where the permit says.
    fn send(&self, permit: Permit) -> impl Future<Output = Result<Self::Answer, Lost>> + Send;

    /// What a rule of the program's said of the call, where the residency is one.
    fn verdict(&self) -> Option<&Arc<Verdict>> {
        None
    }

    /// The Regions of guardrails that the call names by their ARNs.
    fn guardrails(&self) -> Vec<String> {
        vec![]
    }

    /// What signs the call, where it brings credentials of its own.
    fn signers(&self) -> Option<&Signers> {
        None
    }

    /// Why the call is not for a target of another model than `own`, the base id of the one that it was written for.
    fn misfit(&self, own: Option<&str>, target: &Target) -> Option<String> {
        let _ = (own, target);
        None
    }

    /// What the call goes on with, that only the target knows which gave it.
    fn brings(&self) -> &[String] {
        &[]
    }

    /// The conversation that the call is a turn of, for a router that goes by them.
    fn conversation(&self) -> Option<Conversation> {
        None
    }

    /// The endpoint of a target, for errors.
    fn url(&self, target: &Target) -> String;

    /// Whether a second target may be asked when the first is late.
    fn may_hedge(&self) -> bool;

    /// The id of the request that was answered.
    fn request_id(&self, answer: &Self::Answer) -> Option<String>;
}

/// An attempt that failed.
#[derive(Debug)]
pub struct Lost {
    /// Why.
    pub error: Error,
    /// The id under which AWS knows the request, if its answer had begun.
    pub request_id: Option<String>,
}

impl From<Error> for Lost {
    fn from(error: Error) -> Self {
        let request_id = match &error {
            Error::Service(error) => error.request_id().map(str::to_owned),
            Error::AnswerBroken { request_id, .. } => request_id.clone(),
            Error::InvalidAnswer { head, .. } => head.header("x-amzn-requestid").map(str::to_owned),
            _ => None,
        };
        Self { error, request_id }
    }
}

/// An answer, where it came from, and what it took.
#[derive(Debug)]
pub struct Routed<A> {
    /// The answer.
    pub answer: A,
    /// What it took.
    pub record: Record,
    /// The target's room, to be given back when the answer has been read.
    pub held: Reservation,
}

/// Why an attempt failed, and what that means for the call.
pub(super) type Concluded = (Error, Kind);

impl Core {
    /// Sends a call to its targets, the preferred first, until one answers. `named` is what the caller called the model;
    /// `demand` is how many tokens it may use.
    pub async fn run<T: Transport>(
        self: &Arc<Self>,
        transport: &T,
        named: Option<&str>,
        demand: f64,
    ) -> Result<Routed<T::Answer>, Error> {
        let misfit = |own: Option<&str>, target: &Target| transport.misfit(own, target);
        let mut journey = Journey::begin(self, transport, &misfit, named, demand)?;
        let mut last: Option<Error> = None;
        loop {
            let held = match self.place(&mut journey).await {
                Ok(held) => held,
                Err(error) => return Err(self.ended(journey, last.unwrap_or(error))),
            };
            let back_off = journey.of(&held.target).map_or(Duration::ZERO, |tried| {
                let round = tried.times - 1;
                pause(round, tried.throttled, tried.retry_after, fastrand::f64())
            });
            if let Some(error) = last.take() {
                let late = |deadline| self.clock.now() + back_off >= deadline;
                if journey.deadline.is_some_and(late) {
                    journey.record.stopped = Some("the next would have come after the deadline");
                    return Err(self.ended(journey, error));
                }
                last = Some(error);
            }
            let mut held = held;
            if !back_off.is_zero() {
                self.clock.sleep(back_off).await;
                held.since = self.clock.now();
            }
            // The plan may have changed since the choice, and with it what is known of the target.
            let Some(permit) = self.permit(&journey, &held.target) else {
                continue;
            };
            let attempt = self.attempt(transport, (held, permit), &mut journey, back_off);
            let (held, outcome) = attempt.await;
            match outcome {
                Ok(answer) => return Ok(self.arrived(transport, answer, held, journey, back_off)),
                Err((error, kind)) => {
                    drop(held);
                    if let Err(stopped) = self.go_on(&mut journey, &error, kind) {
                        journey.record.stopped = stopped;
                        return Err(self.ended(journey, error));
                    }
                    last = Some(error);
                }
            }
        }
    }

    /// Which of the router's models a caller named; the first where he named none.
    pub(super) fn check_name(&self, named: Option<&str>) -> Result<usize, Error> {
        let plan = self.plan();
        let Some(name) = named.filter(|_| !plan.names.is_empty()) else {
            return Ok(0);
        };
        plan.names.get(name).copied().ok_or_else(|| {
            let mut known: Vec<_> = plan.names.keys().map(String::as_str).collect();
            known.sort_unstable();
            Error::InvalidArgument {
                reason: format!(
                    "modelId is {name:?}, but this router is for {}: leave modelId out, or make a router for that model",
                    known.join(", ")
                ),
            }
        })
    }

    /// The base id of one of the router's models, where there are several.
    pub(super) fn own_of(&self, model: usize) -> Option<String> {
        let plan = self.plan();
        let mut targets = plan.targets.iter();
        if targets.clone().all(|it| it.chosen.number == model) {
            return None;
        }
        targets.find_map(|it| {
            (it.chosen.number == model)
                .then(|| it.base_model.clone())
                .flatten()
        })
    }

    /// Whether there is a target of a model behind that of `target` that the call may go to.
    pub(super) fn has_next(&self, journey: &Journey<'_>, target: &Target) -> bool {
        self.has(journey, |it| it.chosen.number > target.chosen.number)
    }

    /// Whether there is one that another session signs for.
    pub(super) fn has_other_keys(&self, journey: &Journey<'_>, target: &Target) -> bool {
        self.has(journey, |it| it.source.session != target.source.session)
    }

    fn has(&self, journey: &Journey<'_>, wanted: impl Fn(&Target) -> bool) -> bool {
        let plan = self.plan();
        let verdict = journey.verdict.as_deref();
        let mut targets = plan.targets.iter();
        targets.any(|it| wanted(it) && self.permits(verdict, it) && journey.is_for(it))
    }

    /// Writes down which targets a call that went on to other models passed over, and why.
    fn note_passed_over(&self, journey: &mut Journey<'_>, furthest: usize) {
        let plan = self.plan_of(&journey.tenants);
        let verdict = journey.verdict.as_deref();
        let between = journey.model + 1..=furthest;
        let passed_over = plan
            .targets
            .iter()
            .filter(|it| between.contains(&it.chosen.number) && self.permits(verdict, it))
            .filter_map(|it| Some((Arc::clone(it), journey.misfit(it)?)));
        journey.record.passed_over = passed_over.collect();
    }

    /// The error that a call ends with, and what was done for it.
    fn ended(&self, mut journey: Journey<'_>, error: Error) -> Error {
        let shed = matches!(error, Error::Overloaded { .. });
        if journey.record.attempts.is_empty() && !shed {
            return error;
        }
        if shed || classify::kind(&error) != Kind::Caller {
            self.note_passed_over(&mut journey, usize::MAX);
        }
        Error::Routed {
            error: Box::new(error),
            record: Arc::new(journey.record),
        }
    }

    /// Sees that no guardrail in a Region of its own judges data that may not be there.
    pub(super) fn check_guardrails(
        &self,
        verdict: Option<&Verdict>,
        regions: impl FnOnce() -> Vec<String>,
    ) -> Result<(), Error> {
        if self.permits_anywhere() {
            return Ok(());
        }
        let outside = |region: &String| !self.permits_region(verdict, region);
        match regions().into_iter().find(outside) {
            Some(region) => Err(Error::NoTarget {
                reason: format!(
                    "  the guardrail is one of {region:?}, outside the residency: name one of a Region that is inside"
                ),
            }),
            None => Ok(()),
        }
    }

    /// Whether there is another attempt after a failure, or why not.
    fn go_on(
        &self,
        journey: &mut Journey<'_>,
        error: &Error,
        kind: Kind,
    ) -> Result<(), Option<&'static str>> {
        match kind {
            Kind::Caller => return Err(None),
            Kind::Denied if !self.options.pass_denied => return Err(None),
            // The caller's deadline, not a clock of the target.
            Kind::PaidFor if is_total(error) => return Err(Some("the deadline has passed")),
            Kind::PaidFor if !self.options.repeat_read_timeouts => {
                return Err(Some("it was sent, so it was probably paid for"));
            }
            Kind::PaidFor if std::mem::replace(&mut journey.repeated, true) => {
                return Err(Some("it was sent twice, so it was probably paid for twice"));
            }
            _ => {}
        }
        let plan = self.plan();
        let permitted = plan
            .targets
            .iter()
            .filter(|it| self.refusal(journey, it).is_none());
        let allowed = permitted.filter(|it| journey.is_for(it)).count();
        let most = self
            .options
            .max_attempts
            .map_or(allowed.max(3), |most| most as usize);
        if journey.record.attempts.len() >= most {
            return Err(Some("all attempts were made"));
        }
        let cost = match kind {
            // Refusing took no work, and another target's room is its own: asking there for the first time is no retry.
            Kind::Throttled | Kind::DailyQuota if self.has_fresh(journey, &plan) => return Ok(()),
            Kind::Throttled | Kind::DailyQuota => budget::THROTTLED,
            _ => budget::FAILED,
        };
        if !self.budget_of(&journey.tenants).take(cost) {
            return Err(Some("the retry budget is used up"));
        }
        journey.spent = cost;
        Ok(())
    }

    fn arrived<T: Transport>(
        &self,
        transport: &T,
        answer: T::Answer,
        mut held: Reservation,
        mut journey: Journey<'_>,
        back_off: Duration,
    ) -> Routed<T::Answer> {
        let now = self.clock.now();
        held.report(Outcome::Answered(now - held.since));
        // A retry that helped was worth its cost.
        self.budget_of(&journey.tenants)
            .give(journey.spent.max(budget::EARNED));
        journey.record.attempts.push(Attempt {
            target: Arc::clone(&held.target),
            error: None,
            request_id: transport.request_id(&answer),
            begun: held.since - journey.started,
            duration: now - held.since,
            back_off,
        });
        journey.record.first_event = Some(now - journey.started);
        journey.record.affinity = self.stays(&journey, &held.target);
        if held.target.chosen.number > journey.model {
            self.note_passed_over(&mut journey, held.target.chosen.number);
        }
        Routed {
            answer,
            record: journey.record,
            held,
        }
    }
}

fn is_total(error: &Error) -> bool {
    matches!(
        error,
        Error::TimedOut {
            clock: Timeout::Total,
            ..
        }
    )
}
