//! What parses bytes from outside, each as a function that must bear anything.
//!
//! `make fuzz` lets coverage choose the bytes, `tests/bytes.rs` lets proptest do it within every run of the tests.

#![allow(dead_code, reason = "each binary has one target of these")]

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use bytes::Bytes;
use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use outcrop_emulator::faults::NewRule;
use outcrop_emulator::http::{Answer, Content, Request};
use outcrop_emulator::{Options, Service};

/// How many requests a service gets before another takes its place: what they make must not fill the memory.
const TURN: usize = 2_000;

/// A service, and how many requests it has had.
type Used = (Arc<Service>, usize);

/// One that takes anything, and one that verifies signatures.
static SERVICES: Mutex<[Option<Used>; 2]> = Mutex::new([None, None]);

fn service(verify_signatures: bool) -> Arc<Service> {
    let mut services = SERVICES.lock().unwrap_or_else(PoisonError::into_inner);
    let (service, used) = services[usize::from(verify_signatures)].get_or_insert_with(|| {
        let options = Options {
            verify_signatures,
            journal_entries: 10,
            ..Options::default()
        };
        (Service::new(options).expect("it starts"), 0)
    });
    let service = Arc::clone(service);
    *used += 1;
    if *used == TURN {
        services[usize::from(verify_signatures)] = None;
    }
    service
}

/// A request's line, headers and body, laid out as HTTP/1.1 has them; hyper has read the head by the time we see it.
fn read(bytes: &[u8]) -> Option<Request> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name: HeaderName = name.parse().ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    Some(Request {
        method: method.parse::<Method>().ok()?,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Bytes::copy_from_slice(&bytes[end + 2..]),
        http2: false,
    })
}

/// An answer is well-formed whatever was asked.
fn check(answer: &Answer) {
    match &answer.body.content {
        Content::Whole(body) => {
            let value: serde_json::Value = serde_json::from_slice(body).expect("a body is JSON");
            assert!(
                answer.status.is_success() || value.get("message").is_some(),
                "{value}"
            );
        }
        Content::Events(events) => {
            let mut frames = Vec::new();
            (0..events.len()).for_each(|index| events.write(index, &mut frames));
            let (mut decoder, mut rest) = (MessageFrameDecoder::new(), &frames[..]);
            for _ in 0..events.len() {
                let frame = decoder.decode_frame(&mut rest);
                assert!(
                    matches!(frame, Ok(DecodedFrame::Complete(_))),
                    "a frame is whole"
                );
            }
            assert!(rest.is_empty());
        }
    }
}

/// What is answered to bytes that are a request.
pub fn answer(bytes: &[u8], verify_signatures: bool) -> Option<Answer> {
    read(bytes).map(|request| service(verify_signatures).handle(request))
}

/// Paths, queries, headers and the bodies of every operation.
pub fn request(bytes: &[u8]) {
    if let Some(answer) = answer(bytes, false) {
        check(&answer);
    }
}

/// The same where the signature is read first.
pub fn signature(bytes: &[u8]) {
    if let Some(answer) = answer(bytes, true) {
        assert!(!answer.status.is_success(), "nobody guesses a signature");
        check(&answer);
    }
}

/// A rule as Python hands it over, and a call that meets it.
pub fn rule(bytes: &[u8]) {
    let Ok(rule) = serde_json::from_slice::<NewRule>(bytes) else {
        return;
    };
    let service = service(false);
    let id = service.rules.add(rule);
    for path in ["converse", "converse-stream"] {
        let request = Request {
            method: Method::POST,
            path: format!("/model/us.amazon.nova-lite-v1%3A0/{path}"),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(
                br#"{"messages":[{"role":"user","content":[{"text":"weather"}]}]}"#,
            ),
            http2: false,
        };
        // What a fault does to frames need not leave them whole.
        if let Content::Events(events) = service.handle(request).body.content {
            (0..events.len()).for_each(|index| events.write(index, &mut Vec::new()));
        }
    }
    service.rules.remove(id);
}
