//! Python arguments → an HTTP call, by the shapes of the operation table.
//!
//! One walk checks and writes at once. It goes on after an error, so that one report names all of them, in botocore's
//! words.

mod checks;
mod documents;
mod values;

use bytes::Bytes;
use outcrop_client::{
    call::Call,
    model::{Kind, Location, Operation, Shape},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

use values::timestamp;

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
        let mut call = Call::new(operation);
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
}

/// A value as it goes into a path, a query or a header.
fn located_text(shape: &Shape, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match shape.kind {
        Kind::Boolean => Ok(value.str()?.to_str()?.to_lowercase()),
        Kind::Timestamp => Ok(timestamp(value)?.unwrap_or_default()),
        _ => Ok(value.str()?.to_str()?.to_owned()),
    }
}
