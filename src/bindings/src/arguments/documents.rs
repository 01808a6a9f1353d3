//! Python values → JSON, whatever they are.

use outcrop_client::model::{Kind, Shape};
use pyo3::{
    exceptions::{PyRecursionError, PyValueError},
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};

use super::{Walk, checks::plain, entries, writer::digits};

/// Python's own `json` gives up near a thousand levels, depending on the stack that is left.
const DEEPEST: usize = 500;

impl Walk {
    /// One step down. What contains itself would be followed until the stack ends.
    pub(super) fn deeper(&mut self, walk: impl FnOnce(&mut Self) -> PyResult<()>) -> PyResult<()> {
        if self.depth == DEEPEST {
            return Err(PyRecursionError::new_err(format!(
                "the document {} is nested deeper than {DEEPEST} levels, or contains itself",
                self.name()
            )));
        }
        self.depth += 1;
        let outcome = walk(self);
        self.depth -= 1;
        outcome
    }

    /// A member that the table does not know, sent as any JSON, under a key of any of the types that JSON's have in Python.
    pub(super) fn write_entry(
        &mut self,
        key: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        if let Ok(text) = key.cast::<PyString>() {
            self.json.string_key(text)?;
        } else if let Some(text) = plain_key(key)? {
            self.json.key(&text);
        } else {
            self.report.push(format!(
                "Invalid type for a key of document parameter {}, key: {}, type: {}, valid types: <class 'str'>, \
                 <class 'int'>, <class 'float'>, <class 'bool'>, <class 'NoneType'>",
                self.name(),
                self.shown(key),
                key.get_type().str()?,
            ));
            return Ok(());
        }
        self.write_document(value, &plain(key))
    }

    /// botocore names what is wrong in a document by the last key and the indices after it.
    pub(super) fn write_document(&mut self, value: &Bound<'_, PyAny>, name: &str) -> PyResult<()> {
        self.deeper(|walk| walk.write_document_value(value, name))
    }

    fn write_document_value(&mut self, value: &Bound<'_, PyAny>, name: &str) -> PyResult<()> {
        if let Ok(dict) = value.cast::<PyDict>() {
            self.json.open_object();
            for (key, value) in entries(dict)? {
                self.write_entry(&key, &value)?;
            }
            self.json.close_object();
        } else if value.is_instance_of::<PyList>()
            || (!self.check && value.is_instance_of::<PyTuple>())
        {
            self.json.open_list();
            for (index, item) in value.try_iter()?.enumerate() {
                self.write_document(&item?, &format!("{name}[{index}]"))?;
            }
            self.json.close_list();
        } else if value.is_none() {
            self.json.null();
        } else if let Ok(text) = value.cast::<PyString>() {
            self.json.string(text)?;
        } else if let Ok(flag) = value.cast::<PyBool>() {
            self.json.flag(flag);
        } else if let Ok(number) = value.cast::<PyInt>() {
            self.write_integer(number)?;
        } else if let Ok(number) = value.cast::<PyFloat>() {
            if !self.json.float(value.py(), number.value())? {
                let name = self.document_name(name);
                self.report.push(format!(
                    "Invalid value for document parameter {name}, value: {}: JSON has no such number, so send null or a \
                     string",
                    self.shown(value),
                ));
            }
        } else {
            let name = self.document_name(name);
            self.report.push(format!(
                "Invalid type for document parameter {name}, value: {}, type: {}, valid types: <class 'str'>, <class 'int'>, \
                 <class 'bool'>, <class 'float'>, <class 'list'>, <class 'dict'>",
                self.shown(value),
                value.get_type().str()?,
            ));
        }
        Ok(())
    }

    fn document_name(&self, name: &str) -> String {
        if name.is_empty() {
            self.name()
        } else {
            name.to_owned()
        }
    }

    /// A number of the table's shape: bool, int, float or Decimal.
    pub(super) fn write_number(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
        // A Decimal that is no number cannot be compared.
        if let Some(min) = shape.min.filter(|_| self.check)
            && value.lt(min).unwrap_or(true)
        {
            let (name, value) = (self.name(), self.shown(value));
            self.report.push(format!(
                "Invalid value for parameter {name}, value: {value}, valid min value: {min}"
            ));
            return Ok(());
        }
        if let Ok(flag) = value.cast::<PyBool>() {
            self.json.flag(flag);
            return Ok(());
        }
        if let Ok(number) = value.cast::<PyInt>()
            && (matches!(shape.kind, Kind::Integer) || number.extract::<f64>().is_ok())
        {
            return self.write_integer(number);
        }
        let Ok(number) = value.extract::<f64>() else {
            let (name, value) = (self.name(), self.shown(value));
            self.report.push(format!(
                "Invalid value for parameter {name}, value: {value}: it is no number that a float holds"
            ));
            return Ok(());
        };
        // In members that are numbers by the table, this text is AWS's form of them.
        if !self.json.float(value.py(), number)? {
            self.json.text(not_finite(number));
        }
        Ok(())
    }

    fn write_integer(&mut self, number: &Bound<'_, PyInt>) -> PyResult<()> {
        match self.json.integer(number) {
            Err(error) if error.is_instance_of::<PyValueError>(number.py()) => {
                let (name, reason) = (self.name(), error.value(number.py()).str()?);
                self.report.push(format!(
                    "Invalid value for parameter {name}, value: {reason}"
                ));
                Ok(())
            }
            done => done,
        }
    }
}

/// A key that is no text, as `json.dumps` makes one of it.
fn plain_key(key: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if let Ok(flag) = key.cast::<PyBool>() {
        return Ok(Some(super::writer::word(flag).into()));
    }
    if key.is_none() {
        return Ok(Some("null".into()));
    }
    if let Ok(number) = key.cast::<PyInt>() {
        return digits(number).map(Some);
    }
    if let Ok(number) = key.cast::<PyFloat>() {
        return Ok(Some(match number.value() {
            number if number.is_finite() => PyFloat::new(key.py(), number).repr()?.extract()?,
            number => not_finite(number).into(),
        }));
    }
    Ok(None)
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}
