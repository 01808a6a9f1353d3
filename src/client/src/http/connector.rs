//! One connection: TCP, perhaps a proxy, perhaps TLS, each under its own clock.

use std::{
    future::Future,
    io,
    net::{SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use futures_util::future::{Either, FutureExt};
use http::{Uri, uri::Scheme};
use hyper_util::{
    client::legacy::connect::{HttpConnector, dns::Name, proxy::Tunnel},
    rt::TokioIo,
};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::io::InspectReader;
use tower_service::Service;

use super::{
    Proxies, Tls,
    proxy::Before,
    room::want_of_room,
    tls::Trust,
    transport::{Link, Stream, Transport},
};
use crate::{
    error::{Error, Timeout},
    settings::{HttpVersion, Settings},
    threads::apart,
};

/// A peer that answers no keep-alive probe for this long is gone. It is what bounds a call to a dead connection, since
/// the wait for a model's first byte may be an hour.
pub(super) const KEEPALIVE: Duration = Duration::from_secs(15);
pub(super) const KEEPALIVE_PROBES: u32 = 3;

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector<Names>,
    tls: Arc<Tls>,
    proxies: Arc<Proxies>,
    connect: Option<Duration>,
    /// Whether proxies are handed the requests to `http` endpoints. They speak HTTP/1.1.
    forwards: bool,
}

impl Connector {
    pub(super) fn new(settings: &Settings, tls: Arc<Tls>, proxies: Arc<Proxies>) -> Self {
        Self {
            tcp: tcp(),
            tls,
            proxies,
            connect: settings.timeouts.connect,
            forwards: settings.http_version != HttpVersion::Http2,
        }
    }

    /// The same with another connect clock, if there is one.
    pub(super) fn with_clock(&self, connect: Option<Duration>) -> Self {
        Self {
            connect: connect.or(self.connect),
            ..self.clone()
        }
    }

    /// How long each step to a connection may take.
    pub(super) fn clock(&self) -> Option<Duration> {
        self.connect
    }

    /// Opens a connection to the host of `endpoint`.
    pub(super) async fn connect(&self, endpoint: &Uri) -> Result<Transport, Error> {
        let url = endpoint.to_string();
        let stream = within(self.connect, Timeout::Connect, &url, self.reach(endpoint)).await?;
        tracing::debug!(target: "outcrop::connection", "connected to {url}");
        if endpoint.scheme_str() != Some("https") {
            return Ok(Stream::Plain(stream).into());
        }
        let trust = self.trust(&url)?;
        let handshake = self.handshake(&url, endpoint, &trust.config, stream, &trust);
        within(self.connect, Timeout::TlsHandshake, &url, handshake)
            .await
            .map(|stream| Stream::Tls(Box::new(stream)).into())
    }

    /// Reading the authorities takes milliseconds, once; it is not worth another thread.
    fn trust(&self, url: &str) -> Result<Trust, Error> {
        self.tls.trust().map_err(|reason| Error::Tls {
            url: url.to_owned(),
            reason,
        })
    }

    async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        url: &str,
        host: &Uri,
        config: &Arc<ClientConfig>,
        stream: S,
        trust: &Trust,
    ) -> Result<TlsStream<S>, Error> {
        let name = host.host().unwrap_or_default().trim_matches(['[', ']']);
        let invalid = |_| Error::InvalidEndpoint {
            url: url.to_owned(),
        };
        let name = ServerName::try_from(name.to_owned()).map_err(invalid)?;
        let handshake = TlsConnector::from(Arc::clone(config)).connect(name, stream);
        handshake
            .await
            .map_err(|error| tls_error(url, &error, trust))
    }

    /// The proxy that requests to an endpoint are handed to, which is so for `http` endpoints.
    pub(super) fn handed_to(&self, endpoint: &Uri) -> Result<Option<Before>, Error> {
        if self.is_handed(endpoint) {
            self.proxies.before(endpoint)
        } else {
            Ok(None)
        }
    }

    fn is_handed(&self, endpoint: &Uri) -> bool {
        self.forwards && endpoint.scheme() == Some(&Scheme::HTTP)
    }

    async fn reach(&self, endpoint: &Uri) -> Result<Link, Error> {
        let Some(proxy) = self.proxies.before(endpoint)? else {
            let stream = self.tcp.clone().call(endpoint.clone()).await;
            return stream
                .map(|stream| Link::Tcp(stream.into_inner()))
                .map_err(|error| {
                    want_of_room(&error).unwrap_or_else(|| Error::Connect {
                        url: endpoint.to_string(),
                        reason: reasons(&error),
                    })
                });
        };
        let refused = |reason: String| Error::Proxy {
            reason: format!("{proxy}: {reason}"),
            asked: true,
        };
        let to_proxy = self.to_proxy(&proxy).await;
        let to_proxy = to_proxy.map_err(|error| match error {
            Error::Tls { .. } | Error::ProcessLimit { .. } => error,
            error => refused(error.to_string()),
        })?;
        if self.is_handed(endpoint) {
            return Ok(to_proxy);
        }
        let said = Arc::new(OnceLock::new());
        let answer = Arc::clone(&said);
        let ready = Ready(Some(InspectReader::new(to_proxy, move |head: &[u8]| {
            answer.get_or_init(|| status(head));
        })));
        let mut tunnel = Tunnel::new(proxy.uri.clone(), ready);
        if let Some(authorization) = &proxy.authorization {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        tunnel
            .call(with_port(endpoint)?)
            .await
            .map(|tunnel| tunnel.into_inner().into_inner())
            .map_err(|error| {
                want_of_room(&error).unwrap_or_else(|| {
                    refused(match said.get() {
                        Some(&Some(407)) => denied(&proxy),
                        Some(&Some(status)) if status != 200 => format!("it answered {status}"),
                        _ => reasons(&error),
                    })
                })
            })
    }

    async fn to_proxy(&self, proxy: &Before) -> Result<Link, Error> {
        let address = with_port(&proxy.uri)?;
        let stream = self.tcp.clone().call(address.clone()).await;
        let stream = stream.map_err(|error| {
            want_of_room(&error).unwrap_or_else(|| Error::Proxy {
                reason: reasons(&error),
                asked: true,
            })
        })?;
        let stream = stream.into_inner();
        if !proxy.is_secure() {
            return Ok(Link::Tcp(stream));
        }
        let url = format!("the proxy {proxy}");
        let trust = self.trust(&url)?;
        let stream = self
            .handshake(&url, &address, &trust.of_proxy, stream, &trust)
            .await?;
        Ok(Link::Tls(Box::new(stream)))
    }
}

/// A connection that is there already, for a tunnel that asks for one.
struct Ready<S>(Option<S>);

impl<S> Service<Uri> for Ready<S> {
    type Response = TokioIo<S>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<TokioIo<S>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let stream = self.0.take();
        let stream = stream.ok_or_else(|| io::Error::other("the connection was used before"));
        std::future::ready(stream.map(TokioIo::new))
    }
}

