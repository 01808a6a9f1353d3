//! The thread that reads and writes a cache's file, since asynchronous calls must not wait for a disk on theirs.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use tokio::sync::oneshot;

use super::{
    Key,
    entry::Entry,
    file::{Failure, Store},
};

/// Something for the thread to do.
type Job = Box<dyn FnOnce(&mut Desk) + Send>;

/// Answers in a file. One thread, whatever the number of calls.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    jobs: Arc<Sender<Job>>,
}

/// What the thread has before it.
struct Desk {
    path: PathBuf,
    most: u64,
    store: Option<Store>,
    /// Said once, until it works again.
    complained: bool,
}

impl Disk {
    /// Starts the thread. The file is opened when it is first needed.
    pub fn new(path: PathBuf, most: u64) -> Self {
        let (jobs, waiting) = channel();
        let desk = Desk {
            path,
            most,
            store: None,
            complained: false,
        };
        thread::Builder::new()
            .name("outcrop-cache".into())
            .spawn(move || desk.work(&waiting))
            .expect("the system gives a process one more thread");
        let jobs = Arc::new(jobs);
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|jobs| jobs.strong_count() > 0);
        open.push(Arc::downgrade(&jobs));
        Self { jobs }
    }

    /// Opens the file now; what stands in the way, if it cannot be.
    pub fn open(&self) -> Result<(), String> {
        let opened = self.ask(|desk| desk.open().map(drop).map_err(|it| it.to_string()));
        opened.blocking_recv().unwrap_or(Ok(()))
    }

    pub async fn find(
        &self,
        keys: Arc<[Key]>,
        now: u64,
        longest: Option<u64>,
    ) -> Option<(Key, Entry)> {
        let found = self.ask(move |desk| desk.tried(|store| store.find(&keys, now, longest)));
        found.await.ok()??
    }

    pub async fn store(&self, key: Key, entry: Arc<Entry>, now: u64, expires: Option<u64>) {
        let stored =
            self.ask(move |desk| desk.tried(|store| store.store(&key, &entry, now, expires)));
        let _ = stored.await;
    }

    /// Forgets everything, before it returns.
    pub fn clear(&self) {
        let _ = self.ask(|desk| desk.tried(Store::clear)).blocking_recv();
    }

    /// How many answers there are, and how many bytes they take.
    pub fn usage(&self) -> (u64, u64) {
        let usage = self.ask(|desk| desk.tried(Store::usage)).blocking_recv();
        usage.ok().flatten().unwrap_or_default()
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        // Nobody takes the answer of a call that was cancelled.
        let job = move |desk: &mut Desk| drop(sender.send(work(desk)));
        // The thread ends when nobody can ask it any more, so it is there.
        let _ = self.jobs.send(Box::new(job));
        receiver
    }
}

impl Desk {
    fn work(mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            job(&mut self);
        }
    }

    fn open(&mut self) -> Result<&mut Store, Failure> {
        if self.store.is_none() {
            self.store = Some(Store::open(&self.path, self.most)?);
        }
        Ok(self.store.as_mut().expect("it was just put there"))
    }

    /// A cache that fails is an empty one: calls go on without it.
    fn tried<T>(&mut self, work: impl FnOnce(&mut Store) -> Result<T, Failure>) -> Option<T> {
        match self.open().and_then(work) {
            Ok(done) => {
                self.complained = false;
                Some(done)
            }
            Err(failure) => {
                // Whatever it was, the next one begins with an open file.
                self.store = None;
                if !std::mem::replace(&mut self.complained, true) {
                    tracing::warn!(
                        target: "outcrop::cache",
                        "the cache {} is out of use: {failure}", self.path.display()
                    );
                }
                None
            }
        }
    }
}

/// The threads of this process.
static OPEN: Mutex<Vec<Weak<Sender<Job>>>> = Mutex::new(Vec::new());
/// The threads that are held while the process forks, each with what it waits for.
static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());

type Held = (Arc<Sender<Job>>, Sender<()>);

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
        let _ = is_closed.recv();
        held.push((jobs, release));
    }
}

/// Lets the threads go on, in the parent; in a child they are forgotten.
pub fn after_fork(in_child: bool) {
    let held = std::mem::take(&mut *HELD.lock().unwrap_or_else(PoisonError::into_inner));
    if in_child {
        std::mem::forget(held);
        return;
    }
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.extend(held.iter().map(|(jobs, _)| Arc::downgrade(jobs)));
}
