//! One model through several source Regions: the preferred target while it is well, the next when it is not.
//!
//! [`Core`](core::Core) decides and knows neither HTTP nor Python; [`Router`] sends with one [`Client`] a source
//! Region. `docs/dev/router.md` tells why it is as it is.

pub mod assignments;
pub mod back_off;
pub mod breaker;
pub mod budget;
pub mod burndown;
mod choice;
pub mod classify;
pub mod clock;
pub mod conversation;
pub mod core;
pub mod counters;
mod day;
mod demand;
mod estimates;
pub mod facts;
pub mod failover;
pub mod features;
mod guardrail;
mod hedging;
mod journey;
pub mod lending;
pub mod limiter;
pub mod options;
mod order;
pub mod permit;
mod pins;
mod prefix;
mod queue;
pub mod record;
mod sending;
pub mod source;
pub mod state;
pub mod sticky;
mod stored;
mod streaming;
pub mod target;
pub mod tenants;
pub mod terms;
mod used;
pub mod virtual_time;
mod window;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use self::{
    clock::Clock,
    conversation::Conversation,
    core::Core,
    demand::Guess,
    failover::Routed,
    options::Options,
    permit::Permit,
    record::Record,
    sending::{Sending, Streamed, Whole, binds},
    streaming::Watched,
    target::Target,
    tenants::Tenants,
    used::Used,
};
use crate::{
    apis,
    call::{Answer, Call, Head},
    client::{Client, Site},
    error::Error,
    identity::Who,
    metrics::Running,
    signing::Signer,
    stream::Stream,
};

/// Calls one model through several source Regions.
#[derive(Clone, Debug)]
pub struct Router {
    core: Arc<Core>,
    clients: Arc<[Client]>,
}

impl Router {
    /// A router that sends with `clients`, one for each source in the order of [`Target::source`]. They must not
    /// repeat calls themselves.
    #[must_use]
    pub fn new(core: Arc<Core>, clients: Arc<[Client]>) -> Self {
        Self { core, clients }
    }

    /// Makes a call and reads its whole answer.
    pub async fn call(&self, call: Call) -> Result<Answer, Error> {
        let mut running = Running::of(&call, &self.core.metrics.calls);
        let answer = self.whole(&call).await;
        self.note(
            &mut running,
            &call,
            route(answer.as_ref().map(|it| &it.head)),
        );
        running.answered(&answer);
        answer
    }

    async fn whole(&self, call: &Call) -> Result<Answer, Error> {
        self.check(call)?;
        self.locate(call).await?;
        let (whole, guess) = (Sending::<Whole>::new(self, call), self.guess(call));
        let routed = self
            .core
            .run(&whole, call.model_id(), guess.tokens())
            .await?;
        let Routed {
            mut answer,
            record,
            mut held,
        } = routed;
        let used = held.counts_tokens().then(|| match call.api {
            Some(_) => Some(Used::from(answer.usage)),
            None => Used::of(&answer),
        });
        let used = used.flatten();
        if binds(call) {
            held.gave(|| apis::said_in_answer(&answer.body));
        }
        let used = used.and_then(|used| held.taken(&guess, used));
        held.release(used, false);
        if call.operation.name == "CountTokens" && self.counts_tokens() {
            self.core.estimates.counted(&call.body, &answer.body);
        }
        tell(&mut answer.head, &Arc::new(record));
        Ok(answer)
    }

    /// Makes a call whose answer is an event stream, and reads up to its first delta.
    pub async fn open(&self, call: Call) -> Result<Stream, Error> {
        let mut running = Running::of(&call, &self.core.metrics.calls);
        let started = self.core.clock.now();
        let streamed = Sending::<Streamed>::new(self, &call);
        let guess = self.guess(&call);
        let routed = async {
            self.check(&call)?;
            self.locate(&call).await?;
            let running = self.core.run(&streamed, call.model_id(), guess.tokens());
            running.await
        };
        let routed = routed.await.inspect_err(|error| {
            self.note(&mut running, &call, route(Err(error)));
            running.failed(error);
        })?;
        let Routed {
            answer: mut stream,
            record,
            held,
        } = routed;
        if let Some((left, total)) = streaming::left(&held, started) {
            stream.end_after(left, total);
        }
        let record = Arc::new(record);
        tell(stream.head_mut(), &record);
        self.note(&mut running, &call, Some(&record));
        running.begun(stream.head());
        running.first();
        stream.watch(Box::new(Watched {
            tenants: Tenants::of_call(call.credentials.as_ref()),
            held,
            running,
            record,
            guess,
            used: None,
            binds: binds(&call),
        }));
        Ok(stream)
    }

