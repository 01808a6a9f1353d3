//! Bedrock's prompt caches, as its user guide describes those of Claude.
//!
//! Each account has one in each serving Region. A request has two cache points, behind its system prompt and tools and
//! behind its last message; what stands before the last one is read where it is cached, and written where it is not. An
//! entry lasts for five minutes after it was used last.

use std::collections::HashMap;

use serde::Serialize;

const LIFETIME: f64 = 300.0;
/// A shorter beginning is not cached.
const MINIMUM: u64 = 1_024;

/// What tokens cost, in those of input that no cache had: Claude's prices.
const READ: f64 = 0.1;
const WRITTEN: f64 = 1.25;
const OUTPUT: f64 = 5.0;

/// Tokens by what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tokens {
    pub input: u64,
    pub read: u64,
    pub written: u64,
    pub output: u64,
}

impl Tokens {
    pub fn add(&mut self, other: Self) {
        self.input += other.input;
        self.read += other.read;
        self.written += other.written;
        self.output += other.output;
    }

    /// All that the model was given.
    pub fn given(&self) -> u64 {
        self.input + self.read + self.written
    }

    /// What they cost, in tokens of input.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub fn cost(&self) -> f64 {
        let [input, read, written, output] =
            [self.input, self.read, self.written, self.output].map(|tokens| tokens as f64);
        input + READ * read + WRITTEN * written + OUTPUT * output
    }
}

/// Where a cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub account: usize,
    pub region: usize,
}

/// What requests begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Beginning {
    /// The system prompt and tools of a program: all of its conversations have them.
    Program(u64),
    Conversation(usize),
}

/// A request's input.
#[derive(Clone, Copy, Debug)]
pub struct Prompt {
    pub program: u64,
    pub conversation: usize,
    /// Tokens of the system prompt and tools, and of all of it.
    pub beginning: u64,
    pub whole: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    tokens: u64,
    until: f64,
}

/// All of them.
#[derive(Default)]
pub struct Caches(HashMap<(Place, Beginning), Entry>);

impl Caches {
    /// What a request would find in a place.
    pub fn look(&self, place: Place, prompt: &Prompt, now: f64) -> Tokens {
        let known = |beginning| {
            let entry = self.0.get(&(place, beginning))?;
            (entry.until > now).then_some(entry.tokens)
        };
        let read = known(Beginning::Conversation(prompt.conversation))
            .or_else(|| known(Beginning::Program(prompt.program)))
            .unwrap_or(0);
        let rest = prompt.whole - read;
        if prompt.whole < MINIMUM {
            return Tokens {
                input: rest,
                ..Tokens::default()
            };
        }
        Tokens {
            read,
            written: rest,
            ..Tokens::default()
        }
    }

    /// A request was read there, to its last cache point.
    pub fn keep(&mut self, place: Place, prompt: &Prompt, now: f64) {
        let points = [
            (Beginning::Program(prompt.program), prompt.beginning),
            (Beginning::Conversation(prompt.conversation), prompt.whole),
        ];
        for (beginning, tokens) in points {
            if tokens >= MINIMUM {
                let until = now + LIFETIME;
                self.0.insert((place, beginning), Entry { tokens, until });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place {
        account: 0,
        region: 0,
    };
    const FIRST: Prompt = Prompt {
        program: 1,
        conversation: 1,
        beginning: 2_000,
        whole: 3_000,
    };

    #[test]
    fn what_was_read_is_cached_in_its_place_for_five_minutes_from_its_last_use() {
        let mut caches = Caches::default();
        assert_eq!(caches.look(HERE, &FIRST, 0.0).written, 3_000);
        caches.keep(HERE, &FIRST, 0.0);
        let next = Prompt {
            whole: 4_500,
            ..FIRST
        };
        let tokens = caches.look(HERE, &next, 299.0);
        assert_eq!((tokens.read, tokens.written), (3_000, 1_500));
        caches.keep(HERE, &next, 299.0);
        assert_eq!(caches.look(HERE, &next, 598.0).read, 4_500);
        assert_eq!(caches.look(HERE, &next, 599.0).read, 0);
        for elsewhere in [Place { account: 1, ..HERE }, Place { region: 1, ..HERE }] {
            assert_eq!(caches.look(elsewhere, &next, 299.0).read, 0);
        }
    }

    #[test]
    fn conversations_of_a_program_share_its_beginning_unless_it_is_short() {
        let mut caches = Caches::default();
        caches.keep(HERE, &FIRST, 0.0);
        let other = Prompt {
            conversation: 2,
            ..FIRST
        };
        assert_eq!(caches.look(HERE, &other, 1.0).read, 2_000);
        let short = Prompt {
            program: 3,
            beginning: 500,
            whole: 1_000,
            ..FIRST
        };
        caches.keep(HERE, &short, 0.0);
        let again = Prompt {
            conversation: 3,
            ..short
        };
        assert_eq!(caches.look(HERE, &again, 1.0).input, 1_000);
    }

    #[test]
    fn tokens_cost_what_their_class_does() {
        let tokens = Tokens {
            input: 1,
            read: 10,
            written: 4,
            output: 2,
        };
        assert!((tokens.cost() - 17.0).abs() < 1e-9);
        assert_eq!(tokens.given(), 15);
    }
}
