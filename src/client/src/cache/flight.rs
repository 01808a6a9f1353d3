//! Equal calls at the same time: one is made, and the others wait for its answer.
//!
//! Callers are driven by different threads and runtimes, so nobody makes a call for another. Whoever comes first leads and
//! the others follow. A leader that fails, or is cancelled, just goes: its followers notice, and the first of them leads.

use std::{
    collections::{HashMap, hash_map::Entry as Slot},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use super::{Key, entry::Entry};

/// How long a stream may lie unread before its followers go on by themselves. They must not hang because somebody
/// opened a stream and does something else, or opened both one after the other.
const PATIENCE: Duration = Duration::from_secs(1);

/// The calls that are under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<Key, watch::Receiver<State>>>>);

/// How far a leader is.
#[derive(Clone, Debug)]
enum State {
    /// It waits for the network.
    Working,
    /// Its reader has what came and has not asked for more.
    Unread,
    /// It has the whole answer, that of the place with this key.
    Done(Key, Arc<Entry>),
}

/// A caller's part.
pub(crate) enum Part {
    Lead(Lead),
    Follow(Follow),
}

impl Flights {
    /// Leads, if nobody does, or follows.
    pub fn join(&self, key: Key) -> Part {
        match self.flights().entry(key) {
            Slot::Occupied(slot) => Part::Follow(Follow(slot.get().clone())),
            Slot::Vacant(slot) => {
                let (sender, receiver) = watch::channel(State::Working);
                slot.insert(receiver);
                Part::Lead(Lead(Some(Open {
                    flights: self.clone(),
                    key,
                    sender,
                })))
            }
        }
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<State>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The leader's end. Dropped before the answer is there, it lets the followers go.
#[derive(Debug)]
pub(crate) struct Lead(Option<Open>);

#[derive(Debug)]
struct Open {
    flights: Flights,
    key: Key,
    sender: watch::Sender<State>,
}

impl Lead {
    /// One whom nobody follows.
    pub fn alone() -> Self {
        Self(None)
    }

    /// A stream's reader wants more.
    pub fn asked(&self) {
        self.set(|| State::Working);
    }

    /// A stream's reader was given what came.
    pub fn given(&self) {
        self.set(|| State::Unread);
    }

    /// The answer is there.
    pub fn done(&self, key: Key, entry: &Arc<Entry>) {
        self.set(|| State::Done(key, Arc::clone(entry)));
    }

    fn set(&self, state: impl FnOnce() -> State) {
        if let Some(open) = &self.0 {
            open.sender.send_replace(state());
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.flights.flights().remove(&self.key);
    }
}

/// A follower's end.
pub(crate) struct Follow(watch::Receiver<State>);

/// What became of the leader.
pub(crate) enum Followed {
    Done(Key, Arc<Entry>),
    /// It failed or was cancelled: somebody else has to call.
    Failed,
    /// Nobody reads its stream.
    Stuck,
}

impl Follow {
    /// Waits for the leader.
    pub async fn outcome(mut self) -> Followed {
        loop {
            let state = self.0.borrow_and_update().clone();
            let gone = match state {
                State::Done(key, entry) => return Followed::Done(key, entry),
                State::Working => self.0.changed().await.is_err(),
                State::Unread => match timeout(PATIENCE, self.0.changed()).await {
                    Ok(changed) => changed.is_err(),
                    Err(_) => return Followed::Stuck,
                },
            };
            if gone {
                // Its last word may have come just before.
                return match self.0.borrow().clone() {
                    State::Done(key, entry) => Followed::Done(key, entry),
                    _ => Followed::Failed,
                };
            }
        }
    }
}
