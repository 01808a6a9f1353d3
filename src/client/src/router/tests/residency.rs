//! Nothing leaves for a target outside the residency of that moment, whatever the catalogue, the policy, the options and
//! the failures. What fits is said here once more, in other words than the router's.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    super::{
        breaker::Phase,
        options::{BreakerOptions, Concurrency, Hedge, Limits},
    },
    *,
};

const REGIONS: [&str; 5] = ["a-1", "b-1", "c-1", "d-1", "e-1"];

type Regions = BTreeSet<String>;

/// What is known of a target: its source, and where it leads.
type Known = (String, Reach);

/// A catalogue and a policy.
#[derive(Clone, Debug)]
struct World {
    targets: Vec<Known>,
    permitted: Regions,
}

impl World {
    fn fits(&self, number: usize) -> bool {
        let Some((source, Reach::Regions(destinations))) = self.targets.get(number) else {
            return false;
        };
        let mut reached: Regions = destinations.iter().cloned().collect();
        reached.insert(source.clone());
        reached.difference(&self.permitted).next().is_none()
    }

    /// The plan, with the states that targets keep from one catalogue to the next.
    fn plan(&self, states: &[Arc<State>]) -> Plan {
        let target = |(number, (region, reach)): (usize, &Known)| {
            Arc::new(Target {
                source: 0,
                region: region.clone(),
                model_id: number.to_string(),
                base_model: None,
                reach: reach.clone(),
                state: Arc::clone(&states[number]),
            })
        };
        Plan {
            targets: self.targets.iter().enumerate().map(target).collect(),
            permitted: Some(self.permitted.clone()),
            ..Plan::default()
        }
    }
}

fn region() -> impl Strategy<Value = String> {
    prop::sample::select(REGIONS.to_vec()).prop_map(String::from)
}

fn regions() -> impl Strategy<Value = Regions> {
    prop::collection::btree_set(region(), 1..5)
}

fn known() -> impl Strategy<Value = Known> {
    let reach = prop_oneof![
        5 => regions().prop_map(|regions| Reach::Regions(regions.into_iter().collect())),
        1 => Just(Reach::Global),
        1 => Just(Reach::Unknown),
    ];
    (region(), reach)
}

fn world() -> impl Strategy<Value = World> {
    // Mostly wide policies: a narrow one lets nothing leave, and then there is nothing to see.
    let permitted = prop::collection::btree_set(region(), 3..6);
    (prop::collection::vec(known(), 1..6), permitted)
        .prop_map(|(targets, permitted)| World { targets, permitted })
}

fn options() -> impl Strategy<Value = Options> {
    let hedge = prop::option::of((1_u64..1000).prop_map(|after| Hedge {
        after: Duration::from_millis(after),
        share: 1.0,
    }));
    let concurrency = prop::option::of((1_u32..3).prop_map(Concurrency::Fixed));
    let tokens = prop::option::of(1000_u64..5000);
    (hedge, concurrency, tokens, 1_u32..6, 1_u32..12).prop_map(
        |(hedge, concurrency, tokens_per_minute, consecutive_failures, max_attempts)| Options {
            max_attempts: Some(max_attempts),
            pass_denied: true,
            hedge,
            limits: Limits {
                concurrency,
                tokens_per_minute,
                longest_wait: Some(seconds(20.0)),
                burndown_rate: None,
            },
            breaker: BreakerOptions {
                consecutive_failures,
                ..BreakerOptions::default()
            },
            ..Options::default()
        },
    )
}

/// When the second world begins: with a request, or at a time, such as in a back-off or while a call waits for room.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Request(usize),
    Time(Duration),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        (0_usize..8).prop_map(Turn::Request),
        (0_u64..6000).prop_map(|at| Turn::Time(Duration::from_millis(at))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_leaves_for_a_target_outside(
        (before, after) in (world(), world()),
        turn in turn(),
        options in options(),
        forced in prop::option::of(0_usize..6),
        script in script(),
    ) {
        let most = before.targets.len().max(after.targets.len());
        let states: Vec<_> = (0..most).map(|_| State::new(&options.breaker, &options.limits)).collect();
        if let Some(state) = forced.and_then(|number| states.get(number)) {
            state.breaker.force(Some(Phase::Open));
        }
        let time = VirtualTime::default();
        let core = core(&time, options, before.plan(&states));
        let turned = Arc::new(AtomicBool::new(false));
        let change = {
            let (core, turned, plan) = (Arc::clone(&core), Arc::clone(&turned), after.plan(&states));
            move || {
                core.set_plan(plan.clone());
                turned.store(true, Ordering::Relaxed);
            }
        };
        let mut servers = Servers::new(&time, script);
        servers.on_send = {
            let (turned, change) = (Arc::clone(&turned), change.clone());
            let (before, after) = (before.clone(), after.clone());
            Box::new(move |number, target| {
                let (world, when) = if turned.load(Ordering::Relaxed) { (&after, "after") } else { (&before, "before") };
                let fits = world.fits(target.model_id.parse().expect("a number"));
                assert!(fits, "request {number} left for target {} {when} the change", target.model_id);
                if matches!(turn, Turn::Request(it) if it == number) {
                    change();
                }
            })
        };
        let servers = Arc::new(servers);
        time.run(async {
            let clock = time.clock();
            if let Turn::Time(at) = turn {
                tokio::spawn(async move {
                    clock.sleep(at).await;
                    change();
                });
            }
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..3 {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                calls.spawn(async move {
                    for _ in 0..4 {
                        let _ = core.run(&*servers, None, 500.0).await;
                    }
                });
            }
            let clock = time.clock();
            let all = async {
                while let Some(call) = calls.join_next().await {
                    call.expect("nothing leaves for a target outside");
                }
            };
            tokio::select! {
                () = all => {}
                () = clock.sleep(Duration::from_hours(1)) => panic!("a call goes on for ever"),
            }
        });
    }
}
