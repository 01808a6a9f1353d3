//! Calls that wait for room, those with the earliest deadline first.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::Notify;

/// The earlier deadline goes first; without one, last; among equals, who came first.
type Key = (bool, Option<Instant>, u64);

/// Who waits.
#[derive(Debug, Default)]
pub struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    places: BTreeMap<Key, Arc<Notify>>,
    counter: u64,
}

/// A place in the queue, left when dropped.
#[derive(Debug)]
pub struct Place<'a> {
    queue: &'a Queue,
    key: Key,
    bell: Arc<Notify>,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place.
    pub fn join(&self, deadline: Option<Instant>) -> Place<'_> {
        let bell = Arc::new(Notify::new());
        let mut waiting = self.waiting();
        waiting.counter += 1;
        let key = (deadline.is_none(), deadline, waiting.counter);
        waiting.places.insert(key, Arc::clone(&bell));
        Place {
            queue: self,
            key,
            bell,
        }
    }

    /// Tells the first that there may be room.
    pub fn wake(&self) {
        if let Some(bell) = self.waiting().places.values().next() {
            bell.notify_one();
        }
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.waiting().places.is_empty()
    }
}

impl Place<'_> {
    /// Whether nobody is before it.
    pub fn is_first(&self) -> bool {
        self.queue
            .waiting()
            .places
            .keys()
            .next()
            .is_some_and(|key| *key == self.key)
    }

    /// Waits to be told.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.waiting().places.remove(&self.key);
        // Whoever is first now may have missed its bell.
        self.queue.wake();
    }
}
