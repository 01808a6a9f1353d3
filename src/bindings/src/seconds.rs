//! Seconds as Python has them → a duration, which holds neither less than nothing nor more than the universe lasts.

use std::time::Duration;

use pyo3::{PyResult, exceptions::PyValueError};

/// # Errors
///
/// `ValueError` that names the setting and the rule.
pub fn duration(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        PyValueError::new_err(format!(
            "{name} must be a number of seconds of 0 or more, not {seconds:?}"
        ))
    })
}
