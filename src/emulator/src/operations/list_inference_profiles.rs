//! `ListInferenceProfiles`: what can be called from this Region, the system's first.

use super::{Call, get_inference_profile, pages};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let kind = call.optional("typeEquals");
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
    if wants("APPLICATION") {
        let made = call.service.resources.profiles.all(&call.region);
        all.extend(
            made.iter()
                .map(|profile| get_inference_profile::application(call, profile)),
        );
    }
    let page = pages::answer(call, "inferenceProfileSummaries", all)?;
    Ok(call.answer(200, &page))
}
