//! Schemas that an answer must fit word by word: Claude's decoder knows only some of JSON Schema.

use serde_json::{Map, Value};

use super::view::Asked;

pub fn native(asked: &Asked<'_>) -> Option<String> {
    let unfit = unfit(asked.prompt.schema.as_ref()?)?;
    Some(format!("output_config.format.schema: {unfit}"))
}

pub fn strict_tools(asked: &Asked<'_>) -> Option<String> {
    asked.tools().filter(|tool| tool.strict).find_map(|tool| {
        let unfit = unfit(tool.schema)?;
        Some(format!("tools.{}.custom: {unfit}", tool.index))
    })
}

/// What the decoder does not know in a schema or below it.
fn unfit(schema: &Value) -> Option<String> {
    let schema = schema.as_object()?;
    let own = schema.get("type").and_then(|kind| match kind {
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find_map(|kind| unfit_as(schema, kind)),
        kind => unfit_as(schema, kind.as_str()?),
    });
    own.or_else(|| below(schema).find_map(unfit))
}

fn below(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let named = ["properties", "$defs", "definitions"]
        .into_iter()
        .filter_map(|name| schema.get(name)?.as_object());
    let listed = ["anyOf", "oneOf", "allOf", "prefixItems"]
        .into_iter()
        .filter_map(|name| schema.get(name)?.as_array());
    let items = schema.get("items").into_iter();
    named
        .flat_map(Map::values)
        .chain(listed.flatten())
        .chain(items)
}

fn unfit_as(schema: &Map<String, Value>, kind: &str) -> Option<String> {
    let limits: &[&str] = match kind {
        "integer" | "number" => &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maximum",
            "minimum",
            "multipleOf",
        ],
        "array" => &["maxItems", "uniqueItems"],
        "string" => &["maxLength"],
        _ => &[],
    };
    let found: Vec<&str> = limits
        .iter()
        .copied()
        .filter(|name| schema.contains_key(*name))
        .collect();
    match found.as_slice() {
        [] => {}
        [one] => {
            return Some(format!(
                "For '{kind}' type, property '{one}' is not supported"
            ));
        }
        many => {
            return Some(format!(
                "For '{kind}' type, properties {} are not supported",
                many.join(", ")
            ));
        }
    }
    if kind == "array"
        && schema
            .get("minItems")
            .and_then(Value::as_u64)
            .is_some_and(|least| least > 1)
    {
        return Some(
            "For 'array' type, 'minItems' values other than 0 or 1 are not supported".to_owned(),
        );
    }
    if kind != "object" {
        return None;
    }
    match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(Value::Object(_)) => Some(
            "For 'object' type, 'additionalProperties: object' is not supported. Please set 'additionalProperties' to false"
                .to_owned(),
        ),
        _ => Some("For 'object' type, 'additionalProperties' must be explicitly set to false".to_owned()),
    }
}
