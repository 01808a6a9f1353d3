//! An answer's bytes at their pace.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::wire::Fuse;
use crate::completion::Completion;
use crate::http::{Body, Content, End};
use crate::journal::Outcome;
use crate::stream::Events;

/// The most that is handed over at once.
const PIECE: usize = 64 << 10;

/// A body on its way out.
pub struct Timeline {
    content: Content,
    /// The event that is next.
    next: usize,
    end: End,
    fuse: Fuse,
    completion: Option<Arc<Completion>>,
    timer: Option<Pin<Box<Sleep>>>,
    /// When the last piece was due: waits add up from there, so that a slow reader does not slow the model down.
    due: Instant,
    flushed: bool,
}

impl Timeline {
    pub fn new(body: Body, fuse: Fuse, completion: Option<Arc<Completion>>) -> Self {
        Self {
            content: body.content,
            next: 0,
            end: body.end,
            fuse,
            completion,
            timer: None,
            due: Instant::now(),
            flushed: false,
        }
    }

    fn finish(&mut self, outcome: Outcome) {
        if let Some(completion) = self.completion.take() {
            completion.finish(outcome);
        }
    }

    /// The next piece, as soon as it is due; nothing at the end.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match &mut self.content {
            Content::Whole(bytes) => {
                let piece = bytes.split_to(bytes.len().min(PIECE));
                Poll::Ready((!piece.is_empty()).then_some(piece))
            }
            Content::Events(events) => {
                let wait = events.wait(self.next);
                if !wait.is_zero() {
                    let due = self.due + wait;
                    let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
                    ready!(timer.as_mut().poll(context));
                    self.timer = None;
                    self.due = due;
                }
                let piece = piece(events, &mut self.next);
                Poll::Ready((!piece.is_empty()).then(|| Bytes::from(piece)))
            }
        }
    }

    /// Whether nothing is left to send, nor to wait for.
    fn is_over(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Events(events) => {
                self.next > events.len()
                    || (self.next == events.len() && events.wait(self.next).is_zero())
            }
        }
    }
}

/// The frames that may leave together: the next, and those after it that need not wait.
fn piece(events: &Events, next: &mut usize) -> Vec<u8> {
    let mut piece = Vec::new();
    loop {
        if *next < events.len() {
            events.write(*next, &mut piece);
        }
        *next += 1;
        if *next >= events.len() || piece.len() >= PIECE || !events.wait(*next).is_zero() {
            return piece;
        }
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
        if !this.is_over()
            && let Some(piece) = ready!(this.poll_piece(context))
        {
            if this.end == End::Complete && this.is_over() {
                this.finish(Outcome::Answered);
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
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
        self.end == End::Complete && self.is_over()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) if self.end == End::Complete => {
                SizeHint::with_exact(bytes.len() as u64)
            }
            // Event streams are chunked, however fast they come.
            _ => SizeHint::default(),
        }
    }
}
