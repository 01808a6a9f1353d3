//! How much of a quota there is to lend: a level that rises all the time. No file, no thread, and any clock.
//!
//! Of a holder that dies nothing has to be found out. A lease takes its amount off at once, and the level rises by itself.

/// Seconds of a quota that may be lent at once: a whole minute's, by all processes at the same time, would be throttled.
const BURST: f64 = 1.0;
/// Seconds for which a lease may be spent.
pub(super) const HOLD: f64 = 1.0;
const MINUTE: f64 = 60.0;
/// What is lent in a minute. What may be lent at once is taken off it, and what is spent later than it was lent, so that
/// in no minute more than a quota is spent: a holder has up to two seconds' worth.
const LENT: f64 = (MINUTE - BURST - 2.0 * HOLD) / MINUTE;
/// The part of a quota that is lent whatever calls under way hold of it.
const LEAST: f64 = 0.1;
/// A call for which this part of all that may be lent at once is there goes, and leaves a debt: it would wait for ever
/// where others always take what has come together.
const ENOUGH: f64 = 0.25;

/// A time by two clocks. One is of the machine alone and may begin anew, or be another in a container; the other may be
/// set. The least that passed by either counts, so that no clock that jumps makes a quota.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub monotonic: f64,
    pub wall: f64,
}

impl Moment {
    /// The seconds since another, and none if that is to come.
    fn since(self, earlier: Self) -> f64 {
        let passed = (self.monotonic - earlier.monotonic).min(self.wall - earlier.wall);
        passed.max(0.0)
    }
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tokens,
    /// Which go as a whole.
    Requests,
}

/// Both, in the order in which they stand everywhere.
pub(super) const KINDS: [Kind; 2] = [Kind::Tokens, Kind::Requests];

/// What a holder says of one quota.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Ask {
    /// How much a minute that is.
    pub quota: f64,
    /// What it gives back of earlier leases; less than nothing, where calls took more.
    pub back: f64,
    /// How much it would have.
    pub want: f64,
    /// How much it needs for any call at all.
    pub need: f64,
}

/// What is known of all holders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Among {
    /// How many asked lately.
    pub holders: u32,
    /// What their calls under way have reserved, in tokens, beyond what they will probably use.
    pub held: f64,
    /// The seconds since this one asked last.
    pub passed: f64,
}

/// What is left of one quota.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub level: f64,
    pub at: Moment,
}

impl Row {
    /// Nobody has lent anything of it yet.
    pub fn full(kind: Kind, quota: f64, at: Moment) -> Self {
        Self {
            level: capacity(kind, quota),
            at,
        }
    }

    /// Takes what is given back, and lends: the amount, or the seconds after which there is enough.
    pub fn lend(&mut self, kind: Kind, ask: &Ask, among: Among, now: Moment) -> Result<f64, f64> {
        let most = capacity(kind, ask.quota);
        let held = if kind == Kind::Tokens {
            among.held
        } else {
            0.0
        };
        let free = (ask.quota - held).max(ask.quota * LEAST);
        let rate = free * LENT / MINUTE;
        self.level += now.since(self.at) * rate + ask.back;
        self.level = self.level.min(most);
        self.at = now;
        let enough = match kind {
            Kind::Requests => ask.need,
            Kind::Tokens => ask.need.min(most * ENOUGH),
        };
        if ask.need > 0.0 && self.level < enough {
            return Err((enough - self.level) / rate);
        }
        // More where others leave theirs, and less where there is little left, so that all is lent.
        let fullness = 0.5 + 1.5 * self.level.max(0.0) / most;
        let part = rate * among.passed.clamp(HOLD / 10.0, HOLD) / f64::from(among.holders.max(1));
        let lent = ask.want.min(part * fullness).min(self.level).max(0.0);
        let lent = if kind == Kind::Requests {
            lent.floor()
        } else {
            lent
        };
        let lent = lent.max(ask.need);
        self.level -= lent;
        Ok(lent)
    }
}

/// What may be lent at once.
fn capacity(kind: Kind, quota: f64) -> f64 {
    let most = quota * BURST / MINUTE;
    // No call is less than one request.
    if kind == Kind::Requests {
        most.max(1.0)
    } else {
        most
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
