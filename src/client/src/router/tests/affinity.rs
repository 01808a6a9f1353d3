//! Conversations that stay where they were answered, and weights that share them out: what comes first is another matter
//! than what may be called.

use std::collections::BTreeSet;

use aws_credential_types::Credentials;

use super::{
    super::{
        breaker::Phase,
        conversation::{Affinity, Conversation},
        options::{Concurrency, Hedge, Limits},
        order::ordered,
        sticky::Affinity as Became,
        tenants::Tenants,
    },
    *,
};
use crate::signing::{Signer, Signers, Signing};

/// A call that is a turn of a conversation.
struct Turn<'a>(&'a Servers, Conversation);

impl Transport for Turn<'_> {
    type Answer = String;

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        self.0.send(permit).await
    }

    fn conversation(&self) -> Option<Conversation> {
        Some(self.1)
    }

    fn url(&self, target: &Target) -> String {
        self.0.url(target)
    }

    fn may_hedge(&self) -> bool {
        true
    }

    fn request_id(&self, answer: &String) -> Option<String> {
        self.0.request_id(answer)
    }
}

fn conversation(number: u32) -> Conversation {
    Conversation::keyed(&number.to_string(), Duration::from_mins(5))
}

fn sticking(options: Options) -> Options {
    Options {
        affinity: Some(Affinity::Key),
        ..options
    }
}

/// Says who answered and what became of the conversation.
async fn turn(core: &Arc<Core>, servers: &Servers, conversation: Conversation) -> (String, String) {
    let call = Turn(servers, conversation);
    let mut routed = core.run(&call, None, 0.0).await.expect("an answer");
    routed.held.release(None, false);
    let became = match routed.record.affinity {
        None => "none".into(),
        Some(Became::New) => "new".into(),
        Some(Became::Kept) => "kept".into(),
        Some(Became::Moved(from, why)) => format!("moved from {}: {why}", from.model_id),
    };
    (routed.answer, became)
}

fn answering(time: &VirtualTime) -> Servers {
    Servers::new(time, vec![(Does::Answer, seconds(0.1))])
}

fn said(answer: &str, became: &str) -> (String, String) {
    (answer.into(), became.into())
}

#[test]
fn a_conversation_stays_where_it_was_when_the_first_has_recovered() {
    let (options, time) = (sticking(Options::default()), VirtualTime::default());
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let servers = answering(&time);
    let first = Arc::clone(&core.plan().targets[0]);
    time.run(async {
        let (one, other) = (conversation(1), conversation(2));
        assert_eq!(turn(&core, &servers, one).await, said("t0", "new"));
        first.state.force(Some(Phase::Open));
        let moved = said("t1", "moved from t0: its breaker is open");
        assert_eq!(turn(&core, &servers, one).await, moved);
        first.state.force(None);
        // Each turn keeps it there for as long as the prompt cache keeps it.
        for _ in 0..3 {
            core.clock.sleep(Duration::from_mins(4)).await;
            assert_eq!(turn(&core, &servers, one).await, said("t1", "kept"));
        }
        assert_eq!(turn(&core, &servers, other).await, said("t0", "new"));
        core.clock.sleep(Duration::from_mins(5)).await;
        assert_eq!(turn(&core, &servers, one).await, said("t0", "new"));
        assert_eq!(core.conversations(), [3, 3, 1]);
    });
}

#[test]
fn one_that_fails_is_left_and_the_record_says_why() {
    let (options, time) = (sticking(Options::default()), VirtualTime::default());
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let script = [
        (Does::Answer, seconds(0.1)),
        (Does::Throttle, seconds(0.1)),
        (Does::Answer, seconds(0.1)),
        (Does::Answer, seconds(0.1)),
        (Does::Answer, seconds(0.1)),
    ];
    let servers = Servers::new(&time, script.to_vec());
    time.run(async {
        let it = conversation(1);
        turn(&core, &servers, it).await;
        let moved = said("t1", "moved from t0: it answered with ThrottlingException");
        assert_eq!(turn(&core, &servers, it).await, moved);
        assert_eq!(turn(&core, &servers, it).await, said("t1", "kept"));
        // It is none of the targets any more.
        core.set_plan(everywhere(&["t0", "t2"], &options));
        let gone = said("t0", "moved from t1: it is not among the targets any more");
        assert_eq!(turn(&core, &servers, it).await, gone);
    });
    assert_eq!(servers.sent(), ["t0", "t0", "t1", "t1", "t0"]);
}

