//! Threads that keep a file, since asynchronous calls must not wait for a disk on theirs.
//!
//! Before a process forks, the files are closed and the threads held: `SQLite`'s locks and mutexes would be copied as they
//! are, for threads that the child does not have.

use std::{
    fmt, io,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

/// How long somebody who waits for the file itself waits: as long as the thread may take to open it and to write once.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whoever keeps a file.
pub(crate) trait Keeper: Send + 'static {
    /// Closes it; it is opened again when it is needed.
    fn close(&mut self);

    /// A job was done.
    fn done(&mut self) {}

    /// Does what has become due, and tells for how long nothing else will; `None` where nothing is to come.
    fn due(&mut self) -> Option<Duration> {
        None
    }
}

/// Something for the thread to do.
type Job<K> = Box<dyn FnOnce(&mut K) + Send>;

struct Jobs<K>(Sender<Job<K>>);

/// The thread of a keeper. It ends when nobody has a desk of it any more.
pub(crate) struct Desk<K>(Arc<Jobs<K>>);

impl<K> Clone for Desk<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> fmt::Debug for Desk<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl<K: Keeper> Desk<K> {
    /// Starts the thread. Without one nobody takes the jobs; the error says why.
    pub fn start(name: &str, keeper: K) -> (Self, Option<io::Error>) {
        let (jobs, waiting) = channel();
        let started = thread::Builder::new()
            .name(name.into())
            .spawn(move || work(keeper, &waiting));
        let jobs = Arc::new(Jobs(jobs));
        let held: Weak<Jobs<K>> = Arc::downgrade(&jobs);
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|jobs| jobs.strong_count() > 0);
        open.push(held);
        drop(open);
        (Self(jobs), started.err())
    }

    /// Gives the thread something to do; whether there is one.
    pub fn send(&self, job: impl FnOnce(&mut K) + Send + 'static) -> bool {
        self.0.0.send(Box::new(job)).is_ok()
    }

    /// The same for who wants to know what came of it.
    pub fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut K) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        // Nobody takes the answer of a call that was cancelled.
        self.send(move |keeper| drop(sender.send(work(keeper))));
        receiver
    }

    /// Waits for it; what stands in the way, if that does not come.
    pub fn wait_for<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut K) -> T + Send + 'static,
    ) -> Result<T, String> {
        let (sender, receiver) = channel();
        self.send(move |keeper| drop(sender.send(work(keeper))));
        receiver.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => {
                format!("it did not answer within {} s", PATIENCE.as_secs())
            }
            RecvTimeoutError::Disconnected => {
                "its thread could not be started, or has ended: `ulimit -u` shows how many there may be".into()
            }
        })
    }
}

fn work<K: Keeper>(mut keeper: K, waiting: &Receiver<Job<K>>) {
    loop {
        let next = match keeper.due() {
            None => waiting.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(pause) => waiting.recv_timeout(pause),
        };
        match next {
            Ok(job) => {
                job(&mut keeper);
                keeper.done();
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Tells that the file is closed, by its end; and ends when it may be opened again.
type Hold = (Sender<()>, Receiver<()>);

trait Held: Send + Sync {
    fn hold(&self, hold: Hold);
}

impl<K: Keeper> Held for Jobs<K> {
    fn hold(&self, (closed, released): Hold) {
        let job = move |keeper: &mut K| {
            keeper.close();
            drop(closed);
            let _ = released.recv();
        };
        let _ = self.0.send(Box::new(job));
    }
}

/// A thread that is held, and what it waits for.
type Waiting = (Arc<dyn Held>, Sender<()>);

/// The threads of this process.
static OPEN: Mutex<Vec<Weak<dyn Held>>> = Mutex::new(Vec::new());
/// The threads that are held while the process forks.
static HELD: Mutex<Vec<Waiting>> = Mutex::new(Vec::new());

/// Closes all files and holds their threads, before the process forks.
pub fn before_fork() {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    for jobs in open.drain(..).filter_map(|jobs| jobs.upgrade()) {
        let (closed, is_closed) = channel::<()>();
        let (release, released) = channel::<()>();
        jobs.hold((closed, released));
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
        std::mem::forget(held);
        return;
    }
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.extend(held.iter().map(|(jobs, _)| Arc::downgrade(jobs)));
}
