//! One event of a stream → a dict.

use outcrop_client::{
    apis::Api,
    error::Error,
    model::{Kind, Operation, Structure},
    stream::Event,
};
use pyo3::{
    exceptions::PyValueError,
    intern,
    prelude::*,
    types::{PyBytes, PyDict},
};

use crate::{
    errors::exception,
    json::{self, Unknown},
};

/// The events that an operation can send.
fn shape(operation: &'static Operation) -> &'static Structure {
    match operation.stream().map(|member| &member.shape.kind) {
        Some(Kind::Structure(structure)) => structure,
        _ => unreachable!("only operations that stream have streams"),
    }
}

/// Says in an answer's usage, if it has one, that it came out of a cache: these tokens were paid for before.
pub fn mark_kept(answer: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = answer.py();
    if let Some(usage) = answer.get_item(intern!(py, "usage"))?
        && let Ok(usage) = usage.cast::<PyDict>()
    {
        usage.set_item(intern!(py, "servedFromCache"), true)?;
    }
    Ok(())
}

/// An event as Python has it: a dict, or the bytes that it came in where the API's own clients read them.
pub fn told<'py>(
    py: Python<'py>,
    event: &Event,
    operation: &'static Operation,
    kept: bool,
    unknown: Unknown,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if Api::of(operation).is_some() {
        return Ok(Some(PyBytes::new(py, &event.payload).into_any()));
    }
    let told = dict(py, event, operation, kept, unknown)?;
    Ok(told.map(Bound::into_any))
}

/// `{"contentBlockDelta": {…}}`. An event that the table does not know is handed on as it is, or none where it is dropped.
fn dict<'py>(
    py: Python<'py>,
    event: &Event,
    operation: &'static Operation,
    kept: bool,
    unknown: Unknown,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    laid_out(py, event, shape(operation), kept, unknown).map_err(|error| {
        if !error.is_instance_of::<PyValueError>(py) {
            return error;
        }
        let reason = format!("an event {:?} is no JSON: {}", event.kind, error.value(py));
        let broken = Error::StreamBroken {
            reason,
            checksum: false,
        };
        exception(py, broken, Some(operation))
    })
}

fn laid_out<'py>(
    py: Python<'py>,
    event: &Event,
    shape: &Structure,
    kept: bool,
    unknown: Unknown,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let dict = PyDict::new(py);
    match shape.member(&event.kind) {
        Some(member) => {
            let Kind::Structure(structure) = &member.shape.kind else {
                unreachable!("events are structures")
            };
            let value = json::object(py, &event.payload, structure, unknown)?;
            let value = value.unwrap_or_else(|| PyDict::new(py));
            if kept {
                mark_kept(&value)?;
            }
            dict.set_item(json::key(py, member), value)?;
        }
        None if unknown == Unknown::Drop => return Ok(None),
        None => dict.set_item(&event.kind, json::any(py, &event.payload)?)?,
    }
    Ok(Some(dict))
}
