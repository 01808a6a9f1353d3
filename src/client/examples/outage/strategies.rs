//! What callers may do about a Region that fails or has no room.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use outcrop_client::{
    account::Account,
    router::{
        back_off::pause,
        budget::{self, Budget},
        classify::{Kind, kind},
        conversation::{Affinity, Conversation},
        core::Core,
        facts::Fact,
        failover::{Lost, Transport},
        options::Options,
        permit::{Permit, Residency},
        source::Source,
        state::State,
        target::{Chosen, Plan, Reach, Target},
        terms::Terms,
    },
};

use crate::{
    bedrock::{REGIONS, Request, World},
    caches::Place,
};

/// A way to make calls.
#[derive(Clone)]
pub enum Strategy {
    /// The router that users call.
    Router(Arc<Core>),
    /// The first source only, with the retries of AWS's SDKs.
    Retries(Arc<Budget>),
    /// The next source for each call, with the same retries in it.
    RoundRobin(Arc<Budget>, Arc<AtomicUsize>),
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Retries,
    RoundRobin,
    Outcrop,
    Affinity,
    /// The same, with a tenth of the conversations for the second account.
    Canary,
}

/// The share of the canary, and of the account beside it.
pub const SHARES: [f64; 2] = [0.9, 0.1];

impl Name {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Retries => "SDK retries",
            Self::RoundRobin => "round-robin",
            Self::Outcrop => "outcrop",
            Self::Affinity => "outcrop, affinity",
            Self::Canary => "outcrop, canary",
        }
    }

    pub fn strategy(self, world: &World) -> Strategy {
        let budget = Arc::new(Budget::new(500));
        match self {
            Self::Retries => Strategy::Retries(budget),
            Self::RoundRobin => Strategy::RoundRobin(budget, Arc::default()),
            Self::Outcrop => router(world, Options::default()),
            Self::Affinity | Self::Canary => router(
                world,
                Options {
                    affinity: Some(Affinity::Prefix),
                    weighted: self == Self::Canary,
                    ..Options::default()
                },
            ),
        }
    }
}

impl Strategy {
    /// Makes a call; whether it was answered.
    pub async fn call(&self, world: &World, request: &Request) -> bool {
        match self {
            Self::Router(core) => {
                let Options {
                    affinity, weighted, ..
                } = core.options;
                let sent = Sent {
                    world,
                    request,
                    conversation: (affinity.is_some() || weighted)
                        .then(|| Conversation::of(&request.call, affinity))
                        .flatten(),
                };
                core.run(&sent, None, 0.0).await.is_ok()
            }
            Self::Retries(budget) => retried(world, budget, 0, request).await,
            Self::RoundRobin(budget, turn) => {
                let source = turn.fetch_add(1, Ordering::Relaxed) % world.sources.len();
                retried(world, budget, source, request).await
            }
        }
    }
}

/// AWS's standard mode: three attempts, with back-off and a retry quota.
async fn retried(world: &World, budget: &Budget, source: usize, request: &Request) -> bool {
    let mut spent = budget::EARNED;
    for attempt in 0..3 {
        let Err(error) = world.ask(source, request).await else {
            budget.give(spent);
            return true;
        };
        let throttled = kind(&error) == Kind::Throttled;
        let cost = if throttled {
            budget::THROTTLED
        } else {
            budget::FAILED
        };
        if attempt == 2 || !budget.take(cost) {
            return false;
        }
        spent = cost;
        let wait = pause(attempt, throttled, None, fastrand::f64());
        world.clock.sleep(wait).await;
    }
    false
}

struct Sent<'a> {
    world: &'a World,
    request: &'a Request,
    conversation: Option<Conversation>,
}

impl Transport for Sent<'_> {
    type Answer = ();

    async fn send(&self, permit: Permit) -> Result<(), Lost> {
        let source = permit.target().source.number;
        Ok(self.world.ask(source, self.request).await?)
    }

    fn conversation(&self) -> Option<Conversation> {
        self.conversation
    }

    fn url(&self, _: &Target) -> String {
        String::new()
    }

    fn may_hedge(&self) -> bool {
        false
    }

    fn request_id(&self, (): &()) -> Option<String> {
        None
    }
}

fn router(world: &World, options: Options) -> Strategy {
    let target = |(number, place): (usize, &Place)| {
        let account = Account::of(Some(format!("{:012}", place.account + 1)));
        Arc::new(Target {
            source: Arc::new(Source {
                number,
                region: REGIONS[place.region].into(),
                account: account.clone(),
                session: place.account,
                // Whatever the first Region cannot take is for the others.
                weight: options.weighted.then_some(if place.region == 0 {
                    SHARES[place.account]
                } else {
                    0.0
                }),
                ..Source::default()
            }),
            account,
            rank: 0,
            model_id: "us.example.model".into(),
            base_model: None,
            chosen: Chosen::default(),
            reach: Reach::Unknown,
            fact: Fact::default(),
            terms: Terms::default(),
            state: State::new(&options.breaker, &options.limits),
        })
    };
    let targets = world.sources.iter().enumerate().map(target).collect();
    let clock = world.clock.clone();
    let core = Core::new(options, Residency::Unlimited, clock, Arc::default());
    core.set_plan(Plan {
        targets,
        ..Plan::default()
    });
    Strategy::Router(Arc::new(core))
}
