//! The thread that reads and writes a cache's file, since asynchronous calls must not wait for a disk on theirs.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    Key,
    entry::Entry,
    file::{Failure, Store},
};

/// Something for the thread to do.
type Job = Box<dyn FnOnce(&mut Desk) + Send>;

/// How long somebody who asks for the file itself waits: as long as the thread may take to open it and to write once.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many bytes of answers may wait to be written. A disk that is slower than Bedrock is not waited for.
const BACKLOG: usize = 64 * 1024 * 1024;
/// A failure that took so long is not looked for again for a while: whoever holds the file will hold it on.
const SLOW: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_secs(30);

/// Answers in a file. One thread, whatever the number of calls.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    jobs: Arc<Sender<Job>>,
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
struct Desk {
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
        let (jobs, waiting) = channel();
        let state = Arc::<State>::default();
        let desk = Desk {
            path: path.clone(),
            most,
            store: None,
            state: Arc::clone(&state),
            out_until: None,
        };
        // Without a thread nobody takes the jobs, which is a cache that has nothing.
        if let Err(error) = thread::Builder::new()
            .name("outcrop-cache".into())
            .spawn(move || desk.work(&waiting))
        {
            state.complain(&path, &format!("there is no thread for it ({error})"));
        }
        let jobs = Arc::new(jobs);
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|jobs| jobs.strong_count() > 0);
        open.push(Arc::downgrade(&jobs));
        Self { jobs, path, state }
    }

    /// Opens the file now; what stands in the way, if it cannot be.
    pub fn open(&self) -> Result<(), String> {
        self.wait_for(|desk| desk.open().map(drop))
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
        let found = self.ask(move |desk| desk.tried(|store| store.find(&keys, now, longest)));
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
        drop(self.ask(move |desk| {
            let _unwritten = unwritten;
            desk.tried(|store| store.store(&key, &entry, now, expires));
            desk.state.backlog.fetch_sub(size, Ordering::AcqRel);
        }));
    }

    /// Forgets everything, before it returns.
    pub fn clear(&self) -> Result<(), String> {
        self.wait_for(|desk| desk.open().and_then(Store::clear))
    }

    /// How many answers there are, and how many bytes they take.
    pub fn usage(&self) -> Result<(u64, u64), String> {
        self.wait_for(|desk| desk.open().and_then(Store::usage))
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        // Nobody takes the answer of a call that was cancelled.
        let job = move |desk: &mut Desk| drop(sender.send(work(desk)));
        let _ = self.jobs.send(Box::new(job));
        receiver
    }

    /// Waits for what is asked for itself, without a call.
    fn wait_for<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, String> {
        let (sender, receiver) = channel();
        let job = move |desk: &mut Desk| drop(sender.send(work(desk)));
        let _ = self.jobs.send(Box::new(job));
        match receiver.recv_timeout(PATIENCE) {
            Ok(done) => done.map_err(|failure| failure.to_string()),
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("it did not answer within {} s", PATIENCE.as_secs()))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err("its thread could not be started, or has ended: `ulimit -u` shows how many there may be".into())
            }
        }
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

impl Desk {
    fn work(mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            job(&mut self);
            self.state.stuck.store(false, Ordering::Release);
        }
    }

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

/// The threads of this process.
static OPEN: Mutex<Vec<Weak<Sender<Job>>>> = Mutex::new(Vec::new());
/// The threads that are held while the process forks, each with what it waits for.
static HELD: Mutex<Vec<Writer>> = Mutex::new(Vec::new());

type Writer = (Arc<Sender<Job>>, Sender<()>);

/// Closes the files of all caches and holds their threads, before the process forks: `SQLite`'s locks and mutexes would be
/// copied as they are, for threads that the child does not have.
pub fn before_fork() {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    for jobs in open.drain(..).filter_map(|jobs| jobs.upgrade()) {
        let (closed, is_closed) = channel::<()>();
        let (release, released) = channel::<()>();
        let job = move |desk: &mut Desk| {
            desk.store = None;
            drop(closed);
            let _ = released.recv();
        };
        let _ = jobs.send(Box::new(job));
        // It ends with an error when the thread has let go of its end.
        let _ = is_closed.recv_timeout(PATIENCE);
        held.push((jobs, release));
    }
}

/// Lets the threads go on, in the parent; in a child they are forgotten.
pub fn after_fork(in_child: bool) {
    let held = std::mem::take(&mut *HELD.lock().unwrap_or_else(PoisonError::into_inner));
    if in_child {
        // Their threads stayed with the parent.
        *UNWRITTEN.0.lock().unwrap_or_else(PoisonError::into_inner) = 0;
        std::mem::forget(held);
        return;
    }
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.extend(held.iter().map(|(jobs, _)| Arc::downgrade(jobs)));
}
