//! A provider's own events, each wrapped in a `chunk`.

use std::time::Duration;

use serde_json::Value;

use super::{Events, Kind};

/// Wraps events; each waits `pace`, the first excepted.
#[must_use]
pub fn chunks(events: &[Value], pace: Duration, seed: u64) -> Events {
    let mut wrapped = Events::new(pace, seed);
    for (index, event) in events.iter().enumerate() {
        wrapped.push(Kind::Chunk, event, index > 0);
    }
    wrapped
}
