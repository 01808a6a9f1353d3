//! Numbers and members of `InvokeModel`'s bodies, as the guides of AWS and of the models' providers bound them.

use serde_json::Value;

use super::view::Asked;
use crate::error::malformed;

/// A number of a body, and what it lies between.
type Range = (&'static str, f64, f64);

const LLAMA: &[Range] = &[("temperature", 0.0, 1.0), ("top_p", 0.0, 1.0)];
const MISTRAL: &[Range] = &[
    ("temperature", 0.0, 1.0),
    ("top_p", 0.0, 1.0),
    ("top_k", 0.0, 200.0),
];
const DEEPSEEK: &[Range] = &[
    ("temperature", 0.0, 1.0),
    ("top_p", 0.0, 1.0),
    ("max_tokens", 1.0, 32_768.0),
];
const NOVA: &[Range] = &[
    ("inferenceConfig/temperature", 0.0, 1.0),
    ("inferenceConfig/topP", 0.0, 1.0),
    ("inferenceConfig/topK", 0.0, 128.0),
];

fn beyond(asked: &Asked<'_>, ranges: &[Range]) -> Option<String> {
    ranges.iter().find_map(|(name, least, most)| {
        let given = asked.input.pointer(&format!("/{name}"))?;
        let number = given.as_f64()?;
        if number > *most {
            Some(malformed(&format!(
                "#/{name}: {given} is not less or equal to {most}"
            )))
        } else if number < *least {
            Some(malformed(&format!(
                "#/{name}: {given} is not greater or equal to {least}"
            )))
        } else {
            None
        }
    })
}

pub fn llama(asked: &Asked<'_>) -> Option<String> {
    beyond(asked, LLAMA)
}

/// Mistral's prompts take ten stop sequences.
pub fn mistral(asked: &Asked<'_>) -> Option<String> {
    let stops = asked.prompt.stop_sequences.len();
    let many = asked.input.get("prompt").is_some() && stops > 10;
    let text = format!("#/stop: expected maximum item count: 10, found: {stops}");
    beyond(asked, MISTRAL).or_else(|| many.then(|| malformed(&text)))
}

pub fn deepseek(asked: &Asked<'_>) -> Option<String> {
    beyond(asked, DEEPSEEK)
}

pub fn nova(asked: &Asked<'_>) -> Option<String> {
    let system = asked.input.get("system");
    let text = system.is_some_and(Value::is_string);
    beyond(asked, NOVA)
        .or_else(|| text.then(|| malformed("#/system: expected type: JSONArray, found: String")))
}

/// What Anthropic's messages say of settings that are none.
pub fn claude(asked: &Asked<'_>) -> Option<String> {
    let outside = |name: &&str| {
        let number = asked.input.get(name).and_then(Value::as_f64);
        number.is_some_and(|number| !(0.0..=1.0).contains(&number))
    };
    if let Some(name) = ["temperature", "top_p"].into_iter().find(outside) {
        return Some(format!("{name}: range: 0..1"));
    }
    let stops = asked.input.get("stop_sequences");
    if stops.is_some_and(|stops| !stops.is_null() && !stops.is_array()) {
        return Some("stop_sequences: Input should be a valid list".to_owned());
    }
    if let Some(found) = without_schema(asked) {
        return Some(found);
    }
    let choice = asked.input.get("tool_choice").filter(|it| !it.is_null())?;
    let tools = asked.input.get("tools").and_then(Value::as_array);
    let tools = tools.filter(|tools| !tools.is_empty());
    let Some(tools) = tools else {
        return (choice.get("type")? != "none").then(|| {
            "tool_choice: tool_choice may only be specified while providing tools.".to_owned()
        });
    };
    let name = choice.get("name").filter(|_| choice["type"] == "tool")?;
    let known = tools.iter().any(|tool| tool.get("name") == Some(name));
    (!known).then(|| {
        format!(
            "tool_choice.tool.name: Tool '{}' not found in provided tools",
            name.as_str().unwrap_or_default()
        )
    })
}

/// A tool of the caller's that has no schema.
fn without_schema(asked: &Asked<'_>) -> Option<String> {
    let tools = asked.input.get("tools")?.as_array()?;
    let index = tools.iter().position(|tool| {
        let own = tool.get("type").is_none_or(|kind| kind == "custom");
        own && tool.get("input_schema").is_none()
    })?;
    Some(format!("tools.{index}.custom.input_schema: Field required"))
}
