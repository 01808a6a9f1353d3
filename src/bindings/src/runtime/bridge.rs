//! From the background thread to an event loop, without the interpreter's lock.
//!
//! `call_soon_threadsafe` would need the lock, and a thread that waits for it reads no network meanwhile. So the
//! background thread leaves what it has done in a list and writes a byte into a socket that the loop watches; the loop
//! wakes once for all that has been left since.

use std::{
    collections::HashMap,
    io::{Read, Write},
    os::{fd::AsRawFd, unix::net::UnixStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use outcrop_client::error::Error;
use pyo3::{PyTraverseError, PyVisit, intern, prelude::*};

use super::{guarded, is_here};
use crate::errors::exception;

/// What the loop does for one entry of the list, for the future that waits for it.
pub type Wake = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// The background thread's end. It holds nothing of Python's but what a wake brings along.
pub struct Mailbox {
    /// None once the loop is gone.
    done: Mutex<Option<Vec<(u64, Wake)>>>,
    woken: AtomicBool,
    bell: UnixStream,
}

impl Mailbox {
    /// Settles a future from any thread, with or without the interpreter's lock.
    pub fn settle(&self, number: u64, wake: Wake) {
        match &mut *self.done.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(done) => done.push((number, wake)),
            None => return,
        }
        if !self.woken.swap(true, Ordering::AcqRel) {
            // A full socket means that the loop has bells enough; a closed one, that it has ended.
            let _ = (&self.bell).write(&[0]);
        }
    }

    fn take(&self) -> Vec<(u64, Wake)> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

/// One event loop's end: what the loop calls when the bell rings.
///
/// The loop keeps it, and it keeps the futures that are waited for, which know the loop and the tasks that wait: Python's
/// collector sees all of it, so a loop that ends with calls under way takes them along.
#[pyclass(frozen, weakref, module = "outcrop._native")]
pub struct Bridge {
    waiting: Mutex<HashMap<u64, Py<PyAny>>>,
    counter: AtomicU64,
    mailbox: Arc<Mailbox>,
    ear: UnixStream,
    process: u32,
}

impl Bridge {
    /// Lets a loop watch a new one.
    pub fn new<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        let py = event_loop.py();
        let (bell, ear) = sockets().map_err(|error| {
            let reason = format!(
                "an event loop could not be given the two sockets that wake it ({error}): raise what `ulimit -n` shows, \
                 or close files"
            );
            exception(py, Error::ProcessLimit { reason }, None)
        })?;
        let watched = ear.as_raw_fd();
        let bridge = Self {
            waiting: Mutex::default(),
            counter: AtomicU64::new(0),
            mailbox: Arc::new(Mailbox {
                done: Mutex::new(Some(vec![])),
                woken: AtomicBool::new(false),
                bell,
            }),
            ear,
            process: std::process::id(),
        };
        let bridge = Bound::new(py, bridge)?;
        // In an empty context: the first caller's would be kept for as long as the loop, and seen by everybody's handlers.
        let context = py.import("contextvars")?.getattr("Context")?.call0()?;
        let add_reader = event_loop.getattr(intern!(py, "add_reader"))?;
        context.call_method1("run", (add_reader, watched, &bridge))?;
        Ok(bridge)
    }

    /// Where the background thread leaves what it has done.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// A future of the loop, and the number under which it is settled.
    pub fn future<'py>(
        &self,
        event_loop: &Bound<'py, PyAny>,
    ) -> PyResult<(u64, Bound<'py, PyAny>)> {
        let future = event_loop.call_method0(intern!(event_loop.py(), "create_future"))?;
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        self.waiting().insert(number, future.clone().unbind());
        Ok((number, future))
    }

    /// Nobody waits for this future any more.
    pub fn forget(&self, number: u64) {
        drop(self.taken(number));
    }

    /// The lock is free when this returns: letting go of a future can run Python.
    fn taken(&self, number: u64) -> Option<Py<PyAny>> {
        self.waiting().remove(&number)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Py<PyAny>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, py: Python<'_>) {
        let mut bytes = [0; 64];
        while matches!((&self.ear).read(&mut bytes), Ok(count) if count == bytes.len()) {}
        self.mailbox.woken.store(false, Ordering::Release);
        for (number, wake) in self.mailbox.take() {
            let Some(future) = self.taken(number) else {
                continue;
            };
            let future = future.bind(py);
            // Whatever happens to one, the others have waited, too.
            if let Err(error) = settle(future, wake) {
                error.write_unraisable(py, Some(future));
            }
        }
    }
}

fn settle(future: &Bound<'_, PyAny>, wake: Wake) -> PyResult<()> {
    let py = future.py();
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(());
    }
    match guarded(|| wake(py)) {
        Ok(value) => future.call_method1(intern!(py, "set_result"), (value,))?,
        Err(error) => future.call_method1(intern!(py, "set_exception"), (error.into_value(py),))?,
    };
    Ok(())
}

fn sockets() -> std::io::Result<(UnixStream, UnixStream)> {
    let (bell, ear) = UnixStream::pair()?;
    bell.set_nonblocking(true)?;
    ear.set_nonblocking(true)?;
    Ok((bell, ear))
}

#[pymethods]
impl Bridge {
    fn __call__(&self, py: Python<'_>) {
        self.answer(py);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // It is free: the collector runs with the interpreter's lock, and nobody runs Python while he holds this one.
        if let Ok(waiting) = self.waiting.try_lock() {
            for future in waiting.values() {
                visit.call(future)?;
            }
        }
        Ok(())
    }

    fn __clear__(&self) {
        let waiting = std::mem::take(&mut *self.waiting());
        drop(waiting);
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // In a child, a thread of the parent may have held the lock.
        if is_here(self.process) {
            let done = self
                .mailbox
                .done
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            drop(done);
        }
    }
}
