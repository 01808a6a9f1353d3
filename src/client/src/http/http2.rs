//! Connections that carry many calls at a time.

use std::{
    error::Error as _,
    io,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
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
    rt::Timer,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::{Instant, interval};
use tokio_util::io::InspectReader;

use super::{
    connector::{KEEPALIVE, KEEPALIVE_PROBES, reasons},
    transport::Transport,
    upload::{Progress, Upload},
};
use crate::{
    error::Error,
    sent::{Passage, Sent},
};

/// What HTTP/2 servers allow on one connection as a rule (RFC 9113 advises no less). Calls beyond it would wait, so they go
/// to another.
const CALLS: usize = 100;

/// How long a PING may go unanswered, which is how long a peer's machine may.
const PATIENCE: Duration = Duration::from_secs(KEEPALIVE.as_secs() * KEEPALIVE_PROBES as u64);

/// How often is looked whether a server has sent its settings.
const SETTINGS: Duration = Duration::from_millis(1);

/// An HTTP/2 connection, driven by a task of the runtime that opened it.
pub(super) struct Http2 {
    sender: SendRequest<Upload>,
    most: usize,
    calls: AtomicUsize,
    /// Whether the server has refused a call, as it does before it closes.
    retired: AtomicBool,
    /// How many bytes the server has sent, of whatever kind.
    heard: Arc<AtomicU64>,
    used: Mutex<Instant>,
}

impl Http2 {
    /// Speaks HTTP/2 over a new connection, once the server has said how many calls it takes at a time: those beyond are
    /// refused.
    pub(super) fn open(transport: Transport) -> impl Future<Output = io::Result<Arc<Self>>> {
        Self::timed(transport, TokioTimer::new())
    }

    async fn timed<T>(transport: Transport, timer: T) -> io::Result<Arc<Self>>
    where
        T: Timer + Send + Sync + 'static,
    {
        let heard = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&heard);
        let transport = InspectReader::new(transport, move |bytes: &[u8]| {
            counter.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        });
        let (sender, mut connection) = Builder::new(TokioExecutor::new())
            .timer(timer)
            .initial_max_send_streams(0)
            .keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(PATIENCE)
            .handshake(TokioIo::new(transport))
            .await
            .map_err(io::Error::other)?;
        let mut looks = interval(SETTINGS);
        while connection.current_max_send_streams() == 0 {
            tokio::select! {
                biased;
                ended = &mut connection => {
                    ended.map_err(io::Error::other)?;
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                _ = looks.tick() => {}
            }
        }
        let most = connection.current_max_send_streams().min(CALLS);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(target: "outcrop::connection", "an HTTP/2 connection ended: {error}");
            }
        });
        Ok(Arc::new(Self {
            sender,
            most,
            calls: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
            heard,
            used: Mutex::new(Instant::now()),
        }))
    }

    fn is_over(&self) -> bool {
        self.sender.is_closed() || self.retired.load(Ordering::Relaxed)
    }

    /// A place for one more call.
    pub(super) fn place(self: &Arc<Self>) -> Option<Place> {
        if self.is_over() || self.calls.load(Ordering::Relaxed) >= self.most {
            return None;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        Some(Place(Arc::clone(self)))
    }

    /// Whether it is worth keeping: alive, and used within `idle`.
    pub(super) fn is_fresh(&self, idle: Duration) -> bool {
        let busy = self.calls.load(Ordering::Relaxed) > 0;
        !self.is_over() && (busy || self.used().elapsed() < idle)
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
    /// The server has not taken it up and never will (RFC 9113, 6.8 and 8.7): it may go over another connection.
    Untaken { reason: String },
    /// The connection or the stream ended.
    Failed { reason: String, sent: Sent },
    /// A clock ran out.
    Late(Error),
}

/// The clocks of one request: while it goes out, and until its answer's head has come.
pub(super) trait Clocks {
    /// What ends when the server has taken nothing for too long.
    fn stalled(&self) -> impl Future<Output = Error>;

    /// Waits for the answer, but not too long.
    fn first_byte<T>(
        &self,
        answer: impl Future<Output = T>,
    ) -> impl Future<Output = Result<T, Error>>;
}

impl Place {
    /// Sends a request and waits for the head of its answer. `kept` says whether the connection had served others before.
    pub(super) async fn send(
        self,
        request: Request<Bytes>,
        kept: bool,
        clocks: &impl Clocks,
    ) -> Result<Response<SdkBody>, Unanswered> {
        let progress = Arc::new(Progress::default());
        let reads = request.method().is_safe();
        let mut request = request.map(|body| Upload::new(body, &progress));
        *request.version_mut() = Version::HTTP_2;
        let mut sender = self.0.sender.clone();
        let before = self.0.heard.load(Ordering::Relaxed);
        let mut answer = pin!(sender.try_send_request(request));
        let answer = loop {
            if progress.whole().is_some() {
                break clocks.first_byte(answer).await.map_err(Unanswered::Late)?;
            }
            tokio::select! {
                biased;
                answer = &mut answer => break answer,
                () = progress.made() => {}
                error = clocks.stalled() => return Err(Unanswered::Late(error)),
            }
        };
        let answer = answer.map_err(|error| {
            // hyper keeps the beginning of an answer to itself. A server that says anything is one that has not hung up.
            let heard = self.0.heard.load(Ordering::Relaxed) > before;
            let passage = Passage {
                reads,
                kept,
                whole: progress.whole().map(|whole| whole.elapsed()),
                heard,
            };
            let failed = unanswered(&error, passage);
            if matches!(failed, Unanswered::Untaken { .. }) {
                self.0.retired.store(true, Ordering::Relaxed);
            }
            failed
        })?;
        Ok(answer.map(|body| SdkBody::from_body_1_x(Placed { body, _place: self })))
    }
}

/// What an error says of a request.
fn unanswered(error: &TrySendError<Request<Upload>>, passage: Passage) -> Unanswered {
    let reason = if error.error().is_timeout() {
        format!("it has not answered a PING for {} s", PATIENCE.as_secs())
    } else {
        reasons(error.error())
    };
    let cause = error.error().source();
    let cause = cause.and_then(|cause| cause.downcast_ref::<h2::Error>());
    // A stream ends with the server's GOAWAY only if its number is above the last that the server says it took.
    let untaken = cause.is_some_and(|cause| {
        cause.is_remote()
            && (cause.is_go_away() || cause.reason() == Some(h2::Reason::REFUSED_STREAM))
    });
    if untaken || error.message().is_some() {
        return Unanswered::Untaken { reason };
    }
    let sent = passage.ended();
    Unanswered::Failed { reason, sent }
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

#[cfg(test)]
#[path = "http2_tests.rs"]
mod tests;
