//! Python arguments → an HTTP call, by the shapes of the operation table.
//!
//! One walk checks and writes at once. It goes on after an error, so that one report names all of them, in botocore's
//! words.

mod checks;
mod documents;
mod values;
mod writer;

use bytes::Bytes;
use outcrop_client::{
    call::Call,
    model::{Kind, Location, Operation, Shape},
};
use pyo3::{
    intern,
    prelude::*,
    types::{PyBool, PyDict, PyInt, PyString},
};

use values::timestamp;
use writer::Writer;

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
        json: Writer::with_capacity(256),
        path: vec![],
        depth: 0,
        report: vec![],
        prompt: false,
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
    json: Writer,
    path: Vec<Step>,
    /// How deep the walk is.
    depth: usize,
    report: Vec<String>,
    /// Whether what is walked may be a prompt, of which the report shows nothing.
    prompt: bool,
    /// Whether names, types and sizes are judged. Without it, unknown members are sent as they are.
    check: bool,
}

/// One step from the arguments to a value.
enum Step {
    Member(&'static str),
    Name(String),
    Index(usize),
    Key(String),
}

type Entries<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

/// A dict's items, those that it says itself it has where it is of a class of its own. They are taken first, since
/// Python code that reads a value may change the dict.
fn entries<'py>(dict: &Bound<'py, PyDict>) -> PyResult<Entries<'py>> {
    if dict.is_exact_instance_of::<PyDict>() {
        return Ok(dict.iter().collect());
    }
    let items = dict.call_method0(intern!(dict.py(), "items"))?;
    items.try_iter()?.map(|item| item?.extract()).collect()
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
        let mut call = Call::new(operation);
        let entries = entries(arguments)?;
        self.check_members(input, arguments, &entries)?;
        let mut body_members = input
            .members
            .iter()
            .any(|member| member.location == Location::Body);
        let mut payload = None;
        self.json.open_object();
        for (name, value) in entries {
            let Some(member) = name
                .cast::<PyString>()
                .ok()
                .and_then(|name| input.member(name.to_str().ok()?))
            else {
                if !self.check {
                    self.prompt = true;
                    self.write_entry(&name, &value)?;
                    body_members = true;
                }
                continue;
            };
            self.path.push(Step::Member(member.name));
            self.prompt = checks::is_prompt(operation.service, member);
            match member.location {
                // botocore leaves out an argument that is `None`, and writes null in what arguments hold.
                Location::Body
                    if value.is_none() && matches!(member.shape.kind, Kind::Document) => {}
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
            if arguments.contains(member.name)? {
                continue;
            }
            let token = uuid::Uuid::new_v4().to_string();
            if member.location == Location::Body {
                self.json.key(member.name);
                self.json.text(&token);
            } else {
                call.located.push((member.location, token));
            }
        }
        self.json.close_object();
        let has_payload = input
            .members
            .iter()
            .any(|member| member.location == Location::Payload);
        if has_payload {
            call.body = payload.unwrap_or_default();
        } else if body_members {
            call.body = Bytes::from(std::mem::take(&mut self.json).into_bytes());
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
        let (mark, errors) = (self.json.mark(), self.report.len());
        self.write(shape, value)?;
        self.json.back_to(&mark);
        if self.report.len() > errors {
            return Ok(());
        }
        if let Kind::List(element) = &shape.kind {
            for item in value.try_iter()? {
                let text = self.located_text(element, &item?)?;
                call.located.extend(text.map(|text| (location, text)));
            }
        } else {
            let text = self.located_text(shape, value)?;
            call.located.extend(text.map(|text| (location, text)));
        }
        Ok(())
    }

    /// A member that is the whole body: text and files as they are.
    fn payload(&mut self, shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<Option<Bytes>> {
        if let Kind::Blob = shape.kind {
            return Ok(self.bytes(value)?.map(|bytes| bytes.into_owned().into()));
        }
        let rest = std::mem::take(&mut self.json);
        self.write(shape, value)?;
        let written = std::mem::replace(&mut self.json, rest);
        Ok(Some(Bytes::from(written.into_bytes())))
    }

    /// A value as it goes into a path, a query or a header.
    fn located_text(
        &mut self,
        shape: &Shape,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<Option<String>> {
        if let Kind::Timestamp = shape.kind {
            return timestamp(value);
        }
        if let Ok(flag) = value.cast::<PyBool>() {
            // boto3 writes a bool in a number's place as Python shows it.
            let shown = if flag.is_true() { "True" } else { "False" };
            let word = matches!(shape.kind, Kind::Boolean).then(|| writer::word(flag));
            return Ok(Some(word.unwrap_or(shown).into()));
        }
        if let Ok(number) = value.cast::<PyInt>() {
            return writer::digits(number).map(Some);
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(self.utf8(text).map(str::to_owned));
        }
        // Arguments that nobody checks.
        Ok(self.utf8(&value.str()?).map(str::to_owned))
    }

    /// Text that leaves as bytes: JSON has a way to write half a surrogate pair, nothing else has.
    fn utf8<'a>(&mut self, text: &'a Bound<'_, PyString>) -> Option<&'a str> {
        let utf8 = text.to_str().ok();
        if utf8.is_none() {
            let name = self.name();
            self.report.push(format!(
                "Invalid value for parameter {name}: it has half a surrogate pair, which is no text"
            ));
        }
        utf8
    }
}
