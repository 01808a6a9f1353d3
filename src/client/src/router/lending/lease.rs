//! What a process has leased, spends call by call, and gives back. No file, no thread.

use std::time::{Duration, Instant};

use super::ledger::{Among, Ask, HOLD, KINDS, Kind, Moment, Row};

const LEASED: Duration = Duration::from_secs(1);
/// How long a call that finds nothing waits to be told; it is, unless something is wrong.
const LOOK: Duration = Duration::from_millis(50);
/// How long whoever lends has for an answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// After which time it is asked again where it could not be.
pub(super) const AWAY: Duration = Duration::from_secs(5);
/// So many asks a second, of all holders, are aimed at where all is lent; and the shortest and the longest time between
/// two of one holder then.
const ASKS: f64 = 500.0;
const USUAL: f64 = 0.8;
const LONGEST: f64 = 1.0;
/// The shortest and the longest time after which it is worth to look whether there is enough for a call.
const SHORTEST: f64 = 0.02;
const FURTHEST: f64 = 600.0;
/// From so many calls between two asks on, the next lease is asked for before the last is spent.
const MANY: u32 = 8;
/// What is spent in so many seconds is little to have left.
const SOON: f64 = 0.1;
/// What a process would have: so many seconds' worth of its own use, and for so many calls where it has none.
const WORTH: f64 = 1.5;
const CALLS: f64 = 4.0;
/// How much of what is known of earlier answers stays with each.
const KEPT: f64 = 0.95;
const LEAST_SHARE: f64 = 0.05;

/// Amounts of tokens and of requests.
pub(super) type Amounts = [f64; 2];

/// What a process has leased of the quotas of a target.
#[derive(Debug, Default)]
pub(super) struct Lease {
    pools: [Option<Pool>; 2],
    /// What a call that found too little would have needed.
    wanted: Option<Amounts>,
    /// Calls since the last visit.
    calls: u32,
    visited: Option<Instant>,
    until: Option<Instant>,
    not_before: Option<Instant>,
    asked: Option<Instant>,
    holders: u32,
    alone: Option<Alone>,
}

/// What is leased of one quota.
#[derive(Debug)]
struct Pool {
    quota: f64,
    /// What is left of it, when all calls under way use what they reserved.
    left: f64,
    /// What calls under way have reserved.
    reserved: f64,
    /// What answers took of what was reserved for them: the one and the other, the last most.
    settled: (f64, f64),
    /// What calls will probably take, since the last visit and in a second.
    taken: f64,
    rate: f64,
}

/// What a process goes by while nobody lends.
#[derive(Debug)]
struct Alone {
    reason: String,
    since: Instant,
    again: Instant,
    rows: [Option<Row>; 2],
}

/// Whether a call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    /// When it is worth another try; nothing where it may go.
    pub after: Option<Duration>,
    /// Whether somebody is to be asked for more.
    pub ask: bool,
}

/// What is said at a visit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub asks: [Option<Ask>; 2],
    /// What calls under way have reserved beyond what they will probably use, in tokens.
    pub held: f64,
    /// The seconds since the last.
    pub passed: f64,
    /// Nothing is under way, and nothing wanted.
    pub leaves: bool,
}

/// What comes of a visit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lent {
    pub amounts: Amounts,
    /// Seconds after which there will be enough, where there was not.
    pub wait: Option<f64>,
    /// Whether there was less than was wanted.
    pub scarce: bool,
    /// How many have asked lately.
    pub holders: u32,
}

impl Lease {
    pub fn set_quotas(&mut self, quotas: [Option<f64>; 2]) {
        for (pool, quota) in self.pools.iter_mut().zip(quotas) {
            match (pool, quota) {
                (Some(pool), Some(quota)) => pool.quota = quota,
                (pool, Some(quota)) => *pool = Some(Pool::of(quota)),
                (_, None) => {}
            }
        }
    }

    /// Whether anything is limited.
    pub fn counts(&self) -> bool {
        self.pools.iter().any(Option::is_some)
    }

    /// Takes room for a call.
    pub fn take(&mut self, reserved: f64, now: Instant) -> Tried {
        let mut needs = [0.0; 2];
        for ((need, pool), kind) in needs.iter_mut().zip(&self.pools).zip(KINDS) {
            *need = pool.as_ref().map_or(0.0, |it| it.need(kind, reserved));
        }
        let late = self
            .asked
            .is_some_and(|asked| now.saturating_duration_since(asked) > PATIENCE);
        if late && self.alone.is_none() {
            self.go_alone("it did not answer in time".into(), now);
        }
        if self.alone.is_some() && !self.covers(&needs, now) {
            self.lend_alone(needs, now);
        }
        if self.covers(&needs, now) {
            for (pool, kind) in self.pools.iter_mut().zip(KINDS) {
                if let Some(pool) = pool {
                    pool.take(kind, reserved);
                }
            }
            self.calls += 1;
            self.wanted = None;
            let ask = self.calls >= MANY && self.is_low() && self.may_ask(now);
            self.asked = if ask { Some(now) } else { self.asked };
            return Tried { after: None, ask };
        }
        self.wanted = Some(needs);
        let ask = self.may_ask(now);
        self.asked = if ask { Some(now) } else { self.asked };
        let wait = self.not_before.map(|it| it.saturating_duration_since(now));
        let after = wait.filter(|wait| !wait.is_zero()).unwrap_or(LOOK);
        Tried {
            after: Some(after),
            ask,
        }
    }

