//! The one writer of JSON. Whatever Python gives it to write, what it has written is JSON.
//!
//! A value is the value that it has by inheritance, as `json.dumps` sees it: a `numpy.float64` is a float, an
//! `IntEnum`'s member an int, a `class Model(str, Enum)`'s a str; how such a class shows itself does not matter.

use pyo3::{
    exceptions::PyValueError,
    intern,
    prelude::*,
    types::{PyBool, PyFloat, PyInt, PyString},
};

#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

/// A place to come back to.
pub(super) struct Mark(usize);

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.0.len())
    }

    /// Forgets what was written since.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        self.0.truncate(mark.0);
    }

    pub(super) fn open_object(&mut self) {
        self.begin(b'{');
    }

    pub(super) fn close_object(&mut self) {
        self.0.push(b'}');
    }

    pub(super) fn open_list(&mut self) {
        self.begin(b'[');
    }

    pub(super) fn close_list(&mut self) {
        self.0.push(b']');
    }

    /// The next member's name.
    pub(super) fn key(&mut self, name: &str) {
        self.text(name);
        self.0.push(b':');
    }

    /// The same for a name that Python has: half a surrogate pair stays what it is.
    pub(super) fn string_key(&mut self, name: &Bound<'_, PyString>) -> PyResult<()> {
        self.string(name)?;
        self.0.push(b':');
        Ok(())
    }

    pub(super) fn null(&mut self) {
        self.word("null");
    }

    pub(super) fn flag(&mut self, flag: &Bound<'_, PyBool>) {
        self.word(word(flag));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        serde_json::to_writer(&mut self.0, text).expect("text is always JSON");
    }

    /// Bytes, as base64: written where they go, since a document may have megabytes.
    pub(super) fn blob(&mut self, bytes: &[u8]) {
        self.separate();
        self.0.push(b'"');
        base64_simd::STANDARD.encode_append(bytes, &mut self.0);
        self.0.push(b'"');
    }

    pub(super) fn string(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        if let Ok(text) = text.to_str() {
            self.text(text);
        } else {
            // Half a surrogate pair is no UTF-8, but it is JSON, and Python's own encoder escapes it.
            let escaped = text
                .py()
                .import(intern!(text.py(), "json"))?
                .call_method1(intern!(text.py(), "dumps"), (text,))?;
            self.word(escaped.cast::<PyString>()?.to_str()?);
        }
        Ok(())
    }

    /// # Errors
    ///
    /// Python's `ValueError` for an int of more digits than it writes.
    pub(super) fn integer(&mut self, number: &Bound<'_, PyInt>) -> PyResult<()> {
        self.word(&digits(number)?);
        Ok(())
    }

    /// A number that is finite, else nothing.
    pub(super) fn float(&mut self, py: Python<'_>, number: f64) -> PyResult<bool> {
        if number.is_finite() {
            // Python's shortest form is what boto3 sends.
            self.word(PyFloat::new(py, number).repr()?.to_str()?);
        }
        Ok(number.is_finite())
    }

    fn begin(&mut self, bracket: u8) {
        self.separate();
        self.0.push(bracket);
    }

    fn word(&mut self, word: &str) {
        self.separate();
        self.0.extend_from_slice(word.as_bytes());
    }

    /// What stands before the next value or name: a comma, unless it is the first one or the value of a name.
    fn separate(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(b',');
        }
    }
}

/// A bool as JSON, URLs and headers have it.
pub(super) fn word(flag: &Bound<'_, PyBool>) -> &'static str {
    if flag.is_true() { "true" } else { "false" }
}

/// An int's digits, however its class shows itself.
pub(super) fn digits(number: &Bound<'_, PyInt>) -> PyResult<String> {
    if let Ok(small) = number.extract::<i64>() {
        return Ok(small.to_string());
    }
    let py = number.py();
    let plain = py
        .get_type::<PyInt>()
        .call_method1(intern!(py, "__repr__"), (number,))
        .map_err(|error| {
            if error.is_instance_of::<PyValueError>(py) {
                PyValueError::new_err("an int of more digits than Python writes")
            } else {
                error
            }
        })?;
    plain.extract()
}
