//! The emulator's time: the machine's clock, shifted or held still on request.
//!
//! Capacity windows, life cycles and expiry read this clock, so that a test moves time on instead of sleeping. Signatures
//! are dated by the client's clock and delays are real, so neither follows it.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(u64);

impl Instant {
    /// The moment `seconds` after the Unix epoch.
    #[must_use]
    pub fn from_epoch_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Whole milliseconds since the Unix epoch, as CloudWatch Logs counts.
    #[must_use]
    pub fn epoch_milliseconds(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn epoch_seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Seconds since the Unix epoch with their fraction.
    #[must_use]
    pub fn epoch_seconds_with_fraction(self) -> f64 {
        Duration::from_micros(self.0).as_secs_f64()
    }

    /// The time since `earlier`, or nothing if that lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// This moment and `duration` more.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(microseconds(duration)))
    }

    /// ISO 8601 with milliseconds, as Bedrock writes its timestamps: `2026-11-22T12:00:00.123Z`.
    #[must_use]
    pub fn iso8601(self) -> String {
        let milliseconds = i64::try_from(self.epoch_milliseconds()).unwrap_or(i64::MAX);
        let time = DateTime::from_millis(milliseconds);
        time.fmt(Format::DateTime)
            .unwrap_or_else(|_| String::from("1970-01-01T00:00:00Z"))
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The machine's present time, which no emulator clock shifts.
#[must_use]
pub fn machine_time() -> Instant {
    Instant(microseconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    ))
}

#[derive(Debug, Default)]
struct State {
    ahead: Duration,
    held_at: Option<Instant>,
}

/// A clock that runs with the machine's unless it is moved on or held.
#[derive(Debug, Default)]
pub struct Clock {
    state: Mutex<State>,
}

impl Clock {
    /// The present moment on this clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        let state = crate::lock(&self.state);
        state
            .held_at
            .unwrap_or_else(|| machine_time().after(state.ahead))
    }

    /// Moves the clock on, whether it runs or is held.
    pub fn advance(&self, duration: Duration) {
        let mut state = crate::lock(&self.state);
        match &mut state.held_at {
            Some(held) => *held = held.after(duration),
            None => state.ahead = state.ahead.saturating_add(duration),
        }
    }

    /// Stops the clock at `moment`, or where it stands.
    pub fn hold(&self, moment: Option<Instant>) {
        let now = self.now();
        crate::lock(&self.state).held_at = Some(moment.unwrap_or(now));
    }

    /// Lets a held clock run again with the machine's, from the machine's present time.
    pub fn release(&self) {
        let mut state = crate::lock(&self.state);
        state.held_at = None;
        state.ahead = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_clock_moves_only_when_told() {
        let clock = Clock::default();
        clock.hold(Some(Instant::from_epoch_seconds(1_000)));
        assert_eq!(clock.now(), Instant::from_epoch_seconds(1_000));
        clock.advance(Duration::from_secs(61));
        assert_eq!(clock.now().epoch_seconds(), 1_061);
        assert_eq!(clock.now().iso8601(), "1970-01-01T00:17:41Z");
    }

    #[test]
    fn a_running_clock_can_be_moved_on() {
        let clock = Clock::default();
        clock.advance(Duration::from_hours(1));
        assert!(clock.now().since(machine_time()) > Duration::from_secs(3_590));
        clock.release();
        assert!(clock.now().since(machine_time()) < Duration::from_secs(10));
    }
}
