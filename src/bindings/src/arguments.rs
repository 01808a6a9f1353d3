//! Python arguments → an HTTP call, by the shapes of the operation table.
//!
//! One walk checks and writes at once. It goes on after an error, so that one report names all of them, in botocore's
//! words.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use outcrop_client::{
    call::Call,
    model::{Kind, Location, Member, Operation, Shape, Structure},
};
use pyo3::{
    exceptions::PyRecursionError,
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};

/// Lays out `arguments` for HTTP, or says all that is wrong with them.
///
/// # Errors
///
/// The report of `ParamValidationError`, or a Python error from reading a file or a value.
pub fn lay_out(
    operation: &'static Operation,
    arguments: &Bound<'_, PyDict>,
    check: bool,
) -> PyResult<Result<Call, String>> {
    let mut walk = Walk {
        json: Vec::with_capacity(256),
        path: vec![],
        depth: 0,
        report: vec![],
        check,
    };
    let call = walk.call(operation, arguments)?;
    Ok(if walk.report.is_empty() {
        Ok(call)
    } else {
        Err(walk.report.join("\n"))
    })
}

struct Walk {
    json: Vec<u8>,
    path: Vec<Step>,
    /// How deep inside a document the walk is.
    depth: usize,
    report: Vec<String>,
    /// Whether names, types and sizes are judged. Without it, unknown members are sent as they are.
    check: bool,
}

/// Python's own `json` gives up near a thousand levels, depending on the stack that is left.
const DEEPEST: usize = 500;

/// One step from the arguments to a value.
enum Step {
    Member(&'static str),
    Name(String),
    Index(usize),
    Key(String),
}

impl Walk {
    fn call(
        &mut self,
        operation: &'static Operation,
        arguments: &Bound<'_, PyDict>,
    ) -> PyResult<Call> {
        let Kind::Structure(input) = &operation.input.kind else {
            unreachable!("arguments are a structure")
        };
        let mut call = Call {
            operation,
            located: vec![],
            body: Bytes::new(),
            headers: vec![],
        };
        self.check_members(input, arguments)?;
        let mut body_members = input
            .members
            .iter()
            .any(|member| member.location == Location::Body);
        let mut payload = None;
        self.json.push(b'{');
        for (name, value) in arguments.iter() {
            let Some(member) = name
                .cast::<PyString>()
                .ok()
                .and_then(|name| input.member(name.to_str().ok()?))
            else {
                if !self.check {
                    self.write_entry(&name.str()?.to_string(), &value)?;
                    body_members = true;
                }
                continue;
            };
            self.path.push(Step::Member(member.name));
            match member.location {
                Location::Body => self.write_member(member, &value)?,
                Location::Payload => payload = self.payload(member.shape, &value)?,
                location => self.locate(&mut call, location, member.shape, &value)?,
            }
            self.path.pop();
        }
        for member in input
            .members
            .iter()
            .filter(|member| member.idempotency_token)
        {
            if !arguments.contains(member.name)? {
                self.write_key(member.name);
                self.write_text(&uuid::Uuid::new_v4().to_string());
            }
        }
        self.json.push(b'}');
        let has_payload = input
            .members
            .iter()
            .any(|member| member.location == Location::Payload);
        if has_payload {
            call.body = payload.unwrap_or_default();
        } else if body_members {
            call.body = Bytes::from(std::mem::take(&mut self.json));
            call.headers
                .push(("content-type".into(), "application/json".into()));
        }
        Ok(call)
    }

    fn locate(
        &mut self,
        call: &mut Call,
        location: Location,
        shape: &Shape,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        // The same checks as in a body; what they wrote is not needed.
        let (length, errors) = (self.json.len(), self.report.len());
        self.write(shape, value)?;
        self.json.truncate(length);
        if self.report.len() > errors {
            return Ok(());
        }
        match &shape.kind {
            Kind::List(element) => {
                for item in value.try_iter()? {
                    call.located
                        .push((location, located_text(element, &item?)?));
                }
            }
            _ => call.located.push((location, located_text(shape, value)?)),
        }
        Ok(())
    }

