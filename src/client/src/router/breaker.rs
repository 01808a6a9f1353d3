//! A circuit breaker: a target that fails is left alone for a while, then tried by a few.
//!
//! It knows no clock: whoever asks says what time it is.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{
    options::BreakerOptions,
    window::{Counted, Counts, Ended, Window},
};

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Lets them through.
    Closed,
    /// Keeps them away.
    Open,
    /// Lets a few through, to see.
    HalfOpen,
}

/// Leave to make one call. What comes of it counts only for the phase that it was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    kind: PassKind,
    turn: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PassKind {
    Usual,
    Probe,
    /// Every target was open, and this was due soonest.
    Bypass,
}

/// A call that was answered, as far as anybody could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pass: Pass,
    counted: Counted,
    /// Failures in a row before it.
    before: u32,
    number: u64,
}

/// How a call that was let through ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target answered, with its time to the first event.
    Answered(Duration),
    /// It had no room. A target that has room for some is worth asking, so this counts less than a failure.
    Throttled,
    /// It failed, and why.
    Failed(String),
    /// It will fail for long, and why.
    FailedForLong(String),
    /// Nothing was learnt: the call was cancelled.
    Unknown,
}

/// A change of phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Before.
    pub from: Phase,
    /// After.
    pub to: Phase,
    /// Why.
    pub reason: String,
    /// How long it stays open.
    pub open_for: Option<Duration>,
}

/// A breaker as it is seen from outside.
#[derive(Clone, Debug)]
pub struct Health {
    /// What it does.
    pub phase: Phase,
    /// Why.
    pub reason: String,
    /// Whether a user said so.
    pub forced: bool,
    /// How long it stays open still.
    pub open_for: Option<Duration>,
    /// Calls in the window.
    pub calls: u32,
    /// Of those, failed.
    pub failures: u32,
    /// Of those, throttled.
    pub throttled: u32,
    /// Of those, slow.
    pub slow: u32,
}

/// The breaker of one target.
#[derive(Debug)]
pub struct Breaker {
    options: BreakerOptions,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    phase: Phase,
    reason: String,
    until: Option<Instant>,
    /// How many times in a row it has opened.
    level: u32,
    closed_at: Option<Instant>,
    consecutive: u32,
    answers: u64,
    /// Probes under way, and probes that succeeded.
    probing: u32,
    probed: u32,
    /// Counts the changes of phase.
    turn: u64,
    forced: Option<Phase>,
    window: Window,
}

