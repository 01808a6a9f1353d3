//! A whole HTTP request of OpenAI's or Anthropic's clients, as Python says it.

use std::time::Duration;

use bytes::Bytes;
use outcrop_client::{call::Call, request::Request};
use pyo3::{
    exceptions::PyKeyError,
    prelude::*,
    types::{PyBytes, PyDict},
};

use crate::errors::exception;

/// The operation under which such a request is called.
pub const OPERATION: &str = "SendRequest";

/// The call that it is.
pub fn lay_out(arguments: &Bound<'_, PyDict>) -> PyResult<Call> {
    let py = arguments.py();
    let needed = |name| needed(arguments, name);
    let timeout: Option<f64> = needed("timeout")?.extract()?;
    let request = Request {
        method: needed("method")?.extract()?,
        target: needed("target")?.extract()?,
        headers: needed("headers")?.extract()?,
        body: body(arguments)?,
        patience: timeout.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        anthropic_version: needed("anthropic_version")?.extract()?,
    };
    request
        .lay_out()
        .map_err(|error| exception(py, error, None))
}

/// Its body.
pub fn body(arguments: &Bound<'_, PyDict>) -> PyResult<Bytes> {
    let body = needed(arguments, "body")?;
    Ok(Bytes::copy_from_slice(body.cast::<PyBytes>()?.as_bytes()))
}

fn needed<'py>(arguments: &Bound<'py, PyDict>, name: &'static str) -> PyResult<Bound<'py, PyAny>> {
    let value = arguments.get_item(name)?;
    value.ok_or_else(|| PyKeyError::new_err(name))
}
