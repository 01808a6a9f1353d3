//! Tags: `TagResource`, `UntagResource` and `ListTagsForResource`, and what creating things shares with them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Call;
use crate::arn::Arn;
use crate::error::ServiceError;
use crate::http::Answer;

/// The most tags that one thing may have.
const MOST: usize = 200;

/// Answers `TagResource`.
pub fn tag_resource(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let arn = known(call)?;
    put(call, &arn)?;
    Ok(call.answer(200, &json!({})))
}

/// Answers `UntagResource`.
pub fn untag_resource(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let arn = known(call)?;
    let keys = call.input["tagKeys"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    call.service.resources.tags(&arn, |tags| {
        tags.retain(|key, _| !keys.iter().any(|unwanted| unwanted == key));
    });
    Ok(call.answer(200, &json!({})))
}

/// Answers `ListTagsForResource`.
pub fn list_tags_for_resource(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let arn = known(call)?;
    let tags: Vec<Value> = call.service.resources.tags(&arn, |tags| {
        tags.iter()
            .map(|(key, value)| json!({"key": key, "value": value}))
            .collect()
    });
    Ok(call.answer(200, &json!({"tags": tags})))
}

/// Puts the tags that a thing is made with.
pub(super) fn put_initial(call: &Call<'_>, arn: &str) -> Result<(), ServiceError> {
    if call.input.get("tags").is_some() {
        put(call, arn)
    } else {
        Ok(())
    }
}

fn put(call: &Call<'_>, arn: &str) -> Result<(), ServiceError> {
    let given = call.input["tags"].as_array().cloned().unwrap_or_default();
    let part = |tag: &Value, name: &str| tag[name].as_str().unwrap_or_default().to_owned();
    let added: BTreeMap<String, String> = given
        .iter()
        .map(|tag| (part(tag, "key"), part(tag, "value")))
        .collect();
    call.service.resources.tags(arn, |tags| {
        let mut all = tags.clone();
        all.extend(added);
        if all.len() > MOST {
            let error = ServiceError::new(
                "TooManyTagsException",
                format!("A resource can have at most {MOST} tags."),
            );
            return Err(error.with("resourceName", arn));
        }
        *tags = all;
        Ok(())
    })
}

/// The ARN of something that exists here and can carry tags.
fn known(call: &Call<'_>) -> Result<String, ServiceError> {
    let name = call.text("resourceARN");
    let resources = &call.service.resources;
    let arn = Arn::parse(name)
        .ok_or_else(|| ServiceError::validation("The provided resource ARN is invalid."))?;
    let here = arn.region == call.region && arn.account == call.service.account;
    let exists = here && resources.exists(arn.kind, arn.region, arn.id);
    if arn.kind == "inference-profile" {
        return Err(ServiceError::validation(
            "System defined inference profiles cannot be tagged.",
        ));
    }
    exists.then(|| name.to_owned()).ok_or_else(|| {
        ServiceError::not_found(format!("The resource {name} was not found."))
            .with("resourceName", name)
    })
}

/// What the same idempotency token was answered before; the same token for another request is a conflict.
pub(super) fn answered_before(call: &Call<'_>) -> Result<Option<Value>, ServiceError> {
    let Some(token) = call.input.get("clientRequestToken").and_then(Value::as_str) else {
        return Ok(None);
    };
    let name = format!("{}/{}", call.operation.name, call.region);
    match call.service.resources.answered(&name, token) {
        Some((asked, answer)) if asked == call.input => Ok(Some(answer)),
        Some(_) => Err(ServiceError::new(
            "ConflictException",
            "The client request token was already used with different parameters.",
        )),
        None => Ok(None),
    }
}

/// Keeps an answer for the idempotency token of its request.
pub(super) fn keep_answer(call: &Call<'_>, answer: &Value) {
    if let Some(token) = call.input.get("clientRequestToken").and_then(Value::as_str) {
        let name = format!("{}/{}", call.operation.name, call.region);
        call.service
            .resources
            .keep_answer(&name, token, call.input.clone(), answer.clone());
    }
}
