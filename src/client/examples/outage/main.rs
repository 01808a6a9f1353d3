//! An outage in virtual time: conversations of several turns, three source Regions of one or two accounts, the preferred
//! Region failing for ten minutes, and later a rush for which one source Region has no room.
//!
//! Prints, as JSON, what came of it with a router that keeps conversations in their places, with one that does not, with
//! the retries of AWS's SDKs alone, and with round-robin on top of those. The router is the one that users call; the
//! callers, the Regions, the prompt caches and the time are made up, from a seed.
//!
//! ```sh
//! cargo run --release -p outcrop-client --example outage | python benches/outage.py docs/outage.svg
//! ```

mod bedrock;
mod caches;
mod conversations;
mod report;
mod strategies;
#[cfg(test)]
mod tests;

use std::{
    ops::Range,
    sync::{Arc, Mutex},
};

use serde_json::json;

use self::{
    bedrock::{Request, World, held},
    caches::Prompt,
    conversations::Conversation,
    report::Report,
    strategies::{Name, Strategy},
};

const SEED: u64 = 20_261_124;
const MINUTE: u64 = 60;
const MINUTES: u64 = 75;
/// In minutes; nothing is counted before the first.
const BEFORE: Range<u64> = 15..20;
const OUTAGE: Range<u64> = 20..30;
const AFTER: Range<u64> = 30..40;
const RUSH: Range<u64> = 50..75;
const PHASES: [(&str, Range<u64>); 4] = [
    ("before", BEFORE),
    ("outage", OUTAGE),
    ("after", AFTER),
    ("rush", RUSH),
];

/// What is compared, and over how many accounts.
const PLAYED: [(Name, usize); 7] = [
    (Name::Retries, 1),
    (Name::RoundRobin, 1),
    (Name::Outcrop, 1),
    (Name::Affinity, 1),
    (Name::RoundRobin, 2),
    (Name::Outcrop, 2),
    (Name::Affinity, 2),
];

fn main() {
    let row = |(name, accounts): (Name, usize)| {
        let report = played(name, accounts, SEED);
        let of = |minutes: Range<u64>| report.over(minutes).json();
        let phases = PHASES.map(|(phase, minutes)| (phase.to_owned(), of(minutes)));
        json!({
            "strategy": name.words(),
            "accounts": accounts,
            "phases": serde_json::Map::from_iter(phases),
            "back_after": report.back_after(seconds(OUTAGE.end)),
            "minutes": (0..MINUTES).map(|at| of(at..at + 1)).collect::<Vec<_>>(),
        })
    };
    let out = json!({
        "spans": serde_json::Map::from_iter(
            PHASES.map(|(phase, minutes)| (phase.to_owned(), json!([minutes.start, minutes.end]))),
        ),
        "played": PLAYED.map(row),
    });
    let text = out.to_string();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).expect("somebody reads it");
}

/// What comes of all conversations with one strategy.
fn played(name: Name, accounts: usize, seed: u64) -> Report {
    let world = World::new(accounts);
    let strategy = name.strategy(&world);
    fastrand::seed(1);
    world.time.run(async {
        let begun: Vec<_> = conversations::drawn(seed, seconds(MINUTES), &RUSH)
            .into_iter()
            .map(|conversation| {
                let (world, strategy) = (Arc::clone(&world), strategy.clone());
                tokio::spawn(async move { converse(&world, &strategy, &conversation).await })
            })
            .collect();
        for conversation in begun {
            conversation.await.expect("no conversation panics");
        }
    });
    std::mem::take(&mut *held(&world.report))
}

async fn converse(world: &World, strategy: &Strategy, conversation: &Conversation) {
    world.sleep(conversation.begins).await;
    let mut history = 0;
    let mut last = None;
    for (number, turn) in conversation.turns.iter().enumerate() {
        let begun = world.now();
        if begun >= seconds(MINUTES) {
            return;
        }
        let request = Request {
            begun,
            call: conversation.call(number),
            prompt: Prompt {
                program: conversation.program,
                conversation: conversation.number,
                beginning: conversation.beginning,
                whole: conversation.beginning + history + turn.asked,
            },
            output: turn.answered,
            random: Mutex::new(fastrand::Rng::with_seed(turn.seed)),
            answered: Mutex::default(),
        };
        if strategy.call(world, &request).await {
            history += turn.asked + turn.answered;
        }
        let source = *held(&request.answered);
        let place = source.map(|it| world.sources[it]);
        if number == 0 {
            held(&world.report).begun.push((begun, place));
        }
        world.minute(begun, |minute| {
            minute.calls += 1;
            minute.answered += u64::from(place.is_some());
            minute.preferred += u64::from(place.is_some_and(|it| it.region == 0));
            if let (Some(last), Some(source)) = (last, source) {
                minute.followed += 1;
                minute.moved += u64::from(last != source);
            }
        });
        last = source.or(last);
        world.sleep(turn.pause).await;
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes of some hours")]
fn seconds(minutes: u64) -> f64 {
    (minutes * MINUTE) as f64
}
