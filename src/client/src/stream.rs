//! An answer that arrives event by event.

use std::{pin::Pin, time::Duration};

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::{
    base64,
    body::SdkBody,
    byte_stream::ByteStream,
    event_stream::{HeaderValue, Message},
};
use bytes::{Bytes, BytesMut};
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    call::Head,
    client::next_chunk,
    error::{Clock, Error},
    http::within,
    metrics::Running,
    model::Operation,
};

/// The largest frame that the event stream format allows: 24 MiB, and room for its head. A length beyond it is noise,
/// not a frame to wait for.
const LARGEST_FRAME: usize = 24 * 1024 * 1024 + 128 * 1024;

/// One event: its kind, such as `contentBlockDelta`, and its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The kind.
    pub kind: String,
    /// The JSON of what it carries.
    pub payload: Bytes,
}

/// The events of one answer. Dropping it ends the request.
#[derive(Debug)]
pub struct Stream {
    head: Head,
    body: ByteStream,
    idle: Option<Duration>,
    deadline: Option<(Instant, Duration)>,
    url: String,
    frames: Frames,
    ended: bool,
    /// None for a stream that is played from a cache.
    running: Option<Running>,
    /// Events that were read and not handed out.
    kept: Vec<Event>,
    watchers: Vec<Box<dyn Watch>>,
}

/// Whoever wants to know what becomes of a stream.
pub(crate) trait Watch: std::fmt::Debug + Send {
    /// The reader wants more.
    fn asked(&mut self) {}
    /// Events are handed out.
    fn seen(&mut self, events: &[Event]);
    /// It fails, once; the error that the reader gets.
    fn failed(&mut self, error: Error) -> Error;
    /// It ends as it should. What is given back is done before the reader is told.
    fn ended(&mut self) -> Option<Ending>;
}

/// Something that is done at a stream's end.
pub(crate) type Ending = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Stream {
    pub(crate) fn new(
        operation: &'static Operation,
        head: Head,
        body: SdkBody,
        idle: Option<Duration>,
        deadline: Option<(Instant, Duration)>,
        url: &str,
        running: Running,
    ) -> Self {
        let closing = (operation.name == "ConverseStream").then_some("messageStop");
        let frames = Frames::new(closing);
        Self {
            head,
            body: ByteStream::new(body),
            idle,
            deadline,
            url: url.to_owned(),
            frames,
            ended: false,
            running: Some(running),
            kept: vec![],
            watchers: vec![],
        }
    }

    /// Events that came before, as a stream of their own. They are handed out all at once.
    pub(crate) fn replay(head: Head, events: Vec<Event>) -> Self {
        Self {
            head,
            body: ByteStream::new(SdkBody::empty()),
            idle: None,
            deadline: None,
            url: String::new(),
            frames: Frames::new(None),
            ended: true,
            running: None,
            kept: events,
            watchers: vec![],
        }
    }

    pub(crate) fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }

    pub(crate) fn watch(&mut self, watch: Box<dyn Watch>) {
        self.watchers.push(watch);
    }

    /// Ends it so long from now, if it has not ended before; `total` is for the error.
    pub(crate) fn end_after(&mut self, left: Duration, total: Duration) {
        self.deadline = Some((Instant::now() + left, total));
    }

    /// Reads, and keeps, all up to the first event that counts as a beginning.
    pub(crate) async fn begin(&mut self, begins: impl Fn(&Event) -> bool) -> Result<(), Error> {
        loop {
            let events = self.more().await?;
            let begun = events.is_empty() || events.iter().any(&begins);
            self.kept.extend(events);
            if begun {
                return Ok(());
            }
        }
    }

    /// How the answer began.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// All events that have arrived, at least one; an empty list is the end. What arrived before an error is handed out
    /// before it. Dropping the future loses no event.
    pub async fn next(&mut self) -> Result<Vec<Event>, Error> {
        self.watchers.iter_mut().for_each(|it| it.asked());
        let events = if self.kept.is_empty() {
            self.more().await
        } else {
            Ok(std::mem::take(&mut self.kept))
        };
        match events {
            Ok(events) if events.is_empty() => {
                for watch in &mut self.watchers {
                    if let Some(ending) = watch.ended() {
                        ending.await;
                    }
                }
                Ok(events)
            }
            Ok(events) => {
                self.watchers.iter_mut().for_each(|it| it.seen(&events));
                Ok(events)
            }
            Err(error) => {
                let watchers = std::mem::take(&mut self.watchers).into_iter();
                Err(watchers.fold(error, |error, mut watch| watch.failed(error)))
            }
        }
    }

    async fn more(&mut self) -> Result<Vec<Event>, Error> {
        let next = self.arrive().await;
        if let Some(running) = &mut self.running {
            match &next {
                Ok(events) if events.is_empty() => running.done(),
                Ok(events) => running.arrived(events),
                Err(error) => running.failed(error),
            }
        }
        next
    }

    async fn arrive(&mut self) -> Result<Vec<Event>, Error> {
        while !self.ended {
            let events = self.frames.take()?;
            if !events.is_empty() {
                return Ok(events);
            }
            match self.read().await {
                Ok(Some(chunk)) => self.frames.push(&chunk),
                Ok(None) => {
                    self.ended = true;
                    self.frames.finish()?;
                }
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            }
        }
        Ok(vec![])
    }

    async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = next_chunk(&mut self.body, self.idle, &self.url);
        let Some((deadline, total)) = self.deadline else {
            return chunk.await;
        };
        let left = deadline.saturating_duration_since(Instant::now());
        within(Some(left), Clock::Total, &self.url, chunk)
            .await
            .map_err(|error| match error {
                Error::TimedOut {
                    clock: Clock::Total,
                    url,
                    ..
                } => Error::TimedOut {
                    clock: Clock::Total,
                    after: total,
                    url,
                },
                other => other,
            })
    }
}

