//! Guardrails: made, shown, listed and deleted. What one does to a text, `guardrail` tells.

use serde_json::{Value, json};

use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::error::ServiceError;
use crate::guardrail::Guardrail;
use crate::http::Answer;
use crate::ids;

/// The version that can be changed. There are no others here: version 1 is taken to be the same.
const DRAFT: &str = "DRAFT";

/// Answers `CreateGuardrail`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(202, &answer));
    }
    let name = call.text("name").to_owned();
    let taken = call.service.resources.guardrails.all(&call.region);
    if taken
        .iter()
        .any(|guardrail| guardrail.asked["name"] == name.as_str())
    {
        return Err(ServiceError::new(
            "ConflictException",
            format!("Another guardrail in your account already has the name {name}."),
        ));
    }
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("guardrail", &id);
    tags::put_initial(call, &arn)?;
    let guardrail = Guardrail {
        id: id.clone(),
        asked: call.input.clone(),
        created: call.now,
    };
    call.service
        .resources
        .guardrails
        .put(&call.region, &id, guardrail);
    let answer = json!({"guardrailId": id, "guardrailArn": arn, "version": DRAFT, "createdAt": call.now.iso8601()});
    tags::keep_answer(call, &answer);
    Ok(call.answer(202, &answer))
}

/// Answers `GetGuardrail`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let version = call.optional("guardrailVersion");
    let guardrail = named(call, call.text("guardrailIdentifier"), version.as_deref())
        .ok_or_else(|| not_found(call))?;
    let mut shown = Value::Object(guardrail.policies());
    for member in [
        "name",
        "description",
        "blockedInputMessaging",
        "blockedOutputsMessaging",
    ] {
        if let Some(value) = guardrail.asked.get(member) {
            shown[member] = value.clone();
        }
    }
    shown["guardrailId"] = json!(guardrail.id);
    shown["guardrailArn"] = json!(call.owned_arn("guardrail", &guardrail.id));
    shown["version"] = json!(version.as_deref().unwrap_or(DRAFT));
    shown["status"] = json!("READY");
    shown["createdAt"] = json!(guardrail.created.iso8601());
    shown["updatedAt"] = shown["createdAt"].clone();
    Ok(call.answer(200, &shown))
}

/// Answers `ListGuardrails`.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let only = call.optional("guardrailIdentifier");
    let only = only
        .as_deref()
        .map(|name| Arn::parse(name).map_or(name, |arn| arn.id));
    let guardrails = call.service.resources.guardrails.all(&call.region);
    let all = guardrails
        .iter()
        .filter(|guardrail| only.is_none_or(|only| only == guardrail.id))
        .map(|guardrail| {
            let made = guardrail.created.iso8601();
            let mut shown = json!({
                "id": guardrail.id,
                "arn": call.owned_arn("guardrail", &guardrail.id),
                "status": "READY",
                "name": guardrail.asked["name"],
                "version": DRAFT,
                "createdAt": made,
                "updatedAt": made,
            });
            if let Some(description) = guardrail.asked.get("description") {
                shown["description"] = description.clone();
            }
            shown
        })
        .collect();
    let page = pages::answer(call, "guardrails", all)?;
    Ok(call.answer(200, &page))
}

/// Answers `DeleteGuardrail`.
pub fn delete(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let found = named(call, call.text("guardrailIdentifier"), None);
    let guardrail = found.ok_or_else(|| not_found(call))?;
    let resources = &call.service.resources;
    resources.guardrails.remove(&call.region, &guardrail.id);
    resources.remove_tags(&call.owned_arn("guardrail", &guardrail.id));
    Ok(call.answer(202, &json!({})))
}

/// A guardrail of this Region by id or ARN, in a version that it has.
pub fn named(call: &Call<'_>, name: &str, version: Option<&str>) -> Option<Guardrail> {
    let id = Arn::parse(name).map_or(name, |arn| arn.id);
    let known = version.is_none_or(|version| version == DRAFT || version == "1");
    call.service
        .resources
        .guardrails
        .get(&call.region, id)
        .filter(|_| known)
}

fn not_found(call: &Call<'_>) -> ServiceError {
    let name = call.text("guardrailIdentifier");
    ServiceError::not_found(format!("Guardrail {name} was not found."))
}
