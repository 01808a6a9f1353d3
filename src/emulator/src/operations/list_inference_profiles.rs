//! `ListInferenceProfiles`: what can be called from this Region, the system's first.

use super::{Call, get_inference_profile, pages, projects};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let in_project = projects::is_named(call)?;
    let kind = call.optional("typeEquals");
    if in_project && kind.as_deref() == Some("APPLICATION") {
        return Err(projects::no_application_profiles());
    }
    let wants = |name: &str| kind.as_deref().is_none_or(|kind| kind == name);
    let mut all = Vec::new();
    if wants("SYSTEM_DEFINED") {
        let catalogue = crate::read(&call.service.catalogue);
        let profiles = catalogue
            .profiles
            .values()
            .filter(|profile| profile.sources.contains_key(&call.region));
        all.extend(profiles.map(|profile| get_inference_profile::system_defined(call, profile)));
    }
    if wants("APPLICATION") && !in_project {
        let made = call.service.resources.profiles.all(&call.region);
        all.extend(
            made.iter()
                .map(|profile| get_inference_profile::application(call, profile)),
        );
    }
    let page = pages::answer(call, "inferenceProfileSummaries", all)?;
    Ok(call.answer(200, &page))
}
