//! A provider's own events, each wrapped in a `chunk`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Frames, padding};
use crate::ids;

/// Wraps events; each waits `pace`, the first excepted.
#[must_use]
pub fn chunks(events: &[Value], pace: Duration, seed: u64) -> Frames {
    let mut frames = Frames::default();
    let mut state = seed;
    for (index, event) in events.iter().enumerate() {
        state = ids::mix(state);
        let payload = json!({"bytes": STANDARD.encode(event.to_string()), "p": padding(state)});
        let wait = if index == 0 { Duration::ZERO } else { pace };
        frames.event("chunk", payload.to_string().into_bytes(), wait);
    }
    frames
}
