//! A call that is under way on the background thread.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::{PyTraverseError, PyVisit, exceptions::PyRuntimeError, intern, prelude::*};
use tokio::runtime::Handle;

use super::{Answer, Bridge, Task, Wake};

/// Awaitable once. Cancelling it, or dropping it, ends the request.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Pending {
    /// Until it is awaited. An error that the future has leads through the awaiting frame to this object, which therefore
    /// must not lead to the future.
    future: Mutex<Option<Py<PyAny>>>,
    number: u64,
    bridge: Py<Bridge>,
    task: Mutex<Option<Task>>,
}

impl Pending {
    /// Starts `work` on the background thread; what it returns is run by the event loop.
    pub fn start(
        py: Python<'_>,
        handle: &Handle,
        work: impl Future<Output = Wake> + Send + 'static,
    ) -> PyResult<Self> {
        let (bridge, event_loop) = Bridge::of_running_loop(py)?;
        let (number, future) = bridge.get().future(&event_loop)?;
        let mailbox = Arc::clone(bridge.get().mailbox());
        let answer = Answer::new(move |wake| mailbox.settle(number, wake));
        let task = Task::start(handle, async move { answer.give(work.await) });
        Ok(Self {
            future: Mutex::new(Some(future.unbind())),
            number,
            bridge,
            task: Mutex::new(Some(task)),
        })
    }

    fn end(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if task.is_some() {
            drop(task);
            self.bridge.get().forget(self.number);
        }
    }

    fn take_future(&self) -> Option<Py<PyAny>> {
        self.future
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

#[pymethods]
impl Pending {
    fn __await__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let future = self
            .take_future()
            .ok_or_else(|| PyRuntimeError::new_err("a call can be awaited once"))?;
        future.bind(py).call_method0(intern!(py, "__await__"))
    }

    /// Ends the request, if it still runs.
    fn cancel(&self) {
        self.end();
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.bridge)?;
        match self.future.try_lock() {
            Ok(future) => visit.call(&*future),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        drop(self.take_future());
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.end();
    }
}