#[test]
fn what_may_not_be_called_is_not_called_for_a_conversation_s_sake() {
    let (options, time) = (sticking(Options::default()), VirtualTime::default());
    let within = Residency::Within(["a-1".to_owned()].into());
    let core = Arc::new(Core::new(
        options.clone(),
        within,
        time.clock(),
        Arc::default(),
    ));
    let here = || Reach::Regions(vec!["a-1".into()]);
    let plan = |reach| Plan {
        targets: vec![
            target("t0", reach, &options),
            target("t1", here(), &options),
        ],
        ..Plan::default()
    };
    core.set_plan(plan(here()));
    let servers = answering(&time);
    time.run(async {
        turn(&core, &servers, conversation(1)).await;
        core.set_plan(plan(Reach::Regions(vec!["a-1".into(), "b-1".into()])));
        let why = "moved from t0: it may be served in b-1, outside the residency";
        assert_eq!(
            turn(&core, &servers, conversation(1)).await,
            said("t1", why)
        );
    });
}

fn one_at_a_time(longest_wait: f64) -> Options {
    sticking(Options {
        limits: Limits {
            concurrency: Some(Concurrency::Fixed(1)),
            longest_wait: Some(seconds(longest_wait)),
            ..Limits::default()
        },
        ..Options::default()
    })
}

#[test]
fn a_turn_waits_a_moment_for_room_where_its_conversation_is() {
    // How long the one before takes, how long a call may wait, and what becomes of it.
    for (busy, longest, (answer, became), waited) in [
        (0.5, 60.0, ("t0", "kept"), 0.5),
        (3.0, 60.0, ("t1", "moved from t0: it has no room"), 1.0),
        (0.5, 0.9, ("t1", "moved from t0: it has no room"), 0.0),
    ] {
        let (options, time) = (one_at_a_time(longest), VirtualTime::default());
        let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
        let first = answering(&time);
        let slow = Servers::new(&time, vec![(Does::Answer, seconds(busy))]);
        time.run(async {
            let it = conversation(1);
            turn(&core, &first, it).await;
            let other = conversation(2);
            let both = tokio::join!(turn(&core, &slow, other), async {
                let call = Turn(&first, it);
                let routed = core.run(&call, None, 0.0).await.expect("an answer");
                (routed.record.waited, routed.answer, routed.record.affinity)
            });
            let ((_, _), (waits, answered, affinity)) = both;
            assert_eq!(answered, answer);
            assert_eq!(matches!(affinity, Some(Became::Kept)), became == "kept");
            if let Some(Became::Moved(from, why)) = affinity {
                assert_eq!(format!("moved from {}: {why}", from.model_id), became);
            }
            assert_eq!(waits, seconds(waited));
        });
    }
}

#[test]
fn who_waits_for_his_conversation_s_target_keeps_nobody_from_the_others() {
    let (options, time) = (one_at_a_time(60.0), VirtualTime::default());
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let servers = answering(&time);
    let slow = Servers::new(&time, vec![(Does::Answer, seconds(0.9))]);
    time.run(async {
        turn(&core, &servers, conversation(1)).await;
        let later = async |conversation| {
            core.clock.sleep(seconds(0.1)).await;
            let began = core.clock.now();
            let answer = turn(&core, &servers, conversation).await;
            (answer, core.clock.now() - began)
        };
        let (_, stays, other) = tokio::join!(
            turn(&core, &slow, conversation(2)),
            later(conversation(1)),
            later(conversation(3)),
        );
        assert_eq!(stays.0, said("t0", "kept"));
        assert_eq!(other, (said("t1", "new"), seconds(0.1)));
    });
}

#[test]
fn a_hedge_that_wins_takes_the_conversation_along() {
    let options = sticking(Options {
        hedge: Some(Hedge {
            after: seconds(0.5),
            share: 1.0,
        }),
        ..Options::default()
    });
    let time = VirtualTime::default();
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let script = [0.1, 3.0, 0.1, 0.1].map(|after| (Does::Answer, seconds(after)));
    let servers = Servers::new(&time, script.to_vec());
    time.run(async {
        let it = conversation(1);
        turn(&core, &servers, it).await;
        let why = "moved from t0: it was late, and another answered first";
        assert_eq!(turn(&core, &servers, it).await, said("t1", why));
        assert_eq!(turn(&core, &servers, it).await, said("t1", "kept"));
    });
}

