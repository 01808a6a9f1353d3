//! A stream's events, kept short: each becomes a frame when it is due.
//!
//! A paced stream stays in memory for long, and there may be thousands. A frame is three times as long as what it tells,
//! so frames are not written beforehand; nor are a provider's events base64 before they must be.

use std::ops::Range;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{exception, frame, padding};
use crate::error::ServiceError;
use crate::ids;

/// The events that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A provider's own event, in base64.
    Chunk,
    /// `messageStart`
    MessageStart,
    /// `contentBlockStart`
    BlockStart,
    /// `contentBlockDelta`
    BlockDelta,
    /// `contentBlockStop`
    BlockStop,
    /// `messageStop`
    MessageStop,
    /// `metadata`
    Metadata,
    /// One that a script names.
    Other,
    /// A server-sent event, written already.
    Written,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Chunk => "chunk",
            Self::MessageStart => "messageStart",
            Self::BlockStart => "contentBlockStart",
            Self::BlockDelta => "contentBlockDelta",
            Self::BlockStop => "contentBlockStop",
            Self::MessageStop => "messageStop",
            Self::Metadata => "metadata",
            Self::Other | Self::Written => "other",
        }
    }
}

/// The longest name that an event may have.
const LONGEST_NAME: usize = 128;

/// Where an event's JSON ends.
#[derive(Clone, Copy, Debug)]
struct Mark {
    end: u32,
    kind: Kind,
    paced: bool,
}

/// What goes wrong with one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// Only so many of its bytes are sent.
    Cut(usize),
    /// Its checksum is wrong.
    Checksum,
}

/// The events of a stream, in order, and when each is due.
#[derive(Clone, Debug, Default)]
pub struct Events {
    text: Vec<u8>,
    marks: Vec<Mark>,
    /// How long a paced event waits for its turn.
    pace: Duration,
    /// Of the padding.
    seed: u64,
    /// A longer wait before one of them; the one after the last is the stream's end.
    stall: Option<(usize, Duration)>,
    damage: Option<(usize, Damage)>,
    /// The names of events that a script names, by their places.
    names: Vec<(usize, String)>,
    /// The frame of an exception that ends the stream.
    exception: Option<Vec<u8>>,
    /// How an error inside the stream is written, where it is no exception frame.
    failing: Option<fn(&ServiceError) -> String>,
}

impl Events {
    /// No events yet.
    #[must_use]
    pub fn new(pace: Duration, seed: u64) -> Self {
        Self {
            pace,
            seed,
            ..Self::default()
        }
    }

    /// Adds an event: a JSON object.
    pub fn push(&mut self, kind: Kind, event: &serde_json::Value, paced: bool) {
        // Writing a value into memory does not fail.
        let _ = serde_json::to_writer(&mut self.text, event);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.marks.push(Mark { end, kind, paced });
    }

    /// Adds an event under a name of one's own.
    pub fn push_named(&mut self, name: &str, event: &serde_json::Value) {
        let name = name.chars().take(LONGEST_NAME).collect();
        self.names.push((self.marks.len(), name));
        self.push(Kind::Other, event, true);
    }

    /// Adds an event that is sent as it is written.
    pub fn push_written(&mut self, event: &str, paced: bool) {
        self.text.extend_from_slice(event.as_bytes());
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let kind = Kind::Written;
        self.marks.push(Mark { end, kind, paced });
    }

