//! Calls that wait for room in a target, those with the earliest deadline first.
//!
//! The line belongs to the target's quota, not to the router: routers that share a target's limits share its line, too, and room
//! that one gives back is the other's to take.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use tokio::sync::Notify;

use super::state::Gate;

/// The earlier deadline goes first; without one, last; among equals, who came first.
type Key = (bool, Option<Instant>, u64);

/// Who waits for a target.
#[derive(Debug, Default)]
pub struct Queue(Mutex<BTreeMap<Key, Arc<Notify>>>);

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the first that there may be room.
    pub fn wake(&self) {
        if let Some(bell) = self.waiting().values().next() {
            bell.notify_one();
        }
    }

    /// Tells all: where they may go is another matter now.
    pub fn wake_all(&self) {
        for bell in self.waiting().values() {
            bell.notify_one();
        }
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    fn leave(&self, key: &Key) {
        self.waiting().remove(key);
        // Whoever is first now may have missed its bell.
        self.wake();
    }
}

/// A call's place in the lines of all targets that it may go to, left when dropped.
#[derive(Debug)]
pub struct Place {
    key: Key,
    bell: Arc<Notify>,
    lines: Vec<Arc<Gate>>,
}

impl Place {
    /// A place in no line yet.
    pub fn new(deadline: Option<Instant>) -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Self {
            key: (deadline.is_none(), deadline, number),
            bell: Arc::default(),
            lines: vec![],
        }
    }

    /// Stands in the lines of these targets and in no other: who cannot go anywhere must not keep others from it.
    pub fn stand_in<'a>(&mut self, lines: impl Iterator<Item = &'a Arc<Gate>>) {
        let among =
            |lines: &[Arc<Gate>], it: &Arc<Gate>| lines.iter().any(|one| Arc::ptr_eq(one, it));
        let mut all: Vec<Arc<Gate>> = vec![];
        for line in lines {
            // Targets that draw on one quota have one line.
            if !among(&all, line) {
                all.push(Arc::clone(line));
            }
        }
        let lines = all;
        for left in self.lines.iter().filter(|it| !among(&lines, it)) {
            left.queue.leave(&self.key);
        }
        for joined in lines.iter().filter(|it| !among(&self.lines, it)) {
            joined
                .queue
                .waiting()
                .insert(self.key, Arc::clone(&self.bell));
        }
        self.lines = lines;
    }

    /// Whether nobody stands before it.
    pub fn is_first(&self, gate: &Gate) -> bool {
        let waiting = gate.queue.waiting();
        waiting.keys().next().is_some_and(|key| *key == self.key)
    }

    /// Waits to be told.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for line in &self.lines {
            line.queue.leave(&self.key);
        }
    }
}
