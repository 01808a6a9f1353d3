//! What a router sends to a target: the call as that takes it, by the client of its source.

use std::sync::Arc;

use super::{
    Router,
    conversation::Conversation,
    failover::{Lost, Transport},
    features::Carried,
    permit::{Permit, Verdict},
    streaming,
    target::Target,
};
use crate::{
    apis::Api,
    call::{Answer, Call, Rewritten},
    model::Location,
    signing::Signers,
    stream::Stream,
};

/// Why a call is not for a target of another model than the one that it was written for.
fn misfit(call: &Call, carried: &Carried, own: Option<&str>, target: &Target) -> Option<String> {
    let counts = call.operation.name == "CountTokens";
    match call.rewritten(target.chosen.number) {
        Some(Rewritten::As { .. }) if !counts => None,
        Some(Rewritten::Not) if !counts => Some("adapt= gave no request for it".into()),
        _ => {
            let refuses = &*target.chosen.refuses;
            carried.misfit(call, own, (target.base_model.as_deref(), refuses))
        }
    }
}

/// What a call goes on with, that belongs to one target.
fn brings(call: &Call) -> &[String] {
    call.api.as_deref().map_or(&[], |asked| &asked.bound)
}

/// Whether others can go on with the answer to a call, at its target alone.
pub(super) fn binds(call: &Call) -> bool {
    let asked = call.api.as_deref();
    asked.is_some_and(|asked| asked.api == Api::Responses)
}

/// The call as one target takes it.
fn aimed(router: &Router, call: &Call, target: &Target) -> Call {
    let model_id = Router::model_of(call, target);
    let (located, body) = match call.rewritten(target.chosen.number) {
        Some(Rewritten::As { located, body }) => (located, body),
        _ => (&call.located, &call.body),
    };
    let located = located.iter().map(|(location, value)| match location {
        Location::Uri("modelId") => (*location, model_id.to_owned()),
        _ => (*location, value.clone()),
    });
    let mut aimed = Call {
        operation: call.operation,
        located: located.collect(),
        body: body.clone(),
        headers: call.headers.clone(),
        trace: call.trace.clone(),
        observation: None,
        metrics: Some(Arc::clone(&router.core.metrics.of(target).attempts)),
        credentials: call
            .credentials
            .as_ref()
            .and_then(|it| it.alone(target.source.session)),
        verdict: None,
        affinity_key: None,
        rewritten: None,
        api: call.api.clone(),
    };
    target.terms.put(&mut aimed);
    aimed
}

pub(super) struct Whole<'a>(
    pub(super) &'a Router,
    pub(super) &'a Call,
    pub(super) Carried,
);

impl Transport for Whole<'_> {
    type Answer = Answer;

    async fn send(&self, permit: Permit) -> Result<Answer, Lost> {
        let Self(router, call, _) = self;
        let aimed = aimed(router, call, permit.target());
        Ok(router.client(&permit).call(aimed).await?)
    }

    fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.1.verdict.as_ref()
    }

    fn misfit(&self, own: Option<&str>, target: &Target) -> Option<String> {
        misfit(self.1, &self.2, own, target)
    }

    fn guardrails(&self) -> Vec<String> {
        self.0.guardrails(self.1)
    }

    fn signers(&self) -> Option<&Signers> {
        self.1.credentials.as_ref()
    }

    fn brings(&self) -> &[String] {
        brings(self.1)
    }

    fn conversation(&self) -> Option<Conversation> {
        self.0.conversation(self.1)
    }

    fn url(&self, target: &Target) -> String {
        self.0.site(target).url.to_owned()
    }

    fn may_hedge(&self) -> bool {
        false
    }

    fn request_id(&self, answer: &Answer) -> Option<String> {
        answer.head.header("x-amzn-requestid").map(str::to_owned)
    }
}

pub(super) struct Streamed<'a>(
    pub(super) &'a Router,
    pub(super) &'a Call,
    pub(super) Carried,
);

impl Transport for Streamed<'_> {
    type Answer = Stream;

    async fn send(&self, permit: Permit) -> Result<Stream, Lost> {
        let Self(router, call, _) = self;
        let aimed = aimed(router, call, permit.target());
        let client = router.client(&permit);
        let mut stream = client.open(aimed).await?;
        match stream
            .begin(streaming::is_delta, client.longest_opening())
            .await
        {
            Ok(()) => Ok(stream),
            Err(error) => Err(Lost {
                error,
                request_id: self.request_id(&stream),
            }),
        }
    }

    fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.1.verdict.as_ref()
    }

    fn misfit(&self, own: Option<&str>, target: &Target) -> Option<String> {
        misfit(self.1, &self.2, own, target)
    }

    fn guardrails(&self) -> Vec<String> {
        self.0.guardrails(self.1)
    }

    fn signers(&self) -> Option<&Signers> {
        self.1.credentials.as_ref()
    }

    fn brings(&self) -> &[String] {
        brings(self.1)
    }

    fn conversation(&self) -> Option<Conversation> {
        self.0.conversation(self.1)
    }

    fn url(&self, target: &Target) -> String {
        self.0.site(target).url.to_owned()
    }

    fn may_hedge(&self) -> bool {
        true
    }

    fn request_id(&self, stream: &Stream) -> Option<String> {
        stream.head().header("x-amzn-requestid").map(str::to_owned)
    }
}