impl Breaker {
    /// A closed breaker.
    #[must_use]
    pub fn new(options: BreakerOptions) -> Self {
        let window = Window::new(options.window);
        let inner = Inner {
            phase: Phase::Closed,
            reason: String::new(),
            until: None,
            level: 0,
            closed_at: None,
            consecutive: 0,
            answers: 0,
            probing: 0,
            probed: 0,
            turn: 0,
            forced: None,
            window,
        };
        Self {
            options,
            inner: Mutex::new(inner),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks to let a call through. Whoever is let through must `record` how it ended.
    pub fn admit(&self, now: Instant) -> (Option<Pass>, Option<Change>) {
        let mut inner = self.inner();
        match inner.forced {
            Some(Phase::Open) => return (None, None),
            Some(_) => return (Some(inner.pass(PassKind::Usual)), None),
            None => {}
        }
        let mut change = None;
        if inner.phase == Phase::Open && inner.until.is_some_and(|until| until <= now) {
            change = Some(inner.turn(Phase::HalfOpen, "its time is over", None));
        }
        let pass = match inner.phase {
            Phase::Closed => Some(inner.pass(PassKind::Usual)),
            Phase::HalfOpen if inner.probing + inner.probed < self.options.probes => {
                inner.probing += 1;
                Some(inner.pass(PassKind::Probe))
            }
            _ => None,
        };
        (pass, change)
    }

    /// Lets a call through although it is open, because all others are, too.
    pub fn bypass(&self) -> Pass {
        self.inner().pass(PassKind::Bypass)
    }

    /// When it would let a call through: now, unless it is open.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let inner = self.inner();
        match (inner.forced, inner.phase) {
            (Some(Phase::Open), _) => None,
            (None, Phase::Open) => inner.until,
            _ => Some(now),
        }
    }

    /// Says how a call ended; an answer may be taken back by `revise`. `jitter` is a random number between 0 and 1.
    pub fn record(
        &self,
        pass: Pass,
        outcome: Outcome,
        now: Instant,
        jitter: f64,
    ) -> (Option<Change>, Option<Answer>) {
        let mut inner = self.inner();
        let timely = inner.hears(pass);
        if timely && pass.kind == PassKind::Probe {
            inner.probing -= 1;
        }
        let Some(ended) = self.ended(&outcome) else {
            return (None, None);
        };
        let counted = inner.window.count(now, ended);
        let before = inner.consecutive;
        let mut answer = None;
        if matches!(outcome, Outcome::Answered(_)) {
            inner.consecutive = 0;
            inner.answers += 1;
            answer = Some(Answer {
                pass,
                counted,
                before,
                number: inner.answers,
            });
        } else {
            inner.consecutive += 1;
        }
        let change = timely.then(|| self.weigh(&mut inner, pass, outcome, ended, now, jitter));
        (change.flatten(), answer)
    }

    /// Takes an answer back that turned out to be none, such as a stream that broke off. It counts once, as what it was.
    pub fn revise(
        &self,
        answer: Answer,
        outcome: Outcome,
        now: Instant,
        jitter: f64,
    ) -> Option<Change> {
        let mut inner = self.inner();
        let ended = self.ended(&outcome)?;
        inner.window.recount(answer.counted, now, ended);
        // What failed before it and after it stands in one row, unless others were answered meanwhile.
        if inner.answers == answer.number {
            inner.consecutive += answer.before;
        }
        inner.consecutive += 1;
        if !inner.hears(answer.pass) {
            return None;
        }
        if answer.pass.kind == PassKind::Probe {
            inner.probed -= 1;
        }
        self.weigh(&mut inner, answer.pass, outcome, ended, now, jitter)
    }

    fn ended(&self, outcome: &Outcome) -> Option<Ended> {
        let slow_after = self.options.slow_after;
        match outcome {
            Outcome::Unknown => None,
            Outcome::Answered(first_event) if slow_after.is_some_and(|it| *first_event >= it) => {
                Some(Ended::Slow)
            }
            Outcome::Answered(_) => Some(Ended::Well),
            Outcome::Throttled => Some(Ended::Throttled),
            Outcome::Failed(_) | Outcome::FailedForLong(_) => Some(Ended::Failed),
        }
    }

    fn weigh(
        &self,
        inner: &mut Inner,
        pass: Pass,
        outcome: Outcome,
        ended: Ended,
        now: Instant,
        jitter: f64,
    ) -> Option<Change> {
        let probe = pass.kind == PassKind::Probe;
        match outcome {
            Outcome::FailedForLong(reason) => {
                let long = Some(self.options.open_long);
                Some(self.open(inner, &reason, long, now, jitter))
            }
            Outcome::Failed(reason) if probe => {
                let reason = format!("a probe failed: {reason}");
                Some(self.open(inner, &reason, None, now, jitter))
            }
            Outcome::Throttled if probe => {
                Some(self.open(inner, "a probe was throttled", None, now, jitter))
            }
            _ if probe && ended == Ended::Slow => {
                Some(self.open(inner, "a probe was slow", None, now, jitter))
            }
            _ if probe => {
                inner.probed += 1;
                (inner.probed >= self.options.probes).then(|| inner.close(now))
            }
            // It was left alone too long: let others try it, too.
            Outcome::Answered(_) if pass.kind == PassKind::Bypass && inner.phase == Phase::Open => {
                Some(inner.turn(Phase::HalfOpen, "it answered while all were open", None))
            }
            Outcome::Failed(reason)
                if inner.phase == Phase::Closed
                    && inner.consecutive >= self.options.consecutive_failures =>
            {
                let reason = format!("{} failures in a row: {reason}", inner.consecutive);
                Some(self.open(inner, &reason, None, now, jitter))
            }
            _ => self.judge(inner, now, jitter),
        }
    }

    fn judge(&self, inner: &mut Inner, now: Instant, jitter: f64) -> Option<Change> {
        if inner.phase != Phase::Closed {
            return None;
        }
        let Counts {
            calls,
            failures,
            throttled,
            slow,
        } = inner.window.sums(now);
        let share = |part: u32| f64::from(part) / f64::from(calls.max(1));
        let in_a_row = inner.consecutive >= self.options.consecutive_failures;
        if calls < self.options.minimum_calls && !in_a_row {
            return None;
        }
        let reason = if throttled > 0 && share(throttled + failures) >= self.options.throttle_rate {
            format!("{throttled} of {calls} calls were throttled")
        } else if calls < self.options.minimum_calls {
            return None;
        } else if failures > 0 && share(failures) >= self.options.error_rate {
            format!("{failures} of {calls} calls failed")
        } else if slow > 0 && share(slow) >= self.options.slow_rate {
            format!("{slow} of {calls} calls were slow")
        } else {
            return None;
        };
        Some(self.open(inner, &reason, None, now, jitter))
    }

    fn open(
        &self,
        inner: &mut Inner,
        reason: &str,
        fixed: Option<Duration>,
        now: Instant,
        jitter: f64,
    ) -> Change {
        let at_most = self.options.open_at_most;
        // Whoever has been well for long starts anew.
        if inner.closed_at.is_some_and(|closed| now - closed > at_most) {
            inner.level = 0;
        }
        let doubled = self.options.open_for * 2_u32.saturating_pow(inner.level.min(16));
        // Between 80 and 120 %, so that not all callers come back in the same moment.
        let length = fixed.unwrap_or_else(|| doubled.min(at_most).mul_f64(0.8 + 0.4 * jitter));
        inner.level += 1;
        inner.until = Some(now + length);
        inner.turn(Phase::Open, reason, Some(length))
    }

    /// Opens it until then, unless it is open for longer.
    pub fn open_until(&self, until: Instant, reason: &str) -> Option<Change> {
        let mut inner = self.inner();
        let is_longer = inner.phase == Phase::Open && inner.until.is_none_or(|it| it >= until);
        if is_longer || inner.forced.is_some() {
            return None;
        }
        inner.until = Some(until);
        Some(inner.turn(Phase::Open, reason, None))
    }

    /// Forces it open or closed, or lets it go by itself again, from closed.
    pub fn force(&self, phase: Option<Phase>) -> Change {
        let mut inner = self.inner();
        let from = inner.forced.unwrap_or(inner.phase);
        inner.forced = phase;
        if phase.is_none() {
            inner.turn(Phase::Closed, "", None);
            inner.window.clear();
            inner.level = 0;
            inner.until = None;
        }
        Change {
            from,
            to: phase.unwrap_or(Phase::Closed),
            reason: if phase.is_some() {
                "forced"
            } else {
                "no longer forced"
            }
            .into(),
            open_for: None,
        }
    }

    /// What a user forced it to be.
    pub(super) fn forced(&self) -> Option<Phase> {
        self.inner().forced
    }

    /// How it stands.
    pub fn health(&self, now: Instant) -> Health {
        let mut inner = self.inner();
        let counts = inner.window.sums(now);
        let phase = inner.forced.unwrap_or(inner.phase);
        let open_for = inner
            .until
            .filter(|_| phase == Phase::Open && inner.forced.is_none())
            .map(|until| until.saturating_duration_since(now));
        Health {
            phase,
            reason: if inner.forced.is_some() {
                "forced".into()
            } else {
                inner.reason.clone()
            },
            forced: inner.forced.is_some(),
            open_for,
            calls: counts.calls,
            failures: counts.failures,
            throttled: counts.throttled,
            slow: counts.slow,
        }
    }
}

impl Inner {
    /// Whether what came of a call counts for this phase.
    fn hears(&self, pass: Pass) -> bool {
        pass.turn == self.turn && self.forced.is_none()
    }

    fn pass(&self, kind: PassKind) -> Pass {
        Pass {
            kind,
            turn: self.turn,
        }
    }

    fn turn(&mut self, to: Phase, reason: &str, open_for: Option<Duration>) -> Change {
        let from = std::mem::replace(&mut self.phase, to);
        reason.clone_into(&mut self.reason);
        (self.probing, self.probed, self.consecutive) = (0, 0, 0);
        self.turn += 1;
        Change {
            from,
            to,
            reason: reason.into(),
            open_for,
        }
    }

    fn close(&mut self, now: Instant) -> Change {
        self.window.clear();
        self.closed_at = Some(now);
        self.until = None;
        self.turn(Phase::Closed, "its probes succeeded", None)
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
