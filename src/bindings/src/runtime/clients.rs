//! The clients that are driven together: one pool of connections, and what calls over it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use outcrop_client::{
    client::Client, connection::Connection, error::Error, http::Http, model::Service,
};

/// A router's clients, one for each of its connections, which own them.
type Routed = (Weak<[Connection]>, Arc<[Client]>);

/// What one runtime drives for one connection.
pub struct Clients {
    connection: Connection,
    http: Http,
    plain: Mutex<HashMap<Service, Client>>,
    /// By the address of the connections, which stays theirs while they are held here.
    routed: Mutex<HashMap<usize, Routed>>,
}

impl Clients {
    /// A pool with no connection yet.
    pub fn new(connection: &Connection) -> Self {
        Self {
            http: connection.http(),
            connection: connection.clone(),
            plain: Mutex::default(),
            routed: Mutex::default(),
        }
    }

    /// The client of a service.
    pub async fn plain(&self, service: Service) -> Result<Client, Error> {
        let plain = || self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = plain().get(&service) {
            return Ok(client.clone());
        }
        let client = Client::new(&self.connection, service, &self.http).await?;
        plain().insert(service, client.clone());
        Ok(client)
    }

    /// A router's clients, for as long as its connections are there.
    pub async fn routed(&self, connections: &Arc<[Connection]>) -> Result<Arc<[Client]>, Error> {
        let address = Arc::as_ptr(connections).cast::<()>().addr();
        if let Some((_, clients)) = self.routers().get(&address) {
            return Ok(Arc::clone(clients));
        }
        let mut clients = vec![];
        for connection in connections.iter() {
            clients.push(Client::new(connection, Service::BedrockRuntime, &self.http).await?);
        }
        let clients: Arc<[Client]> = clients.into();
        let mut routers = self.routers();
        routers.retain(|_, (owner, _)| owner.strong_count() > 0);
        routers.insert(address, (Arc::downgrade(connections), Arc::clone(&clients)));
        Ok(clients)
    }

    fn routers(&self) -> MutexGuard<'_, HashMap<usize, Routed>> {
        self.routed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
