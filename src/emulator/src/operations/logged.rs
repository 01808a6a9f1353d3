//! What the invocation log is told of a call: a record of every one that reached a model's operation, refused or not.

use serde_json::Value;

use super::inference::Served;
use super::{Call, Labels, Notes};
use crate::http::Request;
use crate::invocation_log::{Facts, Record};
use crate::state::Service;

/// Writes an answer down, to be delivered when it has been sent.
pub fn answered(call: &mut Call<'_>, served: &Served, output: Value) {
    let Some(region) = call.notes.entry.serving_region.clone() else {
        return;
    };
    // A record holds the whole answer, for as long as a stream takes.
    if !call.service.invocation_log.is_configured(&call.region) {
        return;
    }
    let asked = call.input.get("requestMetadata").cloned();
    let facts = facts(call.service, call.request, call.notes, asked);
    let input = call.request.body.clone();
    let record = Record::answered(facts, region, served.reply.usage, input, output);
    call.notes.settlement.record = Some(record);
}

/// Writes down that a call failed. It may have failed before its body was understood.
pub fn failed(
    service: &Service,
    request: &Request,
    labels: &Labels,
    notes: &mut Notes,
    code: &str,
) {
    if !service.invocation_log.is_configured(&notes.entry.region) {
        return;
    }
    let asked = serde_json::from_slice::<Value>(&request.body).ok();
    let asked = asked.and_then(|body| body.get("requestMetadata").cloned());
    let mut facts = facts(service, request, notes, asked.filter(Value::is_object));
    if facts.model_id.is_empty() {
        let named = labels.iter().find(|(name, _)| *name == "modelId");
        facts.model_id = named.map(|(_, value)| value.clone()).unwrap_or_default();
    }
    notes.settlement.record = Some(Record::failed(facts, code.to_owned()));
}

fn facts(service: &Service, request: &Request, notes: &Notes, asked: Option<Value>) -> Facts {
    let entry = &notes.entry;
    let account = service.account.clone();
    let partition = crate::arn::partition(&entry.region);
    let header = request.header("x-amzn-bedrock-request-metadata");
    let user = if entry.principal.is_empty() {
        "anonymous"
    } else {
        &entry.principal
    };
    Facts {
        time: service.clock.now(),
        identity: format!("arn:{partition}:iam::{account}:user/{user}"),
        account,
        region: entry.region.clone(),
        request_id: entry.request_id.clone(),
        operation: entry.operation.unwrap_or_default(),
        model_id: entry.model_id.clone().unwrap_or_default(),
        metadata: header
            .and_then(|text| serde_json::from_str(text).ok())
            .or(asked),
    }
}
