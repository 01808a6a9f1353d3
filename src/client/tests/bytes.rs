//! What parses bytes from outside bears anything: the fuzz targets, on their seeds and on what proptest makes of them.

#[path = "../../emulator/fuzz/changes.rs"]
mod changes;
#[path = "../fuzz/targets.rs"]
mod targets;

use changes::{Target, bears_anything, seeds};
use outcrop_client::{error::Error, log_records::Record, metrics::Usage};

const TARGETS: &[Target] = &[
    ("frames", targets::frames),
    ("log", targets::log),
    ("body", targets::body),
    ("answer", targets::answer),
];

const WORDS: &[&str] = &[
    "\r\n",
    "\n",
    "\r\n\r\n",
    "0\r\n",
    "ffffffffffffffff",
    ";",
    ": ",
    "Content-Length: 7\r\n",
    "Transfer-Encoding: chunked\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n",
    "{",
    "}",
    "[",
    "\"",
    "\\",
    "\\u",
    "null",
    "-1",
    "1e999",
    "\"usage\":{\"inputTokens\":1}",
    "\"inferenceRegion\":\"us-west-2\",",
    "\u{0}",
    "é",
    "\u{0}\u{0}\u{0}\u{10}",
    "\u{1f}\u{8b}",
];

bears_anything!(TARGETS, WORDS);

#[test]
fn every_seed_means_something() {
    for seed in seeds("frames") {
        let (events, failed) = targets::decoded(&seed[1..], usize::MAX);
        let failed = failed.unwrap_or_default();
        assert!(!failed.contains("no event stream"), "{failed}");
        assert!(
            !events.is_empty() || failed.contains("internal"),
            "{failed}"
        );
    }
    for seed in seeds("log").iter().filter(|seed| seed[1] != 0x1f) {
        let line = seed[1..].split(|byte| *byte == b'\n').next();
        let record = Record::parse(line.expect("there is one")).expect("it is a record");
        assert!(record.region.is_some());
    }
    for seed in seeds("body") {
        let usage = Usage::of_body(&seed);
        assert!(usage != Usage::default() || Usage::of_chunk(&seed) != Usage::default());
    }
    for seed in seeds("answer") {
        let heard = targets::heard(&seed[1..], seed[0] & 1 == 1);
        assert!(matches!(heard, Ok(_) | Err(Error::Service(_))), "{heard:?}");
    }
}
