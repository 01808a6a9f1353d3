//! Answers kept for requests that are asked again, and equal requests at the same time made one.
//!
//! [`Caller`](crate::caller::Caller) goes through it; `docs/dev/cache.md` tells why it is as it is.

mod canonical;
mod deterministic;
mod disk;
mod entry;
mod file;
mod flight;
mod key;
mod memory;
mod recording;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

pub use deterministic::{is_cacheable, is_deterministic};
pub use disk::{after_fork, flush};
pub(crate) use entry::{Content, Entry};
pub(crate) use flight::{Followed, Lead, Part};
pub(crate) use key::{Place, Request, together};
pub(crate) use recording::Recording;

use self::{disk::Disk, flight::Flights, memory::Memory};
use crate::router::clock::Clock;

/// What an answer is known by.
pub(crate) type Key = [u8; 32];

/// What a user can say about a cache.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file to keep answers in; memory without one.
    pub path: Option<PathBuf>,
    /// How many bytes of answers are kept.
    pub max_bytes: u64,
    /// How long an answer is given again; `None` is for ever.
    pub ttl: Option<Duration>,
    /// A name under which answers are given to all who say it, in place of each caller's own.
    pub scope: Option<String>,
}

/// Answers that were given, and those that are on their way.
#[derive(Debug)]
pub struct Cache {
    pub(crate) options: Options,
    wall: Wall,
    place: Storage,
    pub(crate) flights: Flights,
}

#[derive(Debug)]
enum Storage {
    Memory(Memory),
    Disk(Disk),
}

/// The time of day, which is what files go by. A held clock counts from when it was taken up.
#[derive(Debug)]
struct Wall(Option<(Clock, Instant, SystemTime)>);

impl Wall {
    pub(crate) fn now(&self) -> SystemTime {
        match &self.0 {
            None => SystemTime::now(),
            Some((clock, since, then)) => *then + clock.now().saturating_duration_since(*since),
        }
    }
}

impl Cache {
    /// An empty cache, or what is in the file. The file is not opened yet. `clock` is for tests.
    #[must_use]
    pub fn new(options: Options, clock: Option<Clock>) -> Self {
        let most = options.max_bytes;
        let place = match &options.path {
            Some(path) => Storage::Disk(Disk::new(path.clone(), most)),
            None => Storage::Memory(Memory::new(usize::try_from(most).unwrap_or(usize::MAX))),
        };
        let wall = Wall(clock.map(|clock| {
            let since = clock.now();
            (clock, since, SystemTime::now())
        }));
        Self {
            options,
            wall,
            place,
            flights: Flights::default(),
        }
    }

    /// Opens the file now; what stands in the way, if it cannot be.
    pub fn open(&self) -> Result<(), String> {
        match &self.place {
            Storage::Memory(_) => Ok(()),
            Storage::Disk(disk) => disk.open(),
        }
    }

    /// Forgets everything; what stands in the way, if it cannot be.
    pub fn clear(&self) -> Result<(), String> {
        match &self.place {
            Storage::Memory(memory) => {
                memory.clear();
                Ok(())
            }
            Storage::Disk(disk) => disk.clear(),
        }
    }

    /// How many answers there are, and how many bytes they take.
    pub fn usage(&self) -> Result<(u64, u64), String> {
        match &self.place {
            Storage::Memory(memory) => Ok(memory.usage()),
            Storage::Disk(disk) => disk.usage(),
        }
    }

    /// The first of these keys that has an answer that may still be given. A disk is waited for no longer than `limit`.
    pub(crate) async fn find(
        &self,
        keys: &Arc<[Key]>,
        limit: Duration,
    ) -> Option<(Key, Arc<Entry>)> {
        let (now, longest) = (self.now(), self.options.ttl.map(milliseconds));
        match &self.place {
            Storage::Memory(memory) => keys.iter().find_map(|key| {
                let entry = memory.find(key, |it| file::is_fresh(it, now, longest));
                entry.map(|entry| (*key, entry))
            }),
            Storage::Disk(disk) => {
                let found = disk.find(Arc::clone(keys), now, longest, limit).await;
                found.map(|(key, entry)| (key, Arc::new(entry)))
            }
        }
    }

    /// Keeps an answer. Nobody waits for a disk.
    pub(crate) fn store(&self, key: Key, entry: Arc<Entry>) {
        match &self.place {
            Storage::Memory(memory) => memory.store(key, entry),
            Storage::Disk(disk) => {
                let longest = self.options.ttl.map(milliseconds);
                let expires = longest.map(|it| entry.stored.saturating_add(it));
                disk.store(key, entry, self.now(), expires);
            }
        }
    }

    /// The largest answer that is kept: one that took the place of all others would help nobody.
    fn largest(&self) -> usize {
        usize::try_from(self.options.max_bytes).unwrap_or(usize::MAX)
    }

    /// In milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        milliseconds(
            self.wall
                .now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        )
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
