//! What drives a blocking call: a runtime of the thread that makes it, or the background thread.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use outcrop_client::{
    error::Error,
    process::{EachProcess, open_files},
    session::Session,
    settings::Settings,
};
use pyo3::prelude::*;
use tokio::runtime::{Handle, Runtime};

use super::{Clients, OfProcess, background, background::runtime, block::Driver};
use crate::errors::exception;

/// A lane that nobody used for this long is closed with its connections, which servers drop after a minute too.
const UNUSED: Duration = Duration::from_mins(1);

/// A runtime takes four descriptors. All of them together get a quarter of what the process may open, and beyond so many
/// runtimes threads gain nothing by driving themselves: most of them wait for the interpreter's lock.
const SHARE: usize = 16;
const MOST: usize = 64;

/// What the blocking and the asynchronous clients of one session are driven by.
pub struct Lanes {
    session: Session,
    /// Of those that drive themselves, the ones that no call uses.
    idle: Mutex<Vec<Lane>>,
    shared: Mutex<Option<(Handle, Arc<Clients>)>>,
}

/// A runtime and the connections that it drives. One call at a time has it, so no call ever takes a connection whose
/// runtime nobody is driving; but for the background thread's, which is always driven and which many calls have.
pub struct Lane(OfProcess<Inner>);

struct Inner {
    clients: Arc<Clients>,
    driver: Driver,
    used: Instant,
}

impl Lanes {
    /// Opens the session; no lane yet but the one it was opened on.
    pub fn open(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let driver = Driver::new().map_err(|error| exception(py, error, None))?;
        let session = Session::open(settings, Arc::new(background));
        let opened = session.map(|session| {
            let lanes = Self {
                session,
                idle: Mutex::default(),
                shared: Mutex::default(),
            };
            if let Driver::Own(_) = &driver {
                lanes.give_back(Lane::new(Arc::new(Clients::new(&lanes.session)), driver));
            }
            lanes
        });
        opened.map_err(|error| exception(py, error, None))
    }

    /// What the lanes connect with.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A lane for one call.
    pub fn take(&self) -> Result<Lane, Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(lane) = idle {
            return Ok(lane);
        }
        Ok(match Driver::new()? {
            own @ Driver::Own(_) => Lane::new(Arc::new(Clients::new(&self.session)), own),
            Driver::Background(_) => {
                let (handle, clients) = self.shared()?;
                Lane::new(clients, Driver::Background(handle))
            }
        })
    }

    /// The background thread's runtime, and what it drives for this session.
    pub fn shared(&self) -> Result<(Handle, Arc<Clients>), Error> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((handle, clients)) = &*shared {
            return Ok((handle.clone(), Arc::clone(clients)));
        }
        let made = (background()?, Arc::new(Clients::new(&self.session)));
        Ok(shared.insert(made).clone())
    }

    /// Takes a lane back whose call has ended. One whose call was cut short is dropped instead, which closes its
    /// connection at once.
    pub fn give_back(&self, mut lane: Lane) {
        if let Driver::Background(_) = lane.0.driver {
            return;
        }
        lane.0.used = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(lane);
        let allowed = self.session.settings().max_pool_connections;
        // Each keeps a connection or more; the one that was not used for longest is the first.
        let over = idle.len().saturating_sub(allowed.unwrap_or(usize::MAX));
        let unused = idle
            .iter()
            .take_while(|lane| lane.0.used.elapsed() >= UNUSED)
            .count();
        let gone: Vec<_> = idle.drain(..over.max(unused)).collect();
        drop(idle);
        drop(gone);
    }
}

impl Lane {
    fn new(clients: Arc<Clients>, driver: Driver) -> Self {
        Self(OfProcess::new(Inner {
            clients,
            driver,
            used: Instant::now(),
        }))
    }

    /// What calls over this lane's connections.
    pub fn clients(&self) -> Arc<Clients> {
        Arc::clone(&self.0.clients)
    }

    pub(super) fn driver(&self) -> &Driver {
        &self.0.driver
    }
}

impl Driver {
    /// A runtime for the thread that asks, while there is room for one; else the background thread.
    fn new() -> Result<Self, Error> {
        if let Some(room) = Room::take()
            && let Ok(runtime) = runtime()
        {
            return Ok(Self::Own(Own::new(runtime, room)));
        }
        background().map(Self::Background)
    }
}

/// A runtime that a calling thread drives.
pub(super) struct Own {
    runtime: Option<Runtime>,
    _room: Room,
}

impl Own {
    fn new(runtime: Runtime, room: Room) -> Self {
        Self {
            runtime: Some(runtime),
            _room: room,
        }
    }

    pub(super) fn runtime(&self) -> &Runtime {
        self.runtime
            .as_ref()
            .expect("it is there until it is dropped")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // Without waiting for its helpers: a name may be looked up for long, and nobody wants the answer any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Room for one more runtime in this process.
struct Room(&'static AtomicUsize);

impl Room {
    fn take() -> Option<Self> {
        static TAKEN: EachProcess<AtomicUsize> = EachProcess::new();

        let Ok(taken) = TAKEN.get(|| Ok::<_, Infallible>(AtomicUsize::new(0)));
        let most = (open_files() / SHARE).clamp(1, MOST);
        let more = |taken| (taken < most).then_some(taken + 1);
        taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()
            .map(|_| Self(taken))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
