//! What S3 would hold: the objects that Bedrock reads and writes, in memory, by their URI.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Mutex;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::clock::Instant;

#[derive(Clone, Debug)]
struct Object {
    bytes: Bytes,
    /// What a job writes is there when the job is done.
    since: Instant,
}

/// All objects, whoever put them there.
#[derive(Debug, Default)]
pub struct Objects(Mutex<BTreeMap<String, Object>>);

/// Whether a text is the URI of an object: a bucket and a key.
#[must_use]
pub fn is_uri(uri: &str) -> bool {
    let place = uri
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'));
    place.is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty())
}

/// `place` with `name` below it.
#[must_use]
pub fn below(place: &str, name: &str) -> String {
    format!("{}/{name}", place.trim_end_matches('/'))
}

/// Bytes as Bedrock compresses what it writes.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

impl Objects {
    /// Puts an object that is there from a moment on.
    pub fn put(&self, uri: &str, bytes: impl Into<Bytes>, since: Instant) {
        let object = Object {
            bytes: bytes.into(),
            since,
        };
        crate::lock(&self.0).insert(uri.to_owned(), object);
    }

    /// An object, if it is there.
    #[must_use]
    pub fn get(&self, uri: &str, now: Instant) -> Option<Bytes> {
        let objects = crate::lock(&self.0);
        let object = objects.get(uri).filter(|object| object.since <= now);
        object.map(|object| object.bytes.clone())
    }

    /// `length` bytes of an object from `start` on, if it is there; fewer where it ends.
    #[must_use]
    pub fn part(&self, uri: &str, start: usize, length: usize, now: Instant) -> Option<Bytes> {
        let bytes = self.get(uri, now)?;
        let start = start.min(bytes.len());
        let end = start.saturating_add(length).min(bytes.len());
        Some(bytes.slice(start..end))
    }

    /// The URIs of all objects that are there and begin so, in alphabetical order.
    #[must_use]
    pub fn list(&self, prefix: &str, now: Instant) -> Vec<String> {
        crate::lock(&self.0)
            .range(prefix.to_owned()..)
            .take_while(|(uri, _)| uri.starts_with(prefix))
            .filter(|(_, object)| object.since <= now)
            .map(|(uri, _)| uri.clone())
            .collect()
    }

    /// Takes an object away, whether it is there yet or not; tells whether there was one.
    pub fn remove(&self, uri: &str) -> bool {
        crate::lock(&self.0).remove(uri).is_some()
    }

    /// Takes away all objects that begin so, those that are not there yet too.
    pub fn remove_all(&self, prefix: &str) {
        crate::lock(&self.0).retain(|uri, _| !uri.starts_with(prefix));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn objects_are_there_when_their_time_has_come() {
        let objects = Objects::default();
        let now = Instant::from_epoch_seconds(100);
        let later = now.after(Duration::from_mins(1));
        objects.put("s3://rocks/in/a", "1", now);
        objects.put("s3://rocks/in/b", "2", later);
        objects.put("s3://rocks/out", "3", now);
        assert_eq!(objects.list("s3://rocks/in/", now), ["s3://rocks/in/a"]);
        assert_eq!(objects.get("s3://rocks/in/b", now), None);
        assert_eq!(
            objects.get("s3://rocks/in/b", later).as_deref(),
            Some(&b"2"[..])
        );
        let part = |start, length| objects.part("s3://rocks/out", start, length, now);
        assert_eq!(part(0, 9).as_deref(), Some(&b"3"[..]));
        assert_eq!(part(7, 9).as_deref(), Some(&b""[..]));
        assert_eq!(objects.list("", later).len(), 3);
        objects.remove_all("s3://rocks/in/");
        assert!(objects.remove("s3://rocks/out") && !objects.remove("s3://rocks/out"));
        assert_eq!(objects.list("", later).len(), 0);
    }

    #[test]
    fn a_uri_has_a_bucket_and_a_key() {
        assert!(is_uri("s3://rocks/in.jsonl"));
        for wrong in [
            "",
            "s3://",
            "s3://rocks",
            "s3://rocks/",
            "s3:///key",
            "rocks/in.jsonl",
        ] {
            assert!(!is_uri(wrong), "{wrong}");
        }
        assert_eq!(below("s3://rocks/out/", "a"), below("s3://rocks/out", "a"));
    }
}