/// The status of an answer that begins so.
fn status(head: &[u8]) -> Option<u16> {
    let digits = head.strip_prefix(b"HTTP/1.")?.get(2..5)?;
    str::from_utf8(digits).ok()?.parse().ok()
}

/// What a proxy wants that answers 407.
fn denied(proxy: &Before) -> String {
    let why = if proxy.authorization.is_some() {
        "it does not take the user and the password of its URL"
    } else {
        "it wants a user and a password, which its URL may name: http://user:password@host:3128"
    };
    format!("it answered 407: {why}")
}

/// Looks up names as the system does.
#[derive(Clone)]
struct Names;

impl Service<Name> for Names {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(apart(move || (name.as_str(), 0).to_socket_addrs()))
    }
}

/// Makes TCP connections that are found out when they are dead.
fn tcp() -> HttpConnector<Names> {
    let mut tcp = HttpConnector::new_with_resolver(Names);
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE));
    tcp.set_keepalive_retries(Some(KEEPALIVE_PROBES));
    // No probe is sent while bytes are unacknowledged, and Linux repeats those for 15 minutes.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(KEEPALIVE * (KEEPALIVE_PROBES + 1)));
    tcp
}

/// Runs `work` under one of the clocks. This is no `async fn` because that would keep room for `work` twice.
pub(crate) fn within<T>(
    limit: Option<Duration>,
    clock: Timeout,
    url: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> impl Future<Output = Result<T, Error>> {
    let Some(after) = limit else {
        return Either::Left(work);
    };
    Either::Right(timeout(after, work).map(move |done| {
        done.unwrap_or_else(|_| {
            Err(Error::TimedOut {
                clock,
                after,
                url: url.to_owned(),
            })
        })
    }))
}

/// A tunnel takes 443 for the port of every URL that names none.
fn with_port(endpoint: &Uri) -> Result<Uri, Error> {
    let (Some(host), None) = (endpoint.host(), endpoint.port()) else {
        return Ok(endpoint.clone());
    };
    let port = if endpoint.scheme() == Some(&Scheme::HTTP) {
        80
    } else {
        443
    };
    let mut parts = endpoint.clone().into_parts();
    parts.authority = format!("{host}:{port}").parse().ok();
    Uri::from_parts(parts).map_err(|_| Error::InvalidEndpoint {
        url: endpoint.to_string(),
    })
}

fn tls_error(url: &str, error: &io::Error, trust: &Trust) -> Error {
    // A handshake that the peer cuts is a closed connection, not a question of trust.
    if error
        .get_ref()
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
    {
        return Error::Tls {
            url: url.to_owned(),
            reason: format!(
                "{error} (the authorities that were asked are {})",
                trust.authorities
            ),
        };
    }
    Error::Connect {
        url: url.to_owned(),
        reason: format!("the TLS handshake broke off: {error}"),
    }
}

/// An error and what caused it, in one line.
pub(crate) fn reasons(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = cause.source();
    }
    line
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn unacknowledged_bytes_end_a_connection_within_a_minute() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("its address");
        let mut tcp = tcp();
        let uri = format!("http://{address}").parse::<Uri>().expect("a URL");
        let stream = tcp.call(uri).await.expect("a connection").into_inner();
        let minute = socket2::SockRef::from(&stream).tcp_user_timeout();
        assert_eq!(minute.expect("an option"), Some(Duration::from_mins(1)));
    }
}

/// The next bytes of a body, under the idle clock.
pub(crate) async fn next_chunk(
    stream: &mut ByteStream,
    idle: Option<Duration>,
    url: &str,
) -> Result<Option<Bytes>, Error> {
    let next = async {
        let chunk = stream.next().await.transpose();
        chunk.map_err(|error| Error::StreamCut {
            reason: format!("the connection broke off: {}", reasons(&error)),
        })
    };
    within(idle, Timeout::Idle, url, next).await
}
