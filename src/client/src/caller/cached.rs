//! Calls through a cache: an answer that is there, one that is on its way, or one that is asked for and kept.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Caller, Place};
use crate::{
    cache::{Cache, Content, Entry, Followed, Key, Lead, Part, Recording, Request, together},
    call::{Answer, Call, Head, Reuse},
    error::{Error, Timeout},
    identity::Who,
    metrics::{Metrics, Usage},
    router::{clock::Clock, target::Target},
    stream::Stream,
};

/// How often a caller waits for others who fail before it goes by itself. Without an end to it the last of many would
/// wait for all failures, one after the other.
const LEADERS: usize = 2;
/// How long a disk is waited for: one that takes longer has no answer. Asking Bedrock would not take much more.
const PATIENCE: Duration = Duration::from_secs(1);

/// The cache that a call goes through.
#[derive(Clone, Debug)]
pub struct Caching {
    /// The cache.
    pub cache: Arc<Cache>,
    /// Whether the answer is asked for anew, whatever is there.
    pub refresh: bool,
    /// Where hits and misses are counted.
    pub metrics: Arc<Metrics>,
}

/// What there is for a call.
enum Found {
    Answer(Head, Arc<Entry>),
    /// Nothing: the caller has to call, with this time left if it waited.
    Lead(Lead, Option<Instant>),
}

/// A call on its way through a cache.
struct Passage<'a> {
    caller: &'a Caller,
    caching: &'a Caching,
    request: Request,
    /// Who asks, where all who say the same name are one; else it is whoever calls.
    named: Option<Who>,
    keys: Arc<[Key]>,
    clock: Clock,
    total: Option<Duration>,
    started: Instant,
}

/// Makes a call and reads its whole answer, or gives the one that is kept.
pub(crate) async fn call(caller: &Caller, call: Call, caching: &Caching) -> Result<Answer, Error> {
    let passage = Passage::new(caller, &call, caching).await?;
    let (lead, deadline) = match passage.find(&call).await? {
        Found::Answer(head, entry) => {
            let Content::Whole(body) = &entry.content else {
                unreachable!("the operation is part of the key")
            };
            let body = body.clone();
            let usage = Usage::default();
            return Ok(Answer { head, body, usage });
        }
        Found::Lead(lead, deadline) => (lead, deadline),
    };
    let place_of = call.clone();
    let mut answer = passage
        .before(deadline, Box::pin(caller.send(call)))
        .await?;
    let cache = &caching.cache;
    if let Some(key) = passage.key(&place_of, &answer.head).await {
        let entry = Arc::new(Entry::whole(cache.now(), &answer));
        cache.store(key, Arc::clone(&entry));
        lead.done(key, &entry);
    }
    drop(lead);
    answer.head.reuse = Some(Reuse::Fresh);
    Ok(answer)
}

/// Makes a call whose answer is an event stream, or plays the one that is kept.
pub(crate) async fn open(caller: &Caller, call: Call, caching: &Caching) -> Result<Stream, Error> {
    let passage = Passage::new(caller, &call, caching).await?;
    let (lead, deadline) = match passage.find(&call).await? {
        Found::Answer(head, entry) => {
            let Content::Events(events) = &entry.content else {
                unreachable!("the operation is part of the key")
            };
            return Ok(Stream::replay(head, events.clone()));
        }
        Found::Lead(lead, deadline) => (lead, deadline),
    };
    let place_of = call.clone();
    let sending = Box::pin(caller.send_stream(call));
    let mut stream = passage.before(deadline, sending).await?;
    if let (Some(deadline), Some(total)) = (deadline, passage.total) {
        stream.end_after(
            deadline.saturating_duration_since(passage.clock.now()),
            total,
        );
    }
    let head = stream.head().clone();
    // Its reader may never begin.
    lead.given();
    if let Some(key) = passage.key(&place_of, &head).await {
        stream.watch(Box::new(Recording {
            cache: Arc::clone(&caching.cache),
            key,
            head,
            lead: Some(lead),
            events: vec![],
            bytes: 0,
        }));
    }
    stream.head_mut().reuse = Some(Reuse::Fresh);
    Ok(stream)
}

impl<'a> Passage<'a> {
    async fn new(caller: &'a Caller, call: &Call, caching: &'a Caching) -> Result<Self, Error> {
        let (clock, total) = caller.patience();
        let mut passage = Self {
            caller,
            caching,
            request: Request::of(call),
            named: caching.cache.options.scope.as_deref().map(Who::named),
            keys: [].into(),
            started: clock.now(),
            clock,
            total,
        };
        let places = caller.places(call);
        if let (None, Some((_, first))) = (passage.named, places.first()) {
            let asking = async { Ok(caller.who(call, first.as_ref()).await) };
            passage.before(passage.deadline(), asking).await?;
        }
        let keys = places.iter();
        passage.keys = keys
            .filter_map(|(place, target)| passage.known(call, place, target.as_ref()))
            .collect();
        Ok(passage)
    }

