//! Prompt routers: made, shown, listed and deleted. Which model one chooses, `resources::Router` tells.

use serde_json::{Value, json};

use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::resources::Router;
use crate::targets::Lookup;

/// Answers `CreatePromptRouter`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(200, &answer));
    }
    let name = call.text("promptRouterName").to_owned();
    let arn_at = |value: &Value| value["modelArn"].as_str().unwrap_or_default().to_owned();
    let models: Vec<String> = call.input["models"]
        .as_array()
        .into_iter()
        .flatten()
        .map(arn_at)
        .collect();
    let fallback = arn_at(&call.input["fallbackModel"]);
    if !models.contains(&fallback) {
        return Err(ServiceError::validation(
            "The fallback model must be one of the models in the prompt router.",
        ));
    }
    check_models(call, &models)?;
    let taken = call.service.resources.routers.all(&call.region);
    if taken.iter().any(|router| router.name == name) {
        return Err(ServiceError::new(
            "ConflictException",
            format!("Prompt router with name {name} already exists."),
        ));
    }
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("prompt-router", &id);
    tags::put_initial(call, &arn)?;
    let router = Router {
        id: id.clone(),
        models,
        fallback,
        quality_difference: call
            .input
            .pointer("/routingCriteria/responseQualityDifference")
            .and_then(Value::as_f64)
            .unwrap_or_default(),
        name,
        description: call.optional("description"),
        created: call.now,
    };
    call.service
        .resources
        .routers
        .put(&call.region, &id, router);
    let answer = json!({"promptRouterArn": arn});
    tags::keep_answer(call, &answer);
    Ok(call.answer(200, &answer))
}

fn check_models(call: &Call<'_>, models: &[String]) -> Result<(), ServiceError> {
    let catalogue = crate::read(&call.service.catalogue);
    let lookup = Lookup {
        catalogue: &catalogue,
        resources: &call.service.resources,
        region: &call.region,
        account: &call.service.account,
    };
    models
        .iter()
        .try_for_each(|model| lookup.target(model).map(|_| ()))
}

/// Answers `GetPromptRouter`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let router = named(call)?;
    Ok(call.answer(200, &shown(call, &router)))
}

/// Answers `ListPromptRouters`.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let wanted = call.optional("type");
    let routers = call.service.resources.routers.all(&call.region);
    let all = routers
        .iter()
        .filter(|_| wanted.as_deref().is_none_or(|wanted| wanted == "custom"))
        .map(|router| shown(call, router))
        .collect();
    let page = pages::answer(call, "promptRouterSummaries", all)?;
    Ok(call.answer(200, &page))
}

/// Answers `DeletePromptRouter`.
pub fn delete(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let router = named(call)?;
    call.service
        .resources
        .routers
        .remove(&call.region, &router.id);
    call.service
        .resources
        .remove_tags(&call.owned_arn("prompt-router", &router.id));
    Ok(call.answer(200, &json!({})))
}

fn named(call: &Call<'_>) -> Result<Router, ServiceError> {
    let name = call.text("promptRouterArn");
    Arn::parse(name)
        .filter(|arn| arn.region == call.region && arn.account == call.service.account)
        .and_then(|arn| call.service.resources.router(&call.region, arn.id))
        .ok_or_else(|| ServiceError::not_found(format!("The prompt router {name} was not found.")))
}

fn shown(call: &Call<'_>, router: &Router) -> Value {
    let models: Vec<Value> = router
        .models
        .iter()
        .map(|arn| json!({"modelArn": arn}))
        .collect();
    let made = router.created.iso8601();
    let mut shown = json!({
        "promptRouterName": router.name,
        "routingCriteria": {"responseQualityDifference": router.quality_difference},
        "createdAt": made,
        "updatedAt": made,
        "promptRouterArn": call.owned_arn("prompt-router", &router.id),
        "models": models,
        "fallbackModel": {"modelArn": router.fallback},
        "status": "AVAILABLE",
        "type": "custom",
    });
    if let Some(description) = &router.description {
        shown["description"] = json!(description);
    }
    shown
}
