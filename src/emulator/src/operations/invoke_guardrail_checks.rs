//! `InvokeGuardrailChecks`: scores for texts without a guardrail; nothing is blocked or masked.

use serde_json::{Map, Value, json};

use super::Call;
use super::apply_guardrail::UNIT;
use crate::error::ServiceError;
use crate::guardrail::{content, patterns};
use crate::http::Answer;

/// A pattern that fits is as sure as it gets.
const CONFIDENCE: f64 = 1.0;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let checks = call.input["checks"].as_object();
    let checks = checks.filter(|checks| !checks.is_empty()).ok_or_else(|| {
        ServiceError::validation("At least one check must be specified in the request.")
    })?;
    let texts = texts(&call.input["messages"]);
    let length: usize = texts.iter().map(|(_, _, text)| text.chars().count()).sum();
    let (mut results, mut usage) = (Map::new(), Map::new());
    for (check, config) in checks {
        let found = if check == "sensitiveInformation" {
            json!({"results": personal_data(config, &texts), "truncated": false})
        } else {
            json!({"results": severities(config, &texts)})
        };
        results.insert(check.clone(), found);
        usage.insert(check.clone(), json!({"textUnits": length.div_ceil(UNIT)}));
    }
    Ok(call.answer(200, &json!({"results": results, "usage": usage})))
}

/// Every text with the numbers of its message and its block.
fn texts(messages: &Value) -> Vec<(usize, usize, &str)> {
    let mut texts = Vec::new();
    for (message, said) in messages.as_array().into_iter().flatten().enumerate() {
        for (block, content) in said["content"].as_array().into_iter().flatten().enumerate() {
            texts.extend(content["text"].as_str().map(|text| (message, block, text)));
        }
    }
    texts
}

fn severities(config: &Value, texts: &[(usize, usize, &str)]) -> Vec<Value> {
    let lower: Vec<String> = texts.iter().map(|(.., text)| text.to_lowercase()).collect();
    let categories = config["categories"].as_array().into_iter().flatten();
    categories
        .map(|wanted| {
            let category = wanted["category"].as_str().unwrap_or_default();
            let scores = lower.iter().map(|text| content::severity(category, text));
            json!({"category": category, "severityScore": scores.fold(0.0, f64::max)})
        })
        .collect()
}

/// Where personal data stands, in characters of its block.
fn personal_data(config: &Value, texts: &[(usize, usize, &str)]) -> Vec<Value> {
    let entities = config["entities"].as_array().into_iter().flatten();
    let kinds: Vec<&str> = entities
        .filter_map(|entity| entity["type"].as_str())
        .collect();
    let mut found = Vec::new();
    for (message, block, text) in texts {
        for (kind, pattern) in kinds
            .iter()
            .filter_map(|kind| Some((kind, patterns::of(kind)?)))
        {
            for place in pattern.find_iter(text) {
                let begin = text[..place.start()].chars().count();
                found.push(json!({
                    "type": kind,
                    "confidenceScore": CONFIDENCE,
                    "beginOffset": begin,
                    "endOffset": begin + place.as_str().chars().count(),
                    "messageIndex": message,
                    "contentIndex": block,
                }));
            }
        }
    }
    found
}
