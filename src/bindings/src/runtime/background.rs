//! The background thread: asynchronous calls and fetches of credentials.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicPtr, Ordering},
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
    static CURRENT: AtomicPtr<(u32, Handle)> = AtomicPtr::new(std::ptr::null_mut());

    let process = std::process::id();
    let found = CURRENT.load(Ordering::Acquire);
    // SAFETY: What is stored here is leaked, so it is there for ever.
    if let Some((owner, handle)) = unsafe { found.as_ref() }
        && *owner == process
    {
        return handle.clone();
    }
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a process an epoll instance");
    let handle = runtime.handle().clone();
    // No lock, since a process may be forked while another thread holds it. In a child, the parent's handle is for a
    // thread that is not there; it is left alone.
    let made = Box::into_raw(Box::new((process, handle.clone())));
    if let Err(faster) = CURRENT.compare_exchange(found, made, Ordering::AcqRel, Ordering::Acquire)
    {
        runtime.shutdown_background();
        // SAFETY: `made` was never shared; `faster` is leaked like `found`, and of this process.
        unsafe {
            drop(Box::from_raw(made));
            return (*faster).1.clone();
        }
    }
    thread::Builder::new()
        .name("outcrop-io".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .expect("the system gives a process one more thread");
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