    /// Gives back what was set aside for more.
    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    /// How many frames there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len() + usize::from(self.exception.is_some())
    }

    /// How long the frame with that number, or the stream's end after the last, waits for its turn.
    #[must_use]
    pub fn wait(&self, index: usize) -> Duration {
        let paced = self.marks.get(index).is_some_and(|mark| mark.paced);
        let pace = if paced { self.pace } else { Duration::ZERO };
        let stall = self.stall.filter(|(before, _)| *before == index);
        stall.map_or(pace, |(_, pause)| pace.saturating_add(pause))
    }

    /// Writes a frame.
    pub fn write(&self, index: usize, to: &mut Vec<u8>) {
        let start = to.len();
        match self.marks.get(index) {
            Some(mark) => self.write_event(self.span(index), mark.kind, index, to),
            None => to.extend_from_slice(self.exception.as_deref().unwrap_or_default()),
        }
        match self.damage.filter(|(damaged, _)| *damaged == index) {
            Some((_, Damage::Cut(length))) => to.truncate(start + length),
            Some((_, Damage::Checksum)) => {
                if let Some(last) = to[start..].last_mut() {
                    *last ^= 0xff;
                }
            }
            None => {}
        }
    }

    fn span(&self, index: usize) -> Range<usize> {
        let end = |index: usize| self.marks.get(index).map_or(0, |mark| mark.end as usize);
        index.checked_sub(1).map_or(0, end)..end(index)
    }

    fn write_event(&self, span: Range<usize>, kind: Kind, index: usize, to: &mut Vec<u8>) {
        let event = &self.text[span];
        if kind == Kind::Written {
            to.extend_from_slice(event);
            return;
        }
        let mut payload = Vec::with_capacity(event.len() * 4 / 3 + 100);
        if kind == Kind::Chunk {
            payload.extend_from_slice(b"{\"bytes\":\"");
            payload.extend_from_slice(STANDARD.encode(event).as_bytes());
            payload.extend_from_slice(b"\",");
        } else {
            // Without the closing brace: the padding comes last.
            payload.extend_from_slice(event.strip_suffix(b"}").unwrap_or(event));
            if event.len() > 2 {
                payload.push(b',');
            }
        }
        payload.extend_from_slice(b"\"p\":\"");
        payload.extend_from_slice(padding(ids::mix(self.seed ^ index as u64)).as_bytes());
        payload.extend_from_slice(b"\"}");
        let named = self.names.iter().find(|(place, _)| *place == index);
        let name = named.map_or(kind.name(), |(_, name)| name);
        frame("event", ":event-type", name, payload, to);
    }

    fn length(&self, index: usize) -> usize {
        let mut frame = Vec::new();
        self.write(index, &mut frame);
        frame.len()
    }

    // -- faults -------------------------------------------------------------------------------------------------------

    /// Keeps the first `events` events.
    pub fn keep(&mut self, events: usize) {
        self.marks.truncate(events);
    }

    /// Ends the stream with an exception after `events` events.
    pub fn end_with(&mut self, events: usize, error: &ServiceError) {
        self.keep(events);
        self.exception = Some(match self.failing {
            Some(written) => written(error).into_bytes(),
            None => exception(&error.event_type(), &error.message),
        });
    }

    /// Says how an error inside the stream is written.
    pub fn fail_by(&mut self, written: fn(&ServiceError) -> String) {
        self.failing = Some(written);
    }

    /// Ends the stream in the middle of the frame after `events` events, if there is one.
    pub fn cut_frame(&mut self, events: usize) {
        self.keep(events.saturating_add(1));
        if events < self.marks.len() {
            self.damage = Some((events, Damage::Cut(self.length(events) / 2)));
        }
    }

    /// Makes the checksum of the frame after `events` events wrong.
    pub fn damage(&mut self, events: usize) {
        self.damage = Some((events, Damage::Checksum));
    }

    /// Ends the stream after so many bytes, or after half of them.
    pub fn cut(&mut self, bytes: Option<usize>) {
        let lengths: Vec<usize> = (0..self.len()).map(|index| self.length(index)).collect();
        let mut left = bytes.unwrap_or(lengths.iter().sum::<usize>() / 2);
        for (index, length) in lengths.into_iter().enumerate() {
            if left < length {
                // A frame of which nothing is sent is still waited for.
                self.keep(index + usize::from(left > 0));
                self.damage = Some((index, Damage::Cut(left)));
                return;
            }
            left -= length;
        }
    }

    /// Makes the stream pause after `events` events, or before its end if it has fewer.
    pub fn stall(&mut self, events: usize, pause: Duration) {
        self.stall = Some((events.min(self.len()), pause));
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
    use serde_json::{Value, json};

    use super::*;

    fn events() -> Events {
        let mut events = Events::new(Duration::from_millis(5), 7);
        events.push(Kind::MessageStart, &json!({"role": "assistant"}), false);
        events.push(Kind::BlockDelta, &json!({"delta": {"text": "x"}}), true);
        events.push(Kind::MessageStop, &json!({}), false);
        events
    }

    fn written(events: &Events) -> Vec<u8> {
        let mut bytes = Vec::new();
        (0..events.len()).for_each(|index| events.write(index, &mut bytes));
        bytes
    }

    /// The payloads of all whole frames, and whether anything is left.
    fn read(bytes: &[u8]) -> (Vec<Value>, bool) {
        let mut decoder = MessageFrameDecoder::new();
        let mut rest = bytes;
        let mut payloads = Vec::new();
        while let Ok(DecodedFrame::Complete(message)) = decoder.decode_frame(&mut rest) {
            payloads.push(serde_json::from_slice(message.payload()).unwrap());
        }
        (
            payloads,
            !bytes.is_empty() && payloads_end(bytes) != bytes.len(),
        )
    }

    /// Where the last whole frame ends: each begins with its length.
    fn payloads_end(bytes: &[u8]) -> usize {
        let mut end = 0;
        while let Some(length) = bytes.get(end..end + 4) {
            let next = end + u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if next > bytes.len() {
                break;
            }
            end = next;
        }
        end
    }

    #[test]
    fn frames_can_be_read_back() {
        let (payloads, rest) = read(&written(&events()));
        assert_eq!(payloads.len(), 3);
        assert!(!rest);
        assert_eq!(payloads[0]["role"], "assistant");
        assert_eq!(payloads[1]["delta"]["text"], "x");
        assert!(payloads.iter().all(|payload| payload["p"].is_string()));
    }

    #[test]
    fn a_providers_event_is_base64() {
        let mut events = Events::new(Duration::ZERO, 1);
        events.push(Kind::Chunk, &json!({"type": "ping"}), false);
        let (payloads, _) = read(&written(&events));
        let told = STANDARD.decode(payloads[0]["bytes"].as_str().unwrap());
        assert_eq!(told.unwrap(), b"{\"type\":\"ping\"}");
    }

    #[test]
    fn only_paced_events_wait() {
        let mut events = events();
        let waits = |events: &Events| [0, 1, 2, 3].map(|index| events.wait(index).as_millis());
        assert_eq!(waits(&events), [0, 5, 0, 0]);
        events.stall(1, Duration::from_millis(10));
        assert_eq!(waits(&events), [0, 15, 0, 0]);
        events.stall(9, Duration::from_millis(10));
        assert_eq!(waits(&events), [0, 5, 0, 10]);
    }

    #[test]
    fn streams_end_where_they_are_told_to() {
        let whole = written(&events());
        let changed = |change: &dyn Fn(&mut Events)| {
            let mut events = events();
            change(&mut events);
            written(&events)
        };
        let (payloads, rest) = read(&changed(&|events| events.cut_frame(1)));
        assert_eq!((payloads.len(), rest), (1, true));
        assert_eq!(changed(&|events| events.cut_frame(9)), whole);
        assert_eq!(read(&changed(&|events| events.keep(2))).0.len(), 2);
        let ended =
            changed(&|events| events.end_with(1, &ServiceError::new("ThrottlingException", "x")));
        assert_eq!(read(&ended).0[1]["message"], "x");
        let damaged = changed(&|events| events.damage(0));
        assert_eq!((read(&damaged).0.len(), damaged.len()), (0, whole.len()));
        for bytes in 0..=whole.len() {
            assert_eq!(changed(&|events| events.cut(Some(bytes))), whole[..bytes]);
        }
        assert_eq!(changed(&|events| events.cut(None)).len(), whole.len() / 2);
        assert_eq!(changed(&|events| events.cut(Some(whole.len() + 1))), whole);
    }
}
