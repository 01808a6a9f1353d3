//! What was asked of the emulator and how it went, for assertions.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::HeaderMap;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer, or its stream, is still on its way.
    #[default]
    Pending,
    /// All of the answer was handed over.
    Answered,
    /// The caller left before the end.
    Abandoned,
    /// A fault ended the connection before or inside the answer.
    Broken,
}

/// One request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entry {
    /// Its number, from 0 without gaps.
    pub sequence: u64,
    /// When it came, in seconds since the Unix epoch on the emulator's clock.
    pub time: f64,
    /// Its `x-amzn-requestid`.
    pub request_id: String,
    /// `bedrock` or `bedrock-runtime`.
    pub service: &'static str,
    /// `Converse`; nothing for an unknown one.
    pub operation: Option<&'static str>,
    /// The Region that was called.
    pub region: String,
    /// The access key's id, `bearer`, or nothing.
    pub principal: String,
    /// `POST`
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// `1.1` or `2`.
    pub http_version: &'static str,
    /// The headers but the signature.
    #[serde(serialize_with = "headers")]
    pub headers: HeaderMap,
    /// The body as sent.
    #[serde(serialize_with = "base64_text")]
    pub body: Bytes,
    /// What the caller named as the model.
    pub model_id: Option<String>,
    /// The model that was meant.
    pub model: Option<String>,
    /// The profile it was reached through.
    pub profile: Option<String>,
    /// Where it was served.
    pub serving_region: Option<String>,
    /// The HTTP status; nothing when the connection ended without one.
    pub status: Option<u16>,
    /// The error's code.
    pub error_code: Option<String>,
    /// Tokens read, cached ones too.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// The latency that the answer tells, in milliseconds.
    pub latency_milliseconds: u64,
    /// The number of the fault or script that stepped in.
    pub rule: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
}

fn headers<S: Serializer>(headers: &HeaderMap, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(headers.keys_len()))?;
    for name in headers.keys().filter(|name| *name != "authorization") {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|v| String::from_utf8_lossy(v.as_bytes()))
            .collect();
        map.serialize_entry(name.as_str(), &values.join(", "))?;
    }
    map.end()
}

fn base64_text<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(body))
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    next: u64,
    bytes: usize,
    pending: usize,
}

/// The newest requests, at most as many and as large as the bounds say.
#[derive(Debug)]
pub struct Journal {
    kept: Mutex<Kept>,
    settled: Condvar,
    most_entries: usize,
    most_bytes: usize,
}

impl Default for Journal {
    fn default() -> Self {
        Self::bounded(10_000, 64 << 20)
    }
}

fn weight(entry: &Entry) -> usize {
    entry.body.len() + entry.path.len() + entry.headers.len() * 64 + 512
}

impl Journal {
    /// A journal that keeps at most so many entries, and about so many bytes.
    #[must_use]
    pub fn bounded(most_entries: usize, most_bytes: usize) -> Self {
        Self {
            kept: Mutex::default(),
            settled: Condvar::new(),
            most_entries,
            most_bytes,
        }
    }

    /// Notes a request and gives it its number.
    pub fn push(&self, mut entry: Entry) -> u64 {
        let mut kept = crate::lock(&self.kept);
        let sequence = kept.next;
        kept.next += 1;
        entry.sequence = sequence;
        kept.bytes += weight(&entry);
        kept.pending += usize::from(entry.outcome == Outcome::Pending);
        kept.entries.push_back(entry);
        while kept.entries.len() > self.most_entries
            || (kept.bytes > self.most_bytes && kept.entries.len() > 1)
        {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= weight(&oldest);
            kept.pending -= usize::from(oldest.outcome == Outcome::Pending);
        }
        sequence
    }

    /// Notes how a request ended, if it is still kept.
    pub fn end(&self, sequence: u64, outcome: Outcome) {
        let mut kept = crate::lock(&self.kept);
        let first = kept.next - kept.entries.len() as u64;
        let position = sequence
            .checked_sub(first)
            .and_then(|position| usize::try_from(position).ok());
        let Some(entry) = position.and_then(|position| kept.entries.get_mut(position)) else {
            return;
        };
        if entry.outcome == Outcome::Pending && outcome != Outcome::Pending {
            entry.outcome = outcome;
            kept.pending -= 1;
            if kept.pending == 0 {
                self.settled.notify_all();
            }
        }
    }

    /// Waits until no kept request is pending; tells whether that came in time.
    #[must_use]
    pub fn settle(&self, patience: Duration) -> bool {
        let kept = crate::lock(&self.kept);
        let waited = self
            .settled
            .wait_timeout_while(kept, patience, |kept| kept.pending > 0);
        match waited {
            Ok((_, waited)) => !waited.timed_out(),
            Err(poisoned) => !poisoned.into_inner().1.timed_out(),
        }
    }

    /// Copies of the entries from a number on.
    #[must_use]
    pub fn since(&self, sequence: u64) -> Vec<Entry> {
        let kept = crate::lock(&self.kept);
        kept.entries
            .iter()
            .filter(|entry| entry.sequence >= sequence)
            .cloned()
            .collect()
    }

    /// How many requests have come, kept or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        crate::lock(&self.kept).next
    }

    /// How many entries are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        crate::lock(&self.kept).entries.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all entries; numbers go on.
    pub fn clear(&self) {
        let mut kept = crate::lock(&self.kept);
        kept.entries.clear();
        kept.bytes = 0;
        kept.pending = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded() {
        let journal = Journal::bounded(3, 10_000);
        for _ in 0..5 {
            journal.push(Entry::default());
        }
        let kept: Vec<_> = journal
            .since(0)
            .iter()
            .map(|entry| entry.sequence)
            .collect();
        assert_eq!(
            (kept.as_slice(), journal.total()),
            ([2, 3, 4].as_slice(), 5)
        );
        journal.push(Entry {
            body: Bytes::from(vec![0; 20_000]),
            ..Entry::default()
        });
        assert_eq!(journal.len(), 1);
        journal.end(1, Outcome::Broken);
        assert_eq!(journal.since(5)[0].outcome, Outcome::Pending);
    }

    #[test]
    fn it_tells_when_all_is_settled() {
        let journal = Journal::default();
        assert!(journal.settle(Duration::ZERO));
        let first = journal.push(Entry::default());
        let second = journal.push(Entry::default());
        journal.end(first, Outcome::Answered);
        journal.end(first, Outcome::Broken);
        assert!(!journal.settle(Duration::ZERO));
        std::thread::scope(|scope| {
            scope.spawn(|| journal.end(second, Outcome::Abandoned));
            assert!(journal.settle(Duration::from_secs(10)));
        });
        let outcomes: Vec<_> = journal.since(0).iter().map(|entry| entry.outcome).collect();
        assert_eq!(outcomes, [Outcome::Answered, Outcome::Abandoned]);
    }
}
