//! The one place where a Rust error becomes a Python exception.

use std::sync::Arc;

use outcrop_client::{
    apis::Api,
    call::{Head, Reuse},
    error::{Error, Fault, ServiceError, Timeout},
    model::{Kind, Operation},
    router::record::Record,
};
use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict},
};

use crate::{
    json::{self, Unknown},
    route::route,
};

/// The exception for an error of a call, or of making a client where there is no operation yet.
pub fn exception(py: Python<'_>, error: Error, operation: Option<&'static Operation>) -> PyErr {
    build(py, error, operation, Unknown::Keep).unwrap_or_else(|error| error)
}

/// The exception for a call that got no answer, without members that its client drops.
pub fn refusal(
    py: Python<'_>,
    error: Error,
    operation: &'static Operation,
    unknown: Unknown,
) -> PyErr {
    build(py, error, Some(operation), unknown).unwrap_or_else(|error| error)
}

/// `ParamValidationError` with its report.
pub fn invalid_parameters(py: Python<'_>, report: &str) -> PyErr {
    let details = PyDict::new(py);
    let made = details
        .set_item("report", report)
        .and_then(|()| make(py, "ParamValidationError", &details));
    made.unwrap_or_else(|error| error)
}

fn build(
    py: Python<'_>,
    error: Error,
    operation: Option<&'static Operation>,
    unknown: Unknown,
) -> PyResult<PyErr> {
    let details = PyDict::new(py);
    let (error, record) = match error {
        Error::Routed { error, record } => (*error, Some(record)),
        other => (other, None),
    };
    if let Some(record) = &record {
        details.set_item("cross_region", route(py, record)?)?;
    }
    let name = match error {
        Error::Service(error) => return service(py, *error, operation, record, unknown),
        Error::Stream {
            code,
            message,
            body,
        } => {
            let body = own(operation).then_some(&*body);
            return stream(py, (&code, &message), operation, record.as_deref(), body);
        }
        Error::Routed { .. } => unreachable!("a router's error is wrapped once"),
        Error::NoTarget { reason } => {
            details.set_item("model", "this call")?;
            said(&details, "NoTargetError", "report", &reason)?
        }
        Error::Overloaded { reason } => said(&details, "OverloadedError", "reason", &reason)?,
        Error::StreamCut { reason } => said(&details, "StreamCutError", "error", &reason)?,
        Error::StreamBroken {
            reason,
            checksum: true,
        } => said(&details, "ChecksumMismatch", "error", &reason)?,
        Error::StreamBroken { reason, .. } => {
            said(&details, "EventStreamParserError", "error", &reason)?
        }
        Error::AnswerBroken { reason, .. } => {
            said(&details, "ResponseStreamingError", "error", &reason)?
        }
        Error::InvalidAnswer { reason, head, body } => no_answer(&details, &reason, &head, &body)?,
        Error::Connect { url, reason } => at(&details, "EndpointConnectionError", &url, &reason)?,
        Error::Proxy { reason, .. } => {
            details.set_item("proxy_url", "(hidden)")?;
            said(&details, "ProxyConnectionError", "error", &reason)?
        }
        Error::Tls { url, reason } => at(&details, "SSLError", &url, &reason)?,
        Error::Closed { url, reason, sent } => {
            let reason = reason + sent.note();
            at(&details, "ConnectionClosedError", &url, &reason)?
        }
        Error::TimedOut { clock, after, url } => {
            details.set_item("clock", clock.to_string())?;
            details.set_item("after", after.as_secs_f64())?;
            let connecting = matches!(clock, Timeout::Connect | Timeout::TlsHandshake);
            at(
                &details,
                if connecting {
                    "ConnectTimeoutError"
                } else {
                    "ReadTimeoutError"
                },
                &url,
                "timed out",
            )?
        }
        Error::NoCredentials => "NoCredentialsError",
        Error::Credentials { reason } => {
            details.set_item("provider", "outcrop")?;
            said(&details, "CredentialRetrievalError", "error_msg", &reason)?
        }
        Error::Environment(fault) => return environment(py, *fault, &details),
        Error::InvalidRegion { region } => {
            said(&details, "InvalidRegionError", "region_name", &region)?
        }
        Error::ProfileNotFound { profile } => {
            said(&details, "ProfileNotFound", "profile", &profile)?
        }
        Error::ConfigParse { reason } => said(&details, "ConfigParseError", "path", &reason)?,
        Error::InvalidEndpoint { url } => {
            return Ok(pyo3::exceptions::PyValueError::new_err(format!(
                "Invalid endpoint: {url}: it must be a URL that begins with http:// or https:// and names a host, without \
                 a user, a password, a query, a fragment or a letter beyond ASCII"
            )));
        }
        Error::InsecureEndpoint { .. } => {
            let rule = "Bearer authorization requires an HTTPS endpoint.";
            said(&details, "InvalidEndpointConfigurationError", "msg", rule)?
        }
        Error::InvalidSetting { reason } => {
            return Ok(pyo3::exceptions::PyValueError::new_err(reason));
        }
        Error::InvalidArgument { reason } => {
            said(&details, "ParamValidationError", "report", &reason)?
        }
        Error::ProcessLimit { reason } => said(&details, "ProcessLimitError", "reason", &reason)?,
        Error::Bug => "InternalError",
        Error::Cancelled => said(
            &details,
            "CancelledCallError",
            "error",
            "it was closed while it waited",
        )?,
    };
    make(py, name, &details)
}

