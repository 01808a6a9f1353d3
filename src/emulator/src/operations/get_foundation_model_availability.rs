//! `GetFoundationModelAvailability`: whether the account may use a model here.

use serde_json::json;

use super::{Call, get_foundation_model};
use crate::error::ServiceError;
use crate::http::Answer;

/// Answers one call: whatever the catalogue has is agreed to, authorised and entitled.
pub fn answer(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let id = call.text("modelId").to_owned();
    let catalogue = crate::read(&call.service.catalogue);
    let model = catalogue
        .models
        .get(&id)
        .ok_or_else(|| ServiceError::not_found(format!("The model {id} was not found.")))?;
    let here = get_foundation_model::details(call, &catalogue, model).is_some();
    drop(catalogue);
    let region = if here { "AVAILABLE" } else { "NOT_AVAILABLE" };
    let body = json!({
        "modelId": id,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": region,
    });
    Ok(call.answer(200, &body))
}
