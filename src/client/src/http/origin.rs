//! The connections to one host: those that wait for a call, and those that many calls share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::Uri;
use tokio::time::{Instant, sleep_until};

use super::{
    connector::{Connector, reasons, within},
    http2::{Http2, Place},
    sent::Sent,
    transport::Transport,
};
use crate::{
    error::{Clock, Error},
    settings::HttpVersion,
};

/// How many connections are kept, and for how long.
#[derive(Clone, Copy)]
pub(super) struct Keeping {
    pub(super) idle: Duration,
    pub(super) most: usize,
}

/// One scheme, host and port.
pub(super) struct Origin {
    url: String,
    uri: Uri,
    version: HttpVersion,
    keeping: Keeping,
    kept: Mutex<Kept>,
    /// Held while a connection is opened of which nobody knows yet how many calls it will carry.
    opening: tokio::sync::Mutex<()>,
    speaks_http1: AtomicBool,
}

#[derive(Default)]
struct Kept {
    /// HTTP/1.1, each with when it was put here; the last used is the last.
    idle: Vec<(Transport, Instant)>,
    shared: Vec<Arc<Http2>>,
    watched: bool,
}

/// A connection for one call, and whether it served others before.
pub(super) enum Connection {
    Http1 { transport: Transport, used: bool },
    Http2 { place: Place, used: bool },
}

impl Origin {
    pub(super) fn new(
        url: &str,
        version: HttpVersion,
        keeping: Keeping,
    ) -> Result<Arc<Self>, Error> {
        let uri: Uri = url.parse().map_err(|_| Error::InvalidEndpoint {
            url: url.to_owned(),
        })?;
        let secure = uri.scheme_str() == Some("https");
        let only_http1 = match version {
            // Without TLS there is no ALPN.
            HttpVersion::Automatic => !secure,
            HttpVersion::Http1 => true,
            HttpVersion::Http2 => false,
        };
        Ok(Arc::new(Self {
            url: url.to_owned(),
            uri,
            version,
            keeping,
            kept: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            speaks_http1: AtomicBool::new(only_http1),
        }))
    }

    /// Scheme, host and port.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Whether its connections may be shared, which only a driven runtime can say the state of.
    pub(super) fn shares(&self) -> bool {
        !self.speaks_http1.load(Ordering::Relaxed)
    }

    /// A connection that is kept, or a new one.
    pub(super) async fn connection(
        self: &Arc<Self>,
        connector: &Connector,
    ) -> Result<Connection, Error> {
        if let Some(kept) = self.take() {
            return Ok(kept);
        }
        if self.speaks_http1.load(Ordering::Relaxed) {
            return Box::pin(self.open(connector)).await;
        }
        // A hundred first calls shall not open a hundred connections where one carries them all.
        let _opening = self.opening.lock().await;
        match self.take() {
            Some(kept) => Ok(kept),
            None => Box::pin(self.open(connector)).await,
        }
    }

    /// Boxed where it is awaited: it takes kilobytes, which a call should not hold once it has its connection.
    async fn open(self: &Arc<Self>, connector: &Connector) -> Result<Connection, Error> {
        let transport = connector.connect(&self.uri).await?;
        if self.version != HttpVersion::Http2 && !transport.chose_http2() {
            self.speaks_http1.store(true, Ordering::Relaxed);
            return Ok(Connection::Http1 {
                transport,
                used: false,
            });
        }
        let closed = |reason: String| Error::Closed {
            url: self.url.clone(),
            reason,
            sent: Sent::Partly,
        };
        let opened = Http2::open(transport);
        let opened = async { opened.await.map_err(|error| closed(reasons(&error))) };
        let http2 = within(connector.clock(), Clock::Connect, &self.url, opened).await?;
        let place = http2.place();
        self.watch(self.kept(), |kept| kept.shared.push(http2));
        place
            .map(|place| Connection::Http2 { place, used: false })
            .ok_or_else(|| closed("it allows no calls".into()))
    }

    fn take(&self) -> Option<Connection> {
        let mut kept = self.kept();
        while let Some((transport, since)) = kept.idle.pop() {
            if since.elapsed() >= self.keeping.idle {
                // Those before it are older.
                kept.idle.clear();
            } else if !transport.is_stale() {
                return Some(Connection::Http1 {
                    transport,
                    used: true,
                });
            }
        }
        kept.shared
            .retain(|http2| http2.is_fresh(self.keeping.idle));
        let place = kept.shared.iter().find_map(Http2::place)?;
        Some(Connection::Http2 { place, used: true })
    }

    /// Keeps an HTTP/1.1 connection for the next call.
    pub(super) fn keep(self: &Arc<Self>, transport: Transport) {
        let kept = self.kept();
        if kept.idle.len() < self.keeping.most {
            self.watch(kept, |kept| kept.idle.push((transport, Instant::now())));
        }
    }

    /// Closes the HTTP/1.1 connections that wait for a call.
    pub(super) fn drop_kept(&self) {
        self.kept().idle.clear();
    }

    /// How many HTTP/1.1 connections wait for a call.
    #[cfg(test)]
    pub(super) fn keeps(&self) -> usize {
        self.kept().idle.len()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection in, and sees to it that somebody closes it in time, whether or not there is another call.
    fn watch(self: &Arc<Self>, mut kept: MutexGuard<'_, Kept>, put: impl FnOnce(&mut Kept)) {
        put(&mut kept);
        if !std::mem::replace(&mut kept.watched, true) {
            let next = Instant::now() + self.keeping.idle;
            tokio::spawn(close_in_time(Arc::downgrade(self), next));
        }
    }

    /// Closes what was idle for too long; when to look again.
    fn close_idle(&self) -> Option<Instant> {
        let (mut kept, idle) = (self.kept(), self.keeping.idle);
        kept.idle.retain(|(_, since)| since.elapsed() < idle);
        kept.shared.retain(|http2| http2.is_fresh(idle));
        let oldest = kept.idle.first().map(|(_, since)| *since);
        let shared = kept.shared.iter().map(|http2| http2.used());
        // A shared connection that is in use now is looked at again after a whole period.
        let now = Instant::now();
        let next = oldest.into_iter().chain(shared).min();
        let next = next.map(|used| (used + idle).max(now + idle / 10));
        kept.watched = next.is_some();
        next
    }
}

async fn close_in_time(origin: Weak<Origin>, mut next: Instant) {
    loop {
        sleep_until(next).await;
        let Some(origin) = origin.upgrade() else {
            return;
        };
        match origin.close_idle() {
            Some(later) => next = later,
            None => return,
        }
    }
}
