//! An answer as it is kept.

use bytes::{BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Key;
use crate::{
    call::{Answer, Head},
    error::Headers,
    stream::Event,
};

/// What an entry takes beside its contents, about.
const OVERHEAD: usize = 256;
const CHECKSUM: usize = 16;

/// An answer, and when it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// In milliseconds since 1970.
    pub stored: u64,
    pub status: u16,
    pub headers: Headers,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Whole(Bytes),
    Events(Vec<Event>),
}

/// What stands before the bytes of an entry in a file.
#[derive(Serialize, Deserialize)]
struct Preface {
    status: u16,
    headers: Headers,
    /// The kinds of the events, and how long each is.
    events: Option<Vec<(String, usize)>>,
}

impl Entry {
    /// A whole answer. Its body is copied: it may be a slice of something larger.
    pub fn whole(stored: u64, answer: &Answer) -> Self {
        let body = Bytes::copy_from_slice(&answer.body);
        Self::new(stored, &answer.head, Content::Whole(body))
    }

    /// The events of a stream, copied into one piece, since each may be a slice of a network read.
    pub fn events(stored: u64, head: &Head, events: &[Event]) -> Self {
        let length = events.iter().map(|event| event.payload.len()).sum();
        let mut all = BytesMut::with_capacity(length);
        for event in events {
            all.put_slice(&event.payload);
        }
        let kinds = events.iter().map(|it| (it.kind.clone(), it.payload.len()));
        let events = cut(&all.freeze(), kinds).expect("they are as long as they are");
        Self::new(stored, head, Content::Events(events))
    }

    fn new(stored: u64, head: &Head, content: Content) -> Self {
        Self {
            stored,
            status: head.status,
            headers: head.headers.clone(),
            content,
        }
    }

    /// The memory that it takes, about.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        let content = match &self.content {
            Content::Whole(body) => body.len(),
            Content::Events(events) => events.iter().map(size_of_event).sum(),
        };
        OVERHEAD + headers + content
    }

    /// The bytes of a file's row.
    pub fn encode(&self, key: &Key) -> Vec<u8> {
        let events = match &self.content {
            Content::Whole(_) => None,
            Content::Events(events) => {
                let kinds = events.iter().map(|it| (it.kind.clone(), it.payload.len()));
                Some(kinds.collect())
            }
        };
        let preface = Preface {
            status: self.status,
            headers: self.headers.clone(),
            events,
        };
        let preface = serde_json::to_vec(&preface).expect("text and numbers are JSON");
        let mut row = vec![0; CHECKSUM];
        row.put_u32(u32::try_from(preface.len()).expect("headers are short"));
        row.put_slice(&preface);
        match &self.content {
            Content::Whole(body) => row.put_slice(body),
            Content::Events(events) => events.iter().for_each(|it| row.put_slice(&it.payload)),
        }
        let sum = checksum(key, self.stored, &row[CHECKSUM..]);
        row[..CHECKSUM].copy_from_slice(&sum);
        row
    }

    /// What was encoded under this key; `None` if a single bit of it has changed since.
    pub fn decode(key: &Key, stored: u64, row: Vec<u8>) -> Option<Self> {
        let mut row = Bytes::from(row);
        let sum = row.try_split_to(CHECKSUM)?;
        if sum != checksum(key, stored, &row)[..] {
            return None;
        }
        let length = u32::from_be_bytes(row.try_split_to(4)?[..].try_into().ok()?);
        let preface = row.try_split_to(usize::try_from(length).ok()?)?;
        let preface: Preface = serde_json::from_slice(&preface).ok()?;
        let content = match preface.events {
            None => Content::Whole(row),
            Some(kinds) => Content::Events(cut(&row, kinds.into_iter())?),
        };
        Some(Self {
            stored,
            status: preface.status,
            headers: preface.headers,
            content,
        })
    }
}

/// The memory that an event takes, about.
pub(super) fn size_of_event(event: &Event) -> usize {
    event.kind.len() + event.payload.len() + 80
}

trait TrySplit: Sized {
    fn try_split_to(&mut self, at: usize) -> Option<Self>;
}

impl TrySplit for Bytes {
    fn try_split_to(&mut self, at: usize) -> Option<Self> {
        (at <= self.len()).then(|| self.split_to(at))
    }
}

fn cut(all: &Bytes, kinds: impl Iterator<Item = (String, usize)>) -> Option<Vec<Event>> {
    let mut rest = all.clone();
    kinds
        .map(|(kind, length)| {
            let payload = rest.try_split_to(length)?;
            Some(Event { kind, payload })
        })
        .collect()
}

fn checksum(key: &Key, stored: u64, row: &[u8]) -> [u8; CHECKSUM] {
    let sum = Sha256::new()
        .chain_update(key)
        .chain_update(stored.to_be_bytes())
        .chain_update(row)
        .finalize();
    *sum.first_chunk().expect("a hash is longer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn entry() -> impl Strategy<Value = Entry> {
        let bytes = || vec(any::<u8>(), 0..40).prop_map(Bytes::from);
        let event = (".{0,8}", bytes()).prop_map(|(kind, payload)| Event { kind, payload });
        let content = prop_oneof![
            bytes().prop_map(Content::Whole),
            vec(event, 0..5).prop_map(Content::Events),
        ];
        (
            any::<u64>(),
            any::<u16>(),
            vec((".{0,5}", ".{0,5}"), 0..4),
            content,
        )
            .prop_map(|(stored, status, headers, content)| Entry {
                stored,
                status,
                headers,
                content,
            })
    }

    proptest! {
        #[test]
        fn a_row_is_read_back(entry in entry(), key: Key) {
            let row = entry.encode(&key);
            prop_assert_eq!(Entry::decode(&key, entry.stored, row), Some(entry));
        }

        #[test]
        fn a_changed_row_is_refused(entry in entry(), key: Key, at: usize, bit in 0..8u8) {
            let mut row = entry.encode(&key);
            let at = at % row.len();
            row[at] ^= 1 << bit;
            prop_assert_eq!(Entry::decode(&key, entry.stored, row), None);
        }

        #[test]
        fn any_bytes_are_taken(row in vec(any::<u8>(), 0..80), key: Key) {
            prop_assert_eq!(Entry::decode(&key, 0, row), None);
        }
    }

    #[test]
    fn a_row_belongs_to_its_key() {
        let entry = Entry {
            stored: 1,
            status: 200,
            headers: vec![],
            content: Content::Whole(Bytes::from_static(b"{}")),
        };
        let row = entry.encode(&[1; 32]);
        assert_eq!(Entry::decode(&[2; 32], 1, row.clone()), None);
        assert_eq!(Entry::decode(&[1; 32], 2, row), None);
    }
}
