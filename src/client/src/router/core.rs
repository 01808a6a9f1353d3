//! What the calls of one router share.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use arc_swap::ArcSwap;
use lru::LruCache;

use super::{
    assignments::Assignments,
    breaker::{Answer, Change, Outcome, Pass},
    budget::Budget,
    burndown,
    clock::Clock,
    counters::TargetMetrics,
    demand::Guess,
    estimates::Estimates,
    journey::Journey,
    limiter::Word,
    options::Options,
    permit::{self, Permit, Residency, Verdict},
    pins::Pins,
    target::{Plan, Target},
    tenants::Tenants,
    used::Used,
};
use crate::identity::Who;

/// Accounts whose budgets are remembered.
const TENANTS: NonZeroUsize = NonZeroUsize::new(1024).expect("more than none");
/// Changes that nobody fetched, kept at most.
const KEPT: usize = 1000;

/// What the calls of one router share. It opens no connection; a [`Transport`](super::failover::Transport) does.
#[derive(Debug)]
pub struct Core {
    /// What the user said.
    pub options: Options,
    /// The time.
    pub clock: Clock,
    /// What all retries may cost, of calls that bring no credentials of their own.
    pub budget: Arc<Budget>,
    budgets: Mutex<LruCache<Who, Arc<Budget>>>,
    /// What the calls add up to.
    pub metrics: TargetMetrics,
    pub(super) estimates: Estimates,
    pub(super) pins: Pins,
    pub(super) assignments: Arc<Assignments>,
    /// Calls whose conversations were new, stayed, and moved.
    pub(super) conversations: [AtomicU64; 3],
    residency: Arc<Residency>,
    plan: ArcSwap<Plan>,
    changes: Mutex<Vec<(Arc<Target>, Change)>>,
    changed: Arc<AtomicBool>,
    calls: AtomicU64,
    hedges: AtomicU64,
}

impl Core {
    /// A router's core. It has no target until it is given a plan. `changed` is set when `take_changes` has something.
    #[must_use]
    pub fn new(
        options: Options,
        residency: Residency,
        clock: Clock,
        changed: Arc<AtomicBool>,
    ) -> Self {
        Self {
            budget: Arc::new(Budget::new(options.retry_budget)),
            budgets: Mutex::new(LruCache::new(TENANTS)),
            options,
            clock,
            metrics: TargetMetrics::default(),
            estimates: Estimates::default(),
            pins: Pins::default(),
            assignments: Arc::default(),
            conversations: Default::default(),
            residency: Arc::new(residency),
            plan: ArcSwap::from_pointee(Plan::default()),
            changes: Mutex::default(),
            changed,
            calls: AtomicU64::new(0),
            hedges: AtomicU64::new(0),
        }
    }

    /// The same core with a memory of conversations that others have, too.
    #[must_use]
    pub fn sharing(self, assignments: Arc<Assignments>) -> Self {
        Self {
            assignments,
            ..self
        }
    }

    /// The plan in force. Calls under way ask for it again before each attempt.
    pub fn plan(&self) -> Arc<Plan> {
        self.plan.load_full()
    }

    /// The plan in force for a call, which may bring credentials of its own.
    pub(super) fn plan_of(&self, tenants: &Tenants) -> Arc<Plan> {
        let plan = self.plan();
        if tenants.is_none() {
            return plan;
        }
        Arc::new(plan.of_tenants(tenants))
    }

