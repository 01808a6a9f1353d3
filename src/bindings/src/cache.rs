//! A cache of answers, as Python holds it: what a user said of it, and the cache of this process.

use std::{path::PathBuf, sync::Arc, time::Duration};

use outcrop_client::{
    cache::{self, Cache as Opened, Options, is_cacheable, is_deterministic},
    call::Call,
    desk,
    router::clock::Clock,
};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyOSError,
    intern,
    prelude::*,
    types::{PyDict, PyString},
};

use crate::{
    clock::HeldClock,
    runtime::{OfProcess, PerProcess, guarded},
    seconds::duration,
};

/// Answers that were given, for the clients that share it. A child process makes its own of the same settings: what is
/// in memory stays with the parent, a file is there for both.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Cache {
    options: Options,
    clock: Option<Clock>,
    /// Which requests go through it: a word, or a function.
    when: Py<PyAny>,
    /// The `ContextVar` that says so for a block of code.
    within: Py<PyAny>,
    opened: PerProcess<Arc<Opened>>,
}

/// How a call goes through a cache.
pub enum Way {
    /// It does not.
    Past,
    /// It takes what is there.
    Through,
    /// It asks anew and puts the answer there.
    Anew,
}

impl Cache {
    /// The cache of this process.
    pub fn opened(&self) -> PyResult<Arc<OfProcess<Arc<Opened>>>> {
        self.opened.get(|| {
            Ok(Arc::new(Opened::new(
                self.options.clone(),
                self.clock.clone(),
            )))
        })
    }

    /// How a call goes through it, by what the user said.
    pub fn way(&self, py: Python<'_>, call: &Call, arguments: &Bound<'_, PyDict>) -> PyResult<Way> {
        if !is_cacheable(call) {
            return Ok(Way::Past);
        }
        let within = self.within.bind(py);
        let within = within.call_method1(intern!(py, "get"), (py.None(),))?;
        let when = if within.is_none() {
            self.when.bind(py)
        } else {
            &within
        };
        let through = match when.cast::<PyString>() {
            Ok(word) => match word.to_str()? {
                "refresh" => return Ok(Way::Anew),
                "always" => true,
                "never" => false,
                _ => is_deterministic(call),
            },
            Err(_) => when.call1((call.operation.name, arguments))?.is_truthy()?,
        };
        Ok(if through { Way::Through } else { Way::Past })
    }
}

#[pymethods]
impl Cache {
    #[new]
    #[pyo3(signature = (path, max_bytes, ttl, scope, when, within, clock=None))]
    #[expect(clippy::too_many_arguments, reason = "they are what a user says")]
    fn new(
        py: Python<'_>,
        path: Option<PathBuf>,
        max_bytes: u64,
        ttl: Option<f64>,
        scope: Option<String>,
        when: Py<PyAny>,
        within: Py<PyAny>,
        clock: Option<&HeldClock>,
    ) -> PyResult<Self> {
        let cache = Self {
            options: Options {
                path,
                max_bytes,
                ttl: ttl.map(|seconds| duration("ttl", seconds)).transpose()?,
                scope,
            },
            clock: clock.map(|clock| Clock::of(Arc::new(clock.0.clone()))),
            when,
            within,
            opened: PerProcess::default(),
        };
        let opened = cache.opened()?;
        guarded(|| Ok(py.detach(|| opened.open())))?.map_err(|reason| cache.unusable(&reason))?;
        Ok(cache)
    }

    /// Forgets everything.
    fn clear(&self, py: Python<'_>) -> PyResult<()> {
        let opened = self.opened()?;
        guarded(|| Ok(py.detach(|| opened.clear())))?.map_err(|reason| self.unusable(&reason))
    }

    /// How many answers there are, and how many bytes they take.
    fn usage(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        let opened = self.opened()?;
        guarded(|| Ok(py.detach(|| opened.usage())))?.map_err(|reason| self.unusable(&reason))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.when)?;
        visit.call(&self.within)
    }
}

impl Cache {
    fn unusable(&self, reason: &str) -> PyErr {
        let path = self.options.path.clone().unwrap_or_default();
        let path = path.display();
        PyOSError::new_err(format!("the cache {path} cannot be used: {reason}"))
    }
}

/// Waits until the answers that were to be kept are written, for some seconds at most.
#[pyfunction]
pub fn flush_caches(py: Python<'_>) -> PyResult<()> {
    guarded(|| {
        py.detach(|| cache::flush(Duration::from_secs(5)));
        Ok(())
    })
}

/// Closes the files of caches and of limits that are shared, before the process forks.
#[pyfunction]
pub fn hold_files() {
    desk::before_fork();
}

/// Opens them again when they are needed, after the process has forked.
#[pyfunction]
pub fn release_files(in_child: bool) {
    desk::after_fork(in_child);
    cache::after_fork(in_child);
}
