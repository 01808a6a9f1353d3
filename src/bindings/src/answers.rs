//! What a call comes to, in boto3's dicts.

use outcrop_client::{
    call::{Answer, Head},
    error::Error,
    model::{Kind, Location, Operation},
    no_answer,
};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict},
};

use crate::{
    errors::{exception, metadata, refusal},
    json::{self, Unknown},
    streams::mark_kept,
};

pub fn whole<'py>(
    py: Python<'py>,
    operation: &'static Operation,
    answer: Result<Answer, Error>,
    unknown: Unknown,
) -> PyResult<Bound<'py, PyDict>> {
    let answer = answer.map_err(|error| refusal(py, error, operation, unknown))?;
    let response = begun(py, operation, &answer.head)?;
    if let Some(payload) = operation.answers_bytes() {
        response.set_item(json::key(py, payload), PyBytes::new(py, &answer.body))?;
    } else if !answer.body.trim_ascii().is_empty() {
        let whole = operation.whole_body();
        let kind = whole.map_or(&operation.output.kind, |it| &it.shape.kind);
        let Kind::Structure(members) = kind else {
            unreachable!("bytes or a structure are a whole body")
        };
        let members = match json::object(py, &answer.body, members, unknown) {
            Ok(Some(members)) => members,
            Err(error) if !error.is_instance_of::<PyValueError>(py) => return Err(error),
            // It was checked when it came; whatever got past that is no answer either.
            Ok(None) | Err(_) => {
                let what = "its JSON cannot be read";
                let error = no_answer::invalid(operation, answer.head, answer.body, what);
                return Err(exception(py, error, Some(operation)));
            }
        };
        match whole {
            Some(member) => response.set_item(json::key(py, member), members)?,
            None => response.update(members.as_mapping())?,
        }
        if answer.head.is_kept() {
            mark_kept(&response)?;
        }
    }
    Ok(response)
}

pub fn streamed<'py>(
    py: Python<'py>,
    operation: &'static Operation,
    head: &Head,
    events: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let response = begun(py, operation, head)?;
    let member = operation.stream().expect("it streams");
    response.set_item(json::key(py, member), events)?;
    Ok(response)
}

/// The metadata, and the members that are headers.
pub fn begun<'py>(
    py: Python<'py>,
    operation: &'static Operation,
    head: &Head,
) -> PyResult<Bound<'py, PyDict>> {
    let response = PyDict::new(py);
    response.set_item(pyo3::intern!(py, "ResponseMetadata"), metadata(py, head)?)?;
    if let Kind::Structure(output) = &operation.output.kind {
        for member in output.members {
            if let Location::Header(name) = member.location
                && let Some(value) = head.header(&name.to_ascii_lowercase())
            {
                response.set_item(json::key(py, member), value)?;
            }
        }
    }
    Ok(response)
}
