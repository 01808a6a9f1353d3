//! `DeleteModelInvocationLoggingConfiguration`: nothing is logged in this Region any more.

use serde_json::json;

use super::Call;
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call.
#[expect(clippy::unnecessary_wraps, reason = "all operations have one form")]
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    call.service.invocation_log.configure(&call.region, None);
    Ok(call.answer(200, &json!({})))
}
