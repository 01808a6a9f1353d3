//! `GetInferenceProfile`: one profile, by id or ARN.

use serde_json::{Value, json};

use super::{Call, projects};
use crate::arn::{self, Arn};
use crate::catalogue::Profile;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::resources::ApplicationProfile;

/// When the profiles that come with the system were made; the catalogue does not know better.
const MADE: &str = "2024-08-26T00:00:00Z";

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let identifier = call.text("inferenceProfileIdentifier").to_owned();
    let in_project = projects::is_named(call)?;
    let id = local_id(call, &identifier)?;
    let catalogue = crate::read(&call.service.catalogue);
    let system = catalogue
        .profiles
        .get(&id)
        .filter(|profile| profile.sources.contains_key(&call.region));
    let found = match system {
        Some(profile) => Some(system_defined(call, profile)),
        None => call
            .service
            .resources
            .profile(&call.region, &id)
            .map(|profile| application(call, &profile)),
    };
    drop(catalogue);
    let found = found.ok_or_else(|| not_found(&identifier))?;
    if in_project && found["type"] == "APPLICATION" {
        return Err(projects::no_application_profiles());
    }
    Ok(call.answer(200, &found))
}

/// The refusal of a profile that does not exist here.
pub(super) fn not_found(identifier: &str) -> ServiceError {
    ServiceError::not_found(format!("The inference profile {identifier} was not found."))
}

/// The id in an id or ARN; an ARN of another Region or account names nothing here.
pub(super) fn local_id(call: &Call<'_>, identifier: &str) -> Result<String, ServiceError> {
    match Arn::parse(identifier) {
        None if identifier.starts_with("arn:") => {
            Err(ServiceError::validation("The provided ARN is invalid."))
        }
        None => Ok(identifier.to_owned()),
        Some(arn) if arn.region == call.region && arn.account == call.service.account => {
            Ok(arn.id.to_owned())
        }
        Some(_) => Err(not_found(identifier)),
    }
}

/// A system-defined profile as this Region sees it.
pub(super) fn system_defined(call: &Call<'_>, profile: &Profile) -> Value {
    let Some(destinations) = profile.sources.get(&call.region) else {
        return Value::Null;
    };
    let id = &profile.model.id;
    let (regions, places) = if destinations.global {
        (
            vec![call.region.clone(), String::new()],
            "all commercial AWS Regions".to_owned(),
        )
    } else {
        let mut regions = destinations.regions.clone();
        regions.sort();
        let places = listed(&regions);
        (regions, places)
    };
    let models: Vec<Value> = regions
        .iter()
        .map(|region| json!({"modelArn": arn::foundation_model(region, id)}))
        .collect();
    let geography = if destinations.global {
        "Global".to_owned()
    } else {
        profile.geography().to_uppercase()
    };
    let full_name = format!("{} {}", profile.model.provider, profile.model.name);
    json!({
        "inferenceProfileName": format!("{geography} {full_name}"),
        "description": format!("Routes requests to {full_name} in {places}."),
        "createdAt": MADE,
        "updatedAt": MADE,
        "inferenceProfileArn": call.owned_arn("inference-profile", &profile.id),
        "models": models,
        "inferenceProfileId": profile.id,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    })
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// An application profile.
pub(super) fn application(call: &Call<'_>, profile: &ApplicationProfile) -> Value {
    let models: Vec<Value> = profile
        .models
        .iter()
        .map(|arn| json!({"modelArn": arn}))
        .collect();
    let made = profile.created.iso8601();
    let mut shown = json!({
        "inferenceProfileName": profile.name,
        "createdAt": made,
        "updatedAt": made,
        "inferenceProfileArn": call.owned_arn("application-inference-profile", &profile.id),
        "models": models,
        "inferenceProfileId": profile.id,
        "status": "ACTIVE",
        "type": "APPLICATION",
    });
    if let Some(description) = &profile.description {
        shown["description"] = json!(description);
    }
    shown
}
