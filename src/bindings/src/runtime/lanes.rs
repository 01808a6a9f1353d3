//! Blocking calls: each on a runtime that the calling thread drives itself.

use std::{
    collections::HashMap,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use outcrop_client::{
    client::Client, connection::Connection, error::Error, http::Http, model::Service,
    settings::Settings,
};
use pyo3::prelude::*;
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

use super::background;

/// How often a waiting call looks for Ctrl-C.
pub const TICK: Duration = Duration::from_millis(100);

/// A lane that nobody used for this long is closed with its connections, which servers drop after a minute too.
const UNUSED: Duration = Duration::from_mins(1);

/// The lanes of one connection. There are as many as there were calls at the same time.
pub struct Lanes {
    connection: Connection,
    idle: Mutex<Vec<Lane>>,
}

/// A runtime and the connections that it drives. One call at a time has it, so no call ever takes a connection whose
/// runtime nobody is driving.
pub struct Lane {
    runtime: Runtime,
    http: Http,
    clients: Mutex<HashMap<Service, Client>>,
    /// Those of routers, by the router's number.
    routed: Mutex<HashMap<u64, Arc<[Client]>>>,
    used: Instant,
}

impl Lanes {
    /// Opens the connection; no lane yet but the one it was opened on.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let runtime = runtime();
        let connection = runtime.block_on(Connection::open(settings, Arc::new(background)))?;
        let lane = Lane::new(runtime, &connection)?;
        Ok(Self {
            connection,
            idle: Mutex::new(vec![lane]),
        })
    }

    /// What the lanes connect with.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// A lane that nobody else has.
    pub fn take(&self) -> Lane {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.unwrap_or_else(|| {
            Lane::new(runtime(), &self.connection).expect("the same settings made a lane before")
        })
    }

    /// Takes a lane back whose call has ended. One whose call was cut short is dropped instead, which closes its
    /// connection at once.
    pub fn give_back(&self, mut lane: Lane) {
        lane.used = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(lane);
        idle.retain(|lane| lane.used.elapsed() < UNUSED);
        // Each keeps a connection or more; the one that was not used for longest is the first.
        let allowed = self.connection.settings().max_pool_connections;
        let over = idle.len().saturating_sub(allowed.unwrap_or(usize::MAX));
        idle.drain(..over);
    }
}

impl Lane {
    fn new(runtime: Runtime, connection: &Connection) -> Result<Self, Error> {
        Ok(Self {
            runtime,
            http: connection.http()?,
            clients: Mutex::default(),
            routed: Mutex::default(),
            used: Instant::now(),
        })
    }

    /// The client of a service on this lane.
    pub fn client(&self, connection: &Connection, service: Service) -> Result<Client, Error> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&service) {
            return Ok(client.clone());
        }
        let client = self
            .runtime
            .block_on(Client::new(connection, service, &self.http))?;
        clients.insert(service, client.clone());
        Ok(client)
    }
}

impl Lane {
    /// A router's clients on this lane, one for each of its connections.
    pub fn routed(&self, number: u64, connections: &[Connection]) -> Result<Arc<[Client]>, Error> {
        let mut routed = self.routed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(clients) = routed.get(&number) {
            return Ok(Arc::clone(clients));
        }
        let mut clients = vec![];
        for connection in connections {
            let made = Client::new(connection, Service::BedrockRuntime, &self.http);
            clients.push(self.runtime.block_on(made)?);
        }
        let clients: Arc<[Client]> = clients.into();
        routed.insert(number, Arc::clone(&clients));
        Ok(clients)
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a process an epoll instance")
}

/// Drives `work` on this thread while others run Python. Ctrl-C ends it.
pub fn block<T: Send>(
    py: Python<'_>,
    lane: &Lane,
    work: impl Future<Output = T> + Send,
) -> PyResult<T> {
    py.detach(|| {
        lane.runtime.block_on(async {
            let mut work = pin!(work);
            loop {
                match timeout(TICK, work.as_mut()).await {
                    Ok(done) => return Ok(done),
                    #[expect(
                        clippy::redundant_closure_for_method_calls,
                        reason = "the method itself is of one lifetime, not of any"
                    )]
                    Err(_) => Python::attach(|py| py.check_signals())?,
                }
            }
        })
    })
}