fn no_answer(
    details: &Bound<'_, PyDict>,
    reason: &str,
    head: &Head,
    body: &[u8],
) -> PyResult<&'static str> {
    let py = details.py();
    details.set_item("body", PyBytes::new(py, body))?;
    details.set_item("metadata", metadata(py, head)?)?;
    said(details, "InvalidAnswerError", "error", reason)
}

/// An error of botocore's own name, with what AWS answered, where it did, and where was looked before.
fn environment(py: Python<'_>, fault: Fault, details: &Bound<'_, PyDict>) -> PyResult<PyErr> {
    if fault.class == "ValueError" {
        let (_, reason) = fault.details.into_iter().next().unwrap_or_default();
        return Ok(pyo3::exceptions::PyValueError::new_err(reason));
    }
    for (name, value) in &fault.details {
        details.set_item(name, value)?;
    }
    if let Some([code, message, operation]) = &fault.answer {
        let response = PyDict::new(py);
        response.set_item(intern!(py, "Error"), said_error(py, code, message)?)?;
        details.set_item("response", response)?;
        details.set_item("operation_name", operation)?;
    }
    let make = py
        .import(intern!(py, "outcrop._errors"))?
        .getattr("found")?;
    Ok(PyErr::from_value(make.call1((
        fault.class,
        details,
        fault.notes,
    ))?))
}

fn said(
    details: &Bound<'_, PyDict>,
    name: &'static str,
    field: &str,
    reason: &str,
) -> PyResult<&'static str> {
    details.set_item(field, reason)?;
    Ok(name)
}

fn at(
    details: &Bound<'_, PyDict>,
    name: &'static str,
    url: &str,
    reason: &str,
) -> PyResult<&'static str> {
    details.set_item("endpoint_url", url)?;
    said(details, name, "error", reason)
}

fn make(py: Python<'_>, name: &str, details: &Bound<'_, PyDict>) -> PyResult<PyErr> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.import(py, "outcrop._errors", "make")?;
    Ok(PyErr::from_value(make.call1((name, details))?))
}

/// Whether the API's own clients read its answers, which they are given as they came.
fn own(operation: Option<&'static Operation>) -> bool {
    operation.is_some_and(|operation| Api::of(operation).is_some())
}

