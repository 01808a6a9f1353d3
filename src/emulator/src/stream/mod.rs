//! Event streams: frames with their checksums, and when each is sent.

mod chunks;
mod converse;
mod events;
mod sse;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;

use crate::ids;

pub use chunks::chunks;
pub use converse::{Converse, scripted};
pub use events::{Events, Kind};
pub use sse::{Sse, text as sse_text};

/// The content type of an event stream.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

fn header(name: &'static str, value: &str) -> Header {
    Header::new(name, HeaderValue::String(value.to_owned().into()))
}

/// Writes one frame.
fn frame(
    kind: &'static str,
    name_header: &'static str,
    name: &str,
    payload: Vec<u8>,
    to: &mut Vec<u8>,
) {
    let message = Message::new(Bytes::from(payload))
        .add_header(header(name_header, name))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", kind));
    write_message_to(&message, to).expect("a frame of this size can be written");
}

/// A frame that ends a stream with a modeled exception.
#[must_use]
pub fn exception(event_type: &str, message: &str) -> Vec<u8> {
    let payload = serde_json::json!({"message": message})
        .to_string()
        .into_bytes();
    let mut bytes = Vec::new();
    frame(
        "exception",
        ":exception-type",
        event_type,
        payload,
        &mut bytes,
    );
    bytes
}

/// Some padding: it hides from a listener how long the pieces of an answer are.
pub fn padding(seed: u64) -> &'static str {
    let length = usize::try_from(ids::mix(seed) % PADDING.len() as u64).unwrap_or(0);
    &PADDING[..=length]
}
