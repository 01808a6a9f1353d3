//! An answer's bytes at their pace.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::wire::Fuse;
use crate::completion::Completion;
use crate::http::{Body, End, Step};
use crate::journal::Outcome;

/// The most that is handed over at once.
const PIECE: usize = 64 << 10;

/// A body on its way out.
pub struct Timeline {
    bytes: Bytes,
    steps: Vec<Step>,
    next: usize,
    sent: usize,
    end: End,
    fuse: Fuse,
    completion: Option<Arc<Completion>>,
    timer: Option<Pin<Box<Sleep>>>,
    /// When the last piece was due: waits add up from there, so that a slow reader does not slow the model down.
    due: Instant,
    flushed: bool,
    /// Event streams are chunked, however fast they come.
    streams: bool,
}

impl Timeline {
    pub fn new(body: Body, fuse: Fuse, completion: Option<Arc<Completion>>) -> Self {
        let mut steps = body.steps;
        let streams = !steps.is_empty();
        if steps.iter().all(|step| step.wait.is_zero()) {
            steps = Vec::new();
        }
        Self {
            bytes: body.bytes,
            steps,
            next: 0,
            sent: 0,
            end: body.end,
            fuse,
            completion,
            timer: None,
            due: Instant::now(),
            flushed: false,
            streams,
        }
    }

    /// Where the piece that may be sent now ends: up to the next step that has to wait.
    fn ready_until(&self) -> usize {
        let mut end = self.sent;
        let mut index = self.next;
        while let Some(step) = self.steps.get(index) {
            if index > self.next && (!step.wait.is_zero() || end - self.sent >= PIECE) {
                return end;
            }
            end = step.end;
            index += 1;
        }
        self.bytes.len().min(if self.steps.is_empty() {
            self.sent + PIECE
        } else {
            usize::MAX
        })
    }

    fn finish(&mut self, outcome: Outcome) {
        if let Some(completion) = self.completion.take() {
            completion.finish(outcome);
        }
    }

    /// Waits for the step that is next, if it has to wait.
    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let wait = self
            .steps
            .get(self.next)
            .map_or(Duration::ZERO, |step| step.wait);
        if wait.is_zero() {
            return Poll::Ready(());
        }
        let due = self.due + wait;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if timer.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.timer = None;
        self.due = due;
        Poll::Ready(())
    }
}

impl HttpBody for Timeline {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.sent < this.bytes.len() {
            if this.poll_step(context).is_pending() {
                return Poll::Pending;
            }
            let end = this.ready_until();
            let piece = this.bytes.slice(this.sent..end);
            this.sent = end;
            while this
                .steps
                .get(this.next)
                .is_some_and(|step| step.end <= end)
            {
                this.next += 1;
            }
            if this.sent == this.bytes.len()
                && this.end == End::Complete
                && this.next >= this.steps.len()
            {
                this.finish(Outcome::Answered);
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        // A last step without bytes is a stall before the end.
        if this.next < this.steps.len() {
            if this.poll_step(context).is_pending() {
                return Poll::Pending;
            }
            this.next += 1;
        }
        if this.end == End::Complete {
            this.finish(Outcome::Answered);
            return Poll::Ready(None);
        }
        if !this.flushed {
            // Once more around the loop, so that what was handed over leaves before the connection ends.
            this.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.end == End::Reset {
            this.fuse.blow();
        }
        this.finish(Outcome::Broken);
        Poll::Ready(Some(Err(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "a fault ends this answer",
        ))))
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.bytes.len() && self.end == End::Complete && self.next >= self.steps.len()
    }

    fn size_hint(&self) -> SizeHint {
        if self.end == End::Complete && !self.streams {
            SizeHint::with_exact((self.bytes.len() - self.sent) as u64)
        } else {
            SizeHint::default()
        }
    }
}
