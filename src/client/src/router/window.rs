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
    counts: [Counts; BUCKETS],
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

impl Window {
    /// An empty window of this length.
    #[must_use]
    pub fn new(length: Duration) -> Self {
        Self {
            bucket: (length / 10).max(Duration::from_millis(1)),
            start: None,
            newest: 0,
            counts: Default::default(),
        }
    }

    /// Counts a call.
    pub fn count(&mut self, now: Instant, ended: Ended) {
        self.slide(now);
        let counts = &mut self.counts[place(self.newest)];
        counts.calls += 1;
        match ended {
            Ended::Well => {}
            Ended::Slow => counts.slow += 1,
            Ended::Throttled => counts.throttled += 1,
            Ended::Failed => counts.failures += 1,
        }
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
}
