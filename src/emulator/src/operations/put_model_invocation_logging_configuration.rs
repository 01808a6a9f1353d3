//! `PutModelInvocationLoggingConfiguration`: one per Region; it replaces what was there.

use serde_json::json;

use super::Call;
use crate::error::ServiceError;
use crate::http::Answer;

/// The kinds of data that are delivered unless said otherwise.
const KINDS: &[&str] = &["text", "image", "embedding", "video", "audio"];

/// Answers one call.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut configuration = call.input["loggingConfig"].clone();
    if configuration.get("cloudWatchConfig").is_none() && configuration.get("s3Config").is_none() {
        return Err(ServiceError::validation(
            "At least one of cloudWatchConfig and s3Config must be provided.",
        ));
    }
    for kind in KINDS {
        let name = format!("{kind}DataDeliveryEnabled");
        if configuration.get(&name).is_none() {
            configuration[name] = json!(true);
        }
    }
    call.service
        .invocation_log
        .configure(&call.region, Some(configuration));
    Ok(call.answer(200, &json!({})))
}
