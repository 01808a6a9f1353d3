//! Room for connections: no more are open at a time than the process may open, and calls beyond wait their turn.
//!
//! A connection is a file to the system, and a process may have so many files. Without a bound a burst of calls fails with
//! "too many open files", which says nothing of the Region that was called.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout},
};

use super::{
    origin::{Connected, Origin},
    transport::Transport,
};
use crate::{
    error::Error,
    process::{EachProcess, open_files},
    threads::NoThread,
};

/// How often a call that waits looks whether something can be closed for it. Whatever becomes free wakes it before.
const LOOK: Duration = Duration::from_secs(1);

/// How long a call waits where others in the process have taken what it may open.
const PAUSE: Duration = Duration::from_millis(50);

/// While calls wait for several hosts, so many connections that come back go to their own host's and the next to others'.
const SHARED: usize = 8;

/// How many connections may be open, and who has idle ones.
#[derive(Debug)]
pub struct Room {
    seats: Arc<Semaphore>,
    /// How many seats there are.
    most: AtomicUsize,
    /// Whether that follows what the process may open.
    follows: bool,
    waiting: AtomicUsize,
    origins: Mutex<Vec<Weak<Origin>>>,
}

/// Room for one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

impl Room {
    /// Room for so many connections.
    #[must_use]
    pub fn of(most: usize) -> Arc<Self> {
        Arc::new(Self::new(most, false))
    }

    /// That of this process: half of the files that it may open. The other half is for what drives the calls, and for others.
    #[must_use]
    pub fn of_process() -> Arc<Self> {
        static ROOM: EachProcess<Arc<Room>> = EachProcess::new();

        let Ok(room) = ROOM.get(|| Ok::<_, Infallible>(Arc::new(Self::new(allowed(), true))));
        room.follow();
        Arc::clone(room)
    }

    fn new(most: usize, follows: bool) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            seats: Arc::new(Semaphore::new(most)),
            most: AtomicUsize::new(most),
            follows,
            waiting: AtomicUsize::new(0),
            origins: Mutex::default(),
        }
    }

    /// The process may raise or lower its limit while it runs.
    fn follow(&self) {
        if !self.follows {
            return;
        }
        let now = allowed().clamp(1, Semaphore::MAX_PERMITS);
        let before = self.most.swap(now, Ordering::AcqRel);
        if now > before {
            self.seats.add_permits(now - before);
        } else if now < before {
            let left = (before - now) - self.seats.forget_permits(before - now);
            // Those in use now are given up later.
            self.most.fetch_add(left, Ordering::AcqRel);
        }
    }

    /// Tells it of connections that may be idle.
    pub(super) fn register(&self, origin: &Arc<Origin>) {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        // Doubling keeps the price of looking through them even.
        if origins.len() == origins.capacity() {
            origins.retain(|origin| origin.strong_count() > 0);
        }
        origins.push(Arc::downgrade(origin));
    }

    /// The next seat that becomes free, in the order of those who ask.
    async fn seat(&self) -> Option<Seat> {
        let free = Arc::clone(&self.seats).try_acquire_owned();
        if let Ok(free) = free {
            return Some(Seat(free));
        }
        let _waits = Waits::new(&self.waiting);
        let mut seat = std::pin::pin!(Arc::clone(&self.seats).acquire_owned());
        loop {
            self.follow();
            self.close_idle();
            if let Ok(seat) = timeout(LOOK, seat.as_mut()).await {
                // None if the semaphore were closed, which nobody does.
                return seat.map(Seat).ok();
            }
        }
    }

    /// Closes a connection that nobody uses; whether there was one.
    fn close_idle(&self) -> bool {
        let origins = self
            .origins
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        origins
            .iter()
            .filter_map(Weak::upgrade)
            .any(|origin| origin.close_one())
    }

    /// Whether others than the one that asks have a connection, so that it pays to wait for them.
    fn has_others(&self) -> bool {
        self.most.load(Ordering::Relaxed) > self.seats.available_permits() + 1
    }

    /// What is said to a call that waited in vain.
    fn refusal(&self, after: Duration) -> Error {
        let most = self.most.load(Ordering::Relaxed);
        let way_out = if self.follows {
            "raise what `ulimit -n` shows, name max_connections, or close streams that nobody reads"
        } else {
            "name a larger max_connections, or close streams that nobody reads"
        };
        Error::ProcessLimit {
            reason: format!(
                "none of its {most} connections became free within {} s: {way_out}",
                after.as_secs_f64()
            ),
        }
    }
}

