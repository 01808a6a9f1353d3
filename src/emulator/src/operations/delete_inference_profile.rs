//! `DeleteInferenceProfile`: application profiles only.

use serde_json::json;

use super::{Call, get_inference_profile};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let identifier = call.text("inferenceProfileIdentifier").to_owned();
    let id = get_inference_profile::local_id(call, &identifier)?;
    if crate::read(&call.service.catalogue)
        .profiles
        .contains_key(&id)
    {
        return Err(ServiceError::validation(
            "System defined inference profiles cannot be deleted.",
        ));
    }
    let removed = call.service.resources.profiles.remove(&call.region, &id);
    removed.ok_or_else(|| get_inference_profile::not_found(&identifier))?;
    call.service
        .resources
        .remove_tags(&call.owned_arn("application-inference-profile", &id));
    Ok(call.answer(200, &json!({})))
}
