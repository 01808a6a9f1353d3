//! How much a target is given to do at once: calls under way, and tokens a minute.
//!
//! Bedrock reserves a call's input and its `maxTokens` when it begins and settles when it ends. Reserving the same here
//! keeps calls from being sent only to be throttled.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::options::{Concurrency, Limits};

/// Where an adapting limit begins, its least and its most.
const START: f64 = 20.0;
const LEAST: f64 = 1.0;
const MOST: f64 = 1000.0;
/// What throttling makes of it.
const LESS: f64 = 0.7;
const MINUTE: f64 = 60.0;
/// The shortest wait.
const TICK: Duration = Duration::from_millis(1);

/// The limits of one target.
#[derive(Debug)]
pub struct Limiter {
    adaptive: bool,
    tokens_per_minute: Option<f64>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    limit: f64,
    under_way: u32,
    tokens: f64,
    filled: Option<Instant>,
    lowered: Option<Instant>,
}

/// Room for a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Room {
    /// It has been taken.
    Taken,
    /// There will be some after this time, if nobody else takes it.
    After(Duration),
    /// There will be some when a call ends.
    WhenOneEnds,
}

/// What a call that gives its room back says of a limit that adapts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It was answered: there may be room for more.
    Answered,
    /// It was throttled: there is room for less.
    Throttled,
    /// It says nothing.
    Nothing,
}

impl Limiter {
    /// All free.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "quotas are far below 2^52")]
        let tokens_per_minute = limits.tokens_per_minute.map(|tokens| tokens as f64);
        let limit = match limits.concurrency {
            None => f64::INFINITY,
            Some(Concurrency::Fixed(limit)) => f64::from(limit),
            Some(Concurrency::Adaptive) => START,
        };
        let inner = Inner {
            limit,
            under_way: 0,
            tokens: tokens_per_minute.unwrap_or_default(),
            filled: None,
            lowered: None,
        };
        Self {
            adaptive: limits.concurrency == Some(Concurrency::Adaptive),
            tokens_per_minute,
            inner: Mutex::new(inner),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it never says no.
    #[must_use]
    pub fn unlimited(&self) -> bool {
        self.tokens_per_minute.is_none() && !self.adaptive && self.inner().limit.is_infinite()
    }

    /// Asks for room for a call of so many tokens. What is taken must be given back by `release`.
    pub fn take(&self, tokens: f64, now: Instant) -> Room {
        let mut inner = self.inner();
        if f64::from(inner.under_way) + 1.0 > inner.limit {
            return Room::WhenOneEnds;
        }
        if let Some(quota) = self.tokens_per_minute {
            inner.fill(quota, now);
            // A call larger than the quota goes when the bucket is full: Bedrock has the last word on it.
            let needed = tokens.min(quota);
            if inner.tokens < needed {
                let missing = (needed - inner.tokens) / quota * MINUTE;
                // Less than a tick would be no wait at all, only a look too early.
                return Room::After(Duration::from_secs_f64(missing).max(TICK));
            }
            inner.tokens -= needed;
        }
        inner.under_way += 1;
        Room::Taken
    }

    /// Gives room back: of the `reserved` tokens, `used` are gone. Nothing used where nobody knows.
    pub fn release(&self, reserved: f64, used: Option<f64>, word: Word, now: Instant) {
        let mut inner = self.inner();
        let busy = f64::from(inner.under_way) * 2.0 >= inner.limit;
        inner.under_way = inner.under_way.saturating_sub(1);
        if let (Some(quota), Some(used)) = (self.tokens_per_minute, used) {
            inner.fill(quota, now);
            inner.tokens = (inner.tokens + reserved.min(quota) - used).clamp(-quota, quota);
        }
        if !self.adaptive {
            return;
        }
        if word == Word::Throttled {
            // A burst of throttles says one thing once.
            let just_lowered = inner
                .lowered
                .is_some_and(|lowered| now - lowered < Duration::from_secs(1));
            if !just_lowered {
                inner.limit = (inner.limit * LESS).max(LEAST);
                inner.lowered = Some(now);
            }
        } else if word == Word::Answered && busy {
            inner.limit = (inner.limit + 1.0 / inner.limit).min(MOST);
        }
    }

    /// Calls under way, the limit on them if there is one, and tokens left of this minute's if they are counted.
    pub fn load(&self, now: Instant) -> (u32, Option<f64>, Option<f64>) {
        let mut inner = self.inner();
        if let Some(quota) = self.tokens_per_minute {
            inner.fill(quota, now);
        }
        let limit = Some(inner.limit).filter(|limit| limit.is_finite());
        (
            inner.under_way,
            limit,
            self.tokens_per_minute.map(|_| inner.tokens),
        )
    }
}

impl Inner {
    fn fill(&mut self, quota: f64, now: Instant) {
        let passed = self.filled.map_or(0.0, |filled| {
            now.saturating_duration_since(filled).as_secs_f64()
        });
        self.filled = Some(now);
        self.tokens = (self.tokens + quota * passed / MINUTE).min(quota);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_reserved_settled_and_refilled() {
        let limiter = Limiter::new(&Limits {
            tokens_per_minute: Some(6000),
            ..Limits::default()
        });
        let now = Instant::now();
        assert_eq!(limiter.take(5000.0, now), Room::Taken);
        assert_eq!(
            limiter.take(2000.0, now),
            Room::After(Duration::from_secs(10))
        );
        limiter.release(5000.0, Some(1000.0), Word::Answered, now);
        assert_eq!(limiter.take(2000.0, now), Room::Taken);
        assert_eq!(limiter.load(now).2, Some(3000.0));
        assert_eq!(limiter.load(now + Duration::from_secs(10)).2, Some(4000.0));
    }

    #[test]
    fn a_call_larger_than_the_quota_waits_for_all_of_it() {
        let limiter = Limiter::new(&Limits {
            tokens_per_minute: Some(600),
            ..Limits::default()
        });
        let now = Instant::now();
        assert_eq!(limiter.take(10_000.0, now), Room::Taken);
        assert_eq!(
            limiter.take(10_000.0, now),
            Room::After(Duration::from_mins(1))
        );
    }

    #[test]
    fn calls_under_way_are_bounded_and_the_bound_adapts() {
        let limiter = Limiter::new(&Limits {
            concurrency: Some(Concurrency::Fixed(1)),
            ..Limits::default()
        });
        let now = Instant::now();
        assert_eq!(limiter.take(0.0, now), Room::Taken);
        assert_eq!(limiter.take(0.0, now), Room::WhenOneEnds);
        limiter.release(0.0, None, Word::Answered, now);
        assert_eq!(limiter.take(0.0, now), Room::Taken);

        let adaptive = Limiter::new(&Limits {
            concurrency: Some(Concurrency::Adaptive),
            ..Limits::default()
        });
        let mut now = now;
        for _ in 0..10 {
            assert_eq!(adaptive.take(0.0, now), Room::Taken);
        }
        adaptive.release(0.0, None, Word::Throttled, now);
        adaptive.release(0.0, None, Word::Throttled, now);
        assert_eq!(adaptive.load(now).1, Some(14.0));
        now += Duration::from_secs(2);
        // A call that was cancelled, or never sent, makes no room.
        adaptive.release(0.0, None, Word::Nothing, now);
        assert_eq!(adaptive.load(now).1, Some(14.0));
        adaptive.release(0.0, None, Word::Answered, now);
        assert!(adaptive.load(now).1.expect("a limit") > 14.0);
    }
}
