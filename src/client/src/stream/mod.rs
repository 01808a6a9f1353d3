//! An answer that arrives event by event.

mod decoder;
mod ends;
mod frames;
mod sse;

use std::{borrow::Cow, time::Duration};

use aws_smithy_types::{base64, body::SdkBody, byte_stream::ByteStream};
use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use self::decoder::Decoder;
pub use self::{ends::End, frames::Frames};
use crate::{
    apis::hidden,
    call::Head,
    error::{Error, Timeout},
    http::{next_chunk, within},
    metrics::Running,
    model::Operation,
    no_answer,
};

/// How much is read of what came in a stream's place.
const LARGEST_PAGE: usize = 1024 * 1024;
/// How many events a stream may bring before one that counts as its beginning: whoever sends more has begun.
const OPENING: usize = 64;
/// How long a stream that is over may take to end: then its connection can be used again.
const GRACE: Duration = Duration::from_millis(100);

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
    decoder: Decoder,
    /// Its head says that it is none; no event has shown yet that it is one.
    doubtful: Option<&'static Operation>,
    ended: bool,
    /// When a stream that is over is no longer waited for.
    grace: Option<Instant>,
    /// Whether it tells tokens that its reader did not ask for.
    pub(crate) hides_usage: bool,
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
    /// It ends as it should.
    fn ended(&mut self);
}

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
        let doubtful = no_answer::is_other_than_events(operation, &head).then_some(operation);
        Self {
            head,
            doubtful,
            body: ByteStream::new(body),
            idle,
            deadline,
            url: url.to_owned(),
            decoder: Decoder::of(operation),
            ended: false,
            grace: None,
            hides_usage: false,
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
            decoder: Decoder::Frames(Frames::new(End::Any)),
            doubtful: None,
            ended: true,
            grace: None,
            hides_usage: false,
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
    /// One that brings none for so long is given up, whatever it brings instead.
    pub(crate) async fn begin(
        &mut self,
        begins: impl Fn(&Event) -> bool,
        longest: Option<Duration>,
    ) -> Result<(), Error> {
        let url = self.url.clone();
        let opened = within(longest, Timeout::FirstDelta, &url, async {
            loop {
                let events = self.more().await?;
                let begun = events.is_empty() || events.iter().any(&begins);
                self.kept.extend(events);
                if begun || self.kept.len() >= OPENING {
                    return Ok(());
                }
            }
        })
        .await;
        if let (Err(error), Some(running)) = (&opened, &mut self.running) {
            running.failed(error);
        }
        opened
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
        loop {
            let events = if self.kept.is_empty() {
                self.more().await
            } else {
                Ok(std::mem::take(&mut self.kept))
            };
            match events {
                Ok(events) if events.is_empty() => {
                    self.watchers.iter_mut().for_each(|it| it.ended());
                    return Ok(events);
                }
                Ok(events) => {
                    self.watchers.iter_mut().for_each(|it| it.seen(&events));
                    let events = self.shown(events);
                    if !events.is_empty() {
                        return Ok(events);
                    }
                }
                Err(error) => {
                    let watchers = std::mem::take(&mut self.watchers).into_iter();
                    return Err(watchers.fold(error, |error, mut watch| watch.failed(error)));
                }
            }
        }
    }

    /// What the reader is to see of these.
    fn shown(&self, events: Vec<Event>) -> Vec<Event> {
        if !self.hides_usage {
            return events;
        }
        let shown = |event: Event| {
            let payload = hidden(&event.payload)?;
            Some(Event { payload, ..event })
        };
        events.into_iter().filter_map(shown).collect()
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
            let taken = match self.decoder.take() {
                Ok(events) if events.is_empty() => None,
                taken => Some(taken),
            };
            if let Some(taken) = taken {
                return match taken {
                    Ok(events) => {
                        self.doubtful = None;
                        Ok(events)
                    }
                    Err(error) => Err(self.explained(error).await),
                };
            }
            if self.decoder.is_over() {
                self.end().await;
                continue;
            }
            match self.read().await {
                Ok(Some(chunk)) => self.decoder.push(&chunk),
                Ok(None) => {
                    self.ended = true;
                    self.decoder.close();
                    return match self.decoder.take() {
                        Ok(events) if events.is_empty() => match self.decoder.finish() {
                            Ok(()) => Ok(events),
                            Err(error) => Err(self.explained(error).await),
                        },
                        Ok(events) => {
                            self.ended = self.decoder.finish().is_ok();
                            Ok(events)
                        }
                        Err(error) => Err(error),
                    };
                }
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            }
        }
        Ok(vec![])
    }

    /// Reads what may come after the end, which is little and soon, or nothing.
    async fn end(&mut self) {
        let until = *self.grace.get_or_insert_with(|| Instant::now() + GRACE);
        match tokio::time::timeout_at(until, self.body.next()).await {
            Ok(Some(Ok(chunk))) => self.decoder.push(&chunk),
            _ => self.ended = true,
        }
    }

    /// Bytes that are no stream, where the head said so: then they are what somebody in between answered.
    async fn explained(&mut self, error: Error) -> Error {
        let Some(operation) = self.doubtful.take() else {
            return error;
        };
        if !matches!(error, Error::StreamBroken { .. } | Error::StreamCut { .. }) {
            return error;
        }
        let mut body = self.decoder.rest();
        while !self.ended && body.len() < LARGEST_PAGE {
            match self.read().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                _ => self.ended = true,
            }
        }
        self.ended = true;
        let what = "its type is that of no event stream";
        let (head, body) = (self.head.clone(), body.freeze());
        match no_answer::fault(operation, &head, &body) {
            Some(error) => error,
            None => no_answer::invalid(operation, head, body, what),
        }
    }

    async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = next_chunk(&mut self.body, self.idle, &self.url);
        let Some((deadline, total)) = self.deadline else {
            return chunk.await;
        };
        let left = deadline.saturating_duration_since(Instant::now());
        within(Some(left), Timeout::Total, &self.url, chunk)
            .await
            .map_err(|error| match error {
                Error::TimedOut {
                    clock: Timeout::Total,
                    url,
                    ..
                } => Error::TimedOut {
                    clock: Timeout::Total,
                    after: total,
                    url,
                },
                other => other,
            })
    }
}

/// What the model wrote into a chunk of its own stream: bytes, in base64 in JSON.
pub(crate) fn chunk(payload: &[u8]) -> Option<Vec<u8>> {
    #[derive(serde::Deserialize)]
    struct Chunk<'a> {
        #[serde(borrow)]
        bytes: Cow<'a, str>,
    }
    let chunk: Chunk<'_> = serde_json::from_slice(payload).ok()?;
    base64::decode(chunk.bytes.as_ref()).ok()
}

/// The same where it is JSON, as that of all known families is.
pub(crate) fn chunk_json(payload: &[u8]) -> Option<Value> {
    serde_json::from_slice(&chunk(payload)?).ok()
}
