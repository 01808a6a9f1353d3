//! What came of it, minute by minute.

use std::{collections::BTreeMap, ops::Range};

use serde_json::{Value, json};

use crate::caches::{Place, Tokens};

/// What happened to the calls that began in a minute.
#[derive(Clone, Default)]
pub struct Minute {
    pub calls: u64,
    pub answered: u64,
    pub attempts: u64,
    pub tokens: Tokens,
    /// Tokens of attempts that failed after they were read.
    pub in_vain: Tokens,
    /// Seconds from each call to the first token of its answer.
    pub first_tokens: Vec<f64>,
    /// Answers of the preferred Region.
    pub preferred: u64,
    /// Turns that follow one that was answered, and those of them that another source answered.
    pub followed: u64,
    pub moved: u64,
}

impl Minute {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.attempts += other.attempts;
        self.tokens.add(other.tokens);
        self.in_vain.add(other.in_vain);
        self.first_tokens.extend(&other.first_tokens);
        self.preferred += other.preferred;
        self.followed += other.followed;
        self.moved += other.moved;
    }

    /// The share of calls that were answered.
    pub fn answered(&self) -> f64 {
        share(self.answered, self.calls)
    }

    /// Attempts that a call took.
    pub fn attempts(&self) -> f64 {
        share(self.attempts, self.calls)
    }

    /// The share of input that was read from prompt caches.
    pub fn cached(&self) -> f64 {
        share(self.tokens.read, self.tokens.given())
    }

    /// What an answered call cost, in tokens of input that no cache had; with what was paid in vain.
    pub fn cost(&self) -> f64 {
        (self.tokens.cost() + self.in_vain.cost()) / count(self.answered)
    }

    /// The share of follow-up turns that another source answered than the turn before.
    pub fn moved(&self) -> f64 {
        share(self.moved, self.followed)
    }

    /// The seconds to the first token that this share of answers took at most.
    pub fn first_token(&self, share: f64) -> Option<f64> {
        let mut all = self.first_tokens.clone();
        all.sort_unstable_by(f64::total_cmp);
        let last = count(u64::try_from(all.len()).ok()?) - 1.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of calls"
        )]
        all.get((last * share).round() as usize).copied()
    }

    pub fn json(&self) -> Value {
        let first_token = [0.5, 0.99].map(|share| self.first_token(share));
        json!({
            "calls": self.calls,
            "answered": self.answered(),
            "attempts_per_call": self.attempts(),
            "tokens": self.tokens,
            "cached": self.cached(),
            "cost": self.cost(),
            "paid_in_vain": self.in_vain.given(),
            "preferred": share(self.preferred, self.answered),
            "moved": self.moved(),
            "first_token": first_token,
        })
    }
}

/// All that happened.
#[derive(Default)]
pub struct Report {
    minutes: BTreeMap<u64, Minute>,
    /// When each conversation began, and where it was answered.
    pub begun: Vec<(f64, Option<Place>)>,
}

impl Report {
    /// That of a call that began at this second.
    pub fn minute(&mut self, begun: f64) -> &mut Minute {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "minutes of some hours"
        )]
        self.minutes.entry((begun / 60.0) as u64).or_default()
    }

    /// Some minutes together.
    pub fn over(&self, minutes: Range<u64>) -> Minute {
        let mut sum = Minute::default();
        for (_, minute) in self.minutes.range(minutes) {
            sum.add(minute);
        }
        sum
    }

    /// Seconds from this moment to the first of ten conversations of which the preferred Region answers nine.
    pub fn back_after(&self, moment: f64) -> Option<f64> {
        let mut begun = self.begun.clone();
        begun.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        begun.retain(|(at, _)| *at >= moment);
        let there = |it: &&(f64, Option<Place>)| it.1.is_some_and(|place| place.region == 0);
        let well = |ten: &&[(f64, Option<Place>)]| ten.iter().filter(there).count() >= 9;
        let found = begun.windows(10).find(well)?;
        Some(found[0].0 - moment)
    }
}

fn share(part: u64, all: u64) -> f64 {
    count(part) / count(all)
}

/// How many, but no nothing to divide by.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(of: u64) -> f64 {
    of.max(1) as f64
}
