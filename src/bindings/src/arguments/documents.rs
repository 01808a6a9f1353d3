//! Python values → JSON, whatever they are.

use outcrop_client::model::Shape;
use pyo3::{
    exceptions::PyRecursionError,
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString},
};

use super::Walk;

/// Python's own `json` gives up near a thousand levels, depending on the stack that is left.
const DEEPEST: usize = 500;

impl Walk {
    /// A member that the table does not know, sent as any JSON.
    pub(super) fn write_entry(&mut self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.write_key(name);
        self.write_document(value, name)
    }

    /// botocore names what is wrong in a document by the last key and the indices after it. One that contains itself
    /// would be followed until the stack ends.
    pub(super) fn write_document(&mut self, value: &Bound<'_, PyAny>, name: &str) -> PyResult<()> {
        if self.depth == DEEPEST {
            return Err(PyRecursionError::new_err(format!(
                "the document {} is nested deeper than {DEEPEST} levels, or contains itself",
                self.name()
            )));
        }
        self.depth += 1;
        let outcome = self.write_document_value(value, name);
        self.depth -= 1;
        outcome
    }

    pub(super) fn write_document_value(
        &mut self,
        value: &Bound<'_, PyAny>,
        name: &str,
    ) -> PyResult<()> {
        if let Ok(dict) = value.cast::<PyDict>() {
            self.json.push(b'{');
            for (key, value) in dict.iter() {
                let key = key.str()?.to_string();
                self.write_entry(&key, &value)?;
            }
            self.json.push(b'}');
        } else if let Ok(list) = value.cast::<PyList>() {
            self.json.push(b'[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    self.json.push(b',');
                }
                self.write_document(&item, &format!("{name}[{index}]"))?;
            }
            self.json.push(b']');
        } else if value.is_none() {
            self.json.extend_from_slice(b"null");
        } else if let Ok(text) = value.cast::<PyString>() {
            self.write_string(text)?;
        } else if let Ok(flag) = value.cast::<PyBool>() {
            self.json
                .extend_from_slice(if flag.is_true() { b"true" } else { b"false" });
        } else if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
            self.write_plain_number(value)?;
        } else {
            let name = if name.is_empty() {
                self.name()
            } else {
                name.to_owned()
            };
            self.report.push(format!(
                "Invalid type for document parameter {name}, value: {}, type: {}, valid types: <class 'str'>, <class 'int'>, \
                 <class 'bool'>, <class 'float'>, <class 'list'>, <class 'dict'>",
                value.str()?,
                value.get_type().str()?,
            ));
        }
        Ok(())
    }

    pub(super) fn write_number(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Some(min) = shape.min.filter(|_| self.check)
            && value.lt(min)?
        {
            let (name, value) = (self.name(), value.str()?);
            self.report.push(format!(
                "Invalid value for parameter {name}, value: {value}, valid min value: {min}"
            ));
        }
        self.write_plain_number(value)
    }

    pub(super) fn write_plain_number(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(flag) = value.cast::<PyBool>() {
            self.json
                .extend_from_slice(if flag.is_true() { b"true" } else { b"false" });
        } else if let Ok(number) = value.cast::<PyFloat>() {
            match number.value() {
                number if number.is_finite() => self
                    .json
                    .extend_from_slice(value.repr()?.to_str()?.as_bytes()),
                number if number.is_nan() => self.write_text("NaN"),
                number => self.write_text(if number > 0.0 {
                    "Infinity"
                } else {
                    "-Infinity"
                }),
            }
        } else {
            self.json
                .extend_from_slice(value.str()?.to_str()?.as_bytes());
        }
        Ok(())
    }

    pub(super) fn write_key(&mut self, name: &str) {
        if self.json.last().is_some_and(|last| *last != b'{') {
            self.json.push(b',');
        }
        self.write_text(name);
        self.json.push(b':');
    }

    pub(super) fn write_string(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        if let Ok(text) = text.to_str() {
            self.write_text(text);
        } else {
            // Half a surrogate pair is no UTF-8, but it is JSON, and Python's own encoder escapes it.
            let escaped = text.py().import("json")?.call_method1("dumps", (text,))?;
            self.json
                .extend_from_slice(escaped.cast::<PyString>()?.to_str()?.as_bytes());
        }
        Ok(())
    }

    pub(super) fn write_text(&mut self, text: &str) {
        serde_json::to_writer(&mut self.json, text).expect("text is always JSON");
    }
}