    /// The key of an answer from a place; where nobody knows who asks, nothing is given.
    fn known(&self, call: &Call, place: &Place<'_>, target: Option<&Arc<Target>>) -> Option<Key> {
        let who = self.named.or_else(|| self.caller.known(call, target))?;
        Some(self.request.key(who, place))
    }

    fn deadline(&self) -> Option<Instant> {
        self.total.map(|total| self.started + total)
    }

    /// What the cache has. It may take half of the call's time, so that there is time left to call.
    async fn kept(&self) -> Option<(Key, Arc<Entry>)> {
        let left = self.deadline().map(|deadline| {
            let left = deadline.saturating_duration_since(self.clock.now());
            left / 2
        });
        let limit = left.map_or(PATIENCE, |left| left.min(PATIENCE));
        self.caching.cache.find(&self.keys, limit).await
    }

    async fn find(&self, call: &Call) -> Result<Found, Error> {
        let (found, waited) = self.look().await?;
        let (key, entry) = match found {
            Ok(found) => found,
            Err(lead) => {
                self.caching.metrics.cache.missed();
                return Ok(Found::Lead(lead, waited));
            }
        };
        // Looking takes time, in which what may be asked can change: what is kept of a place that may not is not given.
        if let Some(head) = self.told(call, &key, &entry) {
            return Ok(Found::Answer(head, entry));
        }
        self.caching.metrics.cache.missed();
        Ok(Found::Lead(Lead::alone(), waited))
    }

    /// What is kept, or is on its way to somebody else; or a place at the head of those who ask. Beside it, until when the
    /// call has time, if it has waited.
    async fn look(&self) -> Result<(Result<(Key, Arc<Entry>), Lead>, Option<Instant>), Error> {
        let cache = &self.caching.cache;
        // Where nothing may be asked, nothing is answered either; the error says why.
        if self.caching.refresh || self.keys.is_empty() {
            return Ok((Err(Lead::alone()), None));
        }
        if let Some((key, entry)) = self.kept().await {
            return Ok((Ok((key, entry)), None));
        }
        let deadline = self.deadline();
        let mut waited = None;
        for _ in 0..LEADERS {
            match cache.flights.join(together(&self.keys)) {
                Part::Lead(lead) => {
                    // It may have come between the two looks.
                    if let Some((key, entry)) = self.kept().await {
                        return Ok((Ok((key, entry)), waited));
                    }
                    return Ok((Err(lead), waited));
                }
                Part::Follow(follow) => {
                    waited = deadline;
                    let outcome = async { Ok(follow.outcome().await) };
                    match self.before(deadline, outcome).await? {
                        Followed::Done(key, entry) => return Ok((Ok((key, entry)), waited)),
                        Followed::Failed => {}
                        Followed::Stuck => break,
                    }
                }
            }
        }
        Ok((Err(Lead::alone()), waited))
    }

    /// Does it within what is left of the call's time.
    async fn before<T>(
        &self,
        deadline: Option<Instant>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(deadline) = deadline else {
            return work.await;
        };
        tokio::select! {
            biased;
            done = work => done,
            () = self.clock.until(deadline) => Err(Error::TimedOut {
                clock: Timeout::Total,
                after: self.total.unwrap_or_default(),
                url: self.caller.endpoint_url().to_owned(),
            }),
        }
    }

    /// The head of an answer that is given again, if a place that may be asked now gave it.
    fn told(&self, call: &Call, key: &Key, entry: &Entry) -> Option<Head> {
        let mut places = self.caller.places(call).into_iter();
        let (_, target) = places.find(|(place, target)| {
            let known = self.known(call, place, target.as_ref());
            known.is_some_and(|known| known == *key)
        })?;
        self.caching.metrics.cache.hit();
        let age = Duration::from_millis(self.caching.cache.now().saturating_sub(entry.stored));
        let operation = call.operation.name;
        tracing::debug!(
            target: "outcrop::cache",
            "{operation} was answered from the cache, {:.1} s old", age.as_secs_f64()
        );
        Some(Head {
            status: entry.status,
            headers: entry.headers.clone(),
            attempts: 1,
            exhausted: false,
            route: self.caller.route_of(target),
            reuse: Some(Reuse::Kept(age)),
        })
    }

    /// The key of an answer, by who gave it to whom; nothing is kept where nobody knows that.
    async fn key(&self, call: &Call, head: &Head) -> Option<Key> {
        let answered = head.route.as_ref().and_then(|record| record.answered());
        // What somebody wrote for another model is not the request that the key is of.
        if answered.is_some_and(|it| call.rewritten(it.chosen.number).is_some()) {
            return None;
        }
        if self.named.is_none() {
            // Whoever has just signed it is known without asking.
            self.caller.who(call, answered).await?;
        }
        self.known(call, &self.caller.place(call, answered), answered)
    }
}
