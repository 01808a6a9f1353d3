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
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use pyo3::{exceptions::PyRuntimeError, intern, prelude::*, sync::PyOnceLock};

use super::PerProcess;

/// What the loop does for one entry of the list, with the future that waits for it.
pub type Wake = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// One event loop's end of it.
pub struct Bridge {
    waiting: Mutex<HashMap<u64, Py<PyAny>>>,
    done: Mutex<Vec<(u64, Wake)>>,
    woken: AtomicBool,
    counter: AtomicU64,
    bell: UnixStream,
    ear: UnixStream,
}

impl Bridge {
    /// The running loop and its bridge.
    pub fn of_running_loop(py: Python<'_>) -> PyResult<(Arc<Self>, Bound<'_, PyAny>)> {
        let event_loop = running_loop(py)?;
        let bridges = bridges(py)?;
        let key = event_loop.as_ptr() as usize;
        let known = bridges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .map(|(bridge, _)| Arc::clone(bridge));
        if let Some(bridge) = known {
            return Ok((bridge, event_loop));
        }
        let bridge = Self::new(&event_loop)?;
        // The bridge goes with its loop: the loop is held weakly, and its end takes the sockets along.
        let weak = py
            .import("weakref")?
            .call_method1("ref", (&event_loop, Farewell(key)))?
            .unbind();
        bridges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, (Arc::clone(&bridge), weak));
        Ok((bridge, event_loop))
    }

    fn new(event_loop: &Bound<'_, PyAny>) -> PyResult<Arc<Self>> {
        let (bell, ear) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        ear.set_nonblocking(true)?;
        let bridge = Arc::new(Self {
            waiting: Mutex::default(),
            done: Mutex::default(),
            woken: AtomicBool::new(false),
            counter: AtomicU64::new(0),
            bell,
            ear,
        });
        let listener = Listener(Arc::clone(&bridge));
        // In an empty context: the first caller's would be kept for as long as the loop, and seen by everybody's handlers.
        let py = event_loop.py();
        let context = py.import("contextvars")?.getattr("Context")?.call0()?;
        let add_reader = event_loop.getattr(intern!(py, "add_reader"))?;
        context.call_method1("run", (add_reader, bridge.ear.as_raw_fd(), listener))?;
        Ok(bridge)
    }

    /// A future of the loop, and the number under which it is settled.
    pub fn future<'py>(
        &self,
        event_loop: &Bound<'py, PyAny>,
    ) -> PyResult<(u64, Bound<'py, PyAny>)> {
        let future = event_loop.call_method0(intern!(event_loop.py(), "create_future"))?;
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, future.clone().unbind());
        Ok((number, future))
    }

    /// Settles a future from any thread, with or without the interpreter's lock.
    pub fn settle(&self, number: u64, wake: Wake) {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((number, wake));
        if !self.woken.swap(true, Ordering::AcqRel) {
            // A full socket means that the loop has bells enough; a closed one, that it has ended.
            let _ = (&self.bell).write(&[0]);
        }
    }

    /// Nobody waits for this future any more.
    pub fn forget(&self, number: u64) {
        let future = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
        // Only now that the lock is free: letting go of a future can run Python.
        drop(future);
    }

    fn answer(&self, py: Python<'_>) -> PyResult<()> {
        let mut bytes = [0; 64];
        while matches!((&self.ear).read(&mut bytes), Ok(count) if count == bytes.len()) {}
        self.woken.store(false, Ordering::Release);
        let done = std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner));
        for (number, wake) in done {
            let waiting = self
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&number);
            let Some(future) = waiting else { continue };
            let future = future.bind(py);
            if future.call_method0(intern!(py, "done"))?.is_truthy()? {
                continue;
            }
            match wake(py) {
                Ok(value) => future.call_method1(intern!(py, "set_result"), (value,))?,
                Err(error) => {
                    future.call_method1(intern!(py, "set_exception"), (error.into_value(py),))?
                }
            };
        }
        Ok(())
    }
}

/// What the loop calls when the bell rings.
#[pyclass(frozen)]
struct Listener(Arc<Bridge>);

#[pymethods]
impl Listener {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        self.0.answer(py)
    }
}

/// What a loop calls when it is no more.
#[pyclass(frozen)]
struct Farewell(usize);

#[pymethods]
impl Farewell {
    fn __call__(&self, py: Python<'_>, _weak: &Bound<'_, PyAny>) -> PyResult<()> {
        let gone = bridges(py)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.0);
        drop(gone);
        Ok(())
    }
}

type Bridges = Mutex<HashMap<usize, (Arc<Bridge>, Py<PyAny>)>>;

/// The bridges of this process, by the address of their loop.
fn bridges(py: Python<'_>) -> PyResult<Arc<Bridges>> {
    static BRIDGES: PyOnceLock<PerProcess<Bridges>> = PyOnceLock::new();
    BRIDGES
        .get_or_init(py, PerProcess::default)
        .get(|| Ok(Mutex::default()))
}

fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let running = RUNNING
        .import(py, "asyncio.events", "_get_running_loop")?
        .call0()?;
    if running.is_none() {
        return Err(PyRuntimeError::new_err(
            "outcrop's async clients need a running asyncio loop (uvloop is one too): under trio, call a blocking client \
             through anyio.to_thread.run_sync, and outside of a loop call it directly",
        ));
    }
    Ok(running)
}