    /// Where a call is counted follows from what became of it.
    fn note(&self, running: &mut Running, call: &Call, record: Option<&Record>) {
        let Some(record) = record else { return };
        if let Some(target) = record.last() {
            running.counts_in(Arc::clone(&self.core.metrics.of(target).calls));
        }
        if let Some(observation) = &call.observation {
            observation.routed(record);
        }
    }

    fn counts_tokens(&self) -> bool {
        self.core.options.limits.counts_tokens()
    }

    /// What a call may use of a quota, where somebody counts.
    fn guess(&self, call: &Call) -> Guess {
        if !self.counts_tokens() {
            return Guess::default();
        }
        self.core.estimates.of(call.operation, &call.body)
    }

    /// The conversation that a call is a turn of, where anything goes by that.
    fn conversation(&self, call: &Call) -> Option<Conversation> {
        let Options {
            affinity, weighted, ..
        } = self.core.options;
        if affinity.is_none() && !weighted {
            return None;
        }
        Conversation::of(call, affinity)
    }

    /// What sends to a target: only a permit leads to it.
    fn client(&self, permit: &Permit) -> &Client {
        &self.clients[permit.target().source.number]
    }

    /// Where a target is called.
    pub(crate) fn site(&self, target: &Target) -> Site<'_> {
        Site::of(&self.clients[target.source.number])
    }

    /// Where the first source is called.
    pub(crate) fn first(&self) -> Site<'_> {
        Site::of(&self.clients[0])
    }

    /// Who makes a call that goes to a target.
    pub(crate) async fn who(&self, call: &Call, target: &Target) -> Option<Who> {
        let (client, own) = self.caller(call, target);
        client.who(own).await
    }

    /// The same as far as it is known already.
    pub(crate) fn known(&self, call: &Call, target: &Target) -> Option<Who> {
        let (client, own) = self.caller(call, target);
        client.known(own)
    }

    fn caller<'a>(&self, call: &'a Call, target: &Target) -> (&Client, Option<&'a Signer>) {
        let own = call.credentials.as_ref();
        let own = own.and_then(|own| own.of(target.source.session));
        (&self.clients[target.source.number], own)
    }

    /// Sees that a call does not undo what was demanded of sources.
    fn check(&self, call: &Call) -> Result<(), Error> {
        let headers = self.clients.first().map(Client::default_headers);
        let conditions = &self.core.options.conditions;
        conditions.check(call, headers.unwrap_or_default())
    }

    /// The Regions of the guardrails that a call names.
    fn guardrails(&self, call: &Call) -> Vec<String> {
        // Each session has headers of its own.
        guardrail::regions(call, self.clients.iter().flat_map(Client::default_headers))
    }

    /// The targets that may answer a call now, the preferred first; none where the router would refuse it.
    pub(crate) fn permitted(&self, call: &Call) -> Vec<Arc<Target>> {
        let verdict = call.verdict.as_deref();
        let guardrails = self
            .core
            .check_guardrails(verdict, || self.guardrails(call));
        if guardrails.is_err() || self.check(call).is_err() {
            return vec![];
        }
        let Ok(model) = self.core.check_name(call.model_id()) else {
            return vec![];
        };
        let mut plan = self.core.plan();
        if let Some(conversation) = self.conversation(call) {
            let tenants = Tenants::of_call(call.credentials.as_ref());
            let now = self.core.clock.now();
            let sticky = self.core.sticky(conversation, &tenants, now);
            plan = Arc::new(order::ordered(&plan, &sticky));
        }
        let permitted = plan.targets.iter();
        // An answer of a next model is none of the model that was asked for, unless that has no room.
        permitted
            .filter(|target| {
                target.chosen.number == model
                    && self.core.permits(verdict, target)
                    && permit::unsigned(call.credentials.as_ref(), target).is_none()
            })
            .cloned()
            .collect()
    }

    /// How long a call may take, and by which clock.
    pub(crate) fn patience(&self) -> (Clock, Option<Duration>) {
        (self.core.clock.clone(), self.core.options.total)
    }

    /// What a target calls the model. Tokens are counted by the model itself, which is all that `CountTokens` knows.
    pub(crate) fn model_of<'a>(call: &Call, target: &'a Target) -> &'a str {
        match &target.base_model {
            Some(base_model) if call.operation.name == "CountTokens" => base_model,
            _ => &target.model_id,
        }
    }
}

/// What was done for a call, as its answer or its error has it.
fn route<'a>(outcome: Result<&'a Head, &'a Error>) -> Option<&'a Record> {
    match outcome {
        Ok(head) => head.route.as_deref(),
        Err(Error::Routed { record, .. }) => Some(record),
        Err(_) => None,
    }
}

fn tell(head: &mut Head, record: &Arc<Record>) {
    head.attempts = u32::try_from(record.attempts.len()).unwrap_or(u32::MAX);
    head.exhausted = false;
    head.route = Some(Arc::clone(record));
}
