//! What must hold whatever the catalogue, the policy and the failures: played in virtual time.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use proptest::prelude::*;

use super::{
    breaker::Phase,
    core::Core,
    failover::Transport,
    options::{Concurrency, Hedge, Limits, Options},
    state::State,
    target::{Plan, Reach, Target},
    virtual_time::VirtualTime,
};
use crate::error::{Error, ServiceError};

const REGIONS: [&str; 5] = ["a-1", "b-1", "c-1", "d-1", "e-1"];

/// What a target does with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Answer,
    Throttle,
    Fail,
    Refuse,
    Deny,
}

fn refused(code: &str, status: u16, message: &str) -> Error {
    Error::Service(Box::new(ServiceError {
        code: code.into(),
        message: message.into(),
        status,
        headers: vec![],
        body: Bytes::new(),
        attempts: 1,
        exhausted: true,
        hint: None,
    }))
}

type OnSend = Box<dyn Fn(usize) + Send + Sync>;

/// Servers that do as they are told, call by call.
struct Servers {
    time: VirtualTime,
    script: Vec<(Does, Duration)>,
    sent: Mutex<Vec<(String, Duration)>>,
    on_send: OnSend,
}

impl Servers {
    fn new(time: &VirtualTime, script: Vec<(Does, Duration)>) -> Self {
        Self {
            time: time.clone(),
            script,
            sent: Mutex::default(),
            on_send: Box::new(|_| {}),
        }
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().expect("no panic");
        sent.iter().map(|(name, _)| name.clone()).collect()
    }
}

impl Transport for Servers {
    type Answer = String;

    async fn send(&self, target: &Target) -> Result<String, Error> {
        let number = {
            let mut sent = self.sent.lock().expect("no panic");
            sent.push((target.model_id.clone(), self.time.passed()));
            sent.len() - 1
        };
        (self.on_send)(number);
        let (does, after) = self.script[number % self.script.len()];
        self.time.clock().sleep(after).await;
        match does {
            Does::Answer => Ok(target.model_id.clone()),
            Does::Throttle => Err(refused("ThrottlingException", 429, "Too many tokens")),
            Does::Fail => Err(refused("ServiceUnavailableException", 503, "")),
            Does::Refuse => Err(refused("ValidationException", 400, "")),
            Does::Deny => Err(refused("AccessDeniedException", 403, "an explicit deny")),
        }
    }

    fn url(&self, _: &Target) -> String {
        "http://nowhere".into()
    }

    fn may_hedge(&self) -> bool {
        true
    }

    fn request_id(&self, _: &String) -> Option<String> {
        None
    }
}

fn target(name: &str, reach: Reach, options: &Options) -> Arc<Target> {
    Arc::new(Target {
        source: 0,
        region: REGIONS[0].into(),
        model_id: name.into(),
        base_model: None,
        reach,
        state: State::new(&options.breaker, &options.limits),
    })
}

fn everywhere(names: &[&str], options: &Options) -> Plan {
    Plan {
        targets: names
            .iter()
            .map(|name| target(name, Reach::Unknown, options))
            .collect(),
        ..Plan::default()
    }
}

fn core(time: &VirtualTime, options: Options, plan: Plan) -> Arc<Core> {
    let core = Core::new(options, time.clock(), Arc::default());
    core.set_plan(plan);
    Arc::new(core)
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        2 => Just(Does::Answer),
        1 => Just(Does::Throttle),
        1 => Just(Does::Fail),
        1 => Just(Does::Refuse),
        1 => Just(Does::Deny),
    ]
}

fn script() -> impl Strategy<Value = Vec<(Does, Duration)>> {
    let step = (does(), (0_u64..3000).prop_map(Duration::from_millis));
    prop::collection::vec(step, 1..20)
}

fn region_set() -> impl Strategy<Value = BTreeSet<String>> {
    prop::collection::btree_set(prop::sample::select(REGIONS.to_vec()), 1..5)
        .prop_map(|regions| regions.into_iter().map(String::from).collect())
}

