//! Several models: the next is asked when the one before has no target left that may be called now.

use super::*;
use crate::router::{
    breaker::Phase,
    options::{Concurrency, Hedge, Limits},
};

/// A target of the model of that number, in a source of that number.
fn of_model(name: &str, (number, source): (usize, usize), options: &Options) -> Arc<Target> {
    Arc::new(Target {
        source: super::source(source, "a-1"),
        base_model: Some(format!("model {number}")),
        chosen: Chosen {
            number,
            ..Chosen::default()
        },
        ..(*target(name, Reach::Regions(vec!["a-1".into()]), options)).clone()
    })
}

/// Two models, each in two sources.
fn two(options: &Options) -> Plan {
    let places = [
        ("a0", (0, 0)),
        ("a1", (0, 1)),
        ("b0", (1, 0)),
        ("b1", (1, 1)),
    ];
    let targets = places.map(|(name, place)| of_model(name, place, options));
    let names = [("a", 0), ("b", 1)].map(|(name, number)| (name.to_owned(), number));
    Plan {
        targets: targets.into(),
        names: names.into(),
    }
}

/// A request that is for these targets alone, sent to servers that do as they are told.
struct Meant<'a>(&'a Servers, fn(&str) -> bool);

impl Transport for Meant<'_> {
    type Answer = String;

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        assert!(
            (self.1)(&permit.target().model_id),
            "it is not meant for that"
        );
        self.0.send(permit).await
    }

    fn misfit(&self, own: Option<&str>, target: &Target) -> Option<String> {
        assert_eq!(own, Some("model 0"));
        (!(self.1)(&target.model_id)).then(|| "it is not meant for it".into())
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

fn played(script: &[Does], named: Option<&str>) -> (Result<String, Error>, Vec<String>) {
    let (options, time) = (Options::default(), VirtualTime::default());
    let core = core(&time, options.clone(), two(&options));
    let script = script.iter().map(|does| (*does, seconds(0.1))).collect();
    let servers = Servers::new(&time, script);
    let outcome = time.run(core.run(&servers, named, 0.0));
    (outcome.map(|routed| routed.answer), servers.sent())
}

#[test]
fn the_next_model_is_asked_when_all_of_the_first_have_failed_once() {
    use Does::{Answer, Fail, Throttle};
    let (answer, sent) = played(&[Throttle, Fail, Answer], None);
    assert_eq!(answer.expect("an answer"), "b0");
    assert_eq!(sent, ["a0", "a1", "b0"]);
}

#[test]
fn an_error_of_the_request_is_none_that_another_model_cures() {
    let (answer, sent) = played(&[Does::Refuse, Does::Answer], None);
    assert!(answer.is_err());
    assert_eq!(sent, ["a0"]);
}

#[test]
fn a_call_that_names_a_next_model_begins_there_and_never_goes_back() {
    let (answer, sent) = played(&[Does::Answer], Some("b"));
    assert_eq!(
        (answer.expect("an answer").as_str(), sent),
        ("b0", vec!["b0".to_owned()])
    );
    let (answer, sent) = played(&[Does::Fail], Some("b"));
    assert!(answer.is_err());
    assert!(sent.iter().all(|it| it.starts_with('b')), "{sent:?}");
}

#[test]
fn breakers_that_are_open_leave_the_next_model() {
    let (options, time) = (Options::default(), VirtualTime::default());
    let core = core(&time, options.clone(), two(&options));
    for target in &core.plan().targets[..2] {
        open_for_long(&core, target);
    }
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(0.1))]);
    let routed = time.run(core.run(&servers, None, 0.0)).expect("an answer");
    assert_eq!(routed.answer, "b0");
    assert!(routed.record.passed_over.is_empty());
}

#[test]
fn limits_that_are_used_up_leave_the_next_model_at_once() {
    let options = Options {
        limits: Limits {
            concurrency: Some(Concurrency::Fixed(1)),
            ..Limits::default()
        },
        ..Options::default()
    };
    let time = VirtualTime::default();
    let core = core(&time, options.clone(), two(&options));
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(1.0))]);
    let all = async {
        tokio::join!(
            core.run(&servers, None, 0.0),
            core.run(&servers, None, 0.0),
            core.run(&servers, None, 0.0)
        )
    };
    let (_one, _two, three) = time.run(all);
    let record = three.expect("an answer").record;
    assert_eq!(record.waited, Duration::ZERO);
    assert_eq!(servers.sent(), ["a0", "a1", "b0"]);
}

#[test]
fn a_request_passes_models_over_that_it_is_not_for_and_the_record_says_so() {
    let (options, time) = (Options::default(), VirtualTime::default());
    let mut plan = two(&options);
    plan.targets.push(of_model("c0", (2, 0), &options));
    let core = core(&time, options, plan);
    let script = [Does::Throttle, Does::Throttle, Does::Answer];
    let script = script.map(|does| (does, seconds(0.1))).into();
    let servers = Servers::new(&time, script);
    let meant = Meant(&servers, |name| !name.starts_with('b'));
    let routed = time.run(core.run(&meant, None, 0.0)).expect("an answer");
    assert_eq!(servers.sent(), ["a0", "a1", "c0"]);
    let passed_over: Vec<_> = routed
        .record
        .passed_over
        .iter()
        .map(|(target, why)| (target.model_id.as_str(), why.as_str()))
        .collect();
    assert_eq!(
        passed_over,
        [
            ("b0", "it is not meant for it"),
            ("b1", "it is not meant for it")
        ]
    );
}

