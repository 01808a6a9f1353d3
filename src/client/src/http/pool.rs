//! The connections that are kept, and the calls that go over them.

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::{body::SdkBody, retry::ErrorKind};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, Error as PoolError},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::task::yield_now;

use super::{
    Tls,
    connector::{Connector, reasons, within},
    proxy::Proxies,
};
use crate::{
    error::{Clock, Error},
    settings::{HttpVersion, Settings},
};

/// A load balancer drops an idle connection after 60 s; outcrop drops it before, so it never sends into a closed one.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// What HTTP/2 servers allow on one connection as a rule (RFC 9113 advises no less). hyper keeps one HTTP/2
/// connection a host, on which further calls would wait, so calls beyond it go to another.
const CALLS_PER_SHARD: usize = 100;

/// HTTP for one runtime: its connections are driven by the runtime that opened them, so it must not outlive that.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    connector: Connector,
    first_byte: Option<Duration>,
    version: HttpVersion,
    idle: Duration,
    max_idle: usize,
    shards: Mutex<Vec<Arc<Shard>>>,
}

struct Shard {
    client: Client<Connector, SdkBody>,
    calls: AtomicUsize,
}

impl Http {
    /// A pool with no connection yet.
    pub fn new(settings: &Settings, tls: Arc<Tls>) -> Result<Self, Error> {
        let proxies = Arc::new(Proxies::new(&settings.proxy)?);
        Ok(Self(Arc::new(Inner {
            connector: Connector::new(tls, proxies, settings.timeouts.connect),
            first_byte: settings.timeouts.first_byte,
            version: settings.http_version,
            idle: settings.pool_idle.unwrap_or(POOL_IDLE),
            max_idle: settings.max_pool_connections.unwrap_or(usize::MAX),
            shards: Mutex::default(),
        })))
    }

    /// The pool in the form that the SDK takes.
    #[must_use]
    pub fn sdk_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    /// The first shard with room. One that is full of HTTP/1.1 calls only splits the pool, which costs nothing.
    fn shard(&self, secure: bool) -> Arc<Shard> {
        let limit = if secure || self.0.version == HttpVersion::Http2 {
            CALLS_PER_SHARD
        } else {
            usize::MAX
        };
        let mut shards = self
            .0
            .shards
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let room = shards
            .iter()
            .find(|shard| shard.calls.load(Ordering::Relaxed) < limit);
        let shard = room.cloned().unwrap_or_else(|| {
            let shard = Arc::new(Shard {
                client: self.0.client(),
                calls: AtomicUsize::new(0),
            });
            shards.push(Arc::clone(&shard));
            shard
        });
        shard.calls.fetch_add(1, Ordering::Relaxed);
        shard
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request
            .try_into_http1x()
            .map_err(|error| ConnectorError::user(error.into()))?;
        let url = format!(
            "{}://{}",
            request.uri().scheme_str().unwrap_or("http"),
            request
                .uri()
                .authority()
                .map_or("", |authority| authority.as_str())
        );
        // A connection that the server has closed meanwhile must be seen to be closed before a call takes it: the first
        // yield reads the sockets' news, the second hands them to the connections.
        yield_now().await;
        yield_now().await;
        let place = Place(self.shard(request.uri().scheme_str() == Some("https")));
        let answer = place.0.client.request(request);
        let answer = async { answer.await.map_err(|error| classified(&url, &error)) };
        let answer = within(self.0.first_byte, Clock::FirstByte, &url, answer)
            .await
            .map_err(connector_error)?;
        HttpResponse::try_from(answer.map(|body| {
            SdkBody::from_body_1_x(Placed {
                body,
                _place: place,
            })
        }))
        .map_err(|error| ConnectorError::other(error.into(), None))
    }
}

impl Inner {
    fn client(&self) -> Client<Connector, SdkBody> {
        Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle)
            .pool_max_idle_per_host(self.max_idle)
            .http2_only(self.version == HttpVersion::Http2)
            .build(self.connector.clone())
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Http")
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}

/// A call's place in its shard, given back when the answer's body has ended or is dropped.
struct Place(Arc<Shard>);

impl Drop for Place {
    fn drop(&mut self) {
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

/// What hyper's error means. Our own errors come out of the connector through it.
fn classified(url: &str, error: &PoolError) -> Error {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(ours) = cause.downcast_ref::<Error>() {
            return ours.clone();
        }
        source = cause.source();
    }
    let (url, reason) = (url.to_owned(), reasons(error));
    if error.is_connect() {
        Error::Connect { url, reason }
    } else {
        Error::Closed { url, reason }
    }
}

/// What the SDK's retry classifier shall make of it. See `retries` for the clocks.
fn connector_error(error: Error) -> ConnectorError {
    match error {
        Error::TimedOut { .. } => ConnectorError::timeout(error.into()),
        Error::Connect { .. } => ConnectorError::io(error.into()),
        Error::Closed { .. } => {
            ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
        }
        _ => ConnectorError::user(error.into()),
    }
}
