//! `ApplyGuardrail`: what a guardrail makes of texts, without a model.

use serde_json::{Map, Value, json};

use super::{Call, guardrails};
use crate::error::ServiceError;
use crate::guardrail::{Assessment, Beside, Guardrail, Source};
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
    "automatedReasoningPolicyUnits",
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
    let mut beside = Beside::default();
    let texts = beside.read(content.iter());
    let whole = texts.join("\n");
    let mut assessment = guardrail.assess(&whole, source);
    if source == Source::Output {
        guardrail.ground(&whole, &beside, &mut assessment);
    }
    if call.text("outputScope") == "FULL" {
        guardrail.add_undetected(&mut assessment);
    }
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
    let mut body = json!({
        "usage": usage(&assessment, length, &beside),
        "action": action,
        "actionReason": assessment.reason(),
        "output": outputs, // twice: the API's own name of it is the other
        "outputs": outputs,
        "assessments": [described(&guardrail, call, &assessment, length, &beside)],
        "guardrailCoverage": coverage(&assessment, length, &beside),
    });
    if assessment.blocked {
        body["blockedResponse"] = json!(guardrail.blocked_message(source));
    }
    Ok(call.answer(200, &body))
}

/// The refusal of a guardrail that is not there, in the runtime's words.
pub(super) fn missing() -> ServiceError {
    ServiceError::validation(
        "The guardrail identifier or version provided in the request does not exist.",
    )
}

fn usage(assessment: &Assessment, length: usize, beside: &Beside) -> Map<String, Value> {
    let each = length.div_ceil(UNIT).max(1);
    let mut used: Map<String, Value> = UNITS
        .iter()
        .map(|unit| {
            let units = if !assessment.units.contains(unit) {
                0
            } else if *unit == "contextualGroundingPolicyUnits" {
                (length + beside.length()).div_ceil(UNIT).max(1)
            } else {
                each
            };
            ((*unit).to_owned(), json!(units))
        })
        .collect();
    used.insert(
        "contentPolicyImageUnits".to_owned(),
        json!(guarded_images(assessment, beside)),
    );
    used.insert(
        "automatedReasoningPolicies".to_owned(),
        json!(assessment.reasoning_policies),
    );
    used
}

/// Images are a matter of content filters alone.
fn guarded_images(assessment: &Assessment, beside: &Beside) -> usize {
    if assessment.units.contains(&"contentPolicyUnits") {
        beside.images
    } else {
        0
    }
}

fn coverage(assessment: &Assessment, length: usize, beside: &Beside) -> Value {
    let total = length + beside.length();
    let mut covered = json!({"textCharacters": {"guarded": length, "total": total}});
    if beside.images > 0 {
        let guarded = guarded_images(assessment, beside);
        covered["images"] = json!({"guarded": guarded, "total": beside.images});
    }
    covered
}

/// An assessment as the API shows it.
pub(super) fn described(
    guardrail: &Guardrail,
    call: &Call<'_>,
    assessment: &Assessment,
    length: usize,
    beside: &Beside,
) -> Value {
    let mut shown = Value::Object(assessment.findings.clone());
    shown["invocationMetrics"] = json!({
        "guardrailProcessingLatency": 1,
        "usage": usage(assessment, length, beside),
        "guardrailCoverage": coverage(assessment, length, beside),
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
