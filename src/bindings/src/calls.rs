//! Many calls under way at once for one blocking reader, without a thread for each.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyDict};
use tokio::task::AbortHandle;

use crate::{
    client::{Client, Triple},
    runtime::{Answer, TICK, Wake},
    trace::Trace,
};

/// Calls of one client on the background thread. Dropping it ends those that are still under way.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Calls {
    client: Py<Client>,
    process: u32,
    sender: Sender<(u64, Wake)>,
    /// `Receiver` is for one thread at a time.
    receiver: Mutex<Receiver<(u64, Wake)>>,
    tasks: Mutex<HashMap<u64, AbortHandle>>,
}

#[pymethods]
impl Calls {
    #[new]
    fn new(client: Py<Client>) -> Self {
        let (sender, receiver) = channel();
        Self {
            client,
            process: std::process::id(),
            sender,
            receiver: Mutex::new(receiver),
            tasks: Mutex::default(),
        }
    }

    /// Starts a call; `take` gives its result under this number.
    #[pyo3(signature = (number, operation, arguments, trace = None, credentials = None))]
    fn start(
        &self,
        py: Python<'_>,
        number: u64,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        trace: Option<Py<Trace>>,
        credentials: Option<Triple>,
    ) -> PyResult<()> {
        let client = self.client.get();
        let (handle, work) = client.work(py, operation, arguments, trace, credentials)?;
        let sender = self.sender.clone();
        // Nobody takes it when the reader has gone.
        let answer = Answer::new(move |wake| drop(sender.send((number, wake))));
        let task = handle.spawn(async move { answer.give(work.await) });
        self.tasks().insert(number, task.abort_handle());
        Ok(())
    }

    /// Waits for the next call that ends: its number, and its answer or its error. `None` after `timeout` seconds.
    #[pyo3(signature = (timeout=None))]
    fn take(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<(u64, Py<PyAny>)>> {
        if self.process != std::process::id() {
            return Err(PyRuntimeError::new_err(
                "calls under way stay with the process that made them: make them again in this one",
            ));
        }
        let deadline = timeout.map(|timeout| Instant::now() + Duration::from_secs_f64(timeout));
        loop {
            let left = deadline.map_or(TICK, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            let taken = py.detach(|| {
                let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
                receiver.recv_timeout(left.min(TICK))
            });
            match taken {
                Ok((number, wake)) => {
                    self.tasks().remove(&number);
                    let result = wake(py).unwrap_or_else(|error| error.into_value(py).into_any());
                    return Ok(Some((number, result)));
                }
                Err(RecvTimeoutError::Timeout) => {
                    py.check_signals()?;
                    if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                        return Ok(None);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => unreachable!("a sender is kept here"),
            }
        }
    }

    /// Ends all that are under way.
    fn close(&self) {
        for (_, task) in self.tasks().drain() {
            task.abort();
        }
    }
}

impl Calls {
    fn tasks(&self) -> std::sync::MutexGuard<'_, HashMap<u64, AbortHandle>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            self.close();
        }
    }
}
