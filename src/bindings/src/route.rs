//! What a router did for a call, as Python objects.

use std::sync::Arc;

use outcrop_client::{
    account::Account,
    router::{record::Record, sticky::Affinity, target::Target},
};
use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyList},
};

/// What a router did for a call.
pub fn route<'py>(py: Python<'py>, record: &Record) -> PyResult<Bound<'py, PyDict>> {
    let of = |target: &Target| -> PyResult<Bound<'py, PyDict>> {
        let dict = place(py, &target.source.region, &target.account, &target.model_id)?;
        if let Some(project) = &target.terms.project {
            dict.set_item(intern!(py, "Project"), project)?;
        }
        Ok(dict)
    };
    let answered = record.answered();
    let told = answered.map(|target| of(target)).transpose()?;
    let attempts = PyList::empty(py);
    for attempt in &record.attempts {
        let dict = PyDict::new(py);
        // A copy costs a fraction of making it, and mostly this is the one attempt that answered.
        let target = match (&told, answered) {
            (Some(told), Some(answered)) if Arc::ptr_eq(answered, &attempt.target) => {
                told.copy()?
            }
            _ => of(&attempt.target)?,
        };
        dict.set_item(intern!(py, "Target"), target)?;
        dict.set_item(intern!(py, "Error"), &attempt.error)?;
        dict.set_item(intern!(py, "RequestId"), &attempt.request_id)?;
        dict.set_item(intern!(py, "Duration"), attempt.duration.as_secs_f64())?;
        dict.set_item(intern!(py, "BackOff"), attempt.back_off.as_secs_f64())?;
        attempts.append(dict)?;
    }
    let dict = PyDict::new(py);
    dict.set_item(intern!(py, "Target"), told)?;
    dict.set_item(intern!(py, "Attempts"), attempts)?;
    let first_event = record.first_event.map(|time| time.as_secs_f64());
    dict.set_item(intern!(py, "TimeToFirstEvent"), first_event)?;
    dict.set_item(intern!(py, "Waited"), record.waited.as_secs_f64())?;
    dict.set_item(intern!(py, "Hedged"), record.hedged)?;
    dict.set_item(intern!(py, "Stopped"), record.stopped)?;
    // Which of several it was.
    if let Some(answered) = answered.filter(|target| !target.chosen.name.is_empty()) {
        dict.set_item(intern!(py, "Model"), &*answered.chosen.name)?;
    }
    if let Some(affinity) = &record.affinity {
        dict.set_item(intern!(py, "Affinity"), told_of(py, affinity)?)?;
    }
    if !record.passed_over.is_empty() {
        let passed_over = PyList::empty(py);
        for (target, reason) in &record.passed_over {
            let dict = PyDict::new(py);
            dict.set_item(intern!(py, "Target"), of(target)?)?;
            dict.set_item(intern!(py, "Reason"), reason)?;
            passed_over.append(dict)?;
        }
        dict.set_item(intern!(py, "PassedOver"), passed_over)?;
    }
    Ok(dict)
}

/// Whether a conversation is where it was.
fn told_of<'py>(py: Python<'py>, affinity: &Affinity) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let state = match affinity {
        Affinity::New => intern!(py, "new"),
        Affinity::Kept => intern!(py, "kept"),
        Affinity::Moved(..) => intern!(py, "moved"),
    };
    dict.set_item(intern!(py, "State"), state)?;
    if let Affinity::Moved(from, why) = affinity {
        let from = place(py, &from.source.region, &from.account, &from.model_id)?;
        dict.set_item(intern!(py, "From"), from)?;
        dict.set_item(intern!(py, "Reason"), why)?;
    }
    Ok(dict)
}

fn place<'py>(
    py: Python<'py>,
    region: &str,
    account: &Account,
    model_id: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item(intern!(py, "SourceRegion"), region)?;
    if let Some(account) = account.name() {
        dict.set_item(intern!(py, "Account"), account)?;
    }
    dict.set_item(intern!(py, "ModelId"), model_id)?;
    Ok(dict)
}