/// boto3's `response`: `Error`, `ResponseMetadata` and what the error's shape holds.
fn service(
    py: Python<'_>,
    error: ServiceError,
    operation: Option<&'static Operation>,
    record: Option<Arc<Record>>,
    unknown: Unknown,
) -> PyResult<PyErr> {
    let response = PyDict::new(py);
    response.set_item(
        intern!(py, "Error"),
        said_error(py, &error.code, &error.message)?,
    )?;
    let modeled = operation.and_then(|operation| {
        let mut exceptions = operation.service.exceptions().iter();
        exceptions.find(|shape| shape.name == error.code)
    });
    let head = Head {
        status: error.status,
        headers: error.headers,
        attempts: record.as_ref().map_or(error.attempts, |record| {
            u32::try_from(record.attempts.len()).unwrap_or(u32::MAX)
        }),
        exhausted: error.exhausted && record.is_none(),
        route: record,
        reuse: None,
    };
    response.set_item(intern!(py, "ResponseMetadata"), metadata(py, &head)?)?;
    if own(operation) {
        response.set_item(intern!(py, "body"), PyBytes::new(py, &error.body))?;
    }
    if let Some(Kind::Structure(structure)) = modeled.map(|shape| &shape.kind)
        && let Ok(Some(members)) = json::object(py, &error.body, structure, unknown)
    {
        // These were read above; the shape may have a member of such a name all the same.
        for said in ["__type", "code", "Code", "message", "Message"] {
            if structure.member(said).is_none() && members.contains(said)? {
                members.del_item(said)?;
            }
        }
        response.update(members.as_mapping())?;
    }
    client_error(py, "client_error", &response, operation, error.hint)
}

/// botocore's `response` of an exception inside a stream has nothing but `Error`.
fn stream(
    py: Python<'_>,
    (code, message): (&str, &str),
    operation: Option<&'static Operation>,
    record: Option<&Record>,
    body: Option<&[u8]>,
) -> PyResult<PyErr> {
    let response = PyDict::new(py);
    if let Some(body) = body {
        response.set_item(intern!(py, "body"), PyBytes::new(py, body))?;
    }
    if let Some(record) = record {
        let metadata = PyDict::new(py);
        metadata.set_item(intern!(py, "CrossRegion"), route(py, record)?)?;
        response.set_item(intern!(py, "ResponseMetadata"), metadata)?;
    }
    response.set_item(intern!(py, "Error"), said_error(py, code, message)?)?;
    client_error(py, "stream_error", &response, operation, None)
}

fn client_error(
    py: Python<'_>,
    maker: &str,
    response: &Bound<'_, PyDict>,
    operation: Option<&'static Operation>,
    hint: Option<String>,
) -> PyResult<PyErr> {
    let name = operation.map_or("", |operation| operation.name);
    let exceptions = operation.map_or(&[][..], |operation| operation.service.exceptions());
    let modeled: Vec<&str> = exceptions.iter().map(|shape| shape.name).collect();
    let make = py.import(intern!(py, "outcrop._errors"))?.getattr(maker)?;
    Ok(PyErr::from_value(
        make.call1((response, name, modeled, hint))?,
    ))
}

fn said_error<'py>(py: Python<'py>, code: &str, message: &str) -> PyResult<Bound<'py, PyDict>> {
    let error = PyDict::new(py);
    error.set_item(intern!(py, "Message"), message)?;
    error.set_item(intern!(py, "Code"), code)?;
    Ok(error)
}

/// boto3's `ResponseMetadata`.
pub fn metadata<'py>(py: Python<'py>, head: &Head) -> PyResult<Bound<'py, PyDict>> {
    let metadata = PyDict::new(py);
    if let Some(request_id) = head.header("x-amzn-requestid") {
        metadata.set_item(intern!(py, "RequestId"), request_id)?;
    }
    metadata.set_item(intern!(py, "HTTPStatusCode"), head.status)?;
    let headers = PyDict::new(py);
    for (name, value) in &head.headers {
        headers.set_item(name, value)?;
    }
    metadata.set_item(intern!(py, "HTTPHeaders"), headers)?;
    metadata.set_item(
        intern!(py, "RetryAttempts"),
        head.attempts.saturating_sub(1),
    )?;
    if head.exhausted {
        metadata.set_item(intern!(py, "MaxAttemptsReached"), true)?;
    }
    if let Some(record) = &head.route {
        metadata.set_item(intern!(py, "CrossRegion"), route(py, record)?)?;
    }
    if let Some(reuse) = head.reuse {
        let told = PyDict::new(py);
        told.set_item(intern!(py, "Hit"), head.is_kept())?;
        if let Reuse::Kept(age) = reuse {
            told.set_item(intern!(py, "Age"), age.as_secs_f64())?;
        }
        metadata.set_item(intern!(py, "Cache"), told)?;
    }
    Ok(metadata)
}
