//! Events for `for`: read on the caller's thread, when it asks.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use outcrop_client::{
    error::Error,
    model::Operation,
    stream::{Event, Stream},
};
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyDict};
use tokio::sync::Notify;

use super::events;
use crate::{
    errors::exception,
    logs,
    runtime::{Lane, Lanes, block},
    trace::Ending,
};

/// The events of one answer, once.
#[pyclass(frozen, module = "outcrop._native")]
pub struct EventIterator {
    operation: &'static Operation,
    /// Whether the events come out of a cache.
    kept: bool,
    process: u32,
    lanes: Arc<Lanes>,
    state: Mutex<State>,
    /// Wakes a read that another thread waits for, so that `close()` ends it.
    closing: Notify,
    ending: Ending,
}

struct State {
    ready: VecDeque<Event>,
    source: Source,
}

#[expect(
    clippy::large_enum_variant,
    reason = "there is one for a stream, and it stays where it is"
)]
enum Source {
    Open(Lane, Box<Stream>),
    /// A thread is reading.
    Taken,
    Ended,
}

impl EventIterator {
    pub fn new(
        operation: &'static Operation,
        lanes: Arc<Lanes>,
        lane: Lane,
        stream: Stream,
        ending: Ending,
    ) -> Self {
        let kept = stream.head().is_kept();
        let state = State {
            ready: VecDeque::new(),
            source: Source::Open(lane, Box::new(stream)),
        };
        Self {
            operation,
            kept,
            process: std::process::id(),
            lanes,
            state: Mutex::new(state),
            closing: Notify::new(),
            ending,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is there to do next.
    fn step(&self) -> PyResult<Step> {
        let mut state = self.state();
        if let Some(event) = state.ready.pop_front() {
            return Ok(Step::Event(event));
        }
        match std::mem::replace(&mut state.source, Source::Taken) {
            Source::Open(lane, stream) => Ok(Step::Read(lane, stream)),
            Source::Taken => Err(PyRuntimeError::new_err(
                "the stream is being read by another thread: one thread at a time can read a stream",
            )),
            Source::Ended => {
                state.source = Source::Ended;
                Ok(Step::End)
            }
        }
    }
}

enum Step {
    Event(Event),
    Read(Lane, Box<Stream>),
    End,
}

#[pymethods]
impl EventIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        if self.process != std::process::id() {
            return Err(PyRuntimeError::new_err(
                "a stream cannot be read in a child process: call the model there again",
            ));
        }
        let (lane, mut stream) = match self.step()? {
            Step::Event(event) => {
                return events::dict(py, &event, self.operation, self.kept).map(Some);
            }
            Step::End => return Ok(None),
            Step::Read(lane, stream) => (lane, stream),
        };
        let read = block(py, &lane, async {
            tokio::select! {
                events = stream.next() => events,
                () = self.closing.notified() => Err(Error::Cancelled),
            }
        });
        logs::deliver(py);
        let mut state = self.state();
        let read = match read {
            Ok(read) => read,
            Err(interrupted) => {
                state.source = Source::Ended;
                drop(state);
                self.ending.end(py, Some(&interrupted));
                return Err(interrupted);
            }
        };
        match read {
            Ok(read) if read.is_empty() => {
                state.source = Source::Ended;
                self.lanes.give_back(lane);
                drop(state);
                self.ending.end(py, None);
                Ok(None)
            }
            Ok(read) => {
                state.source = Source::Open(lane, stream);
                state.ready.extend(read);
                let event = state.ready.pop_front().expect("it is not empty");
                drop(state);
                events::dict(py, &event, self.operation, self.kept).map(Some)
            }
            // Closed by another thread: the loop over the stream just ends.
            Err(Error::Cancelled) => {
                state.source = Source::Ended;
                drop(state);
                self.ending.end(py, None);
                Ok(None)
            }
            Err(error) => {
                state.source = Source::Ended;
                drop(state);
                let error = exception(py, error, Some(self.operation));
                self.ending.end(py, Some(&error));
                Err(error)
            }
        }
    }

    /// Ends the request, from any thread. What has not been read is gone.
    fn close(&self, py: Python<'_>) {
        let mut state = self.state();
        state.ready.clear();
        if let Source::Taken = state.source {
            self.closing.notify_one();
            return;
        }
        // What the stream has counted is there once it is dropped.
        let source = std::mem::replace(&mut state.source, Source::Ended);
        drop(state);
        drop(source);
        self.ending.end(py, None);
    }
}

impl Drop for EventIterator {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(std::mem::replace(&mut state.source, Source::Ended));
            self.ending.forget();
        }
    }
}
