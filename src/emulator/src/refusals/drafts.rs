//! Schemas of tools that are none: Claude reads JSON Schema draft 2020-12, and looks at every keyword of it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::view::Asked;

const TYPES: &[&str] = &[
    "array", "boolean", "integer", "null", "number", "object", "string",
];

pub fn schemas(asked: &Asked<'_>) -> Option<String> {
    let found = asked.tools().find(|tool| !is_schema(tool.schema))?;
    Some(format!(
        "tools.{}.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 \
         (https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.",
        found.index
    ))
}

/// Names of a tool's arguments.
pub fn property_keys(asked: &Asked<'_>) -> Option<String> {
    let unfit = |schema: &Value| {
        let names = schema.get("properties").and_then(Value::as_object);
        names.is_some_and(|names| !names.keys().all(|name| is_key(name)))
    };
    let found = asked.tools().find(|tool| unfit(tool.schema))?;
    Some(format!(
        "tools.{}.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{{1,64}}$'",
        found.index
    ))
}

fn is_key(name: &str) -> bool {
    let taken = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    (1..=64).contains(&name.len()) && name.chars().all(taken)
}

fn is_schema(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Object(members) => members.iter().all(|(name, value)| is_keyword(name, value)),
        _ => false,
    }
}

/// Whether a keyword has a value of its kind; what is no keyword may have any.
fn is_keyword(name: &str, value: &Value) -> bool {
    let count = |value: &Value| {
        value
            .as_f64()
            .is_some_and(|it| it >= 0.0 && it.fract() == 0.0)
    };
    match name {
        "additionalProperties"
        | "contains"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => is_schema(value),
        "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => {
            value.as_object().is_some_and(are_schemas)
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => value
            .as_array()
            .is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(is_schema)),
        "type" => match value {
            Value::Array(names) => !names.is_empty() && names.iter().all(is_type) && differ(names),
            one => is_type(one),
        },
        "required" => value
            .as_array()
            .is_some_and(|names| names.iter().all(Value::is_string) && differ(names)),
        "enum" | "examples" => value.is_array(),
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => value.is_number(),
        "multipleOf" => value.as_f64().is_some_and(|it| it > 0.0),
        "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "minContains" | "minItems"
        | "minLength" | "minProperties" => count(value),
        "deprecated" | "readOnly" | "uniqueItems" | "writeOnly" => value.is_boolean(),
        "$anchor" | "$comment" | "$id" | "$ref" | "$schema" | "description" | "format"
        | "pattern" | "title" => value.is_string(),
        _ => true,
    }
}

fn are_schemas(members: &Map<String, Value>) -> bool {
    members.values().all(is_schema)
}

fn is_type(value: &Value) -> bool {
    value.as_str().is_some_and(|name| TYPES.contains(&name))
}

fn differ(values: &[Value]) -> bool {
    let mut seen = HashSet::new();
    values.iter().all(|value| seen.insert(value.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_schema;

    #[test]
    fn keywords_have_values_of_their_kind() {
        for good in [
            json!(true),
            json!({"type": ["string", "null"], "enum": [], "default": null, "nullable": true, "id": "x"}),
            json!({"properties": {"type": {"minimum": 0, "exclusiveMinimum": 0}}, "dependencies": 1}),
            json!({"$ref": "#/definitions/a", "definitions": {"a": {"prefixItems": [{}], "items": false}}}),
        ] {
            assert!(is_schema(&good), "{good}");
        }
        for bad in [
            json!("string"),
            json!({"properties": {"a": {"exclusiveMinimum": true}}}),
            json!({"properties": {"a": {"required": true}}}),
            json!({"items": [{"type": "string"}]}),
            json!({"anyOf": []}),
            json!({"type": "any"}),
            json!({"type": null}),
            json!({"required": ["a", "a"]}),
            json!({"properties": {"a": "string"}}),
            json!({"description": null}),
        ] {
            assert!(!is_schema(&bad), "{bad}");
        }
    }
}
