//! Nothing leaves for a target outside the residency of that moment, whatever the catalogue, the policy, the options and
//! the failures. What fits is said here once more, in other words than the router's.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    super::{
        breaker::Phase,
        conversation::Conversation,
        facts::{Facts, Row},
        options::{BreakerOptions, Concurrency, Hedge, Limits},
        terms::{Conditions, Terms},
    },
    *,
};

const REGIONS: [&str; 5] = ["a-1", "b-1", "c-1", "d-1", "e-1"];

type Regions = BTreeSet<String>;

/// What is known of a target: its source, where it leads, its source's mode of data retention, and its weight.
type Known = (String, Reach, Option<&'static str>, Option<f64>);

/// A catalogue, as a list says it.
#[derive(Clone, Debug)]
struct World(Vec<Known>);

impl World {
    fn fits(&self, number: usize, permitted: &Regions, kept: bool) -> bool {
        let Some((source, Reach::Regions(destinations), mode, _)) = self.0.get(number) else {
            return false;
        };
        if kept && *mode != Some("none") {
            return false;
        }
        let mut reached: Regions = destinations.iter().cloned().collect();
        reached.insert(source.clone());
        reached.difference(permitted).next().is_none()
    }

    fn rows(&self) -> Vec<Row> {
        let row = |(number, (_, reach, ..)): (usize, &Known)| Row {
            place: number,
            model_id: number.to_string(),
            base_model: None,
            model: 0,
            refuses: [].into(),
            quota: None,
            reach: reach.clone(),
        };
        self.0.iter().enumerate().map(row).collect()
    }

    /// The plan of what is known, with the states that targets keep from one catalogue to the next.
    fn plan(&self, facts: &Facts, states: &[Arc<State>]) -> Plan {
        Plan::of(facts, |_, fact, row| Target {
            source: Arc::new(Source {
                weight: self.0[row.place].3,
                ..Source::clone(&source(0, &self.0[row.place].0))
            }),
            account: Account::default(),
            // Some are of one rank.
            rank: row.place / 2,
            model_id: row.model_id.clone(),
            base_model: None,
            chosen: Chosen::default(),
            reach: row.reach.clone(),
            fact,
            terms: Terms {
                retention: self.0[row.place].2.map(String::from),
                project: None,
            },
            state: Arc::clone(&states[row.place]),
        })
    }
}

/// A call to the servers, which sees that nothing but what it may leaves for them.
struct Watched<'a> {
    servers: &'a Servers,
    permitted: &'a Regions,
    kept: bool,
    verdict: Option<Arc<Verdict>>,
    conversation: Option<Conversation>,
    world: &'a (dyn Fn() -> (World, &'static str) + Sync),
}

impl Transport for Watched<'_> {
    type Answer = String;

    fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.verdict.as_ref()
    }

    fn conversation(&self) -> Option<Conversation> {
        self.conversation
    }

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        let target = permit.target();
        let (world, when) = (self.world)();
        let number = target.model_id.parse().expect("a number");
        let fits = world.fits(number, self.permitted, self.kept);
        assert!(fits, "a request left for target {number} {when} the change");
        let given = (permit.policy().1, permit.fact() == target.fact);
        assert_eq!(given, (self.verdict.as_deref(), true));
        self.servers.send(permit).await
    }

    fn url(&self, target: &Target) -> String {
        self.servers.url(target)
    }

    fn may_hedge(&self) -> bool {
        self.servers.may_hedge()
    }

    fn request_id(&self, answer: &String) -> Option<String> {
        self.servers.request_id(answer)
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
    let mode = prop_oneof![
        5 => Just(Some("none")),
        1 => Just(Some("provider_data_share")),
        1 => Just(None),
    ];
    (region(), reach, mode, prop::option::of(0.0..3.0_f64))
}

fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(known(), 1..6).prop_map(World)
}

/// Mostly wide policies: a narrow one lets nothing leave, and then there is nothing to see.
fn policy() -> impl Strategy<Value = Regions> {
    prop::collection::btree_set(region(), 3..6)
}

