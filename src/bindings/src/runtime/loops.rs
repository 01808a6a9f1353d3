//! The bridges of this process, by their event loops.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::{exceptions::PyRuntimeError, prelude::*, sync::PyOnceLock};

use super::{Bridge, OfProcess, PerProcess};

/// Weak references to a loop and to its bridge, which the loop keeps.
struct Known {
    _event_loop: Py<PyAny>,
    bridge: Py<PyAny>,
}

/// By the address of the loop.
type Loops = Mutex<HashMap<usize, Known>>;

impl Bridge {
    /// The running loop and its bridge.
    pub fn of_running_loop(py: Python<'_>) -> PyResult<(Py<Self>, Bound<'_, PyAny>)> {
        let event_loop = running_loop(py)?;
        let loops = loops(py)?;
        let key = event_loop.as_ptr().addr();
        let known = loops
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .map(|known| known.bridge.clone_ref(py));
        if let Some(known) = known {
            let bridge = known.bind(py).call0()?;
            if let Ok(bridge) = bridge.cast_into::<Self>() {
                return Ok((bridge.unbind(), event_loop));
            }
        }
        let bridge = Self::new(&event_loop)?;
        let weak = py.import("weakref")?.getattr("ref")?;
        let known = Known {
            _event_loop: weak.call1((&event_loop, Farewell(key)))?.unbind(),
            bridge: weak.call1((&bridge,))?.unbind(),
        };
        let replaced = loops
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, known);
        drop(replaced);
        Ok((bridge.unbind(), event_loop))
    }
}

/// What is called when a loop is collected.
#[pyclass(frozen)]
struct Farewell(usize);

#[pymethods]
impl Farewell {
    fn __call__(&self, py: Python<'_>, _weak: &Bound<'_, PyAny>) -> PyResult<()> {
        let gone = loops(py)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.0);
        drop(gone);
        Ok(())
    }
}

fn loops(py: Python<'_>) -> PyResult<Arc<OfProcess<Loops>>> {
    static LOOPS: PyOnceLock<PerProcess<Loops>> = PyOnceLock::new();
    LOOPS
        .get_or_init(py, PerProcess::default)
        .get(|| Ok(Mutex::default()))
}

fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let running = RUNNING
        .import(py, "asyncio.events", "_get_running_loop")?
        .call0()?;
    if running.is_none() {
        return Err(PyRuntimeError::new_err(
            "outcrop's async clients need a running asyncio loop (uvloop is one too): under trio, call a blocking client \
             through anyio.to_thread.run_sync, and outside of a loop call it directly",
        ));
    }
    Ok(running)
}
