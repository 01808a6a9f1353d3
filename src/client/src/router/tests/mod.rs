//! Routers before servers that do as they are told, played in virtual time.

mod accounts;
mod affinity;
mod answers;
mod bounds;
mod hedging;
mod lines;
mod models;
mod residency;
mod signing;
mod waiting;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use proptest::prelude::*;

use super::{
    breaker::Outcome,
    core::Core,
    facts::Fact,
    failover::{Lost, Transport},
    options::Options,
    permit::{Permit, Residency, Verdict},
    source::Source,
    state::State,
    target::{Chosen, Plan, Reach, Target},
    terms::Terms,
    virtual_time::VirtualTime,
};
use crate::{
    account::Account,
    error::{Error, ServiceError},
};

/// What a target does with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Answer,
    Throttle,
    Fail,
    Refuse,
    Deny,
    /// The keys are none of anybody's.
    Disown,
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

type OnSend = Box<dyn Fn(usize, &Target) + Send + Sync>;

/// Servers that do as they are told, call by call.
struct Servers {
    time: VirtualTime,
    script: Vec<(Does, Duration)>,
    sent: Mutex<Vec<(String, Duration)>>,
    on_send: OnSend,
    /// Calls under way, and the most there were, by target.
    busy: Mutex<BTreeMap<String, (u32, u32)>>,
    verdict: Option<Arc<Verdict>>,
    guardrail: Option<String>,
}

impl Servers {
    fn new(time: &VirtualTime, script: Vec<(Does, Duration)>) -> Self {
        Self {
            time: time.clone(),
            script,
            sent: Mutex::default(),
            on_send: Box::new(|_, _| {}),
            busy: Mutex::default(),
            verdict: None,
            guardrail: None,
        }
    }

    /// The most calls that were under way at once to one target.
    fn most(&self) -> u32 {
        let busy = self.busy.lock().expect("no panic");
        busy.values().map(|(_, most)| *most).max().unwrap_or(0)
    }

    fn begin(&self, target: &Target) -> Busy<'_> {
        let mut busy = self.busy.lock().expect("no panic");
        let (now, most) = busy.entry(target.model_id.clone()).or_default();
        *now += 1;
        *most = (*most).max(*now);
        Busy(self, target.model_id.clone())
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().expect("no panic");
        sent.iter().map(|(name, _)| name.clone()).collect()
    }
}

struct Busy<'a>(&'a Servers, String);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut busy = self.0.busy.lock().expect("no panic");
        busy.get_mut(&self.1).expect("it began").0 -= 1;
    }
}

impl Transport for Servers {
    type Answer = String;

    fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.verdict.as_ref()
    }

    fn guardrails(&self) -> Vec<String> {
        self.guardrail.iter().cloned().collect()
    }

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        let target = permit.target();
        let number = {
            let mut sent = self.sent.lock().expect("no panic");
            sent.push((target.model_id.clone(), self.time.passed()));
            sent.len() - 1
        };
        (self.on_send)(number, target);
        let _busy = self.begin(target);
        let (does, after) = self.script[number % self.script.len()];
        self.time.clock().sleep(after).await;
        match does {
            Does::Answer => Ok(target.model_id.clone()),
            Does::Throttle => Err(refused("ThrottlingException", 429, "Too many tokens").into()),
            Does::Fail => Err(refused("ServiceUnavailableException", 503, "").into()),
            Does::Refuse => Err(refused("ValidationException", 400, "").into()),
            Does::Deny => Err(refused("AccessDeniedException", 403, "an explicit deny").into()),
            Does::Disown => Err(refused("UnrecognizedClientException", 403, "no such key").into()),
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

fn source(number: usize, region: &str) -> Arc<Source> {
    Arc::new(Source {
        number,
        region: region.into(),
        ..Source::default()
    })
}

fn target(name: &str, reach: Reach, options: &Options) -> Arc<Target> {
    Arc::new(Target {
        source: source(0, "a-1"),
        account: Account::default(),
        rank: 0,
        model_id: name.into(),
        base_model: None,
        chosen: Chosen::default(),
        reach,
        fact: Fact::default(),
        terms: Terms::default(),
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
    let core = Core::new(options, Residency::Unlimited, time.clock(), Arc::default());
    core.set_plan(plan);
    Arc::new(core)
}

/// Opens a target's breaker for as long as a daily quota does.
fn open_for_long(core: &Core, target: &Target) {
    let breaker = &target.state.breaker;
    let (pass, _) = breaker.admit(core.clock.now());
    let outcome = Outcome::FailedForLong("its daily quota is used up".into());
    breaker.record(pass.expect("it is closed"), outcome, core.clock.now(), 0.5);
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        2 => Just(Does::Answer),
        1 => Just(Does::Throttle),
        1 => Just(Does::Fail),
        1 => Just(Does::Refuse),
        1 => Just(Does::Deny),
        1 => Just(Does::Disown),
    ]
}

fn script() -> impl Strategy<Value = Vec<(Does, Duration)>> {
    let step = (does(), (0_u64..3000).prop_map(Duration::from_millis));
    prop::collection::vec(step, 1..20)
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
