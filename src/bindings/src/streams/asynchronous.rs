//! Events for `async for`: read ahead by the background thread, a little.
//!
//! An event that is already here is handed over by an awaitable that is already done, so a network read costs the loop
//! one wake, however many events it brought.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use outcrop_client::{
    error::Error,
    model::Operation,
    stream::{Event, Stream},
};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyStopAsyncIteration, PyStopIteration},
    intern,
    prelude::*,
    types::PyType,
};
use tokio::{runtime::Handle, sync::Notify};

use super::events;
use crate::{
    errors::exception,
    json::Unknown,
    logs,
    runtime::{Bridge, Mailbox, Task, guarded, is_here},
    trace::Ending,
};

/// Past this many bytes waiting to be taken, nothing more is read: a slow reader slows the sender, not the memory.
const AHEAD: usize = 64 * 1024;
/// Nor past this many events, which may be empty.
const EVENTS: usize = 1024;

/// The events of one answer, once.
#[pyclass(frozen, module = "outcrop._native")]
pub struct AsyncEventIterator {
    operation: &'static Operation,
    /// Whether the events come out of a cache.
    kept: bool,
    unknown: Unknown,
    process: u32,
    queue: Arc<Queue>,
    reader: Task,
    ending: Ending,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    /// Rung when there is room again.
    room: Notify,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Event>,
    bytes: usize,
    end: Option<Result<(), Error>>,
    waiter: Option<(Arc<Mailbox>, u64)>,
}

impl State {
    fn is_full(&self) -> bool {
        self.bytes > AHEAD || self.ready.len() > EVENTS
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        let waiter = state.waiter.take();
        drop(state);
        if let Some((mailbox, number)) = waiter {
            mailbox.settle(number, Box::new(|py| Ok(py.None())));
        }
    }

    /// Reads until the end, an error, or the abort of its task.
    async fn fill(self: Arc<Self>, mut stream: Stream) {
        let _ends = Ends(Arc::clone(&self));
        loop {
            match stream.next().await {
                Ok(events) if events.is_empty() => {
                    return self.wake(|state| state.end = Some(Ok(())));
                }
                Err(error) => return self.wake(|state| state.end = Some(Err(error))),
                Ok(events) => self.wake(|state| {
                    state.bytes += events
                        .iter()
                        .map(|event| event.payload.len())
                        .sum::<usize>();
                    state.ready.extend(events);
                }),
            }
            while self.state().is_full() {
                self.room.notified().await;
            }
        }
    }
}

/// Ends a queue that its task has left without an end, so that no reader waits for ever.
struct Ends(Arc<Queue>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.wake(|state| {
            state.end.get_or_insert(Err(Error::Bug));
        });
    }
}

impl AsyncEventIterator {
    pub fn new(
        operation: &'static Operation,
        handle: &Handle,
        stream: Stream,
        ending: Ending,
        unknown: Unknown,
    ) -> Self {
        let queue = Arc::new(Queue::default());
        let kept = stream.head().is_kept();
        let reader = Task::start(handle, Arc::clone(&queue).fill(stream));
        Self {
            operation,
            kept,
            unknown,
            process: std::process::id(),
            queue,
            reader,
            ending,
        }
    }

    /// The next event if it is here, or the end.
    fn ready<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut state = self.queue.state();
        let full = state.is_full();
        while let Some(event) = state.ready.pop_front() {
            state.bytes -= event.payload.len();
            if full && !state.is_full() {
                self.queue.room.notify_one();
            }
            drop(state);
            if let Some(told) = events::told(py, &event, self.operation, self.kept, self.unknown)? {
                return Ok(Some(told));
            }
            state = self.queue.state();
        }
        match &state.end {
            None => Ok(None),
            Some(Ok(())) => {
                drop(state);
                logs::deliver(py);
                self.ending.end(py, None);
                Err(PyStopAsyncIteration::new_err(()))
            }
            Some(Err(_)) => {
                // An error is raised once; after it the stream has ended.
                let Some(Err(error)) = state.end.replace(Ok(())) else {
                    unreachable!("it was just looked at")
                };
                drop(state);
                let error = exception(py, error, Some(self.operation));
                self.ending.end(py, Some(&error));
                Err(error)
            }
        }
    }
}