/// Two models, each in two sources.
fn two_models(options: &Options) -> Plan {
    let places = [("a0", 0, 0), ("a1", 0, 1), ("b0", 1, 0), ("b1", 1, 1)];
    let targets = places.map(|(name, model, number)| {
        Arc::new(Target {
            source: source(number, "a-1"),
            rank: model,
            chosen: Chosen {
                number: model,
                ..Chosen::default()
            },
            ..(*target(name, Reach::Unknown, options)).clone()
        })
    });
    Plan {
        targets: targets.into(),
        ..Plan::default()
    }
}

#[test]
fn the_model_before_comes_first_whatever_a_conversation_has_moved_to() {
    let (options, time) = (sticking(Options::default()), VirtualTime::default());
    let core = core(&time, options.clone(), two_models(&options));
    let servers = answering(&time);
    let force = |at: usize, phase| core.plan().targets[at].state.force(phase);
    time.run(async {
        let it = conversation(1);
        force(0, Some(Phase::Open));
        assert_eq!(turn(&core, &servers, it).await, said("a1", "new"));
        force(0, None);
        force(1, Some(Phase::Open));
        force(0, Some(Phase::Open));
        let moved = said("b0", "moved from a1: its breaker is open");
        assert_eq!(turn(&core, &servers, it).await, moved);
        assert_eq!(turn(&core, &servers, it).await, said("b0", "kept"));
        force(0, None);
        force(1, None);
        // Where it was with that model its prompt may be kept still.
        let back = said("a1", "moved from b0: a model before it may be called again");
        assert_eq!(turn(&core, &servers, it).await, back);
        assert_eq!(turn(&core, &servers, it).await, said("a1", "kept"));
    });
}

/// A turn whose call brings what signs it.
struct Signed<'a>(Turn<'a>, Signers);

impl Transport for Signed<'_> {
    type Answer = String;

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        self.0.send(permit).await
    }

    fn signers(&self) -> Option<&Signers> {
        Some(&self.1)
    }

    fn conversation(&self) -> Option<Conversation> {
        self.0.conversation()
    }

    fn url(&self, target: &Target) -> String {
        self.0.url(target)
    }

    fn may_hedge(&self) -> bool {
        false
    }

    fn request_id(&self, answer: &String) -> Option<String> {
        self.0.request_id(answer)
    }
}

#[test]
fn accounts_that_name_conversations_alike_do_not_meet() {
    let (options, time) = (sticking(Options::default()), VirtualTime::default());
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let servers = answering(&time);
    let call = async |key: &str| {
        let keys = Credentials::new(key, "secret", None, None, "test");
        let signers = Signers::new(vec![Signing::By(Signer::Keys(keys))]);
        let call = Signed(Turn(&servers, conversation(1)), signers);
        let routed = core.run(&call, None, 0.0).await.expect("an answer");
        (
            routed.answer,
            matches!(routed.record.affinity, Some(Became::New)),
        )
    };
    time.run(async {
        core.plan().targets[0].state.force(Some(Phase::Open));
        assert_eq!(call("AKIDONE").await, ("t1".into(), true));
        core.plan().targets[0].state.force(None);
        assert_eq!(call("AKIDTWO").await, ("t0".into(), true));
        assert_eq!(call("AKIDONE").await, ("t1".into(), false));
    });
}

#[test]
fn without_affinity_a_conversation_has_no_place() {
    let (options, time) = (Options::default(), VirtualTime::default());
    let core = core(&time, options.clone(), everywhere(&["t0", "t1"], &options));
    let servers = answering(&time);
    time.run(async {
        let it = Conversation {
            stays: false,
            ..conversation(1)
        };
        assert_eq!(turn(&core, &servers, it).await, said("t0", "none"));
    });
    assert_eq!(core.conversations(), [0, 0, 0]);
}

/// Sources of one Region with these weights.
fn weighted(weights: &[Option<f64>], options: &Options) -> Plan {
    let targets = weights.iter().enumerate().map(|(number, weight)| {
        let name = format!("t{number}");
        Arc::new(Target {
            source: Arc::new(Source {
                nth: number,
                weight: *weight,
                ..Source::clone(&source(number, "a-1"))
            }),
            ..(*target(&name, Reach::Unknown, options)).clone()
        })
    });
    Plan {
        targets: targets.collect(),
        ..Plan::default()
    }
}