    /// Gives room back: of what was reserved so much was used, where that is known.
    pub fn release(&mut self, reserved: f64, used: Option<f64>, unsent: bool) {
        let [tokens, requests] = &mut self.pools;
        if let Some(pool) = tokens {
            pool.release(reserved, used);
        }
        if let (Some(pool), true) = (requests, unsent) {
            pool.left += 1.0;
        }
    }

    /// What is left, and of how much a minute.
    pub fn load(&self) -> [Option<(f64, f64)>; 2] {
        let of = |pool: &Option<Pool>| pool.as_ref().map(|it| (it.available(), it.quota));
        [of(&self.pools[0]), of(&self.pools[1])]
    }

    /// How many share, as far as is known; and why they do not, where they do not.
    pub fn told(&self) -> (u32, Option<&str>) {
        (self.holders, self.alone.as_ref().map(|it| &*it.reason))
    }

    /// Whether there is something to be given back.
    pub fn is_active(&self) -> bool {
        let has = |pool: &Pool| pool.left != 0.0 || pool.reserved > 0.0;
        self.pools.iter().flatten().any(has)
    }

    /// What to say at a visit; what is given back is gone from now on.
    pub fn collect(&mut self, now: Instant) -> Asked {
        let passed = self
            .visited
            .map_or(HOLD, |it| now.saturating_duration_since(it).as_secs_f64());
        let fresh = self.until.is_some_and(|until| now < until);
        let idle = self.calls == 0 && self.wanted.is_none();
        let needs = self.wanted.take().unwrap_or_default();
        self.calls = 0;
        let mut asks = [None; 2];
        let (mut held, mut reserved) = (0.0, 0.0);
        for ((ask, pool), need) in asks.iter_mut().zip(&mut self.pools).zip(needs) {
            if let Some(pool) = pool {
                *ask = Some(pool.ask(need, passed, (fresh, idle)));
                held += pool.excess().max(0.0);
                reserved += pool.reserved;
            }
        }
        Asked {
            asks,
            held,
            passed,
            leaves: idle && reserved <= 0.0,
        }
    }

    /// Takes in what was lent.
    pub fn deposit(&mut self, lent: &Lent, now: Instant) {
        self.alone = None;
        self.asked = None;
        self.holders = lent.holders;
        self.add(lent, now);
    }

    /// Nobody could be asked: until somebody can, a process goes by its part.
    pub fn miss(&mut self, asked: &Asked, reason: &str, now: Instant) {
        for (pool, ask) in self.pools.iter_mut().zip(&asked.asks) {
            if let (Some(pool), Some(ask)) = (pool, ask) {
                pool.left += ask.back;
            }
        }
        self.asked = None;
        self.visited = Some(now);
        self.go_alone(reason.to_owned(), now);
    }

    fn add(&mut self, lent: &Lent, now: Instant) {
        for (pool, amount) in self.pools.iter_mut().zip(lent.amounts) {
            if let Some(pool) = pool {
                pool.left += amount;
            }
        }
        self.visited = Some(now);
        self.until = Some(now + LEASED);
        // Where all is lent, whoever asks again at once finds no more.
        let wait = match lent.wait {
            Some(wait) => Some(wait.clamp(SHORTEST, FURTHEST)),
            None if lent.scarce => {
                let period = f64::from(lent.holders) / ASKS;
                Some(period.clamp(USUAL, LONGEST))
            }
            None => None,
        };
        self.not_before = wait.map(|wait| now + Duration::from_secs_f64(wait));
    }

    fn go_alone(&mut self, reason: String, now: Instant) {
        let rows = self.alone.take().map(|it| (it.since, it.rows));
        let (since, rows) = rows.unwrap_or((now, [None; 2]));
        self.alone = Some(Alone {
            reason,
            since,
            again: now + AWAY,
            rows,
        });
        self.not_before = None;
    }

    /// Leases of this process's own part.
    fn lend_alone(&mut self, needs: Amounts, now: Instant) {
        if self.not_before.is_some_and(|it| now < it) {
            return;
        }
        self.wanted = Some(needs);
        let asked = self.collect(now);
        let holders = self.holders.max(1);
        let Some(alone) = &mut self.alone else { return };
        let passed = now.saturating_duration_since(alone.since).as_secs_f64();
        let moment = Moment {
            monotonic: passed,
            wall: passed,
        };
        let asks = asked.asks.map(|ask| {
            ask.map(|ask| Ask {
                quota: ask.quota / f64::from(holders),
                ..ask
            })
        });
        let among = Among {
            holders: 1,
            held: asked.held,
            passed: HOLD,
        };
        let mut lent = lend(&mut alone.rows, &asks, among, moment);
        lent.holders = holders;
        self.add(&lent, now);
    }

