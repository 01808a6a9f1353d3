//! The calls, and the connections that they go over.

use std::{
    collections::HashMap,
    fmt, io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
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
use futures_util::future::FutureExt;
use http::{Request, Response, Uri};
use http_body::Body;
use tokio::{task::yield_now, time::sleep};

use super::{
    Proxies, Tls,
    connector::{Connector, within},
    http1::Http1Call,
    http2::{Clocks, Unanswered},
    origin::{Connected, Keeping, Origin},
    refusal::bounded,
    room::Room,
    transport::Transport,
};
use crate::{
    error::{Error, Timeout},
    sent::Sent,
    settings::{HttpVersion, Settings},
};

/// A load balancer drops an idle connection after 60 s; outcrop drops it before, so it never sends into a closed one.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// How often a request goes to another HTTP/2 connection because its server has not taken it up, as servers do that close
/// a connection or have no room on it. It was never worked for, so this costs neither attempts nor the retry quota.
const TURNS: u32 = 32;

/// How many of these follow at once; each further one waits a `PAUSE` longer than the one before.
const TURNS_AT_ONCE: u32 = 8;
const PAUSE: Duration = Duration::from_millis(5);

/// HTTP for one runtime: its connections are watched by the runtime that opened them, so it must not outlive that.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    connector: Connector,
    first_byte: Option<Duration>,
    idle: Option<Duration>,
    version: HttpVersion,
    keeping: Keeping,
    room: Arc<Room>,
    /// By scheme, host and port.
    origins: Mutex<HashMap<String, Arc<Origin>>>,
}

impl Http {
    /// A pool with no connection yet.
    #[must_use]
    pub fn new(settings: &Settings, tls: Arc<Tls>, proxies: Arc<Proxies>, room: Arc<Room>) -> Self {
        Self(Arc::new(Inner {
            connector: Connector::new(settings, tls, proxies),
            first_byte: settings.timeouts.first_byte,
            idle: settings.timeouts.idle,
            version: settings.http_version,
            keeping: Keeping {
                idle: settings.pool_idle.unwrap_or(POOL_IDLE),
                most: settings.max_pool_connections.unwrap_or(usize::MAX),
                patience: settings.timeouts.first_byte,
            },
            room,
            origins: Mutex::default(),
        }))
    }

    /// The pool in the form that the SDK takes.
    ///
    /// The clients of Bedrock leave all clocks to us. Those of instance and container metadata bring their own, which are
    /// short because there may be nobody to answer.
    #[must_use]
    pub fn sdk_client(&self) -> SharedHttpClient {
        let pool = self.clone();
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |settings, _| {
            match (settings.connect_timeout(), settings.read_timeout()) {
                (None, None) => connector.clone(),
                (connect, first_byte) => {
                    SharedHttpConnector::new(pool.with_clocks(connect, first_byte))
                }
            }
        })
    }

    /// The same but for the clocks, with connections of its own.
    pub(crate) fn with_clocks(
        &self,
        connect: Option<Duration>,
        first_byte: Option<Duration>,
    ) -> Self {
        Self(Arc::new(Inner {
            connector: self.0.connector.with_clock(connect),
            first_byte: first_byte.or(self.0.first_byte),
            origins: Mutex::default(),
            room: Arc::clone(&self.0.room),
            ..*self.0
        }))
    }

    /// Lays a request out and says how it will be sent. No future is bigger than it must be: one waits for every call
    /// in flight.
    fn start(&self, request: HttpRequest) -> Result<HttpConnectorFuture, ConnectorError> {
        let request = request
            .try_into_http1x()
            .map_err(|error| ConnectorError::user(error.into()))?;
        let sending = Sending {
            origin: self.origin(request.uri()).map_err(connector_error)?,
            inner: Arc::clone(&self.0),
        };
        if sending.origin.shares() {
            return Ok(HttpConnectorFuture::new(async move {
                answered(sending.over_either(request).await)
            }));
        }
        let exchange = sending.laid_out(request);
        let exchange = exchange.and_then(|request| sending.exchange(request));
        let exchange = exchange.map_err(connector_error)?;
        Ok(HttpConnectorFuture::new(async move {
            answered(sending.over_http1(exchange).await)
        }))
    }

    fn origin(&self, request: &Uri) -> Result<Arc<Origin>, Error> {
        let scheme = request.scheme_str().unwrap_or("http");
        let host = request
            .authority()
            .map_or("", |authority| authority.as_str());
        // Nobody is told of a user and a password, and connections do not differ by them.
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let url = format!("{scheme}://{host}");
        let mut origins = self
            .0
            .origins
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(origin) = origins.get(&url) {
            return Ok(Arc::clone(origin));
        }
        let origin = Origin::new(&url, self.0.version, self.0.keeping, &self.0.room)?;
        origins.insert(url, Arc::clone(&origin));
        Ok(origin)
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.start(request)
            .unwrap_or_else(|error| HttpConnectorFuture::ready(Err(error)))
    }
}

/// One call on its way to a host.
struct Sending {
    inner: Arc<Inner>,
    origin: Arc<Origin>,
}

