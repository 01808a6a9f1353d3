//! Many calls under way at once for one blocking reader, without a thread for each.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::PyDict,
};

use crate::{
    client::Client,
    runtime::{Answer, TICK, Task, Wake, guarded, is_here},
    signer::{Brought, Given, Permitted, Wording},
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
    tasks: Mutex<HashMap<u64, Task>>,
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
    #[pyo3(signature = (number, operation, arguments, trace = None, credentials = None, permitted = None, rewritten = None, affinity_key = None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of a call, and Python's"
    )]
    fn start(
        &self,
        py: Python<'_>,
        number: u64,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        trace: Option<Py<Trace>>,
        credentials: Option<Given>,
        permitted: Option<Permitted>,
        rewritten: Option<Wording<'_>>,
        affinity_key: Option<String>,
    ) -> PyResult<()> {
        guarded(|| {
            self.stays()?;
            let client = self.client.get();
            let brought = Brought {
                permitted,
                rewritten,
                affinity_key,
            };
            let (handle, work) =
                client.work(py, operation, arguments, trace, credentials, brought)?;
            let sender = self.sender.clone();
            // Nobody takes it when the reader has gone.
            let answer = Answer::new(move |wake| drop(sender.send((number, wake))));
            let task = Task::start(&handle, async move { answer.give(work.await) });
            self.tasks().insert(number, task);
            Ok(())
        })
    }

    /// Waits for the next call that ends: its number, and its answer or its error. `None` after `timeout` seconds.
    #[pyo3(signature = (timeout=None))]
    fn take(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<(u64, Py<PyAny>)>> {
        guarded(|| self.next(py, timeout))
    }

    /// Ends all that are under way.
    fn close(&self) {
        let tasks = std::mem::take(&mut *self.tasks());
        drop(tasks);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)
    }
}

impl Calls {
    fn next(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<(u64, Py<PyAny>)>> {
        let deadline = timeout.map(deadline).transpose()?.flatten();
        loop {
            self.stays()?;
            let left = deadline.map_or(TICK, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            let taken = py.detach(|| {
                let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
                receiver.recv_timeout(left.min(TICK))
            });
            match taken {
                Ok((number, wake)) => {
                    let task = self.tasks().remove(&number);
                    drop(task);
                    let result = guarded(|| wake(py))
                        .unwrap_or_else(|error| error.into_value(py).into_any());
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

    /// Calls that are under way are the parent's, and so is the thread that makes them.
    fn stays(&self) -> PyResult<()> {
        if is_here(self.process) {
            return Ok(());
        }
        Err(PyRuntimeError::new_err(
            "calls under way stay with the process that made them: make them again in this one",
        ))
    }

    fn tasks(&self) -> MutexGuard<'_, HashMap<u64, Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When so many seconds are over; None for a moment that no clock reaches.
fn deadline(seconds: f64) -> PyResult<Option<Instant>> {
    if seconds.is_nan() {
        return Err(PyValueError::new_err(
            "timeout must be a number of seconds, not nan",
        ));
    }
    let wait = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
    Ok(Instant::now().checked_add(wait))
}
