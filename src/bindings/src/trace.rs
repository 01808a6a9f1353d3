//! A call that somebody traces: what goes along with it, and what is seen of it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use outcrop_client::{
    call::{self, Call},
    observation::Observation,
};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyValueError, prelude::*};

use crate::runtime::guarded;

/// Region, model id, error, request id, begin after the call's, duration and back-off in seconds.
type Attempt = (
    String,
    String,
    Option<String>,
    Option<String>,
    f64,
    f64,
    f64,
);
/// Seconds to the first event; tokens: input, output, read from and written to the cache; the stop reason.
type Streamed = (Option<f64>, (u64, u64, u64, u64), Option<String>);

/// A call that is traced. `ended` is called once for a stream, with this and the error, if there is one: no event needs
/// Python to be counted.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Trace {
    headers: Vec<(String, String)>,
    signed: OnceLock<Vec<(String, String)>>,
    observation: Arc<Observation>,
    ended: Mutex<Option<Py<PyAny>>>,
}

impl Trace {
    /// Sends the headers along and watches the call.
    pub fn follow(&self, call: &mut Call) {
        call.trace.clone_from(&self.headers);
        call.headers
            .extend(self.signed.get().into_iter().flatten().cloned());
        call.observation = Some(Arc::clone(&self.observation));
    }
}

#[pymethods]
impl Trace {
    #[new]
    #[pyo3(signature = (headers, ended=None))]
    fn new(headers: Vec<(String, String)>, ended: Option<Py<PyAny>>) -> Self {
        Self {
            headers,
            signed: OnceLock::new(),
            observation: Arc::default(),
            ended: Mutex::new(ended),
        }
    }

    /// Has the call carry these headers, too, which are signed; once, before it starts.
    fn carry(&self, headers: Vec<(String, String)>) -> PyResult<()> {
        guarded(|| {
            call::check_headers("a header", &headers)
                .map_err(|error| PyValueError::new_err(error.to_string()))?;
            // What carries some already has started.
            let _ = self.signed.set(headers);
            Ok(())
        })
    }

    /// All attempts where there was more than one, or one that failed.
    fn attempts(&self) -> Vec<Attempt> {
        let seen = self.observation.seen();
        let attempts = seen.attempts.iter().map(|it| {
            (
                it.region.clone(),
                it.model_id.clone(),
                it.error.clone(),
                it.request_id.clone(),
                it.begun.as_secs_f64(),
                it.duration.as_secs_f64(),
                it.back_off.as_secs_f64(),
            )
        });
        attempts.collect()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.ended.try_lock() {
            Ok(ended) => visit.call(&*ended),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let ended = self
            .ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(ended);
    }

    /// What a stream has told up to now.
    fn streamed(&self) -> Streamed {
        let seen = self.observation.seen();
        let (usage, first) = (seen.usage, seen.first_event);
        (
            first.map(|it| it.as_secs_f64()),
            (
                usage.input,
                usage.output,
                usage.cache_read,
                usage.cache_write,
            ),
            seen.stop_reason.clone(),
        )
    }
}

/// The trace of a stream, until it ends.
pub struct Ending(Mutex<Option<Py<Trace>>>);

impl Ending {
    pub fn new(trace: Option<Py<Trace>>) -> Self {
        Self(Mutex::new(trace))
    }

    /// Says that the stream ended, once. What the listener raises is not the reader's.
    pub fn end(&self, py: Python<'_>, error: Option<&PyErr>) {
        let trace = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(trace) = trace else { return };
        let mut ended = trace
            .get()
            .ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let listener = ended.take();
        drop(ended);
        if let Some(listener) = listener {
            let error = error.map(|error| error.value(py));
            if let Err(raised) = listener.call1(py, (&trace, error)) {
                raised.write_unraisable(py, Some(listener.bind(py)));
            }
        }
    }

    /// Shows Python's collector what it holds.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.try_lock() {
            Ok(trace) => visit.call(&*trace),
            Err(_) => Ok(()),
        }
    }

    /// Forgets it: the stream belongs to another process.
    pub fn forget(&self) {
        let trace = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        std::mem::forget(trace);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let unended = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if unended.is_some() {
            Python::attach(|py| self.end(py, None));
        }
    }
}
