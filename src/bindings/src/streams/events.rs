//! One event of a stream → a dict.

use outcrop_client::{
    model::{Kind, Operation, Structure},
    stream::Event,
};
use pyo3::{prelude::*, types::PyDict};

use crate::json;

/// The events that an operation can send.
pub fn shape(operation: &'static Operation) -> &'static Structure {
    match operation.stream().map(|member| &member.shape.kind) {
        Some(Kind::Structure(structure)) => structure,
        _ => unreachable!("only operations that stream have streams"),
    }
}

/// `{"contentBlockDelta": {…}}`. An event that the table does not know is handed on as it is.
pub fn dict<'py>(
    py: Python<'py>,
    event: &Event,
    shape: &Structure,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    match shape.member(&event.kind) {
        Some(member) => {
            let Kind::Structure(structure) = &member.shape.kind else {
                unreachable!("events are structures")
            };
            let value = json::object(py, &event.payload, structure)?;
            dict.set_item(
                json::key(py, member),
                value.unwrap_or_else(|| PyDict::new(py)),
            )?;
        }
        None => dict.set_item(&event.kind, json::any(py, &event.payload)?)?,
    }
    Ok(dict)
}
