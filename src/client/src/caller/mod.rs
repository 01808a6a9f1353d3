//! What makes the calls: one client, or a router over several. Either may have a cache before it.

mod cached;

use std::{sync::Arc, time::Duration};

pub use cached::Caching;

use crate::{
    cache::Place,
    call::{Answer, Call},
    client::{Client, Site},
    error::{Error, Timeout},
    http::within,
    identity::Who,
    router::{Router, clock::Clock, record::Record, target::Target},
    signing::Signer,
    stream::Stream,
};

/// What signs a call by the one client, where the call brings it.
fn own(call: &Call) -> Option<&Signer> {
    call.credentials.as_ref()?.of(0)
}

/// What makes the calls. Futures are boxed here: no call is laid out for what it does not need, and the ten kilobytes of
/// the SDK's are not copied by each caller on the way who awaits them.
#[derive(Clone, Debug)]
pub enum Caller {
    /// One client.
    Plain(Client),
    /// Several, by way of a router.
    Routed(Router),
}

impl Caller {
    /// Makes a call and reads its whole answer.
    pub async fn call(&self, call: Call, caching: Option<&Caching>) -> Result<Answer, Error> {
        let patience = patience(&call);
        let called = async {
            match caching {
                None => self.send(call).await,
                Some(caching) => Box::pin(cached::call(self, call, caching)).await,
            }
        };
        within(patience, Timeout::Total, self.endpoint_url(), called).await
    }

    /// Makes a call whose answer is an event stream.
    pub async fn open(&self, call: Call, caching: Option<&Caching>) -> Result<Stream, Error> {
        let patience = patience(&call);
        let opened = async {
            match caching {
                None => self.send_stream(call).await,
                Some(caching) => Box::pin(cached::open(self, call, caching)).await,
            }
        };
        within(patience, Timeout::Total, self.endpoint_url(), opened).await
    }

    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Error> {
        match self {
            Self::Plain(client) => Box::pin(client.call(call)).await,
            Self::Routed(router) => Box::pin(router.call(call)).await,
        }
    }

    pub(crate) async fn send_stream(&self, call: Call) -> Result<Stream, Error> {
        match self {
            Self::Plain(client) => Box::pin(client.open(call)).await,
            Self::Routed(router) => Box::pin(router.open(call)).await,
        }
    }

    /// Who makes a call that goes to a target, or by the one client; nobody where there are no credentials.
    pub(crate) async fn who(&self, call: &Call, target: Option<&Arc<Target>>) -> Option<Who> {
        match (self, target) {
            (Self::Plain(client), _) => client.who(own(call)).await,
            (Self::Routed(router), Some(target)) => router.who(call, target).await,
            (Self::Routed(_), None) => None,
        }
    }

    /// The same as far as it is known already: no account is asked for the sake of another's call.
    pub(crate) fn known(&self, call: &Call, target: Option<&Arc<Target>>) -> Option<Who> {
        match (self, target) {
            (Self::Plain(client), _) => client.known(own(call)),
            (Self::Routed(router), Some(target)) => router.known(call, target),
            (Self::Routed(_), None) => None,
        }
    }

    /// Where a call may be answered, the preferred place first; none where it would be refused.
    pub(crate) fn places(&self, call: &Call) -> Vec<(Place<'_>, Option<Arc<Target>>)> {
        match self {
            Self::Plain(_) => vec![(self.place(call, None), None)],
            Self::Routed(router) => router
                .permitted(call)
                .into_iter()
                .map(|target| (self.place(call, Some(&target)), Some(target)))
                .collect(),
        }
    }

    /// Where a target, or the one client, answers a call.
    pub(crate) fn place(&self, call: &Call, target: Option<&Arc<Target>>) -> Place<'_> {
        let (site, model_id) = match (self, target) {
            (Self::Routed(router), Some(target)) => (
                router.site(target),
                Router::model_of(call, target).to_owned(),
            ),
            _ => (self.first(), call.model_id().unwrap_or_default().to_owned()),
        };
        Place {
            region: site.region,
            endpoint_url: site.url,
            headers: site.headers,
            model_id,
            project: target.and_then(|target| target.terms.project.clone()),
        }
    }

    /// The record of an answer that was kept, for a router.
    pub(crate) fn route_of(&self, target: Option<Arc<Target>>) -> Option<Arc<Record>> {
        let reused = |target| Record {
            reused: target,
            ..Record::default()
        };
        matches!(self, Self::Routed(_)).then(|| Arc::new(reused(target)))
    }

    /// How long a call may take, and by which clock.
    pub(crate) fn patience(&self) -> (Clock, Option<Duration>) {
        match self {
            Self::Plain(client) => (Clock::default(), client.total()),
            Self::Routed(router) => router.patience(),
        }
    }

    /// Where the calls go, in the first place.
    pub(crate) fn endpoint_url(&self) -> &str {
        self.first().url
    }

    fn first(&self) -> Site<'_> {
        match self {
            Self::Plain(client) => Site::of(client),
            Self::Routed(router) => router.first(),
        }
    }
}

/// How long a call may take that says so itself.
fn patience(call: &Call) -> Option<Duration> {
    call.api.as_deref().and_then(|asked| asked.patience)
}
