//! Values of the operation table's shapes → JSON.

use std::borrow::Cow;

use outcrop_client::model::{Kind, Member, Shape, Structure};
use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};

use super::{Step, Walk, checks::plain, entries};

impl Walk {
    pub(super) fn write(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.deeper(|walk| walk.write_value(shape, value))
    }

    fn write_value(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match &shape.kind {
            Kind::Structure(structure) => match value.cast::<PyDict>() {
                Ok(dict) => self.write_structure(structure, dict),
                Err(_) => self.wrong_type(value, "<class 'dict'>"),
            },
            Kind::Document => self.write_document(value, ""),
            Kind::List(element) => self.write_list(shape, element, value),
            Kind::Map { key, value: of } => match value.cast::<PyDict>() {
                Ok(dict) => self.write_map(key, of, dict),
                Err(_) => self.wrong_type(value, "<class 'dict'>"),
            },
            Kind::String => match value.cast::<PyString>() {
                Ok(text) => {
                    self.check_length(shape, || text.len().unwrap_or_default());
                    self.json.string(text)
                }
                Err(_) => self.wrong_type(value, "<class 'str'>"),
            },
            Kind::Integer if value.is_instance_of::<PyInt>() => self.write_number(shape, value),
            Kind::Integer => self.wrong_type(value, "<class 'int'>"),
            Kind::Float
                if value.is_instance_of::<PyFloat>()
                    || value.is_instance_of::<PyInt>()
                    || is_decimal(value)? =>
            {
                self.write_number(shape, value)
            }
            Kind::Float => self.wrong_type(
                value,
                "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
            ),
            Kind::Boolean => match value.cast::<PyBool>() {
                Ok(flag) => {
                    self.json.flag(flag);
                    Ok(())
                }
                Err(_) => self.wrong_type(value, "<class 'bool'>"),
            },
            Kind::Blob => {
                if let Some(bytes) = self.bytes(value)? {
                    self.json.blob(&bytes);
                }
                Ok(())
            }
            Kind::Timestamp => match timestamp(value)? {
                Some(text) => {
                    self.json.text(&text);
                    Ok(())
                }
                None => self.wrong_type(value, "<class 'datetime.datetime'>, timestamp-string"),
            },
        }
    }

    pub(super) fn write_structure(
        &mut self,
        structure: &Structure,
        dict: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        if structure.union && self.check && dict.len() != 1 {
            let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
            let (name, names) = (self.name(), names.join(", "));
            self.report.push(if dict.is_empty() {
                format!("Must set one of the following keys for tagged unionstructure {name}: {names}.")
            } else {
                format!(
                    "Invalid number of parameters set for tagged union structure {name}. Can only set one of the \
                     following keys: {names}."
                )
            });
        }
        let entries = entries(dict)?;
        self.check_members(structure, dict, &entries)?;
        self.json.open_object();
        for (name, value) in entries {
            match name
                .cast::<PyString>()
                .ok()
                .and_then(|name| structure.member(name.to_str().ok()?))
            {
                Some(member) => {
                    self.path.push(Step::Member(member.name));
                    self.write_member(member, &value)?;
                    self.path.pop();
                }
                None if self.check => {}
                None => self.write_entry(&name, &value)?,
            }
        }
        self.json.close_object();
        Ok(())
    }

    pub(super) fn write_member(
        &mut self,
        member: &Member,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        self.json.key(member.name);
        self.write(member.shape, value)
    }

    pub(super) fn write_list(
        &mut self,
        shape: &Shape,
        element: &Shape,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        if !value.is_instance_of::<PyList>() && !value.is_instance_of::<PyTuple>() {
            return self.wrong_type(value, "<class 'list'>, <class 'tuple'>");
        }
        self.check_length(shape, || value.len().unwrap_or_default());
        self.json.open_list();
        for (index, item) in value.try_iter()?.enumerate() {
            self.path.push(Step::Index(index));
            self.write(element, &item?)?;
            self.path.pop();
        }
        self.json.close_list();
        Ok(())
    }

    pub(super) fn write_map(
        &mut self,
        key: &Shape,
        of: &Shape,
        dict: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        self.json.open_object();
        for (name, value) in entries(dict)? {
            let Ok(text) = name.cast::<PyString>() else {
                if self.check {
                    self.path.push(Step::Key(plain(&name)));
                    self.wrong_type(&name, "<class 'str'>")?;
                    self.path.pop();
                    self.path.push(Step::Name(plain(&name)));
                    let mark = self.json.mark();
                    self.write(of, &value)?;
                    self.json.back_to(&mark);
                    self.path.pop();
                } else {
                    self.write_entry(&name, &value)?;
                }
                continue;
            };
            self.path.push(Step::Key(plain(&name)));
            self.check_length(key, || text.len().unwrap_or_default());
            self.path.pop();
            self.path.push(Step::Name(plain(&name)));
            self.json.string_key(text)?;
            self.write(of, &value)?;
            self.path.pop();
        }
        self.json.close_object();
        Ok(())
    }

    /// The bytes of a blob; text is encoded and a file is read.
    pub(super) fn bytes<'a>(
        &mut self,
        value: &'a Bound<'_, PyAny>,
    ) -> PyResult<Option<Cow<'a, [u8]>>> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Some(bytes.as_bytes().into()));
        }
        if let Ok(bytes) = value.cast::<PyByteArray>() {
            return Ok(Some(bytes.to_vec().into()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(self.utf8(text).map(|text| text.as_bytes().into()));
        }
        if !value.hasattr(intern!(value.py(), "read"))? {
            self.wrong_type(
                value,
                "<class 'bytes'>, <class 'bytearray'>, file-like object",
            )?;
            return Ok(None);
        }
        let read = value.call_method0(intern!(value.py(), "read"))?;
        // Some objects have any attribute that they are asked for, and what they read has them, too.
        if read.is_instance_of::<PyBytes>()
            || read.is_instance_of::<PyByteArray>()
            || read.is_instance_of::<PyString>()
        {
            let read = self.bytes(&read)?;
            return Ok(read.map(|bytes| bytes.into_owned().into()));
        }
        let name = self.name();
        self.report.push(format!(
            "Invalid type for parameter {name}: reading it gives {}, valid types: <class 'bytes'>, <class 'bytearray'>, \
             <class 'str'>",
            read.get_type().str()?
        ));
        Ok(None)
    }
}

fn is_decimal(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    value.is_instance(DECIMAL.import(value.py(), "decimal", "Decimal")?)
}

/// ISO 8601 of a `datetime`, or of text or a number that stands for one.
pub(super) fn timestamp(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    static FORMAT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    FORMAT
        .import(value.py(), "outcrop._time", "format_timestamp")?
        .call1((value,))?
        .extract()
}
