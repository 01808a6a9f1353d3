//! What all calls to a model share: what is meant, where it is served, what is said, and what is noted of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::guarding::{self, Guarding};
use super::reading::Reading;
use super::{Call, logged, projects};
use crate::arn::Arn;
use crate::bodies::{Context, Family};
use crate::error::ServiceError;
use crate::http::{Answer, Body};
use crate::model::{self, Prompt, Reply};
use crate::regions::Demand;
use crate::stream::Events;
use crate::targets::{Lookup, Target};

/// What a model may write when the caller sets no limit, for the reservation of tokens.
const USUAL_LIMIT: usize = 4_096;

/// A call that has been placed and answered, and has yet to be written.
pub struct Served {
    /// What was meant.
    pub target: Target,
    /// What is said.
    pub reply: Reply,
    /// The time to the first byte.
    pub first_byte: Duration,
    /// The time for each token.
    pub pace: Duration,
    /// What a guardrail found, if one was named.
    pub guarding: Option<Guarding>,
    /// A number that depends on nothing but the conversation.
    pub seed: u64,
}

impl Served {
    /// The time that the whole answer takes.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.first_byte + self.pace * u32::try_from(self.reply.usage.output).unwrap_or(u32::MAX)
    }

    /// The same in milliseconds, as the answer tells it; no answer takes less than one.
    #[must_use]
    pub fn latency_milliseconds(&self) -> u64 {
        u64::try_from(self.duration().as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// What its body may tell of the call beside the answer.
    pub fn context(&self, call: &Call<'_>) -> Context {
        Context {
            model: self.target.model.id.clone(),
            seed: self.seed,
            now: call.now,
        }
    }
}

/// Finds out what a call is about.
pub fn target(call: &mut Call<'_>) -> Result<Target, ServiceError> {
    let identifier = call.text("modelId").to_owned();
    let in_project = projects::is_named(call)?;
    call.notes.entry.model_id = Some(identifier.clone());
    let catalogue = crate::read(&call.service.catalogue);
    let resources = &call.service.resources;
    let lookup = Lookup {
        catalogue: &catalogue,
        resources,
        region: &call.region,
        account: &call.service.account,
    };
    let target = lookup.target(&identifier)?;
    drop(catalogue);
    let kind = Arn::parse(&identifier).map(|arn| arn.kind);
    if in_project && kind == Some("application-inference-profile") {
        return Err(projects::no_application_profiles());
    }
    call.notes.entry.model = Some(target.model.id.clone());
    call.notes.entry.profile.clone_from(&target.profile);
    Ok(target)
}

pub fn reading<'a>(call: &Call<'_>, target: &'a Target) -> Reading<'a> {
    Reading {
        model: &target.model,
        evidence: call.service.evidence,
        streams: call.streams,
        counts: false,
    }
}

/// The conversation of a request in Converse's form, unless the model refuses it.
pub fn conversation(call: &Call<'_>, target: &Target) -> Result<Prompt, ServiceError> {
    reading(call, target).conversation(&call.input)
}

/// The conversation in a body of the model's own form, unless the model refuses it.
pub fn body(
    call: &Call<'_>,
    target: &Target,
    family: Family,
    body: &Value,
) -> Result<Prompt, ServiceError> {
    reading(call, target).body(family, body)
}

/// Places a call and lets the model answer.
pub fn serve(call: &mut Call<'_>, target: Target, prompt: &Prompt) -> Result<Served, ServiceError> {
    let service = call.service;
    call.consult_rules(Some(&prompt.last_user_text()))?;
    if call.notes.effects.refusal.is_some() {
        // No answer will leave, so nothing is served.
        return Err(ServiceError::new(
            "ServiceUnavailableException",
            "the connection ends before an answer",
        ));
    }
    let mut guarding = guarding::of(call)?;
    let stopped = guarding
        .as_mut()
        .and_then(|guarding| guarding.question(call, prompt));
    let input_tokens = prompt.input_tokens();
    let demand = Demand {
        model: &target.model.id,
        asked_as: target.profile.as_deref().unwrap_or(&target.model.id),
        tokens: (input_tokens + prompt.max_tokens.unwrap_or(USUAL_LIMIT)) as u64,
    };
    let placement = service
        .regions
        .place(&call.region, &target.destinations, demand, call.now)?;
    call.notes.entry.serving_region = Some(placement.region.clone());
    let manner = *crate::lock(&service.manner);
    let asked = stopped.is_none();
    let mut reply = match (stopped, &call.notes.effects.reply) {
        (Some(refusal), _) => refusal,
        (None, Some(scripted)) => scripted.reply(prompt),
        (None, None) => model::answer(prompt, &target.model, manner),
    };
    if let Some(guarding) = guarding.as_mut().filter(|_| asked) {
        guarding.answer(call, &mut reply);
    }
    if asked {
        service.prompt_cache.account(
            &mut reply.usage,
            &prompt.cache_points(),
            &placement.region,
            &target.model,
            call.now,
        );
    }
    call.notes.settlement.tokens = (input_tokens + reply.usage.output) as u64;
    let first_byte = placement.latency;
    call.notes.settlement.placement = Some(placement);
    let seed = prompt.seed(&target.model.id);
    let served = Served {
        target,
        reply,
        first_byte,
        pace: manner.time_per_token,
        guarding,
        seed,
    };
    let usage = served.reply.usage;
    call.notes.entry.input_tokens = (usage.input + usage.cache_read + usage.cache_write) as u64;
    call.notes.entry.output_tokens = usage.output as u64;
    call.notes.entry.latency_milliseconds = served.latency_milliseconds();
    Ok(served)
}

/// Tells in a provider's body what a guardrail found.
pub fn note_guardrail(body: &mut Value, guarding: &Guarding) {
    note_action(body, guarding);
    if guarding.traced {
        body["amazon-bedrock-trace"] = json!({"guardrail": guarding.trace_in_body()});
    }
}

/// Tells in a provider's body, or in each event of one, what a guardrail did.
pub fn note_action(body: &mut Value, guarding: &Guarding) {
    let action = if guarding.intervened {
        "INTERVENED"
    } else {
        "NONE"
    };
    body["amazon-bedrock-guardrailAction"] = json!(action);
}

/// Writes a whole answer down and sends it when it would be ready.
pub fn whole(call: &mut Call<'_>, served: &Served, body: &Value) -> Answer {
    logged::answered(call, served, body.clone());
    let mut answer = Answer::new(200, "application/json", Body::whole(body.to_string()));
    answer.delay = served.duration();
    answer
}

/// Writes a stream's answer down and sends it at the model's pace.
pub fn streamed(
    call: &mut Call<'_>,
    served: &Served,
    mut events: Events,
    output: Value,
    content_type: &'static str,
) -> Answer {
    logged::answered(call, served, output);
    events.shrink_to_fit();
    let mut answer = Answer::new(200, content_type, Body::streamed(events));
    answer.delay = served.first_byte;
    answer
}
