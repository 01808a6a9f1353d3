//! From bytes to events: the frames of `application/vnd.amazon.eventstream`.

use std::collections::HashSet;

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::{HeaderValue, Message};
use bytes::BytesMut;
use serde_json::Value;

use super::{End, Event, chunk};
use crate::{
    error::Error,
    json_check::{self, DEEPEST},
};

/// Lengths of a frame and of its headers, and their checksum.
const PRELUDE: usize = 12;
/// A frame without headers and payload: its prelude, and the checksum of all of it.
const SMALLEST_FRAME: usize = 16;
/// The most that the event stream format allows.
const LARGEST_HEADERS: usize = 128 * 1024;
const LARGEST_FRAME: usize = 24 * 1024 * 1024 + LARGEST_HEADERS + SMALLEST_FRAME;

/// Bedrock's frames have three headers. Up to so many are compared with each other, without a table of what was seen.
const FEW_HEADERS: usize = 8;

/// Turns bytes into events.
#[derive(Debug)]
pub struct Frames {
    buffer: BytesMut,
    end: End,
    failed: Option<Error>,
}

impl Frames {
    /// A decoder of a stream that ends as `end` says.
    #[must_use]
    pub fn new(end: End) -> Self {
        Self {
            buffer: BytesMut::new(),
            end,
            failed: None,
        }
    }

    /// Takes more bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// The events whose frames are complete. An error comes alone, after the events before it.
    pub fn take(&mut self) -> Result<Vec<Event>, Error> {
        if let Some(error) = self.failed.clone() {
            return Err(error);
        }
        let mut events = vec![];
        loop {
            match self.decode() {
                Ok(Some(event)) => events.push(event),
                Ok(None) => return Ok(events),
                Err(error) => {
                    self.failed = Some(error.clone());
                    return if events.is_empty() {
                        Err(error)
                    } else {
                        Ok(events)
                    };
                }
            }
        }
    }

    /// The bytes that became no event.
    pub(crate) fn rest(&mut self) -> BytesMut {
        self.buffer.split()
    }

    /// Checks that the stream may end here.
    pub fn finish(&self) -> Result<(), Error> {
        let missing = if self.buffer.is_empty() {
            self.end.missing()
        } else {
            let read = self.buffer.len();
            Some(format!(
                "the stream ended inside a frame, after {read} of its bytes"
            ))
        };
        missing.map_or(Ok(()), |reason| Err(Error::StreamCut { reason }))
    }

