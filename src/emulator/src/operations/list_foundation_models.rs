//! `ListFoundationModels`: what this Region offers, directly or through profiles.

use serde_json::{Value, json};

use super::{Call, get_foundation_model, projects};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    projects::is_named(call)?;
    let catalogue = crate::read(&call.service.catalogue);
    let shown = catalogue
        .models
        .values()
        .filter_map(|model| get_foundation_model::details(call, &catalogue, model));
    let models: Vec<Value> = shown.filter(|model| fits(call, model)).collect();
    drop(catalogue);
    Ok(call.answer(200, &json!({"modelSummaries": models})))
}

fn fits(call: &Call<'_>, model: &Value) -> bool {
    let has = |list: &str, filter: &str| match call.input.get(filter) {
        Some(wanted) => model[list]
            .as_array()
            .is_some_and(|values| values.contains(wanted)),
        None => true,
    };
    let provider = call.input.get("byProvider").and_then(Value::as_str);
    provider.is_none_or(|wanted| {
        model["providerName"]
            .as_str()
            .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    }) && has("outputModalities", "byOutputModality")
        && has("inferenceTypesSupported", "byInferenceType")
        && has("customizationsSupported", "byCustomizationType")
}
