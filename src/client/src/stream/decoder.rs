//! From bytes to events, in the one form or the other.

use bytes::BytesMut;

use super::{End, Event, Frames, sse::Sse};
use crate::{apis::Api, error::Error, model::Operation};

/// What turns the bytes of a stream into events.
#[derive(Debug)]
pub(crate) enum Decoder {
    /// AWS's event stream.
    Frames(Frames),
    /// Server-sent events, as OpenAI's and Anthropic's APIs have them.
    Sse(Sse),
}

impl Decoder {
    /// That of an operation's streams.
    pub(crate) fn of(operation: &Operation) -> Self {
        match Api::of(operation) {
            Some(api) => Self::Sse(Sse::new(api)),
            None => Self::Frames(Frames::new(End::of(operation))),
        }
    }

    /// Takes more bytes.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        match self {
            Self::Frames(frames) => frames.push(chunk),
            Self::Sse(sse) => sse.push(chunk),
        }
    }

    /// The events that are complete. An error comes alone, after the events before it.
    pub(crate) fn take(&mut self) -> Result<Vec<Event>, Error> {
        match self {
            Self::Frames(frames) => frames.take(),
            Self::Sse(sse) => sse.take(),
        }
    }

    /// The bytes have ended; they may hold one more event.
    pub(crate) fn close(&mut self) {
        if let Self::Sse(sse) = self {
            sse.close();
        }
    }

    /// Whether nothing that matters can come any more, though the connection may stay open.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::Frames(_) => false,
            Self::Sse(sse) => sse.is_over(),
        }
    }

    /// The bytes that became no event.
    pub(crate) fn rest(&mut self) -> BytesMut {
        match self {
            Self::Frames(frames) => frames.rest(),
            Self::Sse(sse) => sse.rest(),
        }
    }

    /// Checks that the stream may end here.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        match self {
            Self::Frames(frames) => frames.finish(),
            Self::Sse(sse) => sse.finish(),
        }
    }
}
