//! `ApplyGuardrail`: what a guardrail makes of texts, without a model.

use serde_json::{Map, Value, json};

use super::{Call, guardrails};
use crate::error::ServiceError;
use crate::guardrail::{Assessment, Guardrail, Source};
use crate::http::Answer;

/// Characters that one unit of a policy covers.
pub(super) const UNIT: usize = 1_000;
const UNITS: &[&str] = &[
    "topicPolicyUnits",
    "contentPolicyUnits",
    "wordPolicyUnits",
    "sensitiveInformationPolicyUnits",
    "sensitiveInformationPolicyFreeUnits",
    "contextualGroundingPolicyUnits",
];

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let guardrail = guardrails::named(
        call,
        call.text("guardrailIdentifier"),
        call.text("guardrailVersion"),
    );
    let guardrail = guardrail.ok_or_else(missing)?;
    let source = if call.text("source") == "INPUT" {
        Source::Input
    } else {
        Source::Output
    };
    let content = call.input["content"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let texts = content
        .iter()
        .filter_map(|block| block.pointer("/text/text").and_then(Value::as_str));
    let texts: Vec<&str> = texts.collect();
    let whole = texts.join("\n");
    let assessment = guardrail.assess(&whole, source);
    let mut outputs: Vec<Value> = Vec::new();
    if assessment.blocked {
        outputs.push(json!({"text": guardrail.blocked_message(source)}));
    } else if assessment.masked.is_some() {
        for text in &texts {
            let masked = guardrail.assess(text, source).masked;
            outputs.push(json!({"text": masked.as_deref().unwrap_or(text)}));
        }
    }
    let action = if assessment.intervened() {
        "GUARDRAIL_INTERVENED"
    } else {
        "NONE"
    };
    let length = whole.chars().count();
    let body = json!({
        "usage": usage(&assessment, length),
        "action": action,
        "actionReason": assessment.reason(),
        "outputs": outputs,
        "assessments": [described(&guardrail, call, &assessment, length)],
        "guardrailCoverage": {"textCharacters": {"guarded": length, "total": length}},
    });
    Ok(call.answer(200, &body))
}

/// The refusal of a guardrail that is not there, in the runtime's words.
pub(super) fn missing() -> ServiceError {
    ServiceError::validation(
        "The guardrail identifier or version provided in the request does not exist.",
    )
}

fn usage(assessment: &Assessment, length: usize) -> Map<String, Value> {
    let each = length.div_ceil(UNIT).max(1);
    UNITS
        .iter()
        .map(|unit| {
            let used = if assessment.units.contains(unit) {
                each
            } else {
                0
            };
            ((*unit).to_owned(), json!(used))
        })
        .collect()
}

/// An assessment as the API shows it.
pub(super) fn described(
    guardrail: &Guardrail,
    call: &Call<'_>,
    assessment: &Assessment,
    length: usize,
) -> Value {
    let mut shown = Value::Object(assessment.findings.clone());
    shown["invocationMetrics"] = json!({
        "guardrailProcessingLatency": 1,
        "usage": usage(assessment, length),
        "guardrailCoverage": {"textCharacters": {"guarded": length, "total": length}},
    });
    shown["appliedGuardrailDetails"] = json!({
        "guardrailId": guardrail.id,
        "guardrailVersion": guardrail.version,
        "guardrailArn": call.owned_arn("guardrail", &guardrail.id),
        "guardrailOwnership": "SELF",
        "guardrailOrigin": ["REQUEST"],
    });
    shown
}
