//! A call that is under way on the background thread.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::{intern, panic::PanicException, prelude::*};
use tokio::{runtime::Handle, task::AbortHandle};

use super::{Bridge, Wake};

/// Where the outcome of work on the background thread goes.
///
/// Work that panics gives none, and whoever waits for it would wait for ever. So what is dropped without an outcome gives
/// the panic. Work that is aborted does so, too, but then nobody waits any more.
pub struct Answer<F: FnOnce(Wake)>(Option<F>);

impl<F: FnOnce(Wake)> Answer<F> {
    /// An answer that `give` takes.
    pub fn new(give: F) -> Self {
        Self(Some(give))
    }

    /// Gives the outcome.
    pub fn give(mut self, wake: Wake) {
        if let Some(give) = self.0.take() {
            give(wake);
        }
    }
}

impl<F: FnOnce(Wake)> Drop for Answer<F> {
    fn drop(&mut self) {
        if let Some(give) = self.0.take() {
            give(Box::new(|_| {
                Err(PanicException::new_err(
                    "outcrop's background thread failed in this call; what it said is on stderr",
                ))
            }));
        }
    }
}

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
        let answer = Answer::new(move |wake| settled.settle(number, wake));
        let task = handle.spawn(async move { answer.give(work.await) });
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_panic_is_an_answer_too() {
        let (sender, receiver) = channel();
        let answer = Answer::new(move |wake: Wake| drop(sender.send(wake)));
        let ended = std::thread::spawn(move || {
            let _answer = answer;
            std::panic::resume_unwind(Box::new("a bug"));
        });
        assert!(ended.join().is_err());
        assert_eq!(receiver.into_iter().count(), 1);
    }
}
