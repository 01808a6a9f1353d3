//! Responses that are kept for thirty days where they were asked for: to be read, deleted and built upon.

use std::time::Duration;

use serde_json::{Value, json};

use super::Api;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::operations::Call;
use crate::resources::KeptResponse;

const LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Whether a response is to be kept, which is usual; an account that retains nothing refuses the explicit wish.
pub fn wished(call: &Call<'_>, body: &Value) -> Result<bool, ServiceError> {
    let retention = call.service.resources.retention.get(&call.region, "");
    let keeps = retention.is_none_or(|(mode, _)| mode != "none");
    match body.get("store").and_then(Value::as_bool) {
        Some(true) if !keeps => Err(ServiceError::validation(
            "The store parameter is not supported: data retention is disabled for this account.",
        )
        .with("param", "store")),
        Some(wish) => Ok(wish),
        None => Ok(keeps),
    }
}

/// Keeps a response with its conversation.
pub fn keep(call: &Call<'_>, response: &Value, items: Vec<Value>) {
    let id = response["id"].as_str().unwrap_or_default();
    let kept = KeptResponse {
        response: response.clone(),
        items,
        until: call.now.after(LIFETIME),
    };
    call.service.resources.responses.put(&call.region, id, kept);
}

/// The conversation that a body goes on from, if it names a response.
pub fn before(call: &Call<'_>, body: &Value) -> Result<Vec<Value>, ServiceError> {
    match body.get("previous_response_id").and_then(Value::as_str) {
        Some(id) => Ok(find(call, id)?.items),
        None => Ok(Vec::new()),
    }
}

/// One that is there. What never was, what was deleted and what is kept elsewhere are told apart by nothing.
fn find(call: &Call<'_>, id: &str) -> Result<KeptResponse, ServiceError> {
    let kept = call.service.resources.responses.get(&call.region, id);
    kept.filter(|kept| call.now < kept.until).ok_or_else(|| {
        ServiceError::not_found("The requested resource could not be found.")
            .with("code", "not_found")
    })
}

/// Answers `GET /openai/v1/responses/{id}`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let kept = find(call, &id(call))?;
    Ok(call.answer(200, &kept.response))
}

/// Answers `DELETE /openai/v1/responses/{id}`.
pub fn delete(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let id = id(call);
    find(call, &id)?;
    call.service.resources.responses.remove(&call.region, &id);
    let gone = json!({"id": id, "object": "response", "deleted": true});
    Ok(call.answer(200, &gone))
}

/// Answers `POST /openai/v1/responses/{id}/cancel`: only what runs in the background could be cancelled, and nothing does.
pub fn cancel(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    find(call, &id(call))?;
    Err(ServiceError::validation(
        "Cannot cancel a synchronous response.",
    ))
}

/// The id that stands in the path.
fn id(call: &Call<'_>) -> String {
    let rest = call.request.path.strip_prefix(Api::Responses.path());
    let mut segments = rest.unwrap_or_default().split('/').skip(1);
    crate::percent::decode(segments.next().unwrap_or_default())
}
