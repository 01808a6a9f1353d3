//! What a user can say about a router.

use std::{path::PathBuf, time::Duration};

use super::{conversation::Affinity, terms::Conditions};

/// How a router goes about its targets.
#[derive(Clone, Debug)]
pub struct Options {
    /// Attempts of a call in all; by default 3, or one for each target if there are more.
    pub max_attempts: Option<u32>,
    /// How many tokens the retry budget holds.
    pub retry_budget: u32,
    /// How long a call may take, over all attempts and targets.
    pub total: Option<Duration>,
    /// Whether a call that was sent and not answered in time may be sent again, once.
    pub repeat_read_timeouts: bool,
    /// Whether a target that a policy denies is passed over for the next.
    pub pass_denied: bool,
    /// When a target is left alone.
    pub breaker: BreakerOptions,
    /// When a second target is asked at the same time.
    pub hedge: Option<Hedge>,
    /// How much a target is given to do at once.
    pub limits: Limits,
    /// What sources have to be.
    pub conditions: Conditions,
    /// What keeps the calls of a conversation at one target.
    pub affinity: Option<Affinity>,
    /// Whether sources have weights.
    pub weighted: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_attempts: None,
            retry_budget: 500,
            total: None,
            repeat_read_timeouts: false,
            pass_denied: false,
            breaker: BreakerOptions::default(),
            hedge: None,
            limits: Limits::default(),
            conditions: Conditions::default(),
            affinity: None,
            weighted: false,
        }
    }
}

/// When a target is left alone, and for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakerOptions {
    /// How far back calls count.
    pub window: Duration,
    /// Fewer calls than this in the window say nothing about rates.
    pub minimum_calls: u32,
    /// The share of calls that failed from which on the target is left alone.
    pub error_rate: f64,
    /// The share of throttled calls from which on it is left alone: one that has room for some is worth asking.
    pub throttle_rate: f64,
    /// The share of slow calls from which on it is left alone.
    pub slow_rate: f64,
    /// From which time to the first event on a call is slow; `None` is never.
    pub slow_after: Option<Duration>,
    /// So many failures in a row are enough, however few the calls.
    pub consecutive_failures: u32,
    /// How long it is left alone the first time; each further time in a row twice as long.
    pub open_for: Duration,
    /// The longest.
    pub open_at_most: Duration,
    /// How long after a daily quota is used up, or a policy denied it.
    pub open_long: Duration,
    /// How many calls try it at once when that time is over, and must succeed.
    pub probes: u32,
}

impl Default for BreakerOptions {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(10),
            minimum_calls: 10,
            error_rate: 0.5,
            throttle_rate: 0.9,
            slow_rate: 1.0,
            slow_after: None,
            consecutive_failures: 5,
            open_for: Duration::from_secs(5),
            open_at_most: Duration::from_secs(30),
            open_long: Duration::from_hours(1),
            probes: 2,
        }
    }
}

/// A second target for streams whose first event is late.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hedge {
    /// How late.
    pub after: Duration,
    /// At most this share of all calls.
    pub share: f64,
}

/// How much a target is given to do at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Calls under way: fixed, or adapting to throttling from this number on.
    pub concurrency: Option<Concurrency>,
    /// Tokens a minute: input and `maxTokens` are reserved, and settled with what was used.
    pub tokens_per_minute: Option<u64>,
    /// Requests a minute.
    pub requests_per_minute: Option<u64>,
    /// Whether quotas of tokens are read, and take the place of what is said here.
    pub reads_tokens: bool,
    /// How many of them one token of an answer takes, where it is not what AWS documents for the model.
    pub burndown_rate: Option<f64>,
    /// How long a call may wait for room before it is shed.
    pub longest_wait: Option<Duration>,
    /// The file by which all processes of a host share tokens and requests a minute.
    pub shared: Option<PathBuf>,
}

impl Limits {
    /// Whether tokens are counted.
    #[must_use]
    pub const fn counts_tokens(&self) -> bool {
        self.tokens_per_minute.is_some() || self.reads_tokens
    }
}

/// A limit on calls under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// Always this.
    Fixed(u32),
    /// More while it is used up and nothing is throttled, less after throttling.
    Adaptive,
}
