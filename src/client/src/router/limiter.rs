//! How much a target is given to do at once: calls under way, and tokens and requests a minute.
//!
//! Bedrock reserves a call's input and its `maxTokens` when it begins and settles when it ends. Reserving the same here
//! keeps calls from being sent only to be throttled.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{
    lending::Borrower,
    options::{Concurrency, Limits},
};

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
    /// Who leases tokens and requests, where several processes share them; else they are counted here.
    borrower: Option<Arc<Borrower>>,
    inner: Mutex<Inner>,
}

/// So much a minute, and what is left of it; it comes back continuously.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    quota: f64,
    left: f64,
}

impl Bucket {
    fn full(quota: f64) -> Self {
        Self { quota, left: quota }
    }

    fn fill(&mut self, minutes: f64) {
        self.left = (self.left + self.quota * minutes).min(self.quota);
    }

    /// How long until there is so much, if nobody else takes any.
    fn missing(&self, needed: f64) -> Option<Duration> {
        // More than the quota goes when the bucket is full: Bedrock has the last word on it.
        let missing = needed.min(self.quota) - self.left;
        // Less than a tick would be no wait at all, only a look too early.
        (missing > 0.0).then(|| Duration::from_secs_f64(missing / self.quota * MINUTE).max(TICK))
    }

    /// A quota that was read anew: what is left stays as it is, within it.
    fn become_of(bucket: Option<Self>, quota: f64) -> Self {
        bucket.map_or_else(
            || Self::full(quota),
            |known| Self {
                quota,
                left: (known.left + quota - known.quota).clamp(-quota, quota),
            },
        )
    }
}

/// How a limiter stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Calls under way.
    pub under_way: u32,
    /// How many may be, if that is limited.
    pub limit: Option<f64>,
    /// What is left of this minute's tokens, if they are counted.
    pub tokens: Option<f64>,
    /// What is left of this minute's requests, if they are counted.
    pub requests: Option<f64>,
    /// Tokens and requests a minute, where they are limited.
    pub quotas: [Option<f64>; 2],
}

#[derive(Debug)]
struct Inner {
    limit: f64,
    under_way: u32,
    tokens: Option<Bucket>,
    requests: Option<Bucket>,
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
    /// It was never sent.
    Unsent,
    /// It says nothing.
    Nothing,
}

