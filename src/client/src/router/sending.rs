//! What a router sends to a target: the call as that takes it, by the client of its source.

use std::{marker::PhantomData, sync::Arc};

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
    call::{Answer, Call, Head, Rewritten},
    client::Client,
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

/// How a call is answered.
pub(super) trait Way: Send + Sync {
    type Answer: Send;

    /// Whether a second target may be asked when the first is late.
    const HEDGES: bool;

    fn send(client: &Client, call: Call)
    -> impl Future<Output = Result<Self::Answer, Lost>> + Send;

    fn head(answer: &Self::Answer) -> &Head;
}

/// By a whole answer.
pub(super) struct Whole;

impl Way for Whole {
    type Answer = Answer;

    const HEDGES: bool = false;

    async fn send(client: &Client, call: Call) -> Result<Answer, Lost> {
        Ok(client.call(call).await?)
    }

    fn head(answer: &Answer) -> &Head {
        &answer.head
    }
}

/// By a stream, which is an answer when its first delta is there.
pub(super) struct Streamed;

impl Way for Streamed {
    type Answer = Stream;

    const HEDGES: bool = true;

    async fn send(client: &Client, call: Call) -> Result<Stream, Lost> {
        let mut stream = client.open(call).await?;
        let begun = stream.begin(streaming::is_delta, client.longest_opening());
        match begun.await {
            Ok(()) => Ok(stream),
            Err(error) => Err(Lost {
                error,
                request_id: request_id(Self::head(&stream)),
            }),
        }
    }

    fn head(stream: &Stream) -> &Head {
        stream.head()
    }
}

fn request_id(head: &Head) -> Option<String> {
    head.header("x-amzn-requestid").map(str::to_owned)
}

/// A call on its way through a router.
pub(super) struct Sending<'a, W> {
    router: &'a Router,
    call: &'a Call,
    carried: Carried,
    way: PhantomData<W>,
}

impl<'a, W: Way> Sending<'a, W> {
    pub(super) fn new(router: &'a Router, call: &'a Call) -> Self {
        Self {
            router,
            call,
            carried: Carried::default(),
            way: PhantomData,
        }
    }
}

impl<W: Way> Transport for Sending<'_, W> {
    type Answer = W::Answer;

    async fn send(&self, permit: Permit) -> Result<W::Answer, Lost> {
        let aimed = aimed(self.router, self.call, permit.target());
        W::send(self.router.client(&permit), aimed).await
    }

    fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.call.verdict.as_ref()
    }

    fn misfit(&self, own: Option<&str>, target: &Target) -> Option<String> {
        misfit(self.call, &self.carried, own, target)
    }

    fn guardrails(&self) -> Vec<String> {
        self.router.guardrails(self.call)
    }

    fn signers(&self) -> Option<&Signers> {
        self.call.credentials.as_ref()
    }

    fn brings(&self) -> &[String] {
        brings(self.call)
    }

    fn conversation(&self) -> Option<Conversation> {
        self.router.conversation(self.call)
    }

    fn url(&self, target: &Target) -> String {
        self.router.site(target).url.to_owned()
    }

    fn may_hedge(&self) -> bool {
        W::HEDGES
    }

    fn request_id(&self, answer: &W::Answer) -> Option<String> {
        request_id(W::head(answer))
    }
}
