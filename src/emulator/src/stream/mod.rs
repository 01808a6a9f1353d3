//! Event streams: frames with their checksums, and when each is sent.

mod chunks;
mod converse;

use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;

use crate::http::{Body, Step};
use crate::ids;

pub use chunks::chunks;
pub use converse::converse;

/// The content type of an event stream.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Writes frames one after another.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    steps: Vec<Step>,
}

fn header(name: &'static str, value: &str) -> Header {
    Header::new(name, HeaderValue::String(value.to_owned().into()))
}

/// One frame's bytes.
fn frame(kind: &'static str, name_header: &'static str, name: &str, payload: Vec<u8>) -> Vec<u8> {
    let message = Message::new(Bytes::from(payload))
        .add_header(header(name_header, name))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", kind));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a frame of this size can be written");
    bytes
}

/// A frame that ends a stream with a modeled exception.
#[must_use]
pub fn exception(event_type: &str, message: &str) -> Vec<u8> {
    let payload = serde_json::json!({"message": message})
        .to_string()
        .into_bytes();
    frame("exception", ":exception-type", event_type, payload)
}

/// Some padding: it hides from a listener how long the pieces of an answer are.
pub fn padding(seed: u64) -> &'static str {
    let length = usize::try_from(ids::mix(seed) % PADDING.len() as u64).unwrap_or(0);
    &PADDING[..=length]
}

impl Frames {
    /// Adds an event that is sent `wait` after the one before it.
    pub fn event(&mut self, name: &str, payload: Vec<u8>, wait: Duration) {
        self.bytes
            .extend_from_slice(&frame("event", ":event-type", name, payload));
        self.steps.push(Step {
            end: self.bytes.len(),
            wait,
        });
    }

    /// The stream as a body.
    #[must_use]
    pub fn into_body(mut self) -> Body {
        // A stream that is paced stays in memory for long, and there may be thousands.
        self.bytes.shrink_to_fit();
        self.steps.shrink_to_fit();
        Body {
            bytes: Bytes::from(self.bytes),
            steps: self.steps,
            ..Body::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};

    use super::*;

    #[test]
    fn frames_can_be_read_back() {
        let mut frames = Frames::default();
        frames.event(
            "messageStart",
            b"{\"role\":\"assistant\"}".to_vec(),
            Duration::ZERO,
        );
        frames.event("messageStop", b"{}".to_vec(), Duration::from_millis(5));
        let body = frames.into_body();
        assert_eq!(body.steps.len(), 2);
        let mut bytes = body.bytes.clone();
        let mut decoder = MessageFrameDecoder::new();
        let DecodedFrame::Complete(message) = decoder.decode_frame(&mut bytes).unwrap() else {
            panic!("no frame")
        };
        assert_eq!(message.payload().as_ref(), b"{\"role\":\"assistant\"}");
        assert_eq!(bytes.len(), body.bytes.len() - body.steps[0].end);
    }
}