/// Turns bytes into events.
#[derive(Debug)]
pub struct Frames {
    buffer: BytesMut,
    /// The kind of event without which the stream is cut.
    closing: Option<&'static str>,
    failed: Option<Error>,
}

impl Frames {
    /// A decoder; with `closing`, a stream that ends without an event of that kind is an error.
    #[must_use]
    pub fn new(closing: Option<&'static str>) -> Self {
        Self {
            buffer: BytesMut::new(),
            closing,
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

    /// Checks that the stream may end here.
    pub fn finish(&self) -> Result<(), Error> {
        let reason = if !self.buffer.is_empty() {
            format!(
                "the stream ended inside a frame, after {} of its bytes",
                self.buffer.len()
            )
        } else if let Some(closing) = self.closing {
            format!("the stream ended without {closing}, so the answer is not whole")
        } else {
            return Ok(());
        };
        Err(Error::StreamCut { reason })
    }

    fn decode(&mut self) -> Result<Option<Event>, Error> {
        while let Some(length) = self.frame()? {
            let frame = self.buffer.split_to(length).freeze();
            let message = read_message_from(frame).map_err(|error| {
                let text = error.to_string();
                let reason = format!("the stream's bytes are no event stream: {text}");
                Error::StreamBroken {
                    reason,
                    checksum: text.contains("checksum"),
                }
            })?;
            if let Some(event) = self.event(&message)? {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The length of the first frame, once all of it is here.
    fn frame(&self) -> Result<Option<usize>, Error> {
        let Some(prelude) = self.buffer.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes(*prelude)).unwrap_or(usize::MAX);
        if !(16..=LARGEST_FRAME).contains(&length) {
            let reason = format!(
                "the stream's bytes are no event stream: a frame of {length} bytes cannot be"
            );
            return Err(Error::StreamBroken {
                reason,
                checksum: false,
            });
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
                if kind == "initial-response" {
                    return Ok(None);
                }
                if self.closing == Some(kind) {
                    self.closing = None;
                }
                Ok(Some(Event {
                    kind: kind.to_owned(),
                    payload: message.payload().clone(),
                }))
            }
        }
    }
}

/// What the model wrote into a chunk of its own stream: JSON in base64 in JSON.
pub(crate) fn chunk(payload: &[u8]) -> Option<Value> {
    let chunk: Value = serde_json::from_slice(payload).ok()?;
    let inner = base64::decode(chunk.get("bytes")?.as_str()?).ok()?;
    serde_json::from_slice(&inner).ok()
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
