//! The background thread: asynchronous calls and fetches of credentials.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use outcrop_client::{
    client::Client, connection::Connection, error::Error, http::Http, model::Service,
};
use tokio::runtime::{Builder, Handle};

/// The background runtime of this process. Its thread starts with the first call that needs it, never takes the
/// interpreter's lock, and so holds nothing up when the interpreter ends.
pub fn background() -> Handle {
    static OWNER: AtomicU32 = AtomicU32::new(0);
    static HANDLE: Mutex<Option<Handle>> = Mutex::new(None);

    let process = std::process::id();
    if OWNER.load(Ordering::Acquire) == process
        && let Some(handle) = HANDLE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    {
        return handle;
    }
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a process an epoll instance");
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("outcrop-io".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .expect("the system gives a process one more thread");
    // In a child, the parent's handle is for a thread that is not there.
    let mut slot = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::forget(slot.replace(handle.clone()));
    OWNER.store(process, Ordering::Release);
    handle
}

/// What the asynchronous clients of a connection share: one pool, on the background runtime.
pub struct Shared {
    connection: Connection,
    http: Http,
    handle: Handle,
    clients: Mutex<HashMap<Service, Client>>,
    /// Those of routers, by the router's number.
    routed: Mutex<HashMap<u64, Arc<[Client]>>>,
}

impl Shared {
    /// A pool with no connection yet.
    pub fn new(connection: Connection, handle: Handle) -> Result<Self, Error> {
        let http = connection.http()?;
        Ok(Self {
            connection,
            http,
            handle,
            clients: Mutex::default(),
            routed: Mutex::default(),
        })
    }

    /// The runtime that drives the pool.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// The client of a service.
    pub async fn client(&self, service: Service) -> Result<Client, Error> {
        if let Some(client) = self
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&service)
        {
            return Ok(client.clone());
        }
        let client = Client::new(&self.connection, service, &self.http).await?;
        self.clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(service, client.clone());
        Ok(client)
    }

    /// A router's clients, one for each of its connections.
    pub async fn routed(
        &self,
        number: u64,
        connections: &[Connection],
    ) -> Result<Arc<[Client]>, Error> {
        let routed = || self.routed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(clients) = routed().get(&number) {
            return Ok(Arc::clone(clients));
        }
        let mut clients = vec![];
        for connection in connections {
            clients.push(Client::new(connection, Service::BedrockRuntime, &self.http).await?);
        }
        let clients: Arc<[Client]> = clients.into();
        routed().insert(number, Arc::clone(&clients));
        Ok(clients)
    }
}