    fn decode(&mut self) -> Result<Option<Event>, Error> {
        while let Some(length) = self.frame()? {
            let frame = self.buffer.split_to(length).freeze();
            let message = read_message_from(frame).map_err(|error| {
                let text = error.to_string();
                let checksum = text.contains("checksum");
                broken(&text, checksum)
            })?;
            if let Some(name) = repeated(&message) {
                return Err(broken(&format!("the header {name:?} stands twice"), false));
            }
            if let Some(event) = self.event(&message)? {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The length of the first frame, once all of it is here. A length is believed only as far as it can be, and not
    /// before the checksum beside it is right: a damaged one would be waited for.
    fn frame(&self) -> Result<Option<usize>, Error> {
        let number =
            |bytes: &[u8; 4]| usize::try_from(u32::from_be_bytes(*bytes)).unwrap_or(usize::MAX);
        let Some(first) = self.buffer.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = number(first);
        if !(SMALLEST_FRAME..=LARGEST_FRAME).contains(&length) {
            let what = format!("a frame of {length} bytes cannot be");
            return Err(broken(&what, false));
        }
        let Some(prelude) = self.buffer.first_chunk::<PRELUDE>() else {
            return Ok(None);
        };
        let [_, _, _, _, a, b, c, d, checksum @ ..] = prelude;
        if crc32fast::hash(&prelude[..8]) != u32::from_be_bytes(*checksum) {
            let what = "the checksum of a frame's length does not match";
            return Err(broken(what, true));
        }
        let headers = number(&[*a, *b, *c, *d]);
        if headers > LARGEST_HEADERS || headers > length - SMALLEST_FRAME {
            let what = format!("{headers} bytes of headers in a frame of {length} cannot be");
            return Err(broken(&what, false));
        }
        Ok((self.buffer.len() >= length).then_some(length))
    }

    fn event(&mut self, message: &Message) -> Result<Option<Event>, Error> {
        match header(message, ":message-type") {
            Some("exception") => Err(exception(message)),
            Some("error") => Err(Error::Stream {
                code: header(message, ":error-code")
                    .unwrap_or_default()
                    .to_owned(),
                message: header(message, ":error-message")
                    .unwrap_or_default()
                    .to_owned(),
                body: message.payload().clone(),
            }),
            _ => {
                let kind = header(message, ":event-type").unwrap_or_default();
                // What has no name is handed out by nobody.
                if kind.is_empty() || kind == "initial-response" {
                    return Ok(None);
                }
                let event = Event {
                    kind: kind.to_owned(),
                    payload: message.payload().clone(),
                };
                check(&event)?;
                self.end.seen(&event);
                Ok(Some(event))
            }
        }
    }
}

/// An event carries JSON, or nothing. What nobody can read is an error here, where all who watch the stream learn of it.
fn check(event: &Event) -> Result<(), Error> {
    if event.payload.is_empty() {
        return Ok(());
    }
    let mut bytes = false;
    let checked = json_check::check(&event.payload, DEEPEST, |name, value| {
        bytes |= name == b"bytes" && value.starts_with(b"\"");
    });
    let what = match checked {
        Err(flaw) => format!("no JSON: {flaw}"),
        Ok(_) if event.kind == "chunk" && bytes && chunk(&event.payload).is_none() => {
            "no chunk: its bytes are no base64".into()
        }
        Ok(_) => return Ok(()),
    };
    Err(Error::StreamBroken {
        reason: format!("an event {:?} is {what}", event.kind),
        checksum: false,
    })
}

fn broken(what: &str, checksum: bool) -> Error {
    let reason = format!("the stream's bytes are no event stream: {what}");
    Error::StreamBroken { reason, checksum }
}

fn exception(message: &Message) -> Error {
    let json: Option<Value> = serde_json::from_slice(message.payload()).ok();
    let text = json
        .as_ref()
        .and_then(|json| json.get("message").or_else(|| json.get("Message")))
        .and_then(Value::as_str);
    Error::Stream {
        code: header(message, ":exception-type")
            .unwrap_or_default()
            .to_owned(),
        message: text.unwrap_or_default().to_owned(),
        body: message.payload().clone(),
    }
}

/// A header that a frame has again: whoever reads the first sees another event than who reads the last.
fn repeated(message: &Message) -> Option<&str> {
    let headers = message.headers();
    let names = || headers.iter().map(|header| header.name().as_str());
    if headers.len() <= FEW_HEADERS {
        return (names().enumerate()).find_map(|(at, name)| {
            let again = names().take(at).any(|before| before == name);
            again.then_some(name)
        });
    }
    let mut seen = HashSet::with_capacity(headers.len());
    names().find(|name| !seen.insert(*name))
}

fn header<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    let header = message
        .headers()
        .iter()
        .find(|header| header.name().as_str() == name)?;
    match header.value() {
        HeaderValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::Header;
    use bytes::Bytes;
    use proptest::{collection::vec, prelude::*};

    fn frame(kind: &str, payload: &str) -> Vec<u8> {
        let header = |name: &'static str, value: &str| {
            Header::new(name, HeaderValue::String(value.to_owned().into()))
        };
        let message = Message::new(Bytes::copy_from_slice(payload.as_bytes()))
            .add_header(header(":event-type", kind))
            .add_header(header(":message-type", "event"));
        let mut bytes = vec![];
        write_message_to(&message, &mut bytes).expect("it is small");
        bytes
    }

    fn whole() -> Vec<Vec<u8>> {
        vec![
            frame("messageStart", r#"{"role":"assistant"}"#),
            frame("contentBlockDelta", r#"{"delta":{"text":"x"}}"#),
            frame("messageStop", r#"{"stopReason":"end_turn"}"#),
        ]
    }

    /// The events of bytes that come in these pieces, or how it failed.
    fn read(bytes: &[u8], pieces: &[usize]) -> Result<usize, Error> {
        let mut frames = Frames::new(End::Kind("messageStop"));
        let (mut rest, mut events) = (bytes, 0);
        let mut pieces = pieces.iter().cycle();
        while !rest.is_empty() {
            let (piece, more) =
                rest.split_at(pieces.next().map_or(rest.len(), |it| rest.len().min(*it)));
            rest = more;
            frames.push(piece);
            loop {
                match frames.take()?.len() {
                    0 => break,
                    more => events += more,
                }
            }
        }
        frames.finish()?;
        Ok(events)
    }

    proptest! {
        #[test]
        fn where_it_is_cut_makes_no_difference(pieces in vec(1..40usize, 1..20)) {
            prop_assert_eq!(read(&whole().concat(), &pieces).ok(), Some(3));
        }

        #[test]
        fn no_changed_bit_is_overlooked(at: usize, bit in 0..8u8, pieces in vec(1..40usize, 1..20)) {
            let mut bytes = whole().concat();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(read(&bytes, &pieces).is_err());
        }

        #[test]
        fn no_end_is_overlooked(end: usize, pieces in vec(1..40usize, 1..20)) {
            let bytes = whole().concat();
            prop_assert!(read(&bytes[..end % bytes.len()], &pieces).is_err());
        }

        #[test]
        fn a_damaged_prelude_is_seen_as_soon_as_it_is_here(at in 0..12usize, bit in 0..8u8) {
            let [first, mut second, _] = whole().try_into().expect("three frames");
            second[at] ^= 1 << bit;
            let mut frames = Frames::new(End::Any);
            frames.push(&first);
            frames.push(&second[..12]);
            prop_assert_eq!(frames.take().expect("the first is whole").len(), 1);
            let checked = frames.take();
            let seen = matches!(checked, Err(Error::StreamBroken { .. }));
            prop_assert!(seen, "{:?}", checked);
        }
    }

    #[test]
    fn a_header_that_stands_twice_is_named_among_few_and_among_many() {
        for count in [2, 3, FEW_HEADERS, FEW_HEADERS + 1, 500] {
            for (first, again) in [(0, count - 1), (count - 2, count - 1)] {
                let mut message = Message::new(Bytes::new());
                for at in 0..count {
                    let name = format!("h{}", if at == again { first } else { at });
                    message = message.add_header(Header::new(name, HeaderValue::Bool(true)));
                }
                assert_eq!(repeated(&message), Some(&*format!("h{first}")));
                let mut frames = Frames::new(End::Any);
                let mut bytes = vec![];
                write_message_to(&message, &mut bytes).expect("it is small");
                frames.push(&bytes);
                let error = frames.take().expect_err("two readers would see two events");
                assert!(error.to_string().contains("stands twice"), "{error}");
            }
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_not_believed_whatever_their_checksum_says() {
        let prelude = |length: u32, headers: u32| {
            let mut bytes = [length.to_be_bytes(), headers.to_be_bytes()].concat();
            bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
            bytes
        };
        for (length, headers) in [
            (0, 0),
            (15, 0),
            (u32::MAX, 0),
            (16, 1),
            (100, 85),
            (1 << 20, 200_000),
        ] {
            let mut frames = Frames::new(End::Any);
            frames.push(&prelude(length, headers));
            let taken = frames.take();
            assert!(
                matches!(taken, Err(Error::StreamBroken { .. })),
                "{length} {headers}"
            );
        }
        let mut frames = Frames::new(End::Any);
        frames.push(&prelude(100, 84));
        assert_eq!(frames.take().expect("it may go on"), []);
    }

    #[test]
    fn an_event_that_nobody_can_read_is_named() {
        for (kind, payload) in [
            ("zz", "{"),
            ("contentBlockDelta", "x"),
            ("chunk", r#"{"bytes":"!"}"#),
        ] {
            let mut frames = Frames::new(End::Any);
            frames.push(&frame(kind, payload));
            let error = frames.take().expect_err("it cannot be read").to_string();
            assert!(
                error.starts_with(&format!("an event {kind:?} is no ")),
                "{error}"
            );
        }
        let mut frames = Frames::new(End::Any);
        frames.push(
            &[
                frame("zz", ""),
                frame("chunk", "{}"),
                frame("chunk", r#"{"bytes":"AAA="}"#),
            ]
            .concat(),
        );
        assert_eq!(frames.take().expect("they can").len(), 3);
    }
}