    fn covers(&self, needs: &Amounts, now: Instant) -> bool {
        let fresh = self.until.is_some_and(|until| now < until);
        let mut pools = self.pools.iter().zip(needs);
        pools.all(|(pool, need)| {
            pool.as_ref().is_none_or(|pool| {
                // What was lent for a call is enough for it, however numbers are rounded.
                fresh && pool.available() >= need - 1e-6 * need.max(1.0)
            })
        })
    }

    fn is_low(&self) -> bool {
        let mut pools = self.pools.iter().flatten();
        pools.any(|pool| pool.available() < (pool.rate * SOON).max(pool.taken / CALLS))
    }

    fn may_ask(&self, now: Instant) -> bool {
        let early = self.not_before.is_some_and(|it| now < it);
        let away = self.alone.as_ref().is_some_and(|it| now < it.again);
        self.asked.is_none() && !away && (!early || self.alone.is_some())
    }
}

/// Lends of the rows what is asked for: of all kinds, or of none.
pub(super) fn lend(
    rows: &mut [Option<Row>; 2],
    asks: &[Option<Ask>; 2],
    among: Among,
    now: Moment,
) -> Lent {
    let mut amounts = [0.0; 2];
    let mut wait: Option<f64> = None;
    let mut scarce = false;
    for (((row, ask), amount), kind) in rows.iter_mut().zip(asks).zip(&mut amounts).zip(KINDS) {
        let Some(ask) = ask else { continue };
        let row = row.get_or_insert_with(|| Row::full(kind, ask.quota, now));
        match row.lend(kind, ask, among, now) {
            Ok(lent) => {
                *amount = lent;
                scarce |= lent < (ask.want - 1.0).min(ask.want * 0.9);
            }
            Err(after) => wait = Some(wait.map_or(after, |it| it.max(after))),
        }
    }
    if wait.is_some() {
        for (row, amount) in rows.iter_mut().zip(&mut amounts) {
            if let Some(row) = row {
                row.level += std::mem::take(amount);
            }
        }
    }
    Lent {
        amounts,
        wait,
        scarce,
        holders: among.holders,
    }
}

impl Pool {
    fn of(quota: f64) -> Self {
        Self {
            quota,
            left: 0.0,
            reserved: 0.0,
            settled: (0.0, 0.0),
            taken: 0.0,
            rate: 0.0,
        }
    }

    /// The part of a reservation that a call will probably use; all of it until there was an answer.
    fn share(&self) -> f64 {
        let (used, reserved) = self.settled;
        if reserved > 0.0 {
            (used / reserved).max(LEAST_SHARE)
        } else {
            1.0
        }
    }

    /// What a call will probably take. More than the quota goes when there is all that may be lent.
    fn need(&self, kind: Kind, reserved: f64) -> f64 {
        match kind {
            Kind::Requests => 1.0,
            Kind::Tokens => (reserved.min(self.quota) * self.share()).min(self.quota),
        }
    }

    /// What calls under way have reserved beyond what they will probably use.
    fn excess(&self) -> f64 {
        self.reserved * (1.0 - self.share())
    }

    /// What there is to spend.
    fn available(&self) -> f64 {
        self.left + self.excess()
    }

    fn take(&mut self, kind: Kind, reserved: f64) {
        self.taken += self.need(kind, reserved);
        match kind {
            Kind::Requests => self.left -= 1.0,
            Kind::Tokens => {
                let reserved = reserved.min(self.quota);
                self.left -= reserved;
                self.reserved += reserved;
            }
        }
    }

    fn release(&mut self, reserved: f64, used: Option<f64>) {
        let reserved = reserved.min(self.quota);
        self.reserved = (self.reserved - reserved).max(0.0);
        if self.reserved < 1e-6 {
            self.reserved = 0.0;
        }
        if let Some(used) = used {
            self.left += reserved - used;
            if used > 0.0 && reserved > 0.0 {
                let (before, of) = self.settled;
                self.settled = (before * KEPT + used, of * KEPT + reserved);
            }
        }
    }

    fn ask(&mut self, need: f64, passed: f64, (fresh, idle): (bool, bool)) -> Ask {
        // It rises at once and falls slowly.
        let rate = std::mem::take(&mut self.taken) / passed.max(SOON);
        self.rate = rate.max(f64::midpoint(self.rate, rate));
        let target = if idle {
            0.0
        } else {
            (need * CALLS).max(self.rate * HOLD * WORTH)
        };
        let available = self.available();
        let keep = if fresh {
            available.clamp(0.0, target.max(0.0))
        } else {
            0.0
        };
        let back = available - keep;
        self.left -= back;
        Ask {
            quota: self.quota,
            back,
            want: target - keep,
            need: (need - keep).max(0.0),
        }
    }
}

#[cfg(test)]
#[path = "lease_tests.rs"]
mod tests;