    /// A member that is the whole body: text and files as they are.
    fn payload(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<Option<Bytes>> {
        if let Kind::Blob = shape.kind {
            return Ok(self.bytes(value)?.map(Bytes::from));
        }
        let rest = std::mem::take(&mut self.json);
        self.write(shape, value)?;
        Ok(Some(Bytes::from(std::mem::replace(&mut self.json, rest))))
    }

    fn write(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
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
                    self.write_string(text)
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
                    self.json
                        .extend_from_slice(if flag.is_true() { b"true" } else { b"false" });
                    Ok(())
                }
                Err(_) => self.wrong_type(value, "<class 'bool'>"),
            },
            Kind::Blob => {
                if let Some(bytes) = self.bytes(value)? {
                    self.write_text(&STANDARD.encode(bytes));
                }
                Ok(())
            }
            Kind::Timestamp => match timestamp(value)? {
                Some(text) => {
                    self.write_text(&text);
                    Ok(())
                }
                None => self.wrong_type(value, "<class 'datetime.datetime'>, timestamp-string"),
            },
        }
    }

    fn write_structure(&mut self, structure: &Structure, dict: &Bound<'_, PyDict>) -> PyResult<()> {
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
        self.check_members(structure, dict)?;
        self.json.push(b'{');
        for (name, value) in dict.iter() {
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
                None => self.write_entry(&name.str()?.to_string(), &value)?,
            }
        }
        self.json.push(b'}');
        Ok(())
    }

    /// botocore leaves out a document that is `None`.
    fn write_member(&mut self, member: &Member, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if value.is_none() && matches!(member.shape.kind, Kind::Document) {
            return Ok(());
        }
        self.write_key(member.name);
        self.write(member.shape, value)
    }

    fn write_list(
        &mut self,
        shape: &Shape,
        element: &Shape,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        if !value.is_instance_of::<PyList>() && !value.is_instance_of::<PyTuple>() {
            return self.wrong_type(value, "<class 'list'>, <class 'tuple'>");
        }
        self.check_length(shape, || value.len().unwrap_or_default());
        self.json.push(b'[');
        for (index, item) in value.try_iter()?.enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.path.push(Step::Index(index));
            self.write(element, &item?)?;
            self.path.pop();
        }
        self.json.push(b']');
        Ok(())
    }

    fn write_map(&mut self, key: &Shape, of: &Shape, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        self.json.push(b'{');
        for (name, value) in dict.iter() {
            let text = name.str()?.to_string();
            self.path.push(Step::Key(text.clone()));
            let length = self.json.len();
            self.write(key, &name)?;
            self.json.truncate(length);
            self.path.pop();
            self.path.push(Step::Name(text.clone()));
            self.write_key(&text);
            self.write(of, &value)?;
            self.path.pop();
        }
        self.json.push(b'}');
        Ok(())
    }

    /// A member that the table does not know, sent as any JSON.
    fn write_entry(&mut self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.write_key(name);
        self.write_document(value, name)
    }

    /// botocore names what is wrong in a document by the last key and the indices after it. One that contains itself
    /// would be followed until the stack ends.
    fn write_document(&mut self, value: &Bound<'_, PyAny>, name: &str) -> PyResult<()> {
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

    fn write_document_value(&mut self, value: &Bound<'_, PyAny>, name: &str) -> PyResult<()> {
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

    fn write_number(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<()> {
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

    fn write_plain_number(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
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

    fn write_key(&mut self, name: &str) {
        if self.json.last().is_some_and(|last| *last != b'{') {
            self.json.push(b',');
        }
        self.write_text(name);
        self.json.push(b':');
    }

    fn write_string(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
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

    fn write_text(&mut self, text: &str) {
        serde_json::to_writer(&mut self.json, text).expect("text is always JSON");
    }

    /// The bytes of a blob; text is encoded and a file is read.
    fn bytes(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Some(bytes.as_bytes().to_vec()));
        }
        if let Ok(bytes) = value.cast::<PyByteArray>() {
            return Ok(Some(bytes.to_vec()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(Some(text.to_str()?.as_bytes().to_vec()));
        }
        if value.hasattr(intern!(value.py(), "read"))? {
            let read = value.call_method0(intern!(value.py(), "read"))?;
            return self.bytes(&read);
        }
        self.wrong_type(
            value,
            "<class 'bytes'>, <class 'bytearray'>, file-like object",
        )?;
        Ok(None)
    }

    fn check_members(&mut self, structure: &Structure, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        if !self.check {
            return Ok(());
        }
        for member in structure
            .members
            .iter()
            .filter(|member| member.required && !member.idempotency_token)
        {
            if !dict.contains(crate::json::key(dict.py(), member))? {
                let name = self.name();
                self.report.push(format!(
                    "Missing required parameter in {name}: \"{}\"",
                    member.name
                ));
            }
        }
        for name in dict.keys() {
            let known = name
                .cast::<PyString>()
                .ok()
                .and_then(|name| structure.member(name.to_str().ok()?));
            if known.is_none() {
                let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
                self.report.push(format!(
                    "Unknown parameter in {}: \"{}\", must be one of: {}",
                    self.name(),
                    name.str()?,
                    names.join(", ")
                ));
            }
        }
        Ok(())
    }

    fn check_length(&mut self, shape: &Shape, length: impl Fn() -> usize) {
        if let Some(min) = shape.min.filter(|_| self.check) {
            let length = length();
            if (length as u64) < min {
                let name = self.name();
                self.report.push(format!(
                    "Invalid length for parameter {name}, value: {length}, valid min length: {min}"
                ));
            }
        }
    }

    fn wrong_type(&mut self, value: &Bound<'_, PyAny>, valid: &str) -> PyResult<()> {
        if !self.check {
            return self.write_document(value, "");
        }
        self.report.push(format!(
            "Invalid type for parameter {}, value: {}, type: {}, valid types: {valid}",
            self.name(),
            value.str()?,
            value.get_type().str()?,
        ));
        Ok(())
    }

    /// botocore's name of where the walk is: `messages[0].content`.
    fn name(&self) -> String {
        let mut name = String::new();
        for step in &self.path {
            match step {
                Step::Index(index) => name.extend(["[", &index.to_string(), "]"]),
                Step::Key(key) => name.extend([" (key: ", key, ")"]),
                Step::Member(member) => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(member);
                }
                Step::Name(member) => {
                    name.push('.');
                    name.push_str(member);
                }
            }
        }
        if name.is_empty() {
            "input".into()
        } else {
            name
        }
    }
}

/// A value as it goes into a path, a query or a header.
fn located_text(shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match shape.kind {
        Kind::Boolean => Ok(value.str()?.to_str()?.to_lowercase()),
        Kind::Timestamp => Ok(timestamp(value)?.unwrap_or_default()),
        _ => Ok(value.str()?.to_str()?.to_owned()),
    }
}

fn is_decimal(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    value.is_instance(DECIMAL.import(value.py(), "decimal", "Decimal")?)
}

/// ISO 8601 of a `datetime`, or of text or a number that stands for one.
fn timestamp(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    static FORMAT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    FORMAT
        .import(value.py(), "outcrop._time", "format_timestamp")?
        .call1((value,))?
        .extract()
}
