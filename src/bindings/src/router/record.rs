//! What a router did for a call, as Python objects.

use outcrop_client::router::{record::Record, target::Target};
use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyList},
};

/// What a router did for a call.
pub fn route<'py>(py: Python<'py>, record: &Record) -> PyResult<Bound<'py, PyDict>> {
    let of = |target: &Target| -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "SourceRegion"), &target.region)?;
        dict.set_item(intern!(py, "ModelId"), &target.model_id)?;
        Ok(dict)
    };
    let attempts = PyList::empty(py);
    for attempt in &record.attempts {
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "Target"), of(&attempt.target)?)?;
        dict.set_item(intern!(py, "Error"), &attempt.error)?;
        dict.set_item(intern!(py, "RequestId"), &attempt.request_id)?;
        dict.set_item(intern!(py, "Duration"), attempt.duration.as_secs_f64())?;
        dict.set_item(intern!(py, "BackOff"), attempt.back_off.as_secs_f64())?;
        attempts.append(dict)?;
    }
    let dict = PyDict::new(py);
    let answered = record.answered().map(|target| of(target)).transpose()?;
    dict.set_item(intern!(py, "Target"), answered)?;
    dict.set_item(intern!(py, "Attempts"), attempts)?;
    let first_event = record.first_event.map(|time| time.as_secs_f64());
    dict.set_item(intern!(py, "TimeToFirstEvent"), first_event)?;
    dict.set_item(intern!(py, "Waited"), record.waited.as_secs_f64())?;
    dict.set_item(intern!(py, "Hedged"), record.hedged)?;
    dict.set_item(intern!(py, "Stopped"), record.stopped)?;
    Ok(dict)
}