#[test]
fn a_request_for_one_model_comes_back_to_it_and_fails_with_its_record() {
    let (options, time) = (Options::default(), VirtualTime::default());
    let core = core(&time, options.clone(), two(&options));
    let servers = Servers::new(&time, vec![(Does::Throttle, seconds(0.1))]);
    let meant = Meant(&servers, |name| name.starts_with('a'));
    let Err(Error::Routed { record, .. }) = time.run(core.run(&meant, None, 0.0)) else {
        panic!("all are throttled")
    };
    assert_eq!(servers.sent(), ["a0", "a1", "a0"]);
    assert_eq!(record.passed_over.len(), 2);
    // What the request itself has wrong has nothing to do with other models.
    let servers = Servers::new(&time, vec![(Does::Refuse, seconds(0.1))]);
    let meant = Meant(&servers, |name| name.starts_with('a'));
    let Err(Error::Routed { record, .. }) = time.run(core.run(&meant, None, 0.0)) else {
        panic!("it is refused")
    };
    assert!(record.passed_over.is_empty());
}

/// Servers that nobody reaches in source 0, and that refuse model 0 to this account in source 1.
struct Odd<'a>(&'a Servers);

impl Transport for Odd<'_> {
    type Answer = String;

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        let target = permit.target();
        let (number, source) = (target.chosen.number, target.source.number);
        self.0
            .sent
            .lock()
            .expect("no panic")
            .push((target.model_id.clone(), self.0.time.passed()));
        match (number, source) {
            (_, 0) => Err(Error::Connect {
                url: String::new(),
                reason: String::new(),
            }
            .into()),
            (0, _) => {
                let text = "You don't have access to the model with the specified model ID.";
                Err(refused("AccessDeniedException", 403, text).into())
            }
            _ => Ok(target.model_id.clone()),
        }
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
fn another_model_cures_a_denied_one_and_no_endpoint_that_was_not_reached() {
    let (options, time) = (Options::default(), VirtualTime::default());
    let core = core(&time, options.clone(), two(&options));
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(0.1))]);
    let routed = time
        .run(core.run(&Odd(&servers), None, 0.0))
        .expect("an answer");
    assert_eq!(routed.answer, "b1");
    assert_eq!(servers.sent(), ["a0", "a1", "b1"]);
    // Without a model behind it, such an error is the caller's.
    let mut one = two(&options);
    one.targets.truncate(2);
    core.set_plan(one);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(0.1))]);
    let error = time
        .run(core.run(&Odd(&servers), None, 0.0))
        .expect_err("denied");
    assert!(error.to_string().contains("access to the model"), "{error}");
}

#[test]
fn which_of_two_models_answers_is_no_matter_of_a_hedge() {
    let options = Options {
        hedge: Some(Hedge {
            after: seconds(0.5),
            share: 1.0,
        }),
        ..Options::default()
    };
    let time = VirtualTime::default();
    let mut plan = two(&options);
    plan.targets.remove(1);
    let core = core(&time, options, plan);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(2.0))]);
    let routed = time.run(core.run(&servers, None, 0.0)).expect("an answer");
    assert_eq!(
        (routed.answer.as_str(), routed.record.hedged),
        ("a0", false)
    );
    assert_eq!(servers.sent(), ["a0"]);
}

proptest! {
    /// Whatever the servers do and whichever breakers are open: a call is sent to no target twice before all others that it
    /// may go to, to no model before another that has a target left, and nowhere that it is not meant for.
    #[test]
    fn models_are_asked_in_their_order(
        script in script(),
        open in prop::collection::vec(any::<bool>(), 4),
        next in any::<bool>(),
    ) {
        let (options, time) = (Options::default(), VirtualTime::default());
        let core = core(&time, options.clone(), two(&options));
        for (target, open) in core.plan().targets.iter().zip(&open) {
            if *open {
                target.state.force(Some(Phase::Open));
            }
        }
        let servers = Servers::new(&time, script);
        let all: fn(&str) -> bool = |_| true;
        let first: fn(&str) -> bool = |name| name.starts_with('a');
        let is_meant = if next { all } else { first };
        let _ = time.run(core.run(&Meant(&servers, is_meant), None, 0.0));
        let names = ["a0", "a1", "b0", "b1"];
        let may: Vec<&str> = names
            .into_iter()
            .zip(open)
            .filter(|(name, open)| !open && is_meant(name))
            .map(|(name, _)| name)
            .collect();
        let sent = servers.sent();
        // Those that refuse for good are not asked again, so rounds get shorter.
        let round = sent.len().min(may.len());
        prop_assert_eq!(&sent[..round], &may[..round]);
        prop_assert!(sent.iter().all(|name| may.contains(&name.as_str())));
    }
}
