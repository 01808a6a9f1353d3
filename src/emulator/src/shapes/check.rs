//! Walks a request along its shape and gathers every constraint it breaks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::model::{Kind, Service, Shape};
use super::serialization;
use crate::error::ServiceError;

/// Identifiers whose form is judged by what they name, with texts of their own.
const IDENTIFIERS: &[&str] = &[
    "modelId",
    "modelIdentifier",
    "inferenceProfileIdentifier",
    "guardrailIdentifier",
    "promptRouterArn",
    "jobIdentifier",
    "invocationArn",
    "resourceARN",
];

/// Values of `toolUse.type` that the API does not list: Claude's answers have one, and clients send answers back whole.
const UNLISTED: &[&str] = &["tool_use"];

struct Check<'a> {
    service: &'a Service,
    broken: Vec<String>,
}

/// Checks a whole input; nulls are removed, since they mean the same as absence.
pub fn input(service: &Service, shape: &Shape, value: &mut Value) -> Result<(), ServiceError> {
    let mut check = Check {
        service,
        broken: Vec::new(),
    };
    check.structure(shape, value, "")?;
    let number = check.broken.len();
    if number == 0 {
        return Ok(());
    }
    let errors = if number == 1 { "error" } else { "errors" };
    Err(ServiceError::validation(format!(
        "{number} validation {errors} detected: {}",
        check.broken.join("; ")
    )))
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

impl Check<'_> {
    fn value(&mut self, shape: &Shape, value: &mut Value, path: &str) -> Result<(), ServiceError> {
        match shape.kind {
            Kind::Document => Ok(()),
            Kind::Structure | Kind::Union => self.structure(shape, value, path),
            Kind::List => self.list(shape, value, path),
            Kind::Map => self.map(shape, value, path),
            Kind::String => self.string(shape, value, path),
            Kind::Blob => self.blob(shape, value, path),
            Kind::Boolean if value.is_boolean() => Ok(()),
            Kind::Integer | Kind::Long | Kind::Float | Kind::Double => {
                self.number(shape, value, path)
            }
            Kind::Timestamp if value.is_string() || value.is_number() => Ok(()),
            Kind::Boolean => Err(serialization(&format!(
                "{} can not be converted to a Boolean",
                kind_of(value)
            ))),
            Kind::Timestamp => Err(serialization(&format!(
                "{} can not be converted to a Timestamp",
                kind_of(value)
            ))),
        }
    }

    fn structure(
        &mut self,
        shape: &Shape,
        value: &mut Value,
        path: &str,
    ) -> Result<(), ServiceError> {
        let Value::Object(members) = value else {
            return Err(serialization("Unexpected field type"));
        };
        members.retain(|_, member| !member.is_null());
        for required in &shape.required {
            if !members.contains_key(required) {
                let path = join(path, required);
                self.broken.push(format!(
                    "Value at '{path}' failed to satisfy constraint: Member must not be null"
                ));
            }
        }
        let mut known = 0;
        for (name, member) in members.iter_mut() {
            let Some(description) = shape.members.get(name) else {
                continue;
            };
            known += 1;
            let member_shape = self.service.shape(&description.shape);
            if IDENTIFIERS.contains(&name.as_str()) && member.is_string() {
                continue;
            }
            self.value(member_shape, member, &join(path, name))?;
        }
        if shape.kind == Kind::Union && known != 1 {
            return Err(ServiceError::validation(format!(
                "The value at {} is invalid. Provide exactly one of {} and try again.",
                dotted(path),
                shape.members.keys().cloned().collect::<Vec<_>>().join(", "),
            )));
        }
        Ok(())
    }

    fn list(&mut self, shape: &Shape, value: &mut Value, path: &str) -> Result<(), ServiceError> {
        let Value::Array(members) = value else {
            return Err(serialization("Unexpected field type"));
        };
        self.length(shape, members.len(), None, path);
        let member_shape = self
            .service
            .shape(shape.member.as_deref().unwrap_or_default());
        for (index, member) in members.iter_mut().enumerate() {
            self.value(
                member_shape,
                member,
                &format!("{path}.{}.member", index + 1),
            )?;
        }
        Ok(())
    }

    fn map(&mut self, shape: &Shape, value: &mut Value, path: &str) -> Result<(), ServiceError> {
        let Value::Object(entries) = value else {
            return Err(serialization("Unexpected field type"));
        };
        self.length(shape, entries.len(), None, path);
        let key_shape = self.service.shape(shape.key.as_deref().unwrap_or_default());
        let value_shape = self
            .service
            .shape(shape.value.as_deref().unwrap_or_default());
        for (key, member) in entries.iter_mut() {
            self.string(key_shape, &Value::String(key.clone()), path)?;
            self.value(value_shape, member, &format!("{path}.{key}.member"))?;
        }
        Ok(())
    }

    fn string(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<(), ServiceError> {
        let Value::String(text) = value else {
            return Err(serialization(&format!(
                "{} can not be converted to a String",
                kind_of(value)
            )));
        };
        let shown = (!shape.sensitive).then_some(text.as_str());
        // A video's media type is taken for its format.
        let named = text.strip_prefix("video/").unwrap_or(text);
        let unlisted = UNLISTED.contains(&text.as_str()) && path.ends_with("toolUse.type");
        if !shape.values.is_empty() && !unlisted && !shape.values.iter().any(|value| value == named)
        {
            let allowed = shape.values.join(", ");
            self.fails(
                shown,
                path,
                &format!("Member must satisfy enum value set: [{allowed}]"),
            );
        }
        if shape.min.is_some() || shape.max.is_some() {
            self.length(shape, text.chars().count(), shown, path);
        }
        if let Some(pattern) = shape.broken_pattern(text) {
            self.fails(
                shown,
                path,
                &format!("Member must satisfy regular expression pattern: {pattern}"),
            );
        }
        Ok(())
    }

    fn blob(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<(), ServiceError> {
        let Value::String(text) = value else {
            return Err(serialization(&format!(
                "{} can not be converted to a Blob",
                kind_of(value)
            )));
        };
        let Ok(bytes) = STANDARD.decode(text) else {
            return Err(serialization("Expected base64-encoded binary data"));
        };
        self.length(shape, bytes.len(), None, path);
        Ok(())
    }

    fn number(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<(), ServiceError> {
        let whole = matches!(shape.kind, Kind::Integer | Kind::Long);
        let Some(number) = value.as_f64() else {
            let wanted = if whole { "an Integer" } else { "a Float" };
            return Err(serialization(&format!(
                "{} can not be converted to {wanted}",
                kind_of(value)
            )));
        };
        let shown = value.to_string();
        if shape.min.is_some_and(|least| number < least) {
            let least = shape.min.unwrap_or_default();
            self.fails(
                Some(&shown),
                path,
                &format!("Member must have value greater than or equal to {least}"),
            );
        }
        if shape.max.is_some_and(|greatest| number > greatest) {
            let greatest = shape.max.unwrap_or_default();
            self.fails(
                Some(&shown),
                path,
                &format!("Member must have value less than or equal to {greatest}"),
            );
        }
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths are far below the point where a float loses whole numbers"
    )]
    fn length(&mut self, shape: &Shape, length: usize, shown: Option<&str>, path: &str) {
        let length = length as f64;
        if let Some(least) = shape.min.filter(|least| length < *least) {
            self.fails(
                shown,
                path,
                &format!("Member must have length greater than or equal to {least}"),
            );
        }
        if let Some(greatest) = shape.max.filter(|greatest| length > *greatest) {
            self.fails(
                shown,
                path,
                &format!("Member must have length less than or equal to {greatest}"),
            );
        }
    }

    fn fails(&mut self, shown: Option<&str>, path: &str, constraint: &str) {
        let value = shown.map_or("Value".to_owned(), |text| format!("Value '{text}'"));
        self.broken.push(format!(
            "{value} at '{path}' failed to satisfy constraint: {constraint}"
        ));
    }
}

/// `messages.1.member.content.2.member` → `messages.0.content.1`, the spelling of the errors that Converse itself raises.
fn dotted(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let mut out: Vec<String> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if *part == "member" {
            continue;
        }
        let before_member = parts.get(index + 1) == Some(&"member");
        match part.parse::<usize>() {
            Ok(number) if before_member => out.push((number - 1).to_string()),
            _ => out.push((*part).to_owned()),
        }
    }
    out.join(".")
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::shapes::{Sources, input};

    fn converse(body: Value) -> Result<Value, ServiceError> {
        let labels = [("modelId", "amazon.nova-lite-v1:0".to_owned())];
        let headers = HeaderMap::new();
        input(
            "Converse",
            Sources {
                labels: &labels,
                query: "",
                headers: &headers,
                body: Some(body),
            },
        )
    }

    #[test]
    fn a_good_request_passes_with_its_labels() {
        let body = json!({"messages": [{"role": "user", "content": [{"text": "hi"}]}], "system": null, "new": 1});
        let input = converse(body).unwrap();
        assert_eq!(input["modelId"], "amazon.nova-lite-v1:0");
        assert!(input.get("system").is_none());
    }

    #[test]
    fn every_broken_constraint_is_told() {
        let body = json!({
            "messages": [{"role": "robot", "content": [{"text": "hi"}]}],
            "inferenceConfig": {"maxTokens": 0, "temperature": 5.0},
            "toolConfig": {"tools": []},
        });
        let error = converse(body).unwrap_err();
        assert_eq!(error.code, "ValidationException");
        assert!(
            error.message.starts_with("4 validation errors detected: "),
            "{}",
            error.message
        );
        for part in [
            "Value 'robot' at 'messages.1.member.role' failed to satisfy constraint: Member must satisfy enum value set: [",
            "Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1",
            "Value at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ] {
            assert!(
                error.message.contains(part),
                "{part} is not in {}",
                error.message
            );
        }
    }

    #[test]
    fn wrong_types_cannot_be_read() {
        let error = converse(json!({"messages": "hi"})).unwrap_err();
        assert_eq!(error.code, "SerializationException");
        let error = converse(json!({"messages": [{"role": 5, "content": []}]})).unwrap_err();
        assert_eq!(
            error.message,
            "NUMBER_VALUE can not be converted to a String"
        );
    }

    #[test]
    fn a_union_has_one_member() {
        let error = converse(json!({"messages": [{"role": "user", "content": [{"txt": "hi"}]}]}))
            .unwrap_err();
        assert!(
            error
                .message
                .starts_with("The value at messages.0.content.0 is invalid."),
            "{}",
            error.message
        );
    }
}