fn reach() -> impl Strategy<Value = Reach> {
    prop_oneof![
        5 => region_set().prop_map(|regions| Reach::Regions(regions.into_iter().collect())),
        1 => Just(Reach::Global),
        1 => Just(Reach::Unknown),
    ]
}

proptest! {
    /// Nothing leaves for a target outside the residency of that moment, which may tighten while a call is under way.
    #[test]
    fn residency_holds_at_every_attempt(
        reaches in prop::collection::vec(reach(), 1..6),
        (first, then) in (region_set(), region_set()),
        tightens_at in 0_usize..4,
        script in script(),
    ) {
        let options = Options { pass_denied: true, ..Options::default() };
        let names: Vec<String> = (0..reaches.len()).map(|number| format!("t{number}")).collect();
        let targets: Vec<_> = names.iter().zip(&reaches)
            .map(|(name, reach)| target(name, reach.clone(), &options)).collect();
        let plan = |permitted: &BTreeSet<String>| Plan {
            targets: targets.clone(),
            permitted: Some(permitted.clone()),
            ..Plan::default()
        };
        let time = VirtualTime::default();
        let core = core(&time, options, plan(&first));
        let mut servers = Servers::new(&time, script);
        let (tightened, in_force) = (Arc::clone(&core), plan(&then));
        servers.on_send = Box::new(move |number| {
            if number == tightens_at {
                tightened.set_plan(in_force.clone());
            }
        });
        for _ in 0..5 {
            let _ = time.run(core.run(&servers, None, 0.0));
        }
        for (number, name) in servers.sent().iter().enumerate() {
            let permitted = plan(if number <= tightens_at { &first } else { &then });
            let target = targets.iter().find(|target| &target.model_id == name).expect("a target");
            prop_assert!(permitted.permits(target), "{name} as number {number}");
        }
    }

    /// No call takes longer than its deadline by more than a tick.
    #[test]
    fn deadlines_hold(script in script(), total in 1_u64..5000, hedged in any::<bool>()) {
        let total = Duration::from_millis(total);
        let hedge = Hedge { after: Duration::from_millis(100), share: 1.0 };
        let options = Options { total: Some(total), hedge: hedged.then_some(hedge), ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1", "t2"], &options);
        let core = core(&time, options, plan);
        let servers = Servers::new(&time, script);
        for _ in 0..5 {
            let before = time.passed();
            let _ = time.run(core.run(&servers, None, 0.0));
            prop_assert!(time.passed() <= before + total + Duration::from_millis(1));
        }
    }

    /// All retries together cost no more than the bucket holds and successes bring in.
    #[test]
    fn retries_stay_within_the_budget(script in script(), capacity in 0_u32..60) {
        let options = Options { retry_budget: capacity, ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1", "t2"], &options);
        let core = core(&time, options, plan);
        let servers = Servers::new(&time, script);
        let (mut successes, calls) = (0, 20);
        for _ in 0..calls {
            successes += u32::from(time.run(core.run(&servers, None, 0.0)).is_ok());
            prop_assert!(core.budget.left() <= capacity);
        }
        let retries = u32::try_from(servers.sent().len()).expect("few") - calls;
        // The cheapest retry takes 5 tokens, and a success gives back 14 at most.
        prop_assert!(retries * 5 <= capacity + successes * 14);
    }

    /// Whatever happens, all room that was taken is given back.
    #[test]
    fn room_is_given_back(script in script(), total in 1_u64..3000) {
        let limits = Limits {
            concurrency: Some(Concurrency::Fixed(2)),
            tokens_per_minute: Some(10_000),
            longest_wait: Some(Duration::from_secs(5)),
        };
        let options = Options { limits, total: Some(Duration::from_millis(total)), ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1"], &options);
        let core = core(&time, options, plan);
        let servers = Arc::new(Servers::new(&time, script));
        time.run(async {
            let calls: Vec<_> = (0..12).map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                tokio::spawn(async move { core.run(&*servers, None, 500.0).await.is_ok() })
            }).collect();
            for call in calls {
                call.await.expect("no panic");
            }
        });
        for target in &core.plan().targets {
            prop_assert_eq!(target.state.limiter.load(core.clock.now()).0, 0);
        }
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[test]
fn a_late_stream_is_hedged_and_the_loser_cancelled() {
    let hedge = Hedge {
        after: seconds(0.5),
        share: 1.0,
    };
    let options = Options {
        hedge: Some(hedge),
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(
        &time,
        vec![(Does::Answer, seconds(9.0)), (Does::Answer, seconds(0.2))],
    );
    let routed = time.run(core.run(&servers, None, 0.0)).expect("an answer");
    assert_eq!(routed.answer, "t1");
    assert_eq!(time.passed(), seconds(0.7));
    let errors: Vec<_> = routed
        .record
        .attempts
        .iter()
        .map(|it| it.error.as_deref())
        .collect();
    assert_eq!(errors, [Some("Cancelled"), None]);
    assert!(routed.record.hedged);
    // A call that was cancelled says nothing of its target.
    let health = core.plan().targets[0]
        .state
        .breaker
        .health(core.clock.now());
    assert_eq!((health.calls, health.phase), (0, Phase::Closed));
}

#[test]
fn hedges_stay_within_their_share() {
    let hedge = Hedge {
        after: seconds(0.1),
        share: 0.05,
    };
    let options = Options {
        hedge: Some(hedge),
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(1.0))]);
    for _ in 0..200 {
        time.run(core.run(&servers, None, 0.0)).expect("an answer");
    }
    assert_eq!(servers.sent().len(), 210);
}

#[test]
fn a_call_that_finds_no_room_waits_and_then_goes() {
    let limits = Limits {
        tokens_per_minute: Some(6000),
        longest_wait: Some(seconds(30.0)),
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(1.0))]);
    time.run(core.run(&servers, None, 6000.0))
        .expect("an answer")
        .held
        .release(Some(6000.0), false);
    let routed = time
        .run(core.run(&servers, None, 2000.0))
        .expect("an answer");
    assert!((19.0..21.0).contains(&routed.record.waited.as_secs_f64()));
    drop(routed);
    // And sheds what could not go in time, at once.
    let before = time.passed();
    let error = time
        .run(core.run(&servers, None, 6000.0))
        .expect_err("no room");
    assert!(matches!(error, Error::Overloaded { .. }), "{error}");
    assert_eq!(time.passed(), before);
}

