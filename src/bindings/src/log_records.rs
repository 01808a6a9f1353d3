//! The reader of invocation logs as Python sees it.

use std::{
    borrow::Cow,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
};

use outcrop_client::log_records::{
    Dimension, Finder, Reader, Record, Row, Table, Window, read_file,
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};

use crate::runtime::guarded;

/// What rows are told apart by: serving Region, source Region, profile, time, error.
type Key = (String, String, String, i64, String);
/// Calls, errors, re-routed calls.
type Counts = (u64, u64, u64);
/// Tokens: input, output, read from and written to the prompt cache.
type Tokens = (f64, f64, f64, f64);
type Quantiles = Vec<Option<f64>>;
type Cells = (Key, Counts, Tokens, Quantiles, Quantiles);

/// Adds up the records of log objects; other threads run meanwhile.
#[pyclass(frozen, module = "outcrop._native")]
pub struct LogReader(Mutex<Reader>);

impl LogReader {
    fn reader(&self) -> MutexGuard<'_, Reader> {
        // A panic while reading leaves a table that is whole, since a record is added at the end of its line.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[pymethods]
impl LogReader {
    /// A reader of records from `since` to before `until`, in buckets; all in milliseconds since 1970.
    #[new]
    fn new(since: Option<i64>, until: Option<i64>, bucket: i64) -> Self {
        let window = Window {
            since: since.unwrap_or(i64::MIN),
            until: until.unwrap_or(i64::MAX),
            bucket,
        };
        Self(Mutex::new(Reader::new(Table::new(window))))
    }

    /// Adds a file, compressed or not.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "Python's paths become owned ones"
    )]
    fn read_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        guarded(|| Ok(py.detach(|| read_file(&mut self.reader(), &path))?))
    }

    /// Adds a piece of the current object.
    fn write(&self, py: Python<'_>, piece: &[u8]) -> PyResult<()> {
        guarded(|| Ok(py.detach(|| self.reader().write(piece))?))
    }

    /// Ends the current object.
    fn end_object(&self, py: Python<'_>) -> PyResult<()> {
        guarded(|| Ok(py.detach(|| self.reader().end_object())?))
    }

    /// Adds calls that were added up elsewhere by time, Regions, model, error and latency.
    #[expect(
        clippy::too_many_arguments,
        clippy::needless_pass_by_value,
        reason = "these are the columns of a query's answer"
    )]
    fn add_calls(
        &self,
        calls: u64,
        time: i64,
        region: Option<String>,
        inference_region: Option<String>,
        model_id: Option<String>,
        error_code: Option<String>,
        tokens: Tokens,
        latency: Option<f64>,
    ) -> PyResult<()> {
        let record = Record {
            timestamp: Some(time),
            region: region.as_deref().map(Cow::Borrowed),
            inference_region: inference_region.as_deref().map(Cow::Borrowed),
            model_id: model_id.as_deref().map(Cow::Borrowed),
            error_code: error_code.as_deref().map(Cow::Borrowed),
            input_tokens: Some(tokens.0),
            output_tokens: Some(tokens.1),
            cache_read_tokens: Some(tokens.2),
            cache_write_tokens: Some(tokens.3),
            latency,
            ..Record::default()
        };
        guarded(|| {
            self.reader().table_mut().add_calls(&record, calls);
            Ok(())
        })
    }

    /// The rows told apart by some dimensions, with quantiles of latency and of the latency to the first byte.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "Python's lists become vectors"
    )]
    fn rows(&self, py: Python<'_>, by: Vec<String>, quantiles: Vec<f64>) -> PyResult<Vec<Cells>> {
        let by: Vec<_> = by
            .iter()
            .map(|name| dimension(name))
            .collect::<PyResult<_>>()?;
        let rows = guarded(|| Ok(py.detach(|| self.reader().table_mut().rows(&by))))?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let latency = quantiles.iter().map(|&q| row.sums.latency(q)).collect();
                let first = quantiles
                    .iter()
                    .map(|&q| row.sums.first_byte_latency(q))
                    .collect();
                let Row {
                    serving_region,
                    source_region,
                    profile,
                    time,
                    error_code,
                    sums,
                } = row;
                (
                    (serving_region, source_region, profile, time, error_code),
                    (sums.calls, sums.errors, sums.rerouted),
                    (
                        sums.input_tokens,
                        sums.output_tokens,
                        sums.cache_read_tokens,
                        sums.cache_write_tokens,
                    ),
                    latency,
                    first,
                )
            })
            .collect())
    }

    /// Records that were added.
    #[getter]
    fn records(&self) -> u64 {
        self.reader().table_mut().records()
    }

    /// Lines that are no records.
    #[getter]
    fn malformed(&self) -> u64 {
        self.reader().table_mut().malformed()
    }

    /// Records outside the window of time.
    #[getter]
    fn outside(&self) -> u64 {
        self.reader().table_mut().outside()
    }

    /// Bytes of lines that were looked at.
    #[getter]
    fn bytes_read(&self) -> u64 {
        self.reader().table_mut().bytes()
    }
}

/// Looks for one record in a log object, compressed or not; other threads run meanwhile.
#[pyclass(frozen, module = "outcrop._native")]
pub struct RecordFinder(Mutex<Reader<Finder>>);

impl RecordFinder {
    fn reader(&self) -> MutexGuard<'_, Reader<Finder>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[pymethods]
impl RecordFinder {
    /// A finder of the record with a request's id.
    #[new]
    fn new(request_id: String) -> Self {
        Self(Mutex::new(Reader::new(Finder::new(request_id))))
    }

    /// Takes a piece of the object.
    fn write(&self, py: Python<'_>, piece: &[u8]) -> PyResult<()> {
        guarded(|| Ok(py.detach(|| self.reader().write(piece))?))
    }

    /// Ends the object.
    fn end_object(&self, py: Python<'_>) -> PyResult<()> {
        guarded(|| Ok(py.detach(|| self.reader().end_object())?))
    }

    /// The record's line, once it has come.
    #[getter]
    fn found<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let mut reader = self.reader();
        reader.sink_mut().found().map(|line| PyBytes::new(py, line))
    }
}

fn dimension(name: &str) -> PyResult<Dimension> {
    Dimension::ALL
        .into_iter()
        .find(|dimension| dimension.name() == name)
        .ok_or_else(|| PyValueError::new_err(format!("{name:?} is no dimension of a report")))
}