fn allowed() -> usize {
    open_files() / 2
}

/// What an error means that says that this process or this machine has no room for one more connection.
pub(super) fn want_of_room(error: &(dyn std::error::Error + 'static)) -> Option<Error> {
    let mut source = Some(error);
    while let Some(cause) = source {
        let within = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(error) = within.and_then(|within| within.downcast_ref::<NoThread>()) {
            return Some(Error::ProcessLimit {
                reason: format!(
                    "{error}; looking up a name takes one: raise what `ulimit -u` shows"
                ),
            });
        }
        if let Some(error) = cause.downcast_ref::<io::Error>()
            && let Some(libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM) =
                error.raw_os_error()
        {
            return Some(Error::ProcessLimit {
                reason: format!(
                    "no connection could be opened ({error}): raise what `ulimit -n` shows, or close files"
                ),
            });
        }
        source = cause.source();
    }
    None
}

/// What a call gets when its turn has come.
pub(super) enum Turn {
    /// A connection of its own, newly opened.
    Opened(Transport),
    /// One that served others, and came back while it waited.
    Kept(Connected),
}

/// The calls that wait for a connection to one host.
#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: AtomicUsize,
    returned: Notify,
    returns: AtomicUsize,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }

    /// A connection came back.
    pub(super) fn call_next(&self) {
        if !self.is_empty() {
            self.returned.notify_one();
        }
    }
}

impl Origin {
    /// Opens a connection when there is room for it, if none comes back before.
    pub(super) async fn in_turn<F: Future<Output = Result<Transport, Error>>>(
        &self,
        patience: Option<Duration>,
        open: impl Fn() -> F,
    ) -> Result<Turn, Error> {
        let since = Instant::now();
        let seat = match Arc::clone(&self.room.seats).try_acquire_owned() {
            Ok(seat) => Some(Seat(seat)),
            Err(_) => match self.waited(patience).await? {
                Waited::Seat(seat) => seat,
                Waited::Kept(kept) => return Ok(Turn::Kept(kept)),
            },
        };
        loop {
            let error = match open().await {
                Err(error @ Error::ProcessLimit { .. }) => error,
                opened => {
                    let opened = opened?;
                    return Ok(Turn::Opened(match seat {
                        Some(seat) => opened.on(seat),
                        None => opened,
                    }));
                }
            };
            // Others in the process have taken the rest. What is ours may be closed, or end soon.
            if self.room.close_idle() {
                continue;
            }
            let in_time = patience.is_none_or(|patience| since.elapsed() < patience);
            if !(in_time && self.room.has_others()) {
                return Err(error);
            }
            sleep(PAUSE).await;
        }
    }

    async fn waited(&self, patience: Option<Duration>) -> Result<Waited, Error> {
        let _waits = Waits::new(&self.line.waiting);
        let work = async {
            tokio::select! {
                biased;
                seat = self.room.seat() => Waited::Seat(seat),
                kept = self.returned() => Waited::Kept(kept),
            }
        };
        match patience {
            None => Ok(work.await),
            Some(patience) => timeout(patience, work)
                .await
                .map_err(|_| self.room.refusal(patience)),
        }
    }

    async fn returned(&self) -> Connected {
        loop {
            self.line.returned.notified().await;
            if let Some(kept) = self.take() {
                return kept;
            }
        }
    }

    /// Whether a connection that comes back is to be closed for those who wait for other hosts; None when nobody waits.
    pub(super) fn turn_of_others(&self) -> Option<bool> {
        let all = self.room.waiting.load(Ordering::Relaxed);
        let own = self.line.waiting.load(Ordering::Relaxed);
        if all == 0 {
            return None;
        }
        let nth = self.line.returns.fetch_add(1, Ordering::Relaxed);
        Some(all > own && (own == 0 || nth.is_multiple_of(SHARED)))
    }
}

enum Waited {
    Seat(Option<Seat>),
    Kept(Connected),
}

/// One who waits.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