impl Sending {
    /// Sends over whatever the server speaks, for a host that may speak HTTP/2.
    async fn over_either(self, request: Request<SdkBody>) -> Result<Response<SdkBody>, Error> {
        // A shared connection that the server has closed must be seen to be closed before a call takes it: the first yield
        // reads the sockets' news, the second hands them to the connections.
        yield_now().await;
        yield_now().await;
        let request = self.laid_out(request)?;
        let mut turn = 0;
        loop {
            let (place, used) = match self.connection().await? {
                Connected::Http1 { transport, used } => {
                    let exchange = self.exchange(request)?;
                    return self.exchanged(exchange, transport, used).await;
                }
                Connected::Http2 { place, used } => (place, used),
            };
            let reason = match place.send(request.clone(), used, &self).await {
                Ok(answer) => return Ok(self.bounded(answer)),
                Err(Unanswered::Late(error)) => return Err(error),
                Err(Unanswered::Failed { reason, sent }) => return Err(self.closed(reason, sent)),
                Err(Unanswered::Untaken { reason }) => reason,
            };
            turn += 1;
            if turn == TURNS {
                let reason = format!("it refused the request {TURNS} times: {reason}");
                return Err(self.closed(reason, Sent::Unpaid));
            }
            if turn >= TURNS_AT_ONCE {
                sleep(PAUSE * turn).await;
            }
        }
    }

    async fn over_http1(self, exchange: Box<Http1Call>) -> Result<Response<SdkBody>, Error> {
        match self.connection().await? {
            Connected::Http1 { transport, used } => self.exchanged(exchange, transport, used).await,
            Connected::Http2 { .. } => {
                Err(self.closed("it speaks HTTP/2 where it spoke HTTP/1.1", Sent::Partly))
            }
        }
    }

    fn connection(&self) -> impl Future<Output = Result<Connected, Error>> {
        self.origin.connection(&self.inner.connector)
    }

    /// Sends a request over HTTP/1.1, once.
    async fn exchanged(
        self,
        mut exchange: Box<Http1Call>,
        mut transport: Transport,
        kept: bool,
    ) -> Result<Response<SdkBody>, Error> {
        let answer = loop {
            let step = async { Ok(exchange.send(&mut transport).await) };
            let step = within(self.inner.idle, Timeout::Upload, self.origin.url(), step);
            match step.await? {
                Ok(false) => {}
                Ok(true) => {
                    let answer = exchange.receive(&mut transport);
                    break self.first_byte(answer).await?;
                }
                Err(error) => break Err(error),
            }
        };
        match answer {
            Ok(head) => {
                let sent = exchange.sent(kept);
                let body = exchange.body(transport, &self.origin);
                let body = body.map_err(|error| self.closed(error.to_string(), sent))?;
                Ok(self.bounded(head.map(|()| body)))
            }
            Err(error) => {
                if kept {
                    // What ended this one may have ended the others, and their news be on the way.
                    self.origin.drop_kept();
                }
                Err(self.closed(error.to_string(), exchange.sent(kept)))
            }
        }
    }

    fn bounded(&self, answer: Response<SdkBody>) -> Response<SdkBody> {
        bounded(answer, self.inner.idle)
    }

    fn exchange(&self, request: Request<Bytes>) -> Result<Box<Http1Call>, Error> {
        let proxy = self.inner.connector.handed_to(request.uri())?;
        let exchange = Http1Call::new(request, proxy.as_ref()).map(Box::new);
        exchange.map_err(|error| self.closed(error.to_string(), Sent::Partly))
    }

    fn laid_out(&self, request: Request<SdkBody>) -> Result<Request<Bytes>, Error> {
        let (parts, body) = request.into_parts();
        let body = whole(body).map_err(|error| self.closed(error.to_string(), Sent::Partly))?;
        Ok(Request::from_parts(parts, body))
    }

    fn closed(&self, reason: impl Into<String>, sent: Sent) -> Error {
        Error::Closed {
            url: self.origin.url().to_owned(),
            reason: reason.into(),
            sent,
        }
    }
}

impl Clocks for Sending {
    async fn stalled(&self) -> Error {
        let Some(after) = self.inner.idle else {
            return std::future::pending().await;
        };
        sleep(after).await;
        Error::TimedOut {
            clock: Timeout::Upload,
            after,
            url: self.origin.url().to_owned(),
        }
    }

    fn first_byte<T>(
        &self,
        answer: impl Future<Output = T>,
    ) -> impl Future<Output = Result<T, Error>> {
        let answer = answer.map(Ok);
        within(
            self.inner.first_byte,
            Timeout::FirstByte,
            self.origin.url(),
            answer,
        )
    }
}

/// The bytes of a request's body, which all lie in memory, without copying them.
fn whole(mut body: SdkBody) -> io::Result<Bytes> {
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(None) => Ok(Bytes::new()),
        Poll::Ready(Some(Ok(frame))) if body.is_end_stream() => {
            Ok(frame.into_data().unwrap_or_default())
        }
        _ => Err(io::Error::other("a request's body must lie in memory")),
    }
}

fn answered(answer: Result<Response<SdkBody>, Error>) -> Result<HttpResponse, ConnectorError> {
    HttpResponse::try_from(answer.map_err(connector_error)?)
        .map_err(|error| ConnectorError::other(error.into(), None))
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Http")
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}

/// What the SDK's retry classifier shall make of it. See `retries` for what was paid for.
fn connector_error(error: Error) -> ConnectorError {
    match error {
        Error::TimedOut { .. } => ConnectorError::timeout(error.into()),
        Error::Connect { .. } | Error::Proxy { asked: true, .. } => {
            ConnectorError::io(error.into())
        }
        Error::Closed { .. } => {
            ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
        }
        _ => ConnectorError::user(error.into()),
    }
}
