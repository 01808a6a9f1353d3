//! What callers do: conversations of several turns, whose beginning grows from turn to turn. The same for each strategy.

use std::ops::Range;

use outcrop_client::{call::Call, model::Service};

use crate::MINUTE;

/// Conversations that begin in a second, and how many times as many in the rush.
const BEGUN: f64 = 0.5;
const RUSH: f64 = 4.0;
/// Programs with a system prompt and tools of their own; one in eight has less than a prompt cache takes.
const PROGRAMS: u64 = 40;
const SMALL: Range<u64> = 300..900;
const USUAL: Range<u64> = 2_000..6_000;
const TURNS: Range<usize> = 6..13;
/// Tokens of a turn: what is asked, with what tools gave, and what is answered.
const ASKED: Range<u64> = 100..1_600;
const ANSWERED: Range<u64> = 100..600;
/// The pause between an answer and the next turn: this, and on average so much more.
const SHORTEST_PAUSE: f64 = 15.0;
const MORE: f64 = 90.0;

/// One conversation.
pub struct Conversation {
    pub number: usize,
    /// When its first turn begins, in seconds.
    pub begins: f64,
    /// Whose system prompt and tools it has, and how many tokens these are.
    pub program: u64,
    pub beginning: u64,
    pub turns: Vec<Turn>,
}

impl Conversation {
    /// A request of it as the router gets to see it, in few words: what it begins with stays, what follows does not.
    pub fn call(&self, turn: usize) -> Call {
        let body = format!(
            r#"{{"system":[{{"text":"program {}"}},{{"cachePoint":{{"type":"default"}}}}],"messages":[
            {{"role":"user","content":[{{"text":"conversation {}"}}]}},
            {{"role":"assistant","content":[{{"text":"yes?"}}]}},
            {{"role":"user","content":[{{"text":"turn {turn}"}}]}}]}}"#,
            self.program, self.number
        );
        let operation = Service::BedrockRuntime.operation("Converse");
        Call {
            body: body.into(),
            ..Call::new(operation.expect("it exists"))
        }
    }
}

/// A question and its answer.
pub struct Turn {
    pub asked: u64,
    pub answered: u64,
    /// Seconds from the answer to the next turn.
    pub pause: f64,
    /// What its requests meet by chance.
    pub seed: u64,
}

/// All that begin until `end`; more of them while the rush lasts.
pub fn drawn(seed: u64, end: f64, rush: &Range<u64>) -> Vec<Conversation> {
    let mut random = fastrand::Rng::with_seed(seed);
    let beginnings: Vec<u64> = (0..PROGRAMS)
        .map(|program| random.u64(if program % 8 == 0 { SMALL } else { USUAL }))
        .collect();
    let mut drawn = vec![];
    let mut begins = 0.0;
    loop {
        #[expect(clippy::cast_precision_loss, reason = "seconds of some hours")]
        let is_rush = begins >= (rush.start * MINUTE) as f64 && begins < (rush.end * MINUTE) as f64;
        begins += exponential(&mut random) / (BEGUN * if is_rush { RUSH } else { 1.0 });
        if begins >= end {
            return drawn;
        }
        let mut random = random.fork();
        let program = random.u64(0..PROGRAMS);
        let turns = (0..random.usize(TURNS)).map(|_| Turn {
            asked: random.u64(ASKED),
            answered: random.u64(ANSWERED),
            pause: SHORTEST_PAUSE + MORE * exponential(&mut random),
            seed: random.u64(..),
        });
        drawn.push(Conversation {
            turns: turns.collect(),
            number: drawn.len(),
            begins,
            program,
            beginning: beginnings[usize::try_from(program).expect("there are few")],
        });
    }
}

/// A wait for what happens by chance, once on average.
fn exponential(random: &mut fastrand::Rng) -> f64 {
    -(1.0 - random.f64()).ln()
}
