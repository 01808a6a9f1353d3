//! The account's data retention, kept apart by Region.

use serde_json::json;

use super::Call;
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers `GetAccountDataRetention`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every operation has this signature"
)]
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let kept = call.service.resources.retention.get(&call.region, "");
    let answer = match kept {
        Some((mode, changed)) => json!({"mode": mode, "updatedAt": changed.iso8601()}),
        None => json!({"mode": "inherit"}),
    };
    Ok(call.answer(200, &answer))
}

/// Answers `PutAccountDataRetention`.
pub fn put(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let row = (call.text("mode").to_owned(), call.now);
    call.service.resources.retention.put(&call.region, "", row);
    get(call)
}
