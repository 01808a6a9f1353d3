//! What is wrong with the arguments, in botocore's words.

use outcrop_client::model::{Shape, Structure};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

use super::{Step, Walk};

impl Walk {
    pub(super) fn check_members(
        &mut self,
        structure: &Structure,
        dict: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
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
            value.str()?,
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
