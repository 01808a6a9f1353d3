//! What parses bytes from outside bears anything: the fuzz targets, on their seeds and on what proptest makes of them.

#[path = "../fuzz/changes.rs"]
mod changes;
#[path = "../fuzz/targets.rs"]
mod targets;

use changes::{Target, bears_anything, seeds};

const TARGETS: &[Target] = &[
    ("request", targets::request),
    ("signature", targets::signature),
    ("rule", targets::rule),
];

const WORDS: &[&str] = &[
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
];

bears_anything!(TARGETS, WORDS);

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
