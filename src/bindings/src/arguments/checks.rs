//! What is wrong with the arguments, in botocore's words.

use outcrop_client::model::{Shape, Structure};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

use super::{Entries, Step, Walk};

/// How much of a wrong value is quoted: enough to recognise it, not a whole prompt or picture.
const QUOTED: usize = 1000;

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
                    shown(name),
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
            shown(value),
            value.get_type().str()?,
        ));
        Ok(())
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
pub(super) fn shown(value: &Bound<'_, PyAny>) -> String {
    let Ok(text) = value.str() else {
        return "(it cannot be shown)".into();
    };
    let text = text.to_string_lossy();
    match text.char_indices().nth(QUOTED) {
        None => text.into_owned(),
        Some((at, _)) => format!("{}… ({} characters)", &text[..at], text.chars().count()),
    }
}
