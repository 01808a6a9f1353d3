//! What is wrong with the arguments, in botocore's words.

use outcrop_client::{
    model::{Location, Member, Service, Shape, Structure},
    shown,
};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyByteArray, PyBytes, PyDict, PyList, PyString, PyTuple},
};

use super::{Entries, Step, Walk};

/// The members of a body of `bedrock-runtime` that are settings. What any other has may be a prompt.
const SETTINGS: [&str; 11] = [
    "additionalModelResponseFieldPaths",
    "clientRequestToken",
    "guardrailConfig",
    "inferenceConfig",
    "modelId",
    "outputDataConfig",
    "outputScope",
    "performanceConfig",
    "serviceTier",
    "source",
    "tags",
];

/// Whether a member of the arguments may hold a prompt, of which no error shows anything.
pub(super) fn is_prompt(service: Service, member: &Member) -> bool {
    service == Service::BedrockRuntime
        && matches!(member.location, Location::Body | Location::Payload)
        && !SETTINGS.contains(&member.name)
}

impl Walk {
    pub(super) fn check_members(
        &mut self,
        structure: &Structure,
        dict: &Bound<'_, PyDict>,
        entries: &Entries<'_>,
    ) -> PyResult<()> {
        if !self.check {
            return Ok(());
        }
        for member in structure
            .members
            .iter()
            .filter(|member| member.required && !member.idempotency_token)
        {
            if !dict
                .as_any()
                .contains(crate::json::key(dict.py(), member))?
            {
                let name = self.name();
                self.report.push(format!(
                    "Missing required parameter in {name}: \"{}\"",
                    member.name
                ));
            }
        }
        for (name, _) in entries {
            let known = name
                .cast::<PyString>()
                .ok()
                .and_then(|name| structure.member(name.to_str().ok()?));
            if known.is_none() {
                let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
                self.report.push(format!(
                    "Unknown parameter in {}: \"{}\", must be one of: {}",
                    self.name(),
                    plain(name),
                    names.join(", ")
                ));
            }
        }
        Ok(())
    }

    pub(super) fn check_length(&mut self, shape: &Shape, length: impl Fn() -> usize) {
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

    pub(super) fn wrong_type(&mut self, value: &Bound<'_, PyAny>, valid: &str) -> PyResult<()> {
        if !self.check {
            return self.write_document(value, "");
        }
        self.report.push(format!(
            "Invalid type for parameter {}, value: {}, type: {}, valid types: {valid}",
            self.name(),
            self.shown(value),
            value.get_type().str()?,
        ));
        Ok(())
    }

    /// A value for an error; of what may be a prompt, how long it is.
    pub(super) fn shown(&self, value: &Bound<'_, PyAny>) -> String {
        if !self.prompt || is_no_text(value) {
            return plain(value);
        }
        // `len` of another class may say or do anything.
        let sized = value.is_instance_of::<PyString>()
            || value.is_instance_of::<PyBytes>()
            || value.is_instance_of::<PyByteArray>()
            || value.is_instance_of::<PyDict>()
            || value.is_instance_of::<PyList>()
            || value.is_instance_of::<PyTuple>();
        match sized.then(|| value.len()) {
            Some(Ok(length)) => format!("(not shown, length {length})"),
            _ => "(not shown)".into(),
        }
    }

    /// botocore's name of where the walk is: `messages[0].content`.
    pub(super) fn name(&self) -> String {
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

/// A value as `str` shows it, cut where it is long.
pub(super) fn plain(value: &Bound<'_, PyAny>) -> String {
    match value.str() {
        Ok(text) => shown::text(&text.to_string_lossy()).into_owned(),
        Err(_) => "(it cannot be shown)".into(),
    }
}

/// A number, a date or nothing, by its class.
fn is_no_text(value: &Bound<'_, PyAny>) -> bool {
    static NUMBER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static DATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = value.py();
    let is = |cell: &PyOnceLock<Py<PyAny>>, module, class| {
        let class = cell.import(py, module, class);
        class.is_ok_and(|class| value.is_instance(class).unwrap_or(false))
    };
    value.is_none() || is(&NUMBER, "numbers", "Number") || is(&DATE, "datetime", "date")
}