#[pymethods]
impl AsyncEventIterator {
    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__(slf: Py<Self>) -> NextEvent {
        NextEvent {
            events: slf,
            waiting: Mutex::new(None),
        }
    }

    /// Ends the request. What has not been read is gone.
    fn close(&self, py: Python<'_>) {
        self.reader.end();
        self.queue.wake(|state| {
            state.ready.clear();
            state.bytes = 0;
            state.end = Some(Ok(()));
        });
        self.ending.end(py, None);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.ending.traverse(&visit)
    }
}

impl Drop for AsyncEventIterator {
    fn drop(&mut self) {
        if !is_here(self.process) {
            self.ending.forget();
        }
    }
}

/// What `__anext__` gives. An event leaves the queue when this is resumed with it, so cancelling loses none.
#[pyclass(frozen, module = "outcrop._native")]
pub struct NextEvent {
    events: Py<AsyncEventIterator>,
    waiting: Mutex<Option<Waiting>>,
}

/// The future's iterator that is being driven, and where its result comes from.
type Waiting = (Py<PyAny>, Py<Bridge>, u64);

impl NextEvent {
    /// A reader that was cancelled leaves its place to the next one.
    fn leave(&self) {
        let waiting = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((_, bridge, number)) = waiting {
            let mailbox = bridge.get().mailbox();
            let mut state = self.events.get().queue.state();
            if state
                .waiter
                .as_ref()
                .is_some_and(|(of, waited)| Arc::ptr_eq(of, mailbox) && *waited == number)
            {
                state.waiter = None;
            }
            drop(state);
            bridge.get().forget(number);
        }
    }

    fn stop_waiting(&self) {
        let waiting = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((_, bridge, number)) = waiting {
            bridge.get().forget(number);
        }
    }

    fn step<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let events = self.events.get();
        if !is_here(events.process) {
            return Err(PyRuntimeError::new_err(
                "a stream cannot be read in a child process: call the model there again",
            ));
        }
        self.stop_waiting();
        if let Some(event) = events.ready(py)? {
            return Err(PyStopIteration::new_err((event.unbind(),)));
        }
        let (bridge, event_loop) = Bridge::of_running_loop(py)?;
        let (number, future) = bridge.get().future(&event_loop)?;
        let mut state = events.queue.state();
        if state.waiter.is_some() {
            drop(state);
            bridge.get().forget(number);
            return Err(PyRuntimeError::new_err(
                "the stream is being read by another task: one task at a time can read a stream",
            ));
        }
        // Something may have come since `ready` looked; then the future is settled at once.
        let came = !state.ready.is_empty() || state.end.is_some();
        if !came {
            state.waiter = Some((Arc::clone(bridge.get().mailbox()), number));
        }
        drop(state);
        if came {
            bridge.get().forget(number);
            // An awaited future that is done yields nothing: take the event now.
            return self.step(py);
        }
        let step = future.call_method0(intern!(py, "__await__"))?;
        let waiting = (step.clone().unbind(), bridge, number);
        let replaced = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(waiting);
        drop(replaced);
        step.call_method0(intern!(py, "__next__"))
    }
}

#[pymethods]
impl NextEvent {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guarded(|| self.step(py))
    }

    /// What a cancelled task does: the place is free at once, whoever still holds this.
    #[pyo3(signature = (kind, value=None, traceback=None))]
    fn throw(
        &self,
        py: Python<'_>,
        kind: Bound<'_, PyAny>,
        value: Option<Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.leave();
        let error = match value {
            Some(value) => value,
            None if kind.is_instance_of::<PyType>() => kind.call0()?,
            None => kind,
        };
        if let Some(traceback) = traceback {
            error.setattr(intern!(py, "__traceback__"), traceback)?;
        }
        Err(PyErr::from_value(error))
    }

    fn close(&self) {
        self.leave();
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.events)?;
        if let Ok(waiting) = self.waiting.try_lock()
            && let Some((step, bridge, _)) = &*waiting
        {
            visit.call(step)?;
            visit.call(bridge)?;
        }
        Ok(())
    }

    fn __clear__(&self) {
        self.leave();
    }
}

impl Drop for NextEvent {
    fn drop(&mut self) {
        self.leave();
    }
}
