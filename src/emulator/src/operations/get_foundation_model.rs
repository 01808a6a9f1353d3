//! `GetFoundationModel`: one model, by id or ARN.

use serde_json::{Value, json};

use super::{Call, projects};
use crate::arn::{self, Arn};
use crate::catalogue::{Catalogue, Model};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let identifier = call.text("modelIdentifier").to_owned();
    projects::is_named(call)?;
    let id = match Arn::parse(&identifier) {
        Some(arn) if arn.kind == "foundation-model" && arn.region == call.region => {
            arn.id.to_owned()
        }
        Some(_) => return Err(ServiceError::invalid_model_identifier()),
        None => identifier,
    };
    let catalogue = crate::read(&call.service.catalogue);
    let model = catalogue
        .models
        .get(&id)
        .and_then(|model| details(call, &catalogue, model));
    drop(catalogue);
    let model = model.ok_or_else(ServiceError::invalid_model_identifier)?;
    Ok(call.answer(200, &json!({"modelDetails": model})))
}

/// A model as this Region offers it, or nothing if it does not.
pub(super) fn details(call: &Call<'_>, catalogue: &Catalogue, model: &Model) -> Option<Value> {
    let mut types = Vec::new();
    if model.regions.contains(&call.region) {
        types.push("ON_DEMAND");
    }
    if catalogue
        .profiles_of(&model.id, &call.region)
        .next()
        .is_some()
    {
        types.push("INFERENCE_PROFILE");
    }
    if types.is_empty() {
        return None;
    }
    Some(json!({
        "modelArn": arn::foundation_model(&call.region, &model.id),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": model.provider,
        "inputModalities": model.input_modalities,
        "outputModalities": model.output_modalities,
        "responseStreamingSupported": model.streaming,
        "customizationsSupported": [],
        "inferenceTypesSupported": types,
        "modelLifecycle": {"status": model.lifecycle},
    }))
}