impl Limiter {
    /// All free.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self::with(limits, None)
    }

    /// The same, where tokens and requests are leased by `borrower`.
    pub(super) fn with(limits: &Limits, borrower: Option<Arc<Borrower>>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "quotas are far below 2^52")]
        let quota = |quota: Option<u64>| quota.map(|quota| quota as f64);
        let mut quotas = [limits.tokens_per_minute, limits.requests_per_minute].map(quota);
        if let Some(borrower) = &borrower {
            borrower.set_quotas(std::mem::take(&mut quotas));
        }
        let limit = match limits.concurrency {
            None => f64::INFINITY,
            Some(Concurrency::Fixed(limit)) => f64::from(limit),
            Some(Concurrency::Adaptive) => START,
        };
        let inner = Inner {
            limit,
            under_way: 0,
            tokens: quotas[0].map(Bucket::full),
            requests: quotas[1].map(Bucket::full),
            filled: None,
            lowered: None,
        };
        Self {
            adaptive: limits.concurrency == Some(Concurrency::Adaptive),
            borrower,
            inner: Mutex::new(inner),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes quotas that were read: tokens and requests a minute, where they are known.
    pub fn set_quotas(&self, quotas: [Option<f64>; 2]) {
        let sound = |quota: &f64| quota.is_finite() && *quota > 0.0;
        let [tokens, requests] = quotas.map(|quota| quota.filter(sound));
        if let Some(borrower) = &self.borrower {
            return borrower.set_quotas([tokens, requests]);
        }
        let mut inner = self.inner();
        if let Some(quota) = tokens {
            inner.tokens = Some(Bucket::become_of(inner.tokens, quota));
        }
        if let Some(quota) = requests {
            inner.requests = Some(Bucket::become_of(inner.requests, quota));
        }
    }

    /// Asks for room for a call of so many tokens. What is taken must be given back by `release`.
    pub fn take(&self, tokens: f64, now: Instant) -> Room {
        let mut inner = self.inner();
        if f64::from(inner.under_way) + 1.0 > inner.limit {
            return Room::WhenOneEnds;
        }
        if let Some(after) = self.borrower.as_ref().and_then(|it| it.take(tokens, now)) {
            return Room::After(after);
        }
        if inner.counts() {
            inner.fill(now);
            let of_tokens = inner.tokens.and_then(|it| it.missing(tokens));
            let of_requests = inner.requests.and_then(|it| it.missing(1.0));
            if let Some(after) = of_tokens.max(of_requests) {
                return Room::After(after);
            }
            if let Some(bucket) = &mut inner.tokens {
                bucket.left -= tokens.min(bucket.quota);
            }
            if let Some(bucket) = &mut inner.requests {
                bucket.left -= 1.0;
            }
        }
        inner.under_way += 1;
        Room::Taken
    }

    /// Gives room back: of the `reserved` tokens, `used` are gone. Nothing used where nobody knows.
    pub fn release(&self, reserved: f64, used: Option<f64>, word: Word, now: Instant) {
        let mut inner = self.inner();
        let busy = f64::from(inner.under_way) * 2.0 >= inner.limit;
        inner.under_way = inner.under_way.saturating_sub(1);
        if let Some(borrower) = &self.borrower {
            borrower.release(reserved, used, word == Word::Unsent);
        }
        if inner.counts() {
            inner.fill(now);
            if let (Some(bucket), Some(used)) = (&mut inner.tokens, used) {
                let quota = bucket.quota;
                bucket.left = (bucket.left + reserved.min(quota) - used).clamp(-quota, quota);
            }
            if let (Some(bucket), Word::Unsent) = (&mut inner.requests, word) {
                bucket.left = (bucket.left + 1.0).min(bucket.quota);
            }
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

    /// How it stands.
    pub fn load(&self, now: Instant) -> Load {
        let mut inner = self.inner();
        inner.fill(now);
        let of = |bucket: Option<Bucket>| bucket.map(|it| (it.left, it.quota));
        let [tokens, requests] = match &self.borrower {
            Some(borrower) => borrower.load(),
            None => [of(inner.tokens), of(inner.requests)],
        };
        Load {
            under_way: inner.under_way,
            limit: Some(inner.limit).filter(|limit| limit.is_finite()),
            tokens: tokens.map(|it| it.0),
            requests: requests.map(|it| it.0),
            quotas: [tokens.map(|it| it.1), requests.map(|it| it.1)],
        }
    }

    /// Who shares tokens and requests, in words, where several processes do.
    #[must_use]
    pub fn shared(&self) -> Option<String> {
        self.borrower.as_ref().map(|it| it.told())
    }
}

impl Inner {
    /// Whether anything is counted by the minute.
    fn counts(&self) -> bool {
        self.tokens.is_some() || self.requests.is_some()
    }

    fn fill(&mut self, now: Instant) {
        let passed = self.filled.map_or(0.0, |filled| {
            now.saturating_duration_since(filled).as_secs_f64()
        });
        self.filled = Some(now);
        for bucket in [&mut self.tokens, &mut self.requests].into_iter().flatten() {
            bucket.fill(passed / MINUTE);
        }
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
        assert_eq!(limiter.load(now).tokens, Some(3000.0));
        let later = limiter.load(now + Duration::from_secs(10));
        assert_eq!(later.tokens, Some(4000.0));
    }

    #[test]
    fn requests_are_counted_and_come_back_with_time_alone() {
        let limiter = Limiter::new(&Limits {
            requests_per_minute: Some(2),
            ..Limits::default()
        });
        let now = Instant::now();
        assert_eq!(limiter.take(9e9, now), Room::Taken);
        assert_eq!(limiter.take(0.0, now), Room::Taken);
        let full = Room::After(Duration::from_secs(30));
        assert_eq!(limiter.take(0.0, now), full);
        // An answer gives nothing back, and neither does throttling: what was asked was asked.
        limiter.release(0.0, Some(0.0), Word::Throttled, now);
        assert_eq!(limiter.take(0.0, now), full);
        limiter.release(0.0, Some(0.0), Word::Unsent, now);
        assert_eq!(limiter.take(0.0, now), Room::Taken);
        assert_eq!(
            limiter.take(0.0, now + Duration::from_secs(30)),
            Room::Taken
        );
    }

    #[test]
    fn a_quota_that_is_read_takes_the_place_of_what_was_said() {
        let limiter = Limiter::new(&Limits::default());
        let now = Instant::now();
        assert_eq!(limiter.take(5000.0, now), Room::Taken);
        limiter.set_quotas([Some(6000.0), Some(3.0)]);
        assert_eq!(limiter.take(5000.0, now), Room::Taken);
        // It was raised: what was spent is spent still.
        limiter.set_quotas([Some(12_000.0), None]);
        let load = limiter.load(now);
        assert_eq!((load.tokens, load.requests), (Some(7000.0), Some(2.0)));
        assert_eq!(load.quotas, [Some(12_000.0), Some(3.0)]);
        // None that can be is none.
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            limiter.set_quotas([Some(odd), Some(odd)]);
        }
        assert_eq!(limiter.load(now).quotas, [Some(12_000.0), Some(3.0)]);
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
        assert_eq!(adaptive.load(now).limit, Some(14.0));
        now += Duration::from_secs(2);
        // A call that was cancelled, or never sent, makes no room.
        adaptive.release(0.0, None, Word::Nothing, now);
        assert_eq!(adaptive.load(now).limit, Some(14.0));
        adaptive.release(0.0, None, Word::Answered, now);
        assert!(adaptive.load(now).limit.expect("a limit") > 14.0);
    }
}
