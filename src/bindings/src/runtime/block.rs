//! Waiting on a thread of Python's.

use std::{
    future::Future,
    sync::{
        Mutex, PoisonError,
        mpsc::{RecvTimeoutError, sync_channel},
    },
    time::Duration,
};

use outcrop_client::error::Error;
use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::{runtime::Handle, time::timeout};

use super::{Lane, OfProcess, Task, lanes::Own};
use crate::errors::exception;

/// How often a waiting call looks for Ctrl-C.
pub const TICK: Duration = Duration::from_millis(100);

/// What drives a blocking call.
pub(super) enum Driver {
    Own(Own),
    Background(Handle),
}

/// Waits for `work` while others run Python.
///
/// At each tick the thread leaves the runtime and looks for signals, so a handler may do what Python code may: make calls,
/// close streams, fork. What it raises ends the work. The work itself may be moved to another thread.
pub fn block<T: Send + 'static>(
    py: Python<'_>,
    lane: &Lane,
    work: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    block_on(py, lane.driver(), work)
}

pub(super) fn block_on<T: Send + 'static>(
    py: Python<'_>,
    driver: &Driver,
    work: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    match driver {
        Driver::Own(own) => here(py, own, work),
        Driver::Background(handle) => elsewhere(py, handle, work),
    }
}

/// Drives it on this thread.
fn here<T: Send>(py: Python<'_>, own: &Own, work: impl Future<Output = T> + Send) -> PyResult<T> {
    let runtime = own.runtime();
    let mut work = OfProcess::new(Box::pin(work));
    loop {
        let step = py.detach(|| runtime.block_on(async { timeout(TICK, work.as_mut()).await }));
        if let Ok(done) = step {
            return Ok(done);
        }
        if let Err(raised) = signals(py, &work) {
            // What it holds may want to end tasks of its own.
            let _within = runtime.enter();
            drop(work);
            return Err(raised);
        }
    }
}

/// Waits on this thread for the background thread to do it.
fn elsewhere<T: Send + 'static>(
    py: Python<'_>,
    handle: &Handle,
    work: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let (sender, receiver) = sync_channel(1);
    // A channel's end is for one thread at a time, and this is the one that waits.
    let receiver = Mutex::new(receiver);
    let task = Task::start(handle, async move {
        // Nobody takes it when the waiting was ended.
        let _ = sender.send(work.await);
    });
    loop {
        let taken = py.detach(|| {
            let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
            receiver.recv_timeout(TICK)
        });
        match taken {
            Ok(done) => return Ok(done),
            Err(RecvTimeoutError::Timeout) => signals(py, &task.0)?,
            // It panicked.
            Err(RecvTimeoutError::Disconnected) => return Err(exception(py, Error::Bug, None)),
        }
    }
}

/// Lets handlers of signals run. A child that one of them forked, and that comes back here, has nothing to wait for.
fn signals<T>(py: Python<'_>, work: &OfProcess<T>) -> PyResult<()> {
    let raised = py.check_signals();
    if !work.is_here() {
        return Err(PyRuntimeError::new_err(
            "a call stays with the process that made it: call again in this one",
        ));
    }
    raised
}