#[test]
fn the_earliest_deadline_goes_first() {
    let limits = Limits {
        concurrency: Some(Concurrency::Fixed(1)),
        ..Limits::default()
    };
    let time = VirtualTime::default();
    let with = |total: f64| Options {
        limits,
        total: Some(seconds(total)),
        ..Options::default()
    };
    let state = State::new(&with(1.0).breaker, &limits);
    let core = core(&time, with(100.0), Plan::default());
    let first = Arc::new(Target {
        state,
        ..Target::clone(&target("t0", Reach::Unknown, &with(1.0)))
    });
    core.set_plan(Plan {
        targets: vec![first],
        ..Plan::default()
    });
    let order = Arc::new(Mutex::new(vec![]));
    let servers = Arc::new(Servers::new(&time, vec![(Does::Answer, seconds(1.0))]));
    time.run(async {
        let mut calls = vec![];
        for number in 0..4 {
            let (core, servers, order) =
                (Arc::clone(&core), Arc::clone(&servers), Arc::clone(&order));
            calls.push(tokio::spawn(async move {
                core.run(&*servers, None, 0.0).await.expect("an answer");
                order.lock().expect("no panic").push(number);
            }));
        }
        for call in calls {
            call.await.expect("no panic");
        }
    });
    assert_eq!(*order.lock().expect("no panic"), [0, 1, 2, 3]);
}
