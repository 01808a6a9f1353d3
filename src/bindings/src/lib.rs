//! `outcrop._native`: what the Python package is built on. It is private; users import `outcrop`.

// What cannot fail says why, with `expect` or `unreachable!`; whatever it is that foreign input reaches is an error.
#![warn(clippy::unwrap_used, clippy::panic, clippy::unimplemented)]

use pyo3::{exceptions::PyImportError, ffi, prelude::*};

mod answers;
mod apis;
mod arguments;
mod cache;
mod calls;
mod client;
mod clock;
mod emulator;
mod errors;
mod json;
mod log_records;
mod logs;
mod metrics;
mod operations;
mod route;
mod router;
mod runtime;
mod seconds;
mod session;
mod signer;
mod streams;
mod trace;

/// The native half of outcrop. It relies on the interpreter's lock, in `runtime` and in `logs`.
#[pymodule(gil_used = true)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    refuse_sub_interpreters()?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<session::Session>()?;
    module.add_class::<cache::Cache>()?;
    module.add_function(wrap_pyfunction!(cache::flush_caches, module)?)?;
    module.add_function(wrap_pyfunction!(cache::hold_files, module)?)?;
    module.add_function(wrap_pyfunction!(cache::release_files, module)?)?;
    module.add_class::<client::Client>()?;
    module.add_class::<calls::Calls>()?;
    module.add_class::<log_records::LogReader>()?;
    module.add_class::<log_records::RecordFinder>()?;
    module.add_class::<router::Router>()?;
    module.add_class::<clock::HeldClock>()?;
    module.add_function(wrap_pyfunction!(router::forget_targets, module)?)?;
    module.add_function(wrap_pyfunction!(router::kind_of_failure, module)?)?;
    module.add_function(wrap_pyfunction!(router::request_features, module)?)?;
    module.add_class::<operations::Operation>()?;
    module.add_class::<runtime::Pending>()?;
    module.add_class::<streams::EventIterator>()?;
    module.add_class::<streams::AsyncEventIterator>()?;
    module.add_class::<streams::NextEvent>()?;
    module.add_class::<trace::Trace>()?;
    module.add_function(wrap_pyfunction!(logs::deliver_logs, module)?)?;
    module.add_function(wrap_pyfunction!(metrics::histogram_bounds, module)?)?;
    module.add_function(wrap_pyfunction!(operations::operations, module)?)?;
    module.add_function(wrap_pyfunction!(operations::exceptions, module)?)?;
    module.add_function(wrap_pyfunction!(operations::catalogue_facts, module)?)?;
    emulator::register(module)?;
    Ok(())
}

/// What this module keeps for the process belongs to the interpreter that made it, and goes with it.
fn refuse_sub_interpreters() -> PyResult<()> {
    // SAFETY: The interpreter that imports this is attached to the thread.
    let number = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if number == 0 {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "outcrop runs in a process' main interpreter only, and this is another one: give it a process of its own \
         (under mod_wsgi: WSGIApplicationGroup %{GLOBAL})",
    ))
}
