//! Counts of the last seconds.

use std::time::{Duration, Instant};

const BUCKETS: usize = 10;

/// A sliding window of ten buckets.
#[derive(Debug)]
pub struct Window {
    bucket: Duration,
    start: Option<Instant>,
    /// The number of the newest bucket since the start.
    newest: u64,
    /// How often all was forgotten.
    cleared: u64,
    counts: [Counts; BUCKETS],
}

/// Where a call was counted, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    bucket: u64,
    cleared: u64,
    ended: Ended,
}

/// What a window has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All calls.
    pub calls: u32,
    /// Those that failed.
    pub failures: u32,
    /// Those that were throttled.
    pub throttled: u32,
    /// Those that were slow.
    pub slow: u32,
}

/// How a call ended, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// In time.
    Well,
    /// Late.
    Slow,
    /// Without room for it.
    Throttled,
    /// Otherwise.
    Failed,
}

impl Counts {
    fn part(&mut self, ended: Ended) -> Option<&mut u32> {
        match ended {
            Ended::Well => None,
            Ended::Slow => Some(&mut self.slow),
            Ended::Throttled => Some(&mut self.throttled),
            Ended::Failed => Some(&mut self.failures),
        }
    }
}

impl Window {
    /// An empty window of this length.
    #[must_use]
    pub fn new(length: Duration) -> Self {
        Self {
            bucket: (length / 10).max(Duration::from_millis(1)),
            start: None,
            newest: 0,
            cleared: 0,
            counts: Default::default(),
        }
    }

    /// Counts a call.
    pub fn count(&mut self, now: Instant, ended: Ended) -> Counted {
        self.slide(now);
        let counts = &mut self.counts[place(self.newest)];
        counts.calls += 1;
        if let Some(part) = counts.part(ended) {
            *part += 1;
        }
        Counted {
            bucket: self.newest,
            cleared: self.cleared,
            ended,
        }
    }

    /// Counts a call again that ended otherwise than it seemed: once, as what it was.
    pub fn recount(&mut self, counted: Counted, now: Instant, ended: Ended) {
        self.slide(now);
        let is_here = self.newest - counted.bucket < BUCKETS as u64;
        if is_here && counted.cleared == self.cleared {
            let counts = &mut self.counts[place(counted.bucket)];
            counts.calls -= 1;
            if let Some(part) = counts.part(counted.ended) {
                *part -= 1;
            }
        }
        self.count(now, ended);
    }

    /// What the window has seen.
    pub fn sums(&mut self, now: Instant) -> Counts {
        self.slide(now);
        let mut sums = Counts::default();
        for counts in &self.counts {
            sums.calls += counts.calls;
            sums.failures += counts.failures;
            sums.throttled += counts.throttled;
            sums.slow += counts.slow;
        }
        sums
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.cleared += 1;
        self.counts = Default::default();
    }

    fn slide(&mut self, now: Instant) {
        let start = *self.start.get_or_insert(now);
        let passed = now.saturating_duration_since(start).as_nanos() / self.bucket.as_nanos();
        let current = u64::try_from(passed).unwrap_or(u64::MAX);
        let gone = current.saturating_sub(self.newest).min(BUCKETS as u64);
        for step in 1..=gone {
            self.counts[place(self.newest + step)] = Counts::default();
        }
        if gone == BUCKETS as u64 {
            self.counts = Default::default();
        }
        self.newest = self.newest.max(current);
    }
}

fn place(number: u64) -> usize {
    usize::try_from(number % BUCKETS as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_window_does_not_count() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut window = Window::new(Duration::from_secs(10));
        let seen = |calls, failures, slow| Counts {
            calls,
            failures,
            slow,
            throttled: 0,
        };
        window.count(at(0), Ended::Failed);
        window.count(at(5), Ended::Slow);
        assert_eq!(window.sums(at(9)), seen(2, 1, 1));
        assert_eq!(window.sums(at(10)), seen(1, 0, 1));
        assert_eq!(window.sums(at(15)), seen(0, 0, 0));
        window.count(at(1000), Ended::Failed);
        assert_eq!(window.sums(at(1000)), seen(1, 1, 0));
    }
    #[test]
    fn a_call_that_ended_otherwise_than_it_seemed_counts_once() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let counts = |calls, failures, slow| Counts {
            calls,
            failures,
            slow,
            throttled: 0,
        };
        let mut window = Window::new(Duration::from_secs(10));
        let early = window.count(at(0), Ended::Slow);
        let late = window.count(at(5), Ended::Well);
        window.recount(late, at(6), Ended::Failed);
        assert_eq!(window.sums(at(6)), counts(2, 1, 1));
        // What has left the window, or was forgotten, cannot be taken back.
        window.recount(early, at(12), Ended::Failed);
        assert_eq!(window.sums(at(12)), counts(2, 2, 0));
        window.clear();
        window.recount(late, at(12), Ended::Failed);
        assert_eq!(window.sums(at(12)), counts(1, 1, 0));
    }
}
