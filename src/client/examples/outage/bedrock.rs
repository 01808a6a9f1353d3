//! Bedrock, made up: source Regions of accounts with quotas of tokens, one Region that fails, and prompt caches.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use outcrop_client::{
    call::Call,
    error::{Error, ServiceError},
    router::{clock::Clock, virtual_time::VirtualTime},
};

use crate::{
    OUTAGE,
    caches::{Caches, Place, Prompt},
    report::{Minute, Report},
};

pub const REGIONS: [&str; 3] = ["us-east-1", "us-west-2", "us-east-2"];
/// Tokens a minute of each account in each source Region.
const QUOTA: f64 = 1_200_000.0;
/// What a token of an answer takes of it, and what requests reserve for their answers: `maxTokens`.
const BURNDOWN: u64 = 5;
const RESERVED: u64 = 1_000;
/// The share of requests that a profile serves in another Region than the source.
const REROUTED: f64 = 0.05;
/// The share of requests that fail only after the model has read them, and the seconds that takes.
const FAILS_LATE: f64 = 0.3;
const LATE: f64 = 2.0;
/// Seconds that a request takes at least, to its first token; tokens that are read and written in one.
const NETWORK: f64 = 0.04;
const FIRST_TOKEN: f64 = 0.4;
const READS: f64 = 5_000.0;
const READS_CACHED: f64 = 100_000.0;
const WRITES: f64 = 70.0;

/// One turn on its way.
pub struct Request {
    pub begun: f64,
    /// What the router gets to see.
    pub call: Call,
    pub prompt: Prompt,
    pub output: u64,
    pub random: Mutex<fastrand::Rng>,
    /// Which source answered.
    pub answered: Mutex<Option<usize>>,
}

impl Request {
    fn chance(&self) -> f64 {
        held(&self.random).f64()
    }
}

/// The source Regions, what they saw, and their time.
pub struct World {
    pub time: VirtualTime,
    pub clock: Clock,
    pub sources: Vec<Place>,
    pub report: Mutex<Report>,
    /// The tokens that are left of each source's quota, and since when.
    left: Vec<Mutex<(f64, f64)>>,
    caches: Mutex<Caches>,
}

impl World {
    /// A world in which one owns accounts, all of which may call all Regions: the near Region of all accounts comes first.
    pub fn new(accounts: usize) -> Arc<Self> {
        let time = VirtualTime::default();
        let of = |region| (0..accounts).map(move |account| Place { account, region });
        let sources: Vec<Place> = (0..REGIONS.len()).flat_map(of).collect();
        Arc::new(Self {
            clock: time.clock(),
            time,
            left: sources.iter().map(|_| Mutex::new((QUOTA, 0.0))).collect(),
            sources,
            report: Mutex::default(),
            caches: Mutex::default(),
        })
    }

    pub fn now(&self) -> f64 {
        self.time.passed().as_secs_f64()
    }

    pub async fn sleep(&self, seconds: f64) {
        self.clock.sleep(Duration::from_secs_f64(seconds)).await;
    }

    /// Sends a request to a source Region, and waits for all of its answer.
    pub async fn ask(&self, source: usize, request: &Request) -> Result<(), Error> {
        let place = self.sources[source];
        self.minute(request.begun, |minute| minute.attempts += 1);
        let fails = is_away(place.region, self.now());
        self.sleep(NETWORK).await;
        let serving = self.serving(place, request);
        let mut tokens = self.caches().look(serving, &request.prompt, self.now());
        if fails {
            // Most are refused at once.
            if request.chance() < FAILS_LATE {
                self.sleep(LATE).await;
                self.minute(request.begun, |minute| minute.in_vain.add(tokens));
            }
            return Err(refused("ServiceUnavailableException", 503));
        }
        // Bedrock reserves when a request begins, and settles when it ends; what its cache had is free.
        let fresh = tokens.input + tokens.written;
        if !self.takes(source, fresh + RESERVED) {
            return Err(refused("ThrottlingException", 429));
        }
        let reading = seconds(fresh, READS) + seconds(tokens.read, READS_CACHED);
        self.sleep(FIRST_TOKEN + reading).await;
        self.caches().keep(serving, &request.prompt, self.now());
        let first_token = self.now() - request.begun;
        self.sleep(seconds(request.output, WRITES)).await;
        self.settle(source, request.output * BURNDOWN);
        tokens.output = request.output;
        self.minute(request.begun, |minute| {
            minute.tokens.add(tokens);
            minute.first_tokens.push(first_token);
        });
        *held(&request.answered) = Some(source);
        Ok(())
    }

    /// The Region that serves a request: the source itself, or another of the profile's that has not failed.
    fn serving(&self, source: Place, request: &Request) -> Place {
        let chances = [request.chance(), request.chance()];
        let others = || (0..REGIONS.len()).filter(|it| *it != source.region);
        let well: Vec<usize> = others().filter(|it| !is_away(*it, self.now())).collect();
        let region = if chances[0] < REROUTED {
            well[usize::from(chances[1] < 0.5) % well.len()]
        } else {
            source.region
        };
        Place { region, ..source }
    }

    fn takes(&self, source: usize, tokens: u64) -> bool {
        let mut left = self.filled(source);
        let tokens = number(tokens);
        let room = left.0 >= tokens;
        if room {
            left.0 -= tokens;
        }
        room
    }

    fn settle(&self, source: usize, used: u64) {
        self.filled(source).0 += number(RESERVED) - number(used);
    }

    fn filled(&self, source: usize) -> MutexGuard<'_, (f64, f64)> {
        let now = self.now();
        let mut left = held(&self.left[source]);
        let more = (now - left.1) * QUOTA / 60.0;
        *left = ((left.0 + more).min(QUOTA), now);
        left
    }

    /// Counts something of a call that began then.
    pub fn minute(&self, begun: f64, count: impl FnOnce(&mut Minute)) {
        count(held(&self.report).minute(begun));
    }

    fn caches(&self) -> MutexGuard<'_, Caches> {
        held(&self.caches)
    }
}

/// Whether a Region fails: the first one does, once.
fn is_away(region: usize, now: f64) -> bool {
    region == 0 && (number(OUTAGE.start)..number(OUTAGE.end)).contains(&(now / 60.0))
}

pub fn held<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

fn seconds(tokens: u64, in_one: f64) -> f64 {
    number(tokens) / in_one
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}

fn refused(code: &str, status: u16) -> Error {
    Error::Service(Box::new(ServiceError {
        code: code.into(),
        message: String::new(),
        status,
        headers: vec![],
        body: Bytes::new(),
        attempts: 1,
        exhausted: true,
        hint: None,
    }))
}
