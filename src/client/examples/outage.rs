//! An outage in virtual time: 10,000 callers, three source Regions with quotas, one of them failing for a minute.
//!
//! Prints, as JSON, what came of it with a router, with the retries of AWS's SDKs alone, and with round-robin on top of
//! those. The router is the one that users call; the callers, the Regions and the time are made up, from a seed.
//!
//! ```sh
//! cargo run --release -p outcrop-client --example outage > outage.json
//! ```

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use outcrop_client::{
    account::Account,
    error::{Error, ServiceError},
    router::{
        back_off::pause,
        budget::{self, Budget},
        classify::{Kind, kind},
        clock::Clock,
        core::Core,
        facts::Fact,
        failover::{Lost, Transport},
        options::Options,
        permit::{Permit, Residency},
        source::Source,
        state::State,
        target::{Chosen, Plan, Reach, Target},
        terms::Terms,
        virtual_time::VirtualTime,
    },
};
use serde_json::json;

const SEED: u64 = 20_261_124;
const CALLERS: u64 = 10_000;
const SECONDS: u64 = 300;
const OUTAGE: std::ops::Range<u64> = 90..150;
/// Each caller makes a call about this often.
const BETWEEN_CALLS: f64 = 80.0;
/// Calls a second that each source Region takes; about 125 are offered.
const QUOTAS: [(&str, f64); 3] = [
    ("us-east-1", 150.0),
    ("us-west-2", 110.0),
    ("us-east-2", 110.0),
];
const TOKENS: u64 = 1200;

/// What happened in one second.
#[derive(Clone, Copy, Default)]
struct Second {
    calls: u64,
    answered: u64,
    attempts: u64,
    wasted_tokens: u64,
    primary: u64,
}

/// The Regions, and what they saw.
struct World {
    time: VirtualTime,
    clock: Clock,
    buckets: [Mutex<(f64, f64)>; 3],
    seconds: Mutex<BTreeMap<u64, Second>>,
    random: Mutex<fastrand::Rng>,
}

impl World {
    fn new(seed: u64) -> Arc<Self> {
        let time = VirtualTime::default();
        Arc::new(Self {
            clock: time.clock(),
            time,
            buckets: QUOTAS.map(|(_, quota)| Mutex::new((quota, 0.0))),
            seconds: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        })
    }

    fn note(&self, second: u64, change: impl FnOnce(&mut Second)) {
        let mut seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        change(seconds.entry(second).or_default());
    }

    fn random(&self) -> f64 {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .f64()
    }

    fn now(&self) -> f64 {
        self.time.passed().as_secs_f64()
    }

    /// One request to a source Region. `begun` is the second in which its call began.
    async fn ask(&self, region: usize, begun: u64) -> Result<(), Error> {
        self.note(begun, |second| second.attempts += 1);
        let failing = region == 0 && OUTAGE.contains(&self.time.passed().as_secs());
        self.clock.sleep(Duration::from_millis(40)).await;
        if failing {
            // Most calls are refused at once; some fail after the model has worked on them.
            if self.random() < 0.3 {
                self.clock.sleep(Duration::from_secs(2)).await;
                self.note(begun, |second| second.wasted_tokens += TOKENS);
            }
            return Err(refused("ServiceUnavailableException", 503));
        }
        if !self.has_room(region) {
            return Err(refused("ThrottlingException", 429));
        }
        if region == 0 {
            self.note(begun, |second| second.primary += 1);
        }
        let thinking = 0.5 + 2.0 * self.random() + 1.5 * self.random();
        self.clock.sleep(Duration::from_secs_f64(thinking)).await;
        Ok(())
    }

    fn has_room(&self, region: usize) -> bool {
        let now = self.now();
        let mut bucket = self.buckets[region]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let quota = QUOTAS[region].1;
        *bucket = ((bucket.0 + (now - bucket.1) * quota).min(quota), now);
        let room = bucket.0 >= 1.0;
        if room {
            bucket.0 -= 1.0;
        }
        room
    }
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

/// One call of a caller.
#[derive(Clone)]
enum Strategy {
    Router(Arc<Core>),
    /// The first Region only, with the retries of AWS's SDKs.
    Retries(Arc<Budget>),
    /// The next Region for each call, with the same retries in it.
    RoundRobin(Arc<Budget>, Arc<AtomicUsize>),
}

impl Strategy {
    async fn call(&self, world: &World, begun: u64) -> bool {
        match self {
            Self::Router(core) => core.run(&Sent(world, begun), None, 0.0).await.is_ok(),
            Self::Retries(budget) => retried(world, budget, 0, begun).await,
            Self::RoundRobin(budget, turn) => {
                let region = turn.fetch_add(1, Ordering::Relaxed) % QUOTAS.len();
                retried(world, budget, region, begun).await
            }
        }
    }
}

/// AWS's standard mode: three attempts, with back-off and a retry quota.
async fn retried(world: &World, budget: &Budget, region: usize, begun: u64) -> bool {
    let mut spent = budget::EARNED;
    for attempt in 0..3 {
        let Err(error) = world.ask(region, begun).await else {
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
        let wait = pause(attempt, throttled, None, world.random());
        world.clock.sleep(wait).await;
    }
    false
}

struct Sent<'a>(&'a World, u64);

impl Transport for Sent<'_> {
    type Answer = ();

