//! A call that is under way on the background thread.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::{intern, prelude::*};
use tokio::{runtime::Handle, task::AbortHandle};

use super::{Bridge, Wake};

/// Awaitable once. Cancelling it, or dropping it, ends the request.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Pending {
    future: Py<PyAny>,
    number: u64,
    bridge: Arc<Bridge>,
    task: Mutex<Option<AbortHandle>>,
}

impl Pending {
    /// Starts `work` on the background thread; what it returns is run by the event loop.
    pub fn start(
        py: Python<'_>,
        handle: &Handle,
        work: impl Future<Output = Wake> + Send + 'static,
    ) -> PyResult<Self> {
        let (bridge, event_loop) = Bridge::of_running_loop(py)?;
        let (number, future) = bridge.future(&event_loop)?;
        let settled = Arc::clone(&bridge);
        let task = handle.spawn(async move {
            let wake = work.await;
            settled.settle(number, wake);
        });
        Ok(Self {
            future: future.unbind(),
            number,
            bridge,
            task: Mutex::new(Some(task.abort_handle())),
        })
    }

    fn end(&self) {
        if let Some(task) = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            task.abort();
            self.bridge.forget(self.number);
        }
    }
}

#[pymethods]
impl Pending {
    fn __await__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.future.bind(py).call_method0(intern!(py, "__await__"))
    }

    /// Ends the request, if it still runs.
    fn cancel(&self) {
        self.end();
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.end();
    }
}
