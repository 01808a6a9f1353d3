//! No panic crosses the border to Python.

use std::panic::{AssertUnwindSafe, catch_unwind};

use outcrop_client::error::Error;
use pyo3::prelude::*;

use crate::errors::exception;

/// Runs the body of what Python calls. A panic in it becomes `InternalError`, which is an `Exception`; Python's own for
/// panics is none, and ends services that catch those.
///
/// What a panic said may hold a prompt and is not kept. Locks that it leaves poisoned are taken all the same: each of
/// them guards a value that is whole between two statements.
pub fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Python::attach(|py| exception(py, Error::Bug, None))))
}
