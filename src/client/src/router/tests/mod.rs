//! Routers before servers that do as they are told, played in virtual time.

mod bounds;
mod hedging;
mod residency;
mod waiting;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use proptest::prelude::*;

use super::{
    core::Core,
    failover::{Lost, Transport},
    options::Options,
    state::State,
    target::{Plan, Reach, Target},
    virtual_time::VirtualTime,
};
use crate::error::{Error, ServiceError};

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

type OnSend = Box<dyn Fn(usize, &Target) + Send + Sync>;

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
            on_send: Box::new(|_, _| {}),
        }
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().expect("no panic");
        sent.iter().map(|(name, _)| name.clone()).collect()
    }
}

impl Transport for Servers {
    type Answer = String;

    async fn send(&self, target: &Target) -> Result<String, Lost> {
        let number = {
            let mut sent = self.sent.lock().expect("no panic");
            sent.push((target.model_id.clone(), self.time.passed()));
            sent.len() - 1
        };
        (self.on_send)(number, target);
        let (does, after) = self.script[number % self.script.len()];
        self.time.clock().sleep(after).await;
        match does {
            Does::Answer => Ok(target.model_id.clone()),
            Does::Throttle => Err(refused("ThrottlingException", 429, "Too many tokens").into()),
            Does::Fail => Err(refused("ServiceUnavailableException", 503, "").into()),
            Does::Refuse => Err(refused("ValidationException", 400, "").into()),
            Does::Deny => Err(refused("AccessDeniedException", 403, "an explicit deny").into()),
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
        region: "a-1".into(),
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

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
