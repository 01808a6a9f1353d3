//! The connections to one host: those that wait for a call, and those that many calls share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::Uri;
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep_until},
};

use super::{
    connector::{Connector, reasons, within},
    http2::{Http2, Place},
    room::{Line, Room, Turn},
    transport::Transport,
};
use crate::{
    error::{Error, Timeout},
    sent::Sent,
    settings::HttpVersion,
};

/// How many connections are kept, and for how long.
#[derive(Clone, Copy)]
pub(super) struct Keeping {
    pub(super) idle: Duration,
    pub(super) most: usize,
    /// For how long a call waits for its turn.
    pub(super) patience: Option<Duration>,
}

/// One scheme, host and port.
pub(super) struct Origin {
    url: String,
    uri: Uri,
    version: HttpVersion,
    keeping: Keeping,
    kept: Mutex<Pooled>,
    pub(super) room: Arc<Room>,
    pub(super) line: Line,
    /// Held while a connection is opened of which nobody knows yet how many calls it will carry.
    opening: tokio::sync::Mutex<()>,
    speaks_http1: AtomicBool,
}

#[derive(Default)]
struct Pooled {
    /// HTTP/1.1, each with when it was put here; the last used is the last.
    idle: Vec<(Transport, Instant)>,
    shared: Vec<Arc<Http2>>,
    /// The task that closes what is idle for too long.
    watched: Option<AbortHandle>,
}

/// A connection for one call, and whether it served others before.
pub(super) enum Connected {
    Http1 { transport: Transport, used: bool },
    Http2 { place: Place, used: bool },
}

impl Origin {
    pub(super) fn new(
        url: &str,
        version: HttpVersion,
        keeping: Keeping,
        room: &Arc<Room>,
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
        let origin = Arc::new(Self {
            url: url.to_owned(),
            uri,
            version,
            keeping,
            kept: Mutex::default(),
            room: Arc::clone(room),
            line: Line::default(),
            opening: tokio::sync::Mutex::default(),
            speaks_http1: AtomicBool::new(only_http1),
        });
        room.register(&origin);
        Ok(origin)
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
    ) -> Result<Connected, Error> {
        if self.line.is_empty()
            && let Some(kept) = self.take()
        {
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
    async fn open(self: &Arc<Self>, connector: &Connector) -> Result<Connected, Error> {
        let transport = match self
            .in_turn(self.keeping.patience, || connector.connect(&self.uri))
            .await?
        {
            Turn::Opened(transport) => transport,
            Turn::Kept(kept) => return Ok(kept),
        };
        if self.version != HttpVersion::Http2 && !transport.chose_http2() {
            self.speaks_http1.store(true, Ordering::Relaxed);
            return Ok(Connected::Http1 {
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
        let http2 = within(connector.clock(), Timeout::Connect, &self.url, opened).await?;
        let place = http2.place();
        self.watch(self.kept(), |kept| kept.shared.push(http2));
        place
            .map(|place| Connected::Http2 { place, used: false })
            .ok_or_else(|| closed("it allows no calls".into()))
    }

    pub(super) fn take(&self) -> Option<Connected> {
        let mut kept = self.kept();
        while let Some((transport, since)) = kept.idle.pop() {
            if since.elapsed() >= self.keeping.idle {
                // Those before it are older.
                kept.idle.clear();
            } else if !transport.is_stale() {
                return Some(Connected::Http1 {
                    transport,
                    used: true,
                });
            }
        }
        kept.shared
            .retain(|http2| http2.is_fresh(self.keeping.idle));
        let place = kept.shared.iter().find_map(Http2::place)?;
        Some(Connected::Http2 { place, used: true })
    }

    /// Keeps an HTTP/1.1 connection for the next call.
    pub(super) fn keep(self: &Arc<Self>, transport: Transport) {
        let keeps = match self.turn_of_others() {
            // Somebody of this origin takes it at once.
            Some(others) => !others,
            None => self.kept().idle.len() < self.keeping.most,
        };
        if keeps {
            self.watch(self.kept(), |kept| {
                kept.idle.push((transport, Instant::now()));
            });
            self.line.call_next();
        }
    }

    /// Closes the HTTP/1.1 connections that wait for a call.
    pub(super) fn drop_kept(&self) {
        self.kept().idle.clear();
    }

    /// Closes a connection that waits for a call, to make room; whether there was one.
    pub(super) fn close_one(&self) -> bool {
        let mut kept = self.kept();
        if !kept.idle.is_empty() {
            let oldest = kept.idle.remove(0);
            drop(kept);
            drop(oldest);
            return true;
        }
        let before = kept.shared.len();
        kept.shared.retain(|http2| http2.is_fresh(Duration::ZERO));
        kept.shared.len() < before
    }

    /// How many HTTP/1.1 connections wait for a call.
    #[cfg(test)]
    pub(super) fn keeps(&self) -> usize {
        self.kept().idle.len()
    }

    fn kept(&self) -> MutexGuard<'_, Pooled> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection in, and sees to it that somebody closes it in time, whether or not there is another call.
    fn watch(self: &Arc<Self>, mut kept: MutexGuard<'_, Pooled>, put: impl FnOnce(&mut Pooled)) {
        put(&mut kept);
        if kept.watched.is_none() {
            let next = Instant::now() + self.keeping.idle;
            let watch = tokio::spawn(close_in_time(Arc::downgrade(self), next));
            kept.watched = Some(watch.abort_handle());
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
        if next.is_none() {
            kept.watched = None;
        }
        next
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = kept.watched.take() {
            watch.abort();
        }
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
