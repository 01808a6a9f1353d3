//! The clients that are driven together: one pool of connections, and what calls over it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use outcrop_client::{client::Client, error::Error, http::Http, model::Service, session::Session};

/// A router's clients, one for each of its connections, which own them.
type Routed = (Weak<[Session]>, Arc<[Client]>);

/// What one runtime drives for one session.
pub struct Clients {
    session: Session,
    http: Http,
    plain: Mutex<HashMap<Service, Client>>,
    /// By the address of the connections, which stays theirs while they are held here.
    routed: Mutex<HashMap<usize, Routed>>,
}

impl Clients {
    /// A pool with no connection yet.
    pub fn new(session: &Session) -> Self {
        Self {
            http: session.http(),
            session: session.clone(),
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
        let client = Client::new(&self.session, service, &self.http).await?;
        plain().insert(service, client.clone());
        Ok(client)
    }

    /// A router's clients, for as long as its connections are there.
    pub async fn routed(&self, sessions: &Arc<[Session]>) -> Result<Arc<[Client]>, Error> {
        let address = Arc::as_ptr(sessions).cast::<()>().addr();
        if let Some((_, clients)) = self.routers().get(&address) {
            return Ok(Arc::clone(clients));
        }
        let mut clients = vec![];
        // Each session has a pool, as it has its own proxy, authorities and limits.
        let mut pools = vec![(&self.session, self.http.clone())];
        for session in sessions.iter() {
            let known = pools
                .iter()
                .position(|(it, _)| it.shares_pool_with(session));
            let known = known.unwrap_or_else(|| {
                pools.push((session, session.http()));
                pools.len() - 1
            });
            let http = &pools[known].1;
            clients.push(Client::new(session, Service::BedrockRuntime, http).await?);
        }
        let clients: Arc<[Client]> = clients.into();
        let mut routers = self.routers();
        routers.retain(|_, (owner, _)| owner.strong_count() > 0);
        routers.insert(address, (Arc::downgrade(sessions), Arc::clone(&clients)));
        Ok(clients)
    }

    fn routers(&self) -> MutexGuard<'_, HashMap<usize, Routed>> {
        self.routed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
