//! `CreateInferenceProfile`: an application profile, copied from a model or a system-defined profile.

use serde_json::{Value, json};

use super::{Call, get_inference_profile, tags};
use crate::arn::{self, Arn};
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::resources::ApplicationProfile;
use crate::targets::Lookup;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let name = call.text("inferenceProfileName").to_owned();
    let source = call
        .input
        .pointer("/modelSource/copyFrom")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(201, &answer));
    }
    let models = models_behind(call, &source)?;
    if call
        .service
        .resources
        .profiles
        .all(&call.region)
        .iter()
        .any(|profile| profile.name == name)
    {
        return Err(ServiceError::new(
            "ConflictException",
            format!("Inference profile with name {name} already exists."),
        ));
    }
    let id = ids::lower_case(
        ids::hash(format!("{}/{name}/{}", call.region, call.notes.entry.request_id).as_bytes()),
        12,
    );
    let arn = call.owned_arn("application-inference-profile", &id);
    tags::put_initial(call, &arn)?;
    let profile = ApplicationProfile {
        id: id.clone(),
        name,
        description: call.optional("description"),
        copied_from: source,
        models,
        created: call.now,
    };
    call.service
        .resources
        .profiles
        .put(&call.region, &id, profile);
    let answer = json!({"inferenceProfileArn": arn, "status": "ACTIVE"});
    tags::keep_answer(call, &answer);
    Ok(call.answer(201, &answer))
}

/// The ARNs of the models that a source stands for; only a model of this Region or a system-defined profile can be copied.
fn models_behind(call: &Call<'_>, source: &str) -> Result<Vec<String>, ServiceError> {
    let invalid = || ServiceError::validation("The provided model source ARN is invalid.");
    let arn = Arn::parse(source).ok_or_else(invalid)?;
    let catalogue = crate::read(&call.service.catalogue);
    match arn.kind {
        "foundation-model" => {
            let resources = &call.service.resources;
            let account = &call.service.account;
            Lookup {
                catalogue: &catalogue,
                resources,
                region: &call.region,
                account,
            }
            .target(source)?;
            Ok(vec![arn::foundation_model(&call.region, arn.id)])
        }
        "inference-profile" => {
            let id = get_inference_profile::local_id(call, source)?;
            let profile = catalogue
                .profiles
                .get(&id)
                .filter(|profile| profile.sources.contains_key(&call.region));
            let shown = get_inference_profile::system_defined(call, profile.ok_or_else(invalid)?);
            let models = shown["models"].as_array().into_iter().flatten();
            Ok(models
                .filter_map(|model| model["modelArn"].as_str())
                .map(str::to_owned)
                .collect())
        }
        _ => Err(invalid()),
    }
}
