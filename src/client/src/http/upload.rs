//! A request's body on its way over HTTP/2: how much of it has gone out.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::{sync::Notify, time::Instant};

/// What is handed to the connection at a time. It takes the next piece when the server has room for this one.
const PIECE: usize = 16 * 1024;

/// How far a body has gone out.
#[derive(Default)]
pub(super) struct Progress {
    whole: Mutex<Option<Instant>>,
    made: Notify,
}

impl Progress {
    /// When the last byte went out.
    pub(super) fn whole(&self) -> Option<Instant> {
        *self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for another piece to go out.
    pub(super) async fn made(&self) {
        self.made.notified().await;
    }

    fn note(&self, whole: bool) {
        if whole {
            *self.whole.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        self.made.notify_one();
    }
}

/// A body in pieces.
pub(super) struct Upload {
    rest: Bytes,
    progress: Arc<Progress>,
}

impl Upload {
    pub(super) fn new(body: Bytes, progress: &Arc<Progress>) -> Self {
        if body.is_empty() {
            progress.note(true);
        }
        Self {
            rest: body,
            progress: Arc::clone(progress),
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // Being asked again means that what was given before has gone out.
        self.progress.note(self.rest.is_empty());
        let length = PIECE.min(self.rest.len());
        let piece = self.rest.split_to(length);
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    /// Known only to an empty body: the end of another is asked for, so that it is seen when its last piece has gone out.
    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.progress.whole().is_some()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
