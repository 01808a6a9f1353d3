//! What parses bytes from outside bears anything: the fuzz targets, on their seeds and on what proptest makes of them.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("request", targets::request),
    ("signature", targets::signature),
    ("rule", targets::rule),
];

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let files = fs::read_dir(folder).expect("every target has seeds");
    files
        .map(|file| fs::read(file.expect("it was listed").path()).expect("it can be read"))
        .collect()
}

/// One change: some bytes in the place of others.
type Change = (Index, u8, Vec<u8>);

/// Pieces that mean something to a parser come up more often than chance would have them.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(
        &[
            "%",
            "%2",
            "%3A",
            "/",
            "?",
            "&=",
            "\n",
            "{",
            "}",
            "[",
            "\"",
            "\\u",
            "null",
            "-1",
            "1e999",
            "18446744073709551616",
            "\u{0}",
            "é",
            "*",
            "$ref",
            "arn:aws:bedrock:",
            "*/",
            "=, ",
            "s3://",
        ][..],
    );
    prop_oneof![
        words.prop_map(|word| word.as_bytes().to_vec()),
        vec(any::<u8>(), 0..8),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_seed_with_changes(which in any::<Index>(), changes in vec((any::<Index>(), 0..12_u8, piece()), 0..5)) {
        for (target, run) in TARGETS {
            let seeds = seeds(target);
            let mut bytes = seeds[which.index(seeds.len())].clone();
            for (place, length, put) in &changes as &[Change] {
                let start = place.index(bytes.len() + 1);
                let end = bytes.len().min(start + usize::from(*length));
                bytes.splice(start..end, put.iter().copied());
            }
            run(&bytes);
        }
    }

    #[test]
    fn anything(bytes in vec(any::<u8>(), 0..200)) {
        for (_, run) in TARGETS {
            run(&bytes);
        }
    }
}

#[test]
fn every_seed_means_something() {
    for seed in seeds("request") {
        let answer = targets::answer(&seed, false).expect("it is a request");
        assert!(answer.status.is_success(), "{:?}", answer.body);
    }
    for seed in seeds("signature") {
        let answer = targets::answer(&seed, true).expect("it is a request");
        assert_eq!(answer.status.as_u16(), 403, "{:?}", answer.body);
    }
    for seed in seeds("rule") {
        assert!(serde_json::from_slice::<outcrop_emulator::faults::NewRule>(&seed).is_ok());
    }
}