fn options() -> impl Strategy<Value = Options> {
    let hedge = prop::option::of((1_u64..1000).prop_map(|after| Hedge {
        after: Duration::from_millis(after),
        share: 1.0,
    }));
    let concurrency = prop::option::of((1_u32..3).prop_map(Concurrency::Fixed));
    let tokens = prop::option::of(1000_u64..5000);
    let modes = prop::option::of(Just(BTreeSet::from(["none".to_owned()])));
    (hedge, concurrency, tokens, modes, 1_u32..6, 1_u32..12).prop_map(
        |(hedge, concurrency, tokens_per_minute, retention, consecutive_failures, max_attempts)| {
            Options {
                conditions: Conditions {
                    retention,
                    ..Conditions::default()
                },
                max_attempts: Some(max_attempts),
                pass_denied: true,
                hedge,
                limits: Limits {
                    concurrency,
                    tokens_per_minute,
                    longest_wait: Some(seconds(20.0)),
                    burndown_rate: None,
                    ..Limits::default()
                },
                breaker: BreakerOptions {
                    consecutive_failures,
                    ..BreakerOptions::default()
                },
                ..Options::default()
            }
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
        // The second list is newer, or one that was asked for earlier and comes late.
        late in prop::bool::weighted(0.2),
        // Of a rule each call brings an answer of its own, of names all have the first.
        policies in prop::collection::vec(policy(), 3),
        by_rule in any::<bool>(),
        turn in turn(),
        options in options(),
        forced in prop::option::of(0_usize..6),
        script in script(),
        // Turns of how many conversations they are, if of any.
        conversations in 0_u8..3,
    ) {
        let most = before.0.len().max(after.0.len());
        let states: Vec<_> = (0..most).map(|_| State::new(&options.breaker, &options.limits)).collect();
        if let Some(state) = forced.and_then(|number| states.get(number)) {
            state.breaker.force(Some(Phase::Open));
        }
        let time = VirtualTime::default();
        let kept = options.conditions.retention.is_some();
        let residency = if by_rule { Residency::Asked } else { Residency::Within(policies[0].clone()) };
        let core = Arc::new(Core::new(options, residency, time.clock(), Arc::default()));
        let mut facts = Facts::default();
        facts.learn(0, Fact { list: 0, number: 2 }, before.rows());
        core.set_plan(before.plan(&facts, &states));
        let turned = Arc::new(AtomicBool::new(false));
        let change = {
            let (core, turned, after) = (Arc::clone(&core), Arc::clone(&turned), after.clone());
            move || {
                let mut facts = facts.clone();
                let number = if late { 1 } else { 3 };
                if facts.learn(0, Fact { list: 0, number }, after.rows()) {
                    core.set_plan(after.plan(&facts, &states));
                }
                turned.store(!late, Ordering::Relaxed);
            }
        };
        let mut servers = Servers::new(&time, script);
        servers.on_send = {
            let change = change.clone();
            Box::new(move |number, _| {
                if matches!(turn, Turn::Request(it) if it == number) {
                    change();
                }
            })
        };
        let servers = Arc::new(servers);
        let world = {
            let turned = Arc::clone(&turned);
            Arc::new(move || if turned.load(Ordering::Relaxed) {
                (after.clone(), "after")
            } else {
                (before.clone(), "before")
            })
        };
        time.run(async {
            let clock = time.clock();
            if let Turn::Time(at) = turn {
                tokio::spawn(async move {
                    clock.sleep(at).await;
                    change();
                });
            }
            let mut calls = tokio::task::JoinSet::new();
            for number in 0..3 {
                let (core, servers, world) = (Arc::clone(&core), Arc::clone(&servers), Arc::clone(&world));
                let permitted = policies[if by_rule { number } else { 0 }].clone();
                let verdict = by_rule.then(|| Arc::new(Verdict(permitted.clone())));
                calls.spawn(async move {
                    for turn in 0..4 {
                        let conversation = (conversations > 0).then(|| Conversation {
                            id: [turn % conversations; 32],
                            lifetime: Duration::from_mins(5),
                            stays: true,
                        });
                        let call = Watched {
                            conversation,
                            servers: &servers,
                            permitted: &permitted,
                            kept,
                            verdict: verdict.clone(),
                            world: &*world,
                        };
                        let _ = core.run(&call, None, 500.0).await;
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

    /// One rule for each word of the policy: what is refused is refused for the reason that is given.
    #[test]
    fn what_is_permitted_is_said_in_other_words(known in known(), permitted in policy(), by_rule in any::<bool>()) {
        let world = World(vec![known]);
        let options = Options::default();
        let states = [State::new(&options.breaker, &options.limits)];
        let mut facts = Facts::default();
        facts.learn(0, Fact::default(), world.rows());
        let plan = world.plan(&facts, &states);
        let (residency, verdict) = if by_rule {
            (Residency::Asked, Some(Verdict(permitted.clone())))
        } else {
            (Residency::Within(permitted.clone()), None)
        };
        let target = &plan.targets[0];
        prop_assert_eq!(residency.permits(verdict.as_ref(), target), world.fits(0, &permitted, false));
        prop_assert!(Residency::Unlimited.permits(None, target));
        prop_assert!(!Residency::Asked.permits(None, target));
        if !world.fits(0, &permitted, false) {
            let said = residency.refusal(verdict.as_ref(), target);
            let word = match &target.reach {
                Reach::Global => "global",
                Reach::Unknown => "not known",
                Reach::Regions(_) => "outside the residency",
            };
            prop_assert!(said.contains(word), "{}", said);
        }
    }
}

#[test]
fn a_call_without_an_answer_of_the_rule_goes_nowhere() {
    let options = Options::default();
    let time = VirtualTime::default();
    let core = Arc::new(Core::new(
        options.clone(),
        Residency::Asked,
        time.clock(),
        Arc::default(),
    ));
    let here = Reach::Regions(vec!["a-1".into()]);
    core.set_plan(Plan {
        targets: vec![target("t", here, &options)],
        ..Plan::default()
    });
    let mut servers = Servers::new(&time, vec![(Does::Answer, Duration::ZERO)]);
    let refused = time
        .run(core.run(&servers, None, 0.0))
        .expect_err("it is not permitted");
    assert!(
        refused
            .to_string()
            .contains("it may be served in a-1, outside the residency")
    );
    servers.verdict = Some(Arc::new(Verdict(Regions::from(["a-1".to_owned()]))));
    time.run(core.run(&servers, None, 0.0))
        .expect("it is permitted");
    assert_eq!(servers.sent(), ["t"]);
}

#[test]
fn no_destination_at_all_is_not_known_either() {
    let options = Options::default();
    let nowhere = target("t", Reach::Regions(vec![]), &options);
    let residency = Residency::Within(Regions::from(["a-1".to_owned()]));
    assert!(!residency.permits(None, &nowhere));
    assert_eq!(
        residency.refusal(None, &nowhere),
        "where it may be served is not known"
    );
}

#[test]
fn a_guardrail_of_a_region_outside_judges_nothing() {
    let within = |regions: &[&str]| regions.iter().map(|&it| it.to_owned()).collect::<Regions>();
    let options = Options::default();
    let here = Reach::Regions(vec!["a-1".into()]);
    for (residency, verdict) in [
        (Residency::Unlimited, None),
        (Residency::Within(within(&["a-1", "b-1"])), None),
        (Residency::Asked, Some(Verdict(within(&["a-1", "b-1"])))),
    ] {
        let time = VirtualTime::default();
        let limited = residency != Residency::Unlimited;
        let core = Core::new(options.clone(), residency, time.clock(), Arc::default());
        let core = Arc::new(core);
        core.set_plan(Plan {
            targets: vec![target("t", here.clone(), &options)],
            ..Plan::default()
        });
        let mut servers = Servers::new(&time, vec![(Does::Answer, Duration::ZERO)]);
        servers.verdict = verdict.map(Arc::new);
        servers.guardrail = Some("c-1".into());
        let outcome = time.run(core.run(&servers, None, 0.0));
        if limited {
            let said = outcome.expect_err("it is outside").to_string();
            assert!(
                said.contains("the guardrail is one of \"c-1\", outside the residency"),
                "{said}"
            );
        }
        servers.guardrail = Some("b-1".into());
        time.run(core.run(&servers, None, 0.0))
            .expect("it is inside");
        assert_eq!(servers.sent().len(), if limited { 1 } else { 2 });
    }
}

#[test]
fn a_source_is_what_was_demanded_of_it() {
    let modes = |modes: &[&str]| Some(modes.iter().map(|&it| it.to_owned()).collect());
    let projects = |projects: &[(usize, &str)]| {
        let projects = projects.iter();
        let projects = projects.map(|&(source, project)| (source, project.to_owned()));
        projects.collect()
    };
    let project = "arn:aws:bedrock:a-1:111111111111:project/proj_a";
    let profile = "arn:aws:bedrock:a-1:123456789012:application-inference-profile/abc";
    let cases = [
        (modes(&["none"]), projects(&[]), "t", Some("none"), None),
        (
            modes(&["none"]),
            projects(&[]),
            "t",
            Some("aws_review"),
            Some("data retention in a-1 is aws_review, and must be none"),
        ),
        (
            modes(&["none", "aws_review"]),
            projects(&[]),
            "t",
            None,
            Some("the mode of data retention in a-1 is not known, and must be aws_review or none"),
        ),
        (None, projects(&[(0, "proj_a")]), "t", None, None),
        (None, projects(&[(0, project)]), "t", None, None),
        (
            None,
            projects(&[(1, "proj_b")]),
            "t",
            None,
            Some("its source a-1 has no project, and others have"),
        ),
        (
            None,
            projects(&[(0, "proj_a")]),
            profile,
            None,
            Some("application profiles go in no project but the default one"),
        ),
        (None, projects(&[(0, "default")]), profile, None, None),
        (
            None,
            projects(&[(0, "arn:aws:bedrock:a-1:123456789012:project/default")]),
            profile,
            None,
            None,
        ),
    ];
    for (retention, projects, name, mode, refused) in cases {
        let options = Options {
            conditions: Conditions {
                retention,
                projects,
            },
            ..Options::default()
        };
        let time = VirtualTime::default();
        let core = Core::new(
            options.clone(),
            Residency::Unlimited,
            time.clock(),
            Arc::default(),
        );
        let core = Arc::new(core);
        let target = target(name, Reach::Unknown, &options);
        let terms = Terms {
            retention: mode.map(String::from),
            ..Terms::default()
        };
        core.set_plan(Plan {
            targets: vec![Arc::new(Target {
                terms,
                ..(*target).clone()
            })],
            ..Plan::default()
        });
        let servers = Servers::new(&time, vec![(Does::Answer, Duration::ZERO)]);
        let outcome = time.run(core.run(&servers, None, 0.0));
        match refused {
            None => assert!(outcome.is_ok()),
            Some(words) => {
                let said = outcome.expect_err("it is refused").to_string();
                assert!(said.contains(words), "{said}");
                assert!(servers.sent().is_empty());
            }
        }
    }
}

#[test]
fn whoever_chose_a_target_by_mistake_gets_no_permit() {
    let options = Options::default();
    let known = |reach, retention: Option<&str>| Target {
        terms: Terms {
            retention: retention.map(str::to_owned),
            project: None,
        },
        ..Target::clone(&target("us.model", reach, &options))
    };
    let inside = || Reach::Regions(vec!["a-1".into()]);
    let residency = Arc::new(Residency::Within(["a-1".to_owned()].into()));
    let conditions = Conditions {
        retention: Some(["none".to_owned()].into()),
        ..Conditions::default()
    };
    for (target, may) in [
        (known(inside(), Some("none")), true),
        (known(inside(), Some("default")), false),
        (known(inside(), None), false),
        (known(Reach::Unknown, Some("none")), false),
        (known(Reach::Global, Some("none")), false),
        (
            known(Reach::Regions(vec!["b-1".into()]), Some("none")),
            false,
        ),
    ] {
        let plan = Plan {
            targets: vec![Arc::new(target.clone())],
            ..Plan::default()
        };
        let permit = Permit::issue((&residency, &conditions), (None, None), &plan, &target);
        assert_eq!(permit.is_some(), may, "{target:?}");
        // Nor for what the plan does not have any more.
        let permit = Permit::issue(
            (&residency, &conditions),
            (None, None),
            &Plan::default(),
            &target,
        );
        assert!(permit.is_none());
    }
}
