//! A clock for tests.

use std::time::Duration;

use outcrop_client::router::clock::HeldClock as Native;
use pyo3::{exceptions::PyValueError, prelude::*};

use crate::runtime::guarded;

/// Nobody waits as long, and a clock can go as far many times over.
const FURTHEST: Duration = Duration::from_secs(1 << 32);

/// A clock that stands still until it is moved. Pauses of a router that goes by it take no time and move it on.
#[pyclass(frozen, module = "outcrop._native")]
pub struct HeldClock(pub Native);

#[pymethods]
impl HeldClock {
    #[new]
    fn new() -> Self {
        Self(Native::default())
    }

    /// Moves it on by so many seconds.
    fn advance(&self, seconds: f64) -> PyResult<()> {
        guarded(|| {
            let step = Duration::try_from_secs_f64(seconds)
                .ok()
                .filter(|step| *step < FURTHEST)
                .ok_or_else(|| {
                    PyValueError::new_err(
                        "a clock goes forward: seconds must be neither negative nor centuries",
                    )
                })?;
            self.0.0.advance(step);
            Ok(())
        })
    }

    /// Lets whoever asks for the time next run into a panic.
    fn fail_once(&self) {
        self.0.0.fail_once();
    }
}
