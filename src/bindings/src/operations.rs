//! The operation table as Python sees it: the methods of the clients are made from it.

use outcrop_client::model::{Kind, Member, Operation as Row, Service, Shape};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};

use crate::runtime::guarded;

/// One operation of a service.
#[pyclass(frozen, get_all, module = "outcrop._native")]
pub struct Operation {
    /// AWS's name, `ConverseStream`.
    name: &'static str,
    /// Whether a model is asked, so that the call can be routed and cached.
    calls_model: bool,
    /// Whether a model writes the answer, so that the call is traced.
    generates: bool,
    /// The arguments, each with its Python type.
    arguments: Vec<(&'static str, &'static str)>,
    /// The arguments that must be given.
    required: Vec<&'static str>,
    /// The names of the answer's members.
    members: Vec<&'static str>,
    /// The errors that are modeled for it.
    errors: Vec<&'static str>,
    /// The member of the answer that is an event stream.
    stream: Option<&'static str>,
    /// The member of the answer that is the whole body, where that is bytes.
    payload: Option<&'static str>,
    /// `input_token`, `output_token`, `limit_key` (where there is one) and `result_key`, if the operation pages.
    paginator: Option<(
        &'static str,
        &'static str,
        Option<&'static str>,
        &'static str,
    )>,
}

impl Operation {
    fn new(row: &Row) -> Self {
        let input = members(row.input);
        let output = members(row.output);
        let stream = row.stream().map(|member| member.name);
        Self {
            name: row.name,
            calls_model: row.calls_model(),
            generates: row.generates(),
            arguments: input
                .iter()
                .map(|member| (member.name, python_type(member.shape)))
                .collect(),
            required: input
                .iter()
                .filter(|member| member.required)
                .map(|member| member.name)
                .collect(),
            members: output.iter().map(|member| member.name).collect(),
            errors: row.errors.to_vec(),
            stream,
            payload: row.answers_bytes().map(|member| member.name),
            paginator: row
                .paginator
                .as_ref()
                .map(|it| (it.input_token, it.output_token, it.limit_key, it.result_key)),
        }
    }
}

fn members(shape: &Shape) -> &'static [Member] {
    match &shape.kind {
        Kind::Structure(structure) => structure.members,
        _ => &[],
    }
}

fn python_type(shape: &Shape) -> &'static str {
    match shape.kind {
        Kind::Structure(_) | Kind::Map { .. } => "dict",
        Kind::Document => "object",
        Kind::List(_) => "list",
        Kind::String => "str",
        Kind::Integer => "int",
        Kind::Float => "float",
        Kind::Boolean => "bool",
        Kind::Blob => "bytes",
        Kind::Timestamp => "datetime",
    }
}

/// The service of this name, or the error that lists the names.
pub fn service(name: &str) -> PyResult<Service> {
    Service::named(name).ok_or_else(|| {
        PyValueError::new_err(format!(
            "unknown service {:?}: outcrop has \"bedrock\" and \"bedrock-runtime\"",
            outcrop_client::shown::text(name)
        ))
    })
}

/// The operations of a service.
#[pyfunction]
pub fn operations(service_name: &str) -> PyResult<Vec<Operation>> {
    guarded(|| {
        Ok(service(service_name)?
            .operations()
            .iter()
            .map(Operation::new)
            .collect())
    })
}

/// The names of a service's modeled errors, each with its HTTP status's meaning left to the answer.
#[pyfunction]
pub fn exceptions<'py>(py: Python<'py>, service_name: &str) -> PyResult<Bound<'py, PyDict>> {
    guarded(|| {
        let names = PyDict::new(py);
        for shape in service(service_name)?.exceptions() {
            let retryable =
                matches!(&shape.kind, Kind::Structure(structure) if structure.retryable);
            names.set_item(shape.name, retryable)?;
        }
        Ok(names)
    })
}

/// The bundled facts about profiles and models, as JSON.
#[pyfunction]
pub fn catalogue_facts() -> &'static str {
    outcrop_client::catalogue::FACTS
}
