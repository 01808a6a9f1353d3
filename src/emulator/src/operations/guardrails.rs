//! Guardrails: made, changed, put into versions, shown, listed and deleted. What one does to a text, `guardrail` tells.

use serde_json::{Value, json};

use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::error::ServiceError;
use crate::guardrail::{DRAFT, Guardrail, Versions};
use crate::http::Answer;
use crate::ids;

/// Answers `CreateGuardrail`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(202, &answer));
    }
    not_taken(call, None)?;
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("guardrail", &id);
    tags::put_initial(call, &arn)?;
    let versions = Versions::new(id.clone(), call.input.clone(), call.now);
    call.service
        .resources
        .guardrails
        .put(&call.region, &id, versions);
    let answer = json!({"guardrailId": id, "guardrailArn": arn, "version": DRAFT, "createdAt": call.now.iso8601()});
    tags::keep_answer(call, &answer);
    Ok(call.answer(202, &answer))
}

/// Answers `UpdateGuardrail`, which changes the draft.
pub fn update(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut versions = existing(call)?;
    let id = versions.draft().id.clone();
    not_taken(call, Some(&id))?;
    versions.update(call.input.clone(), call.now);
    let answer = json!({
        "guardrailId": id,
        "guardrailArn": call.owned_arn("guardrail", &id),
        "version": DRAFT,
        "updatedAt": call.now.iso8601(),
    });
    let guardrails = &call.service.resources.guardrails;
    guardrails.put(&call.region, &id, versions);
    Ok(call.answer(202, &answer))
}

/// Answers `CreateGuardrailVersion`.
pub fn create_version(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(202, &answer));
    }
    let mut versions = existing(call)?;
    let id = versions.draft().id.clone();
    let number = versions.add(call.optional("description").as_deref(), call.now);
    let guardrails = &call.service.resources.guardrails;
    guardrails.put(&call.region, &id, versions);
    let answer = json!({"guardrailId": id, "version": number.to_string()});
    tags::keep_answer(call, &answer);
    Ok(call.answer(202, &answer))
}

/// Answers `GetGuardrail`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let versions = existing(call)?;
    let version = call.optional("guardrailVersion");
    let guardrail = versions
        .get(version.as_deref().unwrap_or(DRAFT))
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
    describe(guardrail, &mut shown);
    Ok(call.answer(200, &shown))
}

/// Answers `ListGuardrails`: all drafts, or all versions of one guardrail.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let listed: Vec<Guardrail> = if call.input.get("guardrailIdentifier").is_some() {
        existing(call)?.all().cloned().collect()
    } else {
        let all = call.service.resources.guardrails.all(&call.region);
        all.iter()
            .map(|versions| versions.draft().clone())
            .collect()
    };
    let all = listed
        .iter()
        .map(|guardrail| {
            let mut shown = json!({
                "id": guardrail.id,
                "arn": call.owned_arn("guardrail", &guardrail.id),
                "name": guardrail.asked["name"],
            });
            if let Some(description) = guardrail.asked.get("description") {
                shown["description"] = description.clone();
            }
            describe(guardrail, &mut shown);
            shown
        })
        .collect();
    let page = pages::answer(call, "guardrails", all)?;
    Ok(call.answer(200, &page))
}

fn describe(guardrail: &Guardrail, shown: &mut Value) {
    shown["version"] = json!(guardrail.version);
    shown["status"] = json!("READY");
    shown["createdAt"] = json!(guardrail.created.iso8601());
    shown["updatedAt"] = json!(guardrail.updated.iso8601());
}

/// Answers `DeleteGuardrail`: one version, or all of it.
pub fn delete(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut versions = existing(call)?;
    let resources = &call.service.resources;
    let id = versions.draft().id.clone();
    if let Some(version) = call.optional("guardrailVersion") {
        if !versions.remove(&version) {
            return Err(not_found(call));
        }
        resources.guardrails.put(&call.region, &id, versions);
    } else {
        resources.guardrails.remove(&call.region, &id);
        resources.remove_tags(&call.owned_arn("guardrail", &id));
    }
    Ok(call.answer(202, &json!({})))
}

/// A guardrail of this Region by id or ARN, in a version that it has.
pub fn named(call: &Call<'_>, name: &str, version: &str) -> Option<Guardrail> {
    versions(call, name)?.get(version).cloned()
}

fn versions(call: &Call<'_>, name: &str) -> Option<Versions> {
    let id = Arn::parse(name).map_or(name, |arn| arn.id);
    call.service.resources.guardrails.get(&call.region, id)
}

/// The guardrail that the call names.
fn existing(call: &Call<'_>) -> Result<Versions, ServiceError> {
    versions(call, call.text("guardrailIdentifier")).ok_or_else(|| not_found(call))
}

/// Checks that no guardrail but `own` has the name that is asked for.
fn not_taken(call: &Call<'_>, own: Option<&str>) -> Result<(), ServiceError> {
    let name = call.text("name");
    let all = call.service.resources.guardrails.all(&call.region);
    let mut others = all.iter().map(Versions::draft);
    if others.any(|other| other.asked["name"] == name && own != Some(&other.id)) {
        return Err(ServiceError::new(
            "ConflictException",
            format!("Another guardrail in your account already has the name {name}."),
        ));
    }
    Ok(())
}

fn not_found(call: &Call<'_>) -> ServiceError {
    let name = call.text("guardrailIdentifier");
    let what = match call.optional("guardrailVersion") {
        Some(version) => format!("Version {version} of guardrail {name}"),
        None => format!("Guardrail {name}"),
    };
    ServiceError::not_found(format!("{what} was not found."))
}
