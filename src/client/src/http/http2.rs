//! Connections that carry many calls at a time.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::{Body, Frame, SizeHint};
use hyper::{
    body::Incoming,
    client::conn::{
        TrySendError,
        http2::{Builder, SendRequest},
    },
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::Instant;

use super::transport::Transport;

/// What HTTP/2 servers allow on one connection as a rule (RFC 9113 advises no less). Calls beyond it would wait, so they go
/// to another.
const CALLS: usize = 100;

/// An HTTP/2 connection, driven by a task of the runtime that opened it.
pub(super) struct Http2 {
    sender: SendRequest<SdkBody>,
    calls: AtomicUsize,
    used: Mutex<Instant>,
}

impl Http2 {
    /// Speaks HTTP/2 over a new connection.
    pub(super) async fn open(transport: Transport) -> hyper::Result<Arc<Self>> {
        let (sender, connection) = Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .handshake(TokioIo::new(transport))
            .await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(target: "outcrop::connection", "an HTTP/2 connection ended: {error}");
            }
        });
        Ok(Arc::new(Self {
            sender,
            calls: AtomicUsize::new(0),
            used: Mutex::new(Instant::now()),
        }))
    }

    /// A place for one more call.
    pub(super) fn place(self: &Arc<Self>) -> Option<Place> {
        if self.sender.is_closed() || self.calls.load(Ordering::Relaxed) >= CALLS {
            return None;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        Some(Place(Arc::clone(self)))
    }

    /// Whether it is worth keeping: alive, and used within `idle`.
    pub(super) fn is_fresh(&self, idle: Duration) -> bool {
        let busy = self.calls.load(Ordering::Relaxed) > 0;
        !self.sender.is_closed() && (busy || self.used().elapsed() < idle)
    }

    /// When a call ended on it last.
    pub(super) fn used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call's place on a connection, given back when the answer's body has ended or is dropped.
pub(super) struct Place(Arc<Http2>);

/// A request that did not get an answer.
pub(super) enum Unanswered {
    /// The connection had ended before it was sent.
    Unsent(Box<Request<SdkBody>>),
    Failed(hyper::Error),
}

impl Place {
    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(
        self,
        mut request: Request<SdkBody>,
    ) -> Result<Response<SdkBody>, Unanswered> {
        *request.version_mut() = Version::HTTP_2;
        let mut sender = self.0.sender.clone();
        if sender.ready().await.is_err() {
            return Err(Unanswered::Unsent(Box::new(request)));
        }
        let answer = sender.try_send_request(request).await;
        let answer = answer.map_err(|mut error: TrySendError<_>| match error.take_message() {
            Some(request) => Unanswered::Unsent(Box::new(request)),
            None => Unanswered::Failed(error.into_error()),
        })?;
        Ok(answer.map(|body| SdkBody::from_body_1_x(Placed { body, _place: self })))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Placed {
    body: Incoming,
    _place: Place,
}

impl Body for Placed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
