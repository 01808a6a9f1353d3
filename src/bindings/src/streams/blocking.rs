//! Events for `for`: read on the caller's thread, when it asks.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use outcrop_client::{
    error::Error,
    model::Operation,
    stream::{Event, Stream},
};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyRuntimeError, prelude::*};
use tokio::sync::Notify;

use super::events;
use crate::{
    errors::exception,
    json::Unknown,
    logs,
    runtime::{Lane, Lanes, OfProcess, block, guarded, is_here},
    trace::Ending,
};

/// The events of one answer, once.
#[pyclass(frozen, module = "outcrop._native")]
pub struct EventIterator {
    operation: &'static Operation,
    /// Whether the events come out of a cache.
    kept: bool,
    unknown: Unknown,
    process: u32,
    lanes: Arc<OfProcess<Lanes>>,
    state: Mutex<State>,
    /// Wakes a read that another thread waits for, so that `close()` ends it.
    closing: Arc<Notify>,
    ending: Ending,
}

struct State {
    ready: VecDeque<Event>,
    source: Source,
}

enum Source {
    Open(OfProcess<Open>),
    /// A thread is reading.
    Taken,
    Ended,
}

/// The connection of a stream that has not ended. The stream goes before what drives it.
struct Open {
    stream: Box<Stream>,
    lane: Lane,
}

impl EventIterator {
    pub fn new(
        operation: &'static Operation,
        lanes: Arc<OfProcess<Lanes>>,
        lane: Lane,
        stream: Stream,
        ending: Ending,
        unknown: Unknown,
    ) -> Self {
        let kept = stream.head().is_kept();
        let stream = Box::new(stream);
        let state = State {
            ready: VecDeque::new(),
            source: Source::Open(OfProcess::new(Open { stream, lane })),
        };
        Self {
            operation,
            kept,
            unknown,
            process: std::process::id(),
            lanes,
            state: Mutex::new(state),
            closing: Arc::new(Notify::new()),
            ending,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is there to do next.
    fn step(&self) -> PyResult<Step> {
        let mut state = self.state();
        if let Some(event) = state.ready.pop_front() {
            return Ok(Step::Event(event));
        }
        match std::mem::replace(&mut state.source, Source::Taken) {
            Source::Open(open) => Ok(Step::Read(open.into_inner())),
            Source::Taken => Err(PyRuntimeError::new_err(
                "the stream is being read by another thread: one thread at a time can read a stream",
            )),
            Source::Ended => {
                state.source = Source::Ended;
                Ok(Step::End)
            }
        }
    }

    /// Reads what has arrived, or waits for it.
    fn read(&self, py: Python<'_>, open: Open) -> PyResult<Result<(), Error>> {
        let (closing, Open { mut stream, lane }) = (Arc::clone(&self.closing), open);
        let reading = block(py, &lane, async move {
            let read = tokio::select! {
                events = stream.next() => events,
                () = closing.notified() => Err(Error::Cancelled),
            };
            (stream, read)
        });
        let (stream, read) = reading?;
        let mut state = self.state();
        state.source = Source::Ended;
        match read {
            Ok(events) if !events.is_empty() => {
                state.ready.extend(events);
                state.source = Source::Open(OfProcess::new(Open { stream, lane }));
                return Ok(Ok(()));
            }
            _ => drop(state),
        }
        // What the stream has counted is there once it is dropped.
        drop(stream);
        if read.is_ok() {
            self.lanes.give_back(lane);
        }
        Ok(read.map(drop))
    }

    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if !is_here(self.process) {
            return Err(PyRuntimeError::new_err(
                "a stream cannot be read in a child process: call the model there again",
            ));
        }
        loop {
            let open = match self.step()? {
                Step::Event(event) => {
                    match events::told(py, &event, self.operation, self.kept, self.unknown)? {
                        None => continue,
                        told => return Ok(told),
                    }
                }
                Step::End => {
                    self.ending.end(py, None);
                    return Ok(None);
                }
                Step::Read(open) => open,
            };
            let read = guarded(|| self.read(py, open));
            logs::deliver(py);
            let error = match read {
                // Closed by another thread, the loop over the stream just ends.
                Ok(Ok(()) | Err(Error::Cancelled)) => continue,
                Ok(Err(error)) => exception(py, error, Some(self.operation)),
                // A handler of a signal raised it.
                Err(interrupted) => {
                    self.state().source = Source::Ended;
                    interrupted
                }
            };
            self.ending.end(py, Some(&error));
            return Err(error);
        }
    }
}

enum Step {
    Event(Event),
    Read(Open),
    End,
}

#[pymethods]
impl EventIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guarded(|| self.next(py))
    }

    /// Ends the request, from any thread. What has not been read is gone.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        guarded(|| {
            let mut state = self.state();
            state.ready.clear();
            if let Source::Taken = state.source {
                self.closing.notify_one();
                return Ok(());
            }
            // What the stream has counted is there once it is dropped.
            let source = std::mem::replace(&mut state.source, Source::Ended);
            drop(state);
            drop(source);
            self.ending.end(py, None);
            Ok(())
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.ending.traverse(&visit)
    }
}

impl Drop for EventIterator {
    fn drop(&mut self) {
        if !is_here(self.process) {
            self.ending.forget();
        }
    }
}