    /// What the retries of such calls may cost: one account's outage must leave the others theirs.
    pub(super) fn budget_of(&self, tenants: &Tenants) -> Arc<Budget> {
        let Some(tenant) = tenants.together() else {
            return Arc::clone(&self.budget);
        };
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Budget::new(self.options.retry_budget));
        Arc::clone(budgets.get_or_insert(tenant, new))
    }

    /// What is left for retries: the least that one account has.
    pub fn left(&self) -> u32 {
        let budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let left = budgets.iter().map(|(_, budget)| budget.left());
        left.fold(self.budget.left(), u32::min)
    }

    /// Puts another plan in force.
    pub fn set_plan(&self, plan: Plan) {
        let before = self.plan.swap(Arc::new(plan));
        // Whoever waits looks again where it may go now.
        for target in &before.targets {
            target.state.wake_all();
        }
    }

    /// Whether data of a call may go to a target, and the target is its account's: for choosing one, which is not yet
    /// sending.
    pub fn permits(&self, verdict: Option<&Verdict>, target: &Target) -> bool {
        let conditions = &self.options.conditions;
        let is_right = target.is_own() && conditions.refused(target).is_none();
        is_right && self.residency.permits(verdict, target)
    }

    /// Whether data may go anywhere.
    pub(super) fn permits_anywhere(&self) -> bool {
        *self.residency == Residency::Unlimited
    }

    /// Whether data of a call may reach a Region.
    pub(super) fn permits_region(&self, verdict: Option<&Verdict>, region: &str) -> bool {
        self.residency.permits_region(verdict, region)
    }

    /// Why a call may not go to a target, in words; `None` if it may.
    pub(super) fn refusal(&self, journey: &Journey<'_>, target: &Target) -> Option<String> {
        let verdict = journey.verdict.as_deref();
        let conditions = &self.options.conditions;
        permit::unsigned(journey.signers.as_ref(), target)
            .or_else(|| {
                let permitted = self.residency.permits(verdict, target);
                (!permitted).then(|| self.residency.refusal(verdict, target))
            })
            .or_else(|| {
                let refused = conditions.refused(target)?;
                Some(refused.in_words(conditions, target))
            })
    }

    /// Leave to send a call to a target now, by the plan of this moment: what was chosen a while ago may be known
    /// otherwise, or gone.
    pub(super) fn permit(&self, journey: &Journey<'_>, target: &Target) -> Option<Permit> {
        let plan = self.plan_of(&journey.tenants);
        let (verdict, signers) = (journey.verdict.as_ref(), journey.signers.as_ref());
        let policy = (&self.residency, &self.options.conditions);
        Permit::issue(policy, (verdict, signers), &plan, target)
    }

    /// The changes of breakers since this was asked last.
    pub fn take_changes(&self) -> Vec<(Arc<Target>, Change)> {
        if !self.changed.swap(false, Ordering::AcqRel) {
            return vec![];
        }
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a change for `take_changes`.
    pub fn tell(&self, target: &Arc<Target>, change: Option<Change>) {
        let Some(change) = change else { return };
        // A call that waits elsewhere may go here now, or no longer.
        target.state.gate.queue.wake();
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        if changes.len() < KEPT {
            changes.push((Arc::clone(target), change));
        }
        self.changed.store(true, Ordering::Release);
    }

    /// A source has said that its account has used up the quota of the day, which all models share: all of it is left
    /// alone, for all routers of this process.
    pub(super) fn exhaust(&self, target: &Target, tenants: &Tenants) {
        let until = self.clock.now() + self.options.breaker.open_long;
        let tenant = tenants.of(target.source.session).map(|(who, _)| *who);
        let opened = target.state.exhaust_source(tenant, until);
        for target in &self.plan_of(tenants).targets {
            let mut opened = opened.iter();
            let change = opened.find(|(state, _)| Arc::ptr_eq(state, &target.state));
            self.tell(target, change.map(|(_, change)| change.clone()));
        }
    }

    /// How many calls were hedged.
    pub fn hedges(&self) -> u64 {
        self.hedges.load(Ordering::Relaxed)
    }

    pub(super) fn count_call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether one more hedge stays within the share of calls that may have one.
    pub(super) fn may_hedge(&self, share: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "2^52 calls are many")]
        let (calls, hedges) = (
            self.calls.load(Ordering::Relaxed) as f64,
            self.hedges.load(Ordering::Relaxed) as f64,
        );
        let may = hedges + 1.0 <= calls * share;
        if may {
            self.hedges.fetch_add(1, Ordering::Relaxed);
        }
        may
    }
}

/// A call that was let through to a target, with the room reserved for it. Dropped, it was cancelled.
#[derive(Debug)]
pub struct Reservation {
    pub(super) core: Arc<Core>,
    pub(super) target: Arc<Target>,
    pub(super) since: Instant,
    pass: Option<Pass>,
    answer: Option<Answer>,
    reserved: f64,
    roomed: bool,
}

impl Reservation {
    pub(super) fn new(core: &Arc<Core>, target: &Arc<Target>, pass: Pass, reserved: f64) -> Self {
        Self {
            core: Arc::clone(core),
            target: Arc::clone(target),
            since: core.clock.now(),
            pass: Some(pass),
            answer: None,
            reserved,
            roomed: true,
        }
    }

    /// Says how it went, once; the room stays taken.
    pub(super) fn report(&mut self, outcome: Outcome) {
        if let Some(pass) = self.pass.take() {
            let now = self.core.clock.now();
            let state = &self.target.state;
            let (change, answer) = state.breaker.record(pass, outcome, now, fastrand::f64());
            self.answer = answer;
            self.core.tell(&self.target, change);
        }
    }

    /// Gives the room back. `used` tokens are gone, where that is known.
    pub(super) fn release(&mut self, used: Option<f64>, throttled: bool) {
        if std::mem::take(&mut self.roomed) {
            let now = self.core.clock.now();
            let state = &self.target.state;
            let word = match self.answer {
                _ if throttled => Word::Throttled,
                Some(_) => Word::Answered,
                None => Word::Nothing,
            };
            state.gate.limiter.release(self.reserved, used, word, now);
            state.gate.queue.wake();
        }
    }

    /// Whether somebody wants to know the tokens that were used.
    pub(super) fn counts_tokens(&self) -> bool {
        self.roomed && self.core.options.limits.counts_tokens()
    }

    /// What an answer took of the quota, where somebody wants to know; later guesses learn from it.
    pub(super) fn taken(&self, guess: &Guess, used: Used) -> Option<f64> {
        self.counts_tokens().then(|| {
            self.core.estimates.answered(guess, used.of_input());
            let model = self.target.base_model.as_ref();
            let model = model.unwrap_or(&self.target.model_id);
            let burndown = self.core.options.limits.burndown_rate;
            used.of_quota(burndown.unwrap_or_else(|| burndown::rate(model)))
        })
    }

    /// The target gave what calls may go on with, which matters where there are others.
    pub(super) fn gave(&self, what: impl FnOnce() -> Vec<String>) {
        if self.core.plan().targets.len() > 1 {
            self.core.pins.keep(&what(), &self.target);
        }
    }

    /// What was reported to have answered has failed after all, such as a stream that broke off.
    pub(super) fn report_again(&mut self, outcome: Outcome) {
        if let Some(answer) = self.answer.take() {
            let now = self.core.clock.now();
            let breaker = &self.target.state.breaker;
            let change = breaker.revise(answer, outcome, now, fastrand::f64());
            self.core.tell(&self.target, change);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.report(Outcome::Unknown);
        self.release(None, false);
    }
}
