//! The thread that reads and writes a cache's file, since asynchronous calls must not wait for a disk on theirs.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Key, entry::Entry, file::Store};
use crate::{
    database::Failure,
    desk::{Desk, Keeper},
};

/// How many bytes of answers may wait to be written. A disk that is slower than Bedrock is not waited for.
const BACKLOG: usize = 64 * 1024 * 1024;
/// A failure that took so long is not looked for again for a while: whoever holds the file will hold it on.
const SLOW: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_secs(30);

/// Answers in a file. One thread, whatever the number of calls.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    desk: Desk<File>,
    path: PathBuf,
    state: Arc<State>,
}

/// What callers know of the thread.
#[derive(Debug, Default)]
struct State {
    /// Somebody has waited for it in vain, and it has done nothing since.
    stuck: AtomicBool,
    /// Bytes that wait to be written.
    backlog: AtomicUsize,
    /// Said once, until it works again.
    complained: AtomicBool,
}

/// What the thread has before it.
struct File {
    path: PathBuf,
    most: u64,
    store: Option<Store>,
    state: Arc<State>,
    /// Nothing is tried before.
    out_until: Option<Instant>,
}

impl Disk {
    /// Starts the thread. The file is opened when it is first needed.
    pub fn new(path: PathBuf, most: u64) -> Self {
        let state = Arc::<State>::default();
        let file = File {
            path: path.clone(),
            most,
            store: None,
            state: Arc::clone(&state),
            out_until: None,
        };
        // Without a thread nobody takes the jobs, which is a cache that has nothing.
        let (desk, failed) = Desk::start("outcrop-cache", file);
        if let Some(error) = failed {
            state.complain(&path, &format!("there is no thread for it ({error})"));
        }
        Self { desk, path, state }
    }

    /// Opens the file now; what stands in the way, if it cannot be.
    pub fn open(&self) -> Result<(), String> {
        self.wait_for(|file| file.open().map(drop))
    }

    /// What there is, within so long.
    pub async fn find(
        &self,
        keys: Arc<[Key]>,
        now: u64,
        longest: Option<u64>,
        limit: Duration,
    ) -> Option<(Key, Entry)> {
        if self.state.stuck.load(Ordering::Acquire) {
            return None;
        }
        let found = self
            .desk
            .ask(move |file| file.tried(|store| store.find(&keys, now, longest)));
        if let Ok(found) = tokio::time::timeout(limit, found).await {
            return found.ok()??;
        }
        self.state.stuck.store(true, Ordering::Release);
        let seconds = limit.as_secs_f64();
        let reason = format!("it did not answer within {seconds:.1} s");
        self.state.complain(&self.path, &reason);
        None
    }

    /// Keeps an answer, as soon as the thread comes to it.
    pub fn store(&self, key: Key, entry: Arc<Entry>, now: u64, expires: Option<u64>) {
        let size = entry.size();
        if self.state.stuck.load(Ordering::Acquire)
            || self.state.backlog.load(Ordering::Acquire) > BACKLOG
        {
            return self
                .state
                .complain(&self.path, "answers come faster than it takes them");
        }
        self.state.backlog.fetch_add(size, Ordering::AcqRel);
        let unwritten = Unwritten::new();
        drop(self.desk.ask(move |file| {
            let _unwritten = unwritten;
            file.tried(|store| store.store(&key, &entry, now, expires));
            file.state.backlog.fetch_sub(size, Ordering::AcqRel);
        }));
    }

    /// Forgets everything, before it returns.
    pub fn clear(&self) -> Result<(), String> {
        self.wait_for(|file| file.open().and_then(Store::clear))
    }

    /// How many answers there are, and how many bytes they take.
    pub fn usage(&self) -> Result<(u64, u64), String> {
        self.wait_for(|file| file.open().and_then(Store::usage))
    }

    /// Waits for what is asked for itself, without a call.
    fn wait_for<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut File) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, String> {
        let done = self.desk.wait_for(work)?;
        done.map_err(|failure| failure.to_string())
    }
}

impl State {
    fn complain(&self, path: &Path, reason: &str) {
        if !self.complained.swap(true, Ordering::AcqRel) {
            tracing::warn!(
                target: "outcrop::cache",
                "the cache {} is out of use: {reason}; calls go on without it", path.display()
            );
        }
    }
}

impl Keeper for File {
    fn close(&mut self) {
        self.store = None;
    }

    fn done(&mut self) {
        self.state.stuck.store(false, Ordering::Release);
    }
}

impl File {
    fn open(&mut self) -> Result<&mut Store, Failure> {
        let store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.path, self.most)?,
        };
        Ok(self.store.insert(store))
    }

    /// A cache that fails is an empty one: calls go on without it.
    fn tried<T>(&mut self, work: impl FnOnce(&mut Store) -> Result<T, Failure>) -> Option<T> {
        let begun = Instant::now();
        if self.out_until.is_some_and(|until| begun < until) {
            return None;
        }
        match self.open().and_then(work) {
            Ok(done) => {
                self.out_until = None;
                self.state.complained.store(false, Ordering::Release);
                Some(done)
            }
            Err(failure) => {
                // Whatever it was, the next one begins with an open file.
                self.store = None;
                self.out_until = (begun.elapsed() > SLOW).then(|| Instant::now() + PAUSE);
                self.state.complain(&self.path, &failure.to_string());
                None
            }
        }
    }
}

/// How many answers wait to be written in this process, whether or not somebody still holds their cache.
static UNWRITTEN: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// One of them, until it has been written or given up.
struct Unwritten;

impl Unwritten {
    fn new() -> Self {
        *UNWRITTEN.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Unwritten {
    fn drop(&mut self) {
        let mut count = UNWRITTEN.0.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.saturating_sub(1);
        UNWRITTEN.1.notify_all();
    }
}

/// Waits until the answers that were to be kept by now are written, for so long at most.
pub fn flush(limit: Duration) {
    let count = UNWRITTEN.0.lock().unwrap_or_else(PoisonError::into_inner);
    drop(
        UNWRITTEN
            .1
            .wait_timeout_while(count, limit, |count| *count > 0),
    );
}

/// Forgets what a child's parent has still to write: the thread stayed there.
pub fn after_fork(in_child: bool) {
    if in_child {
        *UNWRITTEN.0.lock().unwrap_or_else(PoisonError::into_inner) = 0;
    }
}
