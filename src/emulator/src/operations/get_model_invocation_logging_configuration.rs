//! `GetModelInvocationLoggingConfiguration`: what is logged in this Region, and where to.

use serde_json::json;

use super::Call;
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
#[expect(clippy::unnecessary_wraps, reason = "all operations have one form")]
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let configuration = call.service.invocation_log.configuration(&call.region);
    let body = configuration.map_or_else(
        || json!({}),
        |configuration| json!({"loggingConfig": configuration}),
    );
    Ok(call.answer(200, &body))
}