    async fn send(&self, permit: Permit) -> Result<(), Lost> {
        Ok(self.0.ask(permit.target().source.number, self.1).await?)
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

fn router(world: &World) -> Strategy {
    let options = Options::default();
    let core = Core::new(
        options.clone(),
        Residency::Unlimited,
        world.clock.clone(),
        Arc::default(),
    );
    let targets = QUOTAS.iter().enumerate().map(|(number, (region, _))| {
        Arc::new(Target {
            source: Arc::new(Source {
                number,
                region: (*region).into(),
                ..Source::default()
            }),
            account: Account::default(),
            rank: 0,
            model_id: "us.example.model".into(),
            base_model: None,
            chosen: Chosen::default(),
            reach: Reach::Unknown,
            fact: Fact::default(),
            terms: Terms::default(),
            state: State::new(&options.breaker, &options.limits),
        })
    });
    core.set_plan(Plan {
        targets: targets.collect(),
        ..Plan::default()
    });
    Strategy::Router(Arc::new(core))
}

const STRATEGIES: [&str; 3] = ["outcrop", "SDK retries", "round-robin"];

fn played(name: &str, seed: u64) -> BTreeMap<u64, Second> {
    let world = World::new(seed);
    let strategy = match name {
        "outcrop" => router(&world),
        "SDK retries" => Strategy::Retries(Arc::new(Budget::new(500))),
        _ => Strategy::RoundRobin(Arc::new(Budget::new(500)), Arc::default()),
    };
    play(&world, &strategy)
}

fn play(world: &Arc<World>, strategy: &Strategy) -> BTreeMap<u64, Second> {
    fastrand::seed(1);
    world.time.run(async {
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (world, strategy) = (Arc::clone(world), strategy.clone());
                let first = world.random() * BETWEEN_CALLS;
                tokio::spawn(async move {
                    let mut at = first;
                    while at < 300.0 {
                        world
                            .clock
                            .until(
                                world.clock.now()
                                    + Duration::from_secs_f64((at - world.now()).max(0.0)),
                            )
                            .await;
                        let begun = world.time.passed().as_secs();
                        world.note(begun, |second| second.calls += 1);
                        if strategy.call(&world, begun).await {
                            world.note(begun, |second| second.answered += 1);
                        }
                        at = world.now() + BETWEEN_CALLS * (0.5 + world.random());
                    }
                })
            })
            .collect();
        for caller in callers {
            caller.await.expect("no caller panics");
        }
    });
    std::mem::take(&mut *world.seconds.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Second {
    fn sum(seconds: &BTreeMap<u64, Self>, of: std::ops::Range<u64>) -> Self {
        let mut sum = Self::default();
        for (_, second) in seconds.range(of) {
            sum.calls += second.calls;
            sum.answered += second.answered;
            sum.attempts += second.attempts;
            sum.wasted_tokens += second.wasted_tokens;
        }
        sum
    }

    /// The share of calls that were answered, and the attempts that a call took.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few minutes")]
    fn rates(&self) -> (f64, f64) {
        let calls = self.calls.max(1) as f64;
        (self.answered as f64 / calls, self.attempts as f64 / calls)
    }

    fn json(&self) -> serde_json::Value {
        let (answered, attempts) = self.rates();
        json!({
            "calls": self.calls,
            "answered": answered,
            "attempts_per_call": attempts,
            "wasted_tokens": self.wasted_tokens,
        })
    }
}

/// How long after the outage the primary serves four fifths of all calls again.
fn recovery(seconds: &BTreeMap<u64, Second>) -> Option<u64> {
    let well = |second: &u64| {
        let now = seconds.get(second);
        now.is_some_and(|it| it.primary * 5 >= it.calls * 4 && it.answered == it.calls)
    };
    (OUTAGE.end..SECONDS)
        .find(well)
        .map(|second| second - OUTAGE.end)
}

fn main() {
    let mut out = serde_json::Map::new();
    for name in STRATEGIES {
        let seconds = played(name, SEED);
        let row = json!({
            "outage": Second::sum(&seconds, OUTAGE).json(),
            "all": Second::sum(&seconds, 0..SECONDS).json(),
            "recovered_after": recovery(&seconds),
            "seconds": (0..SECONDS).map(|at| {
                let second = seconds.get(&at).copied().unwrap_or_default();
                json!([second.calls, second.answered, second.attempts, second.wasted_tokens])
            }).collect::<Vec<_>>(),
        });
        out.insert(name.into(), row);
    }
    let text = serde_json::Value::Object(out).to_string();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).expect("somebody reads it");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the guide promises, for other seeds, too.
    #[test]
    fn an_outage_costs_callers_nothing_and_starts_no_storm() {
        let period = Options::default().breaker.open_at_most.as_secs();
        for seed in [SEED, 1, 2, 3] {
            let seconds = played("outcrop", seed);
            let (answered, attempts) = Second::sum(&seconds, OUTAGE).rates();
            assert!(answered > 0.999, "seed {seed}: {answered}");
            assert!(attempts < 1.3, "seed {seed}: {attempts}");
            // No storm: not in any five seconds either, but for those in which the breaker finds out.
            for from in (OUTAGE.start + 5..SECONDS - 5).step_by(5) {
                let (_, attempts) = Second::sum(&seconds, from..from + 5).rates();
                assert!(attempts < 1.3, "seed {seed}, second {from}: {attempts}");
            }
            let recovered = recovery(&seconds).expect("the primary is back");
            assert!(recovered <= 2 * period, "seed {seed}: {recovered} s");
        }
    }

    #[test]
    fn what_it_is_compared_with_does_worse() {
        let in_outage = |name| Second::sum(&played(name, SEED), OUTAGE);
        let [router, retries, turns] = STRATEGIES.map(in_outage);
        for other in [retries, turns] {
            assert!(other.rates().0 < 0.7, "{}", other.rates().0);
            assert!(other.wasted_tokens > 50 * router.wasted_tokens);
        }
    }
}