/// The order for a conversation that is nowhere yet.
fn order(core: &Core, plan: &Plan, conversation: Conversation) -> Vec<String> {
    let sticky = core.sticky(conversation, &Tenants::default(), core.clock.now());
    let targets = ordered(plan, &sticky).targets;
    targets.iter().map(|it| it.model_id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Shares are what the weights say, whoever cannot be called; and nobody moves for another's sake.
    #[test]
    fn weights_are_shares_and_what_goes_moves_nobody_else(
        weights in prop::collection::vec(prop_oneof![3 => 1.0..10.0_f64, 1 => Just(0.0)], 2..5),
        gone in 0_usize..5,
    ) {
        prop_assume!(weights.iter().any(|it| *it > 0.0));
        let (options, time) = (Options { weighted: true, ..Options::default() }, VirtualTime::default());
        let given: Vec<_> = weights.iter().copied().map(Some).collect();
        let plan = weighted(&given, &options);
        let core = core(&time, options, plan.clone());
        let gone = format!("t{}", gone % weights.len());
        let mut left = plan.clone();
        left.targets.retain(|it| it.model_id != gone);
        let (mut firsts, calls) = (BTreeMap::<String, u32>::new(), 3000);
        for number in 0..calls {
            let all = order(&core, &plan, conversation(number));
            prop_assert_eq!(&all, &order(&core, &plan, conversation(number)));
            let without: Vec<_> = all.iter().filter(|it| **it != gone).cloned().collect();
            prop_assert_eq!(without, order(&core, &left, conversation(number)));
            *firsts.entry(all[0].clone()).or_default() += 1;
        }
        let sum: f64 = weights.iter().sum();
        for (number, weight) in weights.iter().enumerate() {
            let got = f64::from(firsts.get(&format!("t{number}")).copied().unwrap_or(0));
            let (share, calls) = (weight / sum, f64::from(calls));
            // Five deviations: one of millions of cases misses it, and these are the same each time but for the weights.
            let slack = 5.0 * (share * (1.0 - share) * calls).sqrt();
            prop_assert!((got - share * calls).abs() <= slack, "{got} of {calls} for {share}");
        }
    }
}

proptest! {
    /// The order is one of the same targets, whatever weights and conversations are: models as they were named, and without
    /// either as the user has them.
    #[test]
    fn an_order_leaves_nothing_out_and_adds_nothing(
        sources in prop::collection::vec((0_usize..3, 0_usize..3, prop::option::of(0.0..5.0_f64)), 1..9),
        is_at in prop::collection::vec(0_usize..9, 0..3),
        number in any::<u32>(),
    ) {
        let (options, time) = (sticking(Options::default()), VirtualTime::default());
        let mut plan = weighted(&sources.iter().map(|it| it.2).collect::<Vec<_>>(), &options);
        plan.targets = plan.targets.iter().zip(&sources).map(|(target, (model, rank, _))| {
            let chosen = Chosen { number: *model, ..Chosen::default() };
            Arc::new(Target { rank: model * 3 + rank, chosen, ..(**target).clone() })
        }).collect();
        plan.targets.sort_by_key(|it| it.rank);
        let core = core(&time, options, plan.clone());
        let (it, key) = (conversation(number), (conversation(number).id, None));
        let at: Vec<_> = is_at.iter().map(|at| &plan.targets[at % plan.targets.len()]).collect();
        for target in &at {
            core.assignments.put(key, &it, target, core.clock.now());
        }
        let sticky = core.sticky(it, &Tenants::default(), core.clock.now());
        let found = ordered(&plan, &sticky).targets;
        let names = |all: &[Arc<Target>]| -> BTreeSet<String> { all.iter().map(|it| it.model_id.clone()).collect() };
        prop_assert_eq!(found.len(), plan.targets.len());
        prop_assert_eq!(names(&found), names(&plan.targets));
        prop_assert!(found.is_sorted_by_key(|it| it.chosen.number));
        // Behind where a conversation is, ranks are as they were; and what has no weight of its own is tried last of all.
        let rest: Vec<_> = found.iter().filter(|it| !sticky.is_at(it)).collect();
        prop_assert!(rest.is_sorted_by_key(|it| it.rank));
        for pair in rest.windows(2) {
            let [one, other] = [&pair[0], &pair[1]].map(|it| it.source.weight);
            prop_assert!(pair[0].rank != pair[1].rank || one != Some(0.0) || other == Some(0.0));
        }
        if let Some(last) = at.last() {
            let first = found.iter().find(|it| it.chosen.number == last.chosen.number);
            prop_assert!(first.is_some_and(|it| it.model_id == last.model_id));
        }
        if sources.iter().all(|it| it.2.is_none()) && at.is_empty() {
            let given: Vec<_> = plan.targets.iter().map(|it| &it.model_id).collect();
            prop_assert_eq!(found.iter().map(|it| &it.model_id).collect::<Vec<_>>(), given);
        }
    }
}
