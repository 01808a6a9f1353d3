//! What the router has learnt of its model's tokens: from what answers took, and from counts that the program asked for.
//!
//! Nothing is asked for its sake. What `CountTokens` said of an input is that input's size, which is better than any guess;
//! for all others a guess by the length is scaled by what such guesses came to before.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;
use serde_json::Value;

use super::demand::{Guess, counted_input, guess};
use crate::model::Operation;

/// Counts that are remembered.
const COUNTS: NonZeroUsize = NonZeroUsize::new(1024).expect("more than none");
/// How much guesses weigh that were right, before the first answer: one short prompt says little.
const PRIOR: f64 = 1000.0;
/// What an answer weighs after the next has come.
const FADES: f64 = 0.98;
/// A model's tokens are no shorter and no longer than this, whatever a server says.
const LEAST: f64 = 0.25;
const MOST: f64 = 4.0;
/// No input is as long.
const MOST_COUNTED: f64 = 1e9;

/// What is known of the tokens of one model.
#[derive(Debug)]
pub(super) struct Estimates {
    state: RandomState,
    learnt: Mutex<Learnt>,
}

#[derive(Debug)]
struct Learnt {
    guessed: f64,
    told: f64,
    counts: LruCache<u64, f64>,
}

impl Default for Estimates {
    fn default() -> Self {
        Self {
            state: RandomState::new(),
            learnt: Mutex::new(Learnt {
                guessed: PRIOR,
                told: PRIOR,
                counts: LruCache::new(COUNTS),
            }),
        }
    }
}

impl Estimates {
    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a call may use: its input, and what it allows the model to write.
    pub(super) fn of(&self, operation: &Operation, body: &[u8]) -> Guess {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut guess = guess(operation, &body);
        let mut learnt = self.learnt();
        // Hashing takes a look at all of a body, which is for nothing where nobody counts.
        let counted = if learnt.counts.is_empty() {
            None
        } else {
            learnt.counts.get(&self.key(operation, &body)).copied()
        };
        if let Some(counted) = counted {
            guess.input = counted;
            guess.is_counted = true;
        } else {
            guess.scale = learnt.scale();
        }
        guess
    }

    /// An answer has told what the input took, cached or not.
    pub(super) fn answered(&self, guess: &Guess, told: f64) {
        if guess.is_counted || guess.input <= 0.0 || !told.is_finite() || told <= 0.0 {
            return;
        }
        let mut learnt = self.learnt();
        let told = told.clamp(guess.input * LEAST, guess.input * MOST);
        learnt.guessed = learnt.guessed * FADES + guess.input;
        learnt.told = learnt.told * FADES + told;
    }

    /// `CountTokens` has told what an input takes.
    pub(super) fn counted(&self, request: &[u8], answer: &[u8]) {
        let [request, answer] =
            [request, answer].map(|json| serde_json::from_slice::<Value>(json).unwrap_or_default());
        let told = answer.get("inputTokens").and_then(Value::as_f64);
        let Some(told) = told.filter(|it| (0.0..=MOST_COUNTED).contains(it)) else {
            return;
        };
        if let Some((operation, body)) = counted_input(&request) {
            let key = self.key(operation, &body);
            self.learnt().counts.put(key, told);
        }
    }

    /// The same for the same input, whatever is asked for beside it.
    fn key(&self, operation: &Operation, body: &Value) -> u64 {
        if operation.name.starts_with("Converse") {
            let input = ["messages", "system", "toolConfig"].map(|name| body.get(name));
            return self.state.hash_one(input);
        }
        self.state.hash_one(body)
    }
}

impl Learnt {
    fn scale(&self) -> f64 {
        (self.told / self.guessed).clamp(LEAST, MOST)
    }
}

#[cfg(test)]
#[path = "estimates_tests.rs"]
mod tests;
