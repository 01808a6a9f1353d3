//! Asynchronous invocations. They end by the emulator's clock, and then the embeddings are in `objects`; no video is made.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, inference, pages, tags};
use crate::arn::{self, Arn};
use crate::bodies::asynchronous;
use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::objects::below;
use crate::resources::AsyncInvoke;

/// How long an invocation takes.
const DURATION: Duration = Duration::from_secs(30);

/// Answers `StartAsyncInvoke`.
pub fn start(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(200, &answer));
    }
    let target = inference::target(call)?;
    let makes_video = target
        .model
        .output_modalities
        .iter()
        .any(|modality| modality == "VIDEO");
    if !makes_video && !target.model.embeds() {
        return Err(ServiceError::validation(format!(
            "The model {} does not support asynchronous invocation.",
            target.model.id
        )));
    }
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("async-invoke", &id);
    tags::put_initial(call, &arn)?;
    if !makes_video {
        write(call, &target.model, &id)?;
    }
    let invocation = AsyncInvoke {
        id: id.clone(),
        model: arn::foundation_model(&call.region, &target.model.id),
        token: call.optional("clientRequestToken"),
        output: call.input["outputDataConfig"].clone(),
        created: call.now,
    };
    call.service
        .resources
        .async_invokes
        .put(&call.region, &id, invocation);
    let answer = json!({"invocationArn": arn});
    tags::keep_answer(call, &answer);
    Ok(call.answer(200, &answer))
}

/// Puts what the model makes where it shall be when the invocation has ended.
fn write(call: &Call<'_>, model: &Model, id: &str) -> Result<(), ServiceError> {
    let objects = &call.service.objects;
    let output = call
        .input
        .pointer("/outputDataConfig/s3OutputDataConfig/s3Uri");
    let folder = below(output.and_then(Value::as_str).unwrap_or_default(), id);
    let read = |uri: &str| {
        let bytes = objects.get(uri, call.now)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    for (uri, text) in asynchronous::files(&call.input["modelInput"], model, &folder, read)? {
        objects.put(&uri, text, call.now.after(DURATION));
    }
    Ok(())
}

/// Answers `GetAsyncInvoke`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let name = call.text("invocationArn");
    let found = Arn::parse(name)
        .filter(|arn| arn.kind == "async-invoke" && arn.account == call.service.account)
        .and_then(|arn| {
            call.service
                .resources
                .async_invokes
                .get(&call.region, arn.id)
        });
    let invocation =
        found.ok_or_else(|| ServiceError::validation("The provided invocation ARN is invalid."))?;
    Ok(call.answer(200, &shown(call, &invocation)))
}

/// Answers `ListAsyncInvokes`.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut invocations = call.service.resources.async_invokes.all(&call.region);
    invocations.sort_by_key(|invocation| invocation.created);
    let shown = invocations
        .iter()
        .map(|invocation| shown(call, invocation))
        .collect();
    let all = pages::chosen(call, shown);
    let page = pages::answer(call, "asyncInvokeSummaries", all)?;
    Ok(call.answer(200, &page))
}

fn shown(call: &Call<'_>, invocation: &AsyncInvoke) -> Value {
    let end = invocation.created.after(DURATION);
    let ended = call.now >= end;
    let changed = if ended { end } else { invocation.created };
    let mut shown = json!({
        "invocationArn": call.owned_arn("async-invoke", &invocation.id),
        "modelArn": invocation.model,
        "status": if ended { "Completed" } else { "InProgress" },
        "submitTime": invocation.created.iso8601(),
        "lastModifiedTime": changed.iso8601(),
        "outputDataConfig": invocation.output,
    });
    if let Some(token) = &invocation.token {
        shown["clientRequestToken"] = json!(token);
    }
    if ended {
        shown["endTime"] = json!(end.iso8601());
    }
    shown
}
